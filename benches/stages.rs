//! `cargo bench`: each stage alone on the sample articles, and all of them together.
#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;
use veracity::article::Article;
use veracity::engine::native::{Isa, Precision, Product};
use veracity::model::Model;
use veracity::pipeline::{EngineKind, Labeler, Options};
use veracity::read::{Articles, ReadOptions};

const PRECISIONS: [Precision; 3] = [Precision::F32, Precision::Bf16, Precision::Int8];

fn root(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn sample() -> Vec<Article> {
    let input = root("data/sample/articles.jsonl");
    Articles::open(&[input.as_path().into()], ReadOptions::default()).map(|a| a.unwrap()).collect()
}

fn labeler(precision: Precision) -> Labeler {
    let options = Options { precision, ..Options::new(EngineKind::Native, 1) };
    Labeler::with(&root("models/veracity-small"), &options).unwrap()
}

fn text(c: &mut Criterion) {
    let articles = sample();
    let labeler = labeler(Precision::F32);
    let bytes: usize = articles.iter().map(|a| a.text.len()).sum();
    let mut group = c.benchmark_group("text");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("segment", |b| b.iter(|| black_box(labeler.segment(&articles))));
    let segmented = labeler.segment(&articles);
    group.bench_function("encode", |b| b.iter(|| black_box(labeler.prepare(&articles, segmented.clone()))));
    group.finish();
}

fn load(c: &mut Criterion) {
    let mut group = c.benchmark_group("load");
    group.bench_function("model", |b| b.iter(|| Model::open(&root("models/veracity-small")).unwrap()));
    for precision in PRECISIONS {
        group.bench_function(precision.name(), |b| b.iter(|| labeler(precision)));
    }
    group.finish();
}

fn kernels(c: &mut Criterion) {
    let mut group = c.benchmark_group("kernels");
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_here()) {
        for precision in PRECISIONS {
            // The four products of a layer of the shipped model, on a block of rows.
            for (depth, columns) in [(384, 1152), (384, 384), (384, 1536), (1536, 384)] {
                let mut product = Product::new(precision, isa, 96, depth, columns);
                group.throughput(Throughput::Elements(product.operations() as u64));
                group.bench_function(format!("{isa}/{precision}/{depth}x{columns}"), |b| b.iter(|| product.run()));
            }
        }
    }
    group.finish();
}

fn engine(c: &mut Criterion) {
    let articles = sample();
    let mut group = c.benchmark_group("engine");
    for precision in PRECISIONS {
        let labeler = labeler(precision);
        let prepared = labeler.prepare(&articles, labeler.segment(&articles));
        let sentences: usize = prepared.iter().flatten().map(|p| p.sentences()).sum();
        group.throughput(Throughput::Elements(sentences as u64));
        group.bench_function(format!("infer/{precision}"), |b| b.iter(|| black_box(labeler.infer(&prepared))));
        group.bench_function(format!("end to end/{precision}"), |b| b.iter(|| black_box(labeler.label(&articles))));
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).measurement_time(Duration::from_secs(3));
    targets = text, load, kernels, engine
}
criterion_main!(benches);
