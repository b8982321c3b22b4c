//! One article as prose for the terminal: sentences in the colour of their label, and in the
//! margin who says them.

use super::prose::{Block, blocks};
use super::table::TableStyle;
use super::text::one_line;
use super::who::Who;
use crate::article::Article;
use crate::label::{LabelledArticle, LabelledSentence};
use anstyle::{AnsiColor, Effects, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns of the margin, the line before it included.
const MARGIN: usize = 26;
/// Narrower than this, sources stand below the paragraph.
const WITH_MARGIN: usize = 66;
/// Prose in longer lines is hard to read.
const LONGEST: usize = 88;
/// Narrower than this nothing is laid out.
const NARROWEST: usize = 20;

/// A word, or a piece of one that is longer than a line.
struct Word {
    text: String,
    style: Style,
    /// Index of its sentence.
    row: usize,
    /// Whether the next word must stand in the same line, if a line has room for both.
    glued: bool,
}

/// The article, ending with a line break. Each sentence begins with the letter of its label,
/// so that it is told without colour too.
pub fn article_view(source: Option<&Article>, article: &LabelledArticle, style: TableStyle) -> String {
    let width = usize::from(style.width).max(NARROWEST);
    let (prose, margin) = match width {
        0..WITH_MARGIN => (width - 2, false),
        _ => ((width - MARGIN - 2).min(LONGEST), true),
    };
    let view = View { article, prose, margin, color: style.color };
    let mut out = view.head();
    if article.sentences.is_empty() {
        out.push_str("  no sentences\n");
    }
    for block in blocks(source, article.title.as_deref(), &article.sentences) {
        out.push('\n');
        match block {
            Block::Heading(text) => out.push_str(&view.heading(&text)),
            Block::Paragraph(rows) => out.push_str(&view.paragraph(&rows)),
        }
    }
    out
}

struct View<'a> {
    article: &'a LabelledArticle,
    /// Columns of the prose.
    prose: usize,
    margin: bool,
    color: bool,
}

impl View<'_> {
    fn paint(&self, text: &str, style: Style) -> String {
        if self.color && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn head(&self) -> String {
        let title = one_line(self.article.title.as_deref().unwrap_or(&self.article.id));
        let mut out = String::new();
        for line in wrap(&title, self.prose) {
            out.push_str(&format!("{}\n", self.paint(&line, Style::new().bold())));
        }
        let about: Vec<String> =
            [&self.article.source, &self.article.date].into_iter().flatten().map(|part| one_line(part)).collect();
        if !about.is_empty() {
            out.push_str(&format!("{}\n", self.paint(&about.join(", "), Style::new().dimmed())));
        }
        out
    }

    fn heading(&self, text: &str) -> String {
        let lines = wrap(&one_line(text), self.prose);
        lines.iter().map(|line| format!("  {}\n", self.paint(line, Style::new().bold()))).collect()
    }

    fn paragraph(&self, rows: &[usize]) -> String {
        let words = rows.iter().flat_map(|row| self.words(*row)).collect();
        let lines = fill(words, self.prose);
        // A note stands at the line in which its sentence begins, or below the one before it.
        let mut notes: Vec<Option<String>> = Vec::new();
        for row in rows {
            let first = lines.iter().position(|line| line.iter().any(|word| word.row == *row)).unwrap_or(0);
            for note in notes_of(&self.article.sentences[*row]) {
                for line in if self.margin { wrap(&note, MARGIN - 4) } else { vec![note] } {
                    notes.resize(notes.len().max(first), None);
                    notes.push(Some(line));
                }
            }
        }
        let mut out = String::new();
        if !self.margin {
            lines.iter().for_each(|line| out.push_str(&format!("  {}\n", self.line(line).0)));
            let mut shown: Vec<&String> = Vec::new();
            for note in notes.iter().flatten() {
                if shown.contains(&note) {
                    continue;
                }
                shown.push(note);
                for line in wrap(&format!("- {note}"), self.prose.saturating_sub(2)) {
                    out.push_str(&format!("    {}\n", self.paint(&line, Style::new().dimmed())));
                }
            }
            return out;
        }
        for at in 0..lines.len().max(notes.len()) {
            let (text, width) = lines.get(at).map_or((String::new(), 0), |line| self.line(line));
            match notes.get(at).and_then(Option::as_ref) {
                Some(note) => {
                    let gap = " ".repeat(self.prose.saturating_sub(width));
                    let note = self.paint(&format!("\u{2502} {note}"), Style::new().dimmed());
                    out.push_str(&format!("  {text}{gap}  {note}\n"));
                }
                None => out.push_str(format!("  {text}").trim_end()),
            }
            if !out.ends_with('\n') {
                out.push('\n');
            }
        }
        out
    }

    /// A line with its width in columns. A style goes on over the gap between two words of a
    /// sentence.
    fn line(&self, words: &[Word]) -> (String, usize) {
        let mut out = String::new();
        let mut width = 0;
        let mut rest = words;
        while let Some(first) = rest.first() {
            let same = rest.iter().take_while(|word| word.row == first.row && word.style == first.style).count();
            let (run, more) = rest.split_at(same);
            let text: Vec<&str> = run.iter().map(|word| word.text.as_str()).collect();
            let text = text.join(" ");
            if !out.is_empty() {
                out.push(' ');
                width += 1;
            }
            width += text.width();
            out.push_str(&self.paint(&text, first.style));
            rest = more;
        }
        (out, width)
    }

    fn words(&self, row: usize) -> Vec<Word> {
        let sentence = &self.article.sentences[row];
        let style = style(&sentence.label);
        let mut words = vec![Word {
            text: letter(&sentence.label),
            style: style.effects(Effects::BOLD | Effects::INVERT),
            row,
            glued: true,
        }];
        for word in one_line(&sentence.text).split(' ') {
            words.extend(pieces(word, self.prose).map(|text| Word { text, style, row, glued: false }));
        }
        words
    }
}

/// The colours of the table.
fn style(label: &str) -> Style {
    match label {
        "fact" => AnsiColor::Green.on_default(),
        "allegation" => AnsiColor::Yellow.on_default(),
        "background" => AnsiColor::Blue.on_default(),
        "uncertain" => AnsiColor::Magenta.on_default(),
        _ => Style::new(),
    }
}

/// "[A]", or "[?]" of what is uncertain.
fn letter(label: &str) -> String {
    match one_line(label).chars().next() {
        _ if label == crate::label::UNCERTAIN => "[?]".into(),
        Some(first) => format!("[{}]", first.to_uppercase()),
        None => "[-]".into(),
    }
}

/// Who says it, each once.
fn notes_of(row: &LabelledSentence) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    for attribution in &row.attributions {
        let Some(who) = Who::of(attribution) else { continue };
        let via: String =
            attribution.via.iter().map(|entity| format!(", through {}", one_line(&entity.name))).collect();
        let note = format!("{}{via}", who.name);
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    notes
}

/// Words into lines of at most `width` columns.
fn fill(words: Vec<Word>, width: usize) -> Vec<Vec<Word>> {
    let mut lines: Vec<Vec<Word>> = Vec::new();
    let mut used = 0;
    let mut words = words.into_iter().peekable();
    while let Some(word) = words.next() {
        let wide = word.text.width();
        let next = words.peek().filter(|_| word.glued).map_or(0, |next| 1 + next.text.width());
        match lines.last_mut() {
            Some(line) if used + 1 + wide + next <= width => {
                used += 1 + wide;
                line.push(word);
            }
            _ => {
                used = wide;
                lines.push(vec![word]);
            }
        }
    }
    lines
}

fn wrap(text: &str, width: usize) -> Vec<String> {
    let words = text.split(' ').flat_map(|word| pieces(word, width));
    let words = words.map(|text| Word { text, style: Style::new(), row: 0, glued: false }).collect();
    let join = |line: &Vec<Word>| line.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
    fill(words, width).iter().map(join).collect()
}

/// A word in pieces of at most `width` columns.
fn pieces(word: &str, width: usize) -> impl Iterator<Item = String> {
    let mut all = vec![String::new()];
    let mut used = 0;
    for c in word.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide > width.max(2) {
            all.push(String::new());
            used = 0;
        }
        used += wide;
        if let Some(last) = all.last_mut() {
            last.push(c);
        }
    }
    all.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::{Attribution, TextSpan};

    const TEXT: &str = "The bridge is closed to all traffic until the end of the year. It was built in 1998 by a builder \
                        who has since gone. The mayor said that nobody had known of the cracks before the winter.\n\n\
                        A donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft sank.";

    fn article() -> (Article, LabelledArticle) {
        let mut rows = Vec::new();
        let mut at = 0;
        for (sentence, label) in ["fact", "background", "allegation", "fact"].into_iter().enumerate() {
            let end = TEXT[at..].find('.').unwrap() + at + 1;
            let said = Attribution {
                source: Some(TextSpan { text: "The mayor".into(), start: 0, end: 9 }),
                ..Attribution::default()
            };
            rows.push(LabelledSentence {
                article: "a1".into(),
                outlet: None,
                date: None,
                sentence,
                start: at,
                end,
                text: TEXT[at..end].into(),
                label: label.into(),
                confidence: 0.9,
                probabilities: Vec::new(),
                attributions: if label == "allegation" { vec![said] } else { Vec::new() },
            });
            at = end + TEXT[end..].len() - TEXT[end..].trim_start().len();
        }
        let article = Article { id: "a1".into(), text: TEXT.into(), ..Article::default() };
        (article, LabelledArticle { id: "a1".into(), sentences: rows, ..LabelledArticle::default() })
    }

    #[test]
    fn lines_fit_and_every_sentence_has_its_letter() {
        let (source, labelled) = article();
        for width in [20, 40, 66, 100, 200] {
            let view = article_view(Some(&source), &labelled, TableStyle { width, color: false });
            assert!(!view.contains('\u{1b}'), "{view}");
            for line in view.lines() {
                assert!(line.width() <= usize::from(width), "{width}: {line}");
            }
            for letter in ["[F]", "[B]", "[A]"] {
                assert!(view.contains(letter), "{view}");
            }
            assert!(view.contains("\n\n"), "{view}");
        }
    }

    #[test]
    fn sources_stand_in_the_margin_or_below() {
        let (source, labelled) = article();
        let view = |width| article_view(Some(&source), &labelled, TableStyle { width, color: false });
        let wide = view(100);
        let line = wide.lines().find(|line| line.contains("\u{2502} The mayor")).unwrap();
        assert!(line.contains("[A]"), "{wide}");
        assert!(view(40).contains("\n    - The mayor\n"), "{}", view(40));
    }

    #[test]
    fn colour_only_where_it_may() {
        let (source, labelled) = article();
        let view = article_view(Some(&source), &labelled, TableStyle { width: 100, color: true });
        assert!(view.contains("\u{1b}[33m"), "{view:?}");
    }
}
