//! Writes a corpus part by part.
//!
//! A part holds a fixed number of items of the input, so where it begins and ends is known
//! before anything is labelled. It counts when the manifest says so, and the manifest says so
//! only after the part and its rejects are on the disk: file, folder, manifest, in this order.
//! Whatever moment a run is stopped at, the folder is that of some number of whole parts, and
//! the next run writes over what is beyond them.

use super::error::CorpusError;
use super::manifest::{Counts, Manifest, Part, Plan, from_write};
use super::reject::{REJECTS, Reject};
use super::shard::Shard;
use crate::article::Article;
use crate::label::LabelledArticle;
use crate::write::{Packed, PartialFile, Per, Sink, TableFormat};
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Keeps two runs out of one folder. Empty; the lock ends with the process.
const LOCK: &str = ".lock";

/// Which item of the input it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Among the items of this shard, from 0.
    pub own: u64,
    /// Among all items, from 0.
    pub item: u64,
}

/// A folder of parts that is being written.
pub struct Parts {
    dir: PathBuf,
    manifest: Manifest,
    format: TableFormat,
    per: Per,
    resumed: usize,
    current: Current,
    /// Rejects that are not in a part yet, by place; they may come before the articles that
    /// stand before them.
    rejects: BTreeMap<Place, Reject>,
    _lock: File,
}

/// The part that is being filled.
#[derive(Default)]
struct Current {
    open: Option<Open>,
    counts: Counts,
    /// How many of [`Parts::rejects`] are of this part.
    rejects: u64,
    steps: Vec<u64>,
    last: u64,
}

struct Open {
    sink: Box<dyn Sink + Send>,
    packed: Packed,
    file: PartialFile,
}

impl Parts {
    /// Takes a folder that is new, or was begun with the same plan. Makes it if need be.
    pub fn open(dir: &Path, plan: Plan, format: TableFormat, per: Per) -> Result<Self, CorpusError> {
        fs::create_dir_all(dir).map_err(CorpusError::io(dir))?;
        let lock = lock(dir)?;
        let manifest = match Manifest::read(dir)? {
            Some(old) => {
                if let Some((what, was, is)) = old.plan.difference(&plan) {
                    return Err(CorpusError::Differs { dir: dir.into(), what, was, is });
                }
                old
            }
            None => {
                refuse_foreign(dir)?;
                let new = Manifest::new(plan);
                // Before any other file: without it the next run would take them for another's.
                new.write(dir)?;
                new
            }
        };
        let mut parts = Self {
            dir: dir.into(),
            manifest,
            format,
            per,
            resumed: 0,
            current: Current::default(),
            rejects: BTreeMap::new(),
            _lock: lock,
        };
        parts.trust()?;
        parts.resumed = parts.manifest.parts.len();
        Ok(parts)
    }

    /// Keeps of the manifest what is on the disk: all parts up to the first that is missing or
    /// of another size. Rejects beyond them are cut off.
    fn trust(&mut self) -> Result<(), CorpusError> {
        let whole = |part: &Part| fs::metadata(self.dir.join(&part.file)).is_ok_and(|meta| meta.len() == part.bytes);
        let path = self.dir.join(REJECTS);
        let rejects = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let rejects = rejects.map_err(CorpusError::io(&path))?;
        let length = rejects.metadata().map_err(CorpusError::io(&path))?.len();
        let parts = &mut self.manifest.parts;
        let good = parts.iter().take_while(|part| whole(part) && part.rejects_end <= length).count();
        if good < parts.len() {
            parts.truncate(good);
            self.manifest.complete = false;
        }
        let end = self.manifest.parts.last().map_or(0, |part| part.rejects_end);
        rejects.set_len(end).and_then(|()| rejects.sync_all()).map_err(CorpusError::io(&path))?;
        self.manifest.write(&self.dir)
    }

    /// Items of this shard that need not be read again.
    pub const fn done_items(&self) -> u64 {
        // Every part but the last of a complete run has its full number.
        (self.manifest.parts.len() as u64).saturating_mul(self.manifest.plan.settings.part_size)
    }

    /// Whether nothing is left to do.
    pub const fn is_complete(&self) -> bool {
        self.manifest.complete
    }

    /// What earlier runs have done.
    pub fn resumed(&self) -> (usize, Counts) {
        (self.resumed, self.manifest.counts())
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// What the folder is.
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Takes a labelled article. Articles come in the order of their places.
    pub fn article(&mut self, place: Place, source: &Article, article: &LabelledArticle) -> Result<(), CorpusError> {
        let (per, sharded) = (self.per, self.manifest.plan.settings.shard != Shard::WHOLE);
        let open = self.open_part()?;
        let done = open.sink.article(source, article);
        done.map_err(|error| from_write(open.file.error(error)))?;
        let current = &mut self.current;
        current.counts.article(article);
        if sharded && (per == Per::Article || !article.sentences.is_empty()) {
            current.steps.push(place.item - current.last);
            current.last = place.item;
        }
        self.settle()
    }

    /// Takes what could not be labelled; it may come before articles that stand before it.
    pub fn reject(&mut self, place: Place, reject: Reject) -> Result<(), CorpusError> {
        if place.own < self.part_end() {
            self.current.rejects += 1;
        }
        self.rejects.insert(place, reject);
        self.settle()
    }

    /// The input has ended; everything that was taken becomes durable.
    pub fn end(&mut self) -> Result<(), CorpusError> {
        let left = self.current.counts.articles > 0 || !self.rejects.is_empty();
        if left {
            self.close()?;
        }
        self.manifest.complete = true;
        self.manifest.write(&self.dir)
    }

    /// Removes what is left of an unfinished part. It would only be written over.
    pub fn abandon(&mut self) {
        if let Some(open) = self.current.open.take() {
            // Whoever abandons a part has an error to tell already.
            let _ = open.file.discard();
        }
    }

    /// Closes the part if all its items are here.
    fn settle(&mut self) -> Result<(), CorpusError> {
        let size = self.manifest.plan.settings.part_size;
        while self.current.counts.articles + self.current.rejects == size {
            self.close()?;
        }
        Ok(())
    }

    /// The first item, of those of this shard, behind the part that is being filled.
    const fn part_end(&self) -> u64 {
        self.done_items().saturating_add(self.manifest.plan.settings.part_size)
    }

    fn open_part(&mut self) -> Result<&mut Open, CorpusError> {
        if self.current.open.is_none() {
            let name = self.name();
            let file = PartialFile::create(&self.dir.join(name), []).map_err(from_write)?;
            let out = Box::new(file.writer().map_err(from_write)?);
            let made = self.format.sink(self.per, &self.manifest.plan.lineage, out);
            let (sink, packed) = made.map_err(|error| from_write(file.error(error)))?;
            return Ok(self.current.open.insert(Open { sink, packed, file }));
        }
        let name = self.name();
        self.current.open.as_mut().ok_or_else(|| {
            let error = io::Error::other("the part is not open");
            CorpusError::Io { path: self.dir.join(name), error }
        })
    }

    /// Name of the part that is being filled.
    fn name(&self) -> String {
        format!("part-{:05}.{}", self.manifest.parts.len(), self.format)
    }

    fn close(&mut self) -> Result<(), CorpusError> {
        self.open_part()?;
        let file = self.name();
        let end = self.part_end();
        let Current { open, mut counts, steps, .. } = std::mem::take(&mut self.current);
        let Some(mut open) = open else { return Ok(()) };
        let done = open.sink.finish().and_then(|()| open.packed.finish());
        let written = match done {
            Ok(written) => written,
            Err(error) => {
                let error = from_write(open.file.error(error));
                let _ = open.file.discard();
                return Err(error);
            }
        };
        open.file.commit().map_err(from_write)?;

        let later = self.rejects.split_off(&Place { own: end, item: 0 });
        let own = std::mem::replace(&mut self.rejects, later);
        own.values().for_each(|reject| counts.reject(reject));
        let before = self.manifest.parts.last().map_or(0, |part| part.rejects_end);
        let rejects_end = before + self.append(own.values())?;
        let (bytes, blake3) = (written.bytes, written.blake3);
        self.manifest.parts.push(Part { file, bytes, blake3, counts, rejects_end, steps });
        let end = Place { own: self.part_end(), item: 0 };
        self.current.rejects = self.rejects.range(..end).count() as u64;
        self.manifest.write(&self.dir)
    }

    /// Adds lines to `rejects.jsonl`; they are durable when this returns.
    fn append<'a>(&self, rejects: impl Iterator<Item = &'a Reject>) -> Result<u64, CorpusError> {
        let lines: Vec<u8> = rejects.flat_map(Reject::to_line).collect();
        if !lines.is_empty() {
            let path = self.dir.join(REJECTS);
            let file = OpenOptions::new().append(true).open(&path);
            let done = file.and_then(|mut file| file.write_all(&lines).and_then(|()| file.sync_all()));
            done.map_err(CorpusError::io(path))?;
        }
        Ok(lines.len() as u64)
    }
}

fn lock(dir: &Path) -> Result<File, CorpusError> {
    let path = dir.join(LOCK);
    let file = File::create(&path).map_err(CorpusError::io(&path))?;
    match file.try_lock() {
        // Some network file systems know no locks; they are as good as they were.
        Ok(()) => Ok(file),
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(file),
        Err(TryLockError::WouldBlock) => Err(CorpusError::Locked { dir: dir.into() }),
        Err(TryLockError::Error(error)) => Err(CorpusError::Io { path, error }),
    }
}

/// Parts of something else must not be written over.
fn refuse_foreign(dir: &Path) -> Result<(), CorpusError> {
    for entry in fs::read_dir(dir).map_err(CorpusError::io(dir))? {
        let name = entry.map_err(CorpusError::io(dir))?.file_name();
        let name = name.to_string_lossy();
        let ours = name.starts_with("part-") || name == REJECTS;
        if ours && !name.ends_with(".partial") {
            return Err(CorpusError::Foreign { dir: dir.into() });
        }
    }
    Ok(())
}

/// Whether a folder is fit for an output of these inputs: none of them is in it, and it is in
/// none of them. `named` is what the user named, `files` what is read.
pub fn refuse_among<'a>(
    dir: &Path,
    named: impl IntoIterator<Item = &'a Path>,
    files: impl IntoIterator<Item = &'a Path>,
) -> Result<(), CorpusError> {
    let real = real(dir);
    let within = |path: &Path| fs::canonicalize(path).is_ok_and(|path| path.starts_with(&real));
    let around = |path: &Path| path.is_dir() && fs::canonicalize(path).is_ok_and(|path| real.starts_with(path));
    if named.into_iter().any(around) || files.into_iter().any(within) {
        return Err(CorpusError::AmongInputs { dir: dir.into() });
    }
    Ok(())
}

/// The path without links, also of a folder that is not there yet.
fn real(path: &Path) -> PathBuf {
    match fs::canonicalize(path) {
        Ok(real) => real,
        Err(_) => match (path.parent(), path.file_name()) {
            (Some(parent), Some(name)) if parent.as_os_str().is_empty() => real_name(Path::new("."), name),
            (Some(parent), Some(name)) => real_name(parent, name),
            _ => path.to_owned(),
        },
    }
}

fn real_name(parent: &Path, name: &std::ffi::OsStr) -> PathBuf {
    real(parent).join(name)
}
