//! A model's weights as the native engine wants them: packed for its kernels.

use super::Precision;
use super::kernels::{Distances, Isa, Kind, Packed, query_scale};
use crate::engine::distance::{FIRST, bucket};
use crate::error::ModelError;
use crate::model::layout::{DISTANCES, layer_names, prefix};
use crate::model::{Family, Model, ModelConfig, Weights};
use ndarray::{Array2, s};
use rayon::prelude::*;

/// Layer norm parameters, shape `[width]` each.
pub(super) struct NormWeights {
    pub(super) weight: Vec<f32>,
    pub(super) bias: Vec<f32>,
}

impl NormWeights {
    fn read(w: &Weights, name: &str, n: usize) -> Result<Self, ModelError> {
        Ok(Self { weight: w.values(&format!("{name}.weight"), &[n])?, bias: w.values(&format!("{name}.bias"), &[n])? })
    }
}

/// One transformer layer.
pub(super) struct Layer {
    /// Query, key and value side by side; the queries are scaled for the attention.
    pub(super) qkv: Packed,
    pub(super) attention_out: Packed,
    pub(super) attention_norm: NormWeights,
    pub(super) up: Packed,
    /// In bytes, for a left side in parts.
    pub(super) down: Packed,
    pub(super) norm: NormWeights,
}

/// The sentence head.
pub(super) enum SentenceHead {
    /// Ours: mean of the piece's tokens, then a dense layer.
    Mean { classifier: Packed },
    /// Hugging Face's: tanh of a dense layer on the first token, then a dense layer.
    Pooler { pooler: Packed, classifier: Packed },
}

/// All of a model.
pub(super) struct BertWeights {
    /// Shape `[vocab, width]`.
    pub(super) words: Array2<f32>,
    /// Position embedding, plus the embedding of segment 0 if there are segments, of each place in
    /// a window, shape `[places, width]`.
    pub(super) places: Array2<f32>,
    pub(super) embedding_norm: NormWeights,
    pub(super) layers: Vec<Layer>,
    pub(super) sentence: SentenceHead,
    pub(super) tokens: Option<Packed>,
    /// For the sentence head and for the token head: shares of the layers in what it reads.
    pub(super) mixes: [Option<Vec<f32>>; 2],
    pub(super) width: usize,
    pub(super) intermediate: usize,
    pub(super) heads: usize,
    /// What attention adds by distance, the same in all layers.
    pub(super) distances: Option<Distances>,
    pub(super) eps: f32,
    pub(super) isa: Isa,
    /// Arithmetic of the layers' products.
    pub(super) kind: Kind,
    /// Whether attention multiplies in bf16.
    pub(super) halves: bool,
}

/// Reads and packs.
struct Reader<'a> {
    w: &'a Weights,
    c: &'a ModelConfig,
    isa: Isa,
}

impl BertWeights {
    /// `precision` is not [`Precision::Auto`].
    pub(super) fn read(model: &Model, precision: Precision, isa: Isa) -> Result<Self, ModelError> {
        let (w, c) = (&model.weights, &model.config);
        let kind = match precision {
            Precision::Auto | Precision::F32 => Kind::F32,
            Precision::Bf16 => Kind::Bf16,
            Precision::Int8 => Kind::I8,
        };
        let reader = Reader { w, c, isa };
        let p = prefix(c.family);
        let matrix = |name: &str, rows: usize| w.matrix(&format!("{p}embeddings.{name}.weight"), rows, c.hidden);
        let mut places = matrix("position_embeddings", c.positions)?;
        let mpnet = c.family == Family::Mpnet;
        if mpnet {
            places = places.slice_move(s![FIRST.., ..]);
        } else {
            places += &matrix("token_type_embeddings", c.types)?.row(0);
        }
        let distances = if mpnet { Some(reader.distances(places.nrows())?) } else { None };
        let layers: Result<Vec<_>, _> = (0..c.layers).into_par_iter().map(|l| reader.layer(kind, l)).collect();
        let halves = kind != Kind::F32 && (kind == Kind::Bf16 || isa.has_bf16()) && (c.hidden / c.heads) % 2 == 0;
        Ok(Self {
            words: matrix("word_embeddings", c.vocab)?,
            places,
            embedding_norm: NormWeights::read(w, &format!("{p}embeddings.LayerNorm"), c.hidden)?,
            layers: layers?,
            sentence: reader.sentence_head()?,
            tokens: match c.tag_columns() {
                0 => None,
                tags => Some(reader.dense(Kind::F32, "token_classifier", tags, c.hidden)?),
            },
            mixes: [reader.mix("layer_mix.sentence")?, reader.mix("layer_mix.tokens")?],
            width: c.hidden,
            intermediate: c.intermediate,
            heads: c.heads,
            distances,
            eps: c.layer_norm_eps,
            isa,
            kind,
            halves,
        })
    }
}

impl BertWeights {
    /// A row of the word embeddings.
    pub(super) fn word(&self, id: usize) -> &[f32] {
        self.words.row(id).to_slice().unwrap_or_default()
    }

    /// A row of the position embeddings.
    pub(super) fn place(&self, place: usize) -> &[f32] {
        self.places.row(place).to_slice().unwrap_or_default()
    }
}

impl Reader<'_> {
    fn values(&self, name: &str, rows: usize, columns: usize) -> Result<[Vec<f32>; 2], ModelError> {
        let weight = self.w.values(&format!("{name}.weight"), &[rows, columns])?;
        Ok([weight, self.w.values(&format!("{name}.bias"), &[rows])?])
    }

    fn dense(&self, kind: Kind, name: &str, rows: usize, columns: usize) -> Result<Packed, ModelError> {
        let [weight, bias] = self.values(name, rows, columns)?;
        Ok(Packed::new(self.isa, kind, &weight, &bias))
    }

    fn down(&self, kind: Kind, name: &str, rows: usize, columns: usize) -> Result<Packed, ModelError> {
        let [weight, bias] = self.values(name, rows, columns)?;
        Ok(if kind == Kind::I8 {
            Packed::for_parts(self.isa, &weight, &bias)
        } else {
            Packed::new(self.isa, kind, &weight, &bias)
        })
    }

    fn layer(&self, kind: Kind, l: usize) -> Result<Layer, ModelError> {
        let c = self.c;
        let names = layer_names(c.family, prefix(c.family), l);
        let (h, f) = (c.hidden, c.intermediate);
        let mut qkv = self.values(&names.dense[0], h, h)?;
        let scale = query_scale(h / c.heads);
        qkv.iter_mut().flatten().for_each(|v| *v *= scale);
        for name in &names.dense[1..3] {
            let part = self.values(name, h, h)?;
            qkv.iter_mut().zip(part).for_each(|(all, part)| all.extend(part));
        }
        Ok(Layer {
            qkv: Packed::new(self.isa, kind, &qkv[0], &qkv[1]),
            attention_out: self.dense(kind, &names.dense[3], h, h)?,
            attention_norm: NormWeights::read(self.w, &names.norm[0], h)?,
            up: self.dense(kind, &names.dense[4], f, h)?,
            down: self.down(kind, &names.dense[5], h, f)?,
            norm: NormWeights::read(self.w, &names.norm[1], h)?,
        })
    }

    /// For windows of at most so many tokens.
    fn distances(&self, longest: usize) -> Result<Distances, ModelError> {
        let name = format!("{}encoder.relative_attention_bias.weight", prefix(self.c.family));
        let table = self.w.matrix(&name, DISTANCES, self.c.heads)?;
        let of = |head: usize, ahead: i64| table[[bucket(ahead) as usize, head]];
        Ok(Distances::new(self.c.heads, longest, of))
    }

    fn mix(&self, name: &str) -> Result<Option<Vec<f32>>, ModelError> {
        let mixed = self.c.veracity.as_ref().is_some_and(|h| h.layer_mix);
        if !mixed || (name == "layer_mix.tokens" && self.c.tag_columns() == 0) {
            return Ok(None);
        }
        let raw = self.w.vector(name, self.c.layers)?;
        Ok(Some(crate::decode::softmax(raw.view(), 1.0)))
    }

    fn sentence_head(&self) -> Result<SentenceHead, ModelError> {
        let (labels, hidden) = (self.c.labels.len(), self.c.hidden);
        let classifier = self.dense(Kind::F32, "classifier", labels, hidden)?;
        if self.c.veracity.is_some() {
            return Ok(SentenceHead::Mean { classifier });
        }
        Ok(SentenceHead::Pooler { pooler: self.dense(Kind::F32, "bert.pooler.dense", hidden, hidden)?, classifier })
    }
}
