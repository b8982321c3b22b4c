//! Figures from a confusion matrix, by scikit-learn's conventions.
//!
//! Classes are the union of the labels in gold and predictions; a ratio with
//! denominator 0 is 0 (`zero_division=0`). See scikit-learn's user guide, section
//! "Metrics and scoring: quantifying the quality of predictions".

use serde::Serialize;

/// Counts of (gold class, predicted class) pairs, shape `[classes, classes]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confusion {
    classes: usize,
    counts: Vec<u64>,
}

/// One class against all others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct ClassScores {
    /// Share of the predictions of this class that are right: tp / (tp + fp).
    pub precision: f64,
    /// Share of the gold rows of this class that are found: tp / (tp + fn).
    pub recall: f64,
    /// Harmonic mean of both: 2 tp / (2 tp + fp + fn) (van Rijsbergen 1979, ch. 7).
    pub f1: f64,
    /// Gold rows of this class.
    pub support: u64,
}

/// `part / whole`, and 0 for an empty whole.
pub fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

impl Confusion {
    /// A matrix of zeros.
    pub fn new(classes: usize) -> Self {
        Self { classes, counts: vec![0; classes * classes] }
    }

    /// A matrix of `counts`, gold class after gold class.
    pub const fn from_counts(classes: usize, counts: Vec<u64>) -> Self {
        Self { classes, counts }
    }

    /// Counts one row. Both classes are below the number of classes.
    pub fn count(&mut self, gold: usize, pred: usize) {
        self.counts[gold * self.classes + pred] += 1;
    }

    /// Adds the counts of `other`, which has the same classes.
    pub fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *mine += theirs;
        }
    }

    /// Sets every count to 0.
    pub fn clear(&mut self) {
        self.counts.fill(0);
    }

    /// Rows with this gold and predicted class.
    pub fn at(&self, gold: usize, pred: usize) -> u64 {
        self.counts[gold * self.classes + pred]
    }

    /// All rows.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The matrix, a row for each gold class.
    pub fn rows(&self) -> Vec<Vec<u64>> {
        (0..self.classes).map(|gold| (0..self.classes).map(|pred| self.at(gold, pred)).collect()).collect()
    }

    fn gold(&self, class: usize) -> u64 {
        (0..self.classes).map(|pred| self.at(class, pred)).sum()
    }

    fn predicted(&self, class: usize) -> u64 {
        (0..self.classes).map(|gold| self.at(gold, class)).sum()
    }

    /// Precision, recall and F1 of one class.
    pub fn class(&self, class: usize) -> ClassScores {
        let (hits, gold, predicted) = (self.at(class, class), self.gold(class), self.predicted(class));
        ClassScores {
            precision: ratio(hits, predicted),
            recall: ratio(hits, gold),
            f1: ratio(2 * hits, gold + predicted),
            support: gold,
        }
    }

    /// Share of rows on the diagonal.
    pub fn accuracy(&self) -> f64 {
        ratio((0..self.classes).map(|class| self.at(class, class)).sum(), self.total())
    }

    /// Unweighted mean of the class scores over all classes of the matrix.
    pub fn macro_average(&self) -> ClassScores {
        let share = if self.classes == 0 { 0.0 } else { 1.0 / self.classes as f64 };
        self.average(|_| share)
    }

    /// Mean of the class scores, each weighted with its support.
    pub fn weighted_average(&self) -> ClassScores {
        let total = self.total();
        self.average(|scores| ratio(scores.support, total))
    }

    fn average(&self, weight: impl Fn(&ClassScores) -> f64) -> ClassScores {
        let mut mean = ClassScores { support: self.total(), ..ClassScores::default() };
        for scores in (0..self.classes).map(|class| self.class(class)) {
            let weight = weight(&scores);
            mean.precision += weight * scores.precision;
            mean.recall += weight * scores.recall;
            mean.f1 += weight * scores.f1;
        }
        mean
    }

    /// Mean recall over the classes that gold has (Brodersen et al. 2010, "The balanced
    /// accuracy and its posterior distribution"); 0 without any row.
    pub fn balanced_accuracy(&self) -> f64 {
        let present: Vec<f64> =
            (0..self.classes).map(|class| self.class(class)).filter(|c| c.support > 0).map(|c| c.recall).collect();
        if present.is_empty() { 0.0 } else { present.iter().sum::<f64>() / present.len() as f64 }
    }

    /// Matthews' correlation for any number of classes (Gorodkin 2004, "Comparing two
    /// K-category assignments by a K-category correlation coefficient"); 0 where gold or
    /// the predictions have one class alone.
    pub fn mcc(&self) -> f64 {
        let (mut hits, mut cross, mut golds, mut preds) = (0.0, 0.0, 0.0, 0.0);
        let total = self.total() as f64;
        for class in 0..self.classes {
            let (gold, pred) = (self.gold(class) as f64, self.predicted(class) as f64);
            hits += self.at(class, class) as f64;
            cross += gold * pred;
            golds += gold * gold;
            preds += pred * pred;
        }
        let spread = (total * total - golds) * (total * total - preds);
        if spread > 0.0 { (hits * total - cross) / spread.sqrt() } else { 0.0 }
    }

    /// Cohen's kappa, (p_o - p_e) / (1 - p_e), with p_e from the product of the two
    /// marginals (Cohen 1960, "A coefficient of agreement for nominal scales").
    /// `None` where chance alone agrees always, as with one class only.
    pub fn kappa(&self) -> Option<f64> {
        let total = self.total() as f64;
        let chance: f64 = (0..self.classes)
            .map(|class| (self.gold(class) as f64 / total) * (self.predicted(class) as f64 / total))
            .sum();
        let room = 1.0 - chance;
        (total > 0.0 && room > 1e-12).then(|| (self.accuracy() - chance) / room)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn confusion(rows: &[&[u64]]) -> Confusion {
        Confusion { classes: rows.len(), counts: rows.concat() }
    }

    fn close(value: f64, wanted: f64) {
        assert!((value - wanted).abs() < 1e-12, "{value} is not {wanted}");
    }

    /// Wanted values: scikit-learn 1.9.1.
    #[test]
    fn three_classes_as_scikit_learn() {
        let matrix = confusion(&[&[4, 0, 1], &[0, 2, 1], &[1, 1, 2]]);
        close(matrix.accuracy(), 0.6666666666666666);
        close(matrix.macro_average().f1, 0.6555555555555556);
        close(matrix.weighted_average().f1, 0.6666666666666666);
        close(matrix.kappa().unwrap(), 0.4893617021276596);
        let class = matrix.class(1);
        close(class.precision, 2.0 / 3.0);
        close(class.recall, 2.0 / 3.0);
        assert_eq!(class.support, 3);
    }

    /// Class 2 is never predicted, class 3 never gold. Wanted values: scikit-learn 1.9.1.
    #[test]
    fn absent_classes_as_scikit_learn() {
        let matrix = confusion(&[&[1, 0, 0, 1], &[1, 1, 0, 0], &[1, 0, 0, 0], &[0, 0, 0, 0]]);
        close(matrix.accuracy(), 0.4);
        close(matrix.macro_average().f1, 0.26666666666666666);
        close(matrix.weighted_average().f1, 0.42666666666666664);
        close(matrix.kappa().unwrap(), 0.11764705882352944);
        close(matrix.class(0).f1, 0.4);
        close(matrix.class(3).f1, 0.0);
    }

    #[test]
    fn nothing_and_one_class() {
        let mut matrix = Confusion::new(1);
        close(matrix.accuracy(), 0.0);
        assert_eq!(matrix.kappa(), None);
        matrix.count(0, 0);
        close(matrix.macro_average().f1, 1.0);
        assert_eq!(matrix.kappa(), None);
    }
}
