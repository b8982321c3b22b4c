//! Our two heads, or Hugging Face's classifier, on rust-bert's encoders.

use super::Padded;
use crate::model::{Family, ModelConfig};
use rust_bert::bert::{BertConfig, BertEmbeddings, BertModel};
use rust_bert::{Activation, RustBertError};
use tch::nn::{self, Module, VarStore};
use tch::{Device, Kind, Tensor};

use super::foreign::Foreign;
use super::mpnet::Mpnet;

/// How a net is made.
#[derive(Clone, Copy, Debug, Default)]
pub struct NetOptions {
    /// Dropout of the hidden layers and before the heads, while training.
    pub dropout: f64,
    /// Dropout of the attention weights, while training.
    pub attention_dropout: f64,
}

/// A model's variables and its forward pass.
pub struct Net {
    /// All variables, under Hugging Face's names.
    pub store: VarStore,
    body: Body,
}

enum Body {
    /// Encoder with our heads.
    Heads(Box<Heads>),
    /// `*ForSequenceClassification`.
    Foreign(Box<Foreign>),
}

enum Encoder {
    Bert(Box<BertModel<BertEmbeddings>>),
    Mpnet(Box<Mpnet>),
}

struct Heads {
    encoder: Encoder,
    sentence: nn::Linear,
    sentence_mix: Option<Tensor>,
    tokens: Option<nn::Linear>,
    tokens_mix: Option<Tensor>,
    dropout: f64,
}

impl Net {
    /// Makes a net with random variables.
    pub fn new(config: &ModelConfig, device: Device, options: &NetOptions) -> Result<Self, RustBertError> {
        if activation(&config.activation).is_none() {
            let reason = format!("activation `{}` is not supported", config.activation);
            return Err(RustBertError::InvalidConfigurationError(reason));
        }
        let store = VarStore::new(device);
        let body = match (&config.veracity, config.family) {
            (Some(_), Family::Bert | Family::Mpnet) => {
                Body::Heads(Box::new(Heads::new(&store.root(), config, options)?))
            }
            (Some(_), other) => {
                return Err(RustBertError::InvalidConfigurationError(format!("no document heads for {other:?}")));
            }
            (None, _) => Body::Foreign(Box::new(Foreign::new(&store.root(), config)?)),
        };
        Ok(Self { store, body })
    }

    /// Logits of the pieces, shape `[pieces, labels]`, and of the tokens in ragged order,
    /// shape `[tokens, tags]`.
    pub fn forward(&self, input: &Padded, train: bool) -> Result<(Tensor, Option<Tensor>), RustBertError> {
        match &self.body {
            Body::Heads(heads) => heads.forward(input, train),
            Body::Foreign(model) => {
                // One row a window; a window of a lone-sentence classifier is one piece.
                let rows = model.forward(&input.ids, &input.mask)?;
                Ok((rows.index_select(0, &input.piece_window), None))
            }
        }
    }
}

impl Heads {
    fn new(root: &nn::Path, config: &ModelConfig, options: &NetOptions) -> Result<Self, RustBertError> {
        let encoder = match config.family {
            Family::Mpnet => Encoder::Mpnet(Box::new(Mpnet::new(&(root / "mpnet"), config, options)?)),
            _ => {
                let bert_config = bert_config(config, options);
                let bert = BertModel::new_with_optional_pooler(root / "bert", &bert_config, false);
                Encoder::Bert(Box::new(bert))
            }
        };
        let width = config.hidden as i64;
        let linear = |name: &str, columns: usize| {
            let init = nn::Init::Randn { mean: 0.0, stdev: 0.02 };
            let options = nn::LinearConfig { ws_init: init, bs_init: Some(nn::Init::Const(0.0)), bias: true };
            nn::linear(root / name, width, columns as i64, options)
        };
        let mixed = config.veracity.as_ref().is_some_and(|h| h.layer_mix);
        let tagged = config.tag_columns() > 0;
        let mix = |name: &str| (root / "layer_mix").zeros(name, &[config.layers as i64]);
        Ok(Self {
            encoder,
            sentence: linear("classifier", config.labels.len()),
            sentence_mix: mixed.then(|| mix("sentence")),
            tokens: tagged.then(|| linear("token_classifier", config.tag_columns())),
            tokens_mix: (mixed && tagged).then(|| mix("tokens")),
            dropout: options.dropout,
        })
    }

    fn forward(&self, input: &Padded, train: bool) -> Result<(Tensor, Option<Tensor>), RustBertError> {
        let (last, layers) = self.encoder.forward(input, train)?;
        let width = last.size()[2];
        let mixed = |weights: &Option<Tensor>| match weights {
            None => last.view([-1, width]),
            Some(w) => {
                let shares = w.softmax(0, w.kind());
                let weighted = layers.iter().enumerate().map(|(i, layer)| layer * shares.get(i as i64));
                weighted.sum::<Tensor>().view([-1, width])
            }
        };
        let hidden = mixed(&self.sentence_mix);
        let own = hidden.index_select(0, &input.piece_rows);
        let sums = Tensor::zeros([input.piece_sizes.size()[0], width], (Kind::Float, hidden.device())).index_add(
            0,
            &input.piece_of,
            &own.to_kind(Kind::Float),
        );
        let pooled = (sums / &input.piece_sizes).to_kind(hidden.kind());
        let sentences = self.sentence.forward(&pooled.dropout(self.dropout, train));
        let tokens = self.tokens.as_ref().map(|head| {
            let rows = mixed(&self.tokens_mix).index_select(0, &input.rows);
            head.forward(&rows.dropout(self.dropout, train))
        });
        Ok((sentences, tokens))
    }
}

impl Encoder {
    /// Hidden states of the last layer and of all, shape `[windows, length, width]` each.
    fn forward(&self, input: &Padded, train: bool) -> Result<(Tensor, Vec<Tensor>), RustBertError> {
        Ok(match self {
            Self::Bert(bert) => {
                let (ids, mask) = (Some(&input.ids), Some(&input.mask));
                let output = bert.forward_t(ids, mask, None, None, None, None, None, train)?;
                (output.hidden_state, output.all_hidden_states.unwrap_or_default())
            }
            Self::Mpnet(mpnet) => mpnet.forward(&input.ids, &input.mask, train),
        })
    }
}

/// rust-bert's view of our configuration.
pub(super) fn bert_config(config: &ModelConfig, options: &NetOptions) -> BertConfig {
    BertConfig {
        hidden_act: activation(&config.activation).unwrap_or(Activation::gelu),
        attention_probs_dropout_prob: options.attention_dropout,
        hidden_dropout_prob: options.dropout,
        hidden_size: config.hidden as i64,
        initializer_range: 0.02,
        intermediate_size: config.intermediate as i64,
        max_position_embeddings: config.positions as i64,
        num_attention_heads: config.heads as i64,
        num_hidden_layers: config.layers as i64,
        type_vocab_size: config.types as i64,
        vocab_size: config.vocab as i64,
        output_attentions: None,
        output_hidden_states: Some(config.veracity.is_some()),
        is_decoder: None,
        id2label: Some(config.labels.iter().enumerate().map(|(i, l)| (i as i64, l.clone())).collect()),
        label2id: None,
    }
}

/// By Hugging Face's name; the several approximations of GELU by a tanh are one.
pub(super) fn activation(name: &str) -> Option<Activation> {
    Some(match name {
        "gelu" | "gelu_python" => Activation::gelu,
        "gelu_new" | "gelu_fast" | "gelu_pytorch_tanh" => Activation::gelu_new,
        "relu" => Activation::relu,
        "swish" | "silu" => Activation::swish,
        "mish" => Activation::mish,
        "tanh" => Activation::tanh,
        _ => return None,
    })
}
