//! Native and torch on real text: the same logits for sentences and tokens.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[cfg(feature = "torch")]
mod common;

#[cfg(not(feature = "torch"))]
#[test]
fn torch_is_left_out() {
    println!("skipped: built without the feature `torch`");
}

#[cfg(feature = "torch")]
mod agree {
    use super::common::{apart, fixture, sample_windows, trained};
    use std::path::Path;
    use veracity::encode::Batch;
    use veracity::engine::Engine;
    use veracity::engine::native::NativeEngine;
    use veracity::engine::torch::TorchEngine;
    use veracity::model::Model;

    const WINDOWS: usize = 200;
    const ALLOWED: f32 = 1e-4;

    fn agree(dir: &Path) {
        let model = Model::open(dir).unwrap();
        let batch: Batch = sample_windows(&model, WINDOWS).iter().collect();
        let native = NativeEngine::new(&model, 2).unwrap().forward(&batch).unwrap();
        let torch = TorchEngine::new(&model, 1).unwrap().forward(&batch).unwrap();
        assert_eq!(native.tokens.nrows(), batch.ids.len());
        let apart = apart(&native, &torch);
        println!("{WINDOWS} windows, {} tokens: {apart:.1e} between native and torch", batch.ids.len());
        assert!(apart <= ALLOWED, "{apart}");
    }

    #[test]
    fn the_tiny_model() {
        agree(&fixture("document"));
    }

    #[test]
    fn the_tiny_classifier() {
        agree(&fixture("bert"));
    }

    #[test]
    fn the_trained_model() {
        if let Some(dir) = trained() {
            agree(&dir);
        }
    }
}
