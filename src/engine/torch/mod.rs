//! The reference engine: rust-bert's models on libtorch, CPU or CUDA.

mod foreign;
mod load;
mod mpnet;
mod net;
mod padded;
mod tune;

pub use load::{load_named, load_strict, to_tensor};
pub use net::{Net, NetOptions};
pub use padded::Padded;
pub use tune::tune;

use super::{Engine, Logits};
use crate::encode::Batch;
use crate::error::{EngineError, ModelError};
use crate::model::Model;
use ndarray::Array2;
use std::ops::Range;
use std::sync::Mutex;
use tch::{Device, Tensor};

/// Windows that run together on CUDA; on the CPU each runs alone, so that its logits
/// do not depend on its neighbours.
const CUDA_WINDOWS: usize = 64;

/// A model on libtorch.
pub struct TorchEngine {
    // libtorch's modules are not shared between threads by tch.
    net: Mutex<Net>,
    labels: usize,
    tags: usize,
    positions: usize,
    vocab: usize,
    step: usize,
    bf16: bool,
}

impl TorchEngine {
    /// Loads a model; uses CUDA when there is one. `threads` is libtorch's own on the CPU.
    pub fn new(model: &Model, threads: usize) -> Result<Self, ModelError> {
        tune();
        tch::set_num_threads(threads.clamp(1, 1024) as i32);
        let device = Device::cuda_if_available();
        let mut net = Net::new(&model.config, device, &NetOptions::default()).map_err(|e| ModelError::Invalid {
            path: model.dir.join("config.json"),
            reason: e.to_string(),
            hint: "use a BERT, DistilBERT, RoBERTa or ELECTRA model; veracity's own heads are for BERT and MPNet"
                .into(),
        })?;
        load_strict(&mut net.store, &model.weights)?;
        net.store.freeze();
        Ok(Self {
            net: Mutex::new(net),
            labels: model.config.labels.len(),
            tags: model.config.tag_columns(),
            positions: model.config.room(),
            vocab: model.config.vocab,
            step: if device.is_cuda() { CUDA_WINDOWS } else { 1 },
            bf16: false,
        })
    }

    /// The same model, which has our heads, in bfloat16: about twice as fast on a processor that
    /// has it.
    pub(crate) fn in_bf16(mut self) -> Self {
        self.net.get_mut().unwrap_or_else(|e| e.into_inner()).store.bfloat16();
        self.bf16 = true;
        self
    }

    /// Runs windows `range` of a batch together, padded, with the mask passed.
    fn forward_together(&self, batch: &Batch, range: Range<usize>) -> Result<Logits, EngineError> {
        let failed = |reason: String| EngineError::Compute { engine: "torch", reason };
        let net = self.net.lock().map_err(|_| failed("a former call panicked".into()))?;
        let inside = batch.in_pieces(range.clone());
        let padded = Padded::new(batch, range, net.store.device());
        let (sentences, tokens) = tch::no_grad(|| net.forward(&padded, false)).map_err(|e| failed(e.to_string()))?;
        let to_array = |t: &Tensor, columns: usize| -> Result<Array2<f32>, EngineError> {
            let values: Vec<f32> = Vec::try_from(t.reshape([-1]).to_kind(tch::Kind::Float))
                .map_err(|e: tch::TchError| failed(e.to_string()))?;
            let rows = values.len() / columns.max(1);
            Array2::from_shape_vec((rows, columns), values).map_err(|e| failed(e.to_string()))
        };
        let mut tokens = match tokens {
            Some(t) => to_array(&t, self.tags)?,
            None => Array2::zeros((padded.tokens, 0)),
        };
        for (mut row, inside) in tokens.rows_mut().into_iter().zip(inside) {
            if !inside {
                row.fill(0.0);
            }
        }
        Ok(Logits { sentences: to_array(&sentences, self.labels)?, tokens })
    }

    /// All windows in one padded batch; for tests of the mask.
    #[doc(hidden)]
    pub fn forward_padded(&self, batch: &Batch) -> Result<Logits, EngineError> {
        super::check("torch", batch, self.positions, self.vocab)?;
        self.forward_together(batch, 0..batch.len())
    }
}

impl Engine for TorchEngine {
    fn name(&self) -> &'static str {
        "torch"
    }

    fn precision(&self) -> &'static str {
        if self.bf16 { "bf16" } else { "f32" }
    }

    fn forward(&self, batch: &Batch) -> Result<Logits, EngineError> {
        super::check("torch", batch, self.positions, self.vocab)?;
        let mut sentences = Array2::zeros((0, self.labels));
        let mut tokens = Array2::zeros((0, self.tags));
        let failed = |e: ndarray::ShapeError| EngineError::Compute { engine: "torch", reason: e.to_string() };
        for start in (0..batch.len()).step_by(self.step) {
            let part = self.forward_together(batch, start..(start + self.step).min(batch.len()))?;
            sentences.append(ndarray::Axis(0), part.sentences.view()).map_err(failed)?;
            if self.tags > 0 {
                tokens.append(ndarray::Axis(0), part.tokens.view()).map_err(failed)?;
            }
        }
        if self.tags == 0 {
            tokens = Array2::zeros((batch.ids.len(), 0));
        }
        Ok(Logits { sentences, tokens })
    }
}
