//! Records one after the other: a head of named fields, and a body of a stated length.

use crate::read::peek::Bytes;
use std::io::{self, BufRead, Read};

/// Longest line of a head,
const LONGEST_LINE: u64 = 1 << 16;
/// most lines of one,
const MOST_LINES: usize = 1000;
/// and most blank lines between two records.
const MOST_BLANK: usize = 1000;

/// Why no more records can be read.
#[derive(Debug)]
pub(super) enum Fault {
    /// The bytes did not come.
    Io(io::Error),
    /// They are not what the format says.
    Form(String),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// The head of a record.
pub(super) struct Record {
    fields: Vec<(String, String)>,
    /// Bytes of the body.
    pub(super) length: u64,
}

impl Record {
    /// The value of a field; `name` is in small letters.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Reads heads and bodies in turn.
pub(super) struct Records {
    bytes: Bytes,
    count: usize,
    /// Bytes of the body that are still to come.
    left: u64,
}

impl Records {
    pub(super) fn new(bytes: Bytes) -> Self {
        Self { bytes, count: 0, left: 0 }
    }

    /// The number of the record that was read last, from 1.
    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// The next head; `None` at the end. What is left of the body before it is skipped.
    pub(super) fn next_record(&mut self) -> Result<Option<Record>, Fault> {
        self.skip()?;
        let mut version = String::new();
        for _ in 0..MOST_BLANK {
            match self.line()? {
                None => return Ok(None),
                Some(line) if line.is_empty() => {}
                Some(line) => {
                    version = line;
                    break;
                }
            }
        }
        self.count += 1;
        if !version.trim_start_matches('\u{feff}').starts_with("WARC/") {
            return Err(Fault::Form("expected WARC/1.0 or WARC/1.1, found something else".into()));
        }
        let mut fields: Vec<(String, String)> = Vec::new();
        loop {
            let line = self.line()?.ok_or_else(cut_off)?;
            if line.is_empty() {
                break;
            }
            if fields.len() >= MOST_LINES {
                return Err(Fault::Form(format!("the head has more than {MOST_LINES} lines")));
            }
            match (line.split_once(':'), fields.last_mut()) {
                (_, Some((_, value))) if line.starts_with([' ', '\t']) => {
                    value.push_str(if value.is_empty() { "" } else { " " });
                    value.push_str(line.trim());
                }
                (Some((name, value)), _) => fields.push((name.trim().to_ascii_lowercase(), value.trim().into())),
                (None, _) => return Err(Fault::Form("a line of the head has no name".into())),
            }
        }
        let mut record = Record { fields, length: 0 };
        let length = record.get("content-length").and_then(|text| text.parse().ok());
        record.length = length.ok_or_else(|| Fault::Form("no Content-Length".into()))?;
        self.left = record.length;
        Ok(Some(record))
    }

    /// The body; `None` when it is longer than `max`, and then it is skipped.
    pub(super) fn body(&mut self, max: usize) -> Result<Option<Vec<u8>>, Fault> {
        if self.left > max as u64 {
            self.skip()?;
            return Ok(None);
        }
        let mut body = Vec::new();
        (&mut self.bytes).take(self.left).read_to_end(&mut body)?;
        if (body.len() as u64) < self.left {
            return Err(cut_off());
        }
        self.left = 0;
        Ok(Some(body))
    }

    /// Skips what is left of the body.
    pub(super) fn skip(&mut self) -> Result<(), Fault> {
        let skipped = io::copy(&mut (&mut self.bytes).take(self.left), &mut io::sink())?;
        if skipped < self.left {
            return Err(cut_off());
        }
        self.left = 0;
        Ok(())
    }

    /// A line without its end; `None` at the end of the file.
    fn line(&mut self) -> Result<Option<String>, Fault> {
        let mut line = Vec::new();
        (&mut self.bytes).take(LONGEST_LINE).read_until(b'\n', &mut line)?;
        match line.pop() {
            None => Ok(None),
            Some(b'\n') => {
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                Ok(Some(String::from_utf8_lossy(&line).into_owned()))
            }
            Some(_) if line.len() as u64 + 1 == LONGEST_LINE => {
                Err(Fault::Form(format!("a line of the head is longer than {LONGEST_LINE} bytes")))
            }
            Some(_) => Err(cut_off()),
        }
    }
}

fn cut_off() -> Fault {
    Fault::Form("the file is cut off".into())
}
