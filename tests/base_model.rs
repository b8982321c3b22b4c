//! models/veracity-base: whole, found by its name, and better than chance on the sample.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod common;

use common::sample;
use serde_json::Value;
use std::collections::HashMap;
use std::path::Path;
use veracity::engine::native::Precision;
use veracity::model::{Family, Model};
use veracity::pipeline::{EngineKind, Labeler, Options};

/// Labels that people would give to the sample's sentences, by article and place.
fn gold() -> HashMap<(String, usize), String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sample/gold.jsonl");
    let rows = std::fs::read_to_string(path).unwrap();
    let rows = rows.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    rows.filter_map(|row| {
        let at = (row["article"].as_str()?.to_owned(), row["start"].as_u64()? as usize);
        Some((at, row["label"].as_str()?.to_owned()))
    })
    .collect()
}

#[test]
fn the_base_model_is_whole_and_labels_the_sample() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/veracity-base");
    let model = Model::open(&dir).unwrap();
    model.verify().unwrap();
    assert_eq!((model.config.family, model.config.layers), (Family::Mpnet, 9));
    assert_eq!(model.config.labels, ["fact", "allegation", "background"]);
    assert!((80e6..100e6).contains(&(model.parameters() as f64)));
    for file in std::fs::read_dir(&dir).unwrap() {
        assert!(file.unwrap().metadata().unwrap().len() < 50_000_000);
    }

    let options = Options::new(EngineKind::Native, 2);
    assert_eq!(options.precision, Precision::Auto);
    let labeler = Labeler::with(&dir, &options).unwrap();
    assert_eq!(labeler.engine().precision(), "int8", "what config.json states");
    let gold = gold();
    let (mut right, mut all) = (0, 0);
    for article in labeler.label(&sample()) {
        let article = article.unwrap();
        for sentence in &article.sentences {
            let Some(want) = gold.get(&(article.id.clone(), sentence.start)) else { continue };
            all += 1;
            right += usize::from(sentence.label == *want);
        }
    }
    println!("{right} of {all} sentences of the sample as in gold");
    assert!(all > 300 && right * 100 >= all * 85, "{right} of {all}");
}

#[test]
fn a_model_is_found_by_its_name() {
    let info = assert_cmd::Command::cargo_bin("veracity")
        .unwrap()
        .current_dir(std::env::temp_dir())
        .args(["model", "info", "veracity-base"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&info.stdout);
    assert!(info.status.success() && said.contains("mpnet"), "{said}");
}
