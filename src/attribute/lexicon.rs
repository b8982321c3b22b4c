//! What single words say of a source: lists of nouns, titles and names.

use crate::label::SourceKind;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Grammatical gender of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gender {
    /// He.
    Male,
    /// She.
    Female,
}

/// What a noun at the head of a source says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Noun {
    /// The sort of source.
    pub(super) kind: SourceKind,
    /// Of a person, where the word tells.
    pub(super) gender: Option<Gender>,
    /// Says next to nothing of an office or trade: "man", "suspect".
    pub(super) generic: bool,
    /// More than one.
    pub(super) plural: bool,
}

struct Names {
    titles: HashMap<&'static str, Option<Gender>>,
    kinds: HashMap<&'static str, SourceKind>,
    outlet_words: HashSet<&'static str>,
    first: HashMap<&'static str, Gender>,
    small: HashSet<&'static str>,
}

/// The lines `NAME: values` of a list.
fn groups(file: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    file.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(": "))
}

static NOUNS: LazyLock<HashMap<&'static str, Noun>> = LazyLock::new(|| {
    let mut all = HashMap::new();
    for (group, words) in groups(include_str!("lexicon/nouns.txt")) {
        let mut flags = group.split(' ');
        let name = flags.next().unwrap_or_default();
        let Some(kind) = SourceKind::ALL.into_iter().find(|kind| kind.name() == name) else { continue };
        let mut noun = Noun { kind, gender: None, generic: false, plural: false };
        for flag in flags {
            match flag {
                "m" => noun.gender = Some(Gender::Male),
                "f" => noun.gender = Some(Gender::Female),
                _ => noun.generic = true,
            }
        }
        for word in words.split_whitespace() {
            all.entry(word).or_insert(noun);
        }
    }
    all
});

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let mut names = Names {
        titles: HashMap::new(),
        kinds: HashMap::new(),
        outlet_words: HashSet::new(),
        first: HashMap::new(),
        small: HashSet::new(),
    };
    for (group, values) in groups(include_str!("lexicon/names.txt")) {
        for value in values.split("; ") {
            match group {
                "title" => _ = names.titles.entry(value).or_insert(None),
                "title m" => _ = names.titles.insert(value, Some(Gender::Male)),
                "title f" => _ = names.titles.insert(value, Some(Gender::Female)),
                "outlet" => _ = names.kinds.insert(value, SourceKind::Outlet),
                "organisation" => _ = names.kinds.insert(value, SourceKind::Organisation),
                "small" => _ = names.small.insert(value),
                "outlet-word" => _ = names.outlet_words.insert(value),
                "male" => _ = names.first.insert(value, Gender::Male),
                "female" => _ = names.first.entry(value).or_insert(Gender::Female),
                _ => _ = names.kinds.entry(value).or_insert(SourceKind::Government),
            }
        }
    }
    names
});

const IRREGULAR: [(&str, &str); 13] = [
    ("people", "people"),
    ("men", "man"),
    ("women", "woman"),
    ("children", "child"),
    ("spokesmen", "spokesman"),
    ("spokeswomen", "spokeswoman"),
    ("lawmen", "policeman"),
    ("policemen", "policeman"),
    ("firemen", "fireman"),
    ("fishermen", "fisherman"),
    ("businessmen", "businessman"),
    ("congressmen", "congressman"),
    ("wives", "wife"),
];

/// Nouns that look like plurals and mean one source.
const SINGULAR: [&str; 13] = [
    "news",
    "congress",
    "press",
    "house",
    "services",
    "authorities",
    "railways",
    "industries",
    "partners",
    "systems",
    "airlines",
    "holdings",
    "findings",
];

/// A noun in lower case, singular or plural.
pub(super) fn noun(word: &str) -> Option<Noun> {
    if let Some(noun) = NOUNS.get(word) {
        let many = matches!(noun.kind, SourceKind::Collective) || word == "people";
        return Some(Noun { plural: many, ..*noun });
    }
    if let Some((_, one)) = IRREGULAR.iter().find(|(many, _)| *many == word) {
        return NOUNS.get(one).map(|noun| Noun { plural: true, ..*noun });
    }
    if let Some(role) = word.strip_suffix("-in-law").or_else(|| word.strip_suffix("-in-office")) {
        return self::noun(role);
    }
    if word.ends_with("ologist") || word.ends_with("ologists") {
        return NOUNS.get("scientist").map(|noun| Noun { plural: word.ends_with('s'), ..*noun });
    }
    // "Human Rights" are not those on the right.
    if word == "rights" {
        return None;
    }
    // The last part of "vice-chairman" or "ex-minister" decides.
    let stem = [("ies", "y"), ("es", ""), ("s", "")].iter().find_map(|(end, one)| {
        let stem = format!("{}{one}", word.strip_suffix(end)?);
        NOUNS.get(stem.as_str())
    });
    if let Some(noun) = stem {
        return Some(Noun { plural: true, ..*noun });
    }
    word.rsplit_once('-').and_then(|(_, last)| self::noun(last))
}

/// Whether a word is a plural, as far as its ending tells.
pub(super) fn plural(word: &str) -> bool {
    match noun(word) {
        Some(noun) => noun.plural && !SINGULAR.contains(&word),
        None => word.ends_with('s') && !["ss", "us", "is"].iter().any(|end| word.ends_with(end)),
    }
}

static SAME: LazyLock<Vec<HashSet<&'static str>>> = LazyLock::new(|| {
    let lines = include_str!("lexicon/same.txt").lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split_whitespace().collect()).collect()
});

/// Whether one noun may stand for the other: "diplomat" for "ambassador".
pub(super) fn same(a: &str, b: &str) -> bool {
    a == b || SAME.iter().any(|group| group.contains(a) && group.contains(b))
}

/// Whether a word, in lower case, says what one person is: "mayor".
pub(super) fn person(word: &str) -> bool {
    noun(word).is_some_and(|noun| noun.kind == SourceKind::Person && !noun.plural)
}

/// Whether a word, in lower case, is a day or month; "May" and "March" are left to names.
pub(super) fn calendar(word: &str) -> bool {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    const MONTHS: [&str; 20] = [
        "january",
        "february",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "jan",
        "feb",
        "apr",
        "aug",
        "sept",
        "sep",
        "oct",
        "nov",
        "dec",
        "christmas",
    ];
    DAYS.contains(&word) || MONTHS.contains(&word)
}

/// Whether a word, in lower case, is a title before a name; and of what gender.
pub(super) fn title(word: &str) -> Option<Option<Gender>> {
    NAMES.titles.get(word).copied()
}

/// The kind of a well-known outlet, state or authority; `name` in lower case.
pub(super) fn known(name: &str) -> Option<SourceKind> {
    NAMES.kinds.get(name).copied()
}

/// Whether a name that ends in `word` (in lower case) is likely an outlet's.
pub(super) fn outlet_word(word: &str) -> bool {
    NAMES.outlet_words.contains(word)
}

/// Whether a word, in lower case, is no name though it begins with a capital.
pub(super) fn small(word: &str) -> bool {
    NAMES.small.contains(word) || calendar(word)
}

/// The gender that a first name, in lower case, has mostly.
pub(super) fn first_name(word: &str) -> Option<Gender> {
    NAMES.first.get(word).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_are_told() {
        assert_eq!(noun("officials").map(|n| (n.kind, n.plural)), Some((SourceKind::Anonymous, true)));
        assert_eq!(noun("ministry").map(|n| (n.kind, n.plural)), Some((SourceKind::Government, false)));
        assert_eq!(noun("spokeswoman").and_then(|n| n.gender), Some(Gender::Female));
        assert_eq!(noun("agencies").map(|n| (n.kind, n.plural)), Some((SourceKind::Government, true)));
        assert_eq!(noun("chairman-in-office").map(|n| n.kind), Some(SourceKind::Person));
        assert_eq!(noun("virologists").map(|n| (n.kind, n.plural)), Some((SourceKind::Person, true)));
        assert!(noun("table").is_none());
        assert!(plural("critics") && !plural("congress") && plural("tables"));
    }

    #[test]
    fn the_lists_hold_no_noun_of_unknown_kind() {
        for (group, _) in groups(include_str!("lexicon/nouns.txt")) {
            let kind = group.split(' ').next().unwrap();
            assert!(SourceKind::ALL.iter().any(|known| known.name() == kind), "{group}");
        }
        assert_eq!(known("pyongyang"), Some(SourceKind::Government));
        assert_eq!(known("joongang"), Some(SourceKind::Outlet));
        assert_eq!(known("human rights watch"), Some(SourceKind::Organisation));
        assert_eq!(title("mrs"), Some(Some(Gender::Female)));
        assert_eq!(first_name("maria"), Some(Gender::Female));
    }
}
