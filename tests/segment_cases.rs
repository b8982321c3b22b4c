//! The sentence splitter against a table of hard cases, against longer and
//! longer text, and, where they are at hand, against corpora.
//!
//! `VERACITY_SHOW=1 cargo test --test segment_cases -- --nocapture` prints every
//! difference and every heading.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;
use serde_json::Value;
use veracity::article::Article;
use veracity::segment::segment;

/// Sentence ends within texts: how many were found, wanted, and both.
#[derive(Default)]
struct Score {
    both: usize,
    found: usize,
    wanted: usize,
}

impl Score {
    fn add(&mut self, found: &BTreeSet<usize>, wanted: &BTreeSet<usize>) {
        self.both += found.intersection(wanted).count();
        self.found += found.len();
        self.wanted += wanted.len();
    }

    fn f1(&self) -> f64 {
        2.0 * self.both as f64 / (self.found + self.wanted).max(1) as f64
    }

    fn print(&self, name: &str) {
        let part = |whole: usize| self.both as f64 / whole.max(1) as f64;
        let (precision, recall) = (part(self.found), part(self.wanted));
        println!(
            "{name}: precision {precision:.4}, recall {recall:.4}, F1 {:.4}, {} boundaries",
            self.f1(),
            self.wanted
        );
    }
}

/// The ends of all sentences and headings but the last.
fn ours(text: &str, title: Option<&str>) -> BTreeSet<usize> {
    let article = Article { text: text.to_owned(), title: title.map(str::to_owned), ..Article::default() };
    let parts = segment(&article);
    if std::env::var_os("VERACITY_SHOW").is_some() {
        parts.headings.iter().for_each(|span| println!("heading {:?}", span.of(text)));
    }
    inner(parts.headings.iter().chain(&parts.sentences).map(|span| span.end).collect())
}

/// The same from the crate `sentencex` alone.
fn plain(text: &str) -> BTreeSet<usize> {
    let found = sentencex::get_sentence_boundaries("en", text);
    inner(found.iter().map(|part| part.start_byte + part.text.trim_end().len()).filter(|end| *end > 0).collect())
}

fn inner(mut ends: BTreeSet<usize>) -> BTreeSet<usize> {
    ends.pop_last();
    ends
}

/// Prints where two splits differ.
fn show(text: &str, found: &BTreeSet<usize>, wanted: &BTreeSet<usize>) {
    if std::env::var_os("VERACITY_SHOW").is_none() {
        return;
    }
    for end in found.symmetric_difference(wanted) {
        let from = text[..*end].char_indices().rev().nth(60).map_or(0, |(at, _)| at);
        let to = text[*end..].char_indices().nth(60).map_or(text.len(), |(at, _)| *end + at);
        let sign = if found.contains(end) { "extra " } else { "missed" };
        println!("{sign} {:?} | {:?}", &text[from..*end], &text[*end..to]);
    }
}

/// The text of a line of the table and the ends it marks.
fn case(line: &str) -> (String, BTreeSet<usize>) {
    let line = line.replace("\\n", "\n").replace('~', "\u{a0}");
    let mut text = String::new();
    let mut ends = BTreeSet::new();
    for part in line.split('¦') {
        if !text.is_empty() {
            ends.insert(text.trim_end().len());
        }
        text.push_str(part);
    }
    (text, ends)
}

#[test]
fn table() {
    let cases: Vec<&str> = include_str!("data/segment_cases.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
        .collect();
    assert!(cases.len() >= 90, "{} cases", cases.len());
    let (mut score, mut other, mut failed) = (Score::default(), Score::default(), 0);
    for line in &cases {
        let (text, wanted) = case(line);
        let found = ours(&text, None);
        if found != wanted {
            println!("differs: {line}");
            failed += 1;
        }
        show(&text, &found, &wanted);
        score.add(&found, &wanted);
        other.add(&plain(&text), &wanted);
    }
    println!("{} cases, {failed} differ", cases.len());
    score.print("table, veracity");
    other.print("table, sentencex");
    assert!(score.f1() >= 0.95, "F1 {}", score.f1());
}

/// The shortest of three runs over `text`.
fn time(text: &str) -> Duration {
    let article = Article { text: text.to_owned(), ..Article::default() };
    let run = || {
        let start = Instant::now();
        assert!(!segment(&article).sentences.is_empty());
        start.elapsed()
    };
    (0..3).map(|_| run()).min().unwrap()
}

#[test]
fn time_grows_with_length_alone() {
    let pieces = [
        "\"Absolutely not!\" Mr. Brown of the U.S. replied at 5 p.m. Monday. ",
        "word ",
        ". ",
        "\"",
        "( ! ) ",
        "A.",
        "? “",
        "line one\nLine\n\n",
        "• a\n",
        "'' ",
        "1. \n",
    ];
    for piece in pieces {
        let short = time(&piece.repeat(100_000 / piece.len()));
        let long = time(&piece.repeat(1_600_000 / piece.len()));
        println!("{piece:?}: {short:?}, sixteen times as long: {long:?}");
        assert!(long < short * 80 + Duration::from_millis(200), "{piece:?}: {short:?}, then {long:?}");
    }
}

/// The folder of corpora and sample articles, which need not be there.
fn folder() -> PathBuf {
    let default = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared");
    std::env::var_os("VERACITY_SHARED").map_or(default, PathBuf::from)
}

/// The rows of a corpus file, or nothing, and a line that says so.
fn rows(name: &str) -> Vec<Value> {
    let path = folder().join("data/labels").join(name);
    let Ok(file) = std::fs::File::open(&path) else {
        println!("skipped: no {name}; VERACITY_SHARED names the folder that holds data/labels");
        return Vec::new();
    };
    let lines = BufReader::new(GzDecoder::new(file)).lines();
    lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect()
}

#[test]
fn polnear() {
    let (mut score, mut within, mut other, mut other_within) = Default::default();
    let rows = rows("polnear.dev.docs.jsonl.gz");
    for row in &rows {
        let text = row["text"].as_str().unwrap();
        let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let end = |pair: &Value| {
            let (from, to) = (pair[0].as_u64().unwrap() as usize, pair[1].as_u64().unwrap() as usize);
            bytes[from] + text[bytes[from]..bytes[to]].trim_end().len()
        };
        let wanted = inner(row["sentences"].as_array().unwrap().iter().map(end).collect());
        let (found, base) = (ours(text, None), plain(text));
        show(text, &found, &wanted);
        compare(text, [&mut score, &mut within], &found, &wanted);
        compare(text, [&mut other, &mut other_within], &base, &wanted);
    }
    finish(rows.len(), "polnear.dev", [&score, &within, &other, &other_within]);
}

/// Adds to the scores over all boundaries, and over those within a paragraph.
fn compare(text: &str, scores: [&mut Score; 2], found: &BTreeSet<usize>, wanted: &BTreeSet<usize>) {
    let inside = |ends: &BTreeSet<usize>| -> BTreeSet<usize> {
        let gap = |end: usize| &text[end..end + (text[end..].len() - text[end..].trim_start().len())];
        ends.iter().copied().filter(|end| !gap(*end).contains('\n')).collect()
    };
    let [all, within] = scores;
    all.add(found, wanted);
    within.add(&inside(found), &inside(wanted));
}

fn finish(texts: usize, name: &str, [all, within, other, other_within]: [&Score; 4]) {
    if texts == 0 {
        return;
    }
    all.print(&format!("{name}, veracity"));
    within.print(&format!("{name}, veracity, within paragraphs"));
    other.print(&format!("{name}, sentencex"));
    other_within.print(&format!("{name}, sentencex, within paragraphs"));
    assert!(all.f1() >= 0.9, "F1 {}", all.f1());
}

#[test]
fn rows_joined() {
    for name in ["newsdiscourse.dev", "gum_news.dev"] {
        let (mut score, mut within, mut other, mut other_within) = Default::default();
        let rows = rows(&format!("{name}.jsonl.gz"));
        for article in rows.chunk_by(|one, two| one["doc_id"] == two["doc_id"]) {
            let (mut text, mut wanted, mut last) = (String::new(), BTreeSet::new(), &Value::Null);
            for row in article {
                if !text.is_empty() {
                    text.push_str(if row["para"] == *last { " " } else { "\n\n" });
                }
                text.push_str(row["text"].as_str().unwrap().trim());
                wanted.insert(text.len());
                last = &row["para"];
            }
            let wanted = inner(wanted);
            let (found, base) = (ours(&text, article[0]["title"].as_str()), plain(&text));
            show(&text, &found, &wanted);
            compare(&text, [&mut score, &mut within], &found, &wanted);
            compare(&text, [&mut other, &mut other_within], &base, &wanted);
        }
        finish(rows.len(), name, [&score, &within, &other, &other_within]);
    }
}

#[test]
fn sample_article() {
    let path = folder().join("seed/article.txt");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: no seed/article.txt; VERACITY_SHARED names the folder that holds it");
        return;
    };
    let parts = segment(&Article { text: text.clone(), ..Article::default() });
    let headings: Vec<&str> = parts.headings.iter().map(|span| span.of(&text)).collect();
    assert_eq!(headings.len(), 3, "{headings:?}");
    assert_eq!(headings[0], headings[1]);
    assert_eq!(headings[2], "Image abroad");
    assert_eq!(parts.title.as_deref(), Some(headings[0]));
    assert_eq!(parts.sentences.len(), 25);
}
