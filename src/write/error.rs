//! Output that could not be written.

use crate::error::Hint;
use std::io;
use std::path::PathBuf;

/// Why an output could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The file could not be made, written or renamed.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's own error.
        #[source]
        error: io::Error,
    },
    /// The output would replace a file that is being read.
    #[error("{}: the output would replace an input", path.display())]
    OverInput {
        /// The output.
        path: PathBuf,
    },
    /// The output names a folder.
    #[error("{}: the output is a folder", path.display())]
    Folder {
        /// The output.
        path: PathBuf,
    },
}

impl Hint for WriteError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Io { error, .. } => match error.kind() {
                io::ErrorKind::NotFound => Some("make the folder first".into()),
                io::ErrorKind::PermissionDenied => Some("check the folder's permissions".into()),
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                    Some("free some space, and run again".into())
                }
                _ => None,
            },
            Self::OverInput { .. } => Some("give --output another name".into()),
            Self::Folder { path } => Some(format!("name a file, such as {}", path.join("labels.jsonl").display())),
        }
    }
}
