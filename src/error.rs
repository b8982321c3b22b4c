//! Errors: one enum per room that can fail. Each message names the place; `hint`
//! names the remedy.

use std::path::PathBuf;

/// Gives the remedy for an error, in one sentence.
pub trait Hint {
    /// What the user can do about it.
    fn hint(&self) -> Option<String>;
}

/// Input that could not be read as articles.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file or folder could not be opened or read.
    #[error("{place}: {error}")]
    Io {
        /// File, or `<stdin>`.
        place: String,
        /// The system's own error.
        #[source]
        error: std::io::Error,
    },
    /// One record is bad; the reader goes on after it.
    #[error("{place}:{line}: {reason}")]
    Row {
        /// File, or `<stdin>`.
        place: String,
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
        /// What the user can do.
        hint: String,
    },
    /// The whole file is unusable.
    #[error("{place}: {reason}")]
    File {
        /// File, or `<stdin>`.
        place: String,
        /// What is wrong.
        reason: String,
        /// What the user can do.
        hint: String,
    },
}

impl Hint for ReadError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Io { error, .. } => match error.kind() {
                std::io::ErrorKind::NotFound => Some("check the path".into()),
                std::io::ErrorKind::PermissionDenied => Some("check the file's permissions".into()),
                _ => None,
            },
            Self::Row { hint, .. } | Self::File { hint, .. } => Some(hint.clone()),
        }
    }
}

/// A model folder that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// A file of the folder could not be read.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's own error.
        #[source]
        error: std::io::Error,
    },
    /// A file of the folder is there but wrong.
    #[error("{}: {reason}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
        /// What the user can do.
        hint: String,
    },
}

impl Hint for ModelError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Io { error, .. } if error.kind() == std::io::ErrorKind::NotFound => Some(
                "a model folder holds config.json, tokenizer.json and model.safetensors; \
                 check --model, or copy the missing file from where the model came from"
                    .into(),
            ),
            Self::Io { .. } => None,
            Self::Invalid { hint, .. } => Some(hint.clone()),
        }
    }
}

/// An engine that could not be made or run.
#[derive(Clone, Debug, thiserror::Error)]
pub enum EngineError {
    /// The model does not fit this engine.
    #[error("engine {engine}: {reason}")]
    Unsupported {
        /// Name of the engine.
        engine: &'static str,
        /// Why.
        reason: String,
        /// What the user can do.
        hint: String,
    },
    /// The computation itself failed.
    #[error("engine {engine}: {reason}")]
    Compute {
        /// Name of the engine.
        engine: &'static str,
        /// What happened.
        reason: String,
    },
}

impl Hint for EngineError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Unsupported { hint, .. } => Some(hint.clone()),
            Self::Compute { .. } => None,
        }
    }
}

/// Text that the tokenizer could not encode.
#[derive(Debug, thiserror::Error)]
#[error("article {article}: the tokenizer failed: {reason}")]
pub struct EncodeError {
    /// The article's id.
    pub article: String,
    /// The tokenizer's own words.
    pub reason: String,
}

/// Anything that can end the labelling of an article.
#[derive(Debug, thiserror::Error)]
pub enum LabelError {
    /// See [`EncodeError`].
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// See [`EngineError`].
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl Hint for LabelError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Encode(_) => None,
            Self::Engine(e) => e.hint(),
        }
    }
}
