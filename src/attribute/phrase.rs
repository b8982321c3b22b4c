//! The parts of a noun phrase: determiner, names, head.

use super::grammar::{
    ADVERBS, DEFINITE, DETERMINERS, NAMING, PARTICLES, address, adverb, cuts, figures, meets, of_country, participle,
    where_from,
};
use super::kind::noun_at;
use super::lexicon::{self, noun};
use super::words::{Break, Word};
use crate::label::SourceKind;

/// Tells of a capitalised word whether it begins a sentence and stands in lower case elsewhere
/// in the article, so that its capital says nothing.
pub(super) type Common<'c> = dyn Fn(&Word) -> bool + 'c;

/// A noun phrase up to what follows its head.
#[derive(Debug)]
pub(super) struct Phrase<'a, 'b> {
    words: &'b [Word<'a>],
    /// Determiner, in lower case; empty without one.
    determiner: String,
    /// Whether it is one of several: "one of the officials".
    one: bool,
    /// Where the core begins and ends: without determiner, and without what follows the head.
    core: (usize, usize),
    /// Where the name is.
    name: Option<(usize, usize)>,
}

/// Reads the words of one piece; `common` as in [`super::mention::read`].
pub(super) fn read<'a, 'b>(words: &'b [Word<'a>], common: &Common) -> Option<Phrase<'a, 'b>> {
    let mut start = 0;
    let mut determiner = String::new();
    let mut one = false;
    while let Some(word) = words.get(start) {
        let lower = word.lower();
        let number = figures(word);
        let than = lower == "than" && matches!(determiner.as_str(), "more" | "fewer");
        let adverb = ADVERBS.contains(&lower.as_str()) && !(word.capital() && start > 0);
        if DETERMINERS.contains(&lower.as_str()) || (number && words.len() > start + 1) {
            if determiner.is_empty() || number {
                determiner = if number { "many".into() } else { lower };
            }
        } else if !adverb && !than {
            break;
        }
        start += 1;
    }
    // "some", "one", "others" alone.
    if start == words.len() {
        start = words.len().checked_sub(1)?;
        if matches!(
            words[start].lower().as_str(),
            "the" | "a" | "an" | "this" | "that" | "these" | "those" | "no" | "every"
        ) {
            return None;
        }
    }
    // "most of the voters", "one of the officials": what follows counts.
    while words.get(start).is_some_and(|word| word.text == "of") {
        start += 1;
        while words.get(start).is_some_and(|word| DETERMINERS.contains(&word.lower().as_str()) || figures(word)) {
            start += 1;
        }
        if determiner == "one" {
            determiner = "a".into();
            one = true;
        } else if !determiner.is_empty() {
            determiner = "many".into();
        }
    }
    // "one of those called", "some who voted": there is no noun, so the determiner stands for it.
    if start > 0 && no_noun(&words[start - 1], words.get(start), words.get(start + 1)) {
        start -= 1;
    }
    let from = start;
    if let Some(owner) = owner(words, start) {
        start = owner + 1;
        determiner = "his".into();
    }
    // After the last possessive stands the source itself: "Trump's lawyer".
    let end = end_of_core(words, start);
    if let Some(last) = (start..end.saturating_sub(1)).rev().find(|&at| words[at].possessive)
        && !own_body(&words[last..end])
    {
        start = last + 1;
        if start < end {
            determiner = "his".into();
        }
    }
    if start >= words.len() {
        return None;
    }
    let end = end.max(start + 1);
    let mut phrase = Phrase { words, determiner, one, core: (start, end), name: None };
    phrase.name = phrase
        .find_name(common)
        .or_else(|| named_after(words, end, common))
        .or_else(|| two_offices(words, end))
        .or_else(|| phrase.after_office());
    if phrase.name.is_none() && start > from && phrase.head().is_none() {
        phrase.core.0 = from;
    }
    Some(phrase)
}

/// Whether what follows a determiner describes people who have no noun.
fn no_noun(determiner: &Word, next: Option<&Word>, after: Option<&Word>) -> bool {
    const ALONE: [&str; 9] = ["those", "some", "many", "few", "several", "most", "all", "one", "others"];
    let ends = |word: Option<&Word>| word.is_none_or(|word| !word.capital() && cuts(&word.lower()));
    ALONE.contains(&determiner.lower().as_str())
        && next.is_some_and(|next| !next.capital() && (ends(Some(next)) || (participle(next) && ends(after))))
}

/// Where a body ends that owns what follows, and whose name has small words in it: "the Office on
/// Drugs and Crime's envoy".
fn owner(words: &[Word], start: usize) -> Option<usize> {
    let small = |word: &Word| matches!(word.text, "on" | "for" | "of" | "and" | "the" | "in");
    let end = (start..words.len().saturating_sub(1)).rev().find(|&at| words[at].possessive && words[at].capital())?;
    let name = words.get(start..=end)?;
    let whole = name.iter().all(|word| word.capital() || small(word));
    (whole && words[start].capital() && name.iter().any(|word| word.text == "on") && !words[end + 1].capital())
        .then_some(end)
}

/// "O'Malley's campaign": a body that is named after whose it is.
fn own_body(words: &[Word]) -> bool {
    let head = words.last().and_then(|word| noun(&word.lower()));
    let body =
        head.is_some_and(|noun| matches!(noun.kind, SourceKind::Organisation | SourceKind::Government) && !noun.plural);
    body && words[0].capital() && words[1..words.len() - 1].iter().all(|word| !word.capital())
}

/// Where what follows the head begins.
fn end_of_core(words: &[Word], start: usize) -> usize {
    let mut at = start + 1;
    while at < words.len() {
        let lower = words[at].lower();
        if lower == "of" && of_joins(words, start, at) {
            // "Ministry of foreign Affairs": one word in lower case is let pass.
            at += 2;
            continue;
        }
        let on = lower == "on"
            && meets(&words[at - 1].lower())
            && !words.get(at + 1).is_some_and(|word| lexicon::calendar(&word.lower()));
        if (lower == "for" || on)
            && at + 1 < words.len()
            && words[at - 1].capital()
            && organisation(&words[at - 1].lower())
            && words[at + 1].capital()
        {
            at += 2;
            continue;
        }
        // "Health and Human Services", but not "Sanders and his staff".
        if lower == "and" {
            let next = words.get(at + 1);
            if next.is_none_or(|next| !next.capital()) {
                return at;
            }
        }
        if cuts(&lower) && !words[at].capital() {
            return at;
        }
        // "data this week", "officials Monday".
        let week = words.get(at + 1).is_some_and(|next| matches!(next.text, "week" | "month" | "year" | "quarter"));
        let time = (matches!(lower.as_str(), "this" | "last" | "next") && week) || lexicon::calendar(&lower);
        if time && noun(&words[at - 1].lower()).is_some() {
            return at;
        }
        // "officials briefed", "a man arrested", "a photo first shown": a participle after a noun.
        if (participle(&words[at]) || adverb(&words[at])) && noun(&words[at - 1].lower()).is_some() {
            return at;
        }
        at += 1;
    }
    words.len()
}

/// Whether a word in lower case is a noun for a body or document.
pub(super) fn organisation(word: &str) -> bool {
    noun(word).is_some_and(|noun| {
        matches!(
            noun.kind,
            SourceKind::Organisation | SourceKind::Government | SourceKind::Outlet | SourceKind::Document
        )
    })
}

/// Whether "of" is part of a name: "Bank of England", "Secretary of State".
fn of_joins(words: &[Word], start: usize, at: usize) -> bool {
    let Some(next) = words.get(at + 1) else { return false };
    let after = words.get(at + 2);
    let before = &words[at - 1];
    let goes_on = next.capital() || (after.is_some_and(Word::capital) && !DETERMINERS.contains(&next.lower().as_str()));
    let the = next.text == "the" && after.is_some_and(Word::capital);
    let office = ["secretary", "minister", "chief", "director", "speaker"].contains(&before.lower().as_str());
    at > start && before.capital() && (goes_on || the) && (organisation(&before.lower()) || office)
}

/// "a man named Lee".
fn named_after(words: &[Word], end: usize, common: &Common) -> Option<(usize, usize)> {
    let at = (end..words.len()).find(|&at| NAMING.contains(&words[at].lower().as_str()))? + 1;
    let at = if words.get(at).is_some_and(|word| word.text == "as") { at + 1 } else { at };
    let mut last = at;
    while words.get(last).is_some_and(|word| word.capital() && !common(word)) {
        last += 1;
    }
    (last > at).then_some((at, last))
}

/// "former governor and businessman Mitt Romney": a name at the end after two offices.
fn two_offices(words: &[Word], end: usize) -> Option<(usize, usize)> {
    let and = (end..words.len()).find(|&at| words[at].text == "and")?;
    let from = (and..words.len()).rev().find(|&at| !named_word(&words[at]))? + 1;
    (lexicon::person(&words[from - 1].lower()) && from < words.len()).then_some((from, words.len()))
}

impl<'a, 'b> Phrase<'a, 'b> {
    /// The words of the name.
    pub(super) fn name(&self) -> Option<&'b [Word<'a>]> {
        self.name.map(|(start, end)| &self.words[start..end])
    }

    /// Whether it is "the" and a name: "the Proud Boys", "the Met", but not "the Israeli".
    pub(super) fn the_name(&self) -> bool {
        let body = self.name().is_some_and(|name| name.len() > 1 || !of_country(&name[0].lower()));
        body && self.determiner == "the" && self.before_name().is_empty()
    }

    /// Whether it is one of several: "one of the officials".
    pub(super) const fn one(&self) -> bool {
        self.one
    }

    /// The words of the core before the name.
    pub(super) fn before_name(&self) -> &'b [Word<'a>] {
        let (start, end) = self.core;
        match self.name {
            Some((from, _)) if from >= end => &self.words[start..end],
            Some((from, _)) => &self.words[start.min(from)..from],
            None => &[],
        }
    }

    /// The head noun.
    pub(super) fn head(&self) -> Option<&'b Word<'a>> {
        self.words[self.core.0..self.core.1].last()
    }

    /// What the head noun says.
    pub(super) fn head_noun(&self) -> Option<lexicon::Noun> {
        noun_at(self.words, self.core.1.checked_sub(1)?)
    }

    /// The core and a little of what follows it.
    pub(super) fn described(&self) -> &'b [Word<'a>] {
        let end = self.words.len().min(self.core.1 + 6);
        let mut end = if self.words.len() > end { self.core.1 } else { end };
        while end > self.core.1
            && (cuts(&self.words[end - 1].lower()) || DETERMINERS.contains(&self.words[end - 1].text))
        {
            end -= 1;
        }
        &self.words[self.core.0..end]
    }

    /// Whether it points to somebody known.
    pub(super) fn definite(&self) -> bool {
        DEFINITE.contains(&self.determiner.as_str()) || self.determiner.is_empty()
    }

    /// Whether a number or "many" makes it plural.
    pub(super) fn counted(&self) -> bool {
        matches!(
            self.determiner.as_str(),
            "these"
                | "those"
                | "many"
                | "several"
                | "few"
                | "most"
                | "two"
                | "three"
                | "four"
                | "five"
                | "both"
                | "various"
        )
    }

    /// The body for which "a ... spokesman" or "a spokesman for ..." speaks.
    pub(super) fn speaks_for(&self) -> Option<&'b [Word<'a>]> {
        let body = |words: &'b [Word<'a>]| {
            let name: &[Word] = words;
            let last = name.last()?;
            (organisation(&last.lower()) || lexicon::known(&joined(name)).is_some()).then_some(words)
        };
        let (start, end) = self.core;
        let before = &self.words[start..end.saturating_sub(1)];
        if let Some(found) = body(before) {
            return Some(found);
        }
        let rest = &self.words[end..];
        let mut from = usize::from(rest.first().is_some_and(|word| matches!(word.text, "for" | "of")));
        if from == 0 {
            return None;
        }
        while rest.get(from).is_some_and(|word| DETERMINERS.contains(&word.lower().as_str())) {
            from += 1;
        }
        let to = end_of_core(rest, from.min(rest.len()));
        body(rest.get(from..to)?)
    }

    fn find_name(&self, common: &Common) -> Option<(usize, usize)> {
        let (start, end) = self.core;
        let last = self.words.get(end - 1)?;
        let mut from = end;
        while from > start && self.in_name(from - 1, end, common) {
            from -= 1;
        }
        // A name does not begin with a small word, nor with "of".
        while from < end && !named_word(&self.words[from]) {
            from += 1;
        }
        if from == end {
            return self.body_name(common);
        }
        let lower = last.lower();
        let whole = lexicon::known(&joined(&self.words[from..end])).is_some();
        let addressed = end >= start + 2 && address(&self.words[end - 2]);
        let sure = whole || addressed || first_name(&self.words[from..end]);
        if !sure
            && from + 1 == end
            && noun(&lower).is_some_and(|n| {
                !matches!(n.kind, SourceKind::Outlet) && (!last.acronym() || n.kind == SourceKind::Person)
            })
        {
            // One capitalised noun alone: "The President", "Officials", "Congress".
            return (organisation(&lower) && start + 1 < end)
                .then_some((start, end))
                .filter(|_| named_word(&self.words[start]));
        }
        if !sure
            && noun(&lower).is_some_and(|n| !organisation(&lower) && (n.plural || n.kind == SourceKind::Person))
            && !last.acronym()
        {
            // "White House Officials", "the Prime Minister".
            return None;
        }
        if !whole && !organisation(&lower) {
            from = after_titles(self.words, from, end);
        }
        let alone = from + 1 == end;
        if alone && common(&self.words[from]) && lexicon::known(&lower).is_none() {
            return None;
        }
        Some((from, end))
    }

    /// "the mayor of London Sadiq Khan", "chairman of the inquiry Sir John Smith": a name after an office
    /// and what it is of.
    fn after_office(&self) -> Option<(usize, usize)> {
        if !self.head().is_some_and(|head| lexicon::person(&head.lower()))
            || !matches!(self.determiner.as_str(), "the" | "")
            || self.words.get(self.core.1)?.text != "of"
        {
            return None;
        }
        let of = self.core.1 + 1;
        let lower = |word: &&Word| !word.capital() && !cuts(&word.lower()) && word.after == Break::None;
        let from = of + self.words[of..].iter().take_while(lower).count();
        let run = |word: &&Word| named_word(word) || PARTICLES.contains(&word.text);
        let end = from + self.words[from..].iter().take_while(run).count();
        if self.words[..end].last().is_some_and(|word| organisation(&word.lower())) {
            return None;
        }
        let first = |at: usize| lexicon::first_name(&self.words[at].lower()).is_some();
        let place = |at: usize| lexicon::known(&joined(&self.words[from..at])) == Some(SourceKind::Government);
        let title = |at: usize| at > from && lexicon::title(&self.words[at - 1].lower()).is_some();
        // What the office is of is one word at least.
        let least = from + usize::from(self.words[of..from].iter().all(|word| word.text == "the"));
        (least..end.saturating_sub(1)).find(|at| first(*at) || place(*at) || title(*at)).map(|at| (at, end))
    }

    /// "Clinton campaign", "Lisbon police": a name and the noun of a body.
    fn body_name(&self, common: &Common) -> Option<(usize, usize)> {
        let (start, end) = self.core;
        let head = noun(&self.words[end - 1].lower())?;
        let body = matches!(head.kind, SourceKind::Organisation | SourceKind::Government | SourceKind::Outlet);
        if !body || head.plural || end - start < 2 {
            return None;
        }
        let from = (start..end - 1).find(|&at| named_word(&self.words[at]) && !common(&self.words[at]))?;
        Some((from, end))
    }

    fn in_name(&self, at: usize, end: usize, common: &Common) -> bool {
        let word = &self.words[at];
        if named_word(word) {
            return !(at == 0 && at + 1 < end && common(word) && !self.words[at + 1].capital());
        }
        let lower = word.text;
        let inside = at + 1 < end;
        inside
            && (PARTICLES.contains(&lower) || matches!(lower, "of" | "and" | "for" | "on" | "the") || self.after_of(at))
    }

    /// "Ministry of foreign Affairs".
    fn after_of(&self, at: usize) -> bool {
        at >= 2
            && self.words[at - 1].text == "of"
            && self.words[at - 2].capital()
            && organisation(&self.words[at - 2].lower())
    }
}

fn named_word(word: &Word) -> bool {
    (word.capital() && !lexicon::calendar(&word.lower()) && !where_from(word.text))
        || word.text.starts_with("al-")
        || (word.text.starts_with(|c: char| c.is_ascii_digit()) && word.text.contains(char::is_uppercase))
}

/// Whether a first name leads, behind titles: "Rep. Peter King".
fn first_name(name: &[Word]) -> bool {
    let led = name.iter().take(name.len() - 1).find(|word| lexicon::title(&word.lower()).is_none());
    led.is_some_and(|word| lexicon::first_name(&word.lower()).is_some())
        && name.last().is_some_and(|word| noun(&word.lower()).is_none_or(|noun| !noun.plural))
}

/// Where the name begins after titles and offices: "Senate Majority Leader Mitch McConnell".
fn after_titles(words: &[Word], from: usize, end: usize) -> usize {
    let titled = |at: &usize| {
        let lower = words[*at].lower();
        let person = |noun: lexicon::Noun| matches!(noun.kind, SourceKind::Person | SourceKind::Anonymous);
        // "Cho Son Gil" has no title.
        let office = lexicon::title(&lower).is_some() || noun(&lower).is_some_and(person);
        // "Observer Ann Lee"
        let called = noun(&lower).is_some_and(|noun| noun.kind == SourceKind::Collective)
            && lexicon::first_name(&words[*at + 1].lower()).is_some();
        let office = office || called;
        office && !PARTICLES.contains(&lower.as_str())
    };
    let mut start = match (from..end - 1).rev().find(titled) {
        Some(at) => at + 1,
        None => from,
    };
    // "Secretary of State John Kerry".
    if words.get(start).is_some_and(|word| word.text == "of") && start + 2 < end {
        start += 2;
    }
    // "Clinton and John Podesta" is kept; a name does not begin with "and".
    while start + 1 < end && matches!(words[start].text, "and" | "of" | "the" | "for" | "on") {
        start += 1;
    }
    start
}

/// The words in lower case, with single spaces.
pub(super) fn joined(words: &[Word]) -> String {
    words.iter().map(Word::lower).collect::<Vec<_>>().join(" ")
}
