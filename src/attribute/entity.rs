//! The sources of one article, put together from the ways in which it speaks of them.

use super::lexicon::{self, Gender};
use super::mention::Mention;
use super::name::normalised_id;
use crate::label::{Entity, SourceKind};

/// One place where a source is spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// First byte.
    pub(super) at: usize,
    /// One past the last byte.
    pub(super) end: usize,
    /// Number of the sentence.
    pub(super) sentence: usize,
    /// Whether it says something there.
    pub(super) speaks: bool,
    /// Whether it stands at the head of its sentence.
    pub(super) subject: bool,
    /// Whether it stands within what somebody says.
    pub(super) said: bool,
}

/// A source as far as the article has been read.
#[derive(Clone, Debug)]
pub(super) struct Known {
    /// The fullest name, or the noun phrase.
    pub(super) name: String,
    /// Its words as they are compared.
    pub(super) words: Vec<String>,
    pub(super) named: bool,
    pub(super) kind: Option<SourceKind>,
    pub(super) gender: Option<Gender>,
    pub(super) plural: bool,
    pub(super) roles: Vec<String>,
    pub(super) acronyms: Vec<String>,
    /// Whether something is said to be in it.
    pub(super) place: bool,
    /// Whether it has said something yet.
    pub(super) spoke: bool,
    pub(super) seen: Vec<Seen>,
}

impl Known {
    pub(super) fn new(mention: &Mention) -> Self {
        Self {
            name: mention.name.split_whitespace().collect::<Vec<_>>().join(" "),
            words: mention.words.clone(),
            named: mention.named(),
            kind: mention.kind,
            gender: mention.gender,
            plural: mention.plural,
            roles: mention.roles.clone(),
            acronyms: Vec::new(),
            place: mention.place,
            spoke: false,
            seen: Vec::new(),
        }
    }

    /// Adds what a further mention says.
    pub(super) fn learn(&mut self, mention: &Mention) {
        if mention.named() && mention.words.len() > self.words.len() {
            let fuller = Self::new(mention);
            (self.name, self.words) = (fuller.name, fuller.words);
        }
        let guess = matches!(self.kind, None | Some(SourceKind::Person));
        if guess && mention.kind.is_some() && mention.named() {
            self.kind = mention.kind;
        }
        self.gender = self.gender.or(mention.gender);
        self.place |= mention.place;
        for role in &mention.roles {
            if !self.roles.contains(role) {
                self.roles.push(role.clone());
            }
        }
    }

    /// Whether it may be one person.
    pub(super) fn person(&self) -> bool {
        !self.plural && matches!(self.kind, None | Some(SourceKind::Person | SourceKind::Anonymous))
    }

    /// Whether it is likely a town, and nobody whom "he" means: a single word after "in" that
    /// has said nothing.
    pub(super) fn town(&self) -> bool {
        self.place && self.kind.is_none() && self.words.len() == 1 && !self.spoke
    }

    /// Whether it is likely no person, and nobody whom "he" means: "proposal", "luxury hotel".
    pub(super) fn thing(&self) -> bool {
        const TRADES: [&str; 8] = ["er", "or", "ist", "ian", "man", "ant", "ent", "ee"];
        let trade = |role: &String| lexicon::noun(role).is_some() || TRADES.iter().any(|end| role.ends_with(end));
        let small = !self.name.contains(char::is_uppercase);
        !self.named && small && !self.roles.iter().any(trade)
    }

    /// Whether it may be called "it".
    pub(super) fn body(&self) -> bool {
        let body = matches!(
            self.kind,
            Some(SourceKind::Organisation | SourceKind::Government | SourceKind::Outlet | SourceKind::Document)
        );
        body && !self.plural
    }

    /// Whether genders do not contradict.
    pub(super) fn may_be(&self, gender: Option<Gender>) -> bool {
        match (self.gender, gender) {
            (Some(mine), Some(other)) => mine == other,
            _ => true,
        }
    }

    /// Whether `role` is, or may stand for, something that the article calls it.
    pub(super) fn called(&self, role: &str) -> bool {
        self.roles.iter().any(|own| lexicon::same(own, role))
            || self.named && self.body() && self.words.iter().any(|word| lexicon::same(word, role))
    }

    /// The places before `at`, the last one first.
    pub(super) fn before(&self, at: usize) -> impl Iterator<Item = &Seen> {
        let begun = self.seen.partition_point(|seen| seen.at <= at);
        self.seen[..begun].iter().rev().filter(move |seen| seen.end <= at)
    }

    /// The last place before `at`.
    pub(super) fn last(&self, at: usize) -> Option<&Seen> {
        self.before(at).next()
    }

    /// The source as rows carry it. A source without a name is a source of this article alone,
    /// unless it is pooled with its kind.
    pub(super) fn entity(&self, article: &str) -> Option<Entity> {
        let kind = match self.kind {
            Some(kind) => kind,
            None if self.plural => SourceKind::Collective,
            None if self.named => SourceKind::Person,
            None => SourceKind::Anonymous,
        };
        let mut id = normalised_id(&self.name);
        if id.is_empty() {
            return None;
        }
        if !self.named && !kind.pooled() {
            id = format!("{id}@{article}");
        }
        Some(Entity { id, name: self.name.clone(), kind })
    }
}

/// The first letters of a name's words; small words are left out.
pub(super) fn initials(words: &[String]) -> String {
    let small = ["of", "the", "and", "for", "on", "in", "to", "a"];
    words.iter().filter(|word| !small.contains(&word.as_str())).filter_map(|word| word.chars().next()).collect()
}
