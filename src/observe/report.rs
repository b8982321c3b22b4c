//! What is shown of sources and claims: one shape for terminal, JSON and HTML.

use super::{Observations, Prepared, Stance};
use crate::reliability::{Estimate, Outcomes, SourceTrust, credibility};
use indexmap::IndexMap;
use serde::Serialize;

/// All that is shown.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Whether there are outcomes. Without any, sources go by name and none has a grade.
    pub with_outcomes: bool,
    /// Number of articles.
    pub articles: usize,
    /// Number of statements, hedged ones included.
    pub statements: usize,
    /// The sources.
    pub sources: Vec<SourceReport>,
    /// The claims.
    pub claims: Vec<ClaimReport>,
    /// Who has it from whom.
    pub copies: Vec<CopyReport>,
}

/// One source.
#[derive(Debug, Serialize)]
pub struct SourceReport {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What sort of source it is.
    pub kind: &'static str,
    /// Probability that its next claim is right.
    pub trust: f64,
    /// Lower bound of the 90 % interval.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
    /// Claims that an outcome has decided.
    pub confirmed: usize,
    /// Claims that an independent source makes too.
    pub corroborated: usize,
    /// Mean effective number of independent sources that make them too.
    pub independent: f64,
    /// Share of the prior in the posterior.
    pub prior_share: f64,
    /// Admiralty grade, A to E, or F: cannot be judged.
    pub grade: String,
    /// Ids of its claims.
    pub claims: Vec<String>,
}

/// One claim: one version of what is so.
#[derive(Debug, Serialize)]
pub struct ClaimReport {
    /// Its id, for `--outcomes`.
    pub id: String,
    /// The id that it shares with the claims that contradict it.
    pub subject: String,
    /// Its first statement.
    pub text: String,
    /// Whether it denies what others say.
    pub negative: bool,
    /// Probability that it is true; `null` where it is only held possible.
    pub probability: Option<f64>,
    /// Effective number of independent sources.
    pub independent: f64,
    /// Credibility, 1 (confirmed) to 6 (cannot be judged).
    pub credibility: u8,
    /// What turned out.
    pub outcome: Option<bool>,
    /// Who says it where.
    pub said: Vec<Said>,
    /// Statements on the subject that name no number, and so take no side; told once, with
    /// the subject's first claim.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unspecific: Vec<Said>,
}

/// One statement.
#[derive(Debug, Serialize)]
pub struct Said {
    /// Id of the source.
    pub source: String,
    /// Its name.
    pub name: String,
    /// What it does with the claim.
    pub stance: Stance,
    /// Whether the outlet says it in its own voice.
    pub own_voice: bool,
    /// The article.
    pub article: String,
    /// The sentence in the article.
    pub sentence: usize,
    /// Name of the outlet.
    pub outlet: String,
    /// Date as given.
    pub date: Option<String>,
    /// Through whom it is said.
    pub via: Vec<String>,
    /// The words.
    pub text: String,
}

/// Sources or articles that count as one.
#[derive(Debug, Serialize)]
pub struct CopyReport {
    /// Names of the sources.
    pub sources: Vec<String>,
    /// The articles; none when the sources as such are alike.
    pub articles: Vec<String>,
    /// Why.
    pub why: String,
}

impl Report {
    /// Puts together what is shown.
    pub fn new(seen: &Observations, prepared: &Prepared, outcomes: &Outcomes, found: &Estimate) -> Self {
        Self {
            with_outcomes: found.with_outcomes,
            articles: seen.articles.len(),
            statements: seen.statements.len(),
            sources: sources(seen, prepared, found),
            claims: claims(seen, prepared, outcomes, found),
            copies: copies(seen, prepared, found),
        }
    }
}

fn sources(seen: &Observations, prepared: &Prepared, found: &Estimate) -> Vec<SourceReport> {
    let claims = &prepared.claims;
    let mut rows: IndexMap<String, SourceReport> = IndexMap::new();
    for (s, name) in claims.sources.iter().enumerate() {
        let kind = claims.kinds.get_index(claims.source_kind[s] as usize).map_or("", String::as_str);
        // Those who are nobody in particular make one row.
        let pooled = prepared.context.pooled.iter().any(|k| k == kind);
        let (id, shown) = match seen.speakers.get(name) {
            Some(speaker) if !pooled => (speaker.id.clone(), speaker.name.clone()),
            _ => (format!("({kind})"), format!("all {kind} sources")),
        };
        let of = claims.claims_by(s).iter().map(|c| claims.text_of(claims.value[*c as usize] as usize).to_owned());
        let row = rows.entry(id.clone()).or_insert_with(|| row(id, shown, kind, &found.sources[s]));
        row.claims.extend(of);
    }
    let mut rows: Vec<SourceReport> = rows.into_values().collect();
    rows.sort_by(|a, b| {
        let by_trust = b.trust.total_cmp(&a.trust);
        let by_name = a.name.to_lowercase().cmp(&b.name.to_lowercase());
        if found.with_outcomes { by_trust.then(by_name) } else { by_name }
    });
    rows
}

fn row(id: String, name: String, kind: &str, t: &SourceTrust) -> SourceReport {
    let (low, high) = t.interval();
    let kind = crate::label::SourceKind::ALL.into_iter().map(|k| k.name()).find(|k| *k == kind).unwrap_or_default();
    SourceReport {
        id,
        name,
        kind,
        trust: t.trust,
        low,
        high,
        confirmed: t.confirmed,
        corroborated: t.corroborated,
        independent: t.independent,
        prior_share: t.prior_share,
        grade: t.grade.to_string(),
        claims: Vec::new(),
    }
}

fn claims(seen: &Observations, prepared: &Prepared, outcomes: &Outcomes, found: &Estimate) -> Vec<ClaimReport> {
    let claims = &prepared.claims;
    let mut out = Vec::new();
    for subject in &seen.subjects {
        let object = claims.objects.get_index_of(&subject.id);
        for version in &subject.versions {
            let value = object.and_then(|o| claims.values_of(o).find(|v| claims.text_of(*v) == version.id));
            let probability = value.and_then(|v| found.probability.get(v)).copied();
            let independent = value.map_or(0.0, |v| found.independent[v]);
            let outcome = value.and_then(|v| outcomes.judge(claims, &prepared.context.hierarchy, v));
            out.push(ClaimReport {
                id: version.id.clone(),
                subject: subject.id.clone(),
                text: seen.statements[version.statements[0]].text.clone(),
                negative: version.negative,
                probability,
                independent,
                credibility: credibility(probability.unwrap_or(0.5), independent, outcome),
                outcome,
                said: version.statements.iter().map(|i| said(seen, *i)).collect(),
                unspecific: match version.id == subject.id {
                    true => subject.unspecific.iter().map(|i| said(seen, *i)).collect(),
                    false => Vec::new(),
                },
            });
        }
    }
    out
}

fn said(seen: &Observations, statement: usize) -> Said {
    let s = &seen.statements[statement];
    let article = &seen.articles[s.article];
    let speaker = &seen.speakers[s.speaker];
    Said {
        source: if speaker.kind.pooled() { format!("({})", speaker.kind.name()) } else { speaker.id.clone() },
        name: speaker.name.clone(),
        stance: s.stance,
        own_voice: s.own_voice,
        article: article.id.clone(),
        sentence: s.sentence,
        outlet: seen.speakers[article.outlet].name.clone(),
        date: article.date.clone(),
        via: s.via.clone(),
        text: s.text.clone(),
    }
}

fn copies(seen: &Observations, prepared: &Prepared, found: &Estimate) -> Vec<CopyReport> {
    let mut out = Vec::new();
    let mut grouped = vec![false; seen.articles.len()];
    for i in 0..seen.articles.len() {
        if grouped[i] {
            continue;
        }
        let group: Vec<usize> = (i..seen.articles.len()).filter(|j| *j == i || seen.one_voice(i, *j)).collect();
        if group.len() < 2 {
            continue;
        }
        group.iter().for_each(|j| grouped[*j] = true);
        let one_text = group.iter().all(|j| seen.articles[*j].text == seen.articles[i].text);
        let agency = group.iter().find_map(|j| seen.articles[*j].agency.as_deref());
        let mut names: Vec<String> = Vec::new();
        for name in group.iter().map(|j| &seen.speakers[seen.articles[*j].outlet].name) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        out.push(CopyReport {
            sources: names,
            articles: group.iter().map(|j| seen.articles[*j].id.clone()).collect(),
            why: match (one_text, agency) {
                (true, Some(agency)) => format!("one text, credited to {agency}"),
                (true, None) => "one text".into(),
                (false, Some(agency)) => format!("credited to {agency}, or one text with such an article"),
                (false, None) => "one text, or one agency".into(),
            },
        });
    }
    for (a, b, share) in &found.copies {
        let name = |s: u32| {
            let id = prepared.claims.sources.get_index(s as usize).map_or("", String::as_str);
            seen.speakers.get(id).map_or(id, |speaker| speaker.name.as_str()).to_owned()
        };
        out.push(CopyReport {
            sources: vec![name(*a), name(*b)],
            articles: Vec::new(),
            why: format!("they share unlikely claims; about {:.0} % of one's claims are the other's", share * 100.0),
        });
    }
    out
}
