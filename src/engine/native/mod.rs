//! The embedded engine: pure Rust, nothing to install, nothing computed on padding.
//!
//! Windows go through the encoder in chunks, each chunk on one thread from embedding to
//! logits. A row's result is one chain of sums whatever its neighbours are, and a window
//! attends only to itself: logits depend neither on the batch nor on the number of threads.

mod forward;
mod kernels;
mod peak;
mod precision;
mod scratch;
mod weights;

use super::{Engine, Logits, thread_pool};
use crate::encode::Batch;
use crate::error::{EngineError, ModelError};
use crate::model::{Family, Model};
use forward::ChunkLogits;
use ndarray::Array2;
use rayon::prelude::*;
use scratch::Scratch;
use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;
use weights::BertWeights;

pub use kernels::Isa;
#[cfg(feature = "torch")]
pub(crate) use kernels::PART;
pub use peak::{Product, peak};
pub use precision::{AGREEMENT, Precision};

/// Tokens of a chunk, unless one window has more: enough rows that reading the weights does
/// not count, few enough that threads end together.
const CHUNK: usize = 256;

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// How a native engine computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NativeOptions {
    /// Arithmetic.
    pub precision: Precision,
    /// Vector instructions; must be [`Isa::is_here`].
    pub isa: Isa,
}

impl Default for NativeOptions {
    fn default() -> Self {
        Self { precision: Precision::Auto, isa: Isa::best() }
    }
}

/// A model in memory, and the threads that run it.
pub struct NativeEngine {
    weights: BertWeights,
    precision: Precision,
    labels: usize,
    tags: usize,
    pool: Arc<rayon::ThreadPool>,
}

impl NativeEngine {
    /// Loads a model in f32; `threads` is at least 1.
    pub fn new(model: &Model, threads: usize) -> Result<Self, NativeError> {
        let options = NativeOptions { precision: Precision::F32, ..NativeOptions::default() };
        Self::with(model, &options, Arc::new(thread_pool(threads)?))
    }

    /// Loads a BERT model, or MPNet with our heads; it is run by the threads of `pool`.
    pub fn with(model: &Model, options: &NativeOptions, pool: Arc<rayon::ThreadPool>) -> Result<Self, NativeError> {
        let unsupported = |reason: String| EngineError::Unsupported {
            engine: "native",
            reason,
            hint: "use --engine torch (a build with --features torch), BERT, or MPNet of `veracity train`".into(),
        };
        match (model.config.family, &model.config.veracity) {
            (Family::Bert, _) | (Family::Mpnet, Some(_)) => {}
            (family, _) => return Err(unsupported(format!("model_type {family:?} is not supported")).into()),
        }
        if model.config.activation != "gelu" {
            return Err(unsupported(format!("activation `{}` is not supported", model.config.activation)).into());
        }
        if !options.isa.is_here() {
            return Err(unsupported(format!("this processor has no {}", options.isa)).into());
        }
        let precision = options.precision.resolve(&model.config, options.isa);
        Ok(Self {
            weights: pool.install(|| BertWeights::read(model, precision, options.isa))?,
            precision,
            labels: model.config.labels.len(),
            tags: model.config.tag_columns(),
            pool,
        })
    }

    /// The vector instructions in use.
    pub fn isa(&self) -> Isa {
        self.weights.isa
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

    fn precision(&self) -> &'static str {
        self.precision.name()
    }

    fn forward(&self, batch: &Batch) -> Result<Logits, EngineError> {
        super::check("native", batch, self.weights.places.nrows(), self.weights.words.nrows())?;
        let run = |windows: Range<usize>| {
            SCRATCH.with_borrow_mut(|scratch| forward::chunk(&self.weights, batch, windows, scratch))
        };
        let parts: Vec<ChunkLogits> =
            self.pool.install(|| chunks(batch).into_par_iter().with_max_len(1).map(run).collect());
        let shape = |rows: usize, columns: usize, values: Vec<f32>| {
            Array2::from_shape_vec((rows, columns), values)
                .map_err(|e| EngineError::Compute { engine: "native", reason: e.to_string() })
        };
        let sentences = parts.iter().flat_map(|p| &p.sentences).copied().collect();
        let tokens = parts.iter().flat_map(|p| &p.tokens).copied().collect();
        Ok(Logits {
            sentences: shape(batch.pieces.len(), self.labels, sentences)?,
            tokens: shape(batch.ids.len(), self.tags, tokens)?,
        })
    }
}

/// Runs of windows that go through the encoder together.
fn chunks(batch: &Batch) -> Vec<Range<usize>> {
    let mut chunks: Vec<Range<usize>> = Vec::new();
    for window in 0..batch.len() {
        match chunks.last_mut() {
            Some(chunk) if batch.bounds[window + 1] - batch.bounds[chunk.start] <= CHUNK => chunk.end = window + 1,
            _ => chunks.push(window..window + 1),
        }
    }
    chunks
}
