//! Whether an article is English.
//!
//! Trigrams tell the language of running text well, but not that of a list of names. So a
//! text with as many of the small words of English as English has is English whatever its
//! trigrams say, and one that resembles no language clearly is not left out.

use whatlang::{Detector, Lang};

/// A text of fewer words is not judged,
const FEWEST_WORDS: usize = 20;
/// and of a longer one no more than so many bytes.
const MOST_BYTES: usize = 8000;
/// Of the words of English news, at least this share are [`SMALL`] ones.
const LEAST_SMALL: f64 = 0.15;
/// The most frequent words of English.
const SMALL: [&str; 40] = [
    "the", "of", "and", "to", "in", "a", "is", "was", "that", "for", "on", "with", "as", "at", "by", "from", "it",
    "he", "she", "they", "his", "her", "their", "has", "have", "had", "be", "been", "are", "were", "will", "would",
    "not", "but", "who", "which", "this", "an", "said", "or",
];

/// Whether `text` is English, as far as can be told; a text that is too short to tell is.
pub fn is_english(text: &str) -> bool {
    let text = start(text);
    let (mut words, mut small) = (0_usize, 0_usize);
    for word in text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        words += 1;
        small += usize::from(SMALL.iter().any(|known| word.eq_ignore_ascii_case(known)));
    }
    // Two such characters are about a word.
    let solid = text.chars().filter(|&c| is_solid(c)).count();
    if words + solid / 2 < FEWEST_WORDS || small as f64 >= LEAST_SMALL * words as f64 {
        return true;
    }
    // Bokmål and Danish are so alike that neither would ever be told for sure.
    let found = Detector::with_denylist(vec![Lang::Nob]).detect(text);
    found.is_none_or(|found| found.lang() == Lang::Eng || !found.is_reliable())
}

fn start(text: &str) -> &str {
    let mut end = text.len().min(MOST_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Whether `c` is of a script that puts no white space between words.
const fn is_solid(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same report in many languages, one a line: a code, a tab and the text.
    const FOREIGN: &str = include_str!("../../tests/fixtures/languages/foreign.txt");

    #[test]
    fn other_languages_are_told() {
        for line in FOREIGN.lines() {
            let (code, text) = line.split_once('\t').unwrap();
            assert!(!is_english(text), "{code}");
            assert!(!is_english(&text.repeat(500)), "{code}");
        }
    }

    #[test]
    fn short_texts_and_names_are_let_through() {
        for text in [
            "",
            "\u{0}",
            "Der Gemeinderat hat am Montag getagt.",
            "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23",
            "Magdaléna Dvořáková, Tomáš Růžička, Ilse Brandt, Jean-Luc Lefèvre, Giuseppe Bianchi, Nguyễn Văn Minh, \
             Åsa Lindqvist, Zoë van der Meer, Ayşe Yılmaz, Jürgen Groß, João Gonçalves, Miguel Ángel Peña",
        ] {
            assert!(is_english(text), "{text}");
        }
    }

    #[test]
    fn english_full_of_foreign_names_and_from_a_machine() {
        for text in [
            "Bürgermeisterin Ilse Brandt told the Süddeutsche Rundschau that Straßenbahn Orla-Süd GmbH and the \
             Österreichische Bundesbahnen had agreed with Compagnie Générale des Eaux on Monday.",
            "In the city Orla on monday was by the advice decided the old bridge for walkers during two years to \
             close, has the mayor informed, what costs of three millions euro means for the inhabitants.",
        ] {
            assert!(is_english(text), "{text}");
        }
    }
}
