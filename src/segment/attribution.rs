//! Tells whether a speaker and a verb of saying follow a quotation, as in
//! `"Absolutely not!" Mr. Brown replied.`

use super::abbreviation;
use super::chars::{char_at, char_before, skip_white};
use super::neighbour::word_at;
use super::words;

/// How many words a speaker may take.
const LONGEST_SPEAKER: usize = 9;
/// Verbs of saying.
const VERBS: &[&str] = &[
    "added",
    "admitted",
    "announced",
    "answered",
    "argued",
    "asked",
    "asks",
    "barked",
    "began",
    "bellowed",
    "boasted",
    "called",
    "chanted",
    "charged",
    "claimed",
    "commented",
    "complained",
    "concluded",
    "continued",
    "countered",
    "cried",
    "declared",
    "demanded",
    "exclaimed",
    "explained",
    "gasped",
    "groaned",
    "growled",
    "grumbled",
    "insisted",
    "interjected",
    "joked",
    "laughed",
    "mused",
    "muttered",
    "noted",
    "posted",
    "protested",
    "quipped",
    "read",
    "recalled",
    "remarked",
    "replied",
    "replies",
    "responded",
    "retorted",
    "roared",
    "said",
    "says",
    "screamed",
    "shot",
    "shouted",
    "shrieked",
    "snapped",
    "sobbed",
    "stated",
    "tells",
    "texted",
    "thought",
    "thundered",
    "told",
    "tweeted",
    "urged",
    "warned",
    "whispered",
    "wondered",
    "wonders",
    "writes",
    "wrote",
    "yelled",
];
/// Words that start what is said next, so that a new sentence has begun.
const CLAUSE: &[&str] = &[
    "that", "he", "she", "they", "it", "there", "his", "her", "their", "we", "no", "the", "a", "an", "if", "whether",
    "why", "how",
];
/// Small words within a name.
const PARTICLES: &[&str] = &["al", "bin", "da", "de", "del", "der", "di", "du", "el", "la", "le", "van", "von", "of"];

/// Whether a speaker and a verb of saying stand at `at`, and close a quotation.
pub(super) fn follows(text: &str, at: usize) -> bool {
    let mut at = at;
    let (mut names, mut plain) = (0_usize, 0_usize);
    for step in 0..LONGEST_SPEAKER {
        let word = word_at(text, at);
        if word.is_empty() || (step == 0 && words::is_starter(word, false)) {
            return false;
        }
        let mut end = at + word.len();
        if names > 0 && VERBS.contains(&word) {
            return closes(text, end, word);
        }
        if word.starts_with(char::is_uppercase) {
            names += 1;
            plain = 0;
        } else if !PARTICLES.contains(&word) {
            plain += 1;
            if names == 0 || plain > 2 || CLAUSE.contains(&word) {
                return false;
            }
        }
        if char_at(text, end) == Some('.') && abbreviation::class(word).is_some() {
            end += 1;
        }
        at = skip_white(text, end);
        if at == end && char_before(text, end) != Some('.') {
            return false;
        }
    }
    false
}

/// Whether nothing comes after the verb that would be said by it.
fn closes(text: &str, end: usize, verb: &str) -> bool {
    let next = word_at(text, skip_white(text, end));
    let asks = matches!(verb, "asked" | "asks" | "told" | "tells" | "demanded" | "replied" | "responded");
    asks && !matches!(next, "that" | "if" | "whether" | "why" | "how") || !CLAUSE.contains(&next)
}

#[cfg(test)]
mod tests {
    use super::follows;

    #[test]
    fn speakers() {
        assert!(follows("Mr. Brown replied.", 0));
        assert!(follows("Trump supporters chanted", 0));
        assert!(follows("Clinton asked the crowd.", 0));
        assert!(follows("Assistant U.S. Attorney Fred Wyshak asked.", 0));
        assert!(follows("J. K. Rowling wrote on Twitter.", 0));
        assert!(!follows("He said.", 0));
        assert!(!follows("Brown left.", 0));
        assert!(!follows("Brown said that he would.", 0));
    }
}
