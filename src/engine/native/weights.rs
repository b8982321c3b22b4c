//! A model's weights as the native engine wants them.

use crate::error::ModelError;
use crate::model::layout::{layer_names, prefix};
use crate::model::{Model, ModelConfig, Weights};
use ndarray::{Array1, Array2, Axis, concatenate, linalg::general_mat_mul};

/// A dense layer: `y = x W^T + b`.
pub(super) struct Dense {
    /// Shape `[out, in]`.
    weight: Array2<f32>,
    /// Shape `[out]`.
    bias: Array1<f32>,
}

impl Dense {
    fn read(w: &Weights, name: &str, rows: usize, columns: usize) -> Result<Self, ModelError> {
        Ok(Self {
            weight: w.matrix(&format!("{name}.weight"), rows, columns)?,
            bias: w.vector(&format!("{name}.bias"), rows)?,
        })
    }

    /// Several dense layers of one input as one, their outputs side by side.
    fn beside(w: &Weights, names: &[String], rows: usize, columns: usize) -> Result<Self, ModelError> {
        let parts: Result<Vec<_>, _> = names.iter().map(|n| Self::read(w, n, rows, columns)).collect();
        let parts = parts?;
        let weights: Vec<_> = parts.iter().map(|d| d.weight.view()).collect();
        let biases: Vec<_> = parts.iter().map(|d| d.bias.view()).collect();
        let shape = |e: ndarray::ShapeError| ModelError::Invalid {
            path: w.path().into(),
            reason: e.to_string(),
            hint: "copy the model again from where it came from".into(),
        };
        Ok(Self {
            weight: concatenate(Axis(0), &weights).map_err(shape)?,
            bias: concatenate(Axis(0), &biases).map_err(shape)?,
        })
    }

    /// Shape `[rows, in]` to `[rows, out]`.
    pub(super) fn apply(&self, x: &Array2<f32>) -> Array2<f32> {
        let mut y = Array2::zeros((x.nrows(), self.weight.nrows()));
        y.rows_mut().into_iter().for_each(|mut row| row.assign(&self.bias));
        general_mat_mul(1.0, x, &self.weight.t(), 1.0, &mut y);
        y
    }
}

/// Layer norm parameters.
pub(super) struct Norm {
    pub(super) weight: Array1<f32>,
    pub(super) bias: Array1<f32>,
}

impl Norm {
    fn read(w: &Weights, name: &str, n: usize) -> Result<Self, ModelError> {
        Ok(Self { weight: w.vector(&format!("{name}.weight"), n)?, bias: w.vector(&format!("{name}.bias"), n)? })
    }
}

/// One transformer layer.
pub(super) struct Layer {
    /// Query, key and value side by side: out is three times the width.
    pub(super) qkv: Dense,
    pub(super) attention_out: Dense,
    pub(super) attention_norm: Norm,
    pub(super) up: Dense,
    pub(super) down: Dense,
    pub(super) norm: Norm,
}

/// The sentence head.
pub(super) enum SentenceHead {
    /// Ours: mean of the piece's tokens, then a dense layer; with shares of the layers.
    Mean { mix: Option<Array1<f32>>, classifier: Dense },
    /// Hugging Face's: tanh of a dense layer on the first token, then a dense layer.
    Pooler { pooler: Dense, classifier: Dense },
}

/// The token head.
pub(super) struct TokenHead {
    pub(super) mix: Option<Array1<f32>>,
    pub(super) classifier: Dense,
}

/// All of a model.
pub(super) struct BertWeights {
    /// Shape `[vocab, width]`.
    pub(super) words: Array2<f32>,
    /// Position embedding plus the embedding of segment 0, shape `[positions, width]`.
    pub(super) places: Array2<f32>,
    pub(super) embedding_norm: Norm,
    pub(super) layers: Vec<Layer>,
    pub(super) sentence: SentenceHead,
    pub(super) tokens: Option<TokenHead>,
    pub(super) heads: usize,
    pub(super) eps: f32,
}

impl BertWeights {
    pub(super) fn read(model: &Model) -> Result<Self, ModelError> {
        let (w, c) = (&model.weights, &model.config);
        let p = prefix(c.family);
        let matrix = |name: &str, rows: usize| w.matrix(&format!("{p}embeddings.{name}.weight"), rows, c.hidden);
        let segment = matrix("token_type_embeddings", c.types)?;
        let places = matrix("position_embeddings", c.positions)? + segment.row(0);
        let layers: Result<Vec<_>, _> = (0..c.layers).map(|l| layer(w, c, l)).collect();
        Ok(Self {
            words: matrix("word_embeddings", c.vocab)?,
            places,
            embedding_norm: Norm::read(w, &format!("{p}embeddings.LayerNorm"), c.hidden)?,
            layers: layers?,
            sentence: sentence_head(w, c)?,
            tokens: token_head(w, c)?,
            heads: c.heads,
            eps: c.layer_norm_eps,
        })
    }
}

fn layer(w: &Weights, c: &ModelConfig, l: usize) -> Result<Layer, ModelError> {
    let names = layer_names(c.family, prefix(c.family), l);
    let (h, f) = (c.hidden, c.intermediate);
    Ok(Layer {
        qkv: Dense::beside(w, &names.dense[..3], h, h)?,
        attention_out: Dense::read(w, &names.dense[3], h, h)?,
        attention_norm: Norm::read(w, &names.norm[0], h)?,
        up: Dense::read(w, &names.dense[4], f, h)?,
        down: Dense::read(w, &names.dense[5], h, f)?,
        norm: Norm::read(w, &names.norm[1], h)?,
    })
}

fn mix(w: &Weights, c: &ModelConfig, name: &str) -> Result<Option<Array1<f32>>, ModelError> {
    if !c.veracity.as_ref().is_some_and(|h| h.layer_mix) {
        return Ok(None);
    }
    let raw = w.vector(name, c.layers)?;
    Ok(Some(crate::decode::softmax(raw.view(), 1.0).into()))
}

fn sentence_head(w: &Weights, c: &ModelConfig) -> Result<SentenceHead, ModelError> {
    let classifier = Dense::read(w, "classifier", c.labels.len(), c.hidden)?;
    if c.veracity.is_some() {
        return Ok(SentenceHead::Mean { mix: mix(w, c, "layer_mix.sentence")?, classifier });
    }
    Ok(SentenceHead::Pooler { pooler: Dense::read(w, "bert.pooler.dense", c.hidden, c.hidden)?, classifier })
}

fn token_head(w: &Weights, c: &ModelConfig) -> Result<Option<TokenHead>, ModelError> {
    if c.tag_columns() == 0 {
        return Ok(None);
    }
    let classifier = Dense::read(w, "token_classifier", c.tag_columns(), c.hidden)?;
    Ok(Some(TokenHead { mix: mix(w, c, "layer_mix.tokens")?, classifier }))
}
