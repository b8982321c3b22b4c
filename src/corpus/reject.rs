//! What could not be labelled, and why.

use crate::error::{Hint, LabelError, ReadError};
use serde::{Deserialize, Serialize};

/// Name of the file in the folder.
pub const REJECTS: &str = "rejects.jsonl";

/// A line of `rejects.jsonl`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    /// Number in the input, from 0, bad rows counted.
    pub item: u64,
    /// The file, or `<stdin>`; absent when an article was read but could not be labelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Line of the file, from 1; absent when the whole file is bad.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// Id of an article that could not be labelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// What is wrong.
    pub reason: String,
    /// What can be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// What kind of reject it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A row.
    Row,
    /// A whole file.
    File,
    /// An article that was read.
    Failed,
}

impl Reject {
    /// Item number `item` could not be read.
    pub fn unread(item: u64, error: &ReadError) -> Self {
        let (file, line, reason) = match error {
            ReadError::Io { place, error } => (place, None, error.to_string()),
            ReadError::Row { place, line, reason, .. } => (place, Some(*line), reason.clone()),
            ReadError::File { place, reason, .. } => (place, None, reason.clone()),
        };
        Self { item, file: Some(file.clone()), line, article: None, reason, hint: error.hint() }
    }

    /// Item number `item` was read as `article`, and could not be labelled.
    pub fn failed(item: u64, article: &str, error: &LabelError) -> Self {
        let (reason, hint) = (error.to_string(), error.hint());
        Self { item, file: None, line: None, article: Some(article.into()), reason, hint }
    }

    /// What kind of reject it is.
    pub const fn kind(&self) -> Kind {
        match (&self.file, self.line) {
            (None, _) => Kind::Failed,
            (Some(_), Some(_)) => Kind::Row,
            (Some(_), None) => Kind::File,
        }
    }

    /// The line, with its end.
    pub fn to_line(&self) -> Vec<u8> {
        let mut line = serde_json::to_vec(self).unwrap_or_default();
        line.push(b'\n');
        line
    }
}
