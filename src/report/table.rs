//! One article as a table.

use super::text::one_line;
use crate::attribute::head_name;
use crate::label::{Attribution as Saying, LabelledArticle, LabelledSentence};
use comfy_table::{Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table, Width, presets};

/// How wide a table is, and whether it may use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableStyle {
    /// Columns.
    pub width: u16,
    /// Whether escape codes may be written.
    pub color: bool,
}

impl TableStyle {
    /// Width where there is no terminal to ask.
    pub const WIDTH: u16 = 100;
    /// Narrower than this the columns could not be read.
    pub(super) const NARROWEST: u16 = 40;
}

impl Default for TableStyle {
    fn default() -> Self {
        Self { width: Self::WIDTH, color: false }
    }
}

/// A heading, then one row a sentence: number, label, confidence, who says it, and
/// the sentence. Ends with a line break.
pub fn article_table(article: &LabelledArticle, style: TableStyle) -> String {
    let width = style.width.max(TableStyle::NARROWEST);
    let mut out = String::new();
    let mut head = one_line(&article.id);
    for more in [&article.title, &article.source].into_iter().flatten() {
        head.push_str("  ");
        head.push_str(&one_line(more));
    }
    if style.color {
        out.push_str(&format!("\u{1b}[1m{head}\u{1b}[0m\n"));
    } else {
        out.push_str(&format!("{head}\n"));
    }
    if article.sentences.is_empty() {
        out.push_str("  no sentences\n");
        return out;
    }
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    if style.color {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    table.set_header(
        ["#", "label", "conf", "who", "sentence"].map(|name| Cell::new(name).add_attribute(Attribute::Dim)),
    );
    for row in &article.sentences {
        table.add_row([
            Cell::new(row.sentence).set_alignment(CellAlignment::Right),
            label(&row.label),
            Cell::new(percent(row.confidence)).set_alignment(CellAlignment::Right),
            Cell::new(who(row)),
            Cell::new(one_line(&row.text)),
        ]);
    }
    let most = Width::Fixed((width / 5).clamp(8, 24));
    for (index, column) in table.column_iter_mut().enumerate() {
        match index {
            3 => column.set_constraint(ColumnConstraint::UpperBoundary(most)),
            4 => column,
            _ => column.set_constraint(ColumnConstraint::ContentWidth),
        };
    }
    for line in table.lines() {
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// The label with a letter before it, so that it is told without colour too.
fn label(name: &str) -> Cell {
    let name = one_line(name);
    let letter: String = name.chars().take(1).flat_map(char::to_uppercase).collect();
    let cell = Cell::new(format!("{letter} {name}"));
    match name.as_str() {
        "fact" => cell.fg(Color::Green),
        "allegation" => cell.fg(Color::Yellow),
        "background" => cell.fg(Color::Blue),
        _ => cell,
    }
}

fn percent(share: f32) -> String {
    if share.is_finite() { format!("{:.0}%", share * 100.0) } else { "?".into() }
}

/// The sources of a sentence's attributions, each once.
fn who(row: &LabelledSentence) -> String {
    let mut names: Vec<String> = Vec::new();
    for name in row.attributions.iter().filter_map(named) {
        let name = one_line(name);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() { "-".into() } else { names.join("; ") }
}

/// The source's words; its name where they are a pronoun or noun that stands for it, or where
/// there are none.
fn named(attribution: &Saying) -> Option<&str> {
    let entity = attribution.entity.as_ref().map(|entity| entity.name.as_str());
    match (&attribution.source, entity) {
        (Some(source), Some(name)) if head_name(&source.text).is_none() && !source.text.contains(name) => Some(name),
        (Some(source), _) => Some(&source.text),
        (None, name) => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Span;
    use crate::label::{Attribution, Entity, SourceKind, TextSpan};

    fn article() -> LabelledArticle {
        let text = "Ann said the mayor had taken money from a builder, \
                    which the mayor's office on Monday\n denied in a long statement.";
        let ann = Attribution { source: Some(TextSpan::new(text, Span::new(0, 3))), ..Attribution::default() };
        let row = |sentence, label: &str, attributions| LabelledSentence {
            article: "a".into(),
            outlet: None,
            date: None,
            sentence,
            start: 0,
            end: text.len(),
            text: text.into(),
            label: label.into(),
            confidence: 0.971,
            probabilities: vec![],
            attributions,
        };
        LabelledArticle {
            id: "a1".into(),
            title: Some("The \u{1b}[31mmayor".into()),
            source: None,
            date: None,
            sentences: vec![row(0, "allegation", vec![ann.clone(), ann]), row(10, "fact", vec![])],
        }
    }

    #[test]
    fn rows_are_aligned_and_fit() {
        for width in [40, 60, 100] {
            let style = TableStyle { width, color: false };
            let table = article_table(&article(), style);
            assert!(!table.contains('\u{1b}'), "{table}");
            for line in table.lines() {
                assert!(line.chars().count() <= usize::from(width), "{width}: {line}");
            }
        }
        let table = article_table(&article(), TableStyle::default());
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines[0], "a1  The \u{fffd}[31mmayor");
        let column = lines[1].find("sentence").unwrap();
        assert!(lines[2].contains("A allegation"), "{table}");
        assert!(lines[2].contains("97%"), "{table}");
        assert_eq!(lines[2].find("Ann said"), Some(column), "{table}");
        assert!(lines[3].starts_with(&" ".repeat(column)), "{table}");
        assert!(table.contains("F fact"), "{table}");
    }

    #[test]
    fn a_pronoun_is_shown_as_whom_it_means() {
        let mut article = article();
        let ann = Entity { id: "ann-lee".into(), name: "Ann Lee".into(), kind: SourceKind::Person };
        let says = |words: Option<&str>| Attribution {
            source: words.map(|words| TextSpan::new(words, Span::new(0, words.len()))),
            entity: Some(ann.clone()),
            ..Attribution::default()
        };
        let mut shown = |words: Option<&str>| {
            article.sentences[0].attributions = vec![says(words)];
            who(&article.sentences[0])
        };
        assert_eq!(shown(Some("she")), "Ann Lee");
        assert_eq!(shown(Some("the engineer")), "Ann Lee");
        assert_eq!(shown(None), "Ann Lee");
        assert_eq!(shown(Some("Lee")), "Lee");
    }

    #[test]
    fn colour_only_where_it_may() {
        let style = TableStyle { color: true, ..TableStyle::default() };
        let table = article_table(&article(), style);
        assert!(table.contains("\u{1b}[1ma1"), "{table:?}");
        assert!(table.contains("A allegation"), "{table:?}");
    }

    #[test]
    fn an_article_without_sentences_says_so() {
        let empty = LabelledArticle { id: "x".into(), ..Default::default() };
        assert_eq!(article_table(&empty, TableStyle::default()), "x\n  no sentences\n");
    }
}
