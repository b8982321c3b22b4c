//! Formats of gold and prediction files, and which one a file has.

use super::row::Object;
use serde_json::Value;
use std::path::Path;

/// How a gold or prediction file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoldFormat {
    /// One JSON object a line, as veracity writes and docs/training.md describes.
    Jsonl,
    /// Comma-separated values with a header.
    Csv,
    /// Tab-separated values with a header.
    Tsv,
    /// Label Studio's export: JSON or JSON-MIN.
    LabelStudio,
    /// doccano's JSONL.
    Doccano,
    /// Prodigy's JSONL.
    Prodigy,
    /// brat's .txt and .ann, or a folder of them.
    Brat,
    /// Two columns without a header.
    Conll,
    /// GUM's CoNLL-U with discourse relations.
    Gum,
}

impl GoldFormat {
    /// The format of a file that begins with `start` (as many of its first bytes as are
    /// at hand); by its name, else by its first record.
    pub fn detect(path: &Path, start: &[u8]) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        if path.is_dir() || name.ends_with(".ann") {
            return Self::Brat;
        }
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        match ending {
            "csv" => return Self::Csv,
            "conllu" => return Self::Gum,
            "conll" | "iob" | "bio" => return Self::Conll,
            _ => {}
        }
        let text = String::from_utf8_lossy(start);
        let text = text.trim_start_matches('\u{feff}').trim_start();
        if text.starts_with('[') {
            return Self::LabelStudio;
        }
        if text.starts_with('{') {
            return Self::of_json(text.lines().next().unwrap_or_default());
        }
        let header = text.lines().next().unwrap_or_default();
        let columns: Vec<&str> = header.split('\t').map(str::trim).collect();
        let named = columns.iter().any(|name| matches!(*name, "text" | "article" | "doc_id" | "start"));
        if named && (ending == "tsv" || columns.len() > 2) { Self::Tsv } else { Self::Conll }
    }

    fn of_json(line: &str) -> Self {
        let Ok(record) = serde_json::from_str::<Object>(line) else { return Self::Jsonl };
        let has = |name: &str| record.contains_key(name);
        let list = |name: &str| record.get(name).is_some_and(Value::is_array);
        if has("data") && (has("annotations") || has("predictions")) {
            Self::LabelStudio
        } else if list("spans") || has("_task_hash") || has("_input_hash") || list("accept") {
            Self::Prodigy
        } else if list("label") || list("labels") || list("entities") {
            Self::Doccano
        } else {
            Self::Jsonl
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use GoldFormat as F;

    #[test]
    fn by_name_or_content() {
        let of = |name: &str, start: &str| F::detect(Path::new(name), start.as_bytes());
        assert_eq!(of("a.csv", "article,text"), F::Csv);
        assert_eq!(of("a.tsv", "article\ttext\tlabel\n"), F::Tsv);
        assert_eq!(of("a.tsv", "Rain fell.\tfact\n"), F::Conll);
        assert_eq!(of("a.txt.gz", "Rain fell.\tfact\n"), F::Conll);
        assert_eq!(of("a.conllu", "# newdoc id = a"), F::Gum);
        assert_eq!(of("a.ann", "T1\t"), F::Brat);
        assert_eq!(of("a.json", "[{\"id\": 1}]"), F::LabelStudio);
        assert_eq!(of("a.json", "{\"data\": {}, \"annotations\": []}"), F::LabelStudio);
        assert_eq!(of("a.jsonl", "{\"text\": \"x\", \"spans\": []}"), F::Prodigy);
        assert_eq!(of("a.jsonl", "{\"text\": \"x\", \"label\": [[0, 1, \"fact\"]]}"), F::Doccano);
        assert_eq!(of("a.jsonl", "{\"text\": \"x\", \"label\": \"fact\"}\n{"), F::Jsonl);
    }
}
