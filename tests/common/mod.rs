//! What the engine and model tests share.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::print_stdout)]

use serde_json::Value;
use std::path::{Path, PathBuf};
use veracity::article::Article;
use veracity::encode::{Batch, Encoded, Piece, Tokens, Window};
use veracity::engine::Logits;
use veracity::model::Model;
use veracity::segment::segment;

/// Folder of a tiny model, made by `make_fixtures.py`.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// Our trained model, where it is at hand. `VERACITY_TEST_MODEL` names another folder.
pub fn trained() -> Option<PathBuf> {
    let dir = std::env::var_os("VERACITY_TEST_MODEL")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("models/veracity-small"), PathBuf::from);
    let there = dir.join("config.json").is_file();
    if !there {
        println!("skipped: no trained model in {}", dir.display());
    }
    there.then_some(dir)
}

/// One window and what a model must answer to it.
pub struct Reference {
    pub title: String,
    pub sentences: Vec<String>,
    pub window: Window,
    pub sentence_logits: Vec<Vec<f32>>,
    pub token_logits: Vec<Vec<f32>>,
    /// Logits of a classifier with layer_norm_eps 1e-5.
    pub at_larger_eps: Option<Vec<f32>>,
}

/// The rows of a fixture's `expected.json`.
pub fn references(name: &str) -> Vec<Reference> {
    let file: Value = serde_json::from_slice(&std::fs::read(fixture(name).join("expected.json")).unwrap()).unwrap();
    file["windows"].as_array().unwrap().iter().map(reference).collect()
}

fn reference(row: &Value) -> Reference {
    let ids: Vec<u32> = serde_json::from_value(row["ids"].clone()).unwrap();
    let read = |key: &str| serde_json::from_value(row[key].clone()).unwrap();
    let lone = row["text"].as_str();
    let ranges: Vec<(usize, usize)> = match lone {
        Some(_) => vec![(1, ids.len() - 1)],
        None => serde_json::from_value(row["pieces"].clone()).unwrap(),
    };
    let piece = |(sentence, (start, end))| Piece { sentence, tokens: start..end, offset: 0 };
    Reference {
        title: row["title"].as_str().unwrap_or("").to_owned(),
        sentences: lone
            .map_or_else(|| serde_json::from_value(row["sentences"].clone()).unwrap(), |text| vec![text.to_owned()]),
        window: Window { ids, pieces: ranges.into_iter().enumerate().map(piece).collect() },
        sentence_logits: match lone {
            Some(_) => vec![serde_json::from_value(row["logits"].clone()).unwrap()],
            None => read("logits"),
        },
        token_logits: if lone.is_some() { Vec::new() } else { read("token_logits") },
        at_larger_eps: serde_json::from_value(row["logits_at_eps_1e-5"].clone()).unwrap_or_default(),
    }
}

/// The windows of references, as one batch.
pub fn batch(references: &[Reference]) -> Batch {
    references.iter().map(|r| &r.window).collect()
}

/// Largest difference of two lists of equal length, all finite.
pub fn difference<'a>(a: impl IntoIterator<Item = &'a f32>, b: impl IntoIterator<Item = &'a f32>) -> f32 {
    let (a, b): (Vec<_>, Vec<_>) = (a.into_iter().collect(), b.into_iter().collect());
    assert_eq!(a.len(), b.len());
    assert!(a.iter().chain(&b).all(|v| v.is_finite()), "a value is not finite");
    a.iter().zip(b).map(|(a, b)| (*a - b).abs()).fold(0.0, f32::max)
}

/// Largest difference of two engines' logits.
pub fn apart(a: &Logits, b: &Logits) -> f32 {
    assert_eq!((a.sentences.dim(), a.tokens.dim()), (b.sentences.dim(), b.tokens.dim()));
    difference(&a.sentences, &b.sentences).max(difference(&a.tokens, &b.tokens))
}

/// Largest difference of logits and what was expected.
pub fn off(logits: &Logits, references: &[Reference]) -> f32 {
    let sentences = references.iter().flat_map(|r| r.sentence_logits.iter().flatten());
    // What no piece holds is not computed.
    let tokens = references.iter().flat_map(|r| {
        let inside = |row: usize| r.window.pieces.iter().any(|piece| piece.tokens.contains(&row));
        r.token_logits
            .iter()
            .enumerate()
            .flat_map(move |(row, logits)| logits.iter().map(move |v| if inside(row) { *v } else { 0.0 }))
    });
    let tokens: Vec<f32> = tokens.collect();
    difference(&logits.sentences, sentences).max(difference(&logits.tokens, &tokens))
}

/// The articles of `data/sample`.
pub fn sample() -> Vec<Article> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sample");
    let rows = std::fs::read_to_string(dir.join("articles.jsonl")).unwrap();
    let mut articles: Vec<Article> = rows
        .lines()
        .map(|line| {
            let row: Value = serde_json::from_str(line).unwrap();
            Article {
                id: row["id"].as_str().unwrap().to_owned(),
                text: row["text"].as_str().unwrap().to_owned(),
                title: row["title"].as_str().map(str::to_owned),
                ..Article::default()
            }
        })
        .collect();
    for name in ["lake-orla", "attache-vienna"] {
        let text = std::fs::read_to_string(dir.join(name).with_extension("txt")).unwrap();
        articles.push(Article { id: name.to_owned(), text, ..Article::default() });
    }
    articles
}

/// Encodes strings one by one.
pub fn encode(tokens: &Tokens, texts: &[String]) -> Vec<Encoded> {
    texts.iter().map(|t| tokens.encode(t).unwrap()).collect()
}

/// The first `count` windows of the sample's articles; smaller windows when all are used up.
pub fn sample_windows(model: &Model, count: usize) -> Vec<Window> {
    let mut all = Vec::new();
    let whole = model.layout();
    for eighths in (2..=8).rev().cycle().take(70) {
        let window = (whole.window * eighths / 8).max(16);
        let layout = veracity::encode::Layout { window, title: whole.title.min(window / 2), ..whole };
        for article in sample() {
            let parts = segment(&article);
            let texts: Vec<String> = parts.sentences.iter().map(|s| s.of(&article.text).to_owned()).collect();
            let title = model.tokens.encode(parts.title.as_deref().unwrap_or("")).unwrap();
            all.extend(layout.windows(&title, &encode(&model.tokens, &texts)));
        }
        if all.len() >= count {
            break;
        }
    }
    all.truncate(count);
    assert_eq!(all.len(), count);
    all
}
