//! Engines: a ragged batch of token ids in, logits out. An engine never sees text.

mod distance;
pub mod native;
#[cfg(feature = "torch")]
pub mod torch;

use crate::encode::Batch;
use crate::error::EngineError;
use ndarray::Array2;

/// What an engine computes for a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Logits {
    /// One row a sentence piece, shape `[pieces, labels]`.
    pub sentences: Array2<f32>,
    /// One row a token of the batch, special tokens included, shape `[tokens, tags]`;
    /// no columns when the model has no token head. Tokens of no piece (special tokens, title,
    /// context) have zeros.
    pub tokens: Array2<f32>,
}

/// The windows of a batch must fit a model's tables of positions and words.
fn check(engine: &'static str, batch: &Batch, positions: usize, vocab: usize) -> Result<(), EngineError> {
    let compute = |reason: String| Err(EngineError::Compute { engine, reason });
    if let Some(w) = (0..batch.len()).find(|&w| batch.rows(w).len() > positions) {
        return compute(format!("window {w} has {} tokens, the model {positions} positions", batch.rows(w).len()));
    }
    if let Some(id) = batch.ids.iter().find(|&&id| id as usize >= vocab) {
        return compute(format!("token id {id} is beyond the vocabulary of {vocab}"));
    }
    Ok(())
}

/// A pool of as many threads as the user allows, at least 1.
pub(crate) fn thread_pool(threads: usize) -> Result<rayon::ThreadPool, EngineError> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads.max(1))
        .thread_name(|i| format!("veracity-{i}"))
        .build()
        .map_err(|e| EngineError::Compute { engine: "threads", reason: e.to_string() })
}

/// Runs a model.
///
/// The same window gives the same logits, bit for bit, in any batch, order and number of
/// threads.
pub trait Engine: Send + Sync {
    /// Name for messages: `native` or `torch`.
    fn name(&self) -> &'static str;

    /// Arithmetic of its dense layers: `f32`, `bf16` or `int8`.
    fn precision(&self) -> &'static str {
        "f32"
    }

    /// Computes all windows of a batch.
    fn forward(&self, batch: &Batch) -> Result<Logits, EngineError>;
}
