//! JSON: one object a line, or a list of objects.

use super::Emit;
use super::row::{Fault, Object};
use crate::evaluate::EvaluateError;
use serde_json::Value;
use std::io::{BufRead, Read};
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
            let done = parsed.and_then(|object| emit(line, &object));
            done.map_err(|fault| EvaluateError::row(path, line, fault))?;
        }
        bytes.clear();
    }
    Ok(())
}

/// Reads a list of objects, or else one object a line; `emit` gets their numbers.
pub(super) fn list(path: &Path, mut bytes: Box<dyn BufRead>, emit: &mut Emit) -> Result<(), EvaluateError> {
    let io = |error| EvaluateError::Io { path: path.into(), error };
    let start = bytes.fill_buf().map_err(io)?;
    let start = start.strip_prefix(b"\xef\xbb\xbf".as_slice()).unwrap_or(start);
    if !start.trim_ascii_start().starts_with(b"[") {
        return read(path, bytes, emit);
    }
    let mut all = Vec::new();
    bytes.read_to_end(&mut all).map_err(io)?;
    let all = all.strip_prefix(b"\xef\xbb\xbf".as_slice()).unwrap_or(&all);
    let fail = |line: usize, fault: Fault| EvaluateError::row(path, line, fault);
    let items: Vec<Value> = serde_json::from_slice(all).map_err(|error| {
        fail(error.line(), Fault::new(format!("broken JSON: {error}"), "export the project again, as JSON"))
    })?;
    for (at, item) in items.iter().enumerate() {
        let object = item.as_object().ok_or_else(|| Fault::new("not an object", "the list holds tasks"));
        object.and_then(|object| emit(at + 1, object)).map_err(|fault| fail(at + 1, fault))?;
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
