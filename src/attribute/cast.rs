//! Whom a mention means: the sources of an article, and the choice among them.

use super::entity::{Known, Seen, initials};
use super::grammar;
use super::lexicon::{self, Gender};
use super::mention::{Form, Mention};
use crate::label::SourceKind;
use std::ops::Range;

/// The sources of an article.
#[derive(Debug, Default)]
pub(super) struct Cast {
    pub(super) all: Vec<Known>,
}

/// How many sources a mention is compared with, the latest: time must not grow with the square of
/// the length of an article. None that is written has as many.
const MOST: usize = 2000;
/// How many sentences back a pronoun reaches.
const PRONOUN: usize = 4;
/// How many sentences back a noun reaches that says only what sort of source it is.
const NOUN: usize = 6;

impl Cast {
    /// Makes known a full name before the article is gone through in order, so that a short
    /// form can be told from it.
    pub(super) fn announce(&mut self, mention: &Mention) -> usize {
        match self.position(|known| known.named && same_full(known, mention)) {
            Some(at) => {
                self.all[at].learn(mention);
                at
            }
            None => self.add(mention),
        }
    }

    /// The sources that a mention may mean.
    pub(super) fn recent(&self) -> Range<usize> {
        self.all.len().saturating_sub(MOST)..self.all.len()
    }

    fn position(&self, fits: impl Fn(&Known) -> bool) -> Option<usize> {
        self.recent().find(|&at| fits(&self.all[at]))
    }

    fn add(&mut self, mention: &Mention) -> usize {
        self.all.push(Known::new(mention));
        self.all.len() - 1
    }

    /// Notes that a source is spoken of at a place.
    pub(super) fn see(&mut self, at: usize, seen: Seen) {
        self.all[at].spoke |= seen.speaks;
        let all = &mut self.all[at].seen;
        let place = all.partition_point(|other| other.at <= seen.at);
        all.insert(place, seen);
    }

    /// Whom a mention at `here` means; makes a new source of a name or noun phrase that
    /// fits none. `None` for a pronoun that points to nobody known.
    pub(super) fn find(&mut self, mention: &Mention, here: &Seen) -> Option<usize> {
        match mention.form {
            Form::Name => Some(self.named(mention, here)),
            Form::Person(gender) => {
                let fits = |known: &Known| known.person() && known.may_be(gender) && !known.town() && !known.thing();
                let found = self.best(here, PRONOUN, fits, gender)?;
                self.all[found].gender = self.all[found].gender.or(gender);
                Some(found)
            }
            Form::It => self.best(here, PRONOUN, Known::body, None),
            Form::They => {
                let many = |known: &Known| known.plural || matches!(known.kind, Some(SourceKind::Collective));
                self.best(here, PRONOUN, many, None).or_else(|| self.best(here, PRONOUN, Known::body, None))
            }
            Form::Nominal => Some(self.nominal(mention, here).unwrap_or_else(|| self.unnamed(mention))),
            Form::Unnamed => Some(self.unnamed(mention)),
            Form::Speaker | Form::Relative => None,
        }
    }

    fn unnamed(&mut self, mention: &Mention) -> usize {
        let same = |known: &Known| !known.named && known.words == mention.words;
        match self.position(same) {
            Some(at) => at,
            None => self.add(mention),
        }
    }

    fn named(&mut self, mention: &Mention, here: &Seen) -> usize {
        if let Some(at) = self.position(|known| known.named && same_full(known, mention)) {
            self.all[at].learn(mention);
            return at;
        }
        let fits = |known: &&Known| known.named && known.may_be(mention.gender) && kinds_fit(known, mention);
        let short = |known: &Known| short_form(known, mention);
        let rank = |at: usize| {
            let known = &self.all[at];
            let before = known.before(here.at).take(MOST).count();
            let last = known.last(here.at).map_or(0, |seen| seen.at + 1);
            (short(known), before > 0, before, last)
        };
        let found =
            self.recent().filter(|&at| fits(&&self.all[at]) && short(&self.all[at]) > 0).max_by_key(|&at| rank(at));
        match found {
            Some(at) => {
                self.all[at].learn(mention);
                at
            }
            None => self.add(mention),
        }
    }

    /// The source that fits best, by distance, by whether it spoke, and by its place there.
    fn best(&self, here: &Seen, reach: usize, fits: impl Fn(&Known) -> bool, gender: Option<Gender>) -> Option<usize> {
        let score = |known: &Known| -> Option<i64> {
            let near = known.before(here.at).take_while(|seen| seen.sentence + reach >= here.sentence);
            let best = near
                .map(|seen| {
                    let distance = (here.sentence - seen.sentence.min(here.sentence)) as i64;
                    30 * i64::from(seen.speaks) + 15 * i64::from(seen.subject)
                        - 14 * distance
                        - 12 * i64::from(seen.said && !here.said && !seen.speaks)
                })
                .max()?;
            let sure = gender.is_some() && known.gender == gender;
            Some(best + 8 * i64::from(sure) + 4 * i64::from(known.named))
        };
        self.recent()
            .filter(|&at| fits(&self.all[at]))
            .filter_map(|at| Some((score(&self.all[at])?, self.all[at].last(here.at)?.at, at)))
            .max()
            .map(|(_, _, at)| at)
    }

    /// Whom a noun such as "the newspaper" means.
    fn nominal(&self, mention: &Mention, here: &Seen) -> Option<usize> {
        let role = mention.roles.last()?;
        let kind = mention.kind;
        let fits = |known: &Known| {
            known.may_be(mention.gender)
                && !known.plural
                && (kind == Some(SourceKind::Anonymous)) == known.person()
                && known.last(here.at).is_some()
        };
        let nearest = |called: &dyn Fn(&Known) -> bool, reach: usize| {
            let near = |at: &usize| {
                let known = &self.all[*at];
                let last = known.last(here.at);
                fits(known) && called(known) && last.is_some_and(|seen| seen.sentence + reach >= here.sentence)
            };
            self.recent().filter(near).max_by_key(|&at| {
                let known = &self.all[at];
                (known.named, known.last(here.at).map(|seen| seen.at))
            })
        };
        let noun = lexicon::noun(role)?;
        // "The finance minister" is no "prime minister".
        let other = |known: &Known| {
            let field = |words: &[String]| words.len().checked_sub(2).and_then(|at| grammar::field(&words[at]));
            let (mine, its) = (field(&mention.words), field(&known.words));
            !known.named && mine.is_some() && its.is_some() && mine != its
        };
        if let Some(found) = nearest(&|known| known.called(role) && !other(known), usize::MAX / 2) {
            return Some(found);
        }
        let named = |known: &Known| known.named && known.kind == kind;
        match noun.kind {
            SourceKind::Outlet => nearest(&named, NOUN),
            SourceKind::Organisation => nearest(&|known| named(known) && !other_body(known), 3),
            SourceKind::Document if !mention.name.contains(' ') => nearest(&named, 3),
            SourceKind::Person | SourceKind::Anonymous if !mention.name.contains(' ') || noun.generic => {
                let spoke = |known: &Known| known.last(here.at).is_some_and(|seen| seen.speaks);
                nearest(&|known| known.named && spoke(known) && (noun.generic || known.roles.is_empty()), 2)
            }
            _ => None,
        }
    }
}

/// Whether a body's name says what it is, so that another noun cannot mean it.
fn other_body(known: &Known) -> bool {
    known.words.iter().any(|word| lexicon::noun(word).is_some_and(|noun| noun.kind == SourceKind::Organisation))
}

fn kinds_fit(known: &Known, mention: &Mention) -> bool {
    let person = |kind: Option<SourceKind>| kind.is_none_or(|kind| kind == SourceKind::Person);
    match (known.kind, mention.kind) {
        (Some(SourceKind::Collective), other) | (other, Some(SourceKind::Collective)) => {
            other == Some(SourceKind::Collective)
        }
        (None, _) | (_, None) => true,
        (mine, other) => person(mine) == person(other),
    }
}

/// The same name, or the same but for initials and middle names.
fn same_full(known: &Known, mention: &Mention) -> bool {
    let (a, b) = (&known.words, &mention.words);
    if a == b {
        // "Mr. Clinton" and "Mrs. Clinton" are two.
        return known.may_be(mention.gender) || a.len() > 1;
    }
    if a.len() < 2 || b.len() < 2 || !kinds_fit(known, mention) {
        return false;
    }
    let person = known.person() && !mention.plural && matches!(mention.kind, None | Some(SourceKind::Person));
    if person {
        let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
        let middle = short.first() == long.first() && short.last() == long.last();
        let prefix = short.len() >= 3 && a.len() == b.len() && a[..a.len() - 1] == b[..b.len() - 1];
        return middle && short.len() < long.len()
            || prefix
            || short.len() >= 2 && long.starts_with(short) && short.len() < long.len() && long.len() == 3;
    }
    false
}

/// How well a mention is a short form of a known name; 0 for not at all.
fn short_form(known: &Known, mention: &Mention) -> u8 {
    let (long, short) = (&known.words, &mention.words);
    if let [word] = &short[..]
        && (known.acronyms.contains(word)
            || (mention.name.chars().all(|c| c.is_uppercase() || c == '.')
                && word.len() > 1
                && long.len() > 1
                && initials(long) == *word))
    {
        return 4;
    }
    let person = known.person() && matches!(mention.kind, None | Some(SourceKind::Person));
    if long.len() <= short.len() {
        return 0;
    }
    let state = ["republic", "kingdom", "state", "government"].contains(&long[0].as_str());
    if state && long.ends_with(short) && long.len() == short.len() + 2 {
        return 3;
    }
    if long.ends_with(short) {
        // "Affairs" is no short form of a ministry.
        return if person { 3 } else { u8::from(short.len() > 1 || known.kind == Some(SourceKind::Outlet)) * 2 };
    }
    // "Aldmoor" is a place, and no short form of the "Aldmoor Herald".
    let paper = known.kind == Some(SourceKind::Outlet) && long.last().is_some_and(|word| lexicon::outlet_word(word));
    let place = known.kind == Some(SourceKind::Government) || paper;
    // "Orla" is no short form of "Orla Aid" where it is a state.
    let country = mention.kind == Some(SourceKind::Government) && known.kind != mention.kind;
    match long.starts_with(short) {
        true if country || place || (known.kind == Some(SourceKind::Person) && short.len() > 1) => 0,
        true => 1 + u8::from(person),
        false => 0,
    }
}
