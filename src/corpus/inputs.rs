//! Which inputs a run read: name, size and content.

use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// A file that is read. Its content counts, not when it was changed: a copy is the same input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputFile {
    /// The path as it was given.
    pub path: String,
    /// Size.
    pub bytes: u64,
    /// BLAKE3 of its bytes, in hexadecimal; `None` when it could not be read.
    pub blake3: Option<String>,
}

impl InputFile {
    /// Whether the two are the same file, in whatever folder.
    pub fn same(&self, other: &Self) -> bool {
        let name = |file: &Self| Path::new(&file.path).file_name().map(ToOwned::to_owned);
        self.bytes == other.bytes && self.blake3 == other.blake3 && name(self) == name(other)
    }
}

/// Reads all files once. `seen` is told of each piece, by its length in bytes.
pub fn identify<'a>(files: impl IntoIterator<Item = &'a Path>, mut seen: impl FnMut(u64)) -> Vec<InputFile> {
    let one = |path: &Path| {
        let hashed = hash(path, &mut seen).ok();
        let (bytes, blake3) = hashed.map_or((0, None), |(bytes, hash)| (bytes, Some(hash)));
        InputFile { path: path.display().to_string(), bytes, blake3 }
    };
    files.into_iter().map(one).collect()
}

/// Size and BLAKE3 of a file.
pub(super) fn hash(path: &Path, mut seen: impl FnMut(u64)) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 256 << 10];
    let mut bytes = 0;
    loop {
        let read = match file.read(&mut buffer) {
            Ok(0) => return Ok((bytes, hasher.finalize().to_hex().to_string())),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hasher.update(&buffer[..read]);
        bytes += read as u64;
        seen(read as u64);
    }
}
