//! What can go wrong.

use crate::error::{Hint, ModelError};
use crate::write::WriteError;
use std::path::PathBuf;

/// Why a model could not be calibrated, or its calibration not be used.
#[derive(Debug, thiserror::Error)]
pub enum CalibrateError {
    /// The gold labels are too few.
    #[error("gold has labels in {articles} articles: too few to calibrate")]
    TooLittle {
        /// Articles with a counted sentence.
        articles: usize,
    },
    /// The model folder.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The folder is no model of ours.
    #[error("{}: config.json has no section `veracity` to keep a temperature in", dir.display())]
    NoSection {
        /// The folder.
        dir: PathBuf,
    },
    /// The result could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// There is no calibration in the folder.
    #[error("{}: the model is not calibrated, so no confidence is known for a risk", dir.display())]
    NotCalibrated {
        /// The folder.
        dir: PathBuf,
    },
    /// The stored calibration cannot be used.
    #[error("{}: {reason}", path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// No confidence is enough.
    #[error("no confidence brings the errors down to {risk}; the lowest share measured is {lowest:.3}")]
    OutOfReach {
        /// The share asked for.
        risk: f64,
        /// The lowest share.
        lowest: f64,
    },
}

impl Hint for CalibrateError {
    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::TooLittle { .. } => {
                "give at least two articles; some hundred sentences make a steady estimate".into()
            }
            Self::Model(error) => return error.hint(),
            Self::Write(error) => return error.hint(),
            Self::NoSection { .. } => "only models that veracity trained can be calibrated".into(),
            Self::NotCalibrated { .. } => {
                "run `veracity calibrate --gold DEV --model DIR` first, or use --min-confidence".into()
            }
            Self::Broken { .. } => "run `veracity calibrate --gold DEV --model DIR` again".into(),
            Self::OutOfReach { .. } => "ask for a higher --target-risk, or set --min-confidence yourself".into(),
        })
    }
}
