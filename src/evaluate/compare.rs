//! Is one system better than another? On the sentences that both answered.
//!
//! The paired cluster bootstrap draws the same articles for both and looks at the
//! difference of a figure (Efron and Tibshirani 1993, ch. 13; Berg-Kirkpatrick et al.
//! 2012, "An empirical investigation of statistical significance in NLP"): where the
//! 95 % interval of the difference leaves out 0, the second system is better or worse.

use super::bootstrap::interval;
use super::figures::Measure;
use super::labels::{Estimate, Scored};
use super::metrics::mcnemar_exact;
use super::pair::{self, Pair};
use super::read::Rows;
use super::{Options, Sample};
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// What the data say of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The second system is better.
    Better,
    /// The second system is worse.
    Worse,
    /// The interval holds 0, or there is none.
    NoEvidence,
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::NoEvidence => "no evidence",
        })
    }
}

/// The second system against the first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// The first prediction file.
    pub first: String,
    /// The second.
    pub second: String,
    /// Sentences that both answered.
    pub sentences: usize,
    /// Their articles.
    pub articles: usize,
    /// Sentences that the first alone has right.
    pub only_first_right: u64,
    /// Sentences that the second alone has right.
    pub only_second_right: u64,
    /// p of McNemar's exact test. It takes sentences as independent, which those of one
    /// article are not: trust the intervals first.
    pub mcnemar_p: f64,
    /// Figures of both and their difference.
    pub differences: Vec<Difference>,
}

/// One figure of both systems.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// Name of the figure.
    pub figure: String,
    /// Of the first system.
    pub first: f64,
    /// Of the second.
    pub second: f64,
    /// Second minus first.
    pub difference: Estimate,
    /// What follows.
    pub verdict: Verdict,
}

/// The figures that are compared, and whether lower is better.
const COMPARED: [(&str, Measure, bool); 10] = [
    ("accuracy", Measure::Accuracy, false),
    ("balanced accuracy", Measure::BalancedAccuracy, false),
    ("macro F1", Measure::MacroF1, false),
    ("MCC", Measure::Mcc, false),
    ("ROC-AUC, macro", Measure::MacroRocAuc, false),
    ("avg. precision", Measure::MacroAveragePrecision, false),
    ("log-loss", Measure::LogLoss, true),
    ("Brier score", Measure::Brier, true),
    ("ECE", Measure::Ece, true),
    ("AURC", Measure::Aurc, true),
];

/// One system's pairs and where its probabilities come from.
pub(super) type Answers<'a> = (&'a str, &'a [Pair<'a>], &'a Rows);

/// Compares two systems; `None` when they have no sentence in common.
pub(super) fn compare(first: Answers, second: Answers, options: &Options) -> Option<Comparison> {
    let mut common = [common(first.1, second.1), common(second.1, first.1)];
    if common[0].is_empty() {
        return None;
    }
    // The same order of sentences, hence of articles, in both: draws are paired.
    common.iter_mut().for_each(|pairs| pairs.sort_unstable_by_key(|pair| (pair.article, pair.at)));
    let [a, b] = [pair::sample(&common[0], first.2), pair::sample(&common[1], second.2)];
    let (a, b) = one_class_list(a, b);
    let [left, right] = [&a, &b].map(|sample| Scored::new(sample, options.resample()));
    let only =
        |one: &Sample, other: &Sample| (0..one.len()).filter(|&at| one.right(at) && !other.right(at)).count() as u64;
    let (only_first_right, only_second_right) = (only(&a, &b), only(&b, &a));

    let mut compared: Vec<(String, Measure, bool)> =
        COMPARED.iter().map(|(name, measure, lower)| ((*name).to_owned(), *measure, *lower)).collect();
    let classes = (0..a.occurring).map(|class| (format!("F1 {}", a.classes[class]), Measure::F1(class), false));
    compared.splice(4..4, classes);
    let difference = |(figure, measure, lower): (String, Measure, bool)| {
        let (i, j) = (left.place(measure)?, right.place(measure)?);
        let drawn = left.draws.iter().zip(&right.draws).map(|(left, right)| right[j] - left[i]);
        let (first, second) = (left.values[i], right.values[j]);
        let difference = Estimate { value: second - first, interval: interval(drawn) };
        let verdict = match difference.interval {
            Some(bounds) if bounds.low > 0.0 => {
                if lower {
                    Verdict::Worse
                } else {
                    Verdict::Better
                }
            }
            Some(bounds) if bounds.high < 0.0 => {
                if lower {
                    Verdict::Better
                } else {
                    Verdict::Worse
                }
            }
            _ => Verdict::NoEvidence,
        };
        Some(Difference { figure, first, second, difference, verdict })
    };
    Some(Comparison {
        first: first.0.to_owned(),
        second: second.0.to_owned(),
        sentences: a.len(),
        articles: a.articles,
        only_first_right,
        only_second_right,
        mcnemar_p: mcnemar_exact(only_first_right, only_second_right),
        differences: compared.into_iter().filter_map(difference).collect(),
    })
}

/// The pairs of `mine` whose gold row `theirs` answers too.
fn common<'a>(mine: &[Pair<'a>], theirs: &[Pair]) -> Vec<Pair<'a>> {
    let known: HashSet<(usize, usize)> = theirs.iter().map(|pair| (pair.article, pair.at)).collect();
    mine.iter().filter(|pair| known.contains(&(pair.article, pair.at))).copied().collect()
}

/// Both samples with the same classes, so that class averages mean the same: those that
/// gold or either system has.
fn one_class_list(a: Sample, b: Sample) -> (Sample, Sample) {
    let occurring = |sample: &Sample| sample.classes[..sample.occurring].to_vec();
    let mut all = occurring(&a);
    all.extend(occurring(&b));
    all.sort_unstable();
    all.dedup();
    let count = all.len();
    let with = |sample: Sample| {
        let mut classes = all.clone();
        classes.extend(sample.classes.iter().filter(|class| !all.contains(class)).cloned());
        let index: HashMap<&str, usize> = classes.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
        let place: Vec<usize> = sample.classes.iter().map(|class| index[class.as_str()]).collect();
        let moved = |list: &[u16]| list.iter().map(|class| place[usize::from(*class)] as u16).collect();
        let probabilities = sample.probabilities.as_ref().map(|table| {
            let mut wide = vec![0.0; sample.len() * classes.len()];
            for (row, old) in wide.chunks_exact_mut(classes.len()).zip(table.chunks_exact(place.len())) {
                place.iter().zip(old).for_each(|(at, p)| row[*at] = *p);
            }
            wide
        });
        Sample {
            gold: moved(&sample.gold),
            pred: moved(&sample.pred),
            probabilities,
            occurring: count,
            classes,
            ..sample
        }
    };
    (with(a), with(b))
}
