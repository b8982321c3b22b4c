//! Evaluation of files on disk: alignment, filters, intervals, text.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use veracity::evaluate::{Options, Predictions, Report, evaluate};

fn write(dir: &Path, name: &str, rows: &[Value]) -> PathBuf {
    let path = dir.join(name);
    let text: String = rows.iter().map(|row| format!("{row}\n")).collect();
    if name.ends_with(".gz") {
        let mut out = GzEncoder::new(std::fs::File::create(&path).unwrap(), Compression::fast());
        out.write_all(text.as_bytes()).unwrap();
        out.finish().unwrap();
    } else {
        std::fs::write(&path, text).unwrap();
    }
    path
}

fn run(gold: &[Value], pred: &[Value], options: &Options) -> Report {
    let dir = TempDir::new().unwrap();
    let (gold, pred) = (write(dir.path(), "gold.jsonl", gold), write(dir.path(), "pred.jsonl.gz", pred));
    evaluate(&gold, &[Predictions::File(&pred)], options).unwrap()
}

fn pred(article: &str, sentence: usize, text: &str, label: &str) -> Value {
    let start = sentence * 100;
    json!({
        "article": article, "sentence": sentence, "start": start, "end": start + text.len(), "text": text,
        "label": label, "confidence": 0.9,
        "probabilities": {"fact": 0.05, "allegation": 0.9, "background": 0.05}, "attributions": [],
    })
}

/// Gold and predicted label of twelve sentences in two articles.
const TWELVE: [(&str, &str); 12] = [
    ("fact", "fact"),
    ("fact", "allegation"),
    ("fact", "fact"),
    ("fact", "background"),
    ("allegation", "allegation"),
    ("allegation", "allegation"),
    ("allegation", "allegation"),
    ("allegation", "fact"),
    ("allegation", "allegation"),
    ("background", "background"),
    ("background", "fact"),
    ("background", "background"),
];

fn twelve() -> (Vec<Value>, Vec<Value>) {
    let rows = TWELVE.iter().enumerate().map(|(n, (gold, label))| {
        let row = pred(&format!("a{}", n % 2), n / 2, &format!("Sentence {n}."), label);
        let mut right = row.clone();
        right["label"] = json!(gold);
        (right, row)
    });
    rows.unzip()
}

/// `classification_report(..., digits=3, zero_division=0)` of scikit-learn 1.9.1.
const SCIKIT_LEARN: &str = "              precision    recall  f1-score   support

  allegation      0.800     0.800     0.800         5
  background      0.667     0.667     0.667         3
        fact      0.500     0.500     0.500         4

    accuracy                          0.667        12
   macro avg      0.656     0.656     0.656        12
weighted avg      0.667     0.667     0.667        12
";

#[test]
fn text_is_scikit_learns_report() {
    let (gold, pred) = twelve();
    let text = run(&gold, &pred, &Options::default()).to_text();
    assert!(text.contains(SCIKIT_LEARN), "{text}");
    assert!(text.contains("accuracy           0.667 [0."), "{text}");
    assert!(text.contains("kappa              0.489"), "{text}");
    assert!(text.contains("gold \\ predicted  allegation background       fact allegation"), "{text}");
    assert!(
        text.contains("      allegation           4          0          1      0.800      0.000      0.200\n"),
        "{text}"
    );
    assert!(!text.contains("attribution spans"), "{text}");
}

#[test]
fn text_and_page_rank_each_label_against_the_rest() {
    let (gold, pred) = twelve();
    let report = run(&gold, &pred, &Options::default());
    // All sentences have the same probabilities, so that every pair is a tie.
    assert!(report.to_text().contains("one vs rest                 ROC-AUC      average precision\n"));
    let page = report.to_html();
    let ranked = page.split("<h3>One label against the rest</h3>").nth(1).unwrap_or_default();
    for (label, precision) in [("allegation", "0.417"), ("background", "0.250"), ("fact", "0.333")] {
        let row = ranked.split(&format!("<tr><td>{label}</td><td>0.500 ")).nth(1).unwrap_or_default();
        let row = row.split("</tr>").next().unwrap_or_default();
        assert!(row.contains(&format!("<td>{precision} ")), "{label}: {row}");
    }
}

#[test]
fn intervals_hold_the_value_and_depend_on_the_seed_only() {
    let (gold, pred) = twelve();
    let options = Options { draws: 500, seed: 7, ..Options::default() };
    let report = run(&gold, &pred, &options);
    let labels = report.systems[0].labels.clone().unwrap();
    // Article a0 has 5 of 6 right, a1 3 of 6: every draw is 3/6, 4/6 or 5/6.
    let bounds = labels.accuracy.interval.unwrap();
    assert!((bounds.low - 0.5).abs() < 1e-12 && (bounds.high - 5.0 / 6.0).abs() < 1e-12, "{bounds:?}");
    assert_eq!(run(&gold, &pred, &options).systems[0].labels.as_ref().unwrap().macro_f1, labels.macro_f1);
    let none = run(&gold, &pred, &Options { draws: 0, ..options }).systems.remove(0).labels.unwrap();
    assert_eq!(none.accuracy.interval, None);
}

#[test]
fn training_rows_match_by_text_and_filters_apply() {
    let row = |doc: &str, id: usize, text: &str, label: Option<&str>, firm: bool| json!({"doc_id": doc, "sent_id": id, "text": text, "label": null, "label_adj": label, "adj_firm": firm});
    let gold = [
        row("d", 1, "A headline", None, true),
        row("d", 2, "He said so.", Some("fact"), true),
        row("d", 3, "He  said so.", Some("allegation"), true),
        row("d", 4, "Rain fell.", Some("background"), false),
        row("d", 5, "Not predicted.", Some("fact"), true),
        row("e", 1, "Elsewhere.", Some("fact"), true),
    ];
    let pred = [
        pred("d", 0, "He said so.", "fact"),
        pred("d", 1, "He said so.", "allegation"),
        pred("d", 2, "Rain fell.", "fact"),
    ];
    let options = Options {
        label_field: "label_adj".into(),
        only: vec![("adj_firm".into(), "true".into())],
        ..Options::default()
    };
    let report = run(&gold, &pred, &options);
    let system = &report.systems[0];
    assert_eq!((system.sentences, system.articles, report.filtered, report.unlabelled), (2, 1, 1, 1));
    assert_eq!(system.aligned_by.text, 2);
    let labels = system.labels.as_ref().unwrap();
    assert_eq!(labels.labels, ["allegation", "fact"]);
    assert_eq!(labels.accuracy.value, 1.0);
    assert_eq!(system.unaligned.len(), 2);
    assert_eq!(system.unaligned[0].line, 5);
    assert_eq!((system.missing.count, system.missing.first[0].as_str()), (1, "e"));
    let text = report.to_text();
    assert!(text.contains("line 5, d: Not predicted."), "{text}");
    assert!(text.contains("missing      1 articles: e"), "{text}");
    assert!(text.contains("no intervals: they need two articles"), "{text}");
}

#[test]
fn spans_are_scored_over_whole_articles() {
    let at = |start: usize, end: usize| json!({"text": "", "start": start, "end": end});
    let row = |label: &str, attributions: Value| {
        let mut row = pred("d", 0, "The mayor said it rained.", label);
        row["attributions"] = attributions;
        row
    };
    let gold = row("fact", json!([{"source": at(0, 9), "cue": at(10, 14), "content": at(15, 24)}]));
    let twice = json!({"source": at(4, 9), "cue": at(10, 14), "content": null});
    let report = run(&[gold], &[row("fact", json!([twice, twice]))], &Options::default());
    let spans = report.systems[0].spans.as_ref().unwrap();
    let of = |role: usize| {
        let role = &spans.roles[role];
        (role.gold, role.predicted, role.exact.f1.value, role.bytes.f1.value, role.overlap.f1.value)
    };
    assert_eq!(of(0), (1, 1, 0.0, 2.0 * (5.0 / 9.0) / (1.0 + 5.0 / 9.0), 1.0));
    assert_eq!(of(1), (1, 1, 1.0, 1.0, 1.0));
    assert_eq!(of(2), (1, 0, 0.0, 0.0, 0.0));
    let text = report.to_text();
    assert!(text.contains("attribution spans in 1 articles"), "{text}");
    assert!(serde_json::to_value(&report).unwrap()["systems"][0]["spans"]["roles"][1]["role"] == "cue");
}
