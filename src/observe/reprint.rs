//! Articles that are one text, or come from one agency.
//!
//! Shingles of five words and MinHash (Broder, On the resemblance and containment of
//! documents, 1997): 64 bands of two hashes find the candidates, the shared part of the
//! shorter text decides.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Words of a shingle.
const SHINGLE: usize = 5;
/// Bands of two hashes each.
const BANDS: usize = 64;
/// Share of the shorter text's shingles that must be in the longer.
const SHARED: f64 = 0.5;
/// Agencies that a credit may name without a dateline.
const AGENCIES: &[&str] = &[
    "reuters",
    "ap",
    "associated press",
    "the associated press",
    "afp",
    "agence france-presse",
    "upi",
    "dpa",
    "efe",
    "ansa",
    "tass",
    "xinhua",
    "kyodo",
    "yonhap",
    "interfax",
    "pa media",
    "bloomberg",
];

/// For each text the number of its group: texts of one group are one text.
pub(super) fn groups(texts: &[String]) -> Vec<usize> {
    let shingles: Vec<HashSet<u64>> = texts.iter().map(|t| shingles(t)).collect();
    let mut buckets: HashMap<(usize, u64, u64), Vec<usize>> = HashMap::new();
    for (i, set) in shingles.iter().enumerate().filter(|(_, s)| !s.is_empty()) {
        let least = |seed: u64| set.iter().map(|s| mix(s ^ mix(seed + 1))).min().unwrap_or(0);
        for band in 0..BANDS {
            let key = (band, least(2 * band as u64), least(2 * band as u64 + 1));
            buckets.entry(key).or_default().push(i);
        }
    }
    let mut group: Vec<usize> = (0..texts.len()).collect();
    let mut seen = HashSet::new();
    for bucket in buckets.values() {
        for (n, i) in bucket.iter().enumerate() {
            for j in &bucket[n + 1..] {
                if !seen.insert((*i, *j)) {
                    continue;
                }
                let shared = shingles[*i].intersection(&shingles[*j]).count() as f64;
                if shared >= SHARED * shingles[*i].len().min(shingles[*j].len()) as f64 {
                    join(&mut group, *i, *j);
                }
            }
        }
    }
    (0..texts.len()).map(|i| root(&group, i)).collect()
}

fn root(group: &[usize], mut i: usize) -> usize {
    while group[i] != i {
        i = group[i];
    }
    i
}

fn join(group: &mut [usize], i: usize, j: usize) {
    let (a, b) = (root(group, i), root(group, j));
    group[a.max(b)] = a.min(b);
}

fn shingles(text: &str) -> HashSet<u64> {
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
    let hash = |words: &[String]| {
        let mut hasher = DefaultHasher::new();
        words.hash(&mut hasher);
        hasher.finish()
    };
    words.windows(SHINGLE).map(hash).collect()
}

/// The finaliser of SplitMix64.
fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// The agency that an article's first or last sentences credit: "KOBE (Meridian) - ...",
/// "AP \u{2014} ...", "(Reuters)".
pub(super) fn credit(first: &str, last: &str) -> Option<String> {
    let dash = |text: &str| text.trim_start().starts_with(['-', '\u{2013}', '\u{2014}']);
    let known = |name: &str| AGENCIES.contains(&name.trim().to_lowercase().as_str());
    let head: String = first.chars().take(100).collect();
    if let Some((name, rest)) = head.split_once('(').and_then(|(_, rest)| rest.split_once(')')) {
        let short = (2..=30).contains(&name.len()) && name.starts_with(char::is_uppercase);
        if (short && dash(rest)) || known(name) {
            return Some(agency(name));
        }
    }
    if let Some(at) = head.find(['\u{2013}', '\u{2014}']).or_else(|| head.find(" - "))
        && known(&head[..at])
    {
        return Some(agency(&head[..at]));
    }
    let inside = last.rsplit_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(name, _)| name);
    let sign = last.trim_start_matches(['-', '\u{2013}', '\u{2014}', ' ']).trim_end_matches('.');
    inside.into_iter().chain([sign]).find(|name| known(name)).map(agency)
}

/// An agency's name in one form.
pub(super) fn agency(name: &str) -> String {
    let name = name.trim().to_lowercase();
    match name.strip_prefix("the ").unwrap_or(&name) {
        "associated press" => "ap".into(),
        "agence france-presse" => "afp".into(),
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_and_its_reprint_are_one() {
        let long = "Two ferries collided off the coast of Orla on Tuesday morning and eleven people were hurt, the coast \
                    guard said. The harbour stayed closed until noon while divers looked at the hull of the larger ship.";
        let short = "Two ferries collided off the coast of Orla on Tuesday morning and eleven people were hurt, the coast \
                     guard said.";
        let other = "Eleven passengers were injured when a pair of ferries hit each other near Orla, according to the coast \
                     guard, which closed the harbour for some hours.";
        assert_eq!(groups(&[long.into(), other.into(), short.into(), "Short.".into()]), [0, 1, 0, 3]);
    }

    #[test]
    fn credits_are_read() {
        for (first, last, want) in [
            ("BRAGANSELO, Portugal (Meridian) - A train struck a coach.", "", Some("meridian")),
            ("KOBE (Reuters) \u{2014} Two ferries collided.", "", Some("reuters")),
            ("AP \u{2014} Two ferries collided.", "", Some("ap")),
            ("Two ferries collided.", "The cause is not known. (AFP)", Some("afp")),
            ("Two ferries collided.", "\u{2014} The Associated Press", Some("ap")),
            ("Two ferries (one old) collided.", "It rained (a lot).", None),
            ("The court (sitting in Orla) - ruled.", "", None),
        ] {
            assert_eq!(credit(first, last).as_deref(), want, "{first} {last}");
        }
    }
}
