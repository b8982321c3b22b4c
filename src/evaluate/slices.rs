//! Where does it fail? Accuracy by a property of the sentences.
//!
//! A slice is worse than average when its accuracy less that of all sentences is below 0
//! with p < 0.05: p is two-sided, from the share of bootstrap draws (whole articles, both
//! figures from the same draw) on the other side of 0, and is corrected for the number of
//! slices after Holm (1979, "A simple sequentially rejective multiple test procedure").
//! A slice in fewer than [`ARTICLES`] articles is shown, but nothing is said of it.

use super::Options;
use super::bootstrap::{self, interval};
use super::labels::Estimate;
use super::metrics::{Confusion, LANES, ratio};
use super::pair::Pair;
use super::sample::Sample;
use serde::Serialize;
use std::collections::BTreeMap;

/// Articles below which no slice is called worse.
const ARTICLES: usize = 5;

/// One slice.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Slice {
    /// What the sentences were sliced by.
    pub by: String,
    /// What those of this slice have.
    pub value: String,
    /// How many they are.
    pub sentences: usize,
    /// In how many articles.
    pub articles: usize,
    /// Share of them labelled right.
    pub accuracy: Estimate,
    /// Their macro F1, over the labels that occur in the slice.
    pub macro_f1: f64,
    /// Their accuracy less that of all sentences.
    pub difference: Estimate,
    /// p of the difference, after Holm; `None` without draws or with too few articles.
    pub p: Option<f64>,
    /// Significantly below average.
    pub worse: bool,
}

/// The slices by every property of `options.by`, in its order, worst first.
pub(super) fn slices(pairs: &[Pair], sample: &Sample, options: &Options) -> Vec<Slice> {
    let mut all = Vec::new();
    for (number, by) in options.by.iter().enumerate() {
        let mut members: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, pair) in pairs.iter().enumerate() {
            members.entry(value(by, number, pair)).or_default().push(at);
        }
        let mut slices = of_property(by, &members, sample, options);
        slices.sort_by(|a, b| a.accuracy.value.total_cmp(&b.accuracy.value));
        all.extend(slices);
    }
    holm(&mut all);
    all
}

/// The value of a property. Where gold does not have the field, the prediction may.
fn value(by: &str, number: usize, pair: &Pair) -> String {
    let field = pair.gold.fields.get(number).cloned().flatten();
    let field = field.or_else(|| pair.pred.fields.get(number).cloned().flatten());
    if let Some(value) = field {
        return value.to_string();
    }
    let text = if pair.gold.text.is_empty() { &pair.pred.text } else { &pair.gold.text };
    match by {
        "length" => match text.split_whitespace().count() {
            0..=10 => "1 to 10 words",
            11..=20 => "11 to 20 words",
            21..=30 => "21 to 30 words",
            _ => "over 30 words",
        }
        .into(),
        "position" => {
            let (at, all) = (pair.place.1, pair.place.0.rows.len());
            match (at, 3 * at / all.max(1)) {
                (0, _) => "first sentence",
                (_, 0) => "first third",
                (_, 1) => "second third",
                _ => "last third",
            }
            .into()
        }
        "attributed" => {
            let places = pair.gold.places.as_ref().or(pair.pred.places.as_ref());
            let any = places.is_some_and(|places| places.iter().any(|spans| !spans.is_empty()));
            if any { "true".into() } else { "false".into() }
        }
        _ => "(none)".into(),
    }
}

fn of_property(by: &str, members: &BTreeMap<String, Vec<usize>>, sample: &Sample, options: &Options) -> Vec<Slice> {
    // Sums: of all sentences, then of each slice: count, right.
    let mut terms = vec![BTreeMap::<u32, f64>::new(); sample.articles];
    let mut articles = vec![std::collections::HashSet::new(); members.len()];
    for (number, rows) in members.values().enumerate() {
        for &at in rows {
            let article = sample.article[at];
            articles[number].insert(article);
            let right = f64::from(u8::from(sample.right(at)));
            for place in [0, 2 * (number as u32 + 1)] {
                *terms[article as usize].entry(place).or_default() += 1.0;
                *terms[article as usize].entry(place + 1).or_default() += right;
            }
        }
    }
    let terms: Vec<Vec<(u32, f64)>> = terms.into_iter().map(|sums| sums.into_iter().collect()).collect();
    let width = 2 * (members.len() + 1);
    let draws = bootstrap::draws(sample.articles, options.resample(), |weights| {
        let sums = bootstrap::sums(weights, width, |article| &terms[article]);
        let share = |lane: usize, slice: usize| sums[2 * slice + 1][lane] / sums[2 * slice][lane];
        (0..LANES).map(|lane| (0..=members.len()).map(|slice| share(lane, slice)).collect()).collect()
    });
    let right = (0..sample.len()).filter(|&at| sample.right(at)).count();
    let overall = ratio(right as u64, sample.len() as u64);
    let slice = |(number, (value, rows)): (usize, (&String, &Vec<usize>))| {
        let right = rows.iter().filter(|&&at| sample.right(at)).count();
        let accuracy = ratio(right as u64, rows.len() as u64);
        let differences = || draws.iter().map(|draw| draw[number + 1] - draw[0]);
        let enough = articles[number].len() >= ARTICLES;
        Slice {
            by: by.to_owned(),
            value: value.clone(),
            sentences: rows.len(),
            articles: articles[number].len(),
            accuracy: Estimate { value: accuracy, interval: interval(draws.iter().map(|draw| draw[number + 1])) },
            macro_f1: macro_f1(rows, sample),
            difference: Estimate { value: accuracy - overall, interval: interval(differences()) },
            p: (enough && members.len() > 1).then(|| p_value(differences())).flatten(),
            worse: false,
        }
    };
    members.iter().enumerate().map(slice).collect()
}

/// Macro F1 of some rows over the labels that occur among them.
fn macro_f1(rows: &[usize], sample: &Sample) -> f64 {
    let mut used: Vec<u16> = rows.iter().flat_map(|&at| [sample.gold[at], sample.pred[at]]).collect();
    used.sort_unstable();
    used.dedup();
    let class = |label: u16| used.binary_search(&label).unwrap_or_default();
    let mut matrix = Confusion::new(used.len());
    rows.iter().for_each(|&at| matrix.count(class(sample.gold[at]), class(sample.pred[at])));
    matrix.macro_average().f1
}

/// Two-sided p of "the difference is 0"; `None` without draws. The smallest is 2 in the
/// number of draws plus one.
fn p_value(differences: impl Iterator<Item = f64>) -> Option<f64> {
    let defined: Vec<f64> = differences.filter(|value| !value.is_nan()).collect();
    if defined.is_empty() {
        return None;
    }
    let count = |side: fn(&f64) -> bool| defined.iter().filter(|value| side(value)).count() + 1;
    let less = count(|value| *value <= 0.0).min(count(|value| *value >= 0.0));
    Some((2.0 * less as f64 / (defined.len() + 1) as f64).min(1.0))
}

/// Corrects the p-values, and says which slices are worse.
fn holm(slices: &mut [Slice]) {
    let mut order: Vec<usize> = (0..slices.len()).filter(|&at| slices[at].p.is_some()).collect();
    let p = |slice: &Slice| slice.p.unwrap_or(1.0);
    order.sort_by(|a, b| p(&slices[*a]).total_cmp(&p(&slices[*b])));
    let mut largest = 0.0f64;
    for (rank, &at) in order.iter().enumerate() {
        largest = largest.max(p(&slices[at]) * (order.len() - rank) as f64).min(1.0);
        slices[at].p = Some(largest);
        slices[at].worse = largest < 0.05 && slices[at].difference.value < 0.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(p: Option<f64>, difference: f64) -> Slice {
        let estimate = |value| Estimate { value, interval: None };
        let (accuracy, difference) = (estimate(0.5), estimate(difference));
        let (by, value) = ("by".to_owned(), "x".to_owned());
        Slice { by, value, sentences: 1, articles: 9, accuracy, macro_f1: 0.5, difference, p, worse: false }
    }

    /// statsmodels' multipletests([0.01, 0.04, 0.03], method="holm"): 0.03, 0.06, 0.06.
    #[test]
    fn holm_as_statsmodels() {
        let mut all = [slice(Some(0.01), -0.1), slice(Some(0.04), -0.1), slice(None, -0.5), slice(Some(0.03), 0.1)];
        holm(&mut all);
        let p: Vec<Option<f64>> = all.iter().map(|slice| slice.p.map(|p| (p * 1e6).round() / 1e6)).collect();
        assert_eq!(p, [Some(0.03), Some(0.06), None, Some(0.06)]);
        assert_eq!(all.iter().map(|slice| slice.worse).collect::<Vec<_>>(), [true, false, false, false]);
    }

    #[test]
    fn p_values() {
        assert_eq!(p_value([].into_iter()), None);
        assert_eq!(p_value(vec![-1.0; 99].into_iter()), Some(0.02));
        assert_eq!(p_value([-1.0, 1.0].into_iter()), Some(1.0));
    }
}
