//! Tells headings from paragraphs: the title, its repetitions, and subheads.

use super::chars::{is_bullet, is_dash, is_quote, is_terminator};
use crate::article::Span;

/// The longest headline, in characters.
const LONGEST_TITLE: usize = 200;
/// The longest subhead, in characters.
const LONGEST_SUBHEAD: usize = 60;
/// The longest subhead, in words.
const MOST_SUBHEAD_WORDS: usize = 8;

/// The title, given or found, and for every paragraph whether it is a heading.
pub(super) fn find(text: &str, paragraphs: &[Span], given: Option<&str>) -> (Option<String>, Vec<bool>) {
    let keys: Vec<String> = paragraphs.iter().map(|part| key(part.of(text))).collect();
    let title = match given {
        Some(title) => Some(title.to_owned()),
        None => headline(text, paragraphs, &keys),
    };
    let wanted = title.as_deref().map(key).filter(|wanted| !wanted.is_empty());
    let titles: Vec<bool> = keys.iter().map(|found| wanted.as_ref() == Some(found)).collect();
    let short: Vec<bool> =
        paragraphs.iter().zip(&titles).map(|(part, named)| !named && is_subhead(part.of(text))).collect();
    let marked = (0..paragraphs.len())
        .map(|at| titles[at] || (short[at] && stands_alone(text, paragraphs, &titles, &short, at)))
        .collect();
    (title, marked)
}

/// The first paragraph, where it reads like a headline and other text follows.
fn headline(text: &str, paragraphs: &[Span], keys: &[String]) -> Option<String> {
    let first = paragraphs.first()?.of(text);
    let own = keys.first()?;
    let repeated = keys.iter().skip(1).any(|other| other == own);
    let only = keys.iter().all(|other| other == own);
    let last = first.trim_end_matches(is_quote).chars().next_back()?;
    let ends_well = match last {
        '!' | '?' => repeated,
        _ => !is_terminator(last) && !matches!(last, ':' | ';' | ',') && !is_dash(last),
    };
    let fits = first.chars().count() <= LONGEST_TITLE && !first.contains(super::chars::is_line_end);
    let reads_well = first.contains(char::is_alphabetic) && !is_byline(first) && !first.starts_with(is_bullet);
    (ends_well && fits && reads_well && !only).then(|| first.to_owned())
}

/// Whether a paragraph on its own has the looks of a subhead.
fn is_subhead(part: &str) -> bool {
    let Some(first) = part.chars().next() else {
        return false;
    };
    let Some(last) = part.chars().next_back() else {
        return false;
    };
    let words = part.split_whitespace().count();
    let ends_well = last.is_alphanumeric() || matches!(last, ')' | '%');
    words <= MOST_SUBHEAD_WORDS
        && part.chars().count() <= LONGEST_SUBHEAD
        && (first.is_uppercase() || first.is_numeric())
        && ends_well
        && part.contains(char::is_alphabetic)
        && !part.contains(|c| is_speech_quote(c) || super::chars::is_line_end(c) || c == '@')
        && !part.contains("://")
        && !part.contains("www.")
        && !is_byline(part)
}

/// Quotation marks, the apostrophe aside.
fn is_speech_quote(c: char) -> bool {
    is_quote(c) && !matches!(c, '\'' | '’')
}

/// Whether text follows the short paragraph, and it is no item of a list.
fn stands_alone(text: &str, paragraphs: &[Span], titles: &[bool], short: &[bool], at: usize) -> bool {
    let plain = |other: usize| titles.get(other) == Some(&false) && short.get(other) == Some(&false);
    let after = plain(at + 1);
    let before = match at.checked_sub(1) {
        None => true,
        Some(above) => titles[above] || (plain(above) && !paragraphs[above].of(text).ends_with([':', ','])),
    };
    after && before
}

/// "By John Smith".
fn is_byline(part: &str) -> bool {
    let mut words = part.split_whitespace();
    let by = words.next().is_some_and(|word| word.eq_ignore_ascii_case("by"));
    by && words.clone().count() <= 6 && words.all(|word| word == "and" || word.starts_with(char::is_uppercase))
}

/// A paragraph without what may differ between repetitions: white space, case, quotes.
fn key(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    for word in part.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        let plain = word.chars().filter(|c| !is_quote(*c) && !super::chars::is_invisible(*c));
        out.extend(plain.flat_map(char::to_lowercase));
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::article::Article;
    use crate::segment::{Segmented, segment};

    fn parts(text: &str, title: Option<&str>) -> Segmented {
        segment(&Article { text: text.to_owned(), title: title.map(str::to_owned), ..Article::default() })
    }

    fn headings<'a>(text: &'a str, title: Option<&str>) -> Vec<&'a str> {
        parts(text, title).headings.iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn title_repeated_and_subhead() {
        let text =
            "Escape: diplomats flee\n\nEscape:  Diplomats flee\n\nOne went. Two stayed.\n\nImage abroad\n\nIt suffers.";
        assert_eq!(headings(text, None), ["Escape: diplomats flee", "Escape:  Diplomats flee", "Image abroad"]);
        assert_eq!(parts(text, None).title.as_deref(), Some("Escape: diplomats flee"));
        assert_eq!(parts(text, None).sentences.len(), 3);
    }

    #[test]
    fn given_title_in_other_quotes() {
        let text = "He said “no” to ‘talks’.\n\nThe rest.";
        assert_eq!(headings(text, Some("He said \"no\" to 'talks'.")), ["He said “no” to ‘talks’."]);
    }

    #[test]
    fn question_only_when_repeated() {
        assert!(headings("Who won?\n\nNobody did.", None).is_empty());
        assert_eq!(headings("Who won?\n\nWho won?\n\nNobody did.", None).len(), 2);
    }

    #[test]
    fn nothing_else_is_a_heading() {
        for text in [
            "Image abroad",
            "It ended.\n\nRead the rest",
            "By Jane Doe\n\nIt ended.",
            "It ended.\n\nIn brief:\n\nIt did.",
        ] {
            assert!(headings(text, None).is_empty(), "{text}");
        }
        let list = "He bought these.\n\nApples\n\nOranges\n\nPears\n\nHe left.";
        assert!(headings(list, None).is_empty());
    }

    #[test]
    fn given_sentences_stay() {
        let sentences = vec![crate::article::Span::new(0, 4)];
        let article =
            Article { text: "Title\n\nText.".into(), sentences: Some(sentences.clone()), ..Article::default() };
        let parts = segment(&article);
        assert_eq!((parts.sentences, parts.headings, parts.title), (sentences, Vec::new(), None));
    }
}
