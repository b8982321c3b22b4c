//! `veracity model` and `veracity evaluate` from outside.
#![allow(clippy::unwrap_used)]

mod cli_common;

use cli_common::{Files, veracity};
use predicates::prelude::*;
use predicates::str::contains;
use std::path::{Path, PathBuf};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// A copy of the tiny document model.
fn copy(files: &Files) -> PathBuf {
    for name in ["config.json", "tokenizer.json", "model.safetensors"] {
        files.put(&format!("m/{name}"), std::fs::read(fixture("document").join(name)).unwrap());
    }
    files.path("m")
}

#[test]
fn info_tells_what_a_model_is() {
    let shown = ["bert", "document windows", "source, cue, content", "million", "blake3"];
    let mut assert = veracity().args(["model", "info"]).arg(fixture("document")).assert().success();
    for part in shown {
        assert = assert.stdout(contains(part));
    }
    veracity().args(["model", "info"]).arg(fixture("bert")).assert().success().stdout(contains("lone sentences"));
}

#[test]
fn verify_finds_what_is_wrong() {
    let files = Files::new();
    let dir = copy(&files);
    veracity().args(["model", "verify"]).arg(&dir).assert().success().stdout(contains("sound"));
    let weights = std::fs::read(dir.join("model.safetensors")).unwrap();
    std::fs::write(dir.join("model.safetensors"), &weights[..weights.len() - 8]).unwrap();
    veracity()
        .args(["model", "verify"])
        .arg(&dir)
        .assert()
        .code(2)
        .stderr(contains("model.safetensors").and(contains("hint: ")));
}

#[test]
fn a_broken_model_is_named_by_label() {
    let files = Files::new();
    let article = files.put("a.txt", cli_common::TEXT);
    let dir = copy(&files);
    let config = std::fs::read_to_string(dir.join("config.json")).unwrap();
    std::fs::write(dir.join("config.json"), config.replace("\"hidden_size\": 24", "\"hidden_size\": 48")).unwrap();
    let label = |dir: &Path| veracity().arg("label").arg(&article).arg("--model").arg(dir).assert();
    label(&dir).code(2).stderr(contains("has shape").and(contains("hint: ")));
    std::fs::remove_file(dir.join("tokenizer.json")).unwrap();
    std::fs::write(dir.join("config.json"), config).unwrap();
    label(&dir).code(2).stderr(contains("tokenizer.json").and(contains("hint: ")));
}

#[test]
fn a_foreign_classifier_labels_with_its_own_labels() {
    let files = Files::new();
    let article = files.put("a.txt", cli_common::TEXT);
    let out = veracity().arg("label").arg(&article).arg("--model").arg(fixture("bert")).assert().success();
    let text = String::from_utf8(out.get_output().stdout.clone()).unwrap();
    let row: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let config: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(fixture("bert").join("config.json")).unwrap()).unwrap();
    let labels: Vec<&serde_json::Value> = config["id2label"].as_object().unwrap().values().collect();
    assert!(labels.contains(&&row["label"]), "{row}");
    assert_eq!(row["attributions"], serde_json::json!([]));
    veracity()
        .arg("label")
        .arg(&article)
        .arg("--model")
        .arg(fixture("roberta"))
        .assert()
        .code(2)
        .stderr(contains("engine native").and(contains("hint: ")));
}

#[test]
fn evaluate_takes_its_flags() {
    let files = Files::new();
    let row = |i: usize, label: &str, firm: bool| {
        let text = format!("Sentence {i}.");
        serde_json::json!({"article": "a", "sentence": i, "text": text, "mine": label, "label": label, "firm": firm})
            .to_string()
    };
    let gold = [row(0, "fact", true), row(1, "allegation", true), row(2, "fact", false)].join("\n");
    let pred = [row(0, "fact", true), row(1, "fact", true), row(2, "allegation", true)].join("\n");
    let (gold, pred) = (files.put("gold.jsonl", gold), files.put("pred.jsonl", pred));
    let run = |more: &[&str]| {
        let mut command = veracity();
        command.arg("evaluate").arg("--gold").arg(&gold).arg("--pred").arg(&pred).args(more);
        command.assert()
    };
    run(&[]).success().stdout(contains("macro avg"));
    let more = ["--label-field", "mine", "--only", "firm=true", "--draws", "10", "--seed", "1", "--json"];
    let out = run(&more).success();
    let report: serde_json::Value = serde_json::from_slice(&out.get_output().stdout).unwrap();
    assert_eq!(report["systems"][0]["sentences"], 2);
    assert_eq!(report["systems"][0]["labels"]["accuracy"]["value"], 0.5);
    assert_eq!(report["draws"], 10);
    run(&["--map", "fact=background", "--gold-format", "jsonl"]).success().stdout(contains("accuracy           0.000"));
    run(&["--gold-format", "brat"]).code(2);
    run(&["--only", "firm"]).code(2).stderr(contains("NAME=VALUE"));
    run(&["--label-field", "none"]).code(2).stderr(contains("no row has a field `none`").and(contains("hint: ")));
}
