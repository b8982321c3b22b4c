//! Compressed input, told by its first bytes and not by its name.

use super::peek::{self, Bytes};
use flate2::bufread::MultiGzDecoder;
use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read};
use std::path::Path;

/// How a gzip member begins: its mark, and the one method there is.
const GZIP: &[u8] = b"\x1f\x8b\x08";
/// How a zstd frame begins,
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";
/// and one to be skipped, but for the low half of its first byte.
const SKIPPABLE: &[u8] = b"\x50\x2a\x4d\x18";
/// Bytes that are decompressed at once.
const BUFFER: usize = 1 << 16;

/// A stream of a known kind that does not go on as it should.
#[derive(Debug)]
pub(super) struct Corrupt {
    /// Name of the compression.
    kind: &'static str,
    /// What its decoder says.
    error: io::Error,
}

impl Corrupt {
    /// What is wrong, to be read behind the name of the file.
    pub(super) fn reason(&self) -> String {
        match self.error.kind() {
            ErrorKind::UnexpectedEof => format!("the {} stream is cut off", self.kind),
            _ => format!("the {} stream is corrupt ({})", self.kind, self.error),
        }
    }
}

impl fmt::Display for Corrupt {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.reason())
    }
}

impl std::error::Error for Corrupt {}

/// The bytes of a file, decompressed.
pub(crate) fn open(path: &Path) -> io::Result<Bytes> {
    decompress(Box::new(BufReader::with_capacity(BUFFER, File::open(path)?)))
}

/// Decompresses `bytes` if they are gzip (of any number of members) or zstd (of any
/// number of frames).
pub(super) fn decompress(bytes: Bytes) -> io::Result<Bytes> {
    let (start, bytes) = peek::peek(bytes, |seen| told(seen).is_some())?;
    match told(&start) {
        Some(Some("gzip")) => Ok(checked("gzip", MultiGzDecoder::new(bytes))),
        Some(Some(kind)) => Ok(checked(kind, zstd::stream::read::Decoder::with_buffer(bytes)?)),
        _ => Ok(bytes),
    }
}

/// The compression of what starts with `seen`; nothing while it can be this or that.
fn told(seen: &[u8]) -> Option<Option<&'static str>> {
    let mut frame = seen.to_vec();
    if let Some(first) = frame.first_mut().filter(|first| **first & 0xf0 == SKIPPABLE[0]) {
        *first = SKIPPABLE[0];
    }
    let kinds = [(GZIP, seen, "gzip"), (ZSTD, seen, "zstd"), (SKIPPABLE, &frame[..], "zstd")];
    if let Some((.., kind)) = kinds.iter().find(|(mark, seen, _)| seen.starts_with(mark)) {
        return Some(Some(kind));
    }
    let open = kinds.iter().any(|(mark, seen, _)| mark.starts_with(seen));
    (!open).then_some(None)
}

fn checked(kind: &'static str, inner: impl Read + Send + 'static) -> Bytes {
    Box::new(BufReader::with_capacity(BUFFER, Checked { kind, inner }))
}

/// Tells errors of the stream from errors of the disk.
struct Checked<R> {
    kind: &'static str,
    inner: R,
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer).map_err(|error| {
            let system = error.raw_os_error().is_some() && error.get_ref().is_none();
            if system || error.kind() == ErrorKind::Interrupted {
                return error;
            }
            io::Error::new(error.kind(), Corrupt { kind: self.kind, error })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    fn read(bytes: Vec<u8>) -> io::Result<String> {
        let mut text = String::new();
        decompress(Box::new(Cursor::new(bytes)))?.read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn members_and_frames_follow_one_another() {
        assert_eq!(read([gzip("a"), gzip("b")].concat()).unwrap(), "ab");
        let frame = |text: &str| zstd::encode_all(text.as_bytes(), 3).unwrap();
        assert_eq!(read([frame("a"), frame("b")].concat()).unwrap(), "ab");
        let skippable = b"\x5a\x2a\x4d\x18\x02\0\0\0xx".to_vec();
        assert_eq!(read([skippable, frame("c")].concat()).unwrap(), "c");
    }

    #[test]
    fn what_is_not_compressed_stays() {
        for text in ["", "\u{1f}", "(", "(a", "P", "P*", "plain", "\u{1f}\n"] {
            assert_eq!(read(text.as_bytes().to_vec()).unwrap(), text);
        }
    }

    #[test]
    fn cut_and_corrupt_streams_are_named() {
        let text = "some words that are long enough to be cut".repeat(20);
        // With a checksum, as the tool `zstd` writes it.
        let mut zstd = zstd::Encoder::new(Vec::new(), 3).unwrap();
        zstd.include_checksum(true).unwrap();
        zstd.write_all(text.as_bytes()).unwrap();
        let whole = [gzip(&text), zstd.finish().unwrap()];
        for (bytes, kind) in whole.into_iter().zip(["gzip", "zstd"]) {
            let cut = read(bytes[..bytes.len() - 5].to_vec()).unwrap_err();
            assert_eq!(cut.to_string(), format!("the {kind} stream is cut off"));
            let mut bad = bytes;
            let at = bad.len() / 2;
            bad[at] ^= 0x55;
            bad[at + 1] ^= 0x55;
            assert!(read(bad).unwrap_err().get_ref().unwrap().is::<Corrupt>());
        }
    }
}
