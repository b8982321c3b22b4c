//! Evaluation of files that cannot be compared: the message and the remedy.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use tempfile::TempDir;
use veracity::error::Hint;
use veracity::evaluate::{Options, Predictions, evaluate};

const GOLD: &str = r#"{"doc_id": "a", "text": "Rain fell.", "label": "fact"}"#;
const PRED: &str = r#"{"article": "a", "sentence": 0, "text": "Rain fell.", "label": "fact", "probabilities": {"fact": 0.9, "allegation": 0.1}}"#;

/// Message and hint, with the folder's name taken out.
fn fails(gold: &str, pred: &str, options: &Options) -> (String, String) {
    let dir = TempDir::new().unwrap();
    let (gold_path, pred_path) = (dir.path().join("gold"), dir.path().join("pred"));
    std::fs::write(&gold_path, gold).unwrap();
    std::fs::write(&pred_path, pred).unwrap();
    let error = evaluate(&gold_path, &[Predictions::File(&pred_path)], options).unwrap_err();
    let folder = format!("{}{}", dir.path().display(), std::path::MAIN_SEPARATOR);
    (error.to_string().replace(&folder, ""), error.hint().unwrap_or_default())
}

fn default(gold: &str, pred: &str) -> (String, String) {
    fails(gold, pred, &Options::default())
}

#[test]
fn missing_file() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("nowhere.jsonl");
    let error = evaluate(&path, &[Predictions::File(&path)], &Options::default()).unwrap_err();
    assert!(error.to_string().contains("nowhere.jsonl: "), "{error}");
    assert_eq!(error.hint().unwrap(), "check the path");
}

#[test]
fn broken_json_names_the_line() {
    let (message, hint) = default(&format!("{GOLD}\n\n{{\"doc_id\": "), PRED);
    assert!(message.starts_with("gold:3: not a JSON object: "), "{message}");
    assert!(hint.contains("one JSON object a line"), "{hint}");
    let (message, _) = default(GOLD, &format!("{PRED}\n[1]"));
    assert!(message.starts_with("pred:2: "), "{message}");
}

#[test]
fn cut_gzip() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("gold");
    std::fs::write(&path, [0x1f, 0x8b, 8, 0, 0]).unwrap();
    let error = evaluate(&path, &[Predictions::File(&path)], &Options::default()).unwrap_err();
    assert!(error.hint().unwrap().contains("gzip"), "{error}");
}

#[test]
fn no_common_articles_lists_both() {
    let (message, hint) = default(GOLD, &PRED.replace("\"a\"", "\"b\""));
    assert_eq!(message, "no article id is in both files; gold has `a`, the predictions have `b`");
    assert!(hint.contains("doc_id"), "{hint}");
}

#[test]
fn unknown_label_suggests_the_nearest() {
    let gold = format!("{GOLD}\n{}", GOLD.replace("\"fact\"", "\"alegation\""));
    let (message, hint) = default(&gold, PRED);
    assert_eq!(message, "gold:2: unknown gold label `alegation`");
    assert_eq!(hint, "did you mean `allegation`? The predictions know `allegation`, `fact`");
}

#[test]
fn empty_gold() {
    assert_eq!(default("\n", PRED).0, "gold: no rows");
    assert_eq!(default(GOLD, "").0, "pred: no rows");
    assert!(default(&GOLD.replace("\"fact\"", "null"), PRED).0.contains("no row to count"));
    let options = Options { label_field: "lable".into(), ..Options::default() };
    assert_eq!(fails(GOLD, PRED, &options).0, "gold: no row has a field `lable`");
    let options = Options { only: vec![("split".into(), "dev".into())], ..Options::default() };
    assert_eq!(fails(GOLD, PRED, &options).0, "gold: no row has split=dev");
}

#[test]
fn bad_rows() {
    let (message, _) = default(r#"{"text": "x", "label": "fact"}"#, PRED);
    assert_eq!(message, "gold:1: no article id");
    let (message, hint) = default(GOLD, GOLD.replace("\"label\"", "\"labels\"").as_str());
    assert_eq!(message, "pred:1: a prediction without `label`");
    assert!(hint.contains("wrong way round"), "{hint}");
    let gold = r#"{"article": "a", "text": "x", "label": "fact", "attributions": [{"cue": {"start": 4, "end": 4}}]}"#;
    assert_eq!(default(gold, PRED).0, "gold:1: cue from 4 to 4 is empty");
}
