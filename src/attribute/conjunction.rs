//! Several sources in one span: "Sanders and Clinton".

use super::grammar::{DETERMINERS, cuts};
use super::lexicon::{self, noun};
use super::phrase::organisation;
use super::words::{Break, Word};

/// Where a list of several sources ends: "Sanders and Clinton", "he and his staff, who".
/// `None` for one source, such as "the Department of Health and Human Services".
pub(super) fn list(words: &[Word]) -> Option<usize> {
    let cut = words.iter().position(|word| cuts(&word.lower()) && !word.capital()).unwrap_or(words.len());
    let and = words[..cut].iter().position(|word| matches!(word.text, "and" | "or")).filter(|at| *at > 0)?;
    let (before, next) = (&words[and - 1], words.get(and + 1)?);
    let person = |word: &Word| lexicon::person(&word.lower());
    // "Ann Lee, a signaller and the union's chief": one person and what she is.
    let apposition = |at: usize| {
        let next = words.get(at + 2).map_or("", |next| next.text);
        let office = person(&words[at + 1])
            && (words[at + 1].after >= Break::Comma || matches!(next, "of" | "for" | "at" | "and"));
        words[at].after >= Break::Comma
            && (matches!(words[at + 1].text, "a" | "an" | "the" | "his" | "her" | "its" | "who") || office)
    };
    if and + 1 >= cut || (words[0].capital() && (0..and - 1).any(apposition)) {
        return None;
    }
    let rest = &words[and + 1..cut];
    let named = rest.last().is_some_and(Word::capital);
    // One body has a name of several parts; what follows "and" in the name of two is a noun
    // of its own, a name, or begins with a determiner.
    let body = words[..and].iter().any(|word| word.capital() && organisation(&word.lower()))
        || rest.last().is_some_and(|word| word.capital() && organisation(&word.lower()));
    let lower = next.lower();
    let noun_before = noun(&before.lower()).is_some();
    let determined = DETERMINERS.contains(&lower.as_str());
    let name = before.capital() && next.capital() && !body;
    let last = words[..cut].last().is_some_and(|word| noun(&word.lower()).is_some_and(|noun| noun.plural));
    // "former secretary of state and candidate Hillary Clinton" is one person.
    let office = noun_before && !determined && named && !next.capital();
    let pronouns = ["he", "she", "they", "we", "i", "you"].contains(&before.lower().as_str());
    let title = noun(&lower).is_some_and(|noun| !noun.plural) && named;
    // "Chairman-in-Office and Minister Ann Lee"
    let offices = before.capital()
        && person(before)
        && rest[..rest.len() - 1].iter().any(person)
        && !person(&rest[rest.len() - 1]);
    let one = office || title || offices;
    (pronouns || ((determined || name || (last && noun_before)) && !one)).then_some(cut.min(and + 9))
}
