//! Messages of a run, for people or as JSON lines.

use super::message;
use crate::corpus::Reject;
use serde_json::{Map, Value, json};
use std::fmt::Display;

/// How messages are written to standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Log {
    /// For people.
    Text,
    /// One object a line; `event` says of what kind.
    Json,
}

impl Log {
    /// What went wrong.
    pub(super) fn error(self, what: &dyn Display, hint: Option<&str>) {
        match self {
            Self::Text => message::error(what, hint),
            Self::Json => self.event("error", json!({"message": what.to_string(), "hint": hint})),
        }
    }

    /// What could not be labelled; `what` says so in one sentence.
    pub(super) fn reject(self, reject: &Reject, what: &dyn Display) {
        match self {
            Self::Text => message::error(what, reject.hint.as_deref()),
            Self::Json => self.event("reject", serde_json::to_value(reject).unwrap_or_default()),
        }
    }

    /// What is no error: as a sentence, or as these fields.
    pub(super) fn note(self, event: &str, what: &dyn Display, fields: Value) {
        match self {
            Self::Text => message::note(what),
            Self::Json => self.event(event, fields),
        }
    }

    fn event(self, event: &str, fields: Value) {
        let mut row = Map::new();
        row.insert("event".into(), event.into());
        if let Value::Object(fields) = fields {
            row.extend(fields.into_iter().filter(|(_, value)| !value.is_null()));
        }
        message::line(&Value::Object(row).to_string());
    }
}
