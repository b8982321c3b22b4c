//! From labelled articles to claims: who says what of which thing, across articles.
//!
//! An attribution with content is a claim of its source. A `fact` sentence without one is a
//! claim of the outlet in its own voice; of all others an outlet vouches only that it was
//! said. Statements are put together by what they are about (module `cluster`), and judged by
//! [`crate::reliability`].

mod claims;
mod cluster;
mod cues;
mod html;
mod outcomes;
mod report;
mod reprint;
mod speaker;
mod words;

pub use claims::Prepared;
pub use cluster::ALIKE;
pub use cues::Stance;
pub use html::page;
pub use outcomes::read_outcomes;
pub use report::{ClaimReport, CopyReport, Report, Said, SourceReport};
pub use speaker::Speaker;

use crate::attribute::{Aliases, without_dateline};
use crate::label::LabelledSentence;
use indexmap::IndexMap;
use std::collections::HashSet;
use words::Words;

/// An article, as far as its claims need it.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The article's id.
    pub id: String,
    /// Number of the outlet in [`Observations::speakers`].
    pub outlet: usize,
    /// When it was published, as it was given.
    pub date: Option<String>,
    /// Articles of one number are one text.
    pub text: usize,
    /// The agency that it comes from.
    pub agency: Option<String>,
}

/// One thing that one source says at one place.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Number of the article in [`Observations::articles`].
    pub article: usize,
    /// Number of the sentence in the article.
    pub sentence: usize,
    /// Number of the source in [`Observations::speakers`].
    pub speaker: usize,
    /// What is said.
    pub text: String,
    /// What the source does with it.
    pub stance: Stance,
    /// Whether the outlet says it in its own voice.
    pub own_voice: bool,
    /// Through whom it is said, the nearest first.
    pub via: Vec<String>,
    /// Whether it comes to a "not".
    pub negative: bool,
    words: Words,
}

/// One of the things that can be true of a subject: a claim that one can agree with.
#[derive(Clone, Debug)]
pub struct Version {
    /// `ARTICLE:SENTENCE` of the first statement, with a letter when that is taken.
    pub id: String,
    /// Statements, as numbers in [`Observations::statements`].
    pub statements: Vec<usize>,
    /// Whether it says "not" where others do not.
    pub negative: bool,
}

/// What some statements are about, with all that is said of it.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The id of its first version.
    pub id: String,
    /// The claims, of which at most one is true.
    pub versions: Vec<Version>,
    /// Statements that name no number where others name several.
    pub unspecific: Vec<usize>,
}

/// All that labelled articles say.
#[derive(Debug, Default)]
pub struct Observations {
    /// The articles in the order in which they came.
    pub articles: Vec<Origin>,
    /// The sources by id.
    pub speakers: IndexMap<String, Speaker>,
    /// The statements in order.
    pub statements: Vec<Statement>,
    /// The subjects, by their first statement.
    pub subjects: Vec<Subject>,
    /// Rows that came twice and count once.
    pub repeated: usize,
    /// Attributions that name no source, or whose content is no claim.
    pub without_claim: usize,
}

impl Observations {
    /// Reads what rows say. Rows of one article belong together wherever they stand.
    pub fn new(rows: Vec<LabelledSentence>, aliases: &Aliases) -> Self {
        let mut articles: IndexMap<String, Vec<LabelledSentence>> = IndexMap::new();
        let mut seen = HashSet::new();
        let mut new = Self::default();
        for row in rows {
            if seen.insert((row.article.clone(), row.sentence)) {
                articles.entry(row.article.clone()).or_default().push(row);
            } else {
                new.repeated += 1;
            }
        }
        for rows in articles.values_mut() {
            rows.sort_by_key(|r| r.sentence);
        }
        let texts: Vec<String> =
            articles.values().map(|rows| rows.iter().map(|r| r.text.as_str()).collect::<Vec<_>>().join(" ")).collect();
        let words: Vec<Words> = texts.iter().map(|text| Words::of(text)).collect();
        let groups = reprint::groups(&texts);
        for ((id, rows), text) in articles.iter().zip(groups) {
            new.article(id, rows, text, aliases);
        }
        new.put_together(&words);
        new
    }

    fn article(&mut self, id: &str, rows: &[LabelledSentence], text: usize, aliases: &Aliases) {
        let ends = rows.first().zip(rows.last());
        let agency = ends.and_then(|(first, last)| reprint::credit(&first.text, &last.text));
        let outlet = match rows.iter().find_map(|r| r.outlet.as_deref()) {
            Some(name) => Speaker::outlet(name, aliases),
            None => Speaker::unnamed_outlet(id),
        };
        let outlet = self.speaker(outlet);
        let article = self.articles.len();
        let date = rows.iter().find_map(|r| r.date.clone());
        self.articles.push(Origin { id: id.to_owned(), outlet, date, text, agency });
        for row in rows {
            self.row(row, article, outlet, aliases);
        }
    }

    fn row(&mut self, row: &LabelledSentence, article: usize, outlet: usize, aliases: &Aliases) {
        for attribution in &row.attributions {
            let content = attribution.content.as_ref().map_or("", |c| c.text.as_str());
            let words = Words::of(content);
            let cue = attribution.cue.as_ref().map(|c| c.text.as_str());
            let speaker = Speaker::of(attribution, aliases);
            let stance = cues::of_cue(cue, content, &words);
            let (Some(speaker), Some(stance), true) = (speaker, stance, words.terms.len() >= LEAST_TERMS) else {
                self.without_claim += 1;
                continue;
            };
            let speaker = self.speaker(speaker);
            self.statements.push(Statement {
                article,
                sentence: row.sentence,
                speaker,
                text: content.to_owned(),
                stance,
                own_voice: false,
                via: attribution.via.iter().map(|e| e.name.clone()).collect(),
                negative: words.negated ^ (stance == Stance::Deny),
                words,
            });
        }
        let attributed = row.attributions.iter().any(|a| a.source.is_some() || a.entity.is_some() || a.cue.is_some());
        if row.label == "fact" && !attributed {
            let text = without_dateline(&row.text);
            let words = Words::of(text);
            if words.terms.len() >= LEAST_TERMS {
                self.statements.push(Statement {
                    article,
                    sentence: row.sentence,
                    speaker: outlet,
                    text: text.to_owned(),
                    stance: if words.hedged { Stance::Hedge } else { Stance::Assert },
                    own_voice: true,
                    via: Vec::new(),
                    negative: words.negated,
                    words,
                });
            }
        }
    }

    fn speaker(&mut self, speaker: Speaker) -> usize {
        let entry = self.speakers.entry(speaker.id.clone());
        let at = entry.index();
        entry.or_insert(speaker);
        at
    }

    /// Finds the subjects and their versions.
    fn put_together(&mut self, articles: &[Words]) {
        let words: Vec<Words> = self.statements.iter().map(|s| s.words.clone()).collect();
        let mut taken = HashSet::new();
        let article: Vec<usize> = self.statements.iter().map(|s| s.article).collect();
        for members in cluster::clusters(&words, &article, articles) {
            let versions = cluster::versions(&members, &words, |i| self.statements[i].negative);
            let put: HashSet<usize> = versions.iter().flat_map(|v| v.members.iter().copied()).collect();
            let versions: Vec<Version> = versions
                .into_iter()
                .map(|v| Version { id: self.id(v.members[0], &mut taken), statements: v.members, negative: v.negative })
                .collect();
            let unspecific = members.into_iter().filter(|i| !put.contains(i)).collect();
            self.subjects.push(Subject { id: versions[0].id.clone(), versions, unspecific });
        }
    }

    fn id(&self, statement: usize, taken: &mut HashSet<String>) -> String {
        let s = &self.statements[statement];
        let plain = format!("{}:{}", self.articles[s.article].id, s.sentence);
        let lettered = ('b'..='z').map(|letter| format!("{plain}{letter}"));
        let free = std::iter::once(plain.clone()).chain(lettered).find(|id| !taken.contains(id));
        let id = free.unwrap_or_else(|| format!("{plain}-{statement}"));
        taken.insert(id.clone());
        id
    }

    /// Whether what two articles say in their own voice is one voice: one text, or one agency.
    pub fn one_voice(&self, a: usize, b: usize) -> bool {
        let agency = |i: usize| {
            let article = &self.articles[i];
            article.agency.clone().unwrap_or_else(|| reprint::agency(&self.speakers[article.outlet].name))
        };
        let (a_text, b_text) = (self.articles[a].text, self.articles[b].text);
        let (credit_a, credit_b) = (&self.articles[a].agency, &self.articles[b].agency);
        // "Meridian Newswire" is the agency that others credit as "Meridian".
        let same_agency = (credit_a.is_some() || credit_b.is_some()) && {
            let (x, y) = (agency(a), agency(b));
            x == y || x.starts_with(&format!("{y} ")) || y.starts_with(&format!("{x} "))
        };
        a_text == b_text || same_agency
    }
}

/// How alike texts are, each with each, 0 to 1.
pub fn likeness(texts: &[&str]) -> Vec<Vec<f32>> {
    let words: Vec<Words> = texts.iter().map(|t| Words::of(t)).collect();
    let likeness = cluster::Likeness::new(&words);
    (0..words.len()).map(|i| (0..words.len()).map(|j| likeness.of(i, j) as f32).collect()).collect()
}

/// Words with a meaning that a claim has at least.
const LEAST_TERMS: usize = 2;

#[cfg(test)]
mod tests;
