//! What a source does with what it is said to say: assert it, deny it, or hold it possible.

use super::words::Words;
use serde::Serialize;

/// What a statement does with its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stance {
    /// Says that it is so.
    Assert,
    /// Says that it is not so.
    Deny,
    /// Says that it may be so: neither right nor wrong afterwards.
    Hedge,
}

/// Stems of cues that say the content is not so.
const DENY: &[&str] =
    &["den", "reject", "dismiss", "refut", "disput", "rebut", "debunk", "contradict", "disavow", "denial"];
/// Stems of cues that hold the content possible.
const HEDGE: &[&str] = &[
    "suspect", "believ", "think", "thought", "fear", "suggest", "speculat", "expect", "hop", "predict", "forecast",
    "guess", "assum", "doubt", "hint", "consider",
];
/// Stems of cues whose content is no claim.
const NO_CLAIM: &[&str] = &[
    "ask", "urg", "demand", "declin", "refus", "wonder", "thank", "promis", "pledg", "vow", "order", "invit", "want",
    "request", "appeal",
];

/// What a cue does with its content; `None` when the content is no claim.
pub(super) fn of_cue(cue: Option<&str>, content: &str, words: &Words) -> Option<Stance> {
    if content.trim_end_matches(['"', '\u{201d}', '\'', '\u{2019}', ' ']).ends_with('?') {
        return None;
    }
    let stems: Vec<String> = cue
        .unwrap_or_default()
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(super::words::stem)
        .collect();
    let has = |list: &[&str]| stems.iter().any(|s| list.contains(&s.as_str()));
    if has(NO_CLAIM) || (has(&["call"]) && has(&["on", "for"])) {
        None
    } else if has(DENY) || (has(&["rul"]) && has(&["out"])) {
        Some(Stance::Deny)
    } else if has(HEDGE) || words.hedged {
        Some(Stance::Hedge)
    } else {
        Some(Stance::Assert)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cues_tell_the_stance() {
        for (cue, content, stance) in [
            ("said", "The barrier was open.", Some(Stance::Assert)),
            ("denied", "that the barrier was open", Some(Stance::Deny)),
            ("rejected any suggestion", "that it had failed", Some(Stance::Deny)),
            ("ruled out", "sabotage", Some(Stance::Deny)),
            ("suspects", "that the log was changed", Some(Stance::Hedge)),
            ("said", "The log may have been changed.", Some(Stance::Hedge)),
            ("asked", "whether the log was changed", None),
            ("called for", "an inquiry", None),
            ("said", "\u{201c}Who knows?\u{201d}", None),
        ] {
            assert_eq!(of_cue(Some(cue), content, &Words::of(content)), stance, "{cue} {content}");
        }
    }
}
