//! JSON lines: one article a line.

use super::lines::{Line, Lines};
use super::record::{self, Problem};
use super::{ReadOptions, utf8};
use crate::article::Article;
use crate::error::ReadError;
use serde_json::Value;
use std::io::BufRead;

/// Yields the articles of JSON lines; holds one line at a time.
pub struct JsonLines<R> {
    lines: Lines<R>,
    place: String,
    name: String,
    options: ReadOptions,
    line: usize,
    rows: usize,
    done: bool,
}

impl<R: BufRead> JsonLines<R> {
    /// Reads `bytes`, which errors call `place`; a row without id gets `name:line`.
    pub fn new(bytes: R, place: String, name: String, options: ReadOptions) -> Self {
        Self { lines: Lines::new(bytes, options.max_line), place, name, options, line: 0, rows: 0, done: false }
    }

    fn row(&self, problem: Problem) -> ReadError {
        ReadError::Row { place: self.place.clone(), line: self.line, reason: problem.reason, hint: problem.hint }
    }

    fn stop(&mut self, reason: impl Into<String>, hint: impl Into<String>) -> ReadError {
        self.done = true;
        ReadError::File { place: self.place.clone(), reason: reason.into(), hint: hint.into() }
    }

    /// The article of the line that was read last; `None` when the line is blank.
    fn parse(&mut self) -> Option<Result<Article, ReadError>> {
        let mut bytes = self.lines.line();
        if self.line == 1 {
            if utf8::is_utf16(bytes) {
                let hint = utf8::utf16_hint(&self.place);
                return Some(Err(self.stop("not UTF-8", hint)));
            }
            bytes = utf8::without_mark(bytes);
        }
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return None;
        }
        self.rows += 1;
        if self.rows == 1 && matches!(bytes.trim_ascii(), b"[" | b"{") {
            let filter = if bytes.trim_ascii() == b"[" { ".[]" } else { "." };
            let hint = format!("write one object a line: jq -c '{filter}' {}", self.place);
            return Some(Err(self.stop("JSON spread over several lines", hint)));
        }
        let parsed = match std::str::from_utf8(bytes) {
            Err(error) => {
                let at = error.valid_up_to();
                let reason = format!("invalid UTF-8 at byte {at} of the line (0x{:02x})", bytes[at]);
                Err(Problem::new(reason, utf8::hint(&self.place)))
            }
            Ok(text) => serde_json::from_str::<Value>(text).map_err(|error| broken(&error)),
        };
        let article = parsed
            .and_then(|value| record::article(&value, &self.options.fields, || format!("{}:{}", self.name, self.line)));
        Some(article.map_err(|problem| self.row(problem)))
    }
}

impl<R: BufRead> Iterator for JsonLines<R> {
    type Item = Result<Article, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            match self.lines.next_line() {
                Err(error) => {
                    self.done = true;
                    return Some(Err(ReadError::Io { place: self.place.clone(), error }));
                }
                Ok(Line::End) => {
                    self.done = true;
                    if self.rows == 0 {
                        return Some(Err(self.stop(
                            "the file holds no rows",
                            "each line is one JSON object such as {\"id\": \"a1\", \"text\": \"...\"}",
                        )));
                    }
                }
                Ok(Line::TooLong(length)) => {
                    self.line += 1;
                    self.rows += 1;
                    let max = self.options.max_line;
                    return Some(Err(self.row(Problem::new(
                        format!("the line is {length} bytes long, the limit is {max}"),
                        format!("raise the limit: --max-line {length}"),
                    ))));
                }
                Ok(Line::Full) => {
                    self.line += 1;
                    if let Some(item) = self.parse() {
                        return Some(item);
                    }
                }
            }
        }
        None
    }
}

/// Names the column and the likely cause of broken JSON.
fn broken(error: &serde_json::Error) -> Problem {
    let full = error.to_string();
    let what = full.split(" at line ").next().unwrap_or(&full);
    let reason = format!("broken JSON at column {}: {what}", error.column());
    let hint = if what.contains("surrogate") || what.contains("hex escape") {
        "a \\u escape of half a character pair stands for no text; \
         write the whole pair, or \\ufffd"
    } else if what.contains("control character") {
        "inside a string, write line breaks and tabs as \\n and \\t"
    } else if error.is_eof() {
        "the line is cut off; a JSON object must begin and end on the same line"
    } else if what.contains("recursion") {
        "the row is nested too deeply; leave out what is not the article"
    } else if what.contains("trailing") {
        "write one JSON object a line, with nothing behind it"
    } else {
        "mend the line; jq . FILE shows where a file breaks"
    };
    Problem::new(reason, hint)
}
