//! Which tensors, of which shapes, a model of a given configuration has.

use super::config::{Family, ModelConfig};

/// Ranges of distances that MPNet has a bias for.
pub const DISTANCES: usize = 32;

/// Name and shape of a tensor.
pub type Entry = (String, Vec<usize>);

/// Where the tensors of one transformer layer are, by family.
pub struct LayerNames {
    /// Query, key, value, attention output, feed-forward in, feed-forward out.
    pub dense: [String; 6],
    /// Layer norm after attention, layer norm after feed-forward.
    pub norm: [String; 2],
}

/// Names (without `.weight`, `.bias`) of layer `layer`; `prefix` is `bert.` and the like.
pub fn layer_names(family: Family, prefix: &str, layer: usize) -> LayerNames {
    if family == Family::Distilbert {
        let p = format!("{prefix}transformer.layer.{layer}.");
        let name = |s: &str| format!("{p}{s}");
        return LayerNames {
            dense: [
                "attention.q_lin",
                "attention.k_lin",
                "attention.v_lin",
                "attention.out_lin",
                "ffn.lin1",
                "ffn.lin2",
            ]
            .map(name),
            norm: ["sa_layer_norm", "output_layer_norm"].map(name),
        };
    }
    let p = format!("{prefix}encoder.layer.{layer}.");
    let name = |s: &str| format!("{p}{s}");
    if family == Family::Mpnet {
        return LayerNames {
            dense: [
                "attention.attn.q",
                "attention.attn.k",
                "attention.attn.v",
                "attention.attn.o",
                "intermediate.dense",
                "output.dense",
            ]
            .map(name),
            norm: ["attention.LayerNorm", "output.LayerNorm"].map(name),
        };
    }
    LayerNames {
        dense: [
            "attention.self.query",
            "attention.self.key",
            "attention.self.value",
            "attention.output.dense",
            "intermediate.dense",
            "output.dense",
        ]
        .map(name),
        norm: ["attention.output.LayerNorm", "output.LayerNorm"].map(name),
    }
}

/// The prefix of the encoder's tensors in a classifier's file.
pub const fn prefix(family: Family) -> &'static str {
    match family {
        Family::Bert => "bert.",
        Family::Distilbert => "distilbert.",
        Family::Roberta => "roberta.",
        Family::Electra => "electra.",
        Family::Mpnet => "mpnet.",
    }
}

/// Tensors of the encoder alone, their names behind `prefix`.
pub fn encoder(config: &ModelConfig, prefix: &str) -> Vec<Entry> {
    let (h, f) = (config.hidden, config.intermediate);
    // ELECTRA's embeddings may be narrower than its layers.
    let e = config.raw["embedding_size"].as_u64().map_or(h, |v| v as usize);
    let e = if config.family == Family::Electra { e } else { h };
    let mut all = vec![
        (format!("{prefix}embeddings.word_embeddings.weight"), vec![config.vocab, e]),
        (format!("{prefix}embeddings.position_embeddings.weight"), vec![config.positions, e]),
    ];
    if config.family == Family::Mpnet {
        all.push((format!("{prefix}encoder.relative_attention_bias.weight"), vec![DISTANCES, config.heads]));
    } else if config.family != Family::Distilbert {
        all.push((format!("{prefix}embeddings.token_type_embeddings.weight"), vec![config.types, e]));
    }
    let mut norm = |name: &str, n: usize| {
        all.push((format!("{name}.weight"), vec![n]));
        all.push((format!("{name}.bias"), vec![n]));
    };
    norm(&format!("{prefix}embeddings.LayerNorm"), e);
    for layer in 0..config.layers {
        layer_names(config.family, prefix, layer).norm.iter().for_each(|name| norm(name, h));
    }
    if e != h {
        dense(&mut all, &format!("{prefix}embeddings_project"), h, e);
    }
    for layer in 0..config.layers {
        let names = layer_names(config.family, prefix, layer).dense;
        let shapes = [(h, h), (h, h), (h, h), (h, h), (f, h), (h, f)];
        for (name, (rows, columns)) in names.iter().zip(shapes) {
            dense(&mut all, name, rows, columns);
        }
    }
    all
}

/// Tensors of the heads: ours, or those of Hugging Face's `*ForSequenceClassification`.
pub fn heads(config: &ModelConfig) -> Vec<Entry> {
    let (h, n) = (config.hidden, config.labels.len());
    let mut all = Vec::new();
    let Some(ours) = &config.veracity else {
        match config.family {
            Family::Bert => {
                dense(&mut all, "bert.pooler.dense", h, h);
                dense(&mut all, "classifier", n, h);
            }
            Family::Distilbert => {
                dense(&mut all, "pre_classifier", h, h);
                dense(&mut all, "classifier", n, h);
            }
            Family::Roberta | Family::Electra | Family::Mpnet => {
                dense(&mut all, "classifier.dense", h, h);
                dense(&mut all, "classifier.out_proj", n, h);
            }
        }
        return all;
    };
    dense(&mut all, "classifier", n, h);
    if ours.layer_mix {
        all.push(("layer_mix.sentence".into(), vec![config.layers]));
    }
    if !ours.roles.is_empty() {
        dense(&mut all, "token_classifier", config.tag_columns(), h);
        if ours.layer_mix {
            all.push(("layer_mix.tokens".into(), vec![config.layers]));
        }
    }
    all
}

/// All tensors of a model.
pub fn all(config: &ModelConfig) -> Vec<Entry> {
    let mut all = encoder(config, prefix(config.family));
    all.extend(heads(config));
    all
}

fn dense(all: &mut Vec<Entry>, name: &str, rows: usize, columns: usize) {
    all.push((format!("{name}.weight"), vec![rows, columns]));
    all.push((format!("{name}.bias"), vec![rows]));
}
