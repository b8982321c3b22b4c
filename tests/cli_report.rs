//! The page and the prose: what is in them, and that article text stays text.
#![allow(clippy::unwrap_used)]

mod cli_common;

use cli_common::{Files, model, row, veracity};
use predicates::str::contains;
use serde_json::{Value, json};

/// A text with everything that a page must not take at its word.
const HOSTILE: &str = "<script>alert(1)</script> \"quoted\" & 'so' </article> \u{202e}turned";

fn labelled(article: &str, sentence: usize, start: usize, text: &str, label: &str) -> Value {
    json!({"article": article, "outlet": "Harbour <Post>", "date": "2024-05-01", "sentence": sentence, "start": start,
        "end": start + text.len(), "text": text, "label": label, "confidence": 0.9,
        "probabilities": {"fact": 0.06, "allegation": 0.9, "background": 0.04},
        "attributions": [{"source": {"text": "<b>Ann", "start": start, "end": start + 3}, "cue": null, "content": null,
            "entity": {"id": "ann-holt", "name": "Ann <i>Holt", "kind": "person"},
            "via": [{"id": "post", "name": "The Post", "kind": "outlet"}]}]})
}

fn rows() -> String {
    let one = labelled("a1", 0, 0, HOSTILE, "allegation");
    let two = labelled("a1", 1, HOSTILE.len() + 1, "It rained.", "fact");
    let three = labelled("a1", 2, HOSTILE.len() + 13, "Another paragraph.", "uncertain");
    format!("{one}\n{two}\n{three}\n")
}

fn page(args: &[&std::path::Path]) -> String {
    let output = veracity().arg("report").args(args).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn one_file_with_prose_margin_and_table() {
    let files = Files::new();
    let rows = files.put("rows.jsonl", rows());
    let trust = files.put("trust.csv", "source,trust,low,high,grade\nann-holt,0.8123,0.7,0.9,B\nother,0.5,0.4,0.6,C\n");
    let page = page(&[&rows, "--trust".as_ref(), &trust]);
    for part in [
        "Content-Security-Policy",
        "default-src &#39;none&#39;",
        "3 sentences",
        "data-l=\"A\"",
        "data-l=\"?\"",
        "title=\"allegation 90 % \u{b7} fact 6 % \u{b7} background 4 %\n",
        "<bdi>Ann &lt;i&gt;Holt</bdi></b>, through The Post",
        "Harbour &lt;Post&gt;",
        "0.81 <span class=\"soft\">[0.70, 0.90]</span>",
        "<b>B</b>",
        "prefers-color-scheme",
        "@media print",
    ] {
        let plain = part.replace("&#39;", "'");
        assert!(page.contains(&plain), "{part}\n{page}");
    }
    assert_eq!(page.matches("<div class=\"para\">").count(), 2);
    // Nothing of the article is markup, and nothing is fetched.
    assert_eq!(page.matches("<script>").count(), 1);
    assert_eq!(page.matches("</article>").count(), 1);
    assert!(!page.contains('\u{202e}') && !page.contains("Ann <i>"));
    assert!(!["src=", "href=\"h", "url(", "@import", "http:"].iter().any(|part| page.contains(part)));
}

#[test]
fn articles_give_titles_and_paragraphs() {
    let files = Files::new();
    let text = "The bridge is closed\n\nIt rained. The river rose.\n\nWhat comes next\n\nNobody knows.";
    let articles = files.put("articles.jsonl", json!({"id": "a1", "text": text}).to_string());
    let sentence = |n: usize, part: &str| labelled("a1", n, text.find(part).unwrap(), part, "fact").to_string();
    let all = [sentence(0, "It rained."), sentence(1, "The river rose."), sentence(2, "Nobody knows.")].join("\n");
    let rows = files.put("rows.jsonl", all);
    let page = page(&[&rows, "--articles".as_ref(), &articles, "--title".as_ref(), "Week 18".as_ref()]);
    assert!(page.contains("<h1><bdi>Week 18</bdi></h1>"), "{page}");
    assert!(page.contains("<h2><bdi>The bridge is closed</bdi></h2>"), "{page}");
    assert!(page.contains("<p class=\"sub\">What comes next</p>"), "{page}");
    assert_eq!(page.matches("<div class=\"para\">").count(), 2);
}

#[test]
fn bad_rows_are_named_and_the_rest_is_shown() {
    let files = Files::new();
    let (bad, out) = (files.put("rows.jsonl", format!("{{\"a\":1}}\n{}", rows())), files.path("report.html"));
    let mut command = veracity();
    let done = command.arg("report").arg(&bad).arg("-o").arg(&out).assert().code(2);
    done.stderr(contains("rows.jsonl:1: not a labelled sentence")).stderr(contains("hint: give the rows that"));
    assert!(std::fs::read_to_string(&out).unwrap().contains("rained."));
    let over = veracity().arg("report").arg(&bad).arg("-o").arg(&bad).assert().code(2);
    over.stderr(contains("rows.jsonl"));
    veracity().args(["report", "nowhere.jsonl"]).assert().code(2).stderr(contains("check the path"));
    let trust = files.put("trust.csv", "name\n");
    veracity()
        .arg("report")
        .arg(&bad)
        .arg("--trust")
        .arg(trust)
        .assert()
        .code(2)
        .stderr(contains("no column `source`"));
}

#[test]
fn label_writes_the_page_beside_the_rows() {
    let files = Files::new();
    let input = files.put("in.jsonl", row("a1"));
    let (rows, html) = (files.path("rows.jsonl"), files.path("page.html"));
    let mut command = veracity();
    command.args(["label", "--quiet"]).arg(&input).arg("-o").arg(&rows).arg("--html").arg(&html);
    command.assert().code(0);
    let page = std::fs::read_to_string(&html).unwrap();
    assert!(page.contains("The council met on Monday"), "{page}");
    assert!(std::fs::read_to_string(&rows).unwrap().lines().count() == 2);
    let mut command = veracity();
    command.args(["label", "--quiet"]).arg(&input).arg("--html").arg(&input);
    command.assert().code(2);
    assert_eq!(std::fs::read_to_string(&input).unwrap(), row("a1"));
}

#[test]
fn label_shows_prose_in_the_terminal() {
    let files = Files::new();
    let input = files.put("in.jsonl", row("a1"));
    let run = |more: &[&str], no_color: bool| {
        let mut command = veracity();
        command.args(["label", "--quiet", "--view"]).arg(&input).args(more).env("VERACITY_MODEL", model());
        if no_color {
            command.env("NO_COLOR", "1");
        }
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stdout).unwrap()
    };
    let plain = run(&[], true);
    assert!(plain.contains("] The council met on Monday"), "{plain}");
    assert!(plain.contains("\u{2502} mayor"), "{plain}");
    assert!(!plain.contains('\u{1b}'), "{plain:?}");
    assert!(run(&["--color", "always"], false).contains("\u{1b}["));
    let mut command = veracity();
    command.args(["label", "--view", "--format", "jsonl"]).arg(&input);
    command.assert().code(2).stderr(contains("--format"));
}
