//! How reliable sources are, from what they claim: who agrees with whom, who copies whom,
//! and what turned out to be true.
//!
//! [`Claims`] and, if there are any, [`Outcomes`] go in; [`estimate`] gives the trust of
//! each source and the probability of each value. docs/reliability.md has the model.

mod beta;
mod claims;
mod confusions;
mod copies;
mod error;
mod grade;
mod hierarchy;
mod kind;
mod labels;
mod numbers;
mod open;
mod outcomes;
mod ratings;
mod shares;
mod supervised;
mod table;
mod trust;
mod write;

use rayon::prelude::*;
use std::collections::HashMap;

pub use beta::{Beta, fit_prior};
pub use claims::{Claims, ClaimsBuilder};
pub use error::ReliabilityError;
pub use grade::{Grade, credibility, grade};
pub use hierarchy::Hierarchy;
pub use kind::DataKind;
pub use outcomes::{Known, Outcomes};
pub use ratings::{Link, Ratings};
pub(crate) use table::TableReader;
pub use trust::{CORROBORATION, STATED, SourceTrust};
pub use write::{write_trust, write_truth};

/// What a model of the claims finds.
#[derive(Default)]
struct Evidence {
    /// Probability of each value.
    probability: Vec<f64>,
    /// Probability that each value is right and no finer one is.
    exact: Vec<f64>,
    /// For each claim, the probability of its value as independent other sources see it.
    cavity: Vec<f64>,
    /// Weight of each claim's vote, 0 to 1.
    weight: Vec<f64>,
    /// Pairs of sources with the expected share of values that one has from the other.
    copies: Vec<(u32, u32, f64)>,
    /// Of labels, the probability of each class of each object, claimed or not.
    classes: Option<Classes>,
}

/// Probabilities of labels, whether or not anybody claims them of the object.
struct Classes {
    /// Texts of the labels that can be true.
    texts: Vec<u32>,
    /// One row an object.
    probability: Vec<f64>,
}

/// What is known beside claims and outcomes.
#[derive(Debug, Default)]
pub struct Context {
    /// Which values hold which others.
    pub hierarchy: Hierarchy,
    /// A user's ratings of sources.
    pub ratings: Ratings,
    /// Kinds whose sources are nobody in particular, and are judged as one.
    pub pooled: Vec<String>,
    /// Pairs of claims of one value that are one vote: the same text, or the same agency.
    pub copied: Vec<(u32, u32)>,
    /// Claims that an independent source later states as fact (or whose contrary it does).
    pub stated: HashMap<u32, bool>,
}

/// The most probable value of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Truth {
    /// The value; of numbers, an estimate that perhaps nobody claimed.
    pub value: String,
    /// Its probability; of numbers, that it is within the typical deviation.
    pub probability: f64,
}

/// What the claims and the outcomes say.
#[derive(Debug)]
pub struct Estimate {
    /// The model that fits the claims.
    pub kind: DataKind,
    /// Trust of each source.
    pub sources: Vec<SourceTrust>,
    /// The most probable value of each object.
    pub truths: Vec<Truth>,
    /// Probability of each value of [`Claims`]; empty of numbers.
    pub probability: Vec<f64>,
    /// Effective number of independent sources behind each value.
    pub independent: Vec<f64>,
    /// Pairs of sources, with the expected share of values that one has from the other.
    pub copies: Vec<(u32, u32, f64)>,
    /// What a user's ratings are worth; `None` when they tell nothing, or too few are rated.
    pub link: Option<Link>,
    /// Whether there are outcomes: without any, agreement is all that is known, and no
    /// source is graded.
    pub with_outcomes: bool,
}

/// Estimates trust and truth. The model is chosen by the kind of the values.
pub fn estimate(claims: &Claims, outcomes: &Outcomes) -> Estimate {
    estimate_with(claims, outcomes, &Context::default())
}

/// Estimates trust and truth with what else is known.
pub fn estimate_with(claims: &Claims, outcomes: &Outcomes, context: &Context) -> Estimate {
    let kind = DataKind::of(claims);
    if kind == DataKind::Numbers {
        return numbers_estimate(claims, outcomes, context);
    }
    let evidence = match kind {
        DataKind::Labels => labels::fit(claims, outcomes, context),
        _ => open::fit(claims, outcomes, context),
    };
    let (sources, link) = trust::trust(claims, outcomes, kind, &evidence, None, context);
    let truths = (0..claims.objects.len()).into_par_iter().map(|o| truth(claims, outcomes, &evidence, o)).collect();
    let independent = (0..claims.values()).map(|v| claims.claims_of(v).map(|i| evidence.weight[i]).sum()).collect();
    Estimate {
        kind,
        sources,
        truths,
        probability: evidence.probability,
        independent,
        copies: evidence.copies,
        link,
        with_outcomes: !outcomes.is_empty(),
    }
}

fn truth(claims: &Claims, outcomes: &Outcomes, evidence: &Evidence, object: usize) -> Truth {
    if let Some(text) = outcomes.text(claims, object) {
        return Truth { value: text.to_owned(), probability: 1.0 };
    }
    if let Some(Classes { texts, probability }) = &evidence.classes {
        let row = &probability[object * texts.len()..(object + 1) * texts.len()];
        let best = (0..row.len()).rev().max_by(|a, b| row[*a].total_cmp(&row[*b])).unwrap_or(0);
        let value = claims.texts.get_index(texts[best] as usize).cloned().unwrap_or_default();
        return Truth { value, probability: row[best] };
    }
    // Of equals the one with more claims, then the first by name.
    let best = claims.values_of(object).max_by(|a, b| {
        let by = evidence.exact[*a].total_cmp(&evidence.exact[*b]);
        by.then(claims.claims_of(*a).len().cmp(&claims.claims_of(*b).len()))
            .then(claims.text_of(*b).cmp(claims.text_of(*a)))
    });
    match best {
        Some(v) => Truth { value: claims.text_of(v).to_owned(), probability: evidence.probability[v] },
        None => Truth { value: String::new(), probability: 0.0 },
    }
}

fn numbers_estimate(claims: &Claims, outcomes: &Outcomes, context: &Context) -> Estimate {
    let found = numbers::fit(claims, outcomes);
    let evidence = Evidence { weight: vec![1.0; claims.len()], ..Evidence::default() };
    let (sources, link) = trust::trust(claims, outcomes, DataKind::Numbers, &evidence, Some(&found.near), context);
    let truths = (0..claims.objects.len())
        .into_par_iter()
        .map(|o| {
            let all = claims.claims_on(o);
            let near = all.clone().filter(|i| {
                let x = claims.text_of(claims.value[*i] as usize).parse::<f64>();
                x.is_ok_and(|x| (x - found.truth[o]).abs() <= found.scale)
            });
            match outcomes.text(claims, o) {
                Some(text) => Truth { value: text.to_owned(), probability: 1.0 },
                None => Truth {
                    value: format!("{}", (found.truth[o] * 1e6).round() / 1e6),
                    probability: (near.count() as f64 + 0.5) / (all.len() as f64 + 1.0),
                },
            }
        })
        .collect();
    Estimate {
        kind: DataKind::Numbers,
        sources,
        truths,
        probability: Vec::new(),
        independent: (0..claims.values()).map(|v| claims.claims_of(v).len() as f64).collect(),
        copies: Vec::new(),
        link,
        with_outcomes: !outcomes.is_empty(),
    }
}
