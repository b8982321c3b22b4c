//! GUM as published (Zeldes 2017): CoNLL-U with the discourse tree in the last column,
//! `Discourse=RELATION:UNIT->HEAD:...` at the first word of each elementary unit.
//!
//! A tree holds no labels; a rule reads those that the relations decide. The relation of a
//! sentence is that of its unit whose head is in another sentence.
//!
//! | in the sentence | label |
//! |---|---|
//! | relation `organization-*`, or a lone attribution of another sentence | none |
//! | an attribution between two of its own units | allegation |
//! | the root of the tree | fact |
//! | relation `context-background` | background |
//! | anything else | none |

use super::row::{Fault, Object};
use super::{Emit, Wanted};
use crate::evaluate::EvaluateError;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::io::BufRead;
use std::path::Path;

/// One elementary discourse unit.
struct Unit {
    relation: String,
    number: usize,
    /// Absent at the root.
    head: Option<usize>,
}

/// The sentence that is being read, and its article.
#[derive(Default)]
struct Sentence {
    article: Option<String>,
    title: Option<String>,
    date: Option<String>,
    number: usize,
    line: usize,
    text: Option<String>,
    units: Vec<Unit>,
}

/// Reads a file.
pub(super) fn read(
    path: &Path,
    bytes: Box<dyn BufRead>,
    wanted: &Wanted,
    emit: &mut Emit,
) -> Result<(), EvaluateError> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut now = Sentence::default();
    let mut last = 0;
    for (at, line) in bytes.lines().enumerate() {
        let line = line.map_err(|error| EvaluateError::Io { path: path.into(), error })?;
        last = at + 1;
        let fail = |fault| EvaluateError::row(path, last, fault);
        if let Some(comment) = line.strip_prefix('#') {
            now.comment(comment.trim(), last);
        } else if line.trim().is_empty() {
            now.give(&stem, wanted, emit).map_err(fail)?;
        } else if let Some(unit) = unit(&line).map_err(fail)? {
            now.units.push(unit);
        }
    }
    now.give(&stem, wanted, emit).map_err(|fault| EvaluateError::row(path, last, fault))
}

impl Sentence {
    fn comment(&mut self, comment: &str, line: usize) {
        let Some((name, value)) = comment.split_once('=') else { return };
        let value = || Some(value.trim().to_owned());
        match name.trim() {
            "newdoc id" => *self = Self { article: value(), ..Self::default() },
            "meta::title" => self.title = value(),
            "meta::dateCreated" => self.date = value(),
            "text" => (self.text, self.line) = (value(), line),
            _ => {}
        }
    }

    fn give(&mut self, stem: &str, wanted: &Wanted, emit: &mut Emit) -> Result<(), Fault> {
        let units = std::mem::take(&mut self.units);
        let Some(text) = self.text.take() else {
            let hint = "GUM's dep/*.conllu have it; for two columns use --gold-format conll";
            return if units.is_empty() { Ok(()) } else { Err(Fault::new("a sentence without `# text =`", hint)) };
        };
        let mut row = Object::new();
        row.insert("article".into(), self.article.clone().unwrap_or_else(|| stem.to_owned()).into());
        row.insert("sentence".into(), self.number.into());
        row.insert("text".into(), text.into());
        for (name, value) in [("title", &self.title), ("date", &self.date)] {
            if let Some(value) = value {
                row.insert(name.into(), value.clone().into());
            }
        }
        row.insert(wanted.label.clone(), label(&units).map_or(Value::Null, |label| json!(label)));
        self.number += 1;
        emit(self.line, &row)
    }
}

/// The unit that begins at a word, if one does.
fn unit(line: &str) -> Result<Option<Unit>, Fault> {
    let columns: Vec<&str> = line.split('\t').collect();
    if columns.len() != 10 {
        return Err(Fault::new(
            format!("{} columns where CoNLL-U has 10", columns.len()),
            "for a file of two columns use --gold-format conll",
        ));
    }
    let Some(value) = columns[9].split('|').find_map(|part| part.strip_prefix("Discourse=")) else { return Ok(None) };
    // Relations after the first are secondary.
    let first = value.split(';').next().unwrap_or_default();
    let mut parts = first.split(':');
    let relation = parts.next().unwrap_or_default();
    let edge = parts.next().unwrap_or_default();
    let (number, head) = edge.split_once("->").map_or((edge, None), |(number, head)| (number, Some(head)));
    let bad =
        || Fault::new(format!("`Discourse={first}` is no relation"), "GUM writes RELATION:UNIT->HEAD or ROOT:UNIT");
    Ok(Some(Unit {
        relation: relation.strip_suffix("_m").unwrap_or(relation).to_owned(),
        number: number.parse().map_err(|_| bad())?,
        head: head.map(str::parse).transpose().map_err(|_| bad())?,
    }))
}

/// What the relations decide.
fn label(units: &[Unit]) -> Option<&'static str> {
    let own: HashSet<usize> = units.iter().map(|unit| unit.number).collect();
    let inside = |unit: &&Unit| unit.head.is_some_and(|head| own.contains(&head));
    let outer: Vec<&str> = units.iter().filter(|unit| !inside(unit)).map(|unit| unit.relation.as_str()).collect();
    let all = |name: &str| !outer.is_empty() && outer.iter().all(|relation| relation.starts_with(name));
    if all("organization") || all("attribution") {
        None
    } else if units.iter().filter(inside).any(|unit| unit.relation.starts_with("attribution")) {
        Some("allegation")
    } else if outer == ["ROOT"] {
        Some("fact")
    } else if all("context-background") {
        Some("background")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(marks: &[&str]) -> Option<&'static str> {
        let units: Vec<Unit> = marks
            .iter()
            .map(|mark| unit(&format!("1\tA\ta\tX\tX\t_\t0\troot\t_\tDiscourse={mark}|Entity=(1)")).unwrap().unwrap())
            .collect();
        label(&units)
    }

    #[test]
    fn relations_decide() {
        assert_eq!(of(&["ROOT:3:0", "elaboration-attribute:4->3:0:_"]), Some("fact"));
        assert_eq!(of(&["context-background:4->3:0"]), Some("background"));
        assert_eq!(of(&["attribution-positive:5->6:0", "evaluation-comment:6->3:1"]), Some("allegation"));
        assert_eq!(of(&["attribution-positive:5->6:0", "ROOT:6:0"]), Some("allegation"));
        assert_eq!(of(&["attribution-positive:5->4:0"]), None);
        assert_eq!(of(&["organization-heading:1->3:10"]), None);
        assert_eq!(of(&["joint-list_m:7->3:1"]), None);
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn what_is_no_tree_is_named() {
        assert!(unit("said\tO").err().unwrap().reason.contains("2 columns"));
        assert!(unit("1\tA\ta\tX\tX\t_\t0\troot\t_\tDiscourse=odd").err().unwrap().reason.contains("no relation"));
    }
}
