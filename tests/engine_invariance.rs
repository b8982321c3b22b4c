//! An article gets the same labels and bit-equal probabilities alone, among others, in
//! any order and with any number of threads.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod common;

use common::{fixture, sample, trained};
use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use std::collections::HashMap;
use std::path::Path;
use veracity::article::Article;
use veracity::engine::native::{Isa, Precision};
use veracity::label::LabelledArticle;
use veracity::pipeline::{EngineKind, Labeler, Options};

/// 101 articles: the sample, and then each time some of its paragraphs in another order; at
/// most `paragraphs` of them in each article.
fn articles(paragraphs: usize) -> Vec<Article> {
    let mut sample = sample();
    for article in &mut sample {
        article.text = article.text.split("\n\n").take(paragraphs.max(3)).collect::<Vec<_>>().join("\n\n");
    }
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let varied = (sample.len()..101).map(|i| {
        let from = &sample[i % sample.len()];
        let mut parts: Vec<&str> = from.text.split("\n\n").collect();
        parts.shuffle(&mut rng);
        parts.truncate(paragraphs);
        Article { id: format!("varied-{i}"), text: parts.join("\n\n"), ..from.clone() }
    });
    let varied: Vec<Article> = varied.collect();
    sample.into_iter().chain(varied).collect()
}

fn label(labeler: &Labeler, articles: &[Article]) -> Vec<LabelledArticle> {
    labeler.label(articles).into_iter().map(|a| a.unwrap()).collect()
}

/// Equal in everything, the floats in every bit.
fn assert_same(a: &LabelledArticle, b: &LabelledArticle, what: &str) {
    assert_eq!(a, b, "{what}");
    for (a, b) in a.sentences.iter().zip(&b.sentences) {
        let bits = |s: &veracity::label::LabelledSentence| -> Vec<u32> {
            s.probabilities.iter().map(|(_, p)| p.to_bits()).chain([s.confidence.to_bits()]).collect()
        };
        assert_eq!(bits(a), bits(b), "{what}, sentence {}", a.sentence);
    }
}

fn invariant(dir: &Path, options: Options, threads: &[usize], paragraphs: usize) {
    let articles = articles(paragraphs);
    assert_eq!(articles.len(), 101);
    let open = |&threads: &usize| Labeler::with(dir, &Options { threads, ..options }).unwrap();
    let labelers: Vec<Labeler> = threads.iter().map(open).collect();
    let together = label(&labelers[0], &articles);
    assert!(together.iter().all(|a| !a.sentences.is_empty()));
    let by_id: HashMap<&str, &LabelledArticle> = together.iter().map(|a| (a.id.as_str(), a)).collect();
    for (labeler, n) in labelers.iter().zip(threads) {
        for article in articles.iter().take(5) {
            let alone = label(labeler, std::slice::from_ref(article));
            assert_same(&alone[0], by_id[article.id.as_str()], &format!("{} alone, {n} threads", article.id));
        }
        let mut shuffled = articles.clone();
        shuffled.shuffle(&mut ChaCha8Rng::seed_from_u64(*n as u64));
        for article in label(labeler, &shuffled) {
            assert_same(&article, by_id[article.id.as_str()], &format!("{} shuffled, {n} threads", article.id));
        }
    }
    let rows: usize = together.iter().map(|a| a.sentences.len()).sum();
    println!("{options:?}: {rows} sentences of {} articles are the same bit by bit", together.len());
}

fn native(precision: Precision, isa: Isa) -> Options {
    Options { precision, isa, ..Options::new(EngineKind::Native, 1) }
}

const PRECISIONS: [Precision; 3] = [Precision::F32, Precision::Bf16, Precision::Int8];

#[test]
fn native_with_the_tiny_models() {
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_here()) {
        for precision in PRECISIONS {
            let paragraphs = if isa == Isa::best() { 100 } else { 2 };
            invariant(&fixture("document"), native(precision, isa), &[1, 2, 3], paragraphs);
            invariant(&fixture("bert"), native(precision, isa), &[1, 3], paragraphs);
            invariant(&fixture("mpnet"), native(precision, isa), &[1, 3], 2);
        }
    }
}

#[test]
fn native_with_the_trained_model() {
    for precision in PRECISIONS {
        if let Some(dir) = trained() {
            invariant(&dir, native(precision, Isa::best()), &[1, 3], 2);
        }
    }
}

/// How many tokens go into one call of the engine changes nothing.
#[test]
fn the_size_of_batches_is_free() {
    let articles = articles(100);
    for precision in PRECISIONS {
        let with = |batch_tokens: usize| {
            let options = Options { batch_tokens, ..native(precision, Isa::best()) };
            label(&Labeler::with(&fixture("document"), &options).unwrap(), &articles)
        };
        let all = with(Options::BATCH_TOKENS);
        for size in [1, 100, 1000] {
            for (a, b) in with(size).iter().zip(&all) {
                assert_same(a, b, &format!("{precision}, {size} tokens"));
            }
        }
    }
}

// libtorch's own threads may split a sum differently: one engine, one number of threads.
#[cfg(feature = "torch")]
#[test]
fn torch_with_the_tiny_models() {
    for name in ["document", "bert", "distilbert", "roberta", "electra"] {
        invariant(&fixture(name), Options::new(EngineKind::Torch, 1), &[1], 100);
    }
}

#[cfg(feature = "torch")]
#[test]
fn torch_with_the_trained_model() {
    if let Some(dir) = trained() {
        invariant(&dir, Options::new(EngineKind::Torch, 1), &[1], 2);
    }
}

#[cfg(not(feature = "torch"))]
#[test]
fn torch_is_left_out() {
    println!("skipped: built without the feature `torch`");
    let Err(error) = Labeler::open(&fixture("document"), EngineKind::Torch, 1) else { panic!("opened") };
    assert!(veracity::error::Hint::hint(&error).unwrap().contains("--features torch"));
}
