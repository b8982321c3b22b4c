//! Names of sources: does the prediction name whom gold names?
//!
//! An attribution is one source with its cue and all pieces of its content; without a cue,
//! one piece of content. Gold and predicted attributions of an article are paired one to
//! one, those first whose cues, and then whose contents, share most bytes; two attributions
//! whose cues lie apart are no pair. A predicted source is called by the name of its
//! `entity`, or else by its words. Names are reduced to their head names ("police
//! spokeswoman Maria Lopes" to "Maria Lopes"), in lower case and without marks; they are the
//! same when all words of one are words of the other, or one is the initials of the other.
//! Two figures are made, each P = right / predicted, R = right / gold, F1 = 2 P R / (P + R):
//!
//! - `named`: gold attributions whose source holds a proper name, against predictions that
//!   give a name. A prediction that answers any other gold attribution is left out, since
//!   gold does not say who "he" is.
//! - `all`: gold attributions that have a source, against predictions that have one. Right is
//!   the same words (without an article before them), or an entity that has the same name as
//!   gold's entity, or where gold has no entity, as its words.

use super::bootstrap::{self, Resample, interval};
use super::labels::Estimate;
use super::metrics::{LANES, Lanes, ratio};
use super::said::{self, NameCounts, Said};
use serde::Serialize;

/// Scores of the names of sources.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NameReport {
    /// Articles compared: in both files, with attributions in gold.
    pub articles: usize,
    /// Where gold gives a name.
    pub named: NameScores,
    /// Where gold has a source.
    pub all: NameScores,
}

/// Precision and recall of names, and their F1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct NameScores {
    /// Counted gold attributions.
    pub gold: u64,
    /// Counted predictions.
    pub predicted: u64,
    /// Pairs with the same name.
    pub right: u64,
    /// Of what was predicted, the share that is right.
    pub precision: f64,
    /// Of gold, the share that is found.
    pub recall: f64,
    /// Harmonic mean of both.
    pub f1: Estimate,
}

/// Figures of one kind from right, predicted and gold.
fn figures([right, pred, gold]: [u64; 3]) -> (f64, f64, f64) {
    let (p, r) = (ratio(right, pred), ratio(right, gold));
    (p, r, if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 })
}

const fn counts(counts: NameCounts) -> [u64; 3] {
    [counts.right, counts.pred, counts.gold]
}

/// Scores the articles, each given as (gold, predicted); `None` where no gold attribution
/// has a source.
pub(super) fn score(articles: &[(Vec<Said>, Vec<Said>)], resample: Resample) -> Option<NameReport> {
    if articles.iter().all(|(gold, _)| gold.iter().all(|said| said.words.is_none())) {
        return None;
    }
    let of = |(gold, pred): &(Vec<Said>, Vec<Said>)| [counts(said::named(gold, pred)), counts(said::all(gold, pred))];
    let each: Vec<[[u64; 3]; 2]> = articles.iter().map(of).collect();
    let terms: Vec<Vec<(u32, f64)>> = each
        .iter()
        .map(|counts| {
            let all = counts.iter().flatten().enumerate();
            all.filter(|(_, count)| **count > 0).map(|(at, count)| (at as u32, *count as f64)).collect()
        })
        .collect();
    let draws = bootstrap::draws(each.len(), resample, |weights: &[Lanes<u16>]| {
        let sums = bootstrap::sums(weights, 6, |article| &terms[article]);
        let f1 = |lane: usize, kind: usize| figures([0, 1, 2].map(|at| sums[3 * kind + at][lane] as u64)).2;
        (0..LANES).map(|lane| vec![f1(lane, 0), f1(lane, 1)]).collect()
    });
    let scores = |kind: usize| {
        let sum = each.iter().fold([0; 3], |sum, counts| [0, 1, 2].map(|at| sum[at] + counts[kind][at]));
        let (precision, recall, f1) = figures(sum);
        let interval = interval(draws.iter().map(|draw| draw[kind]));
        let [right, predicted, gold] = sum;
        NameScores { gold, predicted, right, precision, recall, f1: Estimate { value: f1, interval } }
    };
    Some(NameReport { articles: articles.len(), named: scores(0), all: scores(1) })
}
