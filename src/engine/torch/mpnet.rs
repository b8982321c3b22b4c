//! MPNet's encoder (Song et al., MPNet: Masked and Permuted Pre-training for Language
//! Understanding, NeurIPS 2020), which rust-bert 0.23 does not have.
//!
//! It differs from BERT in three ways: no segments, positions that count from 2, and a bias
//! of the attention scores by the distance of two tokens, which all layers share.

use super::NetOptions;
use super::net::activation;
use crate::engine::distance::{FIRST, bucket};
use crate::model::ModelConfig;
use crate::model::layout::DISTANCES;
use rust_bert::{Activation, RustBertError};
use tch::nn::{self, Module};
use tch::{Device, Kind, Tensor};

/// The encoder's variables.
pub(super) struct Mpnet {
    words: nn::Embedding,
    positions: nn::Embedding,
    norm: nn::LayerNorm,
    distances: nn::Embedding,
    layers: Vec<Layer>,
    dropout: f64,
}

struct Layer {
    q: nn::Linear,
    k: nn::Linear,
    v: nn::Linear,
    o: nn::Linear,
    attended: nn::LayerNorm,
    inner: nn::Linear,
    outer: nn::Linear,
    norm: nn::LayerNorm,
    heads: i64,
    activation: fn(&Tensor) -> Tensor,
    attention_dropout: f64,
    dropout: f64,
}

impl Mpnet {
    pub(super) fn new(root: &nn::Path, config: &ModelConfig, options: &NetOptions) -> Result<Self, RustBertError> {
        let (width, inner, heads) = (config.hidden as i64, config.intermediate as i64, config.heads as i64);
        let embeddings = root / "embeddings";
        let embedding = |path: nn::Path, rows: i64, columns: i64| {
            let ws_init = nn::Init::Randn { mean: 0.0, stdev: 0.02 };
            nn::embedding(path, rows, columns, nn::EmbeddingConfig { ws_init, ..Default::default() })
        };
        let norm = |path: nn::Path| {
            let eps = f64::from(config.layer_norm_eps);
            nn::layer_norm(path, vec![width], nn::LayerNormConfig { eps, ..Default::default() })
        };
        let activation = match activation(&config.activation) {
            Some(Activation::gelu) => |x: &Tensor| x.gelu("none"),
            Some(Activation::gelu_new) => |x: &Tensor| x.gelu("tanh"),
            Some(Activation::relu) => |x: &Tensor| x.relu(),
            _ => {
                let reason = format!("activation `{}` is not supported for MPNet", config.activation);
                return Err(RustBertError::InvalidConfigurationError(reason));
            }
        };
        let layer = |i: usize| {
            let path = root / "encoder" / "layer" / i;
            let attention = &path / "attention";
            let linear = |path: nn::Path, from: i64, to: i64| nn::linear(path, from, to, Default::default());
            Layer {
                q: linear(&attention / "attn" / "q", width, width),
                k: linear(&attention / "attn" / "k", width, width),
                v: linear(&attention / "attn" / "v", width, width),
                o: linear(&attention / "attn" / "o", width, width),
                attended: norm(&attention / "LayerNorm"),
                inner: linear(&path / "intermediate" / "dense", width, inner),
                outer: linear(&path / "output" / "dense", inner, width),
                norm: norm(&path / "output" / "LayerNorm"),
                heads,
                activation,
                attention_dropout: options.attention_dropout,
                dropout: options.dropout,
            }
        };
        Ok(Self {
            words: embedding(&embeddings / "word_embeddings", config.vocab as i64, width),
            positions: embedding(&embeddings / "position_embeddings", config.positions as i64, width),
            norm: norm(&embeddings / "LayerNorm"),
            distances: embedding(root / "encoder" / "relative_attention_bias", DISTANCES as i64, heads),
            layers: (0..config.layers).map(layer).collect(),
            dropout: options.dropout,
        })
    }

    /// Hidden states after the last layer and after each, shape `[windows, length, width]`; `mask`
    /// is 1 for a token and 0 for padding, shape `[windows, length]`.
    pub(super) fn forward(&self, ids: &Tensor, mask: &Tensor, train: bool) -> (Tensor, Vec<Tensor>) {
        let (length, device) = (ids.size()[1], ids.device());
        let places = Tensor::arange_start(FIRST as i64, FIRST as i64 + length, (Kind::Int64, device));
        let embedded = self.words.forward(ids) + self.positions.forward(&places).unsqueeze(0);
        let mut hidden = self.norm.forward(&embedded).dropout(self.dropout, train);
        let kind = hidden.kind();
        // Shape [1, heads, length, length] and [windows, 1, 1, length].
        let near = self.distances.forward(&buckets(length, device)).permute([2, 0, 1]).unsqueeze(0);
        let hidden_from = ((mask.to_kind(Kind::Float) - 1.0) * 10_000.0).to_kind(kind).unsqueeze(1).unsqueeze(1);
        let bias = (near + hidden_from).reshape([-1, length, length]);
        let mut all = Vec::with_capacity(self.layers.len());
        for layer in &self.layers {
            hidden = layer.forward(&hidden, &bias, train);
            all.push(hidden.shallow_clone());
        }
        (hidden, all)
    }
}

impl Layer {
    /// `bias` has the shape `[windows * heads, length, length]`.
    fn forward(&self, input: &Tensor, bias: &Tensor, train: bool) -> Tensor {
        let size = input.size();
        let (windows, length, width) = (size[0], size[1], size[2]);
        let part = width / self.heads;
        let split = |x: Tensor| {
            x.view([windows, length, self.heads, part]).transpose(1, 2).reshape([windows * self.heads, length, part])
        };
        let q = split(self.q.forward(input) * (part as f64).powf(-0.5));
        let (k, v) = (split(self.k.forward(input)), split(self.v.forward(input)));
        let shares = bias.baddbmm(&q, &k.transpose(1, 2), 1, 1).softmax(-1, bias.kind());
        let mixed = shares.dropout(self.attention_dropout, train).bmm(&v);
        let mixed = mixed.view([windows, self.heads, length, part]).transpose(1, 2).reshape([windows, length, width]);
        let attended = self.attended.forward(&(self.o.forward(&mixed).dropout(self.dropout, train) + input));
        let inner = (self.activation)(&self.inner.forward(&attended));
        self.norm.forward(&(self.outer.forward(&inner).dropout(self.dropout, train) + &attended))
    }
}

/// Range of the distance from row to column, shape `[length, length]`.
fn buckets(length: i64, device: Device) -> Tensor {
    let all: Vec<i64> = (0..length).flat_map(|row| (0..length).map(move |column| bucket(column - row))).collect();
    Tensor::from_slice(&all).view([length, length]).to_device(device)
}
