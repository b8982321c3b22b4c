//! `manifest.json`: what a folder was made of, and which parts of it count.

use super::error::CorpusError;
use super::inputs::InputFile;
use super::reject::{Kind, Reject};
use super::shard::Shard;
use crate::label::LabelledArticle;
use crate::write::{Lineage, PartialFile, TableFormat};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

/// Name of the file in the folder.
pub const MANIFEST: &str = "manifest.json";
/// Version of its form.
const VERSION: u32 = 1;

/// Everything that decides what is in the parts. A run goes on only with the same plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Model and arithmetic.
    pub lineage: Lineage,
    /// What is written how.
    pub settings: Settings,
    /// What is read, in order.
    pub inputs: Vec<InputFile>,
}

/// How a corpus is read, cut and written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Format of the parts, which is also the ending of their names.
    pub format: String,
    /// `sentence` or `article`.
    pub per: String,
    /// Items of the input in a part: articles, and rows or files that cannot be read.
    pub part_size: u64,
    /// Share of the corpus.
    pub shard: Shard,
    /// How the inputs are read.
    pub read: String,
    /// Fingerprint of the names that are of one source, where some are given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aliases: Option<String>,
}

/// Numbers of a part, or of several.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Articles that were labelled.
    pub articles: u64,
    /// Their sentences.
    pub sentences: u64,
    /// Sentences by label.
    pub labels: BTreeMap<String, u64>,
    /// Rows that could not be read.
    pub bad_rows: u64,
    /// Files that could not be read.
    pub bad_files: u64,
    /// Articles that could not be labelled.
    pub failed: u64,
}

/// A part that counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its name in the folder.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// BLAKE3 of its bytes.
    pub blake3: String,
    /// What is in it.
    #[serde(flatten)]
    pub counts: Counts,
    /// Length of `rejects.jsonl` with the rejects of this part and all before it.
    pub rejects_end: u64,
    /// Of a shard: for each article that has a row, how far its number in the input is from
    /// that of the one before it (of the first in the part: from 0).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<u64>,
}

/// The file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the form.
    manifest: u32,
    /// What the folder is made of.
    #[serde(flatten)]
    pub plan: Plan,
    /// Whether the input was read to its end.
    pub complete: bool,
    /// The parts that count, in order.
    pub parts: Vec<Part>,
}

impl Manifest {
    /// Nothing is done yet.
    pub const fn new(plan: Plan) -> Self {
        Self { manifest: VERSION, plan, complete: false, parts: Vec::new() }
    }

    /// Reads the manifest of a folder; `None` when it has none.
    pub fn read(dir: &Path) -> Result<Option<Self>, CorpusError> {
        let path = dir.join(MANIFEST);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(CorpusError::Io { path, error }),
        };
        let bad = |reason: String| CorpusError::Manifest { path: path.clone(), reason };
        let value: Value = serde_json::from_slice(&bytes).map_err(|error| bad(format!("broken JSON: {error}")))?;
        if value.get("manifest").and_then(Value::as_u64) != Some(VERSION.into()) {
            return Err(bad(format!("not a manifest of version {VERSION}")));
        }
        let manifest: Self = serde_json::from_value(value).map_err(|error| bad(error.to_string()))?;
        manifest.check().map_err(bad)?;
        Ok(Some(manifest))
    }

    /// What the types do not say.
    fn check(&self) -> Result<(), String> {
        if self.plan.settings.part_size == 0 {
            return Err("part_size is 0".into());
        }
        if !self.plan.lineage.min_confidence.is_finite() {
            return Err("min_confidence is not a number that veracity writes".into());
        }
        // A part elsewhere, or one that is a device, would be read as if it were ours.
        let plain = |name: &str| name.starts_with("part-") && !name.contains(std::path::is_separator);
        match self.parts.iter().find(|part| !plain(&part.file)) {
            Some(part) => Err(format!("`{}` is not the name of a part in this folder", part.file)),
            None => Ok(()),
        }
    }

    /// Replaces the manifest of a folder, in one step; it is durable when this returns.
    pub fn write(&self, dir: &Path) -> Result<(), CorpusError> {
        let path = dir.join(MANIFEST);
        let bytes = self.to_bytes();
        let mut file = PartialFile::create(&path, []).map_err(from_write)?;
        let done = file.write_all(&bytes);
        done.map_err(|error| from_write(file.error(error)))?;
        file.commit().map_err(from_write)
    }

    /// One line a part, so that people can read it.
    fn to_bytes(&self) -> Vec<u8> {
        let mut text = format!("{{\"manifest\": {VERSION},\n \"lineage\": {},\n", line(&self.plan.lineage));
        text.push_str(&format!(" \"settings\": {},\n \"inputs\": [", line(&self.plan.settings)));
        list(&mut text, &self.plan.inputs);
        text.push_str(&format!("],\n \"complete\": {},\n \"parts\": [", self.complete));
        list(&mut text, &self.parts);
        text.push_str("]}\n");
        text.into_bytes()
    }

    /// Sums over all parts.
    pub fn counts(&self) -> Counts {
        self.parts.iter().fold(Counts::default(), |mut sum, part| {
            sum.add(&part.counts);
            sum
        })
    }

    /// The format of the parts.
    pub fn format(&self) -> Result<TableFormat, String> {
        self.plan.settings.format.parse()
    }
}

impl Plan {
    /// What differs between two plans: name, what it is here, what it is there.
    pub fn difference(&self, other: &Self) -> Option<(String, String, String)> {
        for (a, b) in self.inputs.iter().zip(&other.inputs) {
            if a != b && a.path == b.path {
                let of = |file: &InputFile| {
                    let hash = file.blake3.as_deref().map_or("unreadable", |hash| hash.get(..12).unwrap_or(hash));
                    format!("{} bytes ({hash})", file.bytes)
                };
                return Some((format!("input {}", a.path), of(a), of(b)));
            }
        }
        if self.inputs != other.inputs {
            let names = |plan: &Self| match plan.inputs.as_slice() {
                [] => "no file".to_owned(),
                [one] => one.path.clone(),
                [first, rest @ ..] => format!("{} and {} more", first.path, rest.len()),
            };
            return Some(("the list of inputs".into(), names(self), names(other)));
        }
        let values = |plan: &Self| serde_json::to_value(plan).unwrap_or_default();
        first_difference("", &values(self), &values(other))
    }
}

fn first_difference(path: &str, a: &Value, b: &Value) -> Option<(String, String, String)> {
    match (a, b) {
        (Value::Object(left), Value::Object(right)) => {
            let mut keys = left.keys().chain(right.keys());
            keys.find_map(|key| {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                let value = |map: &serde_json::Map<String, Value>| map.get(key).cloned().unwrap_or_default();
                first_difference(&path, &value(left), &value(right))
            })
        }
        _ if a == b => None,
        _ => Some((path.into(), a.to_string(), b.to_string())),
    }
}

fn list<T: Serialize>(text: &mut String, items: &[T]) {
    for (at, item) in items.iter().enumerate() {
        text.push_str(if at == 0 { "\n  " } else { ",\n  " });
        text.push_str(&line(item));
    }
}

fn line(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

impl Counts {
    /// Counts a labelled article.
    pub fn article(&mut self, article: &LabelledArticle) {
        self.articles += 1;
        self.sentences += article.sentences.len() as u64;
        for row in &article.sentences {
            *self.labels.entry(row.label.clone()).or_default() += 1;
        }
    }

    /// Counts a reject.
    pub fn reject(&mut self, reject: &Reject) {
        match reject.kind() {
            Kind::Row => self.bad_rows += 1,
            Kind::File => self.bad_files += 1,
            Kind::Failed => self.failed += 1,
        }
    }

    /// Rejects of all kinds.
    pub const fn rejects(&self) -> u64 {
        self.bad_rows.saturating_add(self.bad_files).saturating_add(self.failed)
    }

    /// Adds the numbers of another part. They come from a file: a sum too large is cut off.
    pub fn add(&mut self, other: &Self) {
        let add = |sum: &mut u64, count: u64| *sum = sum.saturating_add(count);
        add(&mut self.articles, other.articles);
        add(&mut self.sentences, other.sentences);
        add(&mut self.bad_rows, other.bad_rows);
        add(&mut self.bad_files, other.bad_files);
        add(&mut self.failed, other.failed);
        for (label, count) in &other.labels {
            add(self.labels.entry(label.clone()).or_default(), *count);
        }
    }
}

/// A failed write of a file of the folder.
pub(super) fn from_write(error: crate::write::WriteError) -> CorpusError {
    use crate::write::WriteError;
    match error {
        WriteError::Io { path, error } => CorpusError::Io { path, error },
        WriteError::OverInput { path } | WriteError::Folder { path } => {
            let error = std::io::Error::from(std::io::ErrorKind::IsADirectory);
            CorpusError::Io { path, error }
        }
    }
}
