//! Gold in the documented form of each tool and corpus, against the same predictions.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use serde_json::{Value, json};
use std::path::PathBuf;
use tempfile::TempDir;
use veracity::evaluate::{GoldFormat, Options, Predictions, Report, System, evaluate};

/// Characters before the sentences are wider than a byte, one wider than a UTF-16 unit.
const TEXT: &str = "Zürich 😀 note\n\nThe bridge was closed. The mayor said it had cracked. It was built in 1998.";
const SENTENCES: [(&str, &str); 3] = [
    ("The bridge was closed.", "fact"),
    ("The mayor said it had cracked.", "allegation"),
    ("It was built in 1998.", "background"),
];

fn bytes(part: &str) -> (usize, usize) {
    let start = TEXT.find(part).unwrap();
    (start, start + part.len())
}

/// Offsets in characters.
fn chars(part: &str) -> (usize, usize) {
    let start = TEXT[..bytes(part).0].chars().count();
    (start, start + part.chars().count())
}

fn utf16(part: &str) -> (usize, usize) {
    let start = TEXT[..bytes(part).0].encode_utf16().count();
    (start, start + part.encode_utf16().count())
}

fn predictions() -> String {
    let at = |part: &str| json!({"text": part, "start": bytes(part).0, "end": bytes(part).1});
    let row = |(n, (text, label)): (usize, &(&str, &str))| {
        let said = json!([{"source": at("The mayor"), "cue": at("said"), "content": at("it had cracked")}]);
        let attributions = if n == 1 { said } else { json!([]) };
        let row = json!({"article": "a1", "sentence": n, "start": bytes(text).0, "end": bytes(text).1, "text": text,
            "label": label, "attributions": attributions});
        format!("{row}\n")
    };
    SENTENCES.iter().enumerate().map(row).collect()
}

struct Dir(TempDir);

impl Dir {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn put(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    fn run(&self, gold: &str, options: &Options) -> Report {
        let pred = self.put("pred.jsonl", &predictions());
        evaluate(&self.0.path().join(gold), &[Predictions::File(&pred)], options).unwrap()
    }
}

fn score(name: &str, gold: &str) -> System {
    let dir = Dir::new();
    dir.put(name, gold);
    dir.run(name, &Options::default()).systems.remove(0)
}

fn all_right(system: &System) {
    assert_eq!(system.sentences, 3, "{:?}", system.unaligned);
    assert_eq!(system.labels.as_ref().unwrap().accuracy.value, 1.0);
}

fn spans_right(system: &System) {
    for role in &system.spans.as_ref().unwrap().roles {
        assert_eq!((role.gold, role.exact.f1.value), (1, 1.0), "{}", role.role);
    }
}

const PARTS: [(&str, &str); 3] = [("Source", "The mayor"), ("Cue", "said"), ("Content", "it had cracked")];

/// Sentences and parts with their labels, in the order of annotation.
fn marks() -> impl Iterator<Item = (&'static str, &'static str)> {
    SENTENCES.iter().map(|(text, label)| (*label, *text)).chain(PARTS)
}

#[test]
fn label_studio_spans_and_relations() {
    for offsets in [chars, utf16] {
        let result = |(n, (label, part)): (usize, (&str, &str))| {
            let (start, end) = offsets(part);
            json!({"id": format!("r{n}"), "from_name": "label", "to_name": "text", "type": "labels", "origin": "manual",
                "value": {"start": start, "end": end, "text": part, "labels": [label]}})
        };
        let mut results: Vec<Value> = marks().enumerate().map(result).collect();
        for (from, to) in [("r4", "r3"), ("r4", "r5")] {
            results.push(json!({"type": "relation", "from_id": from, "to_id": to, "direction": "right", "labels": []}));
        }
        let task = json!([{
            "id": 7, "data": {"text": TEXT, "article": "a1"}, "project": 1, "predictions": [],
            "annotations": [
                {"id": 1, "completed_by": 3, "was_cancelled": true, "result": []},
                {"id": 2, "completed_by": {"id": 4, "email": "a@example.org"}, "was_cancelled": false, "result": results},
            ],
        }]);
        let system = score("export.json", &serde_json::to_string_pretty(&task).unwrap());
        all_right(&system);
        spans_right(&system);
        assert_eq!(system.aligned_by.offsets, 3);
    }
}

#[test]
fn label_studio_choices_and_json_min() {
    let task = |(n, (text, label)): (usize, &(&str, &str))| {
        json!({"id": n, "data": {"text": text, "article": "a1"}, "annotations": [{"id": n, "completed_by": 1, "result": [
            {"type": "choices", "from_name": "label", "to_name": "text", "value": {"choices": [label]}}]}]})
    };
    let tasks: Vec<Value> = SENTENCES.iter().enumerate().map(task).collect();
    all_right(&score("export.json", &json!(tasks).to_string()));
    let short =
        |(text, label): &(&str, &str)| json!({"text": text, "id": 1, "article": "a1", "label": label, "annotator": 1});
    all_right(&score("min.json", &json!(SENTENCES.iter().map(short).collect::<Vec<_>>()).to_string()));
    let spans: Vec<Value> = SENTENCES
        .iter()
        .map(|(text, label)| json!({"start": chars(text).0, "end": chars(text).1, "text": text, "labels": [label]}))
        .collect();
    all_right(&score("min.json", &json!([{"text": TEXT, "id": 1, "article": "a1", "label": spans}]).to_string()));
}

#[test]
fn doccano() {
    let triples: Vec<Value> = marks().map(|(label, part)| json!([chars(part).0, chars(part).1, label])).collect();
    for field in ["label", "labels"] {
        let record = json!({"id": 5, "text": TEXT, "article": "a1", field: triples, "Comments": []});
        all_right(&score("admin.jsonl", &format!("{record}\n")));
    }
    let entity = |(id, (label, part)): (usize, (&str, &str))| json!({"id": id, "label": label, "start_offset": chars(part).0, "end_offset": chars(part).1});
    let entities: Vec<Value> = marks().enumerate().map(entity).collect();
    let relations =
        json!([{"id": 1, "from_id": 4, "to_id": 3, "type": "by"}, {"id": 2, "from_id": 4, "to_id": 5, "type": "what"}]);
    let record = json!({"id": 5, "text": TEXT, "article": "a1", "entities": entities, "relations": relations});
    let system = score("admin.jsonl", &record.to_string());
    all_right(&system);
    spans_right(&system);
    let class = |(text, label): &(&str, &str)| {
        format!("{}\n", json!({"id": 1, "text": text, "article": "a1", "label": [label]}))
    };
    all_right(&score("all.jsonl", &SENTENCES.iter().map(class).collect::<String>()));
}

#[test]
fn prodigy() {
    let place = |part: &str| json!({"start": chars(part).0, "end": chars(part).1, "token_start": 0, "token_end": 1});
    let span = |(label, part): (&str, &str)| {
        let mut span = place(part);
        span["label"] = json!(label);
        span
    };
    let link = |part: &str| json!({"head": 0, "child": 1, "label": "by", "head_span": place("said"), "child_span": place(part)});
    let record = json!({
        "text": TEXT, "meta": {"article": "a1"}, "_input_hash": 1, "_task_hash": 2, "_session_id": "news-ann",
        "spans": marks().map(span).collect::<Vec<_>>(), "relations": [link("The mayor"), link("it had cracked")],
        "answer": "accept",
    });
    let system = score("out.jsonl", &record.to_string());
    all_right(&system);
    spans_right(&system);
    let choice = |(text, label): &(&str, &str)| {
        let options = json!([{"id": "fact", "text": "fact"}]);
        format!(
            "{}\n",
            json!({"text": text, "meta": {"article": "a1"}, "options": options, "accept": [label], "answer": "accept", "_task_hash": 1})
        )
    };
    let rejected =
        json!({"text": "It rained.", "meta": {"article": "a1"}, "options": [], "accept": ["fact"], "answer": "reject"});
    let text = SENTENCES.iter().map(choice).collect::<String>() + &rejected.to_string();
    all_right(&score("out.jsonl", &text));
}

#[test]
fn brat_with_events() {
    let mut ann = String::new();
    for (n, (label, part)) in marks().enumerate() {
        let (start, end) = chars(part);
        ann += &format!("T{}\t{label} {start} {end}\t{part}\n", n + 1);
    }
    ann += "T9\tAttribution 0 3\tZür\nE1\tAttribution:T9 Source:T4 Cue:T5 Content:T6\n#1\tAnnotatorNotes T1\tsure\n";
    for gold in ["folder", "folder/a1.ann"] {
        let dir = Dir::new();
        dir.put("folder/a1.txt", TEXT);
        dir.put("folder/a1.ann", &ann);
        let system = dir.run(gold, &Options::default()).systems.remove(0);
        all_right(&system);
        spans_right(&system);
    }
}

/// NewsDiscourse as published: the annotation is on the number before the sentence.
#[test]
fn newsdiscourse_as_published() {
    let mut text = String::from("H A bridge is closed\n\nDATE/ 2018\n\n");
    let mut ann = String::new();
    for (n, ((sentence, _), label)) in SENTENCES.iter().zip(["Main", "Evaluation", "Historical"]).enumerate() {
        let start = text.chars().count();
        text += &format!("S{} {sentence}\n", n + 1);
        ann += &format!("T{}\t{label} {start} {}\tS{}\n", 2 * n + 1, start + 2, n + 1);
        ann += &format!("T{}\tSpeech {start} {}\tS{}\n", 2 * n + 2, start + 2, n + 1);
    }
    let dir = Dir::new();
    dir.put("nd/a1.txt", &text);
    dir.put("nd/a1.ann", &ann);
    let map = [("Main", "fact"), ("Evaluation", "allegation"), ("Historical", "background")];
    let map = map.map(|(from, to)| (from.to_owned(), to.to_owned())).to_vec();
    let system = dir.run("nd", &Options { map, ..Options::default() }).systems.remove(0);
    all_right(&system);
    assert_eq!(system.aligned_by.text, 3);
}

/// PolNeAR as published: annotations and texts in folders of their own, spans in pieces.
#[test]
fn polnear_as_published() {
    let (cue, content) = (chars("said"), chars("it had cracked"));
    let ann = format!(
        "T1\tSource {} {}\tThe mayor\nT2\tCue {} {}\tsaid\nT3\tContent {} {};{} {}\tit had cracked\nE1\tAttribution:T2 Content:T3 Cue:T2 Source:T1\n",
        chars("The mayor").0,
        chars("The mayor").1,
        cue.0,
        cue.1,
        content.0,
        content.0 + 2,
        content.0 + 3,
        content.1
    );
    let dir = Dir::new();
    dir.put("text/a1.txt", TEXT);
    dir.put("attributions/a1_ef2d.ann", &ann);
    let spans = dir.run("attributions", &Options::default()).systems.remove(0).spans.unwrap();
    assert_eq!((spans.roles[0].exact.f1.value, spans.roles[1].exact.f1.value), (1.0, 1.0));
    assert_eq!((spans.roles[2].gold, spans.roles[2].overlap.f1.value), (2, 1.0));
}

/// GUM as published: labels follow from the discourse relations.
#[test]
fn gum_as_published() {
    let relations = ["ROOT:1:0", "attribution-positive:3->2:0", "context-background:5->1:0"];
    let mut text = String::from("# newdoc id = a1\n# meta::title = A bridge is closed\n");
    for (n, ((sentence, _), relation)) in SENTENCES.iter().zip(relations).enumerate() {
        text += &format!("# sent_id = a1-{n}\n# text = {sentence}\n");
        text += &format!("1\tx\tx\tX\tX\t_\t0\troot\t_\tDiscourse={relation}|Entity=(1)\n");
        if n == 1 {
            text += "2\tx\tx\tX\tX\t_\t1\tdep\t_\tDiscourse=joint-other_m:2->1:0\n";
        }
        text += "3\t.\t.\tPUNCT\t.\t_\t1\tpunct\t_\t_\n\n";
    }
    let system = score("gold.conllu", &text);
    all_right(&system);
    assert_eq!(system.aligned_by.text, 3);
}

#[test]
fn csv_tsv_and_two_columns() {
    let row = |(text, label): &(&str, &str)| format!("a1,\"{text}\",{label}\n");
    all_right(&score(
        "gold.csv",
        &(String::from("article,text,label\n") + &SENTENCES.iter().map(row).collect::<String>()),
    ));
    let row = |(text, label): &(&str, &str)| format!("a1\t{text}\t{label}\n");
    all_right(&score(
        "gold.tsv",
        &(String::from("article\ttext\tlabel\n") + &SENTENCES.iter().map(row).collect::<String>()),
    ));
    let row = |(text, label): &(&str, &str)| format!("{text}\t{label}\n");
    all_right(&score(
        "gold.conll",
        &(String::from("# newdoc id = a1\n") + &SENTENCES.iter().map(row).collect::<String>()),
    ));
    let row = |(text, label): &(&str, &str)| format!("{label}\t{text}\n");
    all_right(&score("gold.txt", &(String::from("###a1\n") + &SENTENCES.iter().map(row).collect::<String>())));
    let words = |(text, label): &(&str, &str)| {
        let tag = |(n, word): (usize, &str)| format!("{word}\t{}-{label}\n", if n == 0 { "B" } else { "I" });
        text.replace('.', " .").split(' ').enumerate().map(tag).collect::<String>() + "\n"
    };
    let system =
        score("gold.conll", &(String::from("# newdoc id = a1\n") + &SENTENCES.iter().map(words).collect::<String>()));
    all_right(&system);
    assert_eq!(system.aligned_by.fuzzy, 3);
}

/// Predictions in CSV, with probabilities in columns; gold as rows of a whole document.
#[test]
fn csv_predictions_and_document_gold() {
    let dir = Dir::new();
    let sentences: Vec<Value> = SENTENCES.iter().map(|(text, _)| json!([chars(text).0, chars(text).1])).collect();
    let piece = |part: &str| json!([[chars(part).0, chars(part).1]]);
    let attributions =
        json!([{"source": piece("The mayor"), "cue": piece("said"), "content": piece("it had cracked")}]);
    let gold = json!({"doc_id": "a1", "text": TEXT, "sentences": sentences, "attributions": attributions});
    dir.put("gold.jsonl", &gold.to_string());
    spans_right(&dir.run("gold.jsonl", &Options::default()).systems[0]);

    let gold =
        dir.put("gold.csv", "doc_id,text,label\na1,The bridge was closed.,fact\na1,It was built in 1998.,background\n");
    let pred = dir.put(
        "pred.csv",
        "article,text,label,p_fact,p_background,p_allegation\n\
         a1,The bridge was closed.,fact,0.7,0.2,0.1\na1,It was built in 1998.,fact,0.5,0.4,0.1\n",
    );
    let report = evaluate(&gold, &[Predictions::File(&pred)], &Options::default()).unwrap();
    let labels = report.systems[0].labels.as_ref().unwrap();
    assert_eq!(labels.accuracy.value, 0.5);
    let brier = labels.probabilities.as_ref().unwrap().brier.value;
    assert!((brier - (0.09 + 0.04 + 0.01 + 0.25 + 0.36 + 0.01) / 2.0).abs() < 1e-12, "{brier}");
}

#[test]
fn a_format_can_be_forced() {
    let dir = Dir::new();
    dir.put("gold.txt", "article,text,label\na1,The bridge was closed.,fact\n");
    let options = Options { gold_format: Some(GoldFormat::Csv), ..Options::default() };
    assert_eq!(dir.run("gold.txt", &options).systems[0].sentences, 1);
}

/// Gold that splits sentences otherwise, without offsets: found by words in common.
#[test]
fn another_segmentation_is_found_and_the_rest_named() {
    let row = |text: &str, label: &str| format!("{}\n", json!({"article": "a1", "text": text, "label": label}));
    let gold = row("The bridge was closed .", "fact")
        + &row("The mayor said it had cracked. It was built in 1998.", "allegation")
        + &row("Nothing like this is in the text at all.", "fact");
    let system = score("gold.jsonl", &gold);
    assert_eq!((system.sentences, system.aligned_by.fuzzy), (2, 2));
    assert_eq!((system.unaligned.len(), system.unaligned[0].line), (1, 3));
}

#[test]
fn annotators_agree_and_the_consensus_counts() {
    let row = |text: &str, who: &str, label: &str| {
        format!("{}\n", json!({"article": "a1", "text": text, "label": label, "annotator": who}))
    };
    let mut gold = String::new();
    for (text, label) in SENTENCES {
        gold += &row(text, "ann", label);
        gold += &row(text, "bea", label);
        gold += &row(text, "cem", "fact");
    }
    let dir = Dir::new();
    dir.put("gold.jsonl", &gold);
    let report = dir.run("gold.jsonl", &Options::default());
    let agreement = report.agreement.as_ref().unwrap();
    assert_eq!((agreement.sentences, agreement.shared, agreement.disputed), (3, 3, 2));
    assert_eq!(agreement.cohen[0].kappa, Some(1.0));
    assert_eq!(agreement.annotators[2].with_consensus, 1.0 / 3.0);
    assert!(agreement.fleiss.is_some() && agreement.alpha.is_some());
    all_right(&report.systems[0]);
    let text = report.to_text();
    assert!(text.contains("annotators   3; the gold label is their consensus"), "{text}");
    assert!(text.contains("Cohen        1.000 ann and bea (3 sentences)"), "{text}");
}
