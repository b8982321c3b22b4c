//! What a change of wording may and may not do to a label, in the manner of CheckList
//! (Ribeiro et al., ACL 2020): invariance where the meaning stays, another label where it
//! turns. Pass rates are printed (`cargo test --test behaviour -- --nocapture`).
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../common/mod.rs"]
mod common;
mod invariance;
mod pairs;

use veracity::engine::native::Precision;
use veracity::pipeline::{EngineKind, Labeler, Options};

/// The trained model in f32, so that the rates are the model's and not an arithmetic's.
fn labeler() -> Option<Labeler> {
    let options = Options { precision: Precision::F32, ..Options::new(EngineKind::Native, 2) };
    common::trained().map(|dir| Labeler::with(&dir, &options).unwrap())
}

/// Prints a rate and holds it to its floor.
fn hold(what: &str, passed: usize, of: usize, floor: f64) {
    let rate = passed as f64 / of as f64;
    println!("{what}: {passed} of {of} ({rate:.3})");
    assert!(rate >= floor, "{what}: {rate:.3} is below {floor}");
}
