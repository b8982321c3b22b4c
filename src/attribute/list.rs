//! The sources of labelled rows, each with its claims.

use crate::label::{Attribution, Entity, LabelledSentence, SourceKind};
use std::collections::HashMap;

/// One claim, where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The article's id.
    pub article: String,
    /// Number of the sentence in it.
    pub sentence: usize,
    /// The sentence's label.
    pub label: String,
    /// Who is said to say it, in the text's words.
    pub words: Option<String>,
    /// The words that attribute.
    pub cue: Option<String>,
    /// Names of those through whom it is said.
    pub via: Vec<String>,
    /// The sentence.
    pub text: String,
}

/// A source and what it is said to say. Sources that are not one individual are pooled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The source; `None` for claims whose source is not known.
    pub entity: Option<Entity>,
    /// Its claims, in the order of the rows.
    pub claims: Vec<Listed>,
    /// Number of articles with a claim of it.
    pub articles: usize,
}

/// Collects the sources of rows.
#[derive(Debug, Default)]
pub struct SourceList {
    sources: Vec<Source>,
    places: HashMap<String, usize>,
}

impl SourceList {
    /// Adds the claims of a row. A source that says several things in one sentence by one
    /// cue makes one claim.
    pub fn add(&mut self, row: &LabelledSentence) {
        let mut seen = Vec::new();
        for found in &row.attributions {
            let id = found.entity.as_ref().map(|entity| entity.id.as_str());
            let place = found.cue.as_ref().or(found.source.as_ref()).map(|cue| (cue.start, cue.end));
            if !seen.contains(&(id, place)) {
                seen.push((id, place));
                self.claim(row, found);
            }
        }
    }

    fn claim(&mut self, row: &LabelledSentence, found: &Attribution) {
        let pooled = |kind: SourceKind| Entity { id: kind.name().into(), name: format!("{kind} sources"), kind };
        let entity = found.entity.clone().map(|entity| if entity.kind.pooled() { pooled(entity.kind) } else { entity });
        // An id has no space, so that this key is nobody's.
        let key =
            entity.as_ref().map_or_else(|| " ".to_owned(), |entity| format!("{} {}", entity.kind.pooled(), entity.id));
        let next = self.sources.len();
        let at = *self.places.entry(key).or_insert(next);
        if at == next {
            self.sources.push(Source { entity: entity.clone(), claims: Vec::new(), articles: 0 });
        }
        let source = &mut self.sources[at];
        // The fuller of two names that have one id.
        if let (Some(known), Some(entity)) = (&mut source.entity, entity)
            && known.name.len() < entity.name.len()
        {
            known.name = entity.name;
        }
        if source.claims.last().is_none_or(|last| last.article != row.article) {
            source.articles += usize::from(source.claims.iter().all(|claim| claim.article != row.article));
        }
        source.claims.push(Listed {
            article: row.article.clone(),
            sentence: row.sentence,
            label: row.label.clone(),
            words: found.source.as_ref().map(|span| span.text.clone()),
            cue: found.cue.as_ref().map(|span| span.text.clone()),
            via: found.via.iter().map(|entity| entity.name.clone()).collect(),
            text: row.text.clone(),
        });
    }

    /// The sources: those with most claims first, of equals by name; claims without a known
    /// source last.
    pub fn sorted(mut self) -> Vec<Source> {
        self.sources.sort_by(|a, b| {
            let name = |source: &Source| source.entity.as_ref().map(|entity| entity.name.to_lowercase());
            let unknown = |source: &Source| source.entity.is_none();
            unknown(a).cmp(&unknown(b)).then(b.claims.len().cmp(&a.claims.len())).then(name(a).cmp(&name(b)))
        });
        self.sources
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Span;
    use crate::label::TextSpan;

    fn row(article: &str, sentence: usize, names: &[(&str, SourceKind)]) -> LabelledSentence {
        let attribution = |(at, (name, kind)): (usize, &(&str, SourceKind))| Attribution {
            cue: Some(TextSpan::new("said said said", Span::new(5 * at, 5 * at + 4))),
            entity: Some(Entity { id: name.to_lowercase(), name: (*name).into(), kind: *kind }),
            ..Attribution::default()
        };
        LabelledSentence {
            article: article.into(),
            outlet: None,
            date: None,
            sentence,
            start: 0,
            end: 4,
            text: "Text".into(),
            label: "allegation".into(),
            confidence: 1.0,
            probabilities: vec![],
            attributions: names.iter().enumerate().map(attribution).collect(),
        }
    }

    #[test]
    fn most_claims_first_and_pools_are_one() {
        use SourceKind::{Anonymous, Person};
        let mut list = SourceList::default();
        list.add(&row("a", 0, &[("Bo", Person), ("officials", Anonymous)]));
        list.add(&row("a", 1, &[("Ann", Person), ("witnesses", Anonymous)]));
        list.add(&row("b", 0, &[("Ann", Person), ("Anonymous", Person)]));
        let mut unknown = row("b", 1, &[("x", Person)]);
        unknown.attributions[0].entity = None;
        (0..4).for_each(|_| list.add(&unknown));
        let found = list.sorted();
        let shown: Vec<(Option<&str>, usize, usize)> =
            found.iter().map(|s| (s.entity.as_ref().map(|e| e.name.as_str()), s.claims.len(), s.articles)).collect();
        assert_eq!(
            shown,
            [
                (Some("Ann"), 2, 2),
                (Some("anonymous sources"), 2, 1),
                (Some("Anonymous"), 1, 1),
                (Some("Bo"), 1, 1),
                (None, 4, 1)
            ]
        );
    }

    #[test]
    fn one_cue_is_one_claim() {
        let mut list = SourceList::default();
        let mut twice = row("a", 0, &[("Ann", SourceKind::Person)]);
        twice.attributions.push(twice.attributions[0].clone());
        list.add(&twice);
        assert_eq!(list.sorted()[0].claims.len(), 1);
    }
}
