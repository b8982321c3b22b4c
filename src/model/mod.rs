//! The model folder, in Hugging Face convention: `config.json`, `tokenizer.json`,
//! `model.safetensors` or its shards.

mod config;
pub mod layout;
mod weights;

pub use config::{Agreement, Family, Heads, ModelConfig, Pooling, ROLES, TAGS};
pub use weights::{INDEX, WEIGHTS, Weights, files, scale_name};

use crate::encode::{Layout, Tokens};
use crate::error::ModelError;
use std::path::{Path, PathBuf};

const MISMATCH: &str = "config.json and the weights must be of one model; copy both again from where it came from";

/// A model folder, read and checked.
pub struct Model {
    /// The folder.
    pub dir: PathBuf,
    /// `config.json`.
    pub config: ModelConfig,
    /// `tokenizer.json`.
    pub tokens: Tokens,
    /// `model.safetensors`, or its shards.
    pub weights: Weights,
}

impl Model {
    /// Reads a folder. Every tensor that the configuration asks for is there in its shape.
    pub fn open(dir: &Path) -> Result<Self, ModelError> {
        if !dir.is_dir() {
            let error = std::io::Error::new(std::io::ErrorKind::NotFound, "no such model folder");
            return Err(ModelError::Io { path: dir.into(), error });
        }
        let config = ModelConfig::read(&dir.join("config.json"))?;
        let tokens = Tokens::open(&dir.join("tokenizer.json"), config.vocab)?;
        let weights = Weights::of_folder(dir)?;
        let model = Self { dir: dir.into(), config, tokens, weights };
        model.check_shapes()?;
        Ok(model)
    }

    /// How this model's windows are laid out.
    pub fn layout(&self) -> Layout {
        Layout {
            window: self.config.window(),
            title: self.config.veracity.as_ref().map_or(0, |h| h.title_tokens),
            lone: self.config.veracity.is_none(),
            first: self.tokens.first(),
            last: self.tokens.last(),
        }
    }

    /// BLAKE3 of the files of weights, in hexadecimal: the model's identity.
    pub fn hash(&self) -> String {
        self.weights.hash()
    }

    /// Number of parameters that the model uses.
    pub fn parameters(&self) -> usize {
        layout::all(&self.config).iter().map(|(_, shape)| shape.iter().product::<usize>()).sum()
    }

    /// Reads every tensor that the model uses: shapes, types, finite values.
    pub fn verify(&self) -> Result<(), ModelError> {
        layout::all(&self.config).iter().try_for_each(|(name, shape)| self.weights.values(name, shape).map(drop))
    }

    fn check_shapes(&self) -> Result<(), ModelError> {
        let found: std::collections::HashMap<_, _> = self.weights.shapes().into_iter().collect();
        // A layer has many tensors; a wild number must not become a long list of names.
        if self.config.layers > found.len() {
            return Err(ModelError::Invalid {
                path: self.dir.join("config.json"),
                reason: format!(
                    "num_hidden_layers is {}, but model.safetensors holds {} tensors in all",
                    self.config.layers,
                    found.len()
                ),
                hint: MISMATCH.into(),
            });
        }
        for (name, shape) in layout::all(&self.config) {
            let reason = match found.get(&name) {
                Some(actual) if *actual == shape => continue,
                Some(actual) => format!("tensor `{name}` has shape {actual:?}, config.json asks for {shape:?}"),
                None => format!("tensor `{name}` is missing"),
            };
            return Err(ModelError::Invalid { path: self.weights.path().into(), reason, hint: MISMATCH.into() });
        }
        Ok(())
    }
}
