//! What the shares of the labels on an object say of its class, whoever gives them.
//!
//! Softmax regression on log shares (compositional data: Aitchison, The statistical
//! analysis of compositional data, 1986), with a ridge that is chosen by leaving fiftieths
//! of the outcomes out. Fitted by Böhning's lower bound (Multinomial logistic regression
//! algorithm, Ann. Inst. Statist. Math. 44, 1992), whose steps never overshoot.

use super::labels::softmax;

/// Ridges that are tried.
const RIDGES: [f64; 5] = [0.1, 0.5, 2.0, 8.0, 32.0];
/// Parts of the outcomes that are left out in turn: nearly one by one, as for the votes, so that
/// the two are compared on equal terms.
const FOLDS: usize = 50;
/// Most steps of a fit.
const STEPS: usize = 200;
/// Most outcomes that a fit looks at.
const SAMPLE: usize = 500;
/// Pseudo-count of each label.
const HALF: f64 = 0.5;

/// A fitted regression: one row of weights a class, intercept first.
pub(super) struct Shares {
    weights: Vec<Vec<f64>>,
}

/// Counts of labels on an object, and its class.
pub(super) type Counted = (Vec<f64>, usize);

fn features(counts: &[f64]) -> Vec<f64> {
    let all = counts.iter().sum::<f64>() + HALF * counts.len() as f64;
    std::iter::once(1.0).chain(counts.iter().map(|c| ((c + HALF) / all).ln())).collect()
}

impl Shares {
    /// Probability of each class, from the counts of the labels.
    pub(super) fn posterior(&self, counts: &[f64]) -> Vec<f64> {
        predict(&self.weights, &features(counts))
    }

    /// Fits the regression; with it come numbers of rows, and the log probability of each of
    /// these outcomes, predicted without its own part.
    pub(super) fn fit(rows: &[Counted], classes: usize) -> (Vec<(usize, f64)>, Self) {
        let step = rows.len().div_ceil(SAMPLE).max(1);
        let x: Vec<(Vec<f64>, usize)> = rows.iter().step_by(step).map(|(c, k)| (features(c), *k)).collect();
        let mut best = (f64::NEG_INFINITY, RIDGES[0], Vec::new());
        for ridge in RIDGES {
            let mut found = Vec::with_capacity(x.len());
            for fold in 0..FOLDS {
                let train: Vec<&(Vec<f64>, usize)> =
                    x.iter().enumerate().filter(|(n, _)| n % FOLDS != fold).map(|(_, r)| r).collect();
                let weights = regression(&train, classes, ridge);
                let left_out = x.iter().enumerate().filter(|(n, _)| n % FOLDS == fold);
                found.extend(left_out.map(|(n, (x, k))| (n * step, predict(&weights, x)[*k].max(1e-12).ln())));
            }
            let score = found.iter().map(|(_, log)| log).sum();
            if score > best.0 {
                best = (score, ridge, found);
            }
        }
        let all: Vec<&(Vec<f64>, usize)> = x.iter().collect();
        (best.2, Self { weights: regression(&all, classes, best.1) })
    }
}

fn predict(weights: &[Vec<f64>], x: &[f64]) -> Vec<f64> {
    let mut p: Vec<f64> = weights.iter().map(|w| w.iter().zip(x).map(|(w, x)| w * x).sum()).collect();
    softmax(&mut p);
    p
}

fn regression(rows: &[&(Vec<f64>, usize)], classes: usize, ridge: f64) -> Vec<Vec<f64>> {
    let width = rows.first().map_or(1, |r| r.0.len());
    let penalty = |d: usize| if d == 0 { 1e-3 } else { ridge };
    // The curvature is at most half that of least squares.
    let mut bound = vec![vec![0.0; width]; width];
    for (x, _) in rows {
        for (row, a) in bound.iter_mut().zip(x) {
            row.iter_mut().zip(x).for_each(|(h, b)| *h += 0.5 * a * b);
        }
    }
    (0..width).for_each(|d| bound[d][d] += penalty(d));
    let inverse = inverse(bound);
    let mut weights = vec![vec![0.0; width]; classes];
    for _ in 0..STEPS {
        let mut gradient: Vec<Vec<f64>> =
            weights.iter().map(|w| w.iter().enumerate().map(|(d, w)| -penalty(d) * w).collect()).collect();
        for (x, k) in rows {
            for (c, p) in predict(&weights, x).into_iter().enumerate() {
                let away = f64::from(u8::from(c == *k)) - p;
                gradient[c].iter_mut().zip(x).for_each(|(g, x)| *g += away * x);
            }
        }
        let mut moved: f64 = 0.0;
        for (w, g) in weights.iter_mut().zip(&gradient) {
            for (d, w) in w.iter_mut().enumerate() {
                let step: f64 = inverse[d].iter().zip(g).map(|(h, g)| h * g).sum();
                *w += step;
                moved = moved.max(step.abs());
            }
        }
        if moved < 1e-5 {
            break;
        }
    }
    weights
}

/// Gauss and Jordan on a positive definite matrix, which needs no pivoting.
fn inverse(mut a: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let n = a.len();
    for (i, row) in a.iter_mut().enumerate() {
        row.extend((0..n).map(|j| f64::from(u8::from(i == j))));
    }
    for i in 0..n {
        let pivot = a[i][i];
        a[i].iter_mut().for_each(|x| *x /= pivot);
        let row = a[i].clone();
        for other in a.iter_mut().enumerate().filter(|(j, _)| *j != i).map(|(_, r)| r) {
            let times = other[i];
            other.iter_mut().zip(&row).for_each(|(x, r)| *x -= times * r);
        }
    }
    a.into_iter().map(|row| row[n..].to_vec()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inverse_undoes_the_matrix() {
        let a = vec![vec![4.0, 1.0], vec![1.0, 3.0]];
        let b = inverse(a.clone());
        for (i, row) in a.iter().enumerate() {
            for j in 0..2 {
                let product: f64 = row.iter().zip(&b).map(|(left, right)| left * right[j]).sum();
                assert!((product - f64::from(u8::from(i == j))).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn shares_tell_the_class() {
        // Class 1 has mostly label 1; label 2 says nothing.
        let rows: Vec<Counted> = (0..60)
            .map(|i| {
                (if i % 2 == 0 { vec![6.0, 1.0, 3.0] } else { vec![1.0, 6.0, 3.0 + f64::from(i % 3)] }, i as usize % 2)
            })
            .collect();
        let (left_out, shares) = Shares::fit(&rows, 2);
        let score: f64 = left_out.iter().map(|(_, log)| log).sum();
        assert!(left_out.len() == 60 && score > -15.0, "{score}");
        assert!(shares.posterior(&[8.0, 0.0, 1.0])[0] > 0.9);
        assert!(shares.posterior(&[0.0, 8.0, 1.0])[1] > 0.9);
    }
}
