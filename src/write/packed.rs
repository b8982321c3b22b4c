//! Bytes on their way to a file: compressed, counted and hashed.

use flate2::write::GzEncoder;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How a file is compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Packing {
    /// Not at all.
    #[default]
    Plain,
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstd,
}

impl Packing {
    /// Ending of the file's name, with its dot.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Gzip => ".gz",
            Self::Zstd => ".zst",
        }
    }
}

/// What went to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Bytes, as they are in the file.
    pub bytes: u64,
    /// Their BLAKE3, in hexadecimal.
    pub blake3: String,
}

/// A writer that packs. Its clones write to the same place, so that a sink can own one and
/// whoever made it can still [`finish`](Self::finish) it.
#[derive(Clone)]
pub struct Packed(Arc<Mutex<Encoder>>);

enum Encoder {
    Plain(Counted),
    Gzip(GzEncoder<Counted>),
    Zstd(zstd::Encoder<'static, Counted>),
    Done,
}

struct Counted {
    out: Box<dyn Write + Send>,
    bytes: u64,
    hasher: blake3::Hasher,
}

impl Packed {
    /// Packs what is written, into `out`.
    pub fn new(packing: Packing, out: Box<dyn Write + Send>) -> io::Result<Self> {
        let out = Counted { out, bytes: 0, hasher: blake3::Hasher::new() };
        let encoder = match packing {
            Packing::Plain => Encoder::Plain(out),
            // No time and no name in the header: the same rows give the same bytes.
            Packing::Gzip => Encoder::Gzip(GzEncoder::new(out, flate2::Compression::default())),
            Packing::Zstd => Encoder::Zstd(zstd::Encoder::new(out, zstd::DEFAULT_COMPRESSION_LEVEL)?),
        };
        Ok(Self(Arc::new(Mutex::new(encoder))))
    }

    /// Writes what the compression holds back. Nothing can be written after it.
    pub fn finish(&self) -> io::Result<Written> {
        let mut out = match std::mem::replace(&mut *self.lock(), Encoder::Done) {
            Encoder::Plain(out) => out,
            Encoder::Gzip(encoder) => encoder.finish()?,
            Encoder::Zstd(encoder) => encoder.finish()?,
            Encoder::Done => return Err(ended()),
        };
        out.flush()?;
        Ok(Written { bytes: out.bytes, blake3: out.hasher.finalize().to_hex().to_string() })
    }

    /// Bytes that have reached the file.
    pub fn bytes(&self) -> u64 {
        match &*self.lock() {
            Encoder::Plain(out) => out.bytes,
            Encoder::Gzip(encoder) => encoder.get_ref().bytes,
            Encoder::Zstd(encoder) => encoder.get_ref().bytes,
            Encoder::Done => 0,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Encoder> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn ended() -> io::Error {
    io::Error::other("the output has ended")
}

impl Write for Packed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut *self.lock() {
            Encoder::Plain(out) => out.write(bytes),
            Encoder::Gzip(encoder) => encoder.write(bytes),
            Encoder::Zstd(encoder) => encoder.write(bytes),
            Encoder::Done => Err(ended()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut *self.lock() {
            Encoder::Plain(out) => out.flush(),
            // A flush in the middle would cut the stream, and cost bytes.
            Encoder::Gzip(_) | Encoder::Zstd(_) => Ok(()),
            Encoder::Done => Err(ended()),
        }
    }
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
