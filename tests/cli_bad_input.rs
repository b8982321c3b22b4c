//! `veracity label` on input that is not fine: what is said, and that the rest is done.
#![allow(clippy::unwrap_used)]

mod cli_common;

use cli_common::{Files, TEXT, label, row, veracity};
use predicates::prelude::*;
use predicates::str::contains;
use std::path::Path;

/// Labels a row before, the bad row on line 2, a row behind, and another file.
fn bad_row(bad: &[u8], parts: &[&str]) {
    let files = Files::new();
    let input = [row("before").as_bytes(), bad, b"\n", row("behind").as_bytes()].concat();
    let input = files.put("in.jsonl", input);
    let other = files.put("other.txt", TEXT);
    let (code, ids, messages) = label(&[&input, &other]);
    assert_eq!(code, 2, "{messages}");
    assert_eq!(ids, ["before", "behind", "other"], "{messages}");
    let place = format!("error: {}:2: ", input.display());
    assert!(messages.starts_with(&place), "{messages}");
    assert!(messages.contains("\n  hint: "), "{messages}");
    assert_eq!(messages.lines().count(), 2, "{messages}");
    for part in parts {
        assert!(messages.contains(part), "{messages} lacks {part}");
    }
}

/// Labels a bad file and then a good one.
fn bad_file(name: &str, what: &[u8], parts: &[&str]) {
    let files = Files::new();
    let input = files.put(name, what);
    let other = files.put("other.txt", TEXT);
    let (code, ids, messages) = label(&[&input, &other]);
    assert_eq!(code, 2, "{messages}");
    assert_eq!(ids, ["other"], "{messages}");
    assert!(messages.starts_with(&format!("error: {}:", input.display())), "{messages}");
    assert!(messages.contains("\n  hint: "), "{messages}");
    for part in parts {
        assert!(messages.contains(part), "{messages} lacks {part}");
    }
}

/// The Parquet reader panics at this file; of that nothing is told but the error.
#[test]
fn a_damaged_parquet_file() {
    let file = include_bytes!("fixtures/formats/negative.parquet");
    bad_file("damaged.parquet", file, &["column start and length should not be negative"]);
}

#[test]
fn broken_json() {
    bad_row(b"{\"text\": \"A.\",}", &["broken JSON at column 15"]);
    bad_row(b"{\"text\": \"A.", &["cut off"]);
    bad_row(b"{\"text\": \"A.\"} {}", &["trailing"]);
    bad_row(b"plain words", &["broken JSON at column 1"]);
}

#[test]
fn half_a_surrogate_pair() {
    bad_row(br#"{"text": "A \ud83d here."}"#, &["broken JSON at column", "half a character pair"]);
    bad_row(br#"{"text": "A \udc00."}"#, &["broken JSON at column", "half a character pair"]);
}

#[test]
fn a_missing_field_and_where_it_may_be() {
    bad_row(br#"{"body": "A."}"#, &["missing field \"text\"", "--field text=body"]);
    bad_row(br#"{"doc": {"content": "A."}}"#, &["--field text=doc.content"]);
    bad_row(br#"{"id": "x"}"#, &["missing field \"text\"", "--field text=KEY"]);
}

#[test]
fn a_field_of_the_wrong_type() {
    bad_row(br#"{"text": 5}"#, &["\"text\" is a number, expected a string"]);
    bad_row(br#"{"text": "A.", "id": [1]}"#, &["\"id\" is a list"]);
    bad_row(br#"{"text": "A.", "source": {"name": "S"}}"#, &["--field source=source.name"]);
    bad_row(br#"{"sentences": "A."}"#, &["\"sentences\" is a string, expected a list"]);
    bad_row(br#"{"sentences": ["A.", 2]}"#, &["\"sentences\"[1] is a number"]);
    bad_row(b"[1]", &["expected a JSON object, found a list"]);
}

#[test]
fn sentences_that_are_not_in_the_text() {
    bad_row(
        br#"{"text": "A b. C d.", "sentences": ["C d.", "A b."]}"#,
        &["\"sentences\"[1] (\"A b.\") is not in the text"],
    );
}

#[test]
fn empty_texts() {
    bad_row(br#"{"text": ""}"#, &["\"text\" is empty"]);
    bad_row(br#"{"text": " \n "}"#, &["\"text\" is empty"]);
}

#[test]
fn bytes_that_are_not_utf8() {
    bad_row(b"{\"text\": \"caf\xe9\"}", &["invalid UTF-8 at byte 13", "iconv"]);
    bad_file("a.txt", b"One.\nTwo\xe9.", &["a.txt:2: invalid UTF-8 at byte 8 (0xe9)", "iconv"]);
    bad_file("a.txt", b"\xff\xfeA\0", &["UTF-16"]);
    bad_file("a.jsonl", b"\xff\xfe{\0", &["UTF-16"]);
}

#[test]
fn files_without_content() {
    bad_file("a.txt", b"", &["empty"]);
    bad_file("a.txt", b" \n", &["empty"]);
    bad_file("a.jsonl", b"", &["no rows"]);
    bad_file("a.ndjson", b"\n\n", &["no rows"]);
}

#[test]
fn json_that_is_not_one_object_a_line() {
    bad_file("a.json", b"[\n{\"text\": \"A.\"}\n]\n", &["several lines", "jq -c '.[]'"]);
    bad_file("a.json", b"{\n\"text\": \"A.\"\n}\n", &["several lines", "jq -c '.'"]);
}

#[test]
fn paths_without_articles() {
    let files = Files::new();
    let other = files.put("other.txt", TEXT);
    let empty = files.path("empty");
    std::fs::create_dir(&empty).unwrap();
    for (path, part) in [(files.path("none.txt"), "check the path"), (empty, ".jsonl")] {
        let (code, ids, messages) = label(&[&path, &other]);
        assert_eq!((code, ids), (2, vec!["other".to_owned()]));
        assert!(messages.contains(&format!("error: {}: ", path.display())), "{messages}");
        assert!(messages.contains("\n  hint: ") && messages.contains(part), "{messages}");
    }
}

#[test]
fn a_line_above_the_limit() {
    let long = format!("{{\"text\": \"{}\"}}", "x".repeat(17_000_000));
    bad_row(long.as_bytes(), &["17000012 bytes long", "--max-line"]);
    let files = Files::new();
    let input = files.put("in.jsonl", row("a"));
    let (code, _, messages) = label(&[Path::new("--max-line"), Path::new("10"), &input]);
    assert_eq!(code, 2);
    assert!(messages.contains("the limit is 10"), "{messages}");
}

#[test]
fn what_is_odd_but_fine() {
    let files = Files::new();
    let text = serde_json::to_string(&format!("{TEXT}\u{0}")).unwrap();
    let input = format!("{{\"id\": 1, \"id\": 2, \"text\": \"\", \"text\": {text}}}\n");
    let (code, ids, messages) = label(&[&files.put("in.jsonl", input)]);
    assert_eq!((code, messages.as_str()), (0, ""));
    assert_eq!(ids, ["2"]);
}

#[test]
fn bad_usage() {
    let files = Files::new();
    let input = files.put("in.jsonl", row("a"));
    let cases: [(&[&str], &str); 6] = [
        (&["--field", "body=x"], "no field `body`"),
        (&["--field", "text"], "NAME=PATH"),
        (&["--max-line", "lots"], "16MiB"),
        (&["--threads", "0"], "--threads"),
        (&["--format", "xml"], "jsonl"),
        (&["--model", "no/such/model"], "no such folder"),
    ];
    for (args, part) in cases {
        veracity()
            .arg("label")
            .arg(&input)
            .args(args)
            .assert()
            .code(2)
            .stdout("")
            .stderr(contains("error: ").and(contains(part)));
    }
    veracity().args(["label", "-", "-"]).assert().code(2).stderr(contains("twice"));
    veracity().arg("label").assert().code(2);
}

#[test]
fn messages_cannot_steer_the_terminal() {
    let files = Files::new();
    let bad = files.put("in.jsonl", "{\"text\": \"A.\", \"sentences\": [\"\\u001b[31mB\"]}\n");
    let (_, _, messages) = label(&[&bad]);
    assert!(!messages.contains('\u{1b}'), "{messages:?}");
}

#[test]
fn colour_only_where_it_is_wanted() {
    let run = |env: &[(&str, &str)], color: &str| {
        let mut command = veracity();
        command.args(["label", "none.txt", "--color", color]);
        for (name, value) in env {
            command.env(name, value);
        }
        String::from_utf8(command.output().unwrap().stderr).unwrap().contains('\u{1b}')
    };
    assert!(!run(&[], "auto"));
    assert!(!run(&[("NO_COLOR", "1")], "auto"));
    assert!(run(&[("CLICOLOR_FORCE", "1")], "auto"));
    assert!(run(&[], "always"));
    assert!(!run(&[("CLICOLOR_FORCE", "1")], "never"));
}
