//! Formats of tables, told by the ending of a name.

use super::{CsvSink, JsonlSink, Lineage, Packed, Packing, ParquetSink, Per, Sink};
use std::fmt;
use std::io;
use std::path::Path;
use std::str::FromStr;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// JSON lines.
    Jsonl,
    /// CSV with a header.
    Csv,
    /// Parquet, which compresses by itself.
    Parquet,
}

/// A format of rows, and how the file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableFormat {
    /// The rows.
    pub rows: Rows,
    /// The compression; plain for Parquet.
    pub packing: Packing,
}

impl TableFormat {
    /// All there are.
    pub const ALL: [Self; 7] = [
        Self { rows: Rows::Jsonl, packing: Packing::Plain },
        Self { rows: Rows::Jsonl, packing: Packing::Gzip },
        Self { rows: Rows::Jsonl, packing: Packing::Zstd },
        Self { rows: Rows::Csv, packing: Packing::Plain },
        Self { rows: Rows::Csv, packing: Packing::Gzip },
        Self { rows: Rows::Csv, packing: Packing::Zstd },
        Self { rows: Rows::Parquet, packing: Packing::Plain },
    ];

    /// The format of a file of this name, where its ending tells one.
    pub fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        Self::ALL.into_iter().find(|format| {
            name.ends_with(&format!(".{format}"))
                || (format.rows == Rows::Jsonl && name.ends_with(&format!(".ndjson{}", format.packing.ending())))
        })
    }

    /// A sink for rows of this format, and what packs them: to be finished after the sink.
    pub fn sink(
        self,
        per: Per,
        lineage: &Lineage,
        out: Box<dyn io::Write + Send>,
    ) -> io::Result<(Box<dyn Sink + Send>, Packed)> {
        let packed = Packed::new(self.packing, out)?;
        let out = packed.clone();
        let sink: Box<dyn Sink + Send> = match self.rows {
            Rows::Jsonl => Box::new(JsonlSink::per(per, out)),
            Rows::Csv => Box::new(CsvSink::new(lineage.labels.clone(), per, out)),
            Rows::Parquet => Box::new(ParquetSink::new(lineage, per, out)?),
        };
        Ok((sink, packed))
    }
}

impl fmt::Display for TableFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = match self.rows {
            Rows::Jsonl => "jsonl",
            Rows::Csv => "csv",
            Rows::Parquet => "parquet",
        };
        write!(f, "{rows}{}", self.packing.ending())
    }
}

impl FromStr for TableFormat {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|format| format.to_string() == name);
        found.ok_or_else(|| format!("no format `{name}`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_tell_the_format() {
        for (name, want) in [
            ("a/labels.jsonl", "jsonl"),
            ("labels.NDJSON.gz", "jsonl.gz"),
            ("x.csv.zst", "csv.zst"),
            ("labels.parquet", "parquet"),
        ] {
            assert_eq!(TableFormat::of(Path::new(name)).unwrap().to_string(), want, "{name}");
        }
        for none in ["labels", "labels.json", "csv", "x.parquet.gz", "x.zst"] {
            assert_eq!(TableFormat::of(Path::new(none)), None, "{none}");
        }
        for format in TableFormat::ALL {
            assert_eq!(format.to_string().parse(), Ok(format));
        }
    }
}
