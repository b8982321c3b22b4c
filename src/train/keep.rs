//! The mean of the trained weights and of those that the run started from, so that what is
//! learned last costs less of what was known before (Wortsman et al., Robust fine-tuning of
//! zero-shot models, CVPR 2022).

use std::collections::HashMap;
use tch::nn::VarStore;
use tch::{Kind, Tensor};

/// Weights by name, in f32.
pub(super) type Start = HashMap<String, Tensor>;

/// Copies of all weights as they are now.
pub(super) fn start(store: &VarStore) -> Start {
    let copy = |(name, variable): (String, Tensor)| (name, variable.detach().to_kind(Kind::Float).copy());
    store.variables().into_iter().map(copy).collect()
}

/// `share` of the start and the rest of `weights`.
pub(super) fn mean(weights: Vec<(String, Tensor)>, start: &Start, share: f64) -> Vec<(String, Tensor)> {
    let mean = |(name, weight): (String, Tensor)| {
        let mean = match start.get(&name) {
            Some(start) => weight * (1.0 - share) + start * share,
            None => weight,
        };
        (name, mean)
    };
    weights.into_iter().map(mean).collect()
}

/// What `f` gives while the variables hold `weights`.
pub(super) fn with<T>(store: &VarStore, weights: &[(String, Tensor)], f: impl FnOnce() -> T) -> T {
    let mut variables = store.variables();
    let before: Vec<(String, Tensor)> =
        weights.iter().filter_map(|(name, _)| Some((name.clone(), variables.get(name)?.detach().copy()))).collect();
    let mut put = |weights: &[(String, Tensor)]| {
        for (name, weight) in weights {
            if let Some(variable) = variables.get_mut(name) {
                tch::no_grad(|| variable.copy_(weight));
            }
        }
    };
    put(weights);
    let found = f();
    put(&before);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use tch::Device;

    #[test]
    fn the_mean_is_tried_and_the_trained_weights_come_back() {
        let mut store = VarStore::new(Device::Cpu);
        let mut variable = store.root().zeros("w", &[2]);
        store.bfloat16();
        let begun = start(&store);
        tch::no_grad(|| variable.copy_(&Tensor::from_slice(&[3.0f32, 6.0])));
        let mean = mean(vec![("w".into(), variable.to_kind(Kind::Float))], &begun, 1.0 / 3.0);
        let value = || Vec::<f32>::try_from(store.variables()["w"].to_kind(Kind::Float)).unwrap();
        assert_eq!(with(&store, &mean, value), [2.0, 4.0]);
        assert_eq!(value(), [3.0, 6.0]);
    }
}
