//! Articles in, labelled articles out.

mod arrow;
mod labeler;
pub(crate) mod stages;
mod stream;

pub use arrow::{BatchError, Columns, label_batch};
pub use labeler::{Labeler, Prepared};
pub use stream::{LabelStream, Labelled};

use crate::engine::native::{Isa, NativeEngine, NativeError, NativeOptions, Precision};
use crate::engine::{Engine, thread_pool};
use crate::error::{EngineError, Hint, ModelError};
use crate::model::Model;
use std::sync::Arc;

/// Which implementation runs the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineKind {
    /// Embedded, pure Rust.
    Native,
    /// rust-bert on libtorch.
    Torch,
}

/// Why a labeler could not be made.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The model folder.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl From<NativeError> for OpenError {
    fn from(e: NativeError) -> Self {
        match e {
            NativeError::Model(e) => Self::Model(e),
            NativeError::Engine(e) => Self::Engine(e),
        }
    }
}

impl Hint for OpenError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Model(e) => e.hint(),
            Self::Engine(e) => e.hint(),
        }
    }
}

/// How a labeler computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// What computes the model.
    pub engine: EngineKind,
    /// Threads, at least 1.
    pub threads: usize,
    /// Arithmetic; the engine torch takes `Auto` and `F32`, which are f32 there, and `Bf16` of
    /// models with our heads.
    pub precision: Precision,
    /// Vector instructions of the native engine.
    pub isa: Isa,
    /// Tokens in one call of the engine. Bounds the memory; it does not change any result.
    pub batch_tokens: usize,
}

impl Options {
    /// Tokens in one call of the engine, unless told otherwise.
    pub const BATCH_TOKENS: usize = 32 * 1024;

    /// An engine with so many threads, and for the rest what suits most.
    pub fn new(engine: EngineKind, threads: usize) -> Self {
        let NativeOptions { precision, isa } = NativeOptions::default();
        Self { engine, threads, precision, isa, batch_tokens: Self::BATCH_TOKENS }
    }
}

/// Makes an engine for a model, in f32.
pub fn open_engine(model: &Model, kind: EngineKind, threads: usize) -> Result<Box<dyn Engine>, OpenError> {
    let options = Options { precision: Precision::F32, ..Options::new(kind, threads) };
    engine(model, &options, Arc::new(thread_pool(threads)?))
}

fn engine(model: &Model, options: &Options, pool: Arc<rayon::ThreadPool>) -> Result<Box<dyn Engine>, OpenError> {
    match options.engine {
        EngineKind::Native => {
            let native = NativeOptions { precision: options.precision, isa: options.isa };
            Ok(Box::new(NativeEngine::with(model, &native, pool)?))
        }
        #[cfg(feature = "torch")]
        EngineKind::Torch => {
            use crate::engine::torch::TorchEngine;
            let refused = |hint: &str| {
                let reason = format!("it does not compute this model in {}", options.precision);
                Err(EngineError::Unsupported { engine: "torch", reason, hint: hint.into() }.into())
            };
            match options.precision {
                Precision::Auto | Precision::F32 => Ok(Box::new(TorchEngine::new(model, options.threads)?)),
                // rust-bert's classifiers add f32 masks.
                Precision::Bf16 if model.config.veracity.is_none() => refused("use --precision f32"),
                Precision::Bf16 => Ok(Box::new(TorchEngine::new(model, options.threads)?.in_bf16())),
                Precision::Int8 => refused("use --precision f32, or --engine native"),
            }
        }
        #[cfg(not(feature = "torch"))]
        EngineKind::Torch => Err(EngineError::Unsupported {
            engine: "torch",
            reason: "this program was built without it".into(),
            hint: "build with `cargo build --release --features torch` after `make libtorch`".into(),
        }
        .into()),
    }
}
