//! Rows of `veracity label`, read back.

use crate::label::LabelledSentence;
use crate::reliability::ReliabilityError;
use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

const HINT: &str = "give rows that `veracity label ARTICLES -o labelled.jsonl` wrote";

/// Reads the rows of a file, plain or gzipped. A line that is no row is an error of its own,
/// and the others are read all the same.
pub fn read_rows(path: &Path) -> (Vec<LabelledSentence>, Vec<ReliabilityError>) {
    let io = |error| ReliabilityError::Io { path: path.into(), error };
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    let mut plain = match File::open(path) {
        Ok(file) => BufReader::with_capacity(1 << 16, file),
        Err(error) => return (rows, vec![io(error)]),
    };
    let zipped = match plain.fill_buf() {
        Ok(start) => start.starts_with(&[0x1f, 0x8b]),
        Err(error) => return (rows, vec![io(error)]),
    };
    let mut bytes: Box<dyn BufRead> =
        if zipped { Box::new(BufReader::new(MultiGzDecoder::new(plain))) } else { Box::new(plain) };
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        match bytes.read_until(b'\n', &mut line) {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) => {
                errors.push(io(error));
                break;
            }
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match serde_json::from_slice::<LabelledSentence>(&line) {
            Ok(row) => rows.push(row),
            Err(error) => errors.push(ReliabilityError::Row {
                path: path.into(),
                line: number,
                reason: format!("not a labelled sentence: {error}"),
                hint: HINT.into(),
            }),
        }
    }
    (rows, errors)
}
