//! Goes through an article and finds whom each source span means.

use super::cast::Cast;
use super::dateline;
use super::entity::{Seen, initials};
use super::grammar;
use super::kind::{kind_of_name, several};
use super::lexicon;
use super::mention::{self, Form, Mention};
use super::name::name_words;
use super::pair::Page;
use super::phrase;
use super::quotes::{MARKS, around};
use super::words::{Break, Word, words};
use crate::article::Span;
use std::collections::{HashMap, HashSet};

/// A place where the article speaks of somebody.
struct Place {
    span: Span,
    mention: Mention,
    speaks: bool,
}

/// The sources of an article, and which of them each source span means.
pub(super) struct Found {
    pub(super) cast: Cast,
    pub(super) of_span: HashMap<Span, usize>,
    /// Spans that mean whoever speaks: "I", "we".
    pub(super) speakers: HashSet<Span>,
}

/// Reads an article whose sources stand at `spans`; `contents` is what is said.
pub(super) fn read(page: &Page, spans: &[Span], contents: &[Span]) -> Found {
    let text = page.text;
    let all = words(text, Span::new(0, text.len()));
    let lower: HashSet<&str> =
        all.iter().map(|word| word.text).filter(|word| word.starts_with(char::is_lowercase)).collect();
    let heads: HashSet<usize> = heads(page, &all);
    let inner: HashSet<&str> =
        all.iter().filter(|word| word.capital() && !heads.contains(&word.span.start)).map(|word| word.text).collect();
    let common = |word: &Word| {
        let small = word.lower();
        let people = || !inner.contains(word.text) && PEOPLE.iter().any(|end| small.ends_with(end));
        heads.contains(&word.span.start) && (lower.contains(small.as_str()) || lexicon::small(&small) || people())
    };
    let slice = |span: Span| {
        // "ORLA (Meridian) - Ann Lee" is Ann Lee.
        let start = span.start + dateline::before_source(span.of(text));
        let from = all.partition_point(|word| word.span.end <= start);
        let mut to = all.partition_point(|word| word.span.start < span.end).max(from);
        // "Mrs" of "Mrs. Clinton", "Ann" of "Ann Lee": a span that ends within a name goes on.
        let within = |at: usize| all[at].capital() && all[at].after == Break::None && !all[at].possessive;
        while to > from
            && to < all.len()
            && to - from < 8
            && all[to].capital()
            && within(to - 1)
            && !lexicon::calendar(&all[to].lower())
        {
            to += 1;
        }
        &all[from..to]
    };
    let mut places: Vec<Place> = Vec::new();
    for span in spans {
        let own = slice(*span);
        if let Some(mut found) = mention::read(text, own, &common) {
            if found.somebody()
                && let Some(named) = name_after(text, &all, own, &common)
            {
                found = named;
            }
            // What stands right after the span may say who it is.
            if found.named() {
                let next = all.partition_point(|word| word.span.start < span.end);
                apposition(&mut found, &all, next);
            }
            places.push(Place { span: *span, mention: found, speaks: true });
        }
    }
    // A single word at the head of a sentence is a name where it is one elsewhere.
    let lone = |word: &Word| {
        let small = word.lower();
        heads.contains(&word.span.start) && !inner.contains(word.text) && lexicon::known(&small).is_none()
    };
    names(page, &all, spans, &Names { common: &common, lone: &lone }, &mut places);
    places.sort_by_key(|place| (place.span.start, place.span.end));

    let mut found = Found { cast: Cast::default(), of_span: HashMap::new(), speakers: HashSet::new() };
    for place in places.iter().filter(|place| place.mention.named() && place.mention.words.len() > 1) {
        let at = found.cast.announce(&place.mention);
        if let Some(short) = bracketed(text, place.span) {
            found.cast.all[at].acronyms.push(short);
        }
    }
    let said = Said::of(contents);
    for place in &places {
        let Some(sentence) = page.sentence(place.span) else { continue };
        let here = Seen {
            at: place.span.start,
            end: place.span.end,
            sentence,
            speaks: place.speaks,
            subject: subject(page, sentence, place.span),
            said: said.within(place.span),
        };
        if place.mention.form == Form::Speaker {
            found.speakers.insert(place.span);
            continue;
        }
        let at = match place.mention.form {
            Form::Relative => relative(&mut found.cast, text, &all, place.span, &here, &common),
            _ => found.cast.find(&place.mention, &here),
        };
        let Some(at) = at else { continue };
        let at = spokesman(&mut found.cast, at, &place.mention, &here).unwrap_or(at);
        found.cast.see(at, here);
        if place.speaks {
            found.of_span.insert(place.span, at);
        }
    }
    found
}

/// What is said, by where it begins, each with the furthest end so far.
struct Said(Vec<(usize, usize)>);

impl Said {
    fn of(contents: &[Span]) -> Self {
        let mut all: Vec<(usize, usize)> = contents.iter().map(|span| (span.start, span.end)).collect();
        all.sort_unstable();
        let mut furthest = 0;
        for (_, end) in &mut all {
            furthest = furthest.max(*end);
            *end = furthest;
        }
        Self(all)
    }

    /// Whether a content holds the span.
    fn within(&self, span: Span) -> bool {
        let begun = self.0.partition_point(|(start, _)| *start <= span.start);
        self.0[..begun].last().is_some_and(|(_, end)| span.end <= *end)
    }
}

/// The first byte of the first word of each sentence and quotation.
fn heads(page: &Page, all: &[Word]) -> HashSet<usize> {
    let first = |span: &Span| {
        let at = all.partition_point(|word| word.span.start < span.start);
        all.get(at).map(|word| word.span.start)
    };
    page.sentences.iter().chain(page.quotations).filter_map(first).collect()
}

/// Whether a place is the head of its sentence: only small words stand before it.
fn subject(page: &Page, sentence: usize, span: Span) -> bool {
    let before =
        Span::new(page.sentences[sentence].start, span.start.max(page.sentences[sentence].start)).of(page.text);
    before.split_whitespace().nth(4).is_none() && !before.contains([',', '"', '\u{201d}'])
}

/// Reads an apposition or "was a ..." from word `next` on.
fn apposition(found: &mut Mention, all: &[Word], next: usize) {
    let Some(last) = next.checked_sub(1).and_then(|at| all.get(at)) else { return };
    let rest = all.get(next..(next + 7).min(all.len())).unwrap_or_default();
    let rest = &rest[..rest.iter().position(|word| word.after >= Break::Comma).map_or(rest.len(), |at| at + 1)];
    let article =
        |word: Option<&Word>| word.is_some_and(|word| matches!(word.text, "a" | "an" | "the" | "his" | "her" | "its"));
    let copula = rest.first().is_some_and(|word| matches!(word.text, "is" | "was" | "became"));
    // "Lee, his wife and two sons left" says nothing of Lee.
    let closed = rest.last().is_some_and(|word| word.after >= Break::Comma)
        || rest.first().is_some_and(|word| matches!(word.text, "a" | "an" | "the"));
    if last.after == Break::Comma && article(rest.first()) && closed {
        mention::describe(found, rest);
    } else if last.after == Break::None
        && copula
        && (article(rest.get(1)) || rest.get(1).is_some_and(|word| word.text == "acting"))
    {
        mention::describe(found, &rest[1..]);
    }
}

/// The name between commas right after an unnamed source: "one of her lawyers", then ", Ann Lee,".
fn name_after(text: &str, all: &[Word], own: &[Word], common: &phrase::Common) -> Option<Mention> {
    let from = all.partition_point(|word| word.span.start < own[0].span.start);
    let end = from + own.len();
    let name = all[end..].iter().take_while(|word| word.capital()).take(4).count();
    let (last, inner) = all[end..end + name].split_last()?;
    // "A resident of Orla, New York," is no New York.
    let before = own.last().filter(|word| !word.capital())?;
    let apart = before.after == Break::Comma && last.after == Break::Comma;
    if inner.is_empty() || !apart || inner.iter().any(|word| word.after > Break::None) {
        return None;
    }
    mention::read(text, &all[from..end + name], common).filter(Mention::named)
}

/// What tells a name from the first word of a sentence.
struct Names<'a> {
    common: &'a phrase::Common<'a>,
    lone: &'a dyn Fn(&Word) -> bool,
}

/// Endings of people in the plural, whose capital at the head of a sentence says nothing.
const PEOPLE: [&str; 9] = ["ers", "ors", "ists", "ents", "ants", "ees", "men", "ians", "als"];

/// Adds the names that stand outside of the source spans.
fn names(page: &Page, all: &[Word], spans: &[Span], tell: &Names, places: &mut Vec<Place>) {
    let Names { common, lone } = tell;
    let mut sorted = spans.to_vec();
    sorted.sort_unstable();
    let over = |word: &Word| {
        let next = sorted.partition_point(|span| span.end <= word.span.start);
        sorted.get(next).filter(|span| span.start < word.span.end)
    };
    let taken = |word: &Word| over(word).is_some();
    // "He would meet Lee, the report said": what speaks itself is no apposition, unless a comma ends it.
    let speaks = |at: usize| {
        let span = all.get(at).and_then(over);
        let last = span.and_then(|span| all[at..].iter().take_while(|word| word.span.start < span.end).last());
        last.is_some_and(|word| word.after == Break::None)
    };
    // "the Haitian capital" names nobody, "the Guardian" does.
    let country = |word: &Word| {
        let small = word.lower();
        grammar::of_country(&small) && lexicon::known(&small).is_none()
    };
    let mut at = 0;
    while at < all.len() {
        let word = &all[at];
        if !word.capital() || taken(word) || common(word) || grammar::where_from(word.text) {
            at += 1;
            continue;
        }
        // The nouns and titles before it belong to it.
        let mut from = at;
        while from > 0
            && at - from < 3
            && all[from - 1].after == Break::None
            && !taken(&all[from - 1])
            && says_what(&all[from - 1])
        {
            from -= 1;
        }
        let mut to = at + 1;
        while to < all.len()
            && all[to - 1].after == Break::None
            && !all[to - 1].possessive
            && !taken(&all[to])
            && goes_on(all, to)
        {
            to += 1;
        }
        let before = |words: &[&str]| {
            let last = from.checked_sub(1).map(|last| &all[last]).filter(|last| last.after == Break::None);
            last.is_some_and(|last| words.contains(&last.lower().as_str()))
        };
        if let Some(mut found) = mention::read(page.text, &all[from..to], common)
            && found.named()
            && !(from == at && to == at + 1 && lone(word))
            && !(found.words.len() == 1 && lexicon::small(&found.words[0]))
            && !(before(&grammar::DETERMINERS) && to == at + 1 && country(word))
        {
            found.place = before(&["in", "near", "outside", "across"]);
            if !speaks(to) {
                apposition(&mut found, all, to);
            }
            if from == at
                && let Some(before) =
                    at.checked_sub(1).map(|before| &all[before]).filter(|before| quoted(page.text, before, word))
            {
                mention::preceded(&mut found, &before.lower());
            }
            places.push(Place {
                span: Span::new(all[at].span.start, all[to - 1].span.end),
                mention: found,
                speaks: false,
            });
        }
        at = to;
    }
}

/// Whether nothing but marks of quotation stands between two words.
fn quoted(text: &str, before: &Word, word: &Word) -> bool {
    let between = Span::new(before.span.end, word.span.start).of(text).trim();
    !between.is_empty() && between.len() <= 4 && between.chars().all(|c| MARKS.contains(&c) || c == '\'')
}

fn says_what(word: &Word) -> bool {
    let lower = word.lower();
    lower != "the" && (lexicon::title(&lower).is_some() || lexicon::noun(&lower).is_some_and(|noun| !noun.plural))
}

fn goes_on(all: &[Word], at: usize) -> bool {
    // "Food and Agriculture Organization", but not "Ford and Lee".
    if all[at].text == "and" {
        let end =
            (at + 1..all.len().min(at + 5)).find(|&next| !all[next].capital() || all[next - 1].after > Break::None);
        let last = end.unwrap_or(all.len().min(at + 5)) - 1;
        return last > at && phrase::organisation(&all[last].lower());
    }
    let next = all.get(at + 1).is_some_and(|word| word.capital() && all[at].after == Break::None);
    all[at].capital()
        || (next
            && matches!(all[at].text, "of" | "de" | "van" | "von" | "da" | "del" | "bin" | "la" | "al" | "son" | "for"))
}

/// The acronym in brackets after a name: "Food and Agriculture Organization (FAO)".
fn bracketed(text: &str, span: Span) -> Option<String> {
    let rest = text.get(span.end..)?.trim_start().strip_prefix('(')?;
    let (end, _) = rest.char_indices().take(40).find(|(_, c)| *c == ')')?;
    let short = rest[..end].trim().trim_start_matches("the ");
    let fits =
        (2..=8).contains(&short.chars().count()) && short.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-');
    (fits && short.chars().filter(|c| c.is_uppercase()).count() >= 2).then(|| name_words(short).concat())
}

/// Whom "who" or "which" stands for: the noun phrase before it.
fn relative(
    cast: &mut Cast,
    text: &str,
    all: &[Word],
    span: Span,
    here: &Seen,
    common: &phrase::Common,
) -> Option<usize> {
    let which = span.of(text).to_lowercase().starts_with("which");
    let near = |at: &usize| {
        let known = &cast.all[*at];
        let one = known.named && known.person();
        let close = |seen: &Seen| seen.sentence == here.sentence && here.at - seen.end <= 30;
        !(which && one) && known.last(here.at).is_some_and(close)
    };
    let close = cast.recent().filter(near).max_by_key(|&at| cast.all[at].last(here.at).map(|seen| seen.at));
    if close.is_some() {
        return close;
    }
    let end = all.partition_point(|word| word.span.end <= span.start);
    let from = end.saturating_sub(8);
    let head = (from..end).rev().find(|&at| lexicon::noun(&all[at].lower()).is_some())?;
    let start = (from..=head).rev().find(|&at| {
        at == from
            || all[at - 1].after >= Break::Comma
            || matches!(all[at].text, "a" | "an" | "the" | "many" | "some")
            || grammar::cuts(&all[at - 1].lower())
    })?;
    let found = mention::read(text, &all[start..=head], common)?;
    (!several_names(&found)).then(|| cast.find(&found, here)).flatten()
}

fn several_names(mention: &Mention) -> bool {
    mention.named() && mention.plural
}

/// The body for which an unnamed person speaks: "a ministry spokesman".
fn spokesman(cast: &mut Cast, at: usize, mention: &Mention, here: &Seen) -> Option<usize> {
    let body = mention.speaks_for.as_ref().filter(|_| !cast.all[at].named)?;
    let words = name_words(body);
    let known = cast.recent().filter(|&other| cast.all[other].body()).find(|&other| {
        let known = &cast.all[other];
        known.words == words || known.words.ends_with(&words) || [initials(&known.words)] == words[..]
    });
    if known.is_some() {
        return known;
    }
    let all = super::words::words(body, Span::new(0, body.len()));
    let named =
        all.first().filter(|word| word.capital() || lexicon::known(&phrase::joined(&all)).is_some() || word.acronym());
    if named.is_none() || several(&all) {
        // "the company's spokesman": the nearest company.
        let noun = Mention {
            form: Form::Nominal,
            roles: vec![words.last()?.clone()],
            ..mention::read(body, &all, &|_| false)?
        };
        let found = cast.find(&noun, here)?;
        return cast.all[found].named.then_some(found);
    }
    let name = Mention { form: Form::Name, ..mention::read(body, &all, &|_| false)? };
    let name = Mention {
        words,
        name: body.clone(),
        kind: kind_of_name(&all).map(|found| found.kind).or(name.kind),
        plural: false,
        ..name
    };
    cast.find(&name, here)
}

/// The quotation in which a place stands.
pub(super) fn quotation(page: &Page, span: Span) -> Option<usize> {
    around(page.quotations, page.text, span)
}
