//! `veracity label` on input that is fine.
#![allow(clippy::unwrap_used)]

mod cli_common;

use cli_common::{Files, TEXT, ids, label, row, veracity};
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;
use std::fs;
use std::path::Path;

#[test]
fn rows_have_their_keys_and_their_places() {
    let files = Files::new();
    let text = format!("\u{feff}{TEXT}\r\n\r\nÉmile Zola denied it on Tuesday, the office said.\r\n");
    let input = files.put("story.txt", &text);
    let output = veracity().arg("label").arg(input).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let decoded = text.trim_start_matches('\u{feff}');
    let rows: Vec<Value> =
        std::str::from_utf8(&output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(!rows.is_empty());
    for (index, row) in rows.iter().enumerate() {
        let keys: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(
            keys,
            ["article", "sentence", "start", "end", "text", "label", "confidence", "probabilities", "attributions"]
        );
        assert_eq!(row["article"], "story");
        assert_eq!(row["sentence"], index);
        let place = |key: &str| usize::try_from(row[key].as_u64().unwrap()).unwrap();
        assert_eq!(row["text"], decoded[place("start")..place("end")]);
        let label = row["label"].as_str().unwrap();
        assert_eq!(row["probabilities"][label], row["confidence"]);
    }
    let messages = String::from_utf8(output.stderr).unwrap();
    assert!(messages.contains("1 article, "), "{messages}");
    assert!(messages.contains("0 rows rejected"), "{messages}");
    // A slow machine may tell of progress before.
    assert_eq!(messages.lines().filter(|line| !line.contains("/s)")).count(), 1, "{messages}");
}

#[test]
fn many_inputs_keep_their_order() {
    let files = Files::new();
    let many: String = (0..80).map(|i| row(&format!("m{i:03}"))).collect();
    let many = files.put("many.jsonl", many);
    let one = files.put("one.txt", TEXT);
    let (code, got, messages) = label(&[&many, &one]);
    assert_eq!((code, messages.as_str()), (0, ""));
    let mut want: Vec<String> = (0..80).map(|i| format!("m{i:03}")).collect();
    want.push("one".into());
    assert_eq!(got, want);
}

#[test]
fn folders_are_searched() {
    let files = Files::new();
    files.put("in/b.txt", TEXT);
    files.put("in/a.ndjson", row("a"));
    files.put("in/sub/c.jsonl", row("c"));
    files.put("in/notes.md", "no");
    let (code, got, messages) = label(&[&files.path("in")]);
    assert_eq!((code, messages.as_str()), (0, ""));
    assert_eq!(got, ["a", "b", "c"]);
}

#[test]
fn standard_input_is_json_lines_or_text() {
    let lines = format!("\n  {}{}", row("a"), serde_json::json!({"text": TEXT}));
    for (input, want) in [(lines.as_str(), vec!["a", "stdin:3"]), (TEXT, vec!["stdin"])] {
        let output = veracity().args(["label", "-"]).write_stdin(input).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(ids(&output.stdout), want);
    }
}

#[test]
fn fields_can_be_elsewhere() {
    let files = Files::new();
    let row = serde_json::json!({"uuid": 7, "body": {"plain": TEXT}, "text": 5});
    let input = files.put("in.jsonl", row.to_string());
    veracity()
        .args(["label", "--field", "text=body.plain", "--field", "id=uuid"])
        .arg(input)
        .assert()
        .success()
        .stdout(contains("{\"article\":\"7\","));
}

#[test]
fn given_sentences_are_kept() {
    let files = Files::new();
    let sentences = ["The mayor spoke", "of a new bridge. And of more."];
    let row = serde_json::json!({"id": "s", "sentences": sentences});
    let input = files.put("in.jsonl", row.to_string());
    veracity()
        .arg("label")
        .arg(input)
        .assert()
        .success()
        .stdout(contains("\"sentence\":0,\"start\":0,\"end\":15,\"text\":\"The mayor spoke\""))
        .stdout(contains("\"sentence\":1,\"start\":16,\"end\":45,"));
}

#[test]
fn an_output_file_has_its_name_at_the_end() {
    let files = Files::new();
    let input = files.put("in.jsonl", format!("{}{{bad\n{}", row("a"), row("b")));
    let out = files.path("out.jsonl");
    fs::write(&out, "old").unwrap();
    veracity()
        .arg("label")
        .args([&input, Path::new("-o"), &out])
        .assert()
        .code(2)
        .stdout("")
        .stderr(contains("2 articles").and(contains("1 row rejected")));
    assert_eq!(ids(&fs::read(&out).unwrap()), ["a", "b"]);
    assert!(!files.path("out.jsonl.partial").exists());
}

#[test]
fn an_output_is_not_lost_to_a_mistyped_input() {
    let files = Files::new();
    let out = files.put("out.jsonl", "old");
    veracity().args(["label", "nothing-here.txt", "-o"]).arg(&out).assert().code(2);
    assert_eq!(fs::read_to_string(&out).unwrap(), "old");
    assert!(!files.path("out.jsonl.partial").exists());
}

#[test]
fn an_input_is_not_written_over() {
    let files = Files::new();
    let input = files.put("in/a.jsonl", row("a"));
    for source in [&input, &files.path("in")] {
        veracity()
            .arg("label")
            .args([source, Path::new("-o"), &input])
            .assert()
            .code(2)
            .stderr(contains("would replace an input").and(contains("  hint: ")));
    }
    assert_eq!(fs::read_to_string(&input).unwrap(), row("a"));
}

#[test]
fn tables_tell_labels_without_colour() {
    let files = Files::new();
    let input = files.put("in.jsonl", row("a1"));
    let table = |more: &[&str]| {
        let mut command = veracity();
        let command = command.args(["label", "--format", "table"]).args(more).arg(&input);
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    let plain = table(&[]);
    assert!(plain.starts_with("a1\n"), "{plain}");
    assert!(!plain.contains('\u{1b}'));
    assert!(plain.contains('%'));
    assert!(plain.lines().all(|line| line.chars().count() <= 100));
    assert!(table(&["--color", "always"]).contains('\u{1b}'));
    assert_eq!(table(&["--color", "never"]), plain);
}

#[test]
fn quiet_says_nothing_when_all_is_well() {
    let files = Files::new();
    let input = files.put("in.jsonl", row("a"));
    assert_eq!(label(&[&input]), (0, vec!["a".to_owned()], String::new()));
}

#[test]
fn one_thread_and_many_write_the_same() {
    let files = Files::new();
    let input = files.put("in.jsonl", format!("{}{}{}", row("a"), row("b"), row("c")));
    let run = |threads: &str| {
        let mut command = veracity();
        let command = command.args(["label", "--threads", threads]).arg(&input);
        command.output().unwrap().stdout
    };
    assert_eq!(run("1"), run("4"));
}

#[cfg(unix)]
#[test]
fn standard_output_by_name_is_not_replaced() {
    let files = Files::new();
    let input = files.put("in.jsonl", row("a"));
    let out = files.path("out.jsonl");
    let status = std::process::Command::new(env!("CARGO_BIN_EXE_veracity"))
        .env("VERACITY_MODEL", cli_common::model())
        .args(["label", "-q", "-o", "/dev/stdout"])
        .arg(&input)
        .stdout(fs::File::create(&out).unwrap())
        .status()
        .unwrap();
    assert!(status.success());
    assert_eq!(ids(&fs::read(&out).unwrap()), ["a"]);
    assert_eq!(fs::read_dir(files.0.path()).unwrap().count(), 2);
}

#[test]
fn arithmetic_and_instructions_can_be_chosen() {
    let files = Files::new();
    let input = files.put("story.txt", TEXT);
    let with = |arguments: &[&str]| {
        let output = veracity().arg("label").arg(&input).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        output.stdout
    };
    let exact = with(&["--precision", "f32"]);
    assert_ne!(exact, with(&["--precision", "int8"]));
    assert_ne!(exact, with(&["--precision", "bf16"]));
    assert!([&exact, &with(&["--precision", "int8"]), &with(&["--precision", "bf16"])].contains(&&with(&[])));
    let plain = String::from_utf8(with(&["--precision", "f32", "--isa", "portable"])).unwrap();
    let labels = |rows: &str| -> Vec<Value> {
        rows.lines().map(|l| serde_json::from_str::<Value>(l).unwrap()["label"].clone()).collect()
    };
    assert_eq!(labels(&plain), labels(&String::from_utf8(exact).unwrap()));
    veracity().arg("label").arg(&input).args(["--isa", "mmx"]).assert().code(2).stderr(contains("portable"));
}
