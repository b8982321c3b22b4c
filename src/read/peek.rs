//! Looks at the start of a stream and puts it back.

use std::io::{self, BufRead, Cursor, ErrorKind, Read};

/// A stream of bytes, whatever is behind it.
pub(crate) type Bytes = Box<dyn BufRead + Send>;

/// No start that is looked at is longer.
pub(super) const LONGEST: usize = 1 << 16;

/// Reads until `enough` says so of what was seen, and no further than a slow source has
/// come. Returns what was seen, and a stream that begins with it.
pub(super) fn peek(mut bytes: Bytes, enough: impl Fn(&[u8]) -> bool) -> io::Result<(Vec<u8>, Bytes)> {
    let mut seen = Vec::new();
    while seen.len() < LONGEST && !enough(&seen) {
        let chunk = match bytes.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            // What came before the error may be whole articles; the error comes again,
            // or else the stream ends there.
            Err(error) if !seen.is_empty() => {
                let rest = Failing(Some(error));
                return Ok((seen.clone(), Box::new(io::BufReader::new(Cursor::new(seen).chain(rest)))));
            }
            Err(error) => return Err(error),
        };
        if chunk.is_empty() {
            break;
        }
        let used = chunk.len().min(LONGEST - seen.len());
        seen.extend_from_slice(&chunk[..used]);
        bytes.consume(used);
    }
    Ok((seen.clone(), Box::new(Cursor::new(seen).chain(bytes))))
}

/// Gives the error that was kept, once.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
