//! Bytes of a web page to text, in whatever encoding they are.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// A page names its encoding within so many bytes.
const START: usize = 2048;

/// Decodes a page as browsers do: by its byte order mark, by what it was `sent` as, by what
/// it says itself, as UTF-8 if it is, and else as windows-1252. What is invalid becomes U+FFFD.
pub(super) fn decode(bytes: &[u8], sent: Option<&str>) -> String {
    let told = || sent.and_then(label).or_else(|| own(bytes));
    let guessed = || if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1252 };
    let encoding = Encoding::for_bom(bytes).map(|(encoding, _)| encoding).or_else(told).unwrap_or_else(guessed);
    encoding.decode(bytes).0.into_owned()
}

/// The encoding after `charset=` in the type of a document.
fn label(kind: &str) -> Option<&'static Encoding> {
    let small = kind.to_ascii_lowercase();
    let at = small.find("charset=")? + "charset=".len();
    named(small.get(at..)?)
}

/// The encoding of the name at the start of `text`.
fn named(text: &str) -> Option<&'static Encoding> {
    let text = text.trim_start_matches(|c: char| c.is_ascii_whitespace() || matches!(c, '"' | '\''));
    let end =
        text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.'))).unwrap_or(text.len());
    Encoding::for_label(&text.as_bytes()[..end])
}

/// What the page says of itself, in a `meta` or in its XML declaration.
fn own(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(START)]).to_ascii_lowercase();
    let declared = start.starts_with("<?xml").then(|| start.split("?>").next()?.split("encoding=").nth(1)).flatten();
    let said = declared.and_then(named).or_else(|| start.split("<meta").skip(1).find_map(label));
    // Whoever could read that in ASCII did not read UTF-16.
    said.map(Encoding::output_encoding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_tell() {
        let cases: [(&[u8], Option<&str>, &str); 10] = [
            (b"\xef\xbb\xbfa\xc3\xa9", Some("text/html; charset=latin1"), "a\u{e9}"),
            (b"\xff\xfea\0\xe9\0", None, "a\u{e9}"),
            (b"\xe9", Some("text/html; charset=ISO-8859-1"), "\u{e9}"),
            (b"\xa4", Some("text/html;Charset=\"iso-8859-15\""), "\u{20ac}"),
            (b"<meta charset='koi8-r'>\xc1", None, "<meta charset='koi8-r'>\u{430}"),
            (
                b"<?xml version='1.0' encoding='windows-1251'?>\xe0",
                None,
                "<?xml version='1.0' encoding='windows-1251'?>\u{430}",
            ),
            (b"<meta charset=utf-16>\xc3\xa9", None, "<meta charset=utf-16>\u{e9}"),
            (b"\xc3\xa9", Some("text/html"), "\u{e9}"),
            (b"\x93a\x94", None, "\u{201c}a\u{201d}"),
            (b"a\xff", Some("charset=utf-8"), "a\u{fffd}"),
        ];
        for (bytes, sent, want) in cases {
            assert_eq!(decode(bytes, sent), want, "{bytes:?}");
        }
        let meta = b"<meta http-equiv='Content-Type' content='text/html; charset=shift_jis'>\x82\xa0";
        assert!(decode(meta, None).ends_with('\u{3042}'));
    }
}
