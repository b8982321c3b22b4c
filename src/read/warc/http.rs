//! The answer of a web server, as a crawl keeps it.

use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use std::io::Read;

/// What a server sent.
pub(super) struct Message {
    /// Status, such as 200.
    pub(super) status: u16,
    /// Its `Content-Type`, in small letters.
    pub(super) media: String,
    /// The body, with nothing around it.
    pub(super) body: Vec<u8>,
}

/// Reads an answer whose body is at most `max` bytes long; nothing when it is none, and an
/// error when it is there but cannot be read.
pub(super) fn message(bytes: &[u8], max: usize) -> Result<Option<Message>, String> {
    let Some((head, body)) = parted(bytes) else { return Ok(None) };
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines();
    let first = lines.next().unwrap_or("");
    let Some(status) = first.strip_prefix("HTTP/").and_then(|rest| rest.split_whitespace().nth(1)?.parse().ok()) else {
        return Ok(None);
    };
    let fields: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_ascii_lowercase()))
        .collect();
    let get = |name: &str| fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    let media = get("content-type").to_owned();
    let chunked = get("transfer-encoding").contains("chunked");
    // Many crawlers keep the field and take the chunks apart all the same.
    let whole = if chunked { joined(body) } else { None };
    let body = whole.as_deref().unwrap_or(body);
    if !media.contains("html") || status != 200 {
        return Ok(Some(Message { status, media, body: Vec::new() }));
    }
    let body = unpacked(body, get("content-encoding"), max)?;
    Ok(Some(Message { status, media, body }))
}

/// Head and body: a blank line is between them.
fn parted(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|&byte| byte == b'\n') {
        let next = from + at + 1;
        let rest = &bytes[next..];
        for blank in [&b"\r\n"[..], b"\n"] {
            if let Some(body) = rest.strip_prefix(blank) {
                return Some((&bytes[..next], body));
            }
        }
        from = next;
    }
    None
}

/// The chunks of a body put together; nothing when these are none. Chunks that are cut off
/// are better than none.
fn joined(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let Some((size, after)) = chunk_size(rest) else { return (!body.is_empty()).then_some(body) };
        if size == 0 {
            return Some(body);
        }
        let size = size.min(after.len());
        body.extend_from_slice(&after[..size]);
        rest = &after[size..];
        rest = rest.strip_prefix(b"\r\n").or(rest.strip_prefix(b"\n")).unwrap_or(rest);
    }
}

/// The size that stands on the first line, and what is behind it.
fn chunk_size(rest: &[u8]) -> Option<(usize, &[u8])> {
    let end = rest.iter().take(100).position(|&byte| byte == b'\n')?;
    let line = std::str::from_utf8(&rest[..end]).ok()?;
    let size = usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()?;
    Some((size, &rest[end + 1..]))
}

/// A body without its compression.
fn unpacked(body: &[u8], encoding: &str, max: usize) -> Result<Vec<u8>, String> {
    let reader: Box<dyn Read + '_> = match encoding {
        // Here too, crawlers keep the field of what they have unpacked.
        "gzip" | "x-gzip" if body.starts_with(b"\x1f\x8b") => Box::new(MultiGzDecoder::new(body)),
        "deflate" if body.first().is_some_and(|first| first & 0x0f == 8) => Box::new(ZlibDecoder::new(body)),
        "deflate" if !body.trim_ascii_start().starts_with(b"<") => Box::new(DeflateDecoder::new(body)),
        "zstd" if body.starts_with(b"\x28\xb5\x2f\xfd") => {
            Box::new(zstd::stream::read::Decoder::with_buffer(body).map_err(|error| error.to_string())?)
        }
        "br" if std::str::from_utf8(body).is_err() => return Err("the page is compressed with brotli".into()),
        _ => Box::new(body),
    };
    let mut out = Vec::new();
    let read = reader.take(max as u64 + 1).read_to_end(&mut out);
    if out.len() > max {
        return Err(format!("the page is longer than {max} bytes, the limit"));
    }
    // Of a page that is cut off, what is there may well be the article.
    match read {
        Err(error) if out.is_empty() => Err(format!("the page is not {encoding}: {error}")),
        _ => Ok(out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn page(fields: &str, body: &[u8]) -> Result<Option<Message>, String> {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Type: Text/HTML; charset=utf-8\r\n{fields}\r\n");
        message(&[head.as_bytes(), body].concat(), 1000)
    }

    fn body(fields: &str, bytes: &[u8]) -> Vec<u8> {
        page(fields, bytes).unwrap().unwrap().body
    }

    #[test]
    fn bodies_as_they_are_sent() {
        assert_eq!(body("", b"<p>A"), b"<p>A");
        let chunks = b"3\r\n<p>\r\n1;x=y\r\nA\r\n0\r\n\r\n";
        assert_eq!(body("Transfer-Encoding: chunked\r\n", chunks), b"<p>A");
        assert_eq!(body("Transfer-Encoding: chunked\r\n", &chunks[..7]), b"<p>");
        assert_eq!(body("Transfer-Encoding: chunked\r\n", b"<p>A"), b"<p>A");
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(b"<p>A").unwrap();
        let gzip = gzip.finish().unwrap();
        assert_eq!(body("content-encoding: gzip\r\n", &gzip), b"<p>A");
        assert_eq!(body("content-encoding: gzip\r\n", b"<p>A"), b"<p>A");
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        zlib.write_all(b"<p>A").unwrap();
        assert_eq!(body("content-encoding: deflate\r\n", &zlib.finish().unwrap()), b"<p>A");
    }

    #[test]
    fn what_is_no_page() {
        assert!(message(b"", 10).unwrap().is_none());
        assert!(message(b"GET / HTTP/1.1\r\n\r\n", 10).unwrap().is_none());
        assert!(message(b"HTTP/1.1\r\n\r\n", 10).unwrap().is_none());
        assert!(page("content-encoding: br\r\n", b"\xff\xfe\x01").is_err());
        assert!(page("", &[b'x'; 2000]).is_err());
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&vec![b'x'; 5_000_000]).unwrap();
        assert!(page("content-encoding: gzip\r\n", &gzip.finish().unwrap()).is_err());
    }
}
