//! A web page: one article, its main text without what stands around it.

use super::charset;
use super::peek::Bytes;
use super::source::Context;
use crate::article::Article;
use crate::error::ReadError;
use dom_smoothie::{Config, Readability, TextMode};
use std::io::Read;

/// Pages of more elements are not taken apart: the time to find the text grows faster
/// than they do.
const MOST_ELEMENTS: usize = 50_000;
/// Pages that are nested more deeply are not taken apart either; no browser shows them.
const DEEPEST: usize = 500;

/// Elements of a page that have no end, or whose end may be left out and that do not nest
/// by themselves.
const FLAT: [&str; 25] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p",
    "li", "td", "th", "tr", "dt", "dd", "option", "thead", "tbody", "tfoot",
];

/// Yields the one article of a page.
pub(super) struct HtmlReader {
    bytes: Option<Bytes>,
    context: Context,
}

impl HtmlReader {
    pub(super) fn new(bytes: Bytes, context: Context) -> Self {
        Self { bytes: Some(bytes), context }
    }

    fn read(&self, bytes: Bytes) -> Result<Article, ReadError> {
        let max = self.context.options.max_line;
        let mut held = Vec::new();
        bytes.take(max as u64 + 1).read_to_end(&mut held).map_err(|error| self.context.io(error))?;
        if held.len() > max {
            let reason = format!("the page is longer than {max} bytes, the limit");
            return Err(self.context.file(reason, "is it an article? then raise the limit with --max-line"));
        }
        let article = article(&charset::decode(&held, None), self.context.name.clone());
        article.map_err(|reason| self.context.file(reason, "save the article's own page, or its text as .txt"))
    }
}

impl Iterator for HtmlReader {
    type Item = Result<Article, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = self.bytes.take()?;
        Some(self.read(bytes))
    }
}

/// The article of a page, or why there is none.
pub(super) fn article(html: &str, id: String) -> Result<Article, &'static str> {
    // The parser builds what it is given, however deep, and looks through all that is open
    // at each new element.
    if too_deep(html) {
        return Err("the page nests too many elements");
    }
    let config = Config { max_elements_to_parse: MOST_ELEMENTS, text_mode: TextMode::Formatted, ..Config::default() };
    let found = Readability::new(html, None, Some(config)).and_then(|mut page| page.parse()).map_err(|error| {
        use dom_smoothie::ReadabilityError::TooManyElements;
        if matches!(error, TooManyElements(..)) {
            "the page has too many elements"
        } else {
            "the page holds no article"
        }
    })?;
    let text = paragraphs(&found.text_content);
    if text.is_empty() {
        return Err("the page holds no article");
    }
    let one_line = |text: &str| Some(text.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|t| !t.is_empty());
    Ok(Article {
        id,
        text,
        title: one_line(&found.title),
        source: found.site_name.as_deref().and_then(one_line),
        date: found.published_time.as_deref().and_then(one_line),
        url: found.url.as_deref().and_then(one_line),
        sentences: None,
    })
}

/// Trimmed lines, with one blank line between paragraphs.
fn paragraphs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = "";
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            gap = if out.is_empty() { "" } else { "\n\n" };
            continue;
        }
        out.push_str(gap);
        out.push_str(line);
        gap = "\n";
    }
    out
}

/// Whether more elements are open at once than any real page has.
fn too_deep(html: &str) -> bool {
    let (mut depth, mut drawing) = (0_usize, false);
    for part in html.split('<').skip(1) {
        let (closing, part) = part.strip_prefix('/').map_or((false, part), |rest| (true, rest));
        let end = part.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(part.len());
        let name = &part[..end];
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        // Within a drawing or a formula nothing ends by itself, but for `<a/>`.
        if name.eq_ignore_ascii_case("svg") || name.eq_ignore_ascii_case("math") {
            drawing = !closing;
        }
        let single = match drawing {
            true => part.split('>').next().is_some_and(|tag| tag.ends_with('/')),
            false => FLAT.iter().any(|known| name.eq_ignore_ascii_case(known)),
        };
        match (single, closing) {
            (true, _) => {}
            (false, true) => depth = depth.saturating_sub(1),
            (false, false) => depth += 1,
        }
        if depth > DEEPEST {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "The council of Lake Orla voted on Monday to close the old footbridge for two years. \
        The mayor said that the work would cost three million euros, which the province would pay.";

    fn page(body: &str) -> Result<Article, &'static str> {
        article(&format!("<!doctype html><html><head><title>Bridge closes</title></head><body>{body}"), "x".into())
    }

    #[test]
    fn paragraphs_stay_apart_and_the_frame_is_left_out() {
        let got = page(&format!(
            "<nav><a href=/a>Home</a> <a href=/b>Sport</a></nav><article><h1>Bridge closes</h1><p>{BODY}</p>\
             <p>One  more\n line.<br>Two &amp; three.</p></article><footer>Imprint and more</footer>"
        ))
        .unwrap();
        assert_eq!(got.title.as_deref(), Some("Bridge closes"));
        assert!(got.text.contains(&format!("{BODY}\n\nOne more line.\nTwo & three.")), "{:?}", got.text);
        assert!(!got.text.contains("Imprint") && !got.text.contains("Sport"), "{:?}", got.text);
    }

    #[test]
    fn pages_without_text() {
        assert!(page("").is_err());
        assert!(page("<script>1</script>").is_err());
        assert!(article("", "x".into()).is_err());
    }

    #[test]
    fn deep_and_wide_pages_are_refused() {
        for open in ["<div>", "<b>", "<table><tr><td>", "<a><div>", "<svg><input>", "<rt>"] {
            assert!(page(&open.repeat(30_000)).is_err(), "{open}");
        }
        assert_eq!(page(&"<p>A.</p>".repeat(60_000)).unwrap_err(), "the page has too many elements");
    }
}
