//! What an annotation tool gives for one text: marked spans and relations between them.
//!
//! A span called source, cue or content (in any case) is part of an attribution; every
//! other span is a sentence with its label. A relation joins the parts of an attribution;
//! parts without relations each stand alone.

use super::Emit;
use super::row::{Fault, Object};
use crate::article::Span;
use serde_json::{Value, json};

const ROLES: [&str; 3] = ["source", "cue", "content"];

/// One annotator's marks on one text.
#[derive(Debug, Default)]
pub(super) struct Marked {
    pub(super) article: String,
    pub(super) text: String,
    pub(super) annotator: Option<String>,
    /// Further fields of the record, for filters.
    pub(super) fields: Object,
    pub(super) spans: Vec<Mark>,
    /// Pairs of span ids.
    pub(super) relations: Vec<(String, String)>,
}

/// A span with its label, in bytes.
#[derive(Debug)]
pub(super) struct Mark {
    pub(super) id: String,
    pub(super) span: Span,
    pub(super) label: String,
}

impl Marked {
    /// Gives a row for each labelled span, in the order of the text, and one without a
    /// label for attributions that lie in none.
    pub(super) fn emit(&self, line: usize, label_field: &str, emit: &mut Emit) -> Result<(), Fault> {
        let mut sentences: Vec<&Mark> = self.spans.iter().filter(|mark| role(&mark.label).is_none()).collect();
        sentences.sort_by_key(|mark| mark.span);
        let mut attributions = self.attributions();
        for (at, mark) in sentences.iter().enumerate() {
            let inside = |(first, _): &(usize, Value)| mark.span.start <= *first && *first < mark.span.end;
            let own: Vec<Value> = attributions.extract_if(.., |entry| inside(entry)).map(|(_, value)| value).collect();
            let row = self.row(at, mark.span, label_field, json!(mark.label), &own);
            emit(line, &row)?;
        }
        if !attributions.is_empty() {
            let own: Vec<Value> = attributions.into_iter().map(|(_, value)| value).collect();
            let whole = Span::new(0, self.text.len());
            emit(line, &self.row(sentences.len(), whole, label_field, Value::Null, &own))?;
        }
        Ok(())
    }

    fn row(&self, at: usize, span: Span, label_field: &str, label: Value, attributions: &[Value]) -> Object {
        let mut row = self.fields.clone();
        let marked = self.spans.iter().any(|mark| role(&mark.label).is_some());
        row.extend([
            ("article".into(), json!(self.article)),
            ("sentence".into(), json!(at)),
            ("start".into(), json!(span.start)),
            ("end".into(), json!(span.end)),
            ("text".into(), json!(span.of(&self.text))),
            (label_field.into(), label),
            ("annotator".into(), json!(self.annotator)),
            // Without any such span the annotation was not about attributions.
            ("attributions".into(), if marked { json!(attributions) } else { Value::Null }),
        ]);
        row
    }

    /// Attributions with the first byte of each.
    fn attributions(&self) -> Vec<(usize, Value)> {
        let parts: Vec<(&Mark, usize)> =
            self.spans.iter().filter_map(|mark| Some((mark, role(&mark.label)?))).collect();
        let linked = |a: &Mark, b: &Mark| {
            let pair = |from: &Mark, to: &Mark| self.relations.iter().any(|(x, y)| *x == from.id && *y == to.id);
            pair(a, b) || pair(b, a)
        };
        let mut used = vec![false; parts.len()];
        let mut all: Vec<[Option<Span>; 3]> = Vec::new();
        // A cue joins its source and contents; without a cue, a source joins its contents.
        for head in [1, 0, 2] {
            for (at, (mark, _)) in parts.iter().enumerate().filter(|(_, (_, role))| *role == head) {
                if used[at] {
                    continue;
                }
                used[at] = true;
                let mut of_role: [Vec<Option<Span>>; 3] = Default::default();
                of_role[head].push(Some(mark.span));
                for (other, (part, role)) in parts.iter().enumerate() {
                    if other != at && *role != head && linked(mark, part) {
                        used[other] = true;
                        of_role[*role].push(Some(part.span));
                    }
                }
                of_role.iter_mut().filter(|list| list.is_empty()).for_each(|list| list.push(None));
                let [sources, cues, contents] = of_role;
                for source in &sources {
                    for cue in &cues {
                        all.extend(contents.iter().map(|content| [*source, *cue, *content]));
                    }
                }
            }
        }
        let value = |spans: [Option<Span>; 3]| {
            let first = spans.iter().flatten().map(|span| span.start).min()?;
            let parts = ROLES.iter().zip(spans).map(|(role, span)| {
                let part = span.map(|s| json!({"text": s.of(&self.text), "start": s.start, "end": s.end}));
                ((*role).to_owned(), json!(part))
            });
            Some((first, Value::Object(parts.collect())))
        };
        all.into_iter().filter_map(value).collect()
    }
}

/// The index of a role's name.
fn role(label: &str) -> Option<usize> {
    ROLES.iter().position(|role| role.eq_ignore_ascii_case(label))
}
