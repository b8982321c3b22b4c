//! `veracity train` from outside.
#![allow(clippy::unwrap_used)]

mod cli_common;

use cli_common::{Files, veracity};
use predicates::prelude::*;
use predicates::str::contains;

#[cfg(not(feature = "torch"))]
#[test]
fn a_build_without_torch_says_how_to_get_it() {
    let args = ["train", "--train", "a", "--dev", "b", "--encoder", "c", "--out", "d"];
    veracity().args(args).assert().code(2).stderr(contains("--features torch").and(contains("hint: ")));
    let _ = Files::new();
}

#[cfg(feature = "torch")]
mod with_torch {
    use super::*;
    use std::path::{Path, PathBuf};

    fn repo(path: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
    }

    fn train(files: &Files, train: &Path) -> assert_cmd::Command {
        let mut command = veracity();
        command.arg("train").arg("--train").arg(train).arg("--dev").arg(repo("data/sample/gold.jsonl"));
        command.arg("--encoder").arg(repo("tests/fixtures/bert")).arg("--out").arg(files.path("out"));
        command
    }

    #[test]
    fn every_option_reaches_the_recipe() {
        let files = Files::new();
        let options = [
            ("--epochs", "1"),
            ("--lr", "0.002"),
            ("--head-lr", "0.003"),
            ("--batch-tokens", "512"),
            ("--window", "64"),
            ("--lone", "0.5"),
            ("--borderline", "0.25"),
            ("--smoothing", "0.125"),
            ("--token-weight", "2.5"),
            ("--balance", "0.75"),
            ("--teacher-share", "0.375"),
            ("--keep", "0.25"),
            ("--layers", "1"),
            ("--reinit", "1"),
            ("--dropout", "0.0625"),
            ("--weight-decay", "0.02"),
            ("--warmup", "0.2"),
            ("--clip", "0.5"),
            ("--patience", "7"),
            ("--seed", "9"),
            ("--precision", "bf16"),
        ];
        let mut command = train(&files, &repo("data/sample/gold.jsonl"));
        command.args(["--last-layer", "--threads", "1", "--quiet"]);
        command.args(["--labels", "background,fact,allegation", "--label-field", "label", "--firm-field", "sure"]);
        for (name, value) in options {
            command.args([name, value]);
        }
        command.assert().success();
        let card = std::fs::read_to_string(files.path("out/README.md")).unwrap();
        let json = card.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
        let recipe: serde_json::Value = serde_json::from_str(json).unwrap();
        for (name, value) in options {
            let key = name.trim_start_matches("--").replace('-', "_");
            let want = value.parse::<f64>().map_or_else(|_| value.into(), serde_json::Value::from);
            let found = recipe[&key].as_f64().map_or(recipe[&key].clone(), serde_json::Value::from);
            assert_eq!(found, want, "{name}");
        }
        assert_eq!(recipe["layer_mix"], false);
        assert_eq!(recipe["labels"], serde_json::json!(["background", "fact", "allegation"]));
        veracity().args(["model", "verify"]).arg(files.path("out")).assert().success();

        // A run is neither written over nor gone on with by mistake.
        let again = |files: &Files| {
            let mut command = train(files, &repo("data/sample/gold.jsonl"));
            command.args(["--window", "64", "--batch-tokens", "512"]);
            command
        };
        again(&files).assert().code(2).stderr(contains("--resume"));
        again(&files).arg("--resume").assert().code(2).stderr(contains("other settings"));
    }

    #[test]
    fn a_bad_row_is_named() {
        let files = Files::new();
        let rows = files.put("rows.jsonl", "{\"doc_id\": \"a\", \"text\": \"A.\"}\n{oops\n");
        let args = ["--window", "64", "--batch-tokens", "512"];
        train(&files, &rows).args(args).assert().code(2).stderr(contains("rows.jsonl:2: ").and(contains("hint: ")));
        train(&files, &files.path("none.jsonl"))
            .args(args)
            .assert()
            .code(2)
            .stderr(contains("none.jsonl").and(contains("hint: ")));
        let sample = repo("data/sample/gold.jsonl");
        let mut command = train(&files, &sample);
        command.args(args).arg("--teacher").arg(&rows);
        command.assert().code(2).stderr(contains("rows.jsonl:1: ").and(contains("hint: ")));
    }
}
