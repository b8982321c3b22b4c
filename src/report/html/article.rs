//! One article as prose: tinted sentences, and beside each paragraph who says what.

use super::bar::{Tally, bar};
use super::escape;
use super::palette::Palette;
use super::sources::Sources;
use crate::article::{Article, Span};
use crate::label::{Attribution, LabelledArticle, LabelledSentence, UNCERTAIN};
use crate::report::prose::{Block, blocks};
use crate::report::who::Who;
use std::fmt::Write as _;

/// What the page keeps of an article.
pub(super) struct Rendered {
    pub(super) html: String,
    pub(super) title: String,
    pub(super) tally: Tally,
}

/// Renders article number `number` of the page, counts its claims, and gives its labels looks.
pub(super) fn article(
    number: usize,
    source: Option<&Article>,
    labelled: &LabelledArticle,
    palette: &mut Palette,
    sources: &mut Sources,
) -> Rendered {
    let title = labelled.title.clone().or_else(|| source.and_then(|article| article.title.clone()));
    let mut prose = Prose { number, notes: 0, palette, sources, tally: Tally::default() };
    let mut body = String::new();
    for block in blocks(source, title.as_deref(), &labelled.sentences) {
        match block {
            Block::Heading(text) => {
                let _ = writeln!(body, "<p class=\"sub\">{}</p>", escape(&text));
            }
            Block::Paragraph(rows) => body.push_str(&prose.paragraph(labelled, &rows)),
        }
    }
    let tally = prose.tally;
    let title = title.unwrap_or_else(|| labelled.id.clone());
    let outlet = labelled.source.as_deref();
    let count = labelled.sentences.len();
    let count = format!("{count} sentence{}", if count == 1 { "" } else { "s" });
    let meta = [outlet, labelled.date.as_deref(), Some(labelled.id.as_str()).filter(|id| *id != title), Some(&count)];
    let meta: Vec<String> = meta.into_iter().flatten().map(|part| format!("<bdi>{}</bdi>", escape(part))).collect();
    let html = format!(
        "<article id=\"a{number}\">\n<header><h2><bdi>{}</bdi></h2>\n<p class=\"meta\">{}</p>\n{}</header>\n{body}</article>\n",
        escape(&title),
        meta.join(" \u{b7} "),
        bar(&tally, palette)
    );
    Rendered { html, title, tally }
}

struct Prose<'a> {
    number: usize,
    /// Sentences with attributions so far.
    notes: usize,
    palette: &'a mut Palette,
    sources: &'a mut Sources,
    tally: Tally,
}

impl Prose<'_> {
    fn paragraph(&mut self, labelled: &LabelledArticle, rows: &[usize]) -> String {
        let (mut text, mut notes) = (String::new(), String::new());
        for row in rows.iter().map(|at| &labelled.sentences[*at]) {
            text.push_str(if text.is_empty() { "" } else { " " });
            self.sentence(row, &mut text, &mut notes);
        }
        let notes = if notes.is_empty() { notes } else { format!("<div class=\"notes\">\n{notes}</div>") };
        format!("<div class=\"para\"><p>{text}</p>{notes}</div>\n")
    }

    fn sentence(&mut self, row: &LabelledSentence, text: &mut String, notes: &mut String) {
        let label = self.palette.index(&row.label);
        self.tally.add(label);
        let mut words = probabilities(row);
        let mut numbers: Vec<String> = Vec::new();
        let mut said: Vec<String> = Vec::new();
        for attribution in &row.attributions {
            let who = Who::of(attribution);
            if let Some(who) = &who {
                let number = self.sources.add(who.clone(), self.number, label).to_string();
                if !numbers.contains(&number) {
                    numbers.push(number);
                }
            }
            if who.is_none() && attribution.cue.is_none() {
                continue;
            }
            let note = note(who.as_ref(), attribution);
            if !said.contains(&note.html) {
                let _ = write!(words, "\n{}", note.plain);
                said.push(note.html);
            }
        }
        let (class, letter) = (self.palette.class(label), escape(self.palette.letter_of(label)));
        let sources = if numbers.is_empty() { String::new() } else { format!(" data-w=\"{}\"", numbers.join(" ")) };
        let _ = write!(
            text,
            "<span class=\"s {class}\" data-l=\"{letter}\"{sources} title=\"{}\">{}</span>",
            escape(&words),
            emphasised(row)
        );
        if !said.is_empty() {
            self.notes += 1;
            let at = self.notes;
            let _ = write!(text, "<sup>{at}</sup>");
            for (index, note) in said.iter().enumerate() {
                let mark = if index == 0 { format!("<sup>{at}</sup> ") } else { String::new() };
                let _ = writeln!(notes, "<p class=\"note\">{mark}{note}</p>");
            }
        }
    }
}

/// "allegation 91 % · fact 6 %", the most probable first.
fn probabilities(row: &LabelledSentence) -> String {
    let mut all = row.probabilities.clone();
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    let all: Vec<String> = all.iter().map(|(label, p)| format!("{label} {:.0} %", 100.0 * p)).collect();
    let all = if all.is_empty() { row.label.clone() } else { all.join(" \u{b7} ") };
    if row.label == UNCERTAIN { format!("{UNCERTAIN}: {all}") } else { all }
}

struct Note {
    html: String,
    plain: String,
}

/// "**Who** (anonymous) cue, through whom".
fn note(who: Option<&Who>, attribution: &Attribution) -> Note {
    let name = who.map_or("nobody named", |who| who.name.as_str());
    let cue = attribution.cue.as_ref().map_or(String::new(), |cue| format!(" {}", crate::report::one_line(&cue.text)));
    let via: Vec<&str> = attribution.via.iter().map(|entity| entity.name.as_str()).collect();
    let via = if via.is_empty() { String::new() } else { format!(", through {}", via.join(", through ")) };
    let named = if who.is_some() { "b" } else { "i" };
    let kind = who.and_then(|who| who.kind).filter(|kind| kind.pooled());
    let kind = kind.map_or(String::new(), |kind| format!(" ({kind})"));
    let rest = format!("{kind}{cue}{via}");
    Note {
        html: format!("<{named}><bdi>{}</bdi></{named}>{}", escape(name), escape(&rest)),
        plain: format!("{name}{rest}"),
    }
}

/// The sentence with the words that stand for a source or attribute in elements of their own.
fn emphasised(row: &LabelledSentence) -> String {
    let mut marks: Vec<(Span, &str)> = Vec::new();
    for attribution in &row.attributions {
        marks.extend(attribution.source.as_ref().map(|span| (span.span(), "b")));
        marks.extend(attribution.cue.as_ref().map(|span| (span.span(), "i")));
    }
    marks.retain(|(span, _)| row.start <= span.start && span.start < span.end && span.end <= row.end);
    marks.sort();
    let mut out = String::new();
    let mut at = 0;
    for (span, tag) in marks {
        let (start, end) = (span.start - row.start, span.end - row.start);
        // Overlapping spans, and offsets that are no borders of characters, are passed over.
        let (Some(before), Some(inside)) = (row.text.get(at..start), row.text.get(start..end)) else { continue };
        let _ = write!(out, "{}<{tag}>{}</{tag}>", escape(before), escape(inside));
        at = end;
    }
    out + &escape(row.text.get(at..).unwrap_or(""))
}
