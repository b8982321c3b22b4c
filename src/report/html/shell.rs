//! The frame of a page: its style and script stand in it, and nothing else may run or load.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// Colours, type, tables and print, of every page.
pub(crate) const BASE_STYLE: &str = include_str!("base.css");

/// A whole page. `title` is text, `body` is HTML; `script` may be empty.
///
/// The policy names the hashes of the style and the script: whatever else a page might come
/// to hold, the browser neither runs nor fetches it.
pub(crate) fn page(title: &str, style: &str, script: &str, body: &str) -> String {
    let style = format!("\n{BASE_STYLE}{style}");
    let (allowed, script) = match script {
        "" => (String::new(), String::new()),
        _ => {
            let script = format!("\n{script}");
            (format!(" script-src {};", hash(&script)), format!("<script>{script}</script>\n"))
        }
    };
    let policy =
        format!("default-src 'none'; style-src {};{allowed} base-uri 'none'; form-action 'none'", hash(&style));
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}{script}</body>\n</html>\n",
        escape(title)
    )
}

/// A table that may be wider than the window. It takes the focus, so that keys can move it.
pub(crate) fn scroll(name: &str, table: &str) -> String {
    let name = escape(name);
    format!("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"{name}\">{table}</div>\n")
}

/// The source expression of an inline style or script (CSP level 3).
fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

/// Text as HTML, in an element or a quoted attribute. Control characters, and those that turn
/// the reading direction, have no place there and are shown as U+FFFD.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() && !c.is_whitespace() => out.push('\u{fffd}'),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out_of_the_page() {
        assert_eq!(escape("<b>&\"'\u{1b}\u{202e}"), "&lt;b&gt;&amp;&quot;&#39;\u{fffd}\u{fffd}");
    }

    /// The hash of the empty string, as the policy's standard gives it for an example.
    #[test]
    fn the_policy_names_hashes() {
        assert_eq!(hash(""), "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
        let page = page("a<b", "p{}", "f()", "<p>x</p>\n");
        assert!(page.contains("<title>a&lt;b</title>"), "{page}");
        let script = page.split("<script>").nth(1).unwrap().split("</script>").next().unwrap();
        assert!(page.contains(&format!("script-src {};", hash(script))), "{page}");
        assert!(!super::page("a", "", "", "<p>x</p>\n").contains("script"));
    }
}
