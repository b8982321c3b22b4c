//! From aligned rows to the figures about labels.

use super::Options;
use super::bootstrap::intervals;
use super::metrics::Confusion;
use super::report::{Estimate, LabelReport};
use std::collections::BTreeSet;

/// A gold label and the predicted one.
pub(super) type Pair<'a> = (&'a str, &'a str);

/// The label figures, each inner list being one article; `None` without any pair.
pub(super) fn score(articles: &[Vec<Pair>], options: &Options) -> Option<LabelReport> {
    let labels: BTreeSet<&str> = articles.iter().flatten().flat_map(|(gold, pred)| [*gold, *pred]).collect();
    let labels: Vec<&str> = labels.into_iter().collect();
    if labels.is_empty() {
        return None;
    }
    let class = |label: &str| labels.binary_search(&label).unwrap_or_default();
    let mut sum = Confusion::new(labels.len());
    let mut each = Vec::new();
    for pairs in articles.iter().filter(|pairs| !pairs.is_empty()) {
        let mut matrix = Confusion::new(labels.len());
        pairs.iter().for_each(|(gold, pred)| matrix.count(class(gold), class(pred)));
        sum.add(&matrix);
        each.push(matrix);
    }

    let mut drawn_sum = Confusion::new(labels.len());
    let bounds = intervals(each.len(), options.draws, options.seed, |drawn| {
        drawn_sum.clear();
        drawn.iter().for_each(|&article| drawn_sum.add(&each[article]));
        [drawn_sum.accuracy(), drawn_sum.macro_average().f1]
    });
    Some(LabelReport {
        accuracy: Estimate { value: sum.accuracy(), interval: bounds.map(|[accuracy, _]| accuracy) },
        macro_f1: Estimate { value: sum.macro_average().f1, interval: bounds.map(|[_, macro_f1]| macro_f1) },
        weighted_f1: sum.weighted_average().f1,
        kappa: sum.kappa(),
        classes: (0..labels.len()).map(|class| sum.class(class)).collect(),
        macro_average: sum.macro_average(),
        weighted_average: sum.weighted_average(),
        confusion: sum.rows(),
        labels: labels.into_iter().map(str::to_owned).collect(),
    })
}
