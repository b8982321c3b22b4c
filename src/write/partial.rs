//! A file that gets its name only when it is complete.

use super::WriteError;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes to `NAME.partial` beside `NAME`; [`commit`](Self::commit) gives it its name.
///
/// Dropped without that, the partial file stays, with what was written.
pub struct PartialFile {
    file: File,
    target: PathBuf,
    /// `None` when the target is a device or pipe, which is written directly.
    partial: Option<PathBuf>,
}

impl PartialFile {
    /// Where the output for `target` is written until it is complete.
    pub fn partial_path(target: &Path) -> PathBuf {
        let mut name = target.as_os_str().to_owned();
        name.push(".partial");
        name.into()
    }

    /// Makes the partial file. Refuses when `target` or the partial file is one of
    /// `inputs`.
    pub fn create<'a>(target: &Path, inputs: impl IntoIterator<Item = &'a Path>) -> Result<Self, WriteError> {
        // A link stays a link: the file behind it is replaced.
        let target = fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
        if target.is_dir() {
            return Err(WriteError::Folder { path: target });
        }
        let special = fs::metadata(&target).is_ok_and(|meta| !meta.is_file());
        let partial = Self::partial_path(&target);
        for input in inputs {
            let same = |path: &Path| match (fs::canonicalize(path), fs::canonicalize(input)) {
                (Ok(a), Ok(b)) => a == b,
                _ => false,
            };
            if !special && (same(&target) || same(&partial)) {
                return Err(WriteError::OverInput { path: target });
            }
        }
        let path = if special { &target } else { &partial };
        let file = match special {
            true => File::options().write(true).open(path),
            false => File::create(path),
        };
        let file = file.map_err(|error| WriteError::Io { path: path.clone(), error })?;
        Ok(Self { file, target, partial: (!special).then_some(partial) })
    }

    /// The file that is being written.
    pub fn path(&self) -> &Path {
        self.partial.as_deref().unwrap_or(&self.target)
    }

    /// A second handle on the same file.
    pub fn writer(&self) -> Result<File, WriteError> {
        self.file.try_clone().map_err(|error| self.error(error))
    }

    /// Gives the file its name, replacing what was there. When this returns, content and name
    /// are on the disk.
    pub fn commit(self) -> Result<(), WriteError> {
        let Some(partial) = &self.partial else {
            return Ok(());
        };
        let done = self.file.sync_all().and_then(|()| fs::rename(partial, &self.target));
        done.and_then(|()| sync_folder(&self.target)).map_err(|error| self.error(error))
    }

    /// Cuts the file to its first `bytes` bytes: what is behind them is not whole.
    pub fn cut(&self, bytes: u64) -> io::Result<()> {
        match self.partial {
            Some(_) => self.file.set_len(bytes),
            None => Ok(()),
        }
    }

    /// Removes the partial file; the target stays as it was.
    pub fn discard(self) -> Result<(), WriteError> {
        match &self.partial {
            Some(partial) => fs::remove_file(partial).map_err(|error| self.error(error)),
            None => Ok(()),
        }
    }

    /// Puts the file's name to a failed write.
    pub fn error(&self, error: io::Error) -> WriteError {
        WriteError::Io { path: self.path().to_owned(), error }
    }
}

/// Makes the names in the folder of `path` durable, where the system can.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        // Some file systems sync no folders.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        done => done,
    }
}

impl Write for PartialFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_comes_last() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("o.jsonl");
        fs::write(&target, "old").unwrap();
        let mut out = PartialFile::create(&target, []).unwrap();
        out.write_all(b"new").unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "old");
        assert!(out.path().ends_with("o.jsonl.partial"));
        out.commit().unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "new");
        assert!(!PartialFile::partial_path(&target).exists());
    }

    #[test]
    fn discarding_leaves_the_old_file() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("o.jsonl");
        fs::write(&target, "old").unwrap();
        PartialFile::create(&target, []).unwrap().discard().unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "old");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn inputs_and_folders_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let input = dir.path().join("in.jsonl");
        fs::write(&input, "x").unwrap();
        let roundabout = dir.path().join("../").join(dir.path().file_name().unwrap());
        let target = roundabout.join("in.jsonl");
        let refused = PartialFile::create(&target, [input.as_path()]);
        assert!(matches!(refused, Err(WriteError::OverInput { .. })));
        let refused = PartialFile::create(dir.path(), []);
        assert!(matches!(refused, Err(WriteError::Folder { .. })));
        let refused = PartialFile::create(&dir.path().join("no/o.jsonl"), []);
        assert!(matches!(refused, Err(WriteError::Io { .. })));
        assert_eq!(fs::read_to_string(&input).unwrap(), "x");
    }
}
