//! Several annotators: how far they agree, and what label a sentence has by consensus.
//!
//! The consensus is that of Dawid and Skene (1979, "Maximum likelihood estimation of
//! observer error-rates using the EM algorithm"): each annotator has a confusion matrix,
//! each sentence a distribution over the classes; they are estimated in turn until they
//! stand still. So an annotator who errs often, or always in one way, weighs less than in
//! a majority vote, which is where the estimation starts.

use super::metrics::{Confusion, fleiss_kappa, krippendorff_alpha};
use super::read::Row;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Rounds of the estimation at most.
const ROUNDS: usize = 100;
/// Change of a probability below which it stands still.
const STILL: f64 = 1e-9;
/// Added to the counts of the confusion matrices, so that nothing is impossible.
const PRIOR: f64 = 0.01;

/// Agreement of several annotators of gold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Agreement {
    /// The annotators, sorted.
    pub annotators: Vec<Annotator>,
    /// Sentences with a label.
    pub sentences: usize,
    /// Sentences with labels of two annotators or more.
    pub shared: usize,
    /// Cohen's kappa of each two that share a sentence; `None` where it is undefined.
    pub cohen: Vec<PairAgreement>,
    /// Fleiss' kappa over the sentences that all labelled; `None` where there are none or
    /// it is undefined.
    pub fleiss: Option<f64>,
    /// Krippendorff's alpha for nominal data, over all sentences.
    pub alpha: Option<f64>,
    /// Sentences on which they differ.
    pub disputed: usize,
}

/// One annotator.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Annotator {
    /// The name.
    pub name: String,
    /// Sentences labelled.
    pub sentences: usize,
    /// Share of them that have the consensus label.
    pub with_consensus: f64,
}

/// Two annotators.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PairAgreement {
    /// The first.
    pub first: String,
    /// The second.
    pub second: String,
    /// Sentences that both labelled.
    pub sentences: usize,
    /// Cohen's kappa.
    pub kappa: Option<f64>,
}

type Key = (Arc<str>, Option<(usize, usize)>, Option<u32>, Box<str>);

/// One row for each sentence, labelled by consensus; rows as they are, and no agreement,
/// where fewer than two annotators are named.
pub(super) fn consensus(rows: Vec<Row>) -> (Vec<Row>, Option<Agreement>) {
    let names: BTreeSet<Arc<str>> = rows.iter().filter_map(|row| row.annotator.clone()).collect();
    if names.len() < 2 {
        return (rows, None);
    }
    let names: Vec<Arc<str>> = names.into_iter().collect();
    let labels: BTreeSet<Arc<str>> = rows.iter().filter(|row| row.kept).filter_map(|row| row.label.clone()).collect();
    let labels: Vec<Arc<str>> = labels.into_iter().collect();

    let mut places: HashMap<Key, usize> = HashMap::new();
    let mut merged: Vec<Row> = Vec::new();
    let mut votes: Vec<BTreeMap<usize, usize>> = Vec::new();
    for row in rows {
        let span = row.span.map(|span| (span.start, span.end));
        // A sentence is its place; where it has none, its position and text.
        let (sentence, text) = if span.is_some() { (None, "".into()) } else { (row.sentence, row.text.clone()) };
        let at = *places.entry((Arc::clone(&row.article), span, sentence, text)).or_insert_with(|| {
            merged.push(row.clone());
            votes.push(BTreeMap::new());
            merged.len() - 1
        });
        let class = row.label.as_ref().filter(|_| row.kept).and_then(|label| labels.binary_search(label).ok());
        let annotator = row.annotator.as_ref().and_then(|name| names.binary_search(name).ok());
        if let (Some(annotator), Some(class)) = (annotator, class) {
            votes[at].insert(annotator, class);
        }
        merged[at].kept |= row.kept;
        if merged[at].places.is_none() {
            merged[at].places = row.places;
            merged[at].said = row.said;
        }
    }
    let chosen = dawid_skene(&votes, names.len(), labels.len());
    for (row, class) in merged.iter_mut().zip(&chosen) {
        if let Some(class) = class {
            row.label = Some(Arc::clone(&labels[*class]));
        }
    }
    let agreement = agreement(&names, labels.len(), &votes, &chosen);
    (merged, Some(agreement))
}

/// The most probable class of each sentence; `None` without a vote. Of equals the first.
fn dawid_skene(votes: &[BTreeMap<usize, usize>], annotators: usize, classes: usize) -> Vec<Option<usize>> {
    let mut belief: Vec<Vec<f64>> = votes
        .iter()
        .map(|votes| {
            let mut row = vec![0.0; classes];
            votes.values().for_each(|class| row[*class] += 1.0 / votes.len() as f64);
            row
        })
        .collect();
    for _ in 0..ROUNDS {
        let mut prior = vec![PRIOR; classes];
        let mut matrices = vec![vec![PRIOR; classes * classes]; annotators];
        for (belief, votes) in belief.iter().zip(votes) {
            for (class, p) in belief.iter().enumerate() {
                prior[class] += p;
                votes.iter().for_each(|(annotator, vote)| matrices[*annotator][class * classes + vote] += p);
            }
        }
        let whole: f64 = prior.iter().sum();
        prior.iter_mut().for_each(|p| *p /= whole);
        for row in matrices.iter_mut().flat_map(|matrix| matrix.chunks_exact_mut(classes.max(1))) {
            let whole: f64 = row.iter().sum();
            row.iter_mut().for_each(|p| *p /= whole);
        }
        let mut change = 0.0f64;
        for (belief, votes) in belief.iter_mut().zip(votes).filter(|(_, votes)| !votes.is_empty()) {
            let chance = |class: usize| {
                let of = |(annotator, vote): (&usize, &usize)| matrices[*annotator][class * classes + vote].ln();
                prior[class].ln() + votes.iter().map(of).sum::<f64>()
            };
            let logs: Vec<f64> = (0..classes).map(chance).collect();
            let top = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let sum: f64 = logs.iter().map(|log| (log - top).exp()).sum();
            for (old, log) in belief.iter_mut().zip(logs) {
                let new = (log - top).exp() / sum;
                change = change.max((new - *old).abs());
                *old = new;
            }
        }
        if change < STILL {
            break;
        }
    }
    let best = |row: &Vec<f64>| (1..classes).fold(0, |best, class| if row[class] > row[best] { class } else { best });
    belief.iter().zip(votes).map(|(row, votes)| (!votes.is_empty()).then(|| best(row))).collect()
}

fn agreement(
    names: &[Arc<str>],
    classes: usize,
    votes: &[BTreeMap<usize, usize>],
    chosen: &[Option<usize>],
) -> Agreement {
    let counts: Vec<Vec<u32>> = votes
        .iter()
        .map(|votes| {
            let mut row = vec![0; classes];
            votes.values().for_each(|class| row[*class] += 1);
            row
        })
        .collect();
    let whole: Vec<Vec<u32>> =
        counts.iter().filter(|row| row.iter().sum::<u32>() as usize == names.len()).cloned().collect();
    let annotator = |at: usize| {
        let own = || votes.iter().zip(chosen).filter_map(|(votes, chosen)| Some((*votes.get(&at)?, (*chosen)?)));
        let (all, same) = (own().count(), own().filter(|(vote, chosen)| vote == chosen).count());
        let with_consensus = super::metrics::ratio(same as u64, all as u64);
        Annotator { name: names[at].to_string(), sentences: all, with_consensus }
    };
    let pair = |a: usize, b: usize| {
        let mut matrix = Confusion::new(classes);
        votes.iter().filter_map(|votes| votes.get(&a).zip(votes.get(&b))).for_each(|(x, y)| matrix.count(*x, *y));
        let (first, second) = (names[a].to_string(), names[b].to_string());
        PairAgreement { first, second, sentences: matrix.total() as usize, kappa: matrix.kappa() }
    };
    let pairs = (0..names.len()).flat_map(|b| (0..b).map(move |a| (a, b)));
    Agreement {
        annotators: (0..names.len()).map(annotator).collect(),
        sentences: votes.iter().filter(|votes| !votes.is_empty()).count(),
        shared: votes.iter().filter(|votes| votes.len() > 1).count(),
        cohen: pairs.map(|(a, b)| pair(a, b)).filter(|pair| pair.sentences > 0).collect(),
        fleiss: fleiss_kappa(&whole),
        alpha: krippendorff_alpha(&counts),
        disputed: counts.iter().filter(|row| row.iter().filter(|n| **n > 0).count() > 1).count(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn votes(rows: &[&[usize]]) -> Vec<BTreeMap<usize, usize>> {
        rows.iter().map(|row| row.iter().copied().enumerate().collect()).collect()
    }

    /// Two agree always, the third says 1 whatever it sees.
    #[test]
    fn a_careless_annotator_is_outvoted() {
        let mut rows: Vec<&[usize]> = vec![&[0, 0, 1]; 10];
        rows.extend(vec![&[1, 1, 1][..]; 10]);
        let chosen = dawid_skene(&votes(&rows), 3, 2);
        assert!(chosen[..10].iter().all(|class| *class == Some(0)));
        assert!(chosen[10..].iter().all(|class| *class == Some(1)));
    }

    /// A majority of annotators who cannot tell the classes apart loses against two who can.
    #[test]
    fn skill_counts_more_than_numbers() {
        let mut rows: Vec<Vec<usize>> = Vec::new();
        for at in 0..40 {
            let truth = at % 2;
            // Annotators 2, 3 and 4 say much the same everywhere.
            rows.push(vec![
                truth,
                truth,
                usize::from(at % 7 == 0),
                usize::from(at % 5 == 0),
                usize::from(at % 11 == 0),
            ]);
        }
        let rows: Vec<&[usize]> = rows.iter().map(Vec::as_slice).collect();
        let chosen = dawid_skene(&votes(&rows), 5, 2);
        let right = chosen.iter().enumerate().filter(|(at, class)| **class == Some(at % 2)).count();
        assert_eq!(right, 40);
    }

    #[test]
    fn no_votes_no_label() {
        assert_eq!(dawid_skene(&votes(&[&[]]), 2, 2), [None]);
        assert_eq!(dawid_skene(&votes(&[&[]]), 2, 0), [None]);
    }
}
