//! What the words of a cue say of where its source stands.

/// Where the source of a cue is to be looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Either side; before it rather than after.
    Any,
    /// After it: "according to", "was reported by".
    After,
    /// After it, with him who passes it on before it: "quoted officials as saying", "citing".
    Quotes,
    /// Before it, with him who passes it on after it: "was quoted by the paper as saying".
    Quoted,
    /// Nobody is named: "was expected", "reportedly".
    Nobody,
}

const BE: [&str; 12] = ["is", "are", "was", "were", "been", "be", "being", "’s", "'s", "’re", "'re", "s"];

/// Participles after "is" or "was" that tell of the subject's own mind.
const OF_MIND: [&str; 30] = [
    "worried",
    "concerned",
    "convinced",
    "impressed",
    "divided",
    "inclined",
    "outraged",
    "shocked",
    "scared",
    "assured",
    "dedicated",
    "devoted",
    "outspoken",
    "startled",
    "surprised",
    "pleased",
    "excited",
    "disappointed",
    "committed",
    "frustrated",
    "determined",
    "opposed",
    "tempted",
    "satisfied",
    "interested",
    "alarmed",
    "relieved",
    "confused",
    "prepared",
    "united",
];

const IRREGULAR: [&str; 16] = [
    "said",
    "told",
    "thought",
    "seen",
    "known",
    "held",
    "made",
    "given",
    "understood",
    "felt",
    "shown",
    "heard",
    "written",
    "sworn",
    "found",
    "taught",
];

/// Reads a cue.
pub(super) fn side(cue: &str) -> Side {
    let lower = cue.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’' | '-'))
        .filter(|word| !word.is_empty())
        .collect();
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return Side::Any };
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let passive = words.iter().position(|word| BE.contains(word)).and_then(|at| {
        words[at + 1..].iter().find(|word| {
            IRREGULAR.contains(word)
                || word.len() > 4 && (word.ends_with("ed") || word.ends_with("en"))
                || **word == "quoted"
        })
    });
    if has(&["quoted", "cited"]) && passive.is_some() {
        return Side::Quoted;
    }
    if *first == "quoting" || *first == "citing" || has(&["quotes", "quoted", "cites", "cited", "citing", "quoting"]) {
        return Side::Quotes;
    }
    if matches!(*first, "according" | "per" | "by" | "from") || *last == "by" {
        return Side::After;
    }
    match passive {
        Some(participle) if !OF_MIND.contains(participle) && !has(&["saying"]) => Side::Nobody,
        _ if words.len() == 1
            && ["reportedly", "allegedly", "supposedly", "purportedly", "rumoured", "rumored"].contains(first) =>
        {
            Side::Nobody
        }
        _ => Side::Any,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides() {
        for (cue, want) in [
            ("said", Side::Any),
            ("According to", Side::After),
            ("was first reported by", Side::After),
            ("was expected to", Side::Nobody),
            ("is worried", Side::Any),
            ("allegedly", Side::Nobody),
            ("quoted", Side::Quotes),
            ("was quoted as saying", Side::Quoted),
            ("citing", Side::Quotes),
            ("", Side::Any),
        ] {
            assert_eq!(side(cue), want, "{cue}");
        }
    }
}
