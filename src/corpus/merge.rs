//! Joins the shards of a corpus, in the order of its input.

use super::error::CorpusError;
use super::inputs::{InputFile, hash};
use super::manifest::{Counts, MANIFEST, Manifest};
use super::part;
use super::reject::{REJECTS, Reject};
use super::shard::Shard;
use crate::article::Article;
use crate::label::LabelledArticle;
use crate::write::{Lineage, Per, Sink, TableFormat};
use std::fs;
use std::path::{Path, PathBuf};

/// The folders of all shards of one run, or of one run that was not split.
pub struct Merge {
    folders: Vec<(PathBuf, Manifest)>,
    format: TableFormat,
    per: Per,
}

impl Merge {
    /// Checks that the folders are complete, of one model, settings and inputs, and that no
    /// shard is missing or there twice.
    pub fn open(dirs: &[PathBuf]) -> Result<Self, CorpusError> {
        let mut folders = Vec::new();
        for dir in dirs {
            let manifest = Manifest::read(dir)?.ok_or_else(|| no_manifest(dir))?;
            if !manifest.complete {
                return Err(shards(
                    dir,
                    "the run has not ended",
                    "give its command again: it goes on where it stopped",
                ));
            }
            folders.push((dir.clone(), manifest));
        }
        folders.sort_by_key(|(_, manifest)| manifest.plan.settings.shard.index);
        let Some((first_dir, first)) = folders.first() else {
            return Err(shards(Path::new("."), "no folder is given", "name the folders of all shards"));
        };
        for (dir, manifest) in &folders[1..] {
            same_run(first_dir, first, dir, manifest)?;
        }
        let of = first.plan.settings.shard.of;
        for (at, (dir, manifest)) in folders.iter().enumerate() {
            let index = manifest.plan.settings.shard.index;
            if index < at as u64 + 1 {
                return Err(shards(dir, format!("shard {index}/{of} is given twice"), "name each folder once"));
            }
            if index > at as u64 + 1 {
                return Err(missing(first_dir, at as u64 + 1, of));
            }
        }
        if (folders.len() as u64) < of {
            return Err(missing(first_dir, folders.len() as u64 + 1, of));
        }
        let bad = |reason: String| CorpusError::Manifest { path: first_dir.join(MANIFEST), reason };
        let format = first.format().map_err(bad)?;
        let per = match first.plan.settings.per.as_str() {
            "sentence" => Per::Sentence,
            "article" => Per::Article,
            other => return Err(bad(format!("settings.per is `{other}`"))),
        };
        Ok(Self { format, per, folders })
    }

    /// Where the labels come from.
    pub fn lineage(&self) -> &Lineage {
        // `open` lets no empty list through.
        &self.folders[0].1.plan.lineage
    }

    /// What a row stands for.
    pub const fn per(&self) -> Per {
        self.per
    }

    /// Format of the parts.
    pub const fn format(&self) -> TableFormat {
        self.format
    }

    /// All files that are read.
    pub fn files(&self) -> Vec<PathBuf> {
        let of = |(dir, manifest): &(PathBuf, Manifest)| {
            let parts: Vec<PathBuf> = manifest.parts.iter().map(|part| dir.join(&part.file)).collect();
            parts.into_iter().chain([dir.join(REJECTS), dir.join(MANIFEST)])
        };
        self.folders.iter().flat_map(of).collect()
    }

    /// Sums over all shards.
    pub fn counts(&self) -> Counts {
        self.folders.iter().fold(Counts::default(), |mut sum, (_, manifest)| {
            sum.add(&manifest.counts());
            sum
        })
    }

    /// Checks each part against its hash, and writes all rows in the order of the input.
    /// `each` is called with every article.
    pub fn write(
        &self,
        mut each: impl FnMut(&Article, &LabelledArticle) -> Result<(), CorpusError>,
    ) -> Result<(), CorpusError> {
        let none = Article::default();
        let mut heads: Vec<(Option<Numbered>, ShardRows)> = Vec::new();
        for (dir, manifest) in &self.folders {
            let mut rows = ShardRows::new(dir, manifest, self.format, self.per);
            heads.push((rows.next().transpose()?, rows));
        }
        loop {
            let waiting = heads.iter_mut().filter(|(head, _)| head.is_some());
            let first = waiting.min_by_key(|(head, _)| head.as_ref().map_or(u64::MAX, |(item, _)| *item));
            let Some((head, rows)) = first else { return Ok(()) };
            let next = rows.next().transpose()?;
            if let Some((_, article)) = std::mem::replace(head, next) {
                each(&none, &article)?;
            }
        }
    }

    /// The rejects of all shards, in the order of the input.
    pub fn rejects(&self) -> Result<Vec<Reject>, CorpusError> {
        let mut all = Vec::new();
        for (dir, _) in &self.folders {
            let path = dir.join(REJECTS);
            let text = fs::read_to_string(&path).map_err(CorpusError::io(&path))?;
            for line in text.lines() {
                let reject: Reject = serde_json::from_str(line)
                    .map_err(|error| CorpusError::Damaged { path: path.clone(), reason: error.to_string() })?;
                all.push(reject);
            }
        }
        all.sort_by_key(|reject| reject.item);
        Ok(all)
    }

    /// Writes all rows to a sink and finishes it.
    pub fn write_to(&self, sink: &mut dyn Sink, out: &Path) -> Result<(), CorpusError> {
        self.write(|source, article| sink.article(source, article).map_err(CorpusError::io(out)))?;
        sink.finish().map_err(CorpusError::io(out))
    }
}

type Numbered = (u64, LabelledArticle);

/// The articles of a shard, with their numbers in the input.
struct ShardRows<'a> {
    dir: &'a Path,
    manifest: &'a Manifest,
    format: TableFormat,
    per: Per,
    next_part: usize,
    current: Option<(part::Articles, std::slice::Iter<'a, u64>)>,
    item: u64,
}

impl<'a> ShardRows<'a> {
    fn new(dir: &'a Path, manifest: &'a Manifest, format: TableFormat, per: Per) -> Self {
        Self { dir, manifest, format, per, next_part: 0, current: None, item: 0 }
    }

    fn open(&mut self) -> Option<Result<(), CorpusError>> {
        let part = self.manifest.parts.get(self.next_part)?;
        self.next_part += 1;
        let path = self.dir.join(&part.file);
        let open = || {
            let (bytes, blake3) = hash(&path, |_| {}).map_err(CorpusError::io(&path))?;
            if bytes != part.bytes || blake3 != part.blake3 {
                let reason = "the file is not the one that was written".into();
                return Err(CorpusError::Damaged { path: path.clone(), reason });
            }
            part::read(&path, self.format, self.per)
        };
        Some(open().map(|rows| {
            self.item = 0;
            self.current = Some((rows, part.steps.iter()));
        }))
    }
}

impl Iterator for ShardRows<'_> {
    type Item = Result<Numbered, CorpusError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((rows, steps)) = &mut self.current {
                if let Some(article) = rows.next() {
                    let article = match article {
                        Ok(article) => article,
                        Err(error) => return Some(Err(error)),
                    };
                    let whole = self.manifest.plan.settings.shard == Shard::WHOLE;
                    let item = match steps.next() {
                        Some(step) => self.item.checked_add(*step),
                        None => whole.then_some(self.item),
                    };
                    match item {
                        Some(item) => self.item = item,
                        None => return Some(Err(self.disagree())),
                    }
                    return Some(Ok((self.item, article)));
                }
                let more = steps.next().is_some();
                self.current = None;
                if more {
                    return Some(Err(self.disagree()));
                }
            }
            if let Err(error) = self.open()? {
                return Some(Err(error));
            }
        }
    }
}

impl ShardRows<'_> {
    fn disagree(&self) -> CorpusError {
        let path = self.dir.join(MANIFEST);
        CorpusError::Damaged { path, reason: "the manifest tells of other articles than the part holds".into() }
    }
}

fn no_manifest(dir: &Path) -> CorpusError {
    shards(dir, format!("no {MANIFEST} here"), "name folders that `veracity label -o DIR/` has written")
}

fn missing(dir: &Path, index: u64, of: u64) -> CorpusError {
    let reason = format!("this is a shard of {of}, and shard {index}/{of} is missing");
    shards(dir, reason, format!("name the folders of all shards; --shard {index}/{of} makes that one"))
}

fn shards(dir: &Path, reason: impl Into<String>, hint: impl Into<String>) -> CorpusError {
    CorpusError::Shards { dir: dir.into(), reason: reason.into(), hint: hint.into() }
}

/// All but the shard, and the folders that the inputs are in, must be equal.
fn same_run(first_dir: &Path, first: &Manifest, dir: &Path, other: &Manifest) -> Result<(), CorpusError> {
    let same_inputs = first.plan.inputs.len() == other.plan.inputs.len()
        && first.plan.inputs.iter().zip(&other.plan.inputs).all(|(a, b)| InputFile::same(a, b));
    let mut plan = other.plan.clone();
    if same_inputs {
        plan.inputs.clone_from(&first.plan.inputs);
    }
    if plan.settings.shard.of == first.plan.settings.shard.of {
        plan.settings.shard = first.plan.settings.shard;
    }
    let Some((what, was, is)) = first.plan.difference(&plan) else { return Ok(()) };
    let reason = format!("{what} is {is}, but {was} in {}", first_dir.display());
    Err(shards(dir, reason, "merge shards of one model, settings and inputs"))
}
