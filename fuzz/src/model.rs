//! Any bytes as a file of a model: `config.json` when the first byte is even, else
//! `model.safetensors`. Whatever is accepted can be laid out and read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::path::Path;
use veracity::model::{ModelConfig, Weights};

fuzz_target!(|data: &[u8]| {
    let Some((&first, bytes)) = data.split_first() else { return };
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), bytes).expect("room for it");
    if first % 2 == 0 { config(file.path()) } else { weights(file.path()) }
});

fn config(path: &Path) {
    if let Ok(config) = ModelConfig::read(path) {
        let _ = (config.tag_columns(), config.room(), config.window(), config.temperature());
    }
}

fn weights(path: &Path) {
    let Ok(weights) = Weights::open(path) else { return };
    for (name, shape) in weights.shapes() {
        assert!(weights.has(&name));
        let _ = weights.values(&name, &shape);
    }
}
