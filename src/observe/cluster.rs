//! Which statements are about one thing, and which of those say the same of it.
//!
//! Words weigh by how rare they are (inverse document frequency); two statements are as
//! alike as the cosine of their words. Pairs are looked at only where they share a name, a
//! number, a date or a rare word. Clusters grow by average linkage.

use super::words::Words;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Mean likeness from which two clusters are about one thing.
pub const ALIKE: f64 = 0.35;
/// Likeness of two articles, by all their words, from which they may tell of one thing: on
/// NewsDiscourse dev (100 articles) 3 % of the pairs reach it.
const STORY: f64 = 0.12;
/// How rare an article's words are is told as if there were at least so many articles: where
/// all are of one story, its words are not common ones.
const ARTICLES: usize = 300;
/// Words and numbers that statements of two articles share at least, unless they share all.
const SHARED: usize = 3;
/// Keys that more statements than this share block nothing.
const CROWD: usize = 300;

/// How alike two statements are, 0 to 1.
pub(super) struct Likeness<'a> {
    words: &'a [Words],
    rarity: HashMap<&'a str, f64>,
    norm: Vec<f64>,
}

impl<'a> Likeness<'a> {
    pub(super) fn new(words: &'a [Words]) -> Self {
        Self::among(words, 0)
    }

    /// Rarity as if there were at least `least` texts.
    fn among(words: &'a [Words], least: usize) -> Self {
        let mut seen: HashMap<&str, usize> = HashMap::new();
        words.iter().flat_map(|w| &w.terms).for_each(|t| *seen.entry(t).or_default() += 1);
        let all = words.len().max(least) as f64;
        let rarity: HashMap<&str, f64> =
            seen.into_iter().map(|(t, n)| (t, ((all + 1.0) / (n as f64 + 0.5)).ln())).collect();
        let norm =
            words.iter().map(|w| w.terms.iter().map(|t| rarity[t.as_str()].powi(2)).sum::<f64>().sqrt()).collect();
        Self { words, rarity, norm }
    }

    pub(super) fn of(&self, i: usize, j: usize) -> f64 {
        let common = self.words[i].terms.intersection(&self.words[j].terms);
        let product: f64 = common.map(|t| self.rarity[t.as_str()].powi(2)).sum();
        if product > 0.0 { product / (self.norm[i] * self.norm[j]) } else { 0.0 }
    }

    /// Whether two statements share enough for it not to be chance.
    fn telling(&self, i: usize, j: usize) -> bool {
        let (a, b) = (&self.words[i], &self.words[j]);
        // Names are among the terms.
        let numbers = a.keys.intersection(&b.keys).filter(|key| !key.starts_with("n:")).count();
        numbers + a.terms.intersection(&b.terms).count() >= SHARED || a.terms == b.terms
    }

    /// Pairs that share something telling, `i < j`.
    fn candidates(&self) -> Vec<(usize, usize)> {
        let rare = (self.words.len() / 50).max(4);
        let mut blocks: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (i, w) in self.words.iter().enumerate() {
            w.keys.iter().chain(&w.terms).for_each(|k| blocks.entry(k).or_default().push(i));
        }
        let mut pairs = HashSet::new();
        for (key, block) in blocks {
            // Keys have a mark at their start, plain words have none.
            let most = if key.contains([':', '#']) { CROWD } else { rare };
            if block.len() <= most {
                for (n, i) in block.iter().enumerate() {
                    pairs.extend(block[n + 1..].iter().map(|j| (*i, *j)));
                }
            }
        }
        pairs.into_iter().collect()
    }
}

/// Groups of statements that are about one thing, each in order, by their first. `article`
/// says where a statement stands, and `articles` what is in these: short statements may share
/// their words by chance, and then the articles around them share little.
pub(super) fn clusters(words: &[Words], article: &[usize], articles: &[Words]) -> Vec<Vec<usize>> {
    let (likeness, stories) = (Likeness::new(words), Likeness::among(articles, ARTICLES));
    let mut known: HashMap<(usize, usize), bool> = HashMap::new();
    let mut one_story =
        |a: usize, b: usize| *known.entry((a.min(b), a.max(b))).or_insert_with(|| stories.of(a, b) >= STORY);
    let mut may_meet =
        |i: usize, j: usize| article[i] == article[j] || (likeness.telling(i, j) && one_story(article[i], article[j]));
    let mut links: Vec<(f64, usize, usize)> = likeness
        .candidates()
        .into_iter()
        .map(|(i, j)| (likeness.of(i, j), i, j))
        .filter(|(s, i, j)| *s >= ALIKE && may_meet(*i, *j))
        .collect();
    links.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut of: Vec<usize> = (0..words.len()).collect();
    let mut members: Vec<Vec<usize>> = (0..words.len()).map(|i| vec![i]).collect();
    for (_, i, j) in links {
        let (a, b) = (of[i].min(of[j]), of[i].max(of[j]));
        if a == b {
            continue;
        }
        let pairs = members[a].iter().flat_map(|i| members[b].iter().map(|j| likeness.of(*i, *j)));
        let mean = pairs.sum::<f64>() / (members[a].len() * members[b].len()) as f64;
        if mean >= ALIKE {
            let moved = std::mem::take(&mut members[b]);
            moved.iter().for_each(|i| of[*i] = a);
            members[a].extend(moved);
        }
    }
    members.retain(|m| !m.is_empty());
    members.iter_mut().for_each(|m| m.sort_unstable());
    members.sort_by_key(|m| m[0]);
    members
}

/// What is said of one thing.
#[derive(Debug, Default)]
pub(super) struct Version {
    /// Whether it says "not".
    pub(super) negative: bool,
    pub(super) members: Vec<usize>,
}

/// The versions of one thing: "not" against its contrary, and numbers that cannot be right
/// together. A statement without numbers belongs to none where there are several to choose
/// from.
pub(super) fn versions(members: &[usize], words: &[Words], negative: impl Fn(usize) -> bool) -> Vec<Version> {
    let mut out: Vec<Version> = Vec::new();
    let (numbered, plain): (Vec<usize>, Vec<usize>) =
        members.iter().copied().partition(|i| !words[*i].numbers.is_empty());
    for i in numbered {
        let fits =
            |v: &&mut Version| v.negative == negative(i) && v.members.iter().all(|j| !words[i].contradicts(&words[*j]));
        match out.iter_mut().find(fits) {
            Some(version) => version.members.push(i),
            None => out.push(Version { negative: negative(i), members: vec![i] }),
        }
    }
    for i in plain {
        let mut same = out.iter_mut().filter(|v| v.negative == negative(i));
        match (same.next(), same.next()) {
            (Some(version), None) => version.members.push(i),
            (None, _) => out.push(Version { negative: negative(i), members: vec![i] }),
            (Some(_), Some(_)) => {}
        }
    }
    out.iter_mut().for_each(|v| v.members.sort_unstable());
    out.sort_by_key(|v| v.members[0]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: [&str; 6] = [
        "Two ferries collided off Orla on Tuesday, hurting eleven people.",
        "The operator ignored three warnings about the radar.",
        "Eleven people were hurt when two ferries collided near Orla.",
        "Twelve people were hurt when two ferries collided near Orla.",
        "The operator did not ignore warnings about the radar.",
        "Orla's port handles a fifth of the country's containers.",
    ];

    #[test]
    fn statements_on_one_thing_meet_and_their_versions_part() {
        let words: Vec<Words> = SAID.iter().map(|t| Words::of(t)).collect();
        let found = clusters(&words, &[0; 6], &[Words::default()]);
        assert_eq!(found, [vec![0, 2, 3], vec![1, 4], vec![5]]);
        let parts = |n: usize| -> Vec<Vec<usize>> {
            versions(&found[n], &words, |i| words[i].negated).into_iter().map(|v| v.members).collect()
        };
        assert_eq!(parts(0), [vec![0, 2], vec![3]]);
        assert_eq!(parts(1), [vec![1], vec![4]]);
    }

    #[test]
    fn no_number_takes_no_side() {
        let said = ["11 people were hurt.", "12 people were hurt.", "People were hurt."];
        let words: Vec<Words> = said.iter().map(|t| Words::of(t)).collect();
        let all: usize = versions(&[0, 1, 2], &words, |_| false).iter().map(|v| v.members.len()).sum();
        assert_eq!(all, 2);
    }
}
