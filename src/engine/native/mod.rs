//! The embedded engine: pure Rust, f32, nothing to install, nothing computed on padding.
//!
//! Each window is computed by one thread on its own, so its logits depend neither on
//! its neighbours nor on the number of threads.

mod forward;
mod math;
mod weights;

use super::{Engine, Logits, thread_pool};
use crate::encode::Batch;
use crate::error::{EngineError, ModelError};
use crate::model::{Family, Model};
use ndarray::{Array2, ArrayView2, Axis, concatenate};
use rayon::prelude::*;
use weights::BertWeights;

/// A model in memory, and the threads that run it.
pub struct NativeEngine {
    weights: BertWeights,
    labels: usize,
    tags: usize,
    pool: rayon::ThreadPool,
}

impl NativeEngine {
    /// Loads a BERT model; `threads` is at least 1.
    pub fn new(model: &Model, threads: usize) -> Result<Self, NativeError> {
        let unsupported = |reason: String| EngineError::Unsupported {
            engine: "native",
            reason,
            hint: "use --engine torch (a build with --features torch), or a BERT model".into(),
        };
        if model.config.family != Family::Bert {
            return Err(unsupported(format!("model_type {:?} is not supported", model.config.family)).into());
        }
        if model.config.activation != "gelu" {
            return Err(unsupported(format!("activation `{}` is not supported", model.config.activation)).into());
        }
        Ok(Self {
            weights: BertWeights::read(model)?,
            labels: model.config.labels.len(),
            tags: model.config.tag_columns(),
            pool: thread_pool(threads)?,
        })
    }
}

/// Why a native engine could not be made.
#[derive(Debug, thiserror::Error)]
pub enum NativeError {
    /// The weights are wrong.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The model is not for this engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl Engine for NativeEngine {
    fn name(&self) -> &'static str {
        "native"
    }

    fn forward(&self, batch: &Batch) -> Result<Logits, EngineError> {
        super::check("native", batch, self.weights.places.nrows(), self.weights.words.nrows())?;
        let run = |w: usize| {
            let rows = batch.rows(w);
            let pieces: Vec<_> =
                batch.window_pieces(w).iter().map(|p| p.start - rows.start..p.end - rows.start).collect();
            forward::window(&self.weights, &batch.ids[rows], &pieces)
        };
        let parts: Vec<_> = self.pool.install(|| (0..batch.len()).into_par_iter().map(run).collect());
        let sentences: Vec<_> = parts.iter().map(|p| p.sentences.view()).collect();
        let tokens: Vec<_> = parts.iter().map(|p| p.tokens.view()).collect();
        Ok(Logits { sentences: stack(&sentences, self.labels)?, tokens: stack(&tokens, self.tags)? })
    }
}

/// Puts matrices of `columns` columns one under the other.
fn stack(parts: &[ArrayView2<f32>], columns: usize) -> Result<Array2<f32>, EngineError> {
    if parts.is_empty() {
        return Ok(Array2::zeros((0, columns)));
    }
    concatenate(Axis(0), parts).map_err(|e| EngineError::Compute { engine: "native", reason: e.to_string() })
}
