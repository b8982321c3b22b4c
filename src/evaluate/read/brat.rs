//! brat's standoff: a text and an .ann file beside it, or a folder of such pairs.
//!
//! Read are text-bound annotations (`T`) and events (`E`), which join source, cue and
//! content. Two published corpora have ways of their own: NewsDiscourse marks the number
//! that stands before each sentence (`S1 ...`), and PolNeAR keeps .ann files in
//! `attributions/NAME_ANNOTATOR.ann` and texts in `text/NAME.txt`.

use super::chars::Chars;
use super::marked::{Mark, Marked};
use super::row::Fault;
use super::{Emit, Wanted};
use crate::article::Span;
use crate::evaluate::EvaluateError;
use std::path::{Path, PathBuf};

/// Annotations that are neither a label nor a part of an attribution.
const OTHER: [&str; 3] = ["Attribution", "Discard", "Speech"];

/// Reads a folder or one .ann file.
pub(super) fn read(path: &Path, wanted: &Wanted, emit: &mut Emit) -> Result<(), EvaluateError> {
    let io = |error| EvaluateError::Io { path: path.into(), error };
    if !path.is_dir() {
        return one(path, wanted, emit);
    }
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(path).map_err(io)? {
        files.push(entry.map_err(io)?.path());
    }
    files.retain(|file| file.extension().is_some_and(|ending| ending == "ann"));
    files.sort();
    if files.is_empty() {
        return Err(EvaluateError::Empty {
            path: path.into(),
            reason: "no .ann file".into(),
            hint: "a folder of gold is brat's: NAME.txt and NAME.ann side by side".into(),
        });
    }
    files.iter().try_for_each(|file| one(file, wanted, emit))
}

fn one(ann: &Path, wanted: &Wanted, emit: &mut Emit) -> Result<(), EvaluateError> {
    let read =
        |path: &Path| std::fs::read_to_string(path).map_err(|error| EvaluateError::Io { path: path.into(), error });
    let (text_path, annotator) = text_of(ann);
    let (annotations, text) = (read(ann)?, read(&text_path)?);
    let article = text_path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut marked = Marked { article, text, annotator, ..Marked::default() };
    let chars = Chars::new(&marked.text);
    for (at, line) in annotations.lines().enumerate() {
        let done = match line.chars().next() {
            Some('T') => mark(line, &marked.text, &chars).map(|found| marked.spans.extend(found)),
            Some('E') => {
                marked.relations.extend(event(line));
                Ok(())
            }
            _ => Ok(()),
        };
        done.map_err(|fault| EvaluateError::row(ann, at + 1, fault))?;
    }
    marked.emit(1, &wanted.label, emit).map_err(|fault| EvaluateError::row(ann, 1, fault))
}

/// The text of an .ann file, and the annotator where the name tells.
fn text_of(ann: &Path) -> (PathBuf, Option<String>) {
    let beside = ann.with_extension("txt");
    let stem = ann.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let texts = ann.parent().and_then(Path::parent).map(|folder| folder.join("text"));
    if let (false, Some(texts), Some((name, annotator))) = (beside.exists(), texts, stem.rsplit_once('_')) {
        let text = texts.join(format!("{name}.txt"));
        if text.exists() {
            return (text, Some(annotator.to_owned()));
        }
    }
    (beside, None)
}

/// `T1<tab>LABEL START END[;START END]<tab>TEXT`; a span in pieces gives a mark for each.
fn mark(line: &str, text: &str, chars: &Chars) -> Result<Vec<Mark>, Fault> {
    let fault = || Fault::new("not a text-bound annotation", "brat writes: T1, tab, LABEL START END, tab, the text");
    let mut parts = line.split('\t');
    let id = parts.next().ok_or_else(fault)?;
    let (label, places) = parts.next().and_then(|middle| middle.split_once(' ')).ok_or_else(fault)?;
    if OTHER.contains(&label) {
        return Ok(Vec::new());
    }
    let piece = |piece: &str| {
        let (start, end) = piece.split_once(' ').ok_or_else(fault)?;
        let place = start.parse().ok().zip(end.parse().ok()).ok_or_else(fault)?;
        let span = chars.span(place.0, place.1);
        let span =
            span.ok_or_else(|| Fault::new(format!("{piece} is no span of the text"), "is the .txt of this .ann?"))?;
        Ok(Mark { id: id.to_owned(), span: numbered(text, span).unwrap_or(span), label: label.to_owned() })
    };
    places.split(';').map(piece).collect()
}

/// The sentence behind a sentence number at the beginning of a line.
fn numbered(text: &str, span: Span) -> Option<Span> {
    let number = span.of(text).strip_prefix('S')?;
    let begins = span.start == 0 || text[..span.start].ends_with('\n');
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) || !begins {
        return None;
    }
    let line = text[span.end..].lines().next()?;
    let start = span.end + (line.len() - line.trim_start().len());
    let end = span.end + line.trim_end().len();
    (start < end).then(|| Span::new(start, end))
}

/// `E1<tab>TYPE:T4 ROLE:T3 ...`: all arguments belong together.
fn event(line: &str) -> Vec<(String, String)> {
    let arguments = line.split('\t').nth(1).unwrap_or_default().split_whitespace().skip(1);
    let ids: Vec<&str> = arguments.filter_map(|argument| argument.split_once(':')).map(|(_, id)| id).collect();
    let pairs = ids.iter().flat_map(|a| ids.iter().filter(move |b| a != *b).map(move |b| (*a, *b)));
    pairs.map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
}
