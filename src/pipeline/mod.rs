//! Articles in, labelled articles out.

mod labeler;

pub use labeler::Labeler;

use crate::engine::Engine;
use crate::engine::native::{NativeEngine, NativeError};
use crate::error::{EngineError, Hint, ModelError};
use crate::model::Model;

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

/// Makes an engine for a model.
pub fn open_engine(model: &Model, kind: EngineKind, threads: usize) -> Result<Box<dyn Engine>, OpenError> {
    match kind {
        EngineKind::Native => Ok(Box::new(NativeEngine::new(model, threads)?)),
        #[cfg(feature = "torch")]
        EngineKind::Torch => Ok(Box::new(crate::engine::torch::TorchEngine::new(model, threads)?)),
        #[cfg(not(feature = "torch"))]
        EngineKind::Torch => Err(EngineError::Unsupported {
            engine: "torch",
            reason: "this program was built without it".into(),
            hint: "build with `cargo build --release --features torch` after `make libtorch`".into(),
        }
        .into()),
    }
}
