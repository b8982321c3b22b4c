//! The table that `veracity sources` writes, for reports that show it.

use super::who::{Who, key};
use crate::error::ReadError;
use std::collections::HashMap;
use std::path::Path;

/// How far a source can be trusted.
#[derive(Clone, Debug, PartialEq)]
pub struct Trust {
    /// Expected share of its claims that is true.
    pub trust: f64,
    /// Lower end of the 90 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// The Admiralty's letter; empty where none is given.
    pub grade: String,
}

/// Trust of sources by name.
#[derive(Clone, Debug, Default)]
pub struct TrustTable(HashMap<String, Trust>);

impl TrustTable {
    /// Reads a trust.csv: `source`, `trust`, `low`, `high` and perhaps `grade`.
    pub fn read(path: &Path) -> Result<Self, ReadError> {
        let place = path.display().to_string();
        let file = std::fs::File::open(path).map_err(|error| ReadError::Io { place: place.clone(), error })?;
        let row = |line: u64, reason: String| ReadError::Row {
            place: place.clone(),
            line: line as usize,
            reason,
            hint: "give the trust.csv that `veracity sources` writes".into(),
        };
        let bad = |error: csv::Error| {
            let line = error.position().map_or(1, csv::Position::line);
            row(line, error.to_string())
        };
        let mut reader = csv::Reader::from_reader(file);
        let header = reader.headers().map_err(bad)?.clone();
        let find = |name: &str| header.iter().position(|column| column.trim_start_matches('\u{feff}').trim() == name);
        let place_of = |name: &str| find(name).ok_or_else(|| row(1, format!("no column `{name}`")));
        let columns = [place_of("source")?, place_of("trust")?, place_of("low")?, place_of("high")?];
        let grade = find("grade");
        let mut all = HashMap::new();
        for record in reader.records() {
            let record = record.map_err(bad)?;
            let line = record.position().map_or(1, csv::Position::line);
            let share = |at: usize| -> Result<f64, ReadError> {
                let text = record.get(columns[at]).unwrap_or_default().trim();
                let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
                share.ok_or_else(|| row(line, format!("`{text}` is no number from 0 to 1")))
            };
            let (trust, low, high) = (share(1)?, share(2)?, share(3)?);
            let grade = grade.and_then(|at| record.get(at)).unwrap_or_default().trim().to_owned();
            let source = record.get(columns[0]).unwrap_or_default();
            all.insert(key(source), Trust { trust, low, high, grade });
        }
        Ok(Self(all))
    }

    /// Whether nothing is known of anybody.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is known of a source: by its key, else by its name, else of its kind, for those who
    /// are judged as one.
    pub(crate) fn of(&self, who: &Who) -> Option<&Trust> {
        let kind = || who.kind.filter(|kind| kind.pooled()).and_then(|kind| self.0.get(&format!("({})", kind.name())));
        self.0.get(&who.key).or_else(|| self.0.get(&key(&who.name))).or_else(kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::SourceKind;

    fn read(text: &str) -> Result<TrustTable, ReadError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("trust.csv");
        std::fs::write(&path, text).unwrap();
        TrustTable::read(&path)
    }

    #[test]
    fn names_are_found_in_any_case() {
        let table = read("source,trust,low,high,grade\nThe Harbour Post,0.8,0.7,0.9,B\n").unwrap();
        let who = Who { key: "harbour-post".into(), name: "harbour post".into(), kind: None };
        assert_eq!(table.of(&who).unwrap().grade, "B");
    }

    /// "Officials" of any article go by the row of their kind; a person of no row is unknown.
    #[test]
    fn those_judged_as_one_go_by_their_kind() {
        let table = read("source,trust,low,high,grade\n(anonymous),0.4,0.1,0.7,F\n").unwrap();
        let who = |kind| Who { key: "officials".into(), name: "officials".into(), kind: Some(kind) };
        assert!(table.of(&who(SourceKind::Anonymous)).is_some());
        assert!(table.of(&who(SourceKind::Person)).is_none());
    }

    #[test]
    fn a_bad_row_is_named() {
        let error = read("source,trust,low,high\nx,2,0,1\n").unwrap_err().to_string();
        assert!(error.ends_with("trust.csv:2: `2` is no number from 0 to 1"), "{error}");
        let error = read("source,trust\n").unwrap_err().to_string();
        assert!(error.contains("no column `low`"), "{error}");
    }
}
