//! `veracity merge`: joins the folders of a run.

use super::args::MergeArgs;
use super::destination::{Destination, Form};
use super::message;
use super::output::{folder_failed, refused};
use super::stop::{OK, Outcome, Stop};
use super::summary::{Summary, count};
use crate::corpus::Merge;
use crate::write::PartialFile;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Checks and joins.
pub(super) fn run(args: MergeArgs) -> Outcome {
    let start = Instant::now();
    let merge = Merge::open(&args.dirs).map_err(|error| folder_failed(&error))?;
    let target = match Destination::of(Some(args.output.clone())) {
        Destination::File(path) => path,
        Destination::Stdout | Destination::Folder(_) => {
            let what = format!("{}: the rows are joined in a file", args.output.display());
            return Err(Stop::usage(what, format!("name one: -o labels.{}", merge.format())));
        }
    };
    let told = args.format.is_some() || crate::write::TableFormat::of(&target).is_some();
    let format = match Form::of(args.format, &Destination::File(target.clone()), false)? {
        Form::Table(format) if told => format,
        Form::Table(_) => merge.format(),
        _ => return Err(Stop::usage("folders are joined as rows", "give --format jsonl, csv or parquet")),
    };
    let inputs = merge.files();
    let create =
        |path: &Path| PartialFile::create(path, inputs.iter().map(PathBuf::as_path)).map_err(|error| refused(&error));
    let rejects = args.rejects.as_deref().map(create).transpose()?;
    let out = create(&target)?;
    let writer = Box::new(out.writer().map_err(|error| refused(&error))?);
    let broken = |error: std::io::Error| Stop::failed(&out.error(error));
    let (mut sink, packed) = format.sink(merge.per(), merge.lineage(), writer).map_err(broken)?;
    let done = merge.write_to(&mut *sink, out.path());
    if let Err(error) = done {
        // What is half joined is of no use.
        let _ = out.discard();
        let _ = rejects.map(PartialFile::discard);
        return Err(folder_failed(&error));
    }
    packed.finish().map_err(broken)?;
    if let Some(mut file) = rejects {
        for reject in merge.rejects().map_err(|error| folder_failed(&error))? {
            file.write_all(&reject.to_line()).map_err(|error| Stop::failed(&file.error(error)))?;
        }
        file.commit().map_err(|error| Stop::failed(&error))?;
    }
    out.commit().map_err(|error| Stop::failed(&error))?;
    if !args.quiet {
        let labels = merge.lineage().labels.clone();
        let (counts, seconds) = (merge.counts(), start.elapsed().as_secs_f64());
        let summary = Summary { labels, counts, seconds, ..Summary::default() };
        message::note(&format!("{}: {summary}", count(args.dirs.len() as u64, "folder")));
    }
    Ok(OK)
}
