//! Statements as claims of the reliability model.

use super::{Observations, Stance};
use crate::label::SourceKind;
use crate::reliability::{Claims, ClaimsBuilder, Context, Ratings};
use std::collections::{HashMap, HashSet};

/// Claims, and what is known beside them.
#[derive(Debug)]
pub struct Prepared {
    /// The claims: a source, a subject, and the version that it holds to be true.
    pub claims: Claims,
    /// Copies, later reports and ratings.
    pub context: Context,
    /// For each claim its statements, the counted ones.
    pub statements: Vec<Vec<usize>>,
}

impl Observations {
    /// Makes claims of all statements that assert or deny. `ratings` go by a source's name.
    pub fn claims(&self, ratings: &Ratings) -> Prepared {
        let mut builder = ClaimsBuilder::default();
        let mut counted = Vec::new();
        for subject in &self.subjects {
            for version in &subject.versions {
                for &i in version.statements.iter().filter(|i| self.statements[**i].stance != Stance::Hedge) {
                    let (source, kind) = self.source(i);
                    let date = self.articles[self.statements[i].article].date.as_deref();
                    builder.add(&source, &subject.id, &version.id, date, Some(kind.name()));
                    counted.push((i, source, subject.id.as_str(), version.id.as_str()));
                }
            }
        }
        let claims = builder.build();
        let mut of: HashMap<(u32, u32), Vec<usize>> = HashMap::new();
        for (i, source, subject, version) in counted {
            let source = claims.sources.get_index_of(&source);
            let value = claims
                .objects
                .get_index_of(subject)
                .and_then(|object| claims.values_of(object).find(|v| claims.text_of(*v) == version));
            if let (Some(source), Some(value)) = (source, value) {
                of.entry((source as u32, value as u32)).or_default().push(i);
            }
        }
        let statements: Vec<Vec<usize>> =
            (0..claims.len()).map(|c| of.remove(&(claims.source[c], claims.value[c])).unwrap_or_default()).collect();
        let mut context = Context {
            pooled: SourceKind::ALL.into_iter().filter(|k| k.pooled()).map(|k| k.name().to_owned()).collect(),
            ..Context::default()
        };
        for (s, name) in claims.sources.iter().enumerate() {
            let id = self.speakers.get(name).map_or(name.as_str(), |speaker| speaker.name.as_str());
            if let (Some(rating), true) = (ratings.of(id).or_else(|| ratings.of(name)), !claims.claims_by(s).is_empty())
            {
                context.ratings.set(name, rating);
            }
        }
        for subject in 0..claims.objects.len() {
            self.relate(&claims, subject, &statements, &mut context);
        }
        Prepared { claims, context, statements }
    }

    /// The name of a statement's source among the claims: its id. Sources that are nobody in
    /// particular are another one in each text.
    fn source(&self, statement: usize) -> (String, SourceKind) {
        let s = &self.statements[statement];
        let speaker = &self.speakers[s.speaker];
        match speaker.kind.pooled() {
            true => (format!("{}@{}", speaker.id, self.articles[s.article].text), speaker.kind),
            false => (speaker.id.clone(), speaker.kind),
        }
    }

    /// Finds, on one subject, which claims are one vote and which were later stated as fact.
    fn relate(&self, claims: &Claims, subject: usize, statements: &[Vec<usize>], context: &mut Context) {
        let on: Vec<usize> = claims.claims_on(subject).collect();
        let mut copied = HashSet::new();
        for (n, a) in on.iter().enumerate() {
            for b in &on[n + 1..] {
                if claims.value[*a] == claims.value[*b] && self.one_vote(&statements[*a], &statements[*b]) {
                    copied.insert((*a as u32, *b as u32));
                }
            }
        }
        for a in &on {
            let Some(first) = self.first_date(&statements[*a]) else { continue };
            let mut said = (false, false);
            for b in on.iter().filter(|b| *b != a && !self.connected(&statements[*a], &statements[**b])) {
                let later = |i: &&usize| {
                    let s = &self.statements[**i];
                    s.own_voice && self.articles[s.article].date.as_deref().is_some_and(|d| d > first)
                };
                if statements[*b].iter().any(|i| later(&i)) {
                    match claims.value[*a] == claims.value[*b] {
                        true => said.0 = true,
                        false => said.1 = true,
                    }
                }
            }
            if said.0 != said.1 {
                context.stated.insert(*a as u32, said.0);
            }
        }
        let mut copied: Vec<(u32, u32)> = copied.into_iter().collect();
        copied.sort_unstable();
        context.copied.extend(copied);
    }

    /// Two claims are one vote when every statement of either comes from one text or agency
    /// with one of the other: what outlets say in their own voice, or an outlet and the
    /// source that it quotes for it.
    fn one_vote(&self, a: &[usize], b: &[usize]) -> bool {
        let both = |i: &usize, j: &usize| self.joined(*i, *j);
        let covered = |a: &[usize], b: &[usize]| !a.is_empty() && a.iter().all(|i| b.iter().any(|j| both(i, j)));
        covered(a, b) || covered(b, a)
    }

    fn connected(&self, a: &[usize], b: &[usize]) -> bool {
        a.iter().any(|i| b.iter().any(|j| self.one_voice(self.statements[*i].article, self.statements[*j].article)))
    }

    fn joined(&self, i: usize, j: usize) -> bool {
        let (a, b) = (&self.statements[i], &self.statements[j]);
        let own = a.own_voice || b.own_voice;
        let same_words = a.own_voice && b.own_voice && a.words.length >= 8 && a.text == b.text;
        own && (self.one_voice(a.article, b.article) || same_words)
    }

    fn first_date(&self, statements: &[usize]) -> Option<&str> {
        statements.iter().filter_map(|i| self.articles[self.statements[*i].article].date.as_deref()).min()
    }
}
