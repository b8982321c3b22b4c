//! `veracity bench`: what it prints and writes, and when it fails.
#![allow(clippy::unwrap_used)]

mod cli_common;

use cli_common::{Files, row, veracity};
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// As little as can be measured.
const SHORT: [&str; 8] = ["--runs", "2", "--warm-up", "0", "--sentences", "4", "--latencies", "2"];

fn bench(files: &Files, more: &[&str]) -> assert_cmd::Command {
    let mut command = veracity();
    command.arg("bench").arg(files.put("in.jsonl", [row("a"), row("b")].concat())).args(SHORT).args(more);
    command
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn every_way_of_computing_is_a_row() {
    let files = Files::new();
    let out = files.path("out.json");
    let precisions = ["--precision", "f32,bf16,int8", "--threads", "1,2"];
    bench(&files, &precisions).arg("--agreement").args(["--json", out.to_str().unwrap()]).assert().code(0);
    let report = json(&out);
    let rows = report["measurements"].as_array().unwrap();
    assert_eq!(rows.len(), 6);
    for row in rows {
        let number = |path: &str| row.pointer(path).unwrap().as_f64().unwrap();
        assert_eq!(row["sentences"], 4);
        assert!(number("/sentences_per_second/median") > 0.0 && number("/tokens_per_second/median") > 0.0);
        assert!(number("/sentences_per_second/low") <= number("/sentences_per_second/high"));
        assert!(number("/latency/p50_ms") <= number("/latency/p99_ms"));
        assert!(
            ["read", "segment", "tokenize", "infer", "decode", "write"]
                .iter()
                .all(|s| number(&format!("/stages/{s}")) >= 0.0)
        );
        assert!(number("/gops") > 0.0 && number("/share_of_peak") > 0.0 && number("/load_seconds") > 0.0);
        assert_eq!(row["latency"]["articles"], 2);
        let agreement = number("/agreement");
        assert!(agreement <= 1.0 && (row["precision"] != "f32" || agreement == 1.0));
    }
    assert_eq!(report["lone"], false);
    assert!(report["host"]["cores"].as_u64().unwrap() > 0);
    assert_eq!(report["model"].as_str().unwrap().len(), 64);
}

#[test]
fn lone_sentences_are_windows_of_their_own() {
    let files = Files::new();
    let out = files.path("out.json");
    bench(&files, &["--lone", "--no-peak", "--quiet", "--json", out.to_str().unwrap()]).assert().code(0);
    let row = &json(&out)["measurements"][0];
    assert_eq!((&row["windows"]["count"], &row["sentences"]), (&4.into(), &4.into()));
    assert!(row["peak_gops"].is_null() && row["agreement"].is_null());
}

#[test]
fn forms_of_the_table() {
    let files = Files::new();
    let svg = files.path("plot.svg");
    let isa = ["--isa", "portable", "--engine", "native", "--no-peak", "--batch-tokens", "64,4096"];
    let plain = bench(&files, &isa).assert().code(0);
    plain.stdout(
        contains("sentences/s")
            .and(contains("portable t"))
            .and(contains(" b64 "))
            .and(contains(" b4096 "))
            .and(contains("tokenize")),
    );
    let markdown = bench(&files, &isa).args(["--markdown", "--svg", svg.to_str().unwrap()]).assert().code(0);
    markdown.stdout(contains("| --- | --: |"));
    let plot = std::fs::read_to_string(svg).unwrap();
    assert!(plot.starts_with("<svg ") && plot.ends_with("</svg>\n") && plot.contains("portable"));
}

#[test]
fn a_baseline_is_a_gate() {
    let files = Files::new();
    let before = files.path("before.json");
    bench(&files, &["--json", before.to_str().unwrap()]).assert().code(0);
    let mut report = json(&before);
    let mut with = |factor: f64, slowdown: &str| {
        for key in ["median", "low", "high"] {
            let value = &mut report["measurements"][0]["sentences_per_second"][key];
            *value = (value.as_f64().unwrap() * factor).into();
        }
        let path = files.put("baseline.json", report.to_string());
        bench(&files, &["--baseline", path.to_str().unwrap(), "--max-slowdown", slowdown]).assert()
    };
    // A thousand times as fast was never true.
    with(1000.0, "5%").code(1).stdout(contains("slower than allowed"));
    with(1e-6, "0.05").code(0).stdout(contains("kept"));
}

#[test]
fn bad_usage() {
    let files = Files::new();
    bench(&files, &["--isa", "sse9"]).assert().code(2).stderr(contains("sse9").and(contains("portable")));
    bench(&files, &["--max-slowdown", "5%"]).assert().code(2).stderr(contains("--baseline"));
    let other = files.put("other.json", "{}");
    bench(&files, &["--baseline", other.to_str().unwrap()]).assert().code(2).stderr(contains("--json"));
    let empty = files.put("empty.txt", " ");
    veracity().arg("bench").arg(empty).assert().code(2);
    if cfg!(not(feature = "torch")) {
        bench(&files, &["--engine", "torch"]).assert().code(2).stderr(contains("--features torch"));
    }
}

#[test]
fn the_sample_is_the_default() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_veracity"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).arg("bench").args(SHORT).arg("--no-peak");
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}
