//! A text file: one article.

use super::utf8;
use crate::article::Article;
use crate::error::ReadError;
use std::io::Read;

/// Yields the one article of a text file.
pub(super) struct TextReader<R> {
    bytes: Option<R>,
    place: String,
    name: String,
    max: usize,
}

impl<R: Read> TextReader<R> {
    /// Reads `bytes`, of which there may be `max`.
    pub(super) fn new(bytes: R, place: String, name: String, max: usize) -> Self {
        Self { bytes: Some(bytes), place, name, max }
    }
}

impl<R: Read> Iterator for TextReader<R> {
    type Item = Result<Article, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = self.bytes.take()?;
        Some(read_text(bytes, &self.place, &self.name, self.max))
    }
}

/// Reads all of `bytes` as one article with the id `name`; `place` is what errors
/// call the input. More than `max` bytes are an error and are not held. A byte order mark
/// is dropped; offsets count from behind it.
pub fn read_text(bytes: impl Read, place: &str, name: &str, max: usize) -> Result<Article, ReadError> {
    let mut held = Vec::new();
    if let Err(error) = bytes.take(max as u64 + 1).read_to_end(&mut held) {
        return Err(ReadError::Io { place: place.to_owned(), error });
    }
    if held.len() > max {
        return Err(ReadError::File {
            place: place.to_owned(),
            reason: format!("the text is longer than {max} bytes, the limit"),
            hint: "a text file holds one article; if this is one, raise the limit with --max-line".into(),
        });
    }
    if held.starts_with(b"\xef\xbb\xbf") {
        held.drain(..3);
    }
    let text = String::from_utf8(held).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let line = 1 + bytes[..at].iter().filter(|&&byte| byte == b'\n').count();
        ReadError::Row {
            place: place.to_owned(),
            line,
            reason: format!("invalid UTF-8 at byte {at} (0x{:02x})", bytes[at]),
            hint: if utf8::is_utf16(bytes) { utf8::utf16_hint(place) } else { utf8::hint(place) },
        }
    })?;
    if text.trim().is_empty() {
        return Err(ReadError::File {
            place: place.to_owned(),
            reason: "the input is empty".into(),
            hint: "a text file holds one article; leave an empty one out".into(),
        });
    }
    Ok(Article { id: name.to_owned(), text, ..Article::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Hint;

    #[test]
    fn the_mark_is_dropped_and_line_ends_stay() {
        let article = read_text(&b"\xef\xbb\xbfOne.\r\nTwo\0."[..], "a.txt", "a", 100).unwrap();
        assert_eq!(article.text, "One.\r\nTwo\0.");
        assert_eq!(article.id, "a");
    }

    #[test]
    fn a_bad_byte_is_found() {
        let error = read_text(&b"One.\nTwo \xe9."[..], "a.txt", "a", 100).unwrap_err();
        assert_eq!(error.to_string(), "a.txt:2: invalid UTF-8 at byte 9 (0xe9)");
        assert!(error.hint().unwrap().contains("iconv"));
    }

    #[test]
    fn utf16_is_named() {
        let error = read_text(&b"\xff\xfeO\0"[..], "a.txt", "a", 100).unwrap_err();
        assert!(error.hint().unwrap().contains("UTF-16"));
    }

    #[test]
    fn a_long_text_is_an_error() {
        assert!(read_text(&b"12345"[..], "a", "a", 5).is_ok());
        let error = read_text(std::io::repeat(b'x'), "a", "a", 5).unwrap_err();
        assert_eq!(error.to_string(), "a: the text is longer than 5 bytes, the limit");
    }

    #[test]
    fn blank_is_empty() {
        for bytes in [&b""[..], b" \n\t ", b"\xef\xbb\xbf"] {
            let error = read_text(bytes, "a.txt", "a", 100).unwrap_err();
            assert!(error.to_string().contains("empty"));
        }
    }
}
