//! JSON lines: rows of sentences as veracity writes them, or with the names of published
//! corpora; and rows of whole documents.

use super::row::{Fault, Object};
use super::{Emit, document};
use crate::evaluate::EvaluateError;
use std::io::BufRead;
use std::path::Path;

/// Reads rows, giving each to `emit`.
pub(super) fn read(path: &Path, mut lines: Box<dyn BufRead>, emit: &mut Emit) -> Result<(), EvaluateError> {
    let mut bytes = Vec::new();
    let mut line = 0;
    while lines.read_until(b'\n', &mut bytes).map_err(|error| EvaluateError::Io { path: path.into(), error })? > 0 {
        line += 1;
        let record = bytes.strip_prefix(b"\xef\xbb\xbf".as_slice()).filter(|_| line == 1).unwrap_or(&bytes);
        if !record.trim_ascii().is_empty() {
            let parsed = serde_json::from_slice::<Object>(record).map_err(|error| broken(record, &error));
            let done = parsed.and_then(|object| {
                if document::is_document(&object) {
                    document::rows(&object)?.iter().try_for_each(|row| emit(line, row))
                } else {
                    emit(line, &object)
                }
            });
            done.map_err(|fault| EvaluateError::row(path, line, fault))?;
        }
        bytes.clear();
    }
    Ok(())
}

/// Python writes NaN and Infinity, which are no JSON, where a computation went wrong.
fn broken(record: &[u8], error: &serde_json::Error) -> Fault {
    let text = String::from_utf8_lossy(record);
    let at = text.get(error.column().saturating_sub(2)..).unwrap_or_default();
    if let Some(word) = ["NaN", "Infinity"].iter().find(|word| at.chars().take(12).collect::<String>().contains(*word))
    {
        return Fault::new(
            format!("{word} at column {} is not a number", error.column()),
            "a probability or score that is not finite cannot be scored; mend what wrote it, or write null",
        );
    }
    Fault::new(format!("not a JSON object: {error}"), "write one JSON object a line (JSON Lines)")
}
