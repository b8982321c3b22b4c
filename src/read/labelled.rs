//! Labelled sentences, as `veracity label` writes them, back from a file.

use super::lines::{Line, Lines};
use super::peek::Bytes;
use super::{ReadOptions, compress};
use crate::error::ReadError;
use crate::label::LabelledSentence;
use std::io::{self, BufReader};
use std::path::Path;

const HINT: &str = "give the rows that `veracity label FILE -o LABELLED.jsonl` writes, one JSON object a line";

/// Longest row in bytes: a sentence of the longest article, and what is said of it. A longer line
/// is not held in memory.
const MAX_ROW: usize = 4 * ReadOptions::MAX_LINE;

/// The rows of a file, plain, gzip or zstd; `-` is standard input.
pub fn labelled_rows(path: &Path) -> Result<LabelledRows, ReadError> {
    if path.as_os_str() == "-" {
        return LabelledRows::new(Box::new(BufReader::new(io::stdin())), "<stdin>".into());
    }
    let place = path.display().to_string();
    match compress::open(path) {
        Ok(bytes) => Ok(LabelledRows::of(bytes, place, MAX_ROW)),
        Err(error) => Err(ReadError::Io { place, error }),
    }
}

/// One row after the other. A line that is none is an error, and the next are read all the
/// same; after an error of the file itself there are no more.
pub struct LabelledRows {
    lines: Lines<Bytes>,
    /// Longest row in bytes.
    max: usize,
    place: String,
    line: usize,
    done: bool,
}

impl LabelledRows {
    /// Reads `bytes`, compressed or not, which errors call `place`.
    pub fn new(bytes: Bytes, place: String) -> Result<Self, ReadError> {
        match compress::decompress(bytes) {
            Ok(bytes) => Ok(Self::of(bytes, place, MAX_ROW)),
            Err(error) => Err(ReadError::Io { place, error }),
        }
    }

    fn of(bytes: Bytes, place: String, max: usize) -> Self {
        Self { lines: Lines::new(bytes, max), max, place, line: 0, done: false }
    }

    fn row(&self) -> Result<LabelledSentence, ReadError> {
        serde_json::from_slice(self.lines.line())
            .map_err(|error| self.error(format!("not a labelled sentence: {}", reason(&error))))
    }

    fn error(&self, reason: String) -> ReadError {
        ReadError::Row { place: self.place.clone(), line: self.line, reason, hint: HINT.into() }
    }
}

impl Iterator for LabelledRows {
    type Item = Result<LabelledSentence, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            self.line += 1;
            match self.lines.next_line() {
                Ok(Line::End) => self.done = true,
                Ok(Line::TooLong(length)) => {
                    let reason = format!("the line is {length} bytes long, the limit is {}", self.max);
                    return Some(Err(self.error(reason)));
                }
                Ok(Line::Full) if self.lines.line().trim_ascii().is_empty() => {}
                Ok(Line::Full) => return Some(self.row()),
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

    #[test]
    fn a_line_that_is_too_long_is_named_and_not_held() {
        let file = format!("{}\n{{}}\n", "x".repeat(200));
        let rows = LabelledRows::of(Box::new(Cursor::new(file)), "rows.jsonl".into(), 100);
        let found: Vec<_> = rows.map(|row| row.unwrap_err().to_string()).collect();
        assert_eq!(found[0], "rows.jsonl:1: the line is 200 bytes long, the limit is 100");
        assert_eq!(found[1], "rows.jsonl:2: not a labelled sentence: missing field `article`");
    }
}
