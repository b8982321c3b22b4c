//! Labelled rows, as `veracity label` writes them, back from a file.

use crate::error::ReadError;
use crate::label::LabelledSentence;
use flate2::bufread::MultiGzDecoder;
use std::io::{BufRead, BufReader};

/// Reads rows, one JSON object a line, gzipped or not, giving each to `see`, or else why it is
/// none. Stops where the file itself cannot be read. `place` is the file's name in errors.
pub fn read_rows(
    place: &str,
    mut file: impl BufRead,
    mut see: impl FnMut(Result<LabelledSentence, ReadError>),
) -> Result<(), ReadError> {
    let io = |error| ReadError::Io { place: place.into(), error };
    let zipped = file.fill_buf().map_err(io)?.starts_with(&[0x1f, 0x8b]);
    let mut lines: Box<dyn BufRead + '_> =
        if zipped { Box::new(BufReader::new(MultiGzDecoder::new(file))) } else { Box::new(file) };
    let mut bytes = Vec::new();
    let mut line = 0;
    while lines.read_until(b'\n', &mut bytes).map_err(io)? > 0 {
        line += 1;
        if !bytes.trim_ascii().is_empty() {
            let row = serde_json::from_slice(&bytes).map_err(|error| ReadError::Row {
                place: place.into(),
                line,
                reason: format!("no labelled sentence: {error}"),
                hint: "give rows as `veracity label` writes them, one JSON object a line".into(),
            });
            see(row);
        }
        bytes.clear();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_row_is_named_and_the_others_are_read() {
        let good = r#"{"article":"a","sentence":0,"start":0,"end":2,"text":"No","label":"fact","confidence":0.5,"probabilities":{}}"#;
        let file = format!("{good}\n\n{{}}\n{good}\n");
        let mut found = Vec::new();
        read_rows("rows.jsonl", file.as_bytes(), |row| found.push(row.map_err(|e| e.to_string()))).unwrap();
        assert_eq!(found.len(), 3);
        assert!(found[0].is_ok() && found[2].is_ok());
        assert!(found[1].as_ref().is_err_and(|e| e.starts_with("rows.jsonl:3: no labelled sentence")), "{found:?}");
    }
}
