//! Where an article quotes: stretches between quotation marks.

use crate::article::Span;

/// The quotations of `text`, in order; marks are counted in.
///
/// Double marks count, straight, curly or of two strokes. A quotation that is still open
/// at the end of a paragraph goes on when the next one begins with a mark, as printers
/// have it; else it ends there.
pub(super) fn quotations(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < text.len() {
        let Some(c) = text[at..].chars().next() else { break };
        let next = at + c.len_utf8();
        let (mark, end) = match c {
            '"' => (Some(Mark::Either), next),
            '\u{201c}' | '\u{201e}' | '«' => (Some(Mark::Open), next),
            '\u{201d}' | '»' => (Some(Mark::Close), next),
            '\'' | '`' if bytes.get(at + 1) == Some(&bytes[at]) => (Some(Mark::Either), at + 2),
            _ => (None, next),
        };
        match (mark, open) {
            (Some(Mark::Either | Mark::Open), None) => open = Some(at),
            (Some(Mark::Either | Mark::Close), Some(start)) => {
                found.push(Span::new(start, end));
                open = None;
            }
            (None, Some(start)) if paragraph_end(text, at) => {
                let rest = text[at..].trim_start();
                let begin = text.len() - rest.len();
                if rest.starts_with(MARKS) || rest.starts_with("''") || rest.starts_with("``") {
                    // The mark at the head of the paragraph opens nothing new.
                    at =
                        begin + if rest.starts_with(MARKS) { rest.chars().next().map_or(1, char::len_utf8) } else { 2 };
                    continue;
                }
                found.push(Span::new(start, at));
                open = None;
            }
            _ => {}
        }
        at = end;
    }
    if let Some(start) = open {
        found.push(Span::new(start, text.len()));
    }
    found
}

#[derive(Clone, Copy)]
enum Mark {
    Open,
    Close,
    Either,
}

/// Marks of quotation of one character.
pub(super) const MARKS: [char; 6] = ['"', '\u{201c}', '\u{201d}', '\u{201e}', '«', '»'];

/// Whether an empty line begins at `at`.
fn paragraph_end(text: &str, at: usize) -> bool {
    text.as_bytes()[at] == b'\n' && text[at + 1..].chars().take_while(|c| c.is_whitespace()).any(|c| c == '\n')
}

/// The quotation in which the first letter or digit of `span` stands.
pub(super) fn around(quotations: &[Span], text: &str, span: Span) -> Option<usize> {
    let at = first_letter(text, span);
    let next = quotations.partition_point(|quotation| quotation.end <= at);
    quotations.get(next).filter(|quotation| quotation.start <= at).map(|_| next)
}

/// Where the first letter or digit of `span` is; its start where it has none.
pub(super) fn first_letter(text: &str, span: Span) -> usize {
    span.start + span.of(text).find(char::is_alphanumeric).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        quotations(text).iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn marks_of_all_sorts() {
        assert_eq!(found("\"No,\" he said. \"Never.\""), ["\"No,\"", "\"Never.\""]);
        assert_eq!(found("He said: “It's late.” ''Go''"), ["“It's late.”", "''Go''"]);
        assert_eq!(found("It's the boys' own."), Vec::<&str>::new());
    }

    #[test]
    fn a_paragraph_goes_on_with_a_mark_or_ends_the_quotation() {
        assert_eq!(found("\"One.\n\n\"Two.\" He left."), ["\"One.\n\n\"Two.\""]);
        assert_eq!(found("\"One.\n\nTwo.\" He left."), ["\"One.", "\" He left."]);
        assert_eq!(found("“One.\n \n“Two.”"), ["“One.\n \n“Two.”"]);
    }

    #[test]
    fn finds_the_quotation_of_a_span() {
        let text = "\"No,\" he said. \"Never.\"";
        let all = quotations(text);
        assert_eq!(around(&all, text, Span::new(15, 20)), Some(1));
        assert_eq!(around(&all, text, Span::new(6, 8)), None);
    }
}
