//! Two columns with a tab between them, as shared tasks write them.
//!
//! Either a line is a sentence and its label (or label and sentence, as in PubMed RCT),
//! and a blank line ends an article; or a line is a word and its tag (B-, I- and O are
//! understood), and a blank line ends a sentence, which has the label that its tags name.
//! `# newdoc id = NAME`, `###NAME` and `-DOCSTART-` begin an article.

use super::row::{Fault, Object};
use super::{Emit, Wanted};
use crate::evaluate::EvaluateError;
use serde_json::{Value, json};
use std::io::{BufRead, Read};
use std::path::Path;

/// Reads a file.
pub(super) fn read(
    path: &Path,
    mut bytes: Box<dyn BufRead>,
    wanted: &Wanted,
    emit: &mut Emit,
) -> Result<(), EvaluateError> {
    let mut text = String::new();
    bytes.read_to_string(&mut text).map_err(|error| EvaluateError::Io { path: path.into(), error })?;
    let columns = |line: &str| -> Option<(String, String)> {
        let (first, rest) = line.split_once('\t')?;
        let last = rest.rsplit('\t').next()?;
        Some((first.trim().to_owned(), last.trim().to_owned()))
    };
    let rows = || text.lines().filter(|line| !is_head(line)).filter_map(columns);
    let words = rows().all(|(first, _)| !first.contains(' ')) && rows().all(|(_, last)| !last.contains(' '));
    let label_first = !words && rows().all(|(first, _)| !first.contains(' '));

    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut state = State { article: None, number: 1, sentence: 0, words: Vec::new(), line: 1 };
    for (at, line) in text.lines().enumerate() {
        let at = at + 1;
        let fail = |fault| EvaluateError::row(path, at, fault);
        if is_head(line) {
            state.flush(&stem, wanted, emit).map_err(fail)?;
            state.begin(head(line));
        } else if line.trim().is_empty() {
            state.flush(&stem, wanted, emit).map_err(fail)?;
            if !words {
                state.begin(None);
            }
        } else if let Some((first, last)) = columns(line) {
            if words {
                if state.words.is_empty() {
                    state.line = at;
                }
                state.words.push((first, last));
            } else {
                let (text, label) = if label_first { (last, first) } else { (first, last) };
                state.line = at;
                state.give(&stem, &text, &label, wanted, emit).map_err(fail)?;
            }
        } else if !line.starts_with('#') {
            return Err(fail(Fault::new("no tab between two columns", "write the sentence, a tab, and its label")));
        }
    }
    state.flush(&stem, wanted, emit).map_err(|fault| EvaluateError::row(path, state.line, fault))
}

struct State {
    article: Option<String>,
    number: usize,
    sentence: usize,
    words: Vec<(String, String)>,
    line: usize,
}

impl State {
    fn begin(&mut self, name: Option<String>) {
        if self.sentence > 0 {
            self.number += 1;
            self.article = None;
        }
        self.sentence = 0;
        self.article = name.or(self.article.take());
    }

    fn flush(&mut self, stem: &str, wanted: &Wanted, emit: &mut Emit) -> Result<(), Fault> {
        let words = std::mem::take(&mut self.words);
        if words.is_empty() {
            return Ok(());
        }
        let tag = |tag: &str| tag.strip_prefix("B-").or_else(|| tag.strip_prefix("I-")).unwrap_or(tag).to_owned();
        let mut labels: Vec<String> =
            words.iter().map(|(_, name)| tag(name)).filter(|name| !matches!(name.as_str(), "O" | "_")).collect();
        labels.dedup();
        if labels.len() > 1 {
            return Err(Fault::new(
                format!("a sentence with the labels {}", labels.join(", ")),
                "the words of a sentence have one label; mark spans in another format, such as brat's",
            ));
        }
        let text: Vec<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
        self.give(stem, &text.join(" "), labels.first().map_or("", String::as_str), wanted, emit)
    }

    fn give(&mut self, stem: &str, text: &str, label: &str, wanted: &Wanted, emit: &mut Emit) -> Result<(), Fault> {
        let article = self.article.clone().unwrap_or_else(|| format!("{stem}:{}", self.number));
        let label = if matches!(label, "" | "_" | "O") { Value::Null } else { json!(label) };
        let mut row = Object::new();
        row.insert("article".into(), article.into());
        row.insert("sentence".into(), self.sentence.into());
        row.insert("text".into(), text.into());
        row.insert(wanted.label.clone(), label);
        self.sentence += 1;
        emit(self.line, &row)
    }
}

fn is_head(line: &str) -> bool {
    line.starts_with("-DOCSTART-") || line.starts_with("###") || line.starts_with("# newdoc")
}

fn head(line: &str) -> Option<String> {
    let name = line.strip_prefix("###").or_else(|| line.split_once("id =").map(|(_, name)| name))?;
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}
