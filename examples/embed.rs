//! veracity inside a program: articles as an iterator, and as Arrow record batches.
//!
//! `cargo run --example embed [MODEL]`
#![allow(clippy::print_stdout)]

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use std::path::PathBuf;
use std::sync::Arc;
use veracity::article::Article;
use veracity::pipeline::{Columns, EngineKind, Labeler, label_batch};
use veracity::write::Per;

const TEXTS: [&str; 2] = [
    "The council closed the footbridge on Monday. A former engineer said the contractor knew of the cracks.",
    "The lake rose by a metre overnight. It had last flooded in 1998, the water board said.",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let model = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("models/veracity-small"), PathBuf::from);
    let labeler = Arc::new(Labeler::open(&model, EngineKind::Native, 2)?);

    // An iterator: read, tokenised and computed on threads of its own, in order, a few chunks ahead.
    let articles = TEXTS.iter().enumerate();
    let articles =
        articles.map(|(i, text)| Article { id: format!("a{i}"), text: (*text).into(), ..Article::default() });
    for (article, labelled) in labeler.stream(articles) {
        for row in labelled?.sentences {
            println!("{} {:<10} {:.2} {}", article.id, row.label, row.confidence, row.text);
        }
    }

    // A record batch: one pure function, for whatever engine moves the batches.
    let texts: ArrayRef = Arc::new(StringArray::from(TEXTS.to_vec()));
    let batch = RecordBatch::try_from_iter([("body", texts)])?;
    let labelled = label_batch(&labeler, &batch, &Columns::new("body"), Per::Sentence)?;
    println!("{} rows of {} columns", labelled.num_rows(), labelled.num_columns());
    Ok(())
}
