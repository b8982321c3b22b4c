//! What turned out, told by claim or by sentence.

use super::{Observations, Prepared};
use crate::reliability::{Outcomes, ReliabilityError, TableReader};
use std::collections::HashMap;
use std::path::Path;

/// Reads `claim,outcome` or `article,sentence,outcome`, where an outcome is true or false. A
/// claim is named as an earlier run listed it; a sentence stands for all claims in it. Rows
/// that meet no claim are counted in [`Outcomes::without_claims`].
///
/// A claim that is false makes its contrary true only where there is one other claim, with a
/// "not" more or less; else the others stay open.
pub fn read_outcomes(
    path: &Path,
    observations: &Observations,
    prepared: &Prepared,
) -> Result<Outcomes, ReliabilityError> {
    let mut table = TableReader::open(path, &["outcome"], &["claim", "article", "sentence"])?;
    let mut outcomes = Outcomes::none(&prepared.claims);
    let places = places(observations);
    // Outcome and line of each claim; the true claim and line of each subject.
    let mut told: HashMap<(usize, usize), (bool, u64)> = HashMap::new();
    let mut right: HashMap<usize, (usize, u64)> = HashMap::new();
    let mut rows = 0;
    while let Some(row) = table.next()? {
        rows += 1;
        let line = row.line;
        let fault =
            |reason: String, hint: &str| ReliabilityError::Row { path: path.into(), line, reason, hint: hint.into() };
        let outcome = match row.get(0).to_lowercase().as_str() {
            "true" => true,
            "false" => false,
            other => {
                return Err(fault(format!("the outcome `{other}` is neither true nor false"), "write true or false"));
            }
        };
        let key = match (row.optional(0), row.optional(1), row.optional(2)) {
            (Some(claim), _, _) => claim.to_owned(),
            (None, Some(article), Some(sentence)) => format!("{article}#{sentence}"),
            _ => {
                let hint = "fill the column claim, or article and sentence";
                return Err(fault("it names no claim".into(), hint));
            }
        };
        let Some(found) = places.get(&key) else {
            outcomes.without_claims += 1;
            continue;
        };
        for &(subject, version) in found {
            let name = &observations.subjects[subject].versions[version].id;
            let before = told.insert((subject, version), (outcome, line));
            if let Some((_, first)) = before.filter(|(b, _)| *b != outcome) {
                let reason = format!("claim {name} is {outcome} here and {} on line {first}", !outcome);
                return Err(fault(reason, "a claim has one outcome; remove the wrong one of the two lines"));
            }
            if outcome {
                let before = right.insert(subject, (version, line));
                if let Some((other, first)) = before.filter(|(v, _)| *v != version) {
                    let other = &observations.subjects[subject].versions[other].id;
                    let reason =
                        format!("claim {name} is true here, and {other}, which contradicts it, on line {first}");
                    return Err(fault(
                        reason,
                        "of claims that contradict each other one is true; correct one of the lines",
                    ));
                }
            }
        }
    }
    if rows == 0 {
        return Err(ReliabilityError::Table {
            path: path.into(),
            reason: "no outcomes".into(),
            hint: "below the line claim,outcome there is one outcome a line; or leave --outcomes out".into(),
        });
    }
    for ((subject, version), (outcome, _)) in told {
        set(&mut outcomes, observations, prepared, (subject, version), outcome, right.contains_key(&subject));
    }
    Ok(outcomes)
}

fn set(
    outcomes: &mut Outcomes,
    observations: &Observations,
    prepared: &Prepared,
    (subject, version): (usize, usize),
    outcome: bool,
    settled: bool,
) {
    let subject = &observations.subjects[subject];
    let claims = &prepared.claims;
    // What is only held possible is no claim that could be right or wrong.
    let Some(object) = claims.objects.get_index_of(&subject.id) else {
        return;
    };
    let this = &subject.versions[version];
    if outcome {
        outcomes.set(claims, &subject.id, &this.id);
    } else if !settled {
        match subject.versions.as_slice() {
            [a, b] if a.negative != b.negative => {
                outcomes.set(claims, &subject.id, if version == 0 { &b.id } else { &a.id });
            }
            _ => {
                let value = claims.values_of(object).find(|v| claims.text_of(*v) == this.id);
                value.into_iter().for_each(|v| outcomes.rule_out(v));
            }
        }
    }
}

/// Claims by id, and by article and sentence.
fn places(observations: &Observations) -> HashMap<String, Vec<(usize, usize)>> {
    let mut places: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
    for (s, subject) in observations.subjects.iter().enumerate() {
        for (v, version) in subject.versions.iter().enumerate() {
            places.entry(version.id.clone()).or_default().push((s, v));
            for i in &version.statements {
                let statement = &observations.statements[*i];
                let key = format!("{}#{}", observations.articles[statement.article].id, statement.sentence);
                let found = places.entry(key).or_default();
                if !found.contains(&(s, v)) {
                    found.push((s, v));
                }
            }
        }
    }
    places
}
