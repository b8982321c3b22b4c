//! Hugging Face's `*ForSequenceClassification` models of the BERT family.
//!
//! One deviation from transformers: rust-bert 0.23 does not read `layer_norm_eps`; its layer
//! norms add 1e-12 (ELECTRA's embeddings excepted). That is what BERT, DistilBERT and
//! ELECTRA models are published with; RoBERTa models come with 1e-5, and their hidden states
//! differ by a relative `eps / (2 variance)`. On the tests' RoBERTa the logits move by less
//! than 1e-4; where a layer norm's input varies little, the difference is larger.

use super::NetOptions;
use super::net::bert_config;
use crate::model::{Family, ModelConfig};
use rust_bert::RustBertError;
use rust_bert::bert::BertForSequenceClassification;
use rust_bert::distilbert::{DistilBertConfig, DistilBertModelClassifier};
use rust_bert::electra::{ElectraConfig, ElectraModel};
use rust_bert::roberta::RobertaForSequenceClassification;
use tch::{Kind, Tensor, nn};

/// A classifier of whole sequences.
pub(super) enum Foreign {
    Bert(BertForSequenceClassification),
    Distilbert(DistilBertModelClassifier),
    Roberta(RobertaForSequenceClassification),
    Electra { body: ElectraModel, dense: nn::Linear, out: nn::Linear },
}

impl Foreign {
    pub(super) fn new(root: &nn::Path, config: &ModelConfig) -> Result<Self, RustBertError> {
        let base = bert_config(config, &NetOptions::default());
        Ok(match config.family {
            Family::Bert => Self::Bert(BertForSequenceClassification::new(root, &base)?),
            Family::Roberta => Self::Roberta(RobertaForSequenceClassification::new(root, &base)?),
            Family::Distilbert => Self::Distilbert(DistilBertModelClassifier::new(root, &distilbert_config(config))?),
            Family::Mpnet => {
                let reason = "MPNet is read with veracity's own heads only".into();
                return Err(RustBertError::InvalidConfigurationError(reason));
            }
            Family::Electra => {
                let (width, head) = (config.hidden as i64, root / "classifier");
                Self::Electra {
                    body: ElectraModel::new(root / "electra", &electra_config(config)),
                    dense: nn::linear(&head / "dense", width, width, Default::default()),
                    out: nn::linear(&head / "out_proj", width, config.labels.len() as i64, Default::default()),
                }
            }
        })
    }

    /// Logits, shape `[windows, labels]`; `mask` is 1 for a token and 0 for padding.
    pub(super) fn forward(&self, ids: &Tensor, mask: &Tensor) -> Result<Tensor, RustBertError> {
        Ok(match self {
            Self::Bert(m) => m.forward_t(Some(ids), Some(mask), None, None, None, false).logits,
            Self::Roberta(m) => m.forward_t(Some(ids), Some(mask), None, None, None, false).logits,
            Self::Distilbert(m) => m.forward_t(Some(ids), Some(mask), None, false)?.logits,
            Self::Electra { body, dense, out } => {
                // rust-bert 0.23 adds this model's mask to the scores as it comes.
                let added = (mask.to_kind(Kind::Float) - 1.0) * 10_000.0;
                let hidden = body.forward_t(Some(ids), Some(&added), None, None, None, false)?.hidden_state;
                hidden.select(1, 0).apply(dense).gelu("none").apply(out)
            }
        })
    }
}

fn distilbert_config(config: &ModelConfig) -> DistilBertConfig {
    let base = bert_config(config, &NetOptions::default());
    DistilBertConfig {
        activation: base.hidden_act,
        dim: config.hidden as i64,
        hidden_dim: config.intermediate as i64,
        n_layers: config.layers as i64,
        n_heads: config.heads as i64,
        vocab_size: config.vocab as i64,
        max_position_embeddings: config.positions as i64,
        sinusoidal_pos_embds: false,
        output_hidden_states: None,
        id2label: base.id2label,
        ..Default::default()
    }
}

fn electra_config(config: &ModelConfig) -> ElectraConfig {
    let base = bert_config(config, &NetOptions::default());
    ElectraConfig {
        hidden_act: base.hidden_act,
        embedding_size: config.raw["embedding_size"].as_i64().unwrap_or(base.hidden_size),
        hidden_size: base.hidden_size,
        layer_norm_eps: Some(f64::from(config.layer_norm_eps)),
        intermediate_size: base.intermediate_size,
        max_position_embeddings: base.max_position_embeddings,
        num_attention_heads: base.num_attention_heads,
        num_hidden_layers: base.num_hidden_layers,
        type_vocab_size: base.type_vocab_size,
        vocab_size: base.vocab_size,
        id2label: base.id2label,
        ..Default::default()
    }
}
