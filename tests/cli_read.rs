//! `veracity label` on every kind of input: what is read, what is left out, what is said.
#![allow(clippy::unwrap_used)]

mod cli_common;

use cli_common::{Files, ids, row, veracity};
use std::path::{Path, PathBuf};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats").join(name)
}

/// Exit code, ids of the articles and what is said.
fn run(args: &[&str], stdin: Option<&Path>) -> (i32, Vec<String>, String) {
    let mut command = veracity();
    command.arg("label").args(args).args(["--format", "jsonl"]);
    if let Some(path) = stdin {
        command.pipe_stdin(path).unwrap();
    }
    let output = command.output().unwrap();
    (output.status.code().unwrap(), ids(&output.stdout), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn standard_input_of_every_kind() {
    let news = |id: &str| format!("https://news.example/{id}");
    let plain = ["orla-bridge", "ferry", "school"].map(String::from);
    let crawl = ["orla-bridge", "ferry", "school"].map(news);
    let cases = [
        ("articles.jsonl.gz", &plain),
        ("articles.jsonl.zst", &plain),
        ("articles.csv", &plain),
        ("articles.tsv", &plain),
        ("pandas.parquet", &plain),
        ("crawl.warc.wet.gz", &crawl),
    ];
    for (name, want) in cases {
        let (code, ids, said) = run(&["-"], Some(&fixture(name)));
        assert_eq!((code, &ids[..]), (0, &want[..]), "{name}: {said}");
    }
    let (code, ids, _) = run(&["-"], Some(&fixture("utf8.html")));
    assert_eq!((code, ids), (0, vec!["stdin".to_owned()]));
}

#[test]
fn what_is_left_out_is_counted_and_no_error() {
    let (code, ids, said) = run(&[fixture("crawl.warc.gz").to_str().unwrap()], None);
    assert_eq!((code, ids.len()), (0, 3));
    assert!(said.contains("2 records skipped (no article)"), "{said}");

    let files = Files::new();
    let german = include_str!("fixtures/languages/foreign.txt").lines().next().unwrap().split('\t').nth(1).unwrap();
    let german = serde_json::json!({"id": "de", "text": german});
    let input = files.put("in.jsonl", format!("{german}\n{}", row("en")));
    let input = input.to_str().unwrap();
    let (code, ids, said) = run(&[input], None);
    assert_eq!((code, ids), (0, vec!["en".to_owned()]));
    assert!(said.contains("1 article skipped (not English)"), "{said}");
    let (code, ids, said) = run(&[input, "--any-language"], None);
    assert_eq!((code, ids), (0, vec!["de".to_owned(), "en".to_owned()]));
    assert!(!said.contains("skipped"), "{said}");
}

#[test]
fn a_format_that_is_forced() {
    let files = Files::new();
    let input = files.put("a.txt", row("x"));
    let (code, ids, _) = run(&[input.to_str().unwrap(), "--input-format", "jsonl"], None);
    assert_eq!((code, ids), (0, vec!["x".to_owned()]));
    let (code, _, said) = run(&[input.to_str().unwrap(), "--input-format", "parquet"], None);
    assert_eq!(code, 2);
    assert!(said.contains("not a Parquet file") && said.contains("hint: "), "{said}");
}

#[test]
fn a_stream_that_is_cut_off_costs_only_its_end() {
    let files = Files::new();
    let bytes = std::fs::read(fixture("articles.jsonl.gz")).unwrap();
    let cut = files.put("cut.jsonl.gz", &bytes[..bytes.len() - 30]);
    let other = files.put("other.jsonl", row("other"));
    let (code, ids, said) = run(&[cut.to_str().unwrap(), other.to_str().unwrap()], None);
    assert_eq!(code, 2);
    assert_eq!(ids.first().unwrap(), "orla-bridge");
    assert_eq!(ids.last().unwrap(), "other");
    let read = ids.len() - 1;
    assert!(said.contains(&format!("cut.jsonl.gz: the gzip stream is cut off after {read} article")), "{said}");
}
