//! Training on the sample articles with a tiny random encoder.
#![cfg(feature = "torch")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use veracity::article::Article;
use veracity::error::Hint;
use veracity::pipeline::{EngineKind, Labeler};
use veracity::train::{Fields, Figures, Precision, Progress, Settings, TrainError, read_documents, train};

type Trained = Result<Vec<(String, Figures)>, TrainError>;

const LABELS: [&str; 3] = ["fact", "allegation", "background"];

/// libtorch has one source of randomness for the whole process: one training at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn repo() -> PathBuf {
    env!("CARGO_MANIFEST_DIR").into()
}

/// An encoder of two narrow layers with random weights, on the shipped model's vocabulary.
fn encoder(dir: &Path) -> PathBuf {
    let dir = dir.join("encoder");
    std::fs::create_dir_all(&dir).unwrap();
    let config = serde_json::json!({
        "model_type": "bert", "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
        "num_attention_heads": 4, "vocab_size": 30522, "max_position_embeddings": 128,
        "type_vocab_size": 2, "hidden_act": "gelu", "layer_norm_eps": 1e-12,
    });
    std::fs::write(dir.join("config.json"), config.to_string()).unwrap();
    std::fs::copy(repo().join("models/veracity-small/tokenizer.json"), dir.join("tokenizer.json")).unwrap();
    let config = veracity::model::ModelConfig::read_encoder(&dir.join("config.json")).unwrap();
    tch::manual_seed(7);
    let tensors: Vec<(String, tch::Tensor)> = veracity::model::layout::encoder(&config, "")
        .into_iter()
        .map(|(name, shape)| {
            let shape: Vec<i64> = shape.into_iter().map(|d| d as i64).collect();
            let random = tch::Tensor::randn(&shape, (tch::Kind::Float, tch::Device::Cpu)) * 0.1;
            let value = if name.ends_with("LayerNorm.weight") { random + 1.0 } else { random };
            (name, value)
        })
        .collect();
    tch::Tensor::write_safetensors(&tensors, dir.join("model.safetensors")).unwrap();
    dir
}

fn settings(dir: &Path, out: &str) -> Settings {
    let gold = repo().join("data/sample/gold.jsonl");
    Settings {
        train: vec![gold.clone()],
        dev: vec![gold],
        encoder: encoder(dir),
        out: dir.join(out),
        labels: LABELS.map(String::from).to_vec(),
        epochs: 3,
        lr: 3e-3,
        head_lr: 1e-2,
        batch_tokens: 1024,
        window: 128,
        lone: 0.25,
        borderline: 0.5,
        smoothing: 0.05,
        token_weight: 1.0,
        balance: 0.5,
        teacher: Vec::new(),
        teacher_share: 0.5,
        keep: 0.0,
        layer_mix: true,
        layers: None,
        reinit: 0,
        dropout: 0.1,
        weight_decay: 0.01,
        warmup: 0.1,
        clip: 1.0,
        patience: 9,
        seed: 3,
        precision: Precision::F32,
        threads: 1,
    }
}

fn fields() -> Fields {
    Fields { label: "label".into(), firm: "firm".into() }
}

/// Trains; returns the figures and the mean losses of each epoch.
fn run(s: &Settings, resume: bool, stop_after: usize) -> (Trained, Vec<f64>) {
    let (mut losses, mut last) = (Vec::new(), 0.0);
    let result = train(s, &fields(), resume, |p| {
        match p {
            Progress::Step { loss, .. } => last = loss[0] + loss[1],
            Progress::Epoch { epoch, .. } => {
                losses.push(last);
                return *epoch != stop_after;
            }
            Progress::Data { .. } => {}
        }
        true
    });
    (result, losses)
}

#[test]
fn learns_and_leaves_a_model_that_labels() {
    let _alone = alone();
    let dir = tempfile::tempdir().unwrap();
    let s = settings(dir.path(), "model");
    let (figures, losses) = run(&s, false, 0);
    let figures = figures.unwrap();
    assert_eq!(losses.len(), 3);
    assert!(losses[2] < losses[0] * 0.9, "{losses:?}");
    assert_eq!(figures[0].1.sentences, 355);
    assert_eq!(figures[0].1.spans.len(), 3);

    let card = std::fs::read_to_string(s.out.join("README.md")).unwrap();
    for part in ["gold.jsonl", "\"seed\": 3", "macro-F1", "`encoder`"] {
        assert!(card.contains(part), "{part} in {card}");
    }
    let labeler = Labeler::open(&s.out, EngineKind::Native, 1).unwrap();
    assert_eq!(labeler.labels(), LABELS);
    let article = Article { id: "a".into(), text: "It rained. He said so.".into(), ..Article::default() };
    let rows = labeler.label(&[article]).remove(0).unwrap().sentences;
    assert_eq!(rows.len(), 2);
}

#[test]
fn a_resumed_run_equals_an_unbroken_one() {
    let _alone = alone();
    let dir = tempfile::tempdir().unwrap();
    for precision in [Precision::F32, Precision::Bf16] {
        let name = format!("{precision:?}");
        let whole = Settings { epochs: 2, precision, ..settings(dir.path(), &format!("whole-{name}")) };
        run(&whole, false, 0).0.unwrap();
        let broken = Settings { out: dir.path().join(format!("broken-{name}")), ..whole.clone() };
        assert!(matches!(run(&broken, false, 1).0, Err(TrainError::Stopped)));
        run(&broken, true, 0).0.unwrap();
        let weights = |s: &Settings| std::fs::read(s.out.join("model.safetensors")).unwrap();
        assert!(weights(&whole) == weights(&broken), "{name}");

        let other = Settings { lr: 1e-3, ..broken };
        let error = run(&other, true, 0).0.unwrap_err();
        assert!(error.to_string().contains("other settings"), "{error}");
    }
}

#[test]
fn bad_input_is_named() {
    let _alone = alone();
    let dir = tempfile::tempdir().unwrap();
    let good = settings(dir.path(), "model");
    let file = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let row = r#"{"doc_id": "a", "text": "It rained.", "label": "fact"}"#;
    let cases = [
        (file("broken.jsonl", &format!("{row}\n{{oops\n")), "broken.jsonl:2"),
        (file("neither.jsonl", "{\"x\": 1}\n"), "neither.jsonl:1"),
        (file("label.jsonl", &row.replace("fact", "rumour")), "`rumour` is not one of"),
        (file("number.jsonl", &row.replace("\"fact\"", "3")), "number.jsonl:1"),
        (
            file("offsets.jsonl", r#"{"doc_id": "a", "text": "ab", "sentences": [[0, 9]], "attributions": []}"#),
            "offsets.jsonl:1",
        ),
        (dir.path().join("none.jsonl"), "none.jsonl"),
    ];
    for (path, want) in cases {
        let error = run(&Settings { train: vec![path], ..good.clone() }, false, 0).0.unwrap_err();
        assert!(error.to_string().contains(want), "{error}");
        assert!(error.hint().is_some(), "{error}");
    }
    let wide = run(&Settings { window: 256, ..good.clone() }, false, 0).0.unwrap_err();
    assert!(wide.to_string().contains("128 positions"), "{wide}");
    let tall = run(&Settings { layers: Some(3), ..good.clone() }, false, 0).0.unwrap_err();
    assert!(tall.to_string().contains("the encoder has 2"), "{tall}");
    let nowhere = run(&Settings { encoder: dir.path().join("nowhere"), ..good }, false, 0).0.unwrap_err();
    assert!(nowhere.to_string().contains("nowhere"), "{nowhere}");
}

#[test]
fn both_kinds_of_rows_are_one_document() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("rows.jsonl");
    let text = "Ünal spoke. Ann said “it rained”.";
    let document = serde_json::json!({
        "doc_id": "d", "text": text, "sentences": [[0, 11], [12, 33]],
        "attributions": [{"source": [[12, 15]], "cue": [[16, 20]], "content": [[21, 32]]}],
    });
    let rows = [
        document.to_string(),
        r#"{"doc_id": "d", "title": "Rain", "text": "x", "label": "fact", "firm": false}"#.into(),
        r#"{"doc_id": "d", "text": "y", "label": null}"#.into(),
    ];
    std::fs::write(&path, rows.join("\n")).unwrap();
    let documents = read_documents(&[&path], &fields()).unwrap();
    assert_eq!(documents.len(), 1);
    let d = &documents[0];
    assert_eq!((d.id.as_str(), d.title.as_str(), d.sentences.len()), ("d", "Rain", 2));
    assert_eq!(d.sentences[0].label.as_deref(), Some("fact"));
    assert!(!d.sentences[0].firm);
    let second = &d.sentences[1];
    assert_eq!(second.text, "Ann said “it rained”.");
    let spans = second.spans.as_ref().unwrap();
    let of = |role: usize| spans[role].iter().map(|(s, _)| s.of(&second.text)).collect::<Vec<_>>();
    assert_eq!([of(0), of(1), of(2)], [vec!["Ann"], vec!["said"], vec!["“it rained”"]]);
}

/// Rows that we write go together with files that call the label otherwise.
#[test]
fn rows_without_the_named_field_fall_back_to_label() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("rows.jsonl");
    let rows = [
        r#"{"doc_id": "d", "text": "x", "label": "fact", "gold": null}"#,
        r#"{"doc_id": "d", "text": "y", "label": "fact", "firm": false}"#,
    ];
    std::fs::write(&path, rows.join("\n")).unwrap();
    let fields = Fields { label: "gold".into(), firm: "gold_firm".into() };
    let document = read_documents(&[&path], &fields).unwrap().remove(0);
    assert_eq!(document.sentences[0].label, None);
    assert_eq!((document.sentences[1].label.as_deref(), document.sentences[1].firm), (Some("fact"), false));
}

/// Labels may stand in a file of their own, which holds no text.
#[test]
fn labels_join_the_sentences_of_another_file() {
    let dir = tempfile::tempdir().unwrap();
    let (rows, labels) = (dir.path().join("rows.jsonl"), dir.path().join("labels.jsonl"));
    let sentences =
        [r#"{"doc_id": "d", "text": "x", "label": "fact"}"#, r#"{"doc_id": "d", "text": "y", "label": null}"#];
    std::fs::write(&rows, sentences.join("\n")).unwrap();
    let read = |row: &str, files: &[&Path]| {
        std::fs::write(&labels, row).unwrap();
        read_documents(files, &fields())
    };
    let row = r#"{"doc_id": "d", "labels": ["background", "allegation"], "firm": [true, false]}"#;
    for files in [[rows.as_path(), labels.as_path()], [labels.as_path(), rows.as_path()]] {
        let document = read(row, &files).unwrap().remove(0);
        let all: Vec<_> =
            document.sentences.iter().map(|s| (s.text.as_str(), s.label.as_deref().unwrap(), s.firm)).collect();
        assert_eq!(all[1], ("y", "allegation", false));
        assert_eq!(all[0].0, "x");
    }
    let error = read(row, &[&labels]).unwrap_err().to_string();
    assert!(error.contains("document d: labels, but no sentences"), "{error}");
    let uneven = r#"{"doc_id": "d", "labels": ["fact", null], "firm": [true]}"#;
    let error = read(uneven, &[&rows, &labels]).unwrap_err().to_string();
    assert!(error.contains("labels.jsonl:1: 2 labels"), "{error}");
    let short = r#"{"doc_id": "d", "labels": ["fact"], "firm": [true]}"#;
    let error = read(short, &[&rows, &labels]).unwrap_err().to_string();
    assert!(error.contains("2 sentences in one reading, 1 in another"), "{error}");
}

/// The sample's gold rows as a teacher would give them, and the same rows without labels.
fn taught(dir: &Path) -> (PathBuf, PathBuf) {
    let gold = std::fs::read_to_string(repo().join("data/sample/gold.jsonl")).unwrap();
    let (mut bare, mut teacher) = (String::new(), String::new());
    for line in gold.lines() {
        let mut row: serde_json::Value = serde_json::from_str(line).unwrap();
        let share = |label: &str| if row["label"] == label { 0.9 } else { 0.05 };
        let all = serde_json::json!({"fact": share("fact"), "allegation": share("allegation"), "background": share("background")});
        let id = row.get("doc_id").or_else(|| row.get("article")).unwrap().clone();
        teacher += &format!("{}\n", serde_json::json!({"article": id, "probabilities": all}));
        row["label"] = serde_json::Value::Null;
        row.as_object_mut().unwrap().remove("attributions");
        bare += &format!("{row}\n");
    }
    let (rows, labelled) = (dir.join("bare.jsonl"), dir.join("teacher.jsonl"));
    std::fs::write(&rows, bare).unwrap();
    std::fs::write(&labelled, teacher).unwrap();
    (rows, labelled)
}

#[test]
fn a_teacher_is_learned_from_without_labels() {
    let _alone = alone();
    let dir = tempfile::tempdir().unwrap();
    let (rows, teacher) = taught(dir.path());
    let s = Settings {
        train: vec![rows],
        layers: Some(1),
        teacher: vec![teacher],
        layer_mix: false,
        dropout: 0.0,
        ..settings(dir.path(), "student")
    };
    let (figures, losses) = run(&s, false, 0);
    assert!(losses[2] < losses[0] * 0.9, "{losses:?}");
    // Labels alone make as much of the same sentences.
    let labels = Settings { train: s.dev.clone(), teacher: Vec::new(), out: dir.path().join("pupil"), ..s.clone() };
    let (taught, told) = (figures.unwrap()[0].1.accuracy, run(&labels, false, 0).0.unwrap()[0].1.accuracy);
    assert!(taught > told - 0.1, "{taught} {told}");
    let card = std::fs::read_to_string(s.out.join("README.md")).unwrap();
    assert!(card.contains("teacher's probabilities: teacher.jsonl"), "{card}");
}

#[test]
fn a_teacher_that_does_not_fit_is_named() {
    let _alone = alone();
    let dir = tempfile::tempdir().unwrap();
    let (rows, teacher) = taught(dir.path());
    let whole = std::fs::read_to_string(&teacher).unwrap();
    let first = whole.lines().next().unwrap();
    let id = serde_json::from_str::<serde_json::Value>(first).unwrap()["article"].as_str().unwrap().to_owned();
    let cases = [
        (whole.replacen(&id, "elsewhere", 1), "document elsewhere: it is in no file of --train"),
        (first.to_owned(), "document"),
        (whole.replacen("0.9", "1.9", 1), "teacher.jsonl:1: `probabilities` are"),
        (whole.replacen("\"allegation\"", "\"rumour\"", 1), "teacher.jsonl:1: `probabilities` does not name each of"),
        ("{\"article\": \"a\"}".to_owned(), "teacher.jsonl:1: missing field"),
    ];
    for (text, want) in cases {
        std::fs::write(&teacher, text).unwrap();
        let s = Settings { train: vec![rows.clone()], teacher: vec![teacher.clone()], ..settings(dir.path(), "m") };
        let error = run(&s, false, 0).0.unwrap_err();
        assert!(error.to_string().contains(want), "{error}");
        assert!(error.hint().is_some(), "{error}");
    }
    let s = Settings { teacher_share: 1.5, ..settings(dir.path(), "m") };
    assert!(run(&s, false, 0).0.unwrap_err().to_string().contains("--teacher-share"));
}
