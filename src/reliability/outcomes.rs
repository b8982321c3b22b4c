//! What turned out to be true.

use super::table::TableReader;
use super::{Claims, Hierarchy, ReliabilityError};
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// What is known of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// Nothing.
    Open,
    /// The true value, as a place in [`Claims::texts`].
    Text(u32),
    /// A value that nobody claimed of anything: whoever claimed something was wrong.
    Unclaimed,
}

/// Confirmed values of objects.
#[derive(Debug, Default)]
pub struct Outcomes {
    known: Vec<Known>,
    /// The true values that nobody claimed, by object.
    unclaimed: HashMap<usize, String>,
    /// Values that are known to be wrong, whatever is right.
    wrong: HashSet<usize>,
    /// Objects of the outcomes on which there is no claim.
    pub without_claims: usize,
}

impl Outcomes {
    /// No outcome at all.
    pub fn none(claims: &Claims) -> Self {
        Self { known: vec![Known::Open; claims.objects.len()], ..Self::default() }
    }

    /// Reads `object,value`. Two different values of one object are an error that names
    /// both lines.
    pub fn read(path: &Path, claims: &Claims) -> Result<Self, ReliabilityError> {
        let mut table = TableReader::open(path, &["object", "value"], &[])?;
        let mut out = Self::none(claims);
        let mut seen: HashMap<String, (u64, String)> = HashMap::new();
        while let Some(row) = table.next()? {
            let (object, value) = (row.get(0), row.get(1));
            if let Some((line, first)) = seen.get(object) {
                if first == value {
                    continue;
                }
                return Err(ReliabilityError::Row {
                    path: path.into(),
                    line: row.line,
                    reason: format!("`{object}` is `{value}` here and `{first}` on line {line}"),
                    hint: "an object has one outcome; remove the wrong one of the two lines".into(),
                });
            }
            seen.insert(object.to_owned(), (row.line, value.to_owned()));
            out.set(claims, object, value);
        }
        if seen.is_empty() {
            return Err(ReliabilityError::Table {
                path: path.into(),
                reason: "no outcomes".into(),
                hint: "below the line object,value there is one outcome a line; or leave --outcomes out".into(),
            });
        }
        Ok(out)
    }

    /// Notes the outcome of an object.
    pub fn set(&mut self, claims: &Claims, object: &str, value: &str) {
        let Some(o) = claims.objects.get_index_of(object) else {
            self.without_claims += 1;
            return;
        };
        self.known[o] = match claims.texts.get_index_of(value) {
            Some(text) => Known::Text(text as u32),
            None => {
                self.unclaimed.insert(o, value.to_owned());
                Known::Unclaimed
            }
        };
    }

    /// What is known of an object.
    pub fn of(&self, object: usize) -> Known {
        self.known[object]
    }

    /// The true value of an object, where it is known.
    pub fn text<'a>(&'a self, claims: &'a Claims, object: usize) -> Option<&'a str> {
        match self.known[object] {
            Known::Open => None,
            Known::Text(text) => claims.texts.get_index(text as usize).map(String::as_str),
            Known::Unclaimed => self.unclaimed.get(&object).map(String::as_str),
        }
    }

    /// Notes that a value of an object is wrong, and no more.
    pub fn rule_out(&mut self, value: usize) {
        self.wrong.insert(value);
    }

    /// Whether a value is ruled out.
    pub fn is_wrong(&self, value: usize) -> bool {
        self.wrong.contains(&value)
    }

    /// Whether a value is right, where that is known. A value that holds the true one is
    /// right too.
    pub fn judge(&self, claims: &Claims, hierarchy: &Hierarchy, value: usize) -> Option<bool> {
        let object = claims.value_object[value] as usize;
        let said = claims.text_of(value);
        match self.text(claims, object) {
            Some(text) => Some(text == said || hierarchy.holds(said, text)),
            None => self.wrong.contains(&value).then_some(false),
        }
    }

    /// How many objects with claims have an outcome, and how many values of others are
    /// ruled out.
    pub fn len(&self) -> usize {
        self.known.iter().filter(|k| **k != Known::Open).count() + self.wrong.len()
    }

    /// Whether no object with claims has an outcome.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
