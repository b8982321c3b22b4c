//! `config.json`: the Hugging Face fields that we need, and our own `veracity` section.

use crate::error::ModelError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// Encoder family, by `model_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// BERT: both engines.
    Bert,
    /// DistilBERT: engine `torch` alone.
    Distilbert,
    /// RoBERTa: engine `torch` alone.
    Roberta,
    /// ELECTRA: engine `torch` alone.
    Electra,
    /// MPNet, with our heads alone: both engines.
    Mpnet,
}

/// Span roles of the token head, in the order of its tag groups.
pub const ROLES: [&str; 3] = ["source", "cue", "content"];
/// Tags of each role, in the order of the token head's columns: outside, begin, inside.
pub const TAGS: usize = 3;

/// Our section of `config.json`. A folder without it is a lone-sentence classifier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heads {
    /// Version of this section's meaning; this program knows 1.
    pub format: u32,
    /// Longest window in tokens, special tokens counted.
    pub window: usize,
    /// Most tokens of the title that are put in front of a window.
    pub title_tokens: usize,
    /// Pooling of the sentence head: `mean` over the hidden states of a sentence's own tokens.
    pub pooling: Pooling,
    /// Whether each head reads a learned weighted sum of all layers, or the last layer.
    pub layer_mix: bool,
    /// Roles of the token head, three columns each (O, B, I); empty: no token head.
    pub roles: Vec<String>,
    /// Divides the sentence logits before the softmax; 1 when not calibrated.
    pub temperature: f32,
    /// Share of labels on development articles that are those of f32, where it was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Agreement>,
}

/// Share of labels that a faster arithmetic keeps, from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// bfloat16.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bf16: Option<f64>,
    /// Bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub int8: Option<f64>,
}

/// How a sentence's tokens become one vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pooling {
    /// Mean of the hidden states of the sentence's own tokens.
    Mean,
}

/// What both engines and the encoder need to know of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelConfig {
    /// Encoder family.
    pub family: Family,
    /// Width of the hidden states.
    pub hidden: usize,
    /// Width of the feed-forward layer.
    pub intermediate: usize,
    /// Number of transformer layers.
    pub layers: usize,
    /// Number of attention heads.
    pub heads: usize,
    /// Number of token ids.
    pub vocab: usize,
    /// Longest sequence that has position embeddings.
    pub positions: usize,
    /// Number of segment ids.
    pub types: usize,
    /// Added to the variance in layer norms.
    pub layer_norm_eps: f32,
    /// Activation of the feed-forward layer, as named by Hugging Face.
    pub activation: String,
    /// Labels in the order of the sentence logits.
    pub labels: Vec<String>,
    /// Our section; `None` for a lone-sentence classifier.
    pub veracity: Option<Heads>,
    /// The file's own JSON, for what is passed on unread.
    pub raw: serde_json::Value,
}

#[derive(Deserialize)]
struct Raw {
    model_type: String,
    #[serde(alias = "dim")]
    hidden_size: usize,
    #[serde(alias = "hidden_dim")]
    intermediate_size: usize,
    #[serde(alias = "n_layers")]
    num_hidden_layers: usize,
    #[serde(alias = "n_heads")]
    num_attention_heads: usize,
    vocab_size: usize,
    max_position_embeddings: usize,
    #[serde(default = "one")]
    type_vocab_size: usize,
    #[serde(default = "default_eps")]
    layer_norm_eps: f32,
    #[serde(default = "gelu", alias = "activation")]
    hidden_act: String,
    #[serde(default)]
    veracity: Option<Heads>,
}

fn one() -> usize {
    1
}
fn default_eps() -> f32 {
    1e-12
}
fn gelu() -> String {
    "gelu".into()
}

impl ModelConfig {
    /// Reads a classifier's `config.json` and checks that its numbers fit together.
    pub fn read(path: &Path) -> Result<Self, ModelError> {
        let mut config = Self::read_encoder(path)?;
        let id2label: BTreeMap<String, String> =
            serde_json::from_value(config.raw["id2label"].clone()).unwrap_or_default();
        config.labels = labels(&id2label).map_err(|reason| ModelError::Invalid {
            path: path.into(),
            reason,
            hint: "id2label must map \"0\", \"1\", ... to the labels, one for each logit".into(),
        })?;
        Ok(config)
    }

    /// Reads the `config.json` of a bare encoder, which names no labels.
    pub fn read_encoder(path: &Path) -> Result<Self, ModelError> {
        let bytes = std::fs::read(path).map_err(|error| ModelError::Io { path: path.into(), error })?;
        let invalid = |reason: String, hint: &str| ModelError::Invalid { path: path.into(), reason, hint: hint.into() };
        let raw: serde_json::Value = serde_json::from_slice(&bytes)
            .map_err(|e| invalid(format!("not JSON: {e}"), "restore the file from where the model came from"))?;
        // First, as a newer format may have fields that this program does not know.
        let format = &raw["veracity"]["format"];
        if !(format.is_null() || format.as_u64() == Some(1)) {
            return Err(invalid(
                format!("veracity.format is {format}, this program knows 1"),
                "use a newer veracity, or a model of format 1",
            ));
        }
        let known: Raw = serde_json::from_value(raw.clone()).map_err(|e| {
            invalid(e.to_string(), "the file must follow the Hugging Face convention for BERT-family models")
        })?;
        let family = match known.model_type.as_str() {
            "bert" => Family::Bert,
            "distilbert" => Family::Distilbert,
            "roberta" => Family::Roberta,
            "electra" => Family::Electra,
            "mpnet" => Family::Mpnet,
            other => {
                return Err(invalid(
                    format!("model_type `{other}` is not supported"),
                    "use a bert, distilbert, roberta, electra or mpnet model",
                ));
            }
        };
        let config = Self {
            family,
            hidden: known.hidden_size,
            intermediate: known.intermediate_size,
            layers: known.num_hidden_layers,
            heads: known.num_attention_heads,
            vocab: known.vocab_size,
            positions: known.max_position_embeddings,
            types: known.type_vocab_size,
            layer_norm_eps: known.layer_norm_eps,
            activation: known.hidden_act,
            labels: Vec::new(),
            veracity: known.veracity,
            raw,
        };
        config.check().map_err(|reason| invalid(reason, "restore the file from where the model came from"))?;
        Ok(config)
    }

    fn check(&self) -> Result<(), String> {
        let sizes = [
            ("hidden_size", self.hidden),
            ("intermediate_size", self.intermediate),
            ("num_hidden_layers", self.layers),
            ("num_attention_heads", self.heads),
            ("vocab_size", self.vocab),
            ("type_vocab_size", self.types),
        ];
        for (name, value) in sizes {
            if value == 0 || value > 1 << 24 {
                return Err(format!("{name} is {value}"));
            }
        }
        if !self.hidden.is_multiple_of(self.heads) {
            return Err(format!("hidden_size {} is not a multiple of num_attention_heads {}", self.hidden, self.heads));
        }
        if self.positions < 8 {
            return Err(format!("max_position_embeddings is {}", self.positions));
        }
        if !(0.0..1.0).contains(&self.layer_norm_eps) {
            return Err(format!("layer_norm_eps is {}", self.layer_norm_eps));
        }
        let places = &self.raw["position_embedding_type"];
        if !places.is_null() && places != "absolute" {
            return Err(format!("position_embedding_type {places} is not supported, `absolute` is"));
        }
        if let Some(heads) = &self.veracity {
            if heads.window < 16 || heads.window > self.room() {
                return Err(format!("veracity.window is {}, must be 16 to {}", heads.window, self.room()));
            }
            if heads.title_tokens > heads.window / 2 {
                return Err(format!("veracity.title_tokens {} exceeds half the window", heads.title_tokens));
            }
            if !(heads.temperature.is_finite() && heads.temperature > 0.0) {
                return Err(format!("veracity.temperature is {}", heads.temperature));
            }
            if !heads.roles.is_empty() && heads.roles != ROLES {
                return Err(format!("veracity.roles is {:?}, this program knows {ROLES:?}", heads.roles));
            }
        }
        Ok(())
    }

    /// Columns of the token head's logits; 0 when the model has no token head.
    pub fn tag_columns(&self) -> usize {
        self.veracity.as_ref().map_or(0, |h| h.roles.len() * TAGS)
    }

    /// Longest sequence that the encoder takes.
    pub fn room(&self) -> usize {
        // RoBERTa's and MPNet's position ids start at 2.
        let late = matches!(self.family, Family::Roberta | Family::Mpnet);
        if late { self.positions.saturating_sub(2) } else { self.positions }
    }

    /// Longest window in tokens, special tokens counted.
    pub fn window(&self) -> usize {
        self.veracity.as_ref().map_or(self.room(), |h| h.window)
    }

    /// Divides the sentence logits before the softmax.
    pub fn temperature(&self) -> f32 {
        self.veracity.as_ref().map_or(1.0, |h| h.temperature)
    }
}

fn labels(id2label: &BTreeMap<String, String>) -> Result<Vec<String>, String> {
    if id2label.len() < 2 {
        return Err(format!("id2label names {} labels, a classifier has at least 2", id2label.len()));
    }
    (0..id2label.len())
        .map(|i| id2label.get(&i.to_string()).cloned().ok_or_else(|| format!("id2label lacks \"{i}\"")))
        .collect()
}
