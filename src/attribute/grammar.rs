//! Words of closed classes: determiners, what ends a noun phrase, small words in names.

use super::lexicon::noun;
use super::words::Word;

/// What a noun phrase begins with, before its nouns.
pub(super) const DETERMINERS: [&str; 52] = [
    "the",
    "a",
    "an",
    "this",
    "that",
    "these",
    "those",
    "some",
    "any",
    "many",
    "several",
    "few",
    "most",
    "all",
    "other",
    "another",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "half",
    "two-thirds",
    "both",
    "each",
    "every",
    "no",
    "his",
    "her",
    "its",
    "their",
    "our",
    "my",
    "your",
    "various",
    "numerous",
    "certain",
    "multiple",
    "dozens",
    "hundreds",
    "thousands",
    "dozen",
    "hundred",
    "thousand",
    "million",
    "more",
    "fewer",
];

/// Determiners that point to somebody known.
pub(super) const DEFINITE: [&str; 10] = ["the", "this", "that", "his", "her", "its", "their", "our", "my", "your"];

/// Before a determiner, or instead of one.
pub(super) const ADVERBS: [&str; 16] = [
    "even", "only", "also", "just", "then", "now", "later", "but", "and", "while", "both", "former", "nearly",
    "almost", "about", "roughly",
];

/// What ends the core of a noun phrase.
const CUTS: [&str; 59] = [
    "who",
    "whom",
    "whose",
    "which",
    "that",
    "where",
    "when",
    "why",
    "how",
    "in",
    "at",
    "on",
    "from",
    "for",
    "with",
    "by",
    "about",
    "of",
    "to",
    "near",
    "inside",
    "outside",
    "among",
    "between",
    "against",
    "after",
    "before",
    "during",
    "under",
    "over",
    "as",
    "including",
    "because",
    "if",
    "while",
    "close",
    "familiar",
    "briefed",
    "within",
    "into",
    "around",
    "across",
    "through",
    "behind",
    "is",
    "was",
    "are",
    "were",
    "has",
    "had",
    "speaking",
    "involved",
    "described",
    "working",
    "via",
    "like",
    "than",
    "without",
    "meanwhile",
];

/// Words after which a name follows: "a man named Lee".
pub(super) const NAMING: [&str; 4] = ["named", "called", "identified", "nicknamed"];

/// Small words inside names.
pub(super) const PARTICLES: [&str; 24] = [
    "de", "da", "do", "dos", "das", "del", "della", "der", "den", "di", "du", "van", "von", "la", "le", "al", "el",
    "bin", "ibn", "ben", "ter", "ten", "y", "son",
];

/// Whether what follows a head begins with `word`, in lower case.
pub(super) fn cuts(word: &str) -> bool {
    CUTS.contains(&word)
}

/// Whether many people of the trade `plural` are a class rather than some unnamed few.
pub(super) fn class(plural: &str) -> bool {
    const CLASSES: [&str; 25] = [
        "members",
        "analysts",
        "experts",
        "economists",
        "scientists",
        "researchers",
        "historians",
        "scholars",
        "academics",
        "strategists",
        "pundits",
        "commentators",
        "activists",
        "campaigners",
        "residents",
        "voters",
        "investors",
        "farmers",
        "doctors",
        "teachers",
        "students",
        "journalists",
        "lawmakers",
        "neighbours",
        "neighbors",
    ];
    CLASSES.contains(&plural)
}

/// Which of several of one office or kind: "finance" minister, "second" source.
pub(super) fn field(word: &str) -> Option<&'static str> {
    const FIELDS: [&str; 17] = [
        "prime",
        "finance",
        "foreign",
        "defence",
        "defense",
        "interior",
        "health",
        "justice",
        "education",
        "energy",
        "environment",
        "home",
        "deputy",
        "first",
        "second",
        "third",
        "other",
    ];
    FIELDS.into_iter().find(|field| *field == word)
}

/// "London-based", "U.S.-backed", "Tarvo-occupied".
pub(super) fn where_from(word: &str) -> bool {
    const HOW: [&str; 4] = ["led", "born", "run", "speaking"];
    word.rsplit_once('-').is_some_and(|(_, how)| HOW.contains(&how) || (how.len() > 4 && how.ends_with("ed")))
}

/// "Haitian", "Chinese", "Greek": somebody's or something's country, as far as the word tells.
pub(super) fn of_country(word: &str) -> bool {
    const ENDINGS: [&str; 5] = ["an", "ese", "ish", "ch", "i"];
    const PEOPLE: [&str; 14] = [
        "greek", "turk", "dane", "serb", "swede", "briton", "scot", "pole", "finn", "czech", "croat", "arab", "swiss",
        "filipino",
    ];
    ENDINGS.iter().any(|end| word.ends_with(end)) || PEOPLE.contains(&word)
}

/// Whether a name follows: "Mr. King", "Dr. Baker".
pub(super) fn address(word: &Word) -> bool {
    matches!(word.lower().as_str(), "mr" | "mrs" | "ms" | "miss" | "dr" | "prof")
}

/// "60", "14,000", "18-20".
pub(super) fn figures(word: &Word) -> bool {
    word.text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | ',' | '.'))
}

/// Bodies that are named after what they are on: "Office on Drugs and Crime".
pub(super) fn meets(word: &str) -> bool {
    const BODIES: [&str; 12] = [
        "office",
        "council",
        "group",
        "panel",
        "committee",
        "subcommittee",
        "commission",
        "conference",
        "centre",
        "center",
        "institute",
        "forum",
    ];
    BODIES.contains(&word)
}

/// "originally", where it is no noun.
pub(super) fn adverb(word: &Word) -> bool {
    let lower = word.lower();
    lower.ends_with("ly") && !word.capital() && noun(&lower).is_none()
}

/// "briefed", "working", "given", where they are no nouns.
pub(super) fn participle(word: &Word) -> bool {
    const IRREGULAR: [&str; 10] =
        ["given", "held", "seen", "written", "shown", "taken", "made", "known", "sent", "found"];
    let lower = word.lower();
    IRREGULAR.contains(&lower.as_str())
        || lower.len() > 5
            && (lower.ends_with("ing") || lower.ends_with("ed"))
            && !word.capital()
            && noun(&lower).is_none()
}
