//! Weights on the steps that int8 has.
//!
//! The embedded engine rounds the dense weights of the encoder's layers when it packs them to
//! bytes. A model that is written as just those bytes and their steps loses nothing more there:
//! what int8 changes is then left to the activations, and f32, bf16 and int8 run the same
//! weights. The file is half as large as in f16.

use crate::engine::native::PART;
use crate::model::Family;
use crate::model::layout::{layer_names, prefix};
use std::collections::HashMap;

/// Inner values that share a step, by the name of the weight, for an encoder of so many layers
/// of such a width and such an inner width. Word embeddings have one step a word.
pub(super) fn shared(family: Family, layers: usize, hidden: usize, intermediate: usize) -> HashMap<String, usize> {
    let layer = |l| {
        let names = layer_names(family, prefix(family), l).dense;
        let runs = [hidden, hidden, hidden, hidden, hidden, PART.min(intermediate)];
        names.map(|name| format!("{name}.weight")).into_iter().zip(runs)
    };
    let words = (format!("{}embeddings.word_embeddings.weight", prefix(family)), hidden);
    (0..layers).flat_map(layer).chain([words]).collect()
}

/// Rounds each run of `run` values to 255 steps around zero, the greatest value being the last:
/// the whole numbers, and the step of each run.
pub(super) fn round(values: &[f32], run: usize) -> (Vec<i8>, Vec<f32>) {
    let steps: Vec<f32> =
        values.chunks(run.max(1)).map(|run| run.iter().fold(0.0f32, |top, v| top.max(v.abs())) / 127.0).collect();
    let numbers = values.chunks(run.max(1)).zip(&steps).flat_map(|(run, &step)| {
        let one = if step > 0.0 { 1.0 / step } else { 0.0 };
        run.iter().map(move |v| (v * one).round_ties_even() as i8)
    });
    (numbers.collect(), steps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rounding_twice_is_rounding_once(values in prop::collection::vec(-0.5f32..0.5, 300), run in 1usize..150) {
            let (numbers, steps) = round(&values, run);
            let read = |i: usize| f32::from(numbers[i]) * steps[i / run];
            let once: Vec<f32> = (0..values.len()).map(read).collect();
            prop_assert_eq!(&round(&once, run).0, &numbers);
            let half = |i: usize| 0.501 * steps[i / run];
            prop_assert!((0..values.len()).all(|i| (values[i] - once[i]).abs() <= half(i)));
        }
    }

    #[test]
    fn zeros_stay_zeros() {
        assert_eq!(round(&[0.0, 0.0, -2.0, 1.0], 2), (vec![0, 0, -127, 64], vec![0.0, 2.0 / 127.0]));
    }

    #[test]
    fn the_product_after_gelu_is_rounded_in_parts() {
        let shared = shared(Family::Bert, 2, 8, 256);
        assert_eq!(shared.len(), 13);
        assert_eq!(shared["bert.encoder.layer.1.output.dense.weight"], PART);
        assert_eq!(shared["bert.encoder.layer.0.attention.output.dense.weight"], 8);
        assert_eq!(shared["bert.embeddings.word_embeddings.weight"], 8);
    }
}
