//! Rows worth a second look: gold labels that are likely wrong, and sentences that teach
//! most if a person labels them next.
//!
//! Suspects are those of confident learning (Northcutt, Jiang and Chuang 2021, "Confident
//! learning: estimating uncertainty in dataset labels"): the threshold of a class is the
//! mean probability of that class over the sentences that gold gives it; a sentence is
//! suspect when, of the classes whose thresholds it reaches, the most probable is not
//! its gold label. They are ordered by the margin, the probability of the gold label less
//! the highest other one, lowest first. The predictions must come from a model that was
//! not trained on these labels.
//!
//! Uncertain sentences have the smallest margin between their two most probable classes
//! (Scheffer et al. 2001, "Active hidden Markov models for information extraction").

use super::document::Document;
use super::pair::Pair;
use super::sample::Sample;
use serde::Serialize;
use std::collections::HashSet;

/// A gold label that is likely wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Suspect {
    /// Line of the gold file, from 1.
    pub line: usize,
    /// The article's id.
    pub article: String,
    /// The sentence.
    pub text: String,
    /// Its gold label.
    pub gold: String,
    /// The label that it likely should have.
    pub likely: String,
    /// Probability of the gold label.
    pub gold_probability: f64,
    /// Probability of the likely one.
    pub likely_probability: f64,
}

/// A sentence on which the model is torn.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Uncertain {
    /// The article's id.
    pub article: String,
    /// Position in the article.
    pub sentence: u32,
    /// The sentence.
    pub text: String,
    /// The most probable label.
    pub label: String,
    /// The next one.
    pub second: String,
    /// Difference of their probabilities.
    pub margin: f64,
}

/// The `count` likeliest errors of gold; none without probabilities.
pub(super) fn suspects(pairs: &[Pair], sample: &Sample, count: usize) -> Vec<Suspect> {
    let classes = sample.classes.len();
    let (mut sums, mut numbers) = (vec![0.0; classes], vec![0.0f64; classes]);
    for (at, row) in (0..sample.len()).filter_map(|at| Some((at, sample.row(at)?))) {
        let gold = usize::from(sample.gold[at]);
        sums[gold] += row[gold];
        numbers[gold] += 1.0;
    }
    // No sentence can reach the threshold of a class that gold never gives.
    let thresholds: Vec<f64> =
        sums.iter().zip(&numbers).map(|(sum, n)| if *n > 0.0 { sum / n } else { f64::INFINITY }).collect();
    let mut found: Vec<(f64, usize, usize)> = Vec::new();
    for (at, row) in (0..sample.len()).filter_map(|at| Some((at, sample.row(at)?))) {
        let gold = usize::from(sample.gold[at]);
        let reached = (0..classes).filter(|class| row[*class] >= thresholds[*class]);
        let likely = reached.fold(None, |best: Option<usize>, class| match best {
            Some(best) if row[best] >= row[class] => Some(best),
            _ => Some(class),
        });
        let Some(likely) = likely.filter(|likely| *likely != gold) else { continue };
        let other = (0..classes).filter(|class| *class != gold).map(|class| row[class]).fold(0.0, f64::max);
        found.push((row[gold] - other, at, likely));
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let suspect = |&(_, at, likely): &(f64, usize, usize)| {
        let (gold, row) = (usize::from(sample.gold[at]), sample.row(at)?);
        let of = pairs[at].gold;
        let text = if of.text.is_empty() { &pairs[at].pred.text } else { &of.text };
        Some(Suspect {
            line: of.line as usize,
            article: of.article.to_string(),
            text: text.to_string(),
            gold: sample.classes[gold].clone(),
            likely: sample.classes[likely].clone(),
            gold_probability: row[gold],
            likely_probability: row[likely],
        })
    };
    found.iter().take(count).filter_map(suspect).collect()
}

/// The `count` sentences on which the model is most torn: of those without a gold label
/// if there are any, else of all.
pub(super) fn uncertain(pairs: &[Pair], pred: &[Document], classes: &[String], count: usize) -> Vec<Uncertain> {
    let labelled: HashSet<(&str, usize)> = pairs.iter().map(|pair| (&*pair.place.0.id, pair.place.1)).collect();
    let mut all: Vec<(bool, f64, Uncertain)> = Vec::new();
    for doc in pred {
        for (at, row) in doc.rows.iter().enumerate() {
            let Some(p) = row.probabilities.as_deref() else { continue };
            let mut order: Vec<usize> = (0..p.len()).filter(|class| !p[*class].is_nan()).collect();
            order.sort_by(|a, b| p[*b].total_cmp(&p[*a]));
            let [first, second, ..] = order[..] else { continue };
            let margin = p[first] - p[second];
            let known = labelled.contains(&(&*doc.id, at));
            let (label, second) = (classes[first].clone(), classes[second].clone());
            let (article, text) = (doc.id.to_string(), row.text.to_string());
            let sentence = row.sentence.unwrap_or_default();
            all.push((known, margin, Uncertain { article, sentence, text, label, second, margin }));
        }
        // Only the best are kept, so that a large file does not fill the memory.
        if all.len() > 4 * count.max(1024) {
            shorten(&mut all, count);
        }
    }
    shorten(&mut all, count);
    let fresh = all.iter().any(|(known, ..)| !known);
    all.into_iter().filter(|(known, ..)| !(fresh && *known)).map(|(.., row)| row).take(count).collect()
}

/// Keeps the first `count` of either kind, the unlabelled before the labelled.
fn shorten(all: &mut Vec<(bool, f64, Uncertain)>, count: usize) {
    all.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut seen = [0; 2];
    all.retain(|(known, ..)| {
        seen[usize::from(*known)] += 1;
        seen[usize::from(*known)] <= count
    });
}
