//! What a statement is about: its terms, names, dates and numbers.

use std::collections::BTreeSet;

/// How exact a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    Exact,
    /// "about", "nearly": within a tenth.
    About,
    /// "at least", "more than".
    Least,
    /// "up to", "fewer than".
    Most,
}

/// A number with what it counts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Number {
    value: f64,
    bound: Bound,
    unit: String,
}

impl Number {
    /// Whether both can be right.
    fn agrees(&self, other: &Self) -> bool {
        use Bound::{About, Exact, Least, Most};
        let (a, b) = (self.value, other.value);
        match (self.bound, other.bound) {
            (Exact, Exact) => a == b,
            (Least, Least) | (Most, Most) => true,
            (Least, Most) => a <= b,
            (Most, Least) => b <= a,
            (Least, _) => b >= a * if other.bound == About { 0.9 } else { 1.0 },
            (_, Least) => a >= b * if self.bound == About { 0.9 } else { 1.0 },
            (Most, _) => b <= a * if other.bound == About { 1.1 } else { 1.0 },
            (_, Most) => a <= b * if self.bound == About { 1.1 } else { 1.0 },
            (About, _) | (_, About) => (a - b).abs() <= 0.1 * a.abs().max(b.abs()),
        }
    }
}

/// The words of a statement, sorted by what they tell.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    /// Stems of words that carry meaning, names among them.
    pub(super) terms: BTreeSet<String>,
    /// What a statement with the same subject should share: names, numbers, dates.
    pub(super) keys: BTreeSet<String>,
    /// Numbers that are no dates.
    pub(super) numbers: Vec<Number>,
    /// Whether it says "not".
    pub(super) negated: bool,
    /// Whether it says "may", "reportedly".
    pub(super) hedged: bool,
    /// Number of words.
    pub(super) length: usize,
}

const STOP: &[&str] = &[
    "a",
    "about",
    "after",
    "all",
    "also",
    "an",
    "and",
    "any",
    "are",
    "as",
    "at",
    "be",
    "because",
    "been",
    "before",
    "being",
    "but",
    "by",
    "can",
    "did",
    "do",
    "does",
    "during",
    "for",
    "from",
    "had",
    "has",
    "have",
    "he",
    "her",
    "his",
    "how",
    "i",
    "if",
    "in",
    "into",
    "is",
    "it",
    "its",
    "just",
    "more",
    "most",
    "mr",
    "mrs",
    "ms",
    "of",
    "on",
    "only",
    "or",
    "other",
    "our",
    "out",
    "over",
    "said",
    "say",
    "says",
    "she",
    "should",
    "so",
    "some",
    "such",
    "than",
    "that",
    "the",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "to",
    "told",
    "under",
    "up",
    "was",
    "we",
    "were",
    "what",
    "when",
    "where",
    "which",
    "while",
    "who",
    "whom",
    "will",
    "with",
    "would",
    "you",
    "according",
    "least",
    "around",
    "until",
    "since",
    "between",
    "through",
    "against",
    "within",
    "per",
    "nearly",
    "almost",
    "one",
    "very",
    "s",
    "t",
];
const NEGATIONS: &[&str] = &[
    "not", "no", "never", "none", "neither", "nor", "nobody", "nothing", "without", "false", "untrue", "hoax", "cannot",
];
const HEDGES: &[&str] = &[
    "may",
    "might",
    "could",
    "possibly",
    "perhaps",
    "probably",
    "likely",
    "reportedly",
    "allegedly",
    "apparently",
    "seemingly",
    "appears",
    "appeared",
    "seems",
    "seemed",
    "rumoured",
    "rumored",
    "unconfirmed",
    "purportedly",
    "supposedly",
    "believed",
    "suspected",
    "thought",
];
const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const DAYS: &[&str] = &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const SMALL: &[&str] = &[
    "zero",
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
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: &[&str] = &["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const SCALES: &[(&str, f64)] = &[
    ("dozen", 12.0),
    ("hundred", 100.0),
    ("thousand", 1e3),
    ("million", 1e6),
    ("m", 1e6),
    ("billion", 1e9),
    ("bn", 1e9),
    ("trillion", 1e12),
];

impl Words {
    /// Reads a statement.
    pub(super) fn of(text: &str) -> Self {
        let tokens = tokens(text);
        let mut words = Self { length: tokens.len(), ..Self::default() };
        let lower: Vec<String> = tokens.iter().map(|t| t.text.to_lowercase()).collect();
        let mut at = 0;
        while at < tokens.len() {
            let word = lower[at].as_str();
            if let Some((value, next)) = number(&lower, at) {
                words.number(&tokens, &lower, at, next, value);
                at = next;
                continue;
            }
            words.negated ^= NEGATIONS.contains(&word) || word.ends_with("n't");
            // "May" is a month before or after a number.
            let month = month(&tokens[at].text);
            words.hedged |= HEDGES.contains(&word) && !(word == "may" && month);
            if month || DAYS.contains(&word) {
                words.keys.insert(format!("d:{word}"));
            } else if !STOP.contains(&word) && !NEGATIONS.contains(&word) && !HEDGES.contains(&word) {
                let stem = stem(word);
                if tokens[at].capital && at > 0 {
                    words.keys.insert(format!("n:{stem}"));
                }
                words.terms.insert(stem);
            }
            at += 1;
        }
        words
    }

    /// Puts a number where it belongs: a date, a year, a time of day, or a count of something.
    fn number(&mut self, tokens: &[Token], lower: &[String], at: usize, next: usize, value: f64) {
        let before = |n: usize| at.checked_sub(n).map_or("", |i| lower[i].as_str());
        let after = |n: usize| lower.get(next + n).map_or("", String::as_str);
        let beside_month = [at.checked_sub(1), Some(next)]
            .into_iter()
            .flatten()
            .any(|i| tokens.get(i).is_some_and(|t| month(&t.text)));
        let year = next == at + 1 && (1800.0..2100.0).contains(&value) && lower[at].len() == 4;
        let time = matches!(after(0), "am" | "pm" | "a.m" | "p.m") || lower[at].contains(':');
        if beside_month || year || time {
            self.keys.insert(format!("d:{}", lower[at]));
            return;
        }
        let bound = match (before(2), before(1)) {
            ("at", "least") | ("more", "than") | (_, "over" | "exceeding") => Bound::Least,
            ("at", "most") | ("fewer" | "less", "than") | ("up", "to") | (_, "under") => Bound::Most,
            (_, "about" | "around" | "nearly" | "almost" | "some" | "roughly" | "approximately") => Bound::About,
            _ => Bound::Exact,
        };
        let sign = tokens[at].sign;
        let unit = match sign {
            Some(sign) => sign.to_string(),
            None if matches!(after(0), "percent" | "percentage") || (after(0), after(1)) == ("per", "cent") => {
                "%".into()
            }
            None => {
                let counted = (0..3).map(after).find(|w| w.chars().any(char::is_alphabetic) && !STOP.contains(w));
                counted.map(stem).map_or(String::new(), |unit| if unit == "person" { "peopl".into() } else { unit })
            }
        };
        self.keys.insert(format!("#{value}"));
        self.numbers.push(Number { value, bound, unit });
    }

    /// Whether the numbers of both cannot be right together: of those that count the same, or
    /// where each has only one, of these.
    pub(super) fn contradicts(&self, other: &Self) -> bool {
        if let ([a], [b]) = (self.numbers.as_slice(), other.numbers.as_slice()) {
            return !a.agrees(b);
        }
        self.numbers.iter().any(|a| {
            let mut same = other.numbers.iter().filter(|b| a.unit == b.unit && !a.unit.is_empty()).peekable();
            same.peek().is_some() && !same.any(|b| a.agrees(b))
        })
    }
}

/// A word with what its letters' case or a sign beside it tells.
struct Token {
    text: String,
    capital: bool,
    sign: Option<char>,
}

fn tokens(text: &str) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let chars: Vec<char> = text.chars().map(|c| if c == '\u{2019}' { '\'' } else { c }).collect();
    let mut at = 0;
    while at < chars.len() {
        if !chars[at].is_alphanumeric() {
            at += 1;
            continue;
        }
        let start = at;
        let digits = chars[start].is_ascii_digit();
        while at < chars.len() {
            let inner = |c: char| {
                chars.get(at + 1).is_some_and(|next| {
                    (c == '\'' && next.is_alphabetic())
                        || (digits && matches!(c, ',' | '.' | ':') && next.is_ascii_digit())
                        || (c == '.' && next.is_alphabetic() && at == start + 1)
                })
            };
            let same = chars[at].is_alphanumeric() && (!digits || chars[at].is_ascii_digit());
            if !(same || inner(chars[at])) {
                break;
            }
            at += 1;
        }
        let mut word: String = chars[start..at].iter().collect();
        if let Some(short) = word.strip_suffix("'s") {
            word = short.to_owned();
        }
        let mut beside = [start.checked_sub(1), Some(at)].into_iter().flatten().filter_map(|i| chars.get(i)).copied();
        let sign = beside.find(|c| matches!(c, '$' | '€' | '£' | '¥' | '%')).filter(|_| digits);
        out.push(Token { capital: chars[start].is_uppercase(), text: word, sign });
    }
    out
}

/// A number that starts at a word, and the word after it.
fn number(lower: &[String], at: usize) -> Option<(f64, usize)> {
    let word = lower[at].as_str();
    let (mut value, mut next) = if word.starts_with(|c: char| c.is_ascii_digit()) {
        (word.replace(',', "").split(':').next()?.parse::<f64>().ok()?, at + 1)
    } else if let Some(tens) = TENS.iter().position(|t| *t == word) {
        let ones = lower.get(at + 1).and_then(|w| SMALL[..10].iter().position(|s| s == w)).filter(|n| *n > 0);
        ((tens * 10 + 20 + ones.unwrap_or(0)) as f64, at + 1 + usize::from(ones.is_some()))
    } else {
        let small = SMALL.iter().position(|s| *s == word)? as f64;
        // Alone, "one" is rather a pronoun.
        if small == 1.0 && !lower.get(at + 1).is_some_and(|w| SCALES.iter().any(|(s, _)| s == w)) {
            return None;
        }
        (small, at + 1)
    };
    while let Some((_, scale)) = lower.get(next).and_then(|w| SCALES.iter().find(|(s, _)| s == w)) {
        value *= scale;
        next += 1;
    }
    Some((value, next))
}

/// Whether a word names a month, in full or cut short.
fn month(word: &str) -> bool {
    let lower = word.to_lowercase();
    word.starts_with(char::is_uppercase)
        && (MONTHS.iter().any(|m| m.get(..3) == Some(lower.as_str()) || *m == lower) || lower == "sept")
}

/// The word without its endings, lower case.
pub(super) fn stem(word: &str) -> String {
    let long = |w: &str| w.chars().count() >= 3 && w.contains(['a', 'e', 'i', 'o', 'u', 'y']);
    let mut stem = word.to_owned();
    if let Some(root) = word.strip_suffix("ies").or_else(|| word.strip_suffix("ied")).filter(|w| long(w)) {
        stem = root.to_owned();
    } else if let Some(root) = word.strip_suffix("sses") {
        stem = format!("{root}ss");
    } else if let Some(root) = word.strip_suffix('s').filter(|w| long(w) && !w.ends_with(['s', 'u', 'i'])) {
        stem = root.to_owned();
    }
    if let Some(root) = stem.strip_suffix("ing").or_else(|| stem.strip_suffix("ed")).filter(|w| long(w)) {
        stem = root.to_owned();
    }
    stem.trim_end_matches(['e', 'y']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<(f64, String)> {
        Words::of(text).numbers.into_iter().map(|n| (n.value, n.unit)).collect()
    }

    #[test]
    fn numbers_have_units_and_dates_are_none() {
        assert_eq!(numbers("Eleven people were hurt on Oct. 3, 2023, at 4 p.m."), [(11.0, "peopl".into())]);
        assert_eq!(numbers("It cost $2.5 million."), [(2.5e6, "$".into())]);
        assert_eq!(numbers("a rise of 3.5% and twenty-one ferries"), [(3.5, "%".into()), (21.0, "ferr".into())]);
        assert_eq!(numbers("No one knows."), []);
    }

    #[test]
    fn numbers_contradict_where_they_count_the_same() {
        let says = |a: &str, b: &str| Words::of(a).contradicts(&Words::of(b));
        assert!(says("Eleven people died.", "12 people died."));
        assert!(!says("At least 11 people died.", "12 people died."));
        assert!(says("At least 13 people died.", "12 people died."));
        assert!(!says("About 100 people came.", "Some 95 people came."));
        assert!(!says("Two buses hit 12 cars.", "12 cars were hit by two buses."));
        assert!(says("Two buses hit 12 cars.", "Two buses hit 14 cars."));
        assert!(!says("People died.", "12 people died."));
    }

    #[test]
    fn negation_and_hedges_are_seen() {
        assert!(Words::of("The barrier didn't close.").negated);
        assert!(!Words::of("It is not false.").negated);
        assert!(Words::of("The captain may have slept.").hedged);
        assert!(!Words::of("The captain left on May 3.").hedged);
    }

    #[test]
    fn forms_of_a_word_meet() {
        for (a, b) in [("collided", "collide"), ("ferries", "ferry"), ("warnings", "warning"), ("closing", "close")] {
            assert_eq!(stem(a), stem(b), "{a} {b}");
        }
    }
}
