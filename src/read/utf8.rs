//! Bytes to text, with a message that finds the bad byte.

/// UTF-8's byte order mark.
pub(super) const MARK: &[u8] = b"\xef\xbb\xbf";

/// Byte order marks that are not UTF-8's.
pub(super) fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff")
}

/// The remedy for UTF-16.
pub(super) fn utf16_hint(place: &str) -> String {
    format!("the file looks like UTF-16; convert it: iconv -f UTF-16 -t UTF-8 {place}")
}

/// The remedy for any other bytes that are not UTF-8.
pub(super) fn hint(place: &str) -> String {
    format!(
        "save the file as UTF-8; if it is in an older encoding: \
         iconv -f WINDOWS-1252 -t UTF-8 {place}"
    )
}

/// Drops UTF-8's byte order mark.
pub(super) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(MARK).unwrap_or(bytes)
}
