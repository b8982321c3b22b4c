//! MPNet's ranges of the distance between two tokens, each of which has a bias of the attention
//! scores (Song et al., MPNet: Masked and Permuted Pre-training for Language Understanding,
//! NeurIPS 2020).

use crate::model::layout::DISTANCES;

/// Ranges of distances that have a bias of their own; half of them look back.
const BUCKETS: i64 = DISTANCES as i64;
/// Distance from which all share the last range.
const FAR: f64 = 128.0;
/// Position of the first token.
pub(super) const FIRST: usize = 2;

/// The range of a distance, `ahead` tokens forward, below [`DISTANCES`]: those of T5 for both
/// directions, 8 distances one by one, then ranges that grow by a constant factor up to 128
/// (Raffel et al., JMLR 2020).
pub(super) fn bucket(ahead: i64) -> i64 {
    let half = BUCKETS / 2;
    let exact = half / 2;
    let side = if ahead > 0 { half } else { 0 };
    let distance = ahead.abs();
    if distance < exact {
        return side + distance;
    }
    let grown = (distance as f64 / exact as f64).ln() / (FAR / exact as f64).ln() * (half - exact) as f64;
    side + (exact + grown as i64).min(half - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values that transformers' `relative_position_bucket` gives.
    #[test]
    fn buckets_are_those_of_t5() {
        let want = [(0, 0), (-1, 1), (1, 17), (-7, 7), (-8, 8), (-12, 9), (16, 26), (-64, 14), (127, 31), (-400, 15)];
        for (ahead, at) in want {
            assert_eq!(bucket(ahead), at, "{ahead}");
        }
    }
}
