//! Claims as integer arrays: who says what of which object.

use super::ReliabilityError;
use super::table::TableReader;
use indexmap::IndexSet;
use rayon::slice::ParallelSliceMut;
use std::ops::Range;
use std::path::Path;

/// Claims, sorted by object and then by value, so that the claims of a value and the
/// values of an object are ranges. A source has at most one claim on an object.
#[derive(Debug, Default)]
pub struct Claims {
    /// Names of the sources.
    pub sources: IndexSet<String>,
    /// Names of the objects.
    pub objects: IndexSet<String>,
    /// Texts of all values, each once.
    pub texts: IndexSet<String>,
    /// Names of the kinds of sources; the first is the empty name.
    pub kinds: IndexSet<String>,
    /// Kind of each source.
    pub source_kind: Vec<u32>,
    /// Source of each claim.
    pub source: Vec<u32>,
    /// Value of each claim: a place in `value_text`.
    pub value: Vec<u32>,
    /// Text of each value.
    pub value_text: Vec<u32>,
    /// Object of each value.
    pub value_object: Vec<u32>,
    object: Vec<u32>,
    value_claims: Vec<u32>,
    object_values: Vec<u32>,
    source_offsets: Vec<u32>,
    source_list: Vec<u32>,
    /// Objects and texts of rows that a later row of the same source and object replaced.
    pub replaced: Vec<(u32, u32)>,
}

/// One row before it is put in its place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Raw {
    object: u32,
    source: u32,
    date: u32,
    row: u32,
    text: u32,
}

/// Collects claims row by row.
#[derive(Default)]
pub struct ClaimsBuilder {
    claims: Claims,
    dates: IndexSet<String>,
    rows: Vec<Raw>,
}

impl ClaimsBuilder {
    /// Adds a claim. `date` decides which of two claims of a source on an object counts:
    /// the one with the greater date, and of equal dates the later row.
    pub fn add(&mut self, source: &str, object: &str, value: &str, date: Option<&str>, kind: Option<&str>) {
        let c = &mut self.claims;
        if c.kinds.is_empty() {
            c.kinds.insert(String::new());
        }
        let s = intern(&mut c.sources, source);
        if s as usize == c.source_kind.len() {
            c.source_kind.push(0);
        }
        if let Some(kind) = kind {
            c.source_kind[s as usize] = intern(&mut c.kinds, kind);
        }
        // Rows of one object, or of one date, usually follow each other.
        let last = self.rows.last();
        let raw = Raw {
            object: intern_after(&mut c.objects, object, last.map(|r| r.object)),
            source: s,
            date: intern_after(&mut self.dates, date.unwrap_or_default(), last.map(|r| r.date)),
            row: u32::try_from(self.rows.len()).unwrap_or(u32::MAX),
            text: intern(&mut c.texts, value),
        };
        self.rows.push(raw);
    }

    /// Sorts the claims and builds the indices.
    pub fn build(self) -> Claims {
        let Self { mut claims, dates, mut rows } = self;
        let mut order: Vec<u32> = (0..dates.len() as u32).collect();
        order.sort_by(|a, b| dates.get_index(*a as usize).cmp(&dates.get_index(*b as usize)));
        let mut rank = vec![0; order.len()];
        for (r, d) in order.iter().enumerate() {
            rank[*d as usize] = r as u32;
        }
        for row in &mut rows {
            row.date = rank[row.date as usize];
        }
        rows.par_sort_unstable();
        // The last of a run of equal object and source stays.
        let mut kept = 0;
        for i in 0..rows.len() {
            let last = rows.get(i + 1).is_none_or(|n| (n.object, n.source) != (rows[i].object, rows[i].source));
            if last {
                rows[kept] = rows[i];
                kept += 1;
            } else {
                claims.replaced.push((rows[i].object, rows[i].text));
            }
        }
        rows.truncate(kept);
        rows.par_sort_unstable_by_key(|r| (r.object, r.text, r.source));
        claims.index(&rows);
        claims
    }
}

impl Claims {
    fn index(&mut self, rows: &[Raw]) {
        self.object_values.push(0);
        for row in rows {
            let new = match (self.value_text.last(), self.value_object.last()) {
                (Some(text), Some(object)) => (*object, *text) != (row.object, row.text),
                _ => true,
            };
            if new {
                while self.object_values.len() <= row.object as usize {
                    self.object_values.push(self.value_text.len() as u32);
                }
                self.value_claims.push(self.source.len() as u32);
                self.value_text.push(row.text);
                self.value_object.push(row.object);
            }
            self.source.push(row.source);
            self.object.push(row.object);
            self.value.push(self.value_text.len() as u32 - 1);
        }
        self.value_claims.push(self.source.len() as u32);
        while self.object_values.len() <= self.objects.len() {
            self.object_values.push(self.value_text.len() as u32);
        }
        self.source_offsets = vec![0; self.sources.len() + 1];
        for s in &self.source {
            self.source_offsets[*s as usize + 1] += 1;
        }
        for s in 0..self.sources.len() {
            self.source_offsets[s + 1] += self.source_offsets[s];
        }
        let mut next = self.source_offsets.clone();
        self.source_list = vec![0; self.source.len()];
        for (i, s) in self.source.iter().enumerate() {
            self.source_list[next[*s as usize] as usize] = i as u32;
            next[*s as usize] += 1;
        }
    }

    /// Reads `source,object,value[,date,kind]`.
    pub fn read(path: &Path) -> Result<Self, ReliabilityError> {
        let mut table = TableReader::open(path, &["source", "object", "value"], &["date", "kind"])?;
        let mut builder = ClaimsBuilder::default();
        while let Some(row) = table.next()? {
            builder.add(row.get(0), row.get(1), row.get(2), row.optional(0), row.optional(1));
        }
        if builder.rows.is_empty() {
            return Err(ReliabilityError::Table {
                path: path.into(),
                reason: "no claims".into(),
                hint: "below the line source,object,value there is one claim a line".into(),
            });
        }
        Ok(builder.build())
    }

    /// Number of claims.
    pub fn len(&self) -> usize {
        self.source.len()
    }

    /// Whether there is no claim.
    pub fn is_empty(&self) -> bool {
        self.source.is_empty()
    }

    /// Number of values: pairs of an object and a text that is claimed of it.
    pub fn values(&self) -> usize {
        self.value_text.len()
    }

    /// Values of an object.
    pub fn values_of(&self, object: usize) -> Range<usize> {
        self.object_values[object] as usize..self.object_values[object + 1] as usize
    }

    /// Claims of a value.
    pub fn claims_of(&self, value: usize) -> Range<usize> {
        self.value_claims[value] as usize..self.value_claims[value + 1] as usize
    }

    /// Claims on an object.
    pub fn claims_on(&self, object: usize) -> Range<usize> {
        let values = self.values_of(object);
        self.value_claims[values.start] as usize..self.value_claims[values.end] as usize
    }

    /// Claims of a source.
    pub fn claims_by(&self, source: usize) -> &[u32] {
        &self.source_list[self.source_offsets[source] as usize..self.source_offsets[source + 1] as usize]
    }

    /// Object of a claim.
    pub fn object_of(&self, claim: usize) -> usize {
        self.object[claim] as usize
    }

    /// Text of a value.
    pub fn text_of(&self, value: usize) -> &str {
        self.texts.get_index(self.value_text[value] as usize).map_or("", String::as_str)
    }
}

/// The place of a name that is probably the `last` one again.
fn intern_after(set: &mut IndexSet<String>, name: &str, last: Option<u32>) -> u32 {
    last.filter(|at| set.get_index(*at as usize).is_some_and(|n| n == name)).unwrap_or_else(|| intern(set, name))
}

fn intern(set: &mut IndexSet<String>, name: &str) -> u32 {
    let at = match set.get_index_of(name) {
        Some(at) => at,
        None => set.insert_full(name.to_owned()).0,
    };
    at as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_and_lists_agree() {
        let mut builder = ClaimsBuilder::default();
        for (s, o, v) in [("a", "x", "1"), ("b", "x", "2"), ("b", "y", "1"), ("c", "x", "1"), ("a", "y", "3")] {
            builder.add(s, o, v, None, None);
        }
        let c = builder.build();
        assert_eq!((c.len(), c.values()), (5, 4));
        for o in 0..c.objects.len() {
            for v in c.values_of(o) {
                assert_eq!(c.value_object[v] as usize, o);
                assert!(c.claims_of(v).all(|i| c.value[i] as usize == v && c.object_of(i) == o));
            }
        }
        let by: usize = (0..c.sources.len()).map(|s| c.claims_by(s).len()).sum();
        assert_eq!(by, 5);
        assert!(c.claims_by(1).iter().all(|i| c.source[*i as usize] == 1));
        assert_eq!(c.claims_on(0).len(), 3);
    }

    #[test]
    fn the_latest_date_counts_and_then_the_last_row() {
        let mut builder = ClaimsBuilder::default();
        builder.add("a", "x", "new", Some("2024-02-01"), None);
        builder.add("a", "x", "old", Some("2023-02-01"), None);
        builder.add("b", "x", "first", None, None);
        builder.add("b", "x", "second", None, None);
        let c = builder.build();
        let texts: Vec<&str> = (0..c.values()).map(|v| c.text_of(v)).collect();
        assert_eq!((texts, c.replaced.len()), (vec!["new", "second"], 2));
    }
}
