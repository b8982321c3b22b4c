//! `veracity evaluate`, `calibrate` and the annotation formats of `label`, as a user runs them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod cli_common;

use cli_common::{Files, model, row, veracity};
use predicates::str::contains;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Labels one article in some format.
fn labelled(files: &Files, format: &str) -> PathBuf {
    let input = files.put("in.jsonl", row("a\u{1F600}"));
    let output = files.path(format);
    veracity().args(["label", "--quiet", "--format", format]).arg(&input).arg("-o").arg(&output).assert().success();
    output
}

fn scores(gold: &Path, more: &[&str], pred: &Path) -> Value {
    let mut command = veracity();
    command.args(["evaluate", "--json", "--draws", "0", "--gold"]).arg(gold).args(more).arg("--pred").arg(pred);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What `label` writes for a tool is, uncorrected, gold that its own labels meet.
#[test]
fn annotation_formats_come_back_as_gold() {
    let files = Files::new();
    let pred = labelled(&files, "jsonl");
    for format in ["label-studio", "doccano", "prodigy"] {
        let mut gold = labelled(&files, format);
        if format == "label-studio" {
            // The tool gives predictions back as annotations.
            let mut tasks: Value = serde_json::from_slice(&std::fs::read(&gold).unwrap()).unwrap();
            let result = tasks[0]["predictions"][0]["result"].take();
            tasks[0]["annotations"] = json!([{"id": 1, "completed_by": 1, "was_cancelled": false, "result": result}]);
            gold = files.put("export.json", tasks.to_string());
        }
        let report = scores(&gold, &[], &pred);
        let system = &report["systems"][0];
        assert_eq!(system["sentences"], 2, "{format}: {report}");
        assert_eq!(system["aligned_by"]["offsets"], 2, "{format}");
        assert_eq!(system["labels"]["accuracy"]["value"], 1.0, "{format}");
        for role in system["spans"]["roles"].as_array().into_iter().flatten() {
            assert_eq!(role["exact"]["f1"]["value"], 1.0, "{format}: {role}");
        }
    }
}

#[test]
fn unsure_sentences_are_left_to_a_person() {
    let files = Files::new();
    let input = files.put("in.jsonl", row("a"));
    let all = ["label", "--quiet", "--min-confidence", "1"];
    let output = veracity().args(all).arg(&input).output().unwrap();
    let rows: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 2);
    for row in &rows {
        assert_eq!(row["label"], "uncertain");
        assert!(row["confidence"].as_f64().unwrap() > 1.0 / 3.0);
        assert!(row["probabilities"].get("uncertain").is_none());
    }
    let gold =
        files.put("gold.jsonl", format!("{}\n", json!({"article": "a", "text": rows[0]["text"], "label": "fact"})));
    let pred = files.put("pred.jsonl", rows.iter().map(|row| format!("{row}\n")).collect::<String>());
    veracity()
        .args(["evaluate", "--gold"])
        .arg(&gold)
        .arg("--pred")
        .arg(&pred)
        .assert()
        .success()
        .stdout(contains("uncertain    1 of 1"));
    for bad in ["1.5", "x", "-1"] {
        veracity()
            .args(["label", &format!("--min-confidence={bad}")])
            .arg(&input)
            .assert()
            .code(2)
            .stderr(contains("from 0 to 1"));
    }
    veracity().args(["label", "--min-confidence", "0.5", "--target-risk", "0.5"]).arg(&input).assert().code(2);
}

/// A copy of the model that may be changed, not calibrated.
fn own_model(files: &Files) -> PathBuf {
    let dir = files.path("model");
    std::fs::create_dir(&dir).unwrap();
    for name in ["config.json", "tokenizer.json", "model.safetensors"] {
        std::fs::copy(model().join(name), dir.join(name)).unwrap();
    }
    set_temperature(&dir, 1.0);
    dir
}

fn set_temperature(dir: &Path, temperature: f64) {
    let path = dir.join("config.json");
    let mut config: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    config["veracity"]["temperature"] = json!(temperature);
    std::fs::write(path, config.to_string()).unwrap();
}

fn sample_gold() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sample/gold.jsonl")
}

/// Two articles of the sample.
fn short_gold(files: &Files) -> PathBuf {
    let rows = std::fs::read_to_string(sample_gold()).unwrap();
    let ours = |row: &&str| ["lake-orla", "attache-vienna"].iter().any(|id| row.contains(&format!("\"{id}\"")));
    files.put("gold.jsonl", rows.lines().filter(ours).map(|row| format!("{row}\n")).collect::<String>())
}

#[test]
fn calibration_changes_confidence_and_no_label() {
    let files = Files::new();
    let dir = own_model(&files);
    let input = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sample/lake-orla.txt");
    let label = |more: &[&str]| {
        let output =
            veracity().args(["label", "--quiet", "--model"]).arg(&dir).args(more).arg(&input).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
    };
    veracity()
        .args(["label", "--target-risk", "0.1", "--model"])
        .arg(&dir)
        .arg(&input)
        .assert()
        .code(2)
        .stderr(contains("not calibrated"))
        .stderr(contains("veracity calibrate"));
    let before = label(&[]);
    let short = short_gold(&files);
    let inputs = ["lake-orla", "attache-vienna"].map(|id| sample_gold().with_file_name(id).with_extension("txt"));
    let pred = files.path("pred.jsonl");
    veracity().args(["label", "--quiet", "--model"]).arg(&dir).args(&inputs).arg("-o").arg(&pred).assert().success();
    let calibrate = |more: &[&str]| {
        let mut command = veracity();
        command.args(["calibrate", "--gold"]).arg(&short).arg("--model").arg(&dir).args(more);
        command.assert().success()
    };
    calibrate(&["--dry-run", "--pred", pred.to_str().unwrap()]).stdout(contains("nothing written"));
    assert!(!dir.join("calibration.json").exists());
    calibrate(&[]).stdout(contains("temperature  1.0000 -> ")).stdout(contains("written to config.json"));
    let after = label(&[]);
    let labels = |rows: &[Value]| rows.iter().map(|row| row["label"].clone()).collect::<Vec<_>>();
    assert_eq!(labels(&before), labels(&after));
    assert_ne!(before[0]["confidence"], after[0]["confidence"]);
    // A second time there is nothing left to change.
    let again = calibrate(&["--dry-run"]).get_output().stdout.clone();
    let again = String::from_utf8(again).unwrap();
    let line = again.lines().find_map(|line| line.strip_prefix("temperature  ")).unwrap();
    let (old, new) = line.split_once(" -> ").unwrap();
    assert!((old.parse::<f64>().unwrap() - new.parse::<f64>().unwrap()).abs() < 0.002, "{line}");

    let split = |rows: &[Value]| -> [Vec<f64>; 2] {
        ["uncertain", ""].map(|label| {
            let same = rows.iter().filter(|row| (row["label"] == "uncertain") == (label == "uncertain"));
            same.map(|row| row["confidence"].as_f64().unwrap()).collect()
        })
    };
    // Whoever is left out is less sure than whoever is not.
    let [unsure, sure] = split(&label(&["--target-risk", "0.1"]));
    assert!(!sure.is_empty() && unsure.iter().all(|less| sure.iter().all(|more| less < more)));
    let mut all = split(&after)[1].clone();
    all.sort_by(f64::total_cmp);
    let [unsure, sure] = split(&label(&["--min-confidence", &all[all.len() / 2].to_string()]));
    assert!(!unsure.is_empty() && !sure.is_empty());
    assert_eq!(labels(&label(&["--target-risk", "1"])), labels(&after));
    set_temperature(&dir, 3.0);
    veracity()
        .args(["label", "--target-risk", "0.1", "--model"])
        .arg(&dir)
        .arg(&input)
        .assert()
        .code(2)
        .stderr(contains("fitted at temperature"));
}

/// A model labels gold's own sentences, and is compared with predictions from a file.
#[test]
fn a_model_is_scored_and_compared() {
    let mut command = veracity();
    let files = Files::new();
    let (gold, html) = (short_gold(&files), files.path("report.html"));
    command.args(["evaluate", "--draws", "100", "--by", "length", "--suspects", "2", "--gold"]).arg(&gold);
    command.arg("--model").arg(model()).arg("--model").arg(model()).arg("--html").arg(&html);
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    for part in [
        "sentences    58 (by offsets 58)",
        "by length",
        "significantly below average",
        "sentences to label next",
        "gold labels that are likely wrong",
        "no evidence",
        "McNemar's exact p = 1.0000",
        "attribution spans in 2 articles",
        "names of sources in 2 articles",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let page = std::fs::read_to_string(&html).unwrap();
    for part in [
        "<!DOCTYPE html>",
        "Reliability</h3>",
        "<h3>Names of sources in 2 articles</h3>",
        "<td>named</td>",
        "<td>all</td>",
        "Confusion matrix",
        "class=\"error\" data-gold=",
        "prefers-color-scheme",
        "@media print",
    ] {
        assert!(page.contains(part), "{part}");
    }
    // Nothing is fetched.
    assert!(!["src=", "href=", "url(", "@import", "http:", "https:"].iter().any(|part| page.contains(part)));
    let over = veracity()
        .args(["evaluate", "--gold"])
        .arg(&gold)
        .arg("--pred")
        .arg(&gold)
        .arg("--html")
        .arg(&gold)
        .output()
        .unwrap();
    assert_eq!(over.status.code(), Some(2));
}

#[test]
fn bad_input_is_named() {
    let files = Files::new();
    let gold = |label: &str| json!({"article": "a", "text": "Rain fell.", "label": label});
    let good = json!({"article": "a", "sentence": 0, "text": "Rain fell.", "label": "fact", "probabilities": {"fact": 0.9, "allegation": 0.1}});
    let check = |gold: &str, pred: &str, parts: &[&str]| {
        let (gold, pred) = (files.put("gold.jsonl", gold), files.put("pred.jsonl", pred));
        let output = veracity().args(["evaluate", "--gold"]).arg(gold).arg("--pred").arg(pred).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{error}");
        parts.iter().for_each(|part| assert!(error.contains(part), "{part}: {error}"));
    };
    let fact = gold("fact").to_string();
    check(
        &gold("facts").to_string(),
        &good.to_string(),
        &["gold.jsonl:1: unknown gold label `facts`", "did you mean `fact`?"],
    );
    let six: String =
        (0..6).map(|n| format!("{}\n", json!({"article": format!("g{n}"), "text": "x", "label": "fact"}))).collect();
    check(&six, &good.to_string(), &["no article id is in both", "`g0`, `g1`, `g2`, `g3`, `g4`, the predictions"]);
    let other = json!({"article": "a", "text": "Something else entirely.", "label": "fact"});
    check(&fact, &other.to_string(), &["no labelled sentence is in", "line 1: Rain fell."]);
    let nan = good.to_string().replace("0.9", "NaN");
    check(&fact, &nan, &["pred.jsonl:1: NaN at column", "cannot be scored"]);
    let null = good.to_string().replace("0.9", "null");
    check(&fact, &null, &["pred.jsonl:1: the probability of `fact` is null"]);
    let sum = good.to_string().replace("0.9", "0.5");
    check(&fact, &sum, &["pred.jsonl:1: the probabilities add up to 0.600"]);
    let pred = files.put("pred.csv", "article,text,label,p_fact,p_allegation\na,Rain fell.,fact,nan,0.1\n");
    let gold = files.put("gold.jsonl", fact);
    veracity()
        .args(["evaluate", "--gold"])
        .arg(gold)
        .arg("--pred")
        .arg(pred)
        .assert()
        .code(2)
        .stderr(contains("pred.csv:2: the probability of `fact` is nan"));
    veracity().args(["evaluate", "--gold", "x"]).assert().code(2).stderr(contains("--pred"));
}
