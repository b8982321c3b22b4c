//! What can end a run of `veracity sources`.

use crate::error::Hint;
use std::path::PathBuf;

/// Claims, outcomes or another table that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ReliabilityError {
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
        line: u64,
        /// What is wrong.
        reason: String,
        /// What the user can do.
        hint: String,
    },
    /// The whole table is unusable.
    #[error("{}: {reason}", path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
        /// What the user can do.
        hint: String,
    },
}

impl Hint for ReliabilityError {
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
            Self::Row { hint, .. } | Self::Table { hint, .. } => Some(hint.clone()),
        }
    }
}
