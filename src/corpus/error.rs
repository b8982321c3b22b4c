//! A folder of parts that cannot be used.

use super::manifest::MANIFEST;
use crate::error::Hint;
use std::io;
use std::path::PathBuf;

/// Why a folder of parts could not be written, resumed or merged.
#[derive(Debug, thiserror::Error)]
pub enum CorpusError {
    /// A file could not be read or written.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's own error.
        #[source]
        error: io::Error,
    },
    /// Another process writes to the folder.
    #[error("{}: another run is writing here", dir.display())]
    Locked {
        /// The folder.
        dir: PathBuf,
    },
    /// The folder holds parts that no manifest tells of.
    #[error("{}: the folder holds parts but no {MANIFEST}", dir.display())]
    Foreign {
        /// The folder.
        dir: PathBuf,
    },
    /// The output would be among the inputs.
    #[error("{}: the output folder holds an input, or is in a folder that is read", dir.display())]
    AmongInputs {
        /// The folder.
        dir: PathBuf,
    },
    /// The manifest is not one of ours.
    #[error("{}: {reason}", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The folder was begun with other inputs, settings or another model.
    #[error("{}: {what} is not as before: it was {was}, and is {is}", dir.display())]
    Differs {
        /// The folder.
        dir: PathBuf,
        /// What differs.
        what: String,
        /// What the manifest says.
        was: String,
        /// What this run says.
        is: String,
    },
    /// Folders that are not shards of one run.
    #[error("{}: {reason}", dir.display())]
    Shards {
        /// The folder.
        dir: PathBuf,
        /// What is wrong.
        reason: String,
        /// What the user can do.
        hint: String,
    },
    /// A part is not what the manifest says.
    #[error("{}: {reason}", path.display())]
    Damaged {
        /// The part.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

impl Hint for CorpusError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Io { error, .. } => match error.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                    Some("free some space and give the same command again: finished parts are kept".into())
                }
                io::ErrorKind::PermissionDenied => Some("check the permissions".into()),
                io::ErrorKind::NotFound => Some("check the path".into()),
                _ => Some("give the same command again: finished parts are kept".into()),
            },
            Self::Locked { .. } => Some("wait for it, or write to another folder".into()),
            Self::Foreign { .. } => Some("write to another folder, or empty this one".into()),
            Self::AmongInputs { .. } => Some("write to a folder of its own".into()),
            Self::Manifest { .. } => Some("write to another folder, or remove this one to start again".into()),
            Self::Differs { what, was, .. } if what == "lineage.isa" => {
                Some(format!("give --isa {}, or write to another folder", was.trim_matches('"')))
            }
            Self::Differs { .. } => Some(
                "give the inputs and options of before, or write to another folder, or remove this one to start again"
                    .into(),
            ),
            Self::Shards { hint, .. } => Some(hint.clone()),
            Self::Damaged { .. } => Some("label the folder again: the same command makes what is missing".into()),
        }
    }
}

impl CorpusError {
    /// Puts a path to the system's error.
    pub(super) fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |error| Self::Io { path, error }
    }
}
