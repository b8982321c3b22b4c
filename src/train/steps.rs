//! Weights on the steps that int8 has.
//!
//! The embedded engine rounds the dense weights of the encoder's layers when it packs them to
//! bytes. A model that is written with just those values loses nothing more there: what int8
//! changes is then left to the activations, and f32, bf16 and int8 run the same weights.

use crate::engine::native::PART;
use crate::model::Family;
use crate::model::layout::{layer_names, prefix};
use std::collections::HashMap;

/// Inner values that share a step, by the name of the weight, for an encoder of so many layers
/// of such a width and such an inner width.
pub(super) fn shared(family: Family, layers: usize, hidden: usize, intermediate: usize) -> HashMap<String, usize> {
    let layer = |l| {
        let names = layer_names(family, prefix(family), l).dense;
        let runs = [hidden, hidden, hidden, hidden, hidden, PART.min(intermediate)];
        names.map(|name| format!("{name}.weight")).into_iter().zip(runs)
    };
    (0..layers).flat_map(layer).collect()
}

/// Rounds each run of `run` values of a row of `width` to 255 steps around zero, the greatest
/// value being the last. Values that were rounded so, and to f16 after it, stay as they are.
pub(super) fn round(values: &mut [f32], width: usize, run: usize) {
    for row in values.chunks_mut(width.max(1)) {
        for part in row.chunks_mut(run.max(1)) {
            // As f16 will hold it, so that the same step is found in what was written.
            let top = half::f16::from_f32(part.iter().fold(0.0f32, |top, v| top.max(v.abs()))).to_f32();
            if top > 0.0 && top.is_finite() {
                let step = top / 127.0;
                part.iter_mut().for_each(|v| *v = (*v / step).round_ties_even() * step);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn halves(values: &mut [f32]) {
        values.iter_mut().for_each(|v| *v = half::f16::from_f32(*v).to_f32());
    }

    proptest! {
        #[test]
        fn rounding_twice_is_rounding_once(mut values in prop::collection::vec(-0.5f32..0.5, 300), run in 1usize..150) {
            let before = values.clone();
            round(&mut values, 100, run);
            halves(&mut values);
            let once = values.clone();
            round(&mut values, 100, run);
            halves(&mut values);
            prop_assert_eq!(&values, &once);
            // Half a step of the greatest value there is, and what f16 takes.
            prop_assert!(before.iter().zip(&once).all(|(a, b)| (a - b).abs() < 0.5 / 127.0 / 2.0 + 5e-4));
        }
    }

    #[test]
    fn the_product_after_gelu_is_rounded_in_parts() {
        let shared = shared(Family::Bert, 2, 8, 256);
        assert_eq!(shared.len(), 12);
        assert_eq!(shared["bert.encoder.layer.1.output.dense.weight"], PART);
        assert_eq!(shared["bert.encoder.layer.0.attention.output.dense.weight"], 8);
    }
}
