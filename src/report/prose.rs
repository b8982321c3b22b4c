//! An article put together again from its sentences: paragraphs, and what stands between.

use crate::article::Article;
use crate::label::LabelledSentence;

/// A piece of an article, in the order of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Block {
    /// Text without a label: a subhead, a dateline.
    Heading(String),
    /// Sentences that follow each other, as places in the list of rows.
    Paragraph(Vec<usize>),
}

/// The blocks of an article.
///
/// With the article at hand its own blank lines part the paragraphs, and what is in no
/// sentence is a heading, save the title. From rows alone, sentences with at most one byte
/// between them share a paragraph: a blank line has two.
pub(crate) fn blocks(source: Option<&Article>, title: Option<&str>, rows: &[LabelledSentence]) -> Vec<Block> {
    let text = source.map(|article| article.text.as_str());
    // Where no blank line is, and the sentences were not split by others, a line is a paragraph.
    let lines = source.is_some_and(|article| article.sentences.is_none() && !has_blank_line(article.text.trim()));
    let mut blocks = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut end = 0;
    for (at, row) in rows.iter().enumerate() {
        let gap = text.map(|text| text.get(end..row.start).unwrap_or(""));
        let new = match gap {
            Some(gap) => has_blank_line(gap) || (lines && gap.contains('\n')) || !gap.trim().is_empty(),
            None => row.start > end + 1,
        };
        if new && !open.is_empty() {
            blocks.push(Block::Paragraph(std::mem::take(&mut open)));
        }
        headings(gap.unwrap_or(""), title, &mut blocks);
        open.push(at);
        end = row.end.max(end);
    }
    if !open.is_empty() {
        blocks.push(Block::Paragraph(open));
    }
    headings(text.and_then(|text| text.get(end..)).unwrap_or(""), title, &mut blocks);
    blocks
}

fn headings(gap: &str, title: Option<&str>, blocks: &mut Vec<Block>) {
    let same = |line: &str| title.is_some_and(|title| words(title).eq(words(line)));
    let lines = gap.lines().map(str::trim).filter(|line| !line.is_empty() && !same(line));
    blocks.extend(lines.map(|line| Block::Heading(line.to_owned())));
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace()
}

fn has_blank_line(text: &str) -> bool {
    let mut breaks = 0;
    text.chars().any(|c| {
        breaks = match c {
            '\n' => breaks + 1,
            c if c.is_whitespace() => breaks,
            _ => 0,
        };
        breaks == 2
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Block::{Heading, Paragraph};

    fn rows(text: &str, sentences: &[&str]) -> Vec<LabelledSentence> {
        let row = |(sentence, part): (usize, &&str)| {
            let start = text.find(part).unwrap();
            let (end, part) = (start + part.len(), (*part).to_owned());
            LabelledSentence {
                article: "a".into(),
                outlet: None,
                date: None,
                sentence,
                start,
                end,
                text: part,
                label: "fact".into(),
                confidence: 1.0,
                probabilities: Vec::new(),
                attributions: Vec::new(),
            }
        };
        sentences.iter().enumerate().map(row).collect()
    }

    #[test]
    fn paragraphs_and_headings() {
        let text = "The title\n\nA one. A two.\n\nA subhead\n\nB one.\nB two.\n";
        let rows = rows(text, &["A one.", "A two.", "B one.", "B two."]);
        let article = Article { text: text.into(), ..Article::default() };
        assert_eq!(
            blocks(Some(&article), Some("The  title"), &rows),
            [Paragraph(vec![0, 1]), Heading("A subhead".into()), Paragraph(vec![2, 3])]
        );
        assert_eq!(blocks(None, None, &rows), [Paragraph(vec![0, 1]), Paragraph(vec![2, 3])]);
    }

    #[test]
    fn lines_are_paragraphs_where_there_is_no_blank_line() {
        let text = "A one. A two.\nB one.\n";
        let rows = rows(text, &["A one.", "A two.", "B one."]);
        let article = Article { text: text.into(), ..Article::default() };
        assert_eq!(blocks(Some(&article), None, &rows), [Paragraph(vec![0, 1]), Paragraph(vec![2])]);
        let split = Article { sentences: Some(Vec::new()), ..article };
        assert_eq!(blocks(Some(&split), None, &rows), [Paragraph(vec![0, 1, 2])]);
        assert!(blocks(None, None, &[]).is_empty());
    }
}
