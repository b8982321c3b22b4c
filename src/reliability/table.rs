//! CSV tables, plain or compressed, read row by row.

use super::ReliabilityError;
use csv::ByteRecord;
use std::io::BufRead;
use std::path::{Path, PathBuf};

/// A CSV file whose columns are found by name.
pub(crate) struct TableReader {
    path: PathBuf,
    reader: csv::Reader<Box<dyn BufRead + Send>>,
    required: Vec<(&'static str, usize)>,
    optional: Vec<Option<usize>>,
    record: ByteRecord,
}

/// One row: the required fields, never empty, and then the optional ones.
pub(crate) struct Row<'a> {
    pub(crate) line: u64,
    required: Vec<&'a str>,
    optional: Vec<Option<&'a str>>,
}

impl<'a> Row<'a> {
    pub(crate) fn get(&self, i: usize) -> &'a str {
        self.required[i]
    }

    /// An optional field, unless it is absent or empty.
    pub(crate) fn optional(&self, i: usize) -> Option<&'a str> {
        self.optional[i].filter(|text| !text.is_empty())
    }
}

impl TableReader {
    /// Opens a table that has the `required` columns, and perhaps the `optional` ones.
    pub(crate) fn open(
        path: &Path,
        required: &[&'static str],
        optional: &[&'static str],
    ) -> Result<Self, ReliabilityError> {
        let io = |error| ReliabilityError::Io { path: path.into(), error };
        let mut reader = csv::ReaderBuilder::new().from_reader(crate::read::open(path).map_err(io)?);
        let header = reader.byte_headers().map_err(|e| broken(path, e))?.clone();
        let names: Vec<String> = header
            .iter()
            .map(|name| String::from_utf8_lossy(name).trim_start_matches('\u{feff}').trim().to_lowercase())
            .collect();
        let find = |name: &str| names.iter().position(|n| n == name);
        let mut places = Vec::new();
        for &name in required {
            let place = find(name).ok_or_else(|| ReliabilityError::Table {
                path: path.into(),
                reason: format!("no column `{name}`"),
                hint: format!(
                    "the first line names the columns {}{}",
                    required.join(","),
                    if optional.is_empty() { String::new() } else { format!("[,{}]", optional.join(",")) }
                ),
            })?;
            places.push((name, place));
        }
        let optional = optional.iter().map(|name| find(name)).collect();
        Ok(Self { path: path.into(), reader, required: places, optional, record: ByteRecord::new() })
    }

    /// The next row; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Row<'_>>, ReliabilityError> {
        if !self.reader.read_byte_record(&mut self.record).map_err(|e| broken(&self.path, e))? {
            return Ok(None);
        }
        let line = self.record.position().map_or(0, csv::Position::line);
        let fault = |reason: String, hint: &str| ReliabilityError::Row {
            path: self.path.clone(),
            line,
            reason,
            hint: hint.into(),
        };
        let text = |place: usize| -> Result<&str, ReliabilityError> {
            let bytes = self.record.get(place).unwrap_or_default();
            std::str::from_utf8(bytes)
                .map(str::trim)
                .map_err(|_| fault("text that is not UTF-8".into(), "save the table as UTF-8"))
        };
        let mut required = Vec::with_capacity(self.required.len());
        for &(name, place) in &self.required {
            let field = text(place)?;
            if field.is_empty() {
                return Err(fault(format!("`{name}` is empty"), "give it a value, or leave the row out"));
            }
            required.push(field);
        }
        let mut optional = Vec::with_capacity(self.optional.len());
        for place in &self.optional {
            optional.push(place.map(&text).transpose()?);
        }
        Ok(Some(Row { line, required, optional }))
    }
}

fn broken(path: &Path, error: csv::Error) -> ReliabilityError {
    let line = error.position().map_or(0, csv::Position::line);
    match error.into_kind() {
        csv::ErrorKind::Io(error) => ReliabilityError::Io { path: path.into(), error },
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => ReliabilityError::Row {
            path: path.into(),
            line,
            reason: format!("{len} fields where the first line has {expected_len}"),
            hint: "put a value that holds a comma or a line break in double quotes".into(),
        },
        other => ReliabilityError::Row {
            path: path.into(),
            line,
            reason: format!("not CSV: {other:?}"),
            hint: "write comma-separated values with a first line that names the columns".into(),
        },
    }
}
