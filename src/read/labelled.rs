//! Labelled sentences, as `veracity label` writes them, back from a file.

use super::compress;
use super::peek::Bytes;
use crate::error::ReadError;
use crate::label::LabelledSentence;
use std::io::{self, BufReader};
use std::path::Path;

const HINT: &str = "give the rows that `veracity label FILE -o LABELLED.jsonl` writes, one JSON object a line";

/// The rows of a file, plain, gzip or zstd; `-` is standard input.
pub fn labelled_rows(path: &Path) -> Result<LabelledRows, ReadError> {
    if path.as_os_str() == "-" {
        return LabelledRows::new(Box::new(BufReader::new(io::stdin())), "<stdin>".into());
    }
    let place = path.display().to_string();
    match compress::open(path) {
        Ok(bytes) => Ok(LabelledRows { bytes, place, line: 0, done: false }),
        Err(error) => Err(ReadError::Io { place, error }),
    }
}

/// One row after the other. A line that is none is an error, and the next are read all the
/// same; after an error of the file itself there are no more.
pub struct LabelledRows {
    bytes: Bytes,
    place: String,
    line: usize,
    done: bool,
}

impl LabelledRows {
    /// Reads `bytes`, compressed or not, which errors call `place`.
    pub fn new(bytes: Bytes, place: String) -> Result<Self, ReadError> {
        match compress::decompress(bytes) {
            Ok(bytes) => Ok(Self { bytes, place, line: 0, done: false }),
            Err(error) => Err(ReadError::Io { place, error }),
        }
    }

    fn row(&self, line: &[u8]) -> Result<LabelledSentence, ReadError> {
        serde_json::from_slice(line).map_err(|error| ReadError::Row {
            place: self.place.clone(),
            line: self.line,
            reason: format!("not a labelled sentence: {}", reason(&error)),
            hint: HINT.into(),
        })
    }
}

impl Iterator for LabelledRows {
    type Item = Result<LabelledSentence, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut line = Vec::new();
        while !self.done {
            line.clear();
            self.line += 1;
            match self.bytes.read_until(b'\n', &mut line) {
                Ok(0) => self.done = true,
                Ok(_) if line.trim_ascii().is_empty() => {}
                Ok(_) => return Some(self.row(&line)),
                Err(error) => {
                    self.done = true;
                    return Some(Err(ReadError::Io { place: self.place.clone(), error }));
                }
            }
        }
        None
    }
}

/// serde's words without the line, which is always 1.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split_once(" at line ").map_or(text.clone(), |(reason, _)| reason.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn a_bad_row_is_named_and_the_others_are_read_also_from_zstd() {
        let good = r#"{"article":"a","sentence":0,"start":0,"end":2,"text":"No","label":"fact","confidence":0.5,"probabilities":{}}"#;
        let file = format!("{good}\n\n{{}}\n{good}\n");
        for bytes in [zstd::encode_all(file.as_bytes(), 1).unwrap(), file.into_bytes()] {
            let rows = LabelledRows::new(Box::new(Cursor::new(bytes)), "rows.jsonl".into()).unwrap();
            let found: Vec<_> = rows.map(|row| row.map_err(|e| e.to_string())).collect();
            assert_eq!(found.len(), 3);
            assert!(found[0].is_ok() && found[2].is_ok());
            assert_eq!(found[1], Err("rows.jsonl:3: not a labelled sentence: missing field `article`".into()));
        }
    }
}
