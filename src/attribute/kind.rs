//! What a name's own words say of who bears it.

use super::lexicon::{self, Noun, noun};
use super::phrase::{joined, organisation};
use super::words::Word;
use crate::label::SourceKind;

/// What a name is, and whether its own words say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NameKind {
    pub(super) kind: SourceKind,
    pub(super) sure: bool,
}

/// Whether a name is that of several: "Sanders and Clinton", "the Iranians".
pub(super) fn several(name: &[Word]) -> bool {
    if let Some(at) = name.iter().position(|word| word.text == "and") {
        let body = |words: &[Word]| words.iter().any(|word| organisation(&word.lower()));
        return !body(name) && at > 0;
    }
    match name {
        [only] => {
            let lower = only.lower();
            ["ians", "icans", "eans", "crats", "sts", "ives", "ders", "ers", "ans"]
                .iter()
                .any(|end| lower.ends_with(end))
                && lexicon::known(&lower).is_none()
                && (lexicon::noun(&lower).is_some_and(|n| n.plural)
                    || ["ians", "icans", "eans", "crats"].iter().any(|end| lower.ends_with(end)))
        }
        _ => false,
    }
}

/// The noun at a place, where the word before it may tell of which sort: "news agency".
pub(super) fn noun_at(words: &[Word], at: usize) -> Option<Noun> {
    const WHOSE: [&str; 9] =
        ["public", "political", "senior", "opposition", "leading", "religious", "prominent", "key", "top"];
    let found = noun(&words.get(at)?.lower())?;
    let before = at.checked_sub(1).map(|before| words[before].lower());
    let kind = match (before.as_deref(), words[at].lower().as_str()) {
        (Some("news" | "press" | "wire"), "agency" | "agencies" | "service" | "services") => SourceKind::Outlet,
        (Some("financial" | "legal" | "consulting"), "services") => SourceKind::Organisation,
        (Some("white" | "green" | "policy" | "working" | "research" | "position"), "paper" | "papers") => {
            SourceKind::Document
        }
        (Some(whose), "figure" | "figures") if WHOSE.contains(&whose) => SourceKind::Collective,
        _ => found.kind,
    };
    Some(Noun { kind, ..found })
}

/// What a name's own words say of its kind.
pub(super) fn kind_of_name(name: &[Word]) -> Option<NameKind> {
    let all = joined(name);
    let plain = all.replace('.', "");
    let sure = |kind| Some(NameKind { kind, sure: true });
    if let Some(kind) = lexicon::known(&all).or_else(|| lexicon::known(&plain)) {
        // "Bill Time" is no magazine, but "Time" is; states give way to a role: "Paris Hilton".
        return sure(kind);
    }
    let last = name.last()?.lower();
    let end = noun_at(name, name.len() - 1).filter(|_| organisation(&last) && last != "research");
    // "Ministry for Business", but not "Congress of Trade Unions" or "Voice of Orla newspaper".
    let before = name.iter().position(|word| matches!(word.text, "of" | "for")).and_then(|at| at.checked_sub(1));
    let whole = before.map(|at| name[at].lower()).filter(|word| organisation(word)).and_then(|word| noun(&word));
    let outlet = lexicon::outlet_word(&last) || end.is_some_and(|found| found.kind == SourceKind::Outlet);
    // "Institute for Housing Studies" is one body, "Bank of Orla Act" is an act.
    let fits = |found: Noun| found.plural == (found.kind == SourceKind::Document);
    let body = whole.filter(|found| matches!(found.kind, SourceKind::Government | SourceKind::Organisation));
    if let Some(found) = body.filter(|_| !outlet && end.is_none_or(fits)) {
        return sure(found.kind);
    }
    if last.ends_with("-tv") || last.ends_with("-fm") {
        return sure(SourceKind::Outlet);
    }
    if let Some(found) = end
        && !(found.plural && name.len() == 1)
        && (name.len() > 1 || !name[0].capital())
    {
        let outlet = lexicon::outlet_word(&last) && found.kind != SourceKind::Government;
        return sure(if outlet && name.len() > 1 { SourceKind::Outlet } else { found.kind });
    }
    if name.len() > 1 && lexicon::outlet_word(&last) && lexicon::first_name(&name[0].lower()).is_none() {
        return sure(SourceKind::Outlet);
    }
    if name.len() > 1 && matches!(name[0].lower().as_str(), "daily" | "weekly") {
        return sure(SourceKind::Outlet);
    }
    // "Bank of England", "Union of Millers".
    if let Some(found) = whole {
        return sure(found.kind);
    }
    if lexicon::first_name(&name[0].lower()).is_some() && name.len() > 1 {
        return Some(NameKind { kind: SourceKind::Person, sure: false });
    }
    if let Some(found) = name.iter().rev().map(Word::lower).find(|word| organisation(word)).and_then(|word| noun(&word))
        && name.len() > 2
    {
        return Some(NameKind { kind: found.kind, sure: false });
    }
    // "PEN Orla", but not "E.O. Lee"
    let long = name[0].acronym()
        && name[0].text.len() > 2
        && !name[0].text.contains('.')
        && !name[1..].iter().any(Word::acronym);
    if (name.len() == 1 && name[0].acronym()) || long {
        return Some(NameKind { kind: SourceKind::Organisation, sure: false });
    }
    None
}
