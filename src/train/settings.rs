//! What a training run is made of, and how it can fail.

use crate::error::{Hint, ModelError};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Arithmetic of the forward and backward pass; the optimiser always works in f32.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// Single precision.
    F32,
    /// bfloat16 with f32 master weights: half the time on processors that have it.
    Bf16,
}

/// A training run. Written into the model card and the checkpoints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Training files.
    pub train: Vec<PathBuf>,
    /// Development files: for early stopping and the figures in the model card.
    pub dev: Vec<PathBuf>,
    /// Folder of the base encoder.
    pub encoder: PathBuf,
    /// Folder of the model to make.
    pub out: PathBuf,
    /// Labels in the order of the logits.
    pub labels: Vec<String>,
    /// Passes over the data.
    pub epochs: usize,
    /// Peak learning rate of the encoder.
    pub lr: f64,
    /// Peak learning rate of the heads.
    pub head_lr: f64,
    /// Tokens in a step, padding counted.
    pub batch_tokens: usize,
    /// Longest window in tokens.
    pub window: usize,
    /// Share of the sentences that are also shown alone, without title or context.
    pub lone: f64,
    /// Weight of a row that its annotator called borderline.
    pub borderline: f64,
    /// Label smoothing of the sentence head.
    pub smoothing: f64,
    /// Weight of the token head's loss.
    pub token_weight: f64,
    /// Exponent of the inverse class frequency in the row weights; 0 leaves them alone.
    pub balance: f64,
    /// Whether the heads read a learned sum of all layers.
    pub layer_mix: bool,
    /// Files of a teacher's rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub teacher: Vec<PathBuf>,
    /// Share of a teacher's probabilities in what a labelled sentence teaches.
    #[serde(default)]
    pub teacher_share: f64,
    /// Share of the weights that the run started from in those that are written.
    #[serde(default)]
    pub keep: f64,
    /// Layers of the encoder that are used, from the bottom; `None`: all.
    #[serde(default)]
    pub layers: Option<usize>,
    /// Number of top layers that start from random values.
    pub reinit: usize,
    /// Dropout.
    pub dropout: f64,
    /// Decoupled weight decay.
    pub weight_decay: f64,
    /// Share of the run in which the learning rate rises.
    pub warmup: f64,
    /// Largest gradient norm.
    pub clip: f64,
    /// Epochs without a better dev figure after which the run stops.
    pub patience: usize,
    /// Seed of everything random.
    pub seed: u64,
    /// Arithmetic.
    pub precision: Precision,
    /// Threads on the CPU.
    pub threads: usize,
}

/// Why a training run ended early.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// A file could not be read or written.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's own error.
        #[source]
        error: std::io::Error,
    },
    /// A row of a training file is wrong.
    #[error("{}:{line}: {reason}", path.display())]
    Row {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// The encoder's folder is wrong.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The settings and the data do not fit.
    #[error("{reason}")]
    Settings {
        /// What is wrong.
        reason: String,
        /// What the user can do.
        hint: String,
    },
    /// libtorch failed.
    #[error("libtorch: {0}")]
    Torch(#[from] tch::TchError),
    /// rust-bert failed.
    #[error("rust-bert: {0}")]
    Bert(#[from] rust_bert::RustBertError),
    /// The caller asked to stop; the last finished epoch can be resumed.
    #[error("stopped")]
    Stopped,
}

impl Hint for TrainError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Io { error, .. } if error.kind() == std::io::ErrorKind::NotFound => Some("check the path".into()),
            Self::Row { .. } => Some("docs/training.md describes the two row formats".into()),
            Self::Model(e) => e.hint(),
            Self::Settings { hint, .. } => Some(hint.clone()),
            Self::Stopped => Some("run the same command again with --resume to go on".into()),
            _ => None,
        }
    }
}
