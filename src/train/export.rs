//! The model folder that a run leaves.

use super::dev::Figures;
use super::settings::{Settings, TrainError};
use super::{shards, steps};
use crate::model::{Heads, ModelConfig, Pooling, ROLES};
use serde_json::Value;
use std::path::Path;
use tch::Tensor;

/// Our section of the configuration, from the settings.
pub(super) fn heads(settings: &Settings) -> Heads {
    Heads {
        format: 1,
        window: settings.window,
        title_tokens: settings.window / 6,
        pooling: Pooling::Mean,
        layer_mix: settings.layer_mix,
        roles: ROLES.map(String::from).to_vec(),
        temperature: 1.0,
        agreement: None,
    }
}

/// Writes config.json, tokenizer.json, the weights ([`shards`]) and README.md.
pub(super) fn write(
    settings: &Settings,
    config: &ModelConfig,
    weights: &[(String, Tensor)],
    dev: &[(String, Figures)],
) -> Result<(), TrainError> {
    let out = &settings.out;
    let io = |path: &Path| {
        let path = path.to_path_buf();
        move |error| TrainError::Io { path, error }
    };
    std::fs::create_dir_all(out).map_err(io(out))?;
    let json = serde_json::to_string_pretty(&config_json(settings, config)).unwrap_or_default();
    std::fs::write(out.join("config.json"), json + "\n").map_err(io(&out.join("config.json")))?;
    let tokenizer = settings.encoder.join("tokenizer.json");
    std::fs::copy(&tokenizer, out.join("tokenizer.json")).map_err(io(&tokenizer))?;
    let shared = steps::shared(config.family, config.layers, config.hidden, config.intermediate);
    shards::write(out, weights, &shared)?;
    std::fs::write(out.join("README.md"), super::card::card(settings, dev)).map_err(io(&out.join("README.md")))
}

fn config_json(settings: &Settings, config: &ModelConfig) -> serde_json::Value {
    let mut json = config.raw.clone();
    let labels = || settings.labels.iter().enumerate();
    if let Some(map) = json.as_object_mut() {
        for stale in ["_name_or_path", "gradient_checkpointing", "transformers_version", "use_cache"] {
            map.remove(stale);
        }
        map.insert("architectures".into(), serde_json::json!(["VeracityModel"]));
        map.insert("torch_dtype".into(), "float16".into());
        map.insert("id2label".into(), labels().map(|(i, l)| (i.to_string(), Value::from(l.clone()))).collect());
        map.insert("label2id".into(), labels().map(|(i, l)| (l.clone(), Value::from(i))).collect());
        map.insert("veracity".into(), serde_json::to_value(heads(settings)).unwrap_or_default());
    }
    json
}
