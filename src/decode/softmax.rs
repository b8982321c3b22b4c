//! Logits to probabilities.

use ndarray::ArrayView1;

/// Softmax of `logits / temperature`, computed from the largest down so that it cannot
/// overflow. Shape `[labels]`.
pub fn softmax(logits: ArrayView1<f32>, temperature: f32) -> Vec<f32> {
    let top = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut p: Vec<f32> = logits.iter().map(|&v| ((v - top) / temperature).exp()).collect();
    let sum: f32 = p.iter().sum();
    p.iter_mut().for_each(|v| *v /= sum);
    p
}

/// Index of the largest value; the first of equals.
pub fn argmax(values: &[f32]) -> usize {
    let better = |best: usize, i: usize| if values[i] > values[best] { i } else { best };
    (1..values.len()).fold(0, better)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_to_one_and_keeps_order() {
        let p = softmax(ndarray::arr1(&[1000.0, 1001.0, -1000.0]).view(), 2.0);
        assert!((p.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert_eq!(argmax(&p), 1);
        assert_eq!(argmax(&[0.5, 0.5]), 0);
    }
}
