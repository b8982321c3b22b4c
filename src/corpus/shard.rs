//! A share of a corpus, by the identity of its articles.

use crate::article::Article;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Share `index` of `of`, from 1. Which share an article is in depends on its id alone, so
/// that articles with the same id stay together; an article without an id of its own is
/// known by file name and line. A row that cannot be read goes by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Shard {
    /// Which, from 1.
    pub index: u64,
    /// Of how many.
    pub of: u64,
}

impl Shard {
    /// Everything.
    pub const WHOLE: Self = Self { index: 1, of: 1 };

    /// Whether the shard has item number `position` of the input, from 0.
    pub fn has<E>(self, position: u64, item: &Result<Article, E>) -> bool {
        let key = match item {
            Ok(article) => {
                let hash = blake3::hash(article.id.as_bytes());
                let mut first = [0; 8];
                first.copy_from_slice(&hash.as_bytes()[..8]);
                u64::from_le_bytes(first)
            }
            Err(_) => position,
        };
        key % self.of == self.index - 1
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> Self {
        shard.to_string()
    }
}

impl TryFrom<String> for Shard {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(index, of)| Some((index.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((index, of)) if (1..=of).contains(&index) => Ok(Self { index, of }),
            _ => Err("expected I/N with I from 1 to N, such as 2/8".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_in_one_shard() {
        let article = |id: &str| Ok::<_, ()>(Article { id: id.into(), ..Article::default() });
        let mut sizes = [0; 4];
        for position in 0..400 {
            for item in [article(&format!("a{position}")), Err(())] {
                let owners: Vec<u64> = (1..=4).filter(|&index| Shard { index, of: 4 }.has(position, &item)).collect();
                assert_eq!(owners.len(), 1);
                sizes[owners[0] as usize - 1] += 1;
            }
        }
        assert!(sizes.iter().all(|size| (150..250).contains(size)), "{sizes:?}");
        let (x, y) = (article("x"), article("x"));
        let shard = Shard { index: 2, of: 3 };
        assert_eq!(shard.has(1, &x), shard.has(2, &y));
    }

    #[test]
    fn names() {
        assert_eq!("2/8".parse(), Ok(Shard { index: 2, of: 8 }));
        for bad in ["", "0/2", "3/2", "1", "1/0", "a/b", "1/2/3", "-1/2"] {
            assert!(bad.parse::<Shard>().is_err(), "{bad}");
        }
    }
}
