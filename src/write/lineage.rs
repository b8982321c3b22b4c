//! Where labels come from: the model, and how it was computed.

use crate::error::ModelError;
use crate::pipeline::{EngineKind, Labeler, Options};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// What decides which labels an article gets. Two outputs of one lineage agree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lineage {
    /// Version of veracity.
    pub version: String,
    /// BLAKE3 of the files of weights, one behind the other, in hexadecimal.
    pub model: String,
    /// BLAKE3 of `config.json` and, behind it, `tokenizer.json`.
    pub config: String,
    /// Engine: `native` or `torch`.
    pub engine: String,
    /// Arithmetic, after `auto` has been resolved.
    pub precision: String,
    /// Vector instructions of the engine native.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub isa: Option<String>,
    /// Labels of the model, in its order.
    pub labels: Vec<String>,
    /// Sentences below this confidence are `uncertain`.
    pub min_confidence: f32,
}

impl Lineage {
    /// The lineage of what `labeler`, made of the folder `dir` with `options`, says. Reads the
    /// folder's files.
    pub fn of(dir: &Path, options: &Options, labeler: &Labeler, min_confidence: f32) -> Result<Self, ModelError> {
        let native = options.engine == EngineKind::Native;
        Ok(Self {
            version: env!("CARGO_PKG_VERSION").into(),
            model: hash(&crate::model::files(dir)?.1)?,
            config: hash(&["config.json", "tokenizer.json"].map(|name| dir.join(name)))?,
            engine: labeler.engine().name().into(),
            precision: labeler.engine().precision().into(),
            isa: native.then(|| options.isa.to_string()),
            labels: labeler.labels().to_vec(),
            min_confidence,
        })
    }

    /// Names and values, as they stand in a file's metadata.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![
            ("version", self.version.clone()),
            ("model", self.model.clone()),
            ("config", self.config.clone()),
            ("engine", self.engine.clone()),
            ("precision", self.precision.clone()),
        ];
        pairs.extend(self.isa.clone().map(|isa| ("isa", isa)));
        pairs.push(("labels", self.labels.join(",")));
        pairs.push(("min_confidence", self.min_confidence.to_string()));
        pairs
    }
}

fn hash(paths: &[PathBuf]) -> Result<String, ModelError> {
    let mut hasher = blake3::Hasher::new();
    for path in paths {
        let read = File::open(path).and_then(|mut file| io::copy(&mut file, &mut hasher));
        read.map_err(|error| ModelError::Io { path: path.clone(), error })?;
    }
    Ok(hasher.finalize().to_hex().to_string())
}
