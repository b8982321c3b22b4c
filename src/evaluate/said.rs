//! Who says what, gold against predicted: attributions as rows name them.

use crate::article::Span;
use crate::attribute::{head_name, name_words};
use std::sync::Arc;

/// One attribution: its places, and the names of its source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// Place of the source's words.
    pub(crate) source: Option<Span>,
    /// Place of the cue.
    pub(crate) cue: Option<Span>,
    /// Place of the content, or of one piece of it.
    pub(crate) content: Option<Span>,
    /// The source's words.
    pub(crate) words: Option<Arc<str>>,
    /// The name of the source that is meant.
    pub(crate) entity: Option<Arc<str>>,
}

impl Said {
    /// Takes the source's words from a text and where it begins, where the row gives only
    /// their place.
    pub(crate) fn take_words(&mut self, from: Option<(usize, &str)>) {
        if let (None, Some(span), Some((start, text))) = (&self.words, self.source, from) {
            let own = span.start.checked_sub(start).and_then(|at| text.get(at..at + span.len()));
            self.words = own.map(Into::into);
        }
    }
}

/// An attribution with all pieces of its content.
#[derive(Debug)]
struct Whole<'a> {
    said: &'a Said,
    contents: Vec<Span>,
}

/// Pieces of content that share source and cue, put together. Without a cue each stays alone.
fn whole(all: &[Said]) -> Vec<Whole<'_>> {
    let mut found: Vec<Whole> = Vec::new();
    for said in all {
        let same =
            |other: &&mut Whole| said.cue.is_some() && other.said.cue == said.cue && other.said.source == said.source;
        match found.iter_mut().find(same) {
            Some(other) => other.contents.extend(said.content),
            None => found.push(Whole { said, contents: said.content.into_iter().collect() }),
        }
    }
    found
}

/// Bytes that two spans share.
fn shared(a: Span, b: Span) -> usize {
    a.end.min(b.end).saturating_sub(a.start.max(b.start))
}

/// How well two attributions are the same one: shared bytes of their cues first, then of
/// their contents; `None` when they share nothing.
fn likeness(gold: &Whole, pred: &Whole) -> Option<(usize, usize)> {
    let cue = match (gold.said.cue, pred.said.cue) {
        (Some(a), Some(b)) => shared(a, b),
        _ => 0,
    };
    let content = gold.contents.iter().flat_map(|a| pred.contents.iter().map(|b| shared(*a, *b))).sum();
    // Two cues that lie apart are two attributions, though one content may have both.
    let apart = gold.said.cue.is_some() && pred.said.cue.is_some() && cue == 0;
    (cue > 0 || content > 0 && !apart).then_some((cue, content))
}

/// Pairs (gold, predicted), each in at most one pair, the likest first.
fn pairs(gold: &[Whole], pred: &[Whole]) -> Vec<(usize, usize)> {
    let mut all: Vec<((usize, usize), usize, usize)> = Vec::new();
    for (g, one) in gold.iter().enumerate() {
        all.extend(pred.iter().enumerate().filter_map(|(p, other)| Some((likeness(one, other)?, g, p))));
    }
    all.sort_by(|a, b| b.0.cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut used_gold, mut used_pred) = (vec![false; gold.len()], vec![false; pred.len()]);
    let mut found = Vec::new();
    for (_, g, p) in all {
        if !used_gold[g] && !used_pred[p] {
            (used_gold[g], used_pred[p]) = (true, true);
            found.push((g, p));
        }
    }
    found
}

/// Whether two names are of the same source: equal, or all words of one are words of the
/// other, or one is the initials of the other. Both are reduced to their head names first.
pub(crate) fn same_name(gold: &str, pred: &str) -> bool {
    let head = |name: &str| head_name(name).map_or_else(|| name_words(name), |head| name_words(&head));
    let (gold, pred) = (head(gold), head(pred));
    let (short, long) = if gold.len() <= pred.len() { (&gold, &pred) } else { (&pred, &gold) };
    let initials = |words: &[String]| words.iter().filter_map(|word| word.chars().next()).collect::<String>();
    let acronym = long.len() > 1 && short.len() == 1 && short[0].chars().count() > 1 && initials(long) == short[0];
    !short.is_empty() && (acronym || short.iter().all(|word| long.contains(word)))
}

/// Counts of one article: right, predicted, gold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct NameCounts {
    /// Pairs whose source has the same name.
    pub(crate) right: u64,
    /// Counted predictions.
    pub(crate) pred: u64,
    /// Counted gold attributions.
    pub(crate) gold: u64,
}

/// Counts where gold names the source: a prediction that answers a gold attribution without
/// a name is left out.
pub(crate) fn named(gold: &[Said], pred: &[Said]) -> NameCounts {
    let names = |said: &Said| said.words.as_deref().and_then(head_name);
    let answer = |said: &Said| said.entity.as_deref().or(said.words.as_deref()).map(str::to_owned);
    let claims = |said: &Said| said.entity.as_deref().or(said.words.as_deref()).and_then(head_name).is_some();
    count(gold, pred, names, answer, claims, |gold, pred, _, _| same_name(gold, pred))
}

/// Counts over all gold attributions with a source: the same words, or the same source meant.
pub(crate) fn all(gold: &[Said], pred: &[Said]) -> NameCounts {
    let names = |said: &Said| said.words.as_deref().map(str::to_owned);
    let answer = |said: &Said| said.words.as_deref().or(said.entity.as_deref()).map(str::to_owned);
    let claims = |said: &Said| said.entity.is_some() || said.words.is_some();
    count(gold, pred, names, answer, claims, |words, answer, gold, pred| {
        let meant = match (&gold.entity, &pred.entity) {
            (Some(gold), Some(pred)) => same_name(gold, pred),
            (None, Some(pred)) => same_name(words, pred),
            _ => false,
        };
        meant || name_words(words) == name_words(answer)
    })
}

fn count(
    gold: &[Said],
    pred: &[Said],
    names: impl Fn(&Said) -> Option<String>,
    answer: impl Fn(&Said) -> Option<String>,
    claims: impl Fn(&Said) -> bool,
    same: impl Fn(&str, &str, &Said, &Said) -> bool,
) -> NameCounts {
    let (gold, pred) = (whole(gold), whole(pred));
    let wanted: Vec<Option<String>> = gold.iter().map(|one| names(one.said)).collect();
    let mut counted: Vec<bool> = pred.iter().map(|one| claims(one.said)).collect();
    let mut right = 0;
    for (g, p) in pairs(&gold, &pred) {
        let given = answer(pred[p].said);
        match (&wanted[g], given) {
            (Some(name), Some(given)) => {
                right += u64::from(counted[p] && same(name, &given, gold[g].said, pred[p].said))
            }
            (Some(_), None) => {}
            (None, _) => counted[p] = false,
        }
    }
    NameCounts {
        right,
        pred: counted.iter().filter(|counted| **counted).count() as u64,
        gold: wanted.iter().flatten().count() as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(words: Option<&str>, entity: Option<&str>, cue: (usize, usize), content: (usize, usize)) -> Said {
        Said {
            source: words.map(|words| Span::new(cue.0 + 500, cue.0 + 500 + words.len())),
            cue: Some(Span::new(cue.0, cue.1)),
            content: Some(Span::new(content.0, content.1)),
            words: words.map(Into::into),
            entity: entity.map(Into::into),
        }
    }

    #[test]
    fn names_are_compared_by_their_heads() {
        for (gold, pred) in [
            ("Mrs. Clinton", "Hillary Clinton"),
            ("Renato Agpaoa, a tunneler who saw it", "Agpaoa"),
            ("the AP", "Associated Press"),
            ("The New York Times", "New York Times"),
        ] {
            assert!(same_name(gold, pred), "{gold} {pred}");
        }
        assert!(!same_name("Bill Clinton", "Hillary Clinton"));
        assert!(!same_name("", ""));
    }

    /// Gold: a name that is found, a pronoun, a name that is missed. Predicted: the first by
    /// its entity, the second by a name (left out), and one that gold does not have.
    #[test]
    fn counts_by_hand() {
        let gold = [
            said(Some("Ann Lee"), None, (10, 14), (15, 30)),
            said(Some("she"), None, (40, 44), (45, 60)),
            said(Some("Bo Dahl"), None, (70, 74), (75, 90)),
        ];
        let pred = [
            said(Some("Lee"), Some("Ann Lee"), (10, 14), (15, 30)),
            said(Some("she"), Some("Ann Lee"), (40, 44), (45, 60)),
            said(Some("Cy"), Some("Cy"), (100, 104), (105, 110)),
        ];
        assert_eq!(named(&gold, &pred), NameCounts { right: 1, pred: 2, gold: 2 });
        assert_eq!(all(&gold, &pred), NameCounts { right: 2, pred: 3, gold: 3 });
    }

    #[test]
    fn pieces_of_one_content_are_one_attribution() {
        let gold = [said(Some("Ann"), None, (10, 14), (0, 9)), said(Some("Ann"), None, (10, 14), (20, 30))];
        assert_eq!(named(&gold, &gold[..1]), NameCounts { right: 1, pred: 1, gold: 1 });
    }

    #[test]
    fn words_come_from_the_sentence_where_only_their_place_is_given() {
        let mut one = Said { source: Some(Span::new(12, 15)), ..Said::default() };
        one.take_words(Some((10, "A Bob said")));
        assert_eq!(one.words.as_deref(), Some("Bob"));
        let mut far = Said { source: Some(Span::new(2, 5)), ..Said::default() };
        far.take_words(Some((10, "A Bob said")));
        assert_eq!(far.words, None);
    }
}
