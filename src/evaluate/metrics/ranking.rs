//! Figures that depend on the order of scores alone: area under the ROC curve, average
//! precision, area under the risk-coverage curve.
//!
//! Rows are sorted once. Each figure is then one pass over them, in which every article
//! has a weight (how often it was drawn), for [`LANES`] draws of the bootstrap at a time.
//! Rows with equal scores form a group, and a curve has one point for each group, so that
//! the order within a group does not matter.

/// Draws that go through a pass together.
pub const LANES: usize = 16;

/// One number for each draw.
pub type Lanes<T> = [T; LANES];

/// Rows by falling score.
#[derive(Clone, Debug)]
pub struct Ranking {
    /// Article, whether the row is positive, whether a group ends with it.
    rows: Vec<(u32, bool, bool)>,
}

/// What one pass gives; NaN where a figure is undefined.
#[derive(Clone, Copy, Debug)]
pub struct Ranked {
    /// Area under the ROC curve, which is the chance that a positive row scores above a
    /// negative one, equal scores counting half (Hanley and McNeil 1982; Fawcett 2006).
    /// Undefined without positive or without negative rows.
    pub roc_auc: Lanes<f64>,
    /// Average precision, the sum over groups of the rise in recall times the precision:
    /// no interpolation (scikit-learn's `average_precision_score`). Undefined without
    /// positive rows.
    pub average_precision: Lanes<f64>,
}

/// Positive and negative rows so far. Signed, since those become floats fastest.
#[derive(Clone, Copy, Default)]
struct Counts {
    yes: Lanes<i32>,
    no: Lanes<i32>,
}

impl Counts {
    fn add(&mut self, positive: bool, weight: &Lanes<u16>) {
        let side = if positive { &mut self.yes } else { &mut self.no };
        for (sum, weight) in side.iter_mut().zip(weight) {
            *sum += i32::from(*weight);
        }
    }

    /// Shares of a whole; NaN where it is 0.
    fn share(&self, sums: Lanes<f64>, whole: impl Fn(f64, f64) -> f64) -> Lanes<f64> {
        std::array::from_fn(|lane| {
            let whole = whole(f64::from(self.yes[lane]), f64::from(self.no[lane]));
            if whole > 0.0 { sums[lane] / whole } else { f64::NAN }
        })
    }
}

impl Ranking {
    /// Sorts rows, each given as (article, score, whether it is positive).
    pub fn new(rows: impl IntoIterator<Item = (u32, f64, bool)>) -> Self {
        let mut rows: Vec<(u32, f64, bool)> = rows.into_iter().collect();
        rows.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let last = |at: usize| rows.get(at + 1).is_none_or(|next| next.1 != rows[at].1);
        Self { rows: (0..rows.len()).map(|at| (rows[at].0, rows[at].2, last(at))).collect() }
    }

    /// The figures for the weights of the articles, `weights[article][draw]`.
    pub fn pass(&self, weights: &[Lanes<u16>]) -> Ranked {
        let (mut all, mut before) = (Counts::default(), Counts::default());
        let (mut area, mut precision) = ([0.0f64; LANES], [0.0f64; LANES]);
        // Whether the group has rows of either kind: most groups are one row.
        let (mut any_yes, mut any_no) = (false, false);
        for &(article, positive, last) in &self.rows {
            all.add(positive, &weights[article as usize]);
            any_yes |= positive;
            any_no |= !positive;
            if !last {
                continue;
            }
            if any_no {
                area.iter_mut().enumerate().for_each(|(lane, area)| {
                    let run = f64::from(all.no[lane] - before.no[lane]);
                    *area += run * (f64::from(all.yes[lane]) + f64::from(before.yes[lane]));
                });
                before.no = all.no;
            }
            if any_yes {
                precision.iter_mut().enumerate().for_each(|(lane, precision)| {
                    let (yes, no) = (f64::from(all.yes[lane]), f64::from(all.no[lane]));
                    *precision += f64::from(all.yes[lane] - before.yes[lane]) * yes / (yes + no).max(1.0);
                });
                before.yes = all.yes;
            }
            (any_yes, any_no) = (false, false);
        }
        Ranked {
            roc_auc: all.share(area, |yes, no| 2.0 * yes * no),
            average_precision: all.share(precision, |yes, _| yes),
        }
    }

    /// The mean over all rows of the share of positive rows among those that score at
    /// least as high. With errors as positives and confidence as score this is the area
    /// under the risk-coverage curve (Geifman and El-Yaniv 2017, "Selective
    /// classification for deep neural networks"). NaN without rows.
    pub fn mean_share(&self, weights: &[Lanes<u16>]) -> Lanes<f64> {
        let mut all = Counts::default();
        let mut rows_before = [0i32; LANES];
        let mut share = [0.0f64; LANES];
        for &(article, positive, last) in &self.rows {
            all.add(positive, &weights[article as usize]);
            if !last {
                continue;
            }
            share.iter_mut().zip(&mut rows_before).enumerate().for_each(|(lane, (share, before))| {
                let rows = all.yes[lane] + all.no[lane];
                *share += f64::from(rows - *before) * f64::from(all.yes[lane]) / f64::from(rows.max(1));
                *before = rows;
            });
        }
        all.share(share, |yes, no| yes + no)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn once(rows: &[(f64, bool)]) -> (f64, f64, f64) {
        let ranking = Ranking::new(rows.iter().map(|(score, positive)| (0, *score, *positive)));
        let ranked = ranking.pass(&[[1; LANES]]);
        (ranked.roc_auc[3], ranked.average_precision[3], ranking.mean_share(&[[1; LANES]])[3])
    }

    /// Two of four pairs in order and one tied: 2.5 / 4. Groups: (1, 0), (1, 1), (2, 2).
    #[test]
    fn by_hand() {
        let (auc, precision, share) = once(&[(0.9, true), (0.5, false), (0.1, true), (0.1, false)]);
        assert!((auc - 2.5 / 4.0).abs() < 1e-12);
        assert!((precision - (0.5 + 0.5 * 0.5)).abs() < 1e-12);
        assert!((share - (1.0 + 0.5 + 2.0 * 0.5) / 4.0).abs() < 1e-12);
    }

    #[test]
    fn undefined_with_one_class() {
        let (auc, precision, share) = once(&[(0.9, false)]);
        assert!(auc.is_nan() && precision.is_nan());
        assert_eq!(share, 0.0);
        assert!(once(&[]).2.is_nan());
    }

    /// A weight of two is the row twice.
    #[test]
    fn weights_repeat_rows() {
        let rows = [(0, 0.9, true), (1, 0.8, false), (2, 0.7, true), (1, 0.3, true)];
        let mut weights = [[1; LANES]; 3];
        weights[1] = [2; LANES];
        let weighted = Ranking::new(rows).pass(&weights);
        let twice = Ranking::new(rows.into_iter().chain([rows[1], rows[3]])).pass(&[[1; LANES]; 3]);
        assert!((weighted.roc_auc[0] - twice.roc_auc[0]).abs() < 1e-12);
        assert!((weighted.average_precision[0] - twice.average_precision[0]).abs() < 1e-12);
    }
}
