//! What can end an evaluation.

use super::read::Fault;
use crate::error::Hint;
use std::path::{Path, PathBuf};

/// Why gold and predictions could not be compared.
#[derive(Debug, thiserror::Error)]
pub enum EvaluateError {
    /// A file could not be opened, read or decompressed.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's own error.
        #[source]
        error: std::io::Error,
    },
    /// A row is not what it has to be.
    #[error("{}:{line}: {reason}", path.display())]
    Row {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
        /// What the user can do.
        hint: String,
    },
    /// A file holds nothing to count.
    #[error("{}: {reason}", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
        /// What is missing.
        reason: String,
        /// What the user can do.
        hint: String,
    },
    /// No article is in both files.
    #[error("no article id is in both files; gold has {}, the predictions have {}", quoted(gold), quoted(pred))]
    NoCommonArticles {
        /// The first ids of the gold file.
        gold: Vec<String>,
        /// The first ids of the predictions.
        pred: Vec<String>,
    },
    /// The files share articles, but no sentence of them.
    #[error("{}: no labelled sentence is in {}; the first is line {line}: {text}", gold.display(), pred.display())]
    NoCommonSentences {
        /// The gold file.
        gold: PathBuf,
        /// The predictions.
        pred: PathBuf,
        /// Line of the first labelled gold sentence, from 1.
        line: usize,
        /// How it begins.
        text: String,
    },
    /// Gold has a label that the predictions cannot have.
    #[error("{}:{line}: unknown gold label `{label}`", path.display())]
    UnknownLabel {
        /// The gold file.
        path: PathBuf,
        /// The first line with the label, from 1.
        line: usize,
        /// The label.
        label: String,
        /// The label of the predictions that is nearest in spelling.
        nearest: Option<String>,
        /// Every label that the predictions know.
        known: Vec<String>,
    },
}

impl EvaluateError {
    /// The error of one record.
    pub(crate) fn row(path: &Path, line: usize, fault: Fault) -> Self {
        Self::Row { path: path.into(), line, reason: fault.reason, hint: fault.hint }
    }
}

impl Hint for EvaluateError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Io { error, .. } => match error.kind() {
                std::io::ErrorKind::NotFound => Some("check the path".into()),
                std::io::ErrorKind::PermissionDenied => Some("check the file's permissions".into()),
                std::io::ErrorKind::UnexpectedEof | std::io::ErrorKind::InvalidInput => {
                    Some("the gzip data is cut short or damaged; copy the file again".into())
                }
                _ => None,
            },
            Self::Row { hint, .. } | Self::Empty { hint, .. } => Some(hint.clone()),
            Self::NoCommonArticles { .. } => Some(
                "an article's id is its field `article`, else `doc_id`, else `id`; \
                 give the predictions the ids that gold uses, or check that both files are of one data set"
                    .into(),
            ),
            Self::NoCommonSentences { .. } => Some(
                "sentences are found by offsets, text, overlap or words in common; \
                 check that both files are of the same texts"
                    .into(),
            ),
            Self::UnknownLabel { nearest, known, .. } => Some(match nearest {
                Some(nearest) => {
                    format!("did you mean `{nearest}`? The predictions know {}", quoted(known))
                }
                None => format!("the predictions know {}", quoted(known)),
            }),
        }
    }
}

/// `a`, `b`, `c`; "none" for an empty list.
fn quoted(names: &[String]) -> String {
    if names.is_empty() {
        return "none".into();
    }
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
