//! `veracity sources`: how reliable sources are.

use super::args::SourcesArgs;
use super::stop::{OK, Outcome, Stop};
use super::{message, sources_articles};
use crate::reliability::{
    Claims, Context, Estimate, Hierarchy, Outcomes, Ratings, estimate_with, write_trust, write_truth,
};
use crate::write::{PartialFile, WriteError};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Labelled articles, or a table of claims.
pub(super) fn run(args: SourcesArgs) -> Outcome {
    if args.list {
        return super::sources_list::run(&args);
    }
    match (&args.claims, &args.out) {
        (Some(claims), Some(out)) => table(&args, claims, out),
        _ => sources_articles::run(&args),
    }
}

/// Reads the claims, estimates, and writes both tables or none.
fn table(args: &SourcesArgs, path: &Path, out: &Path) -> Outcome {
    let claims = Claims::read(path).map_err(|e| Stop::bad(&e))?;
    let outcomes = match &args.outcomes {
        Some(path) => Outcomes::read(path, &claims).map_err(|e| Stop::bad(&e))?,
        None => Outcomes::none(&claims),
    };
    if let Some(path) = args.outcomes.as_ref().filter(|_| outcomes.without_claims > 0) {
        let what = format!("{}: nobody claims anything of {} of its objects", path.display(), outcomes.without_claims);
        message::note(&format!("note: {what}; they are left out"));
    }
    let hierarchy = args.hierarchy.as_deref().map(Hierarchy::read).transpose().map_err(|e| Stop::bad(&e))?;
    let ratings = ratings(args)?;
    let context = Context { hierarchy: hierarchy.unwrap_or_default(), ratings, ..Context::default() };
    let unknown = context.ratings.names().filter(|name| !claims.sources.contains(*name)).count();
    let found = estimate_with(&claims, &outcomes, &context);
    rated(args, &found, unknown);
    let more = [&args.outcomes, &args.hierarchy, &args.ratings].into_iter().flatten();
    let inputs: Vec<&Path> = std::iter::once(path).chain(more.map(|p| p.as_path())).collect();
    for file in tables(out, &inputs, &claims, &found, &[])? {
        file.commit().map_err(failed)?;
    }
    if !found.with_outcomes {
        message::note(&"note: no outcomes: trust is agreement with independent sources, and no source is graded");
    }
    if !args.quiet {
        message::note(&summary(&claims, &outcomes, &found));
    }
    Ok(OK)
}

/// The user's ratings.
pub(super) fn ratings(args: &SourcesArgs) -> Result<Ratings, Stop> {
    let read = args.ratings.as_deref().map(Ratings::read).transpose();
    Ok(read.map_err(|e| Stop::bad(&e))?.unwrap_or_default())
}

/// Says what ratings were worth, and how many are of sources that say nothing.
pub(super) fn rated(args: &SourcesArgs, found: &Estimate, unknown: usize) {
    let Some(path) = &args.ratings else { return };
    if unknown > 0 {
        message::note(&format!("note: {}: {unknown} of the rated sources claim nothing", path.display()));
    }
    match found.link {
        None => {
            let what =
                "the ratings change nothing: fewer than 5 rated sources have evidence, or it does not bear them out";
            message::note(&format!("note: {what}"));
        }
        Some(link) if !args.quiet => message::note(&format!(
            "ratings: learned from {} sources; 0.2 means {:.2}, 0.5 {:.2} and 0.8 {:.2}, and counts as {:.0} claims",
            link.sources,
            link.prior(0.2).mean(),
            link.prior(0.5).mean(),
            link.prior(0.8).mean(),
            link.strength
        )),
        Some(_) => {}
    }
}

/// trust.csv and truth.csv in the folder `out`, which have not yet their names.
pub(super) fn tables(
    out: &Path,
    inputs: &[&Path],
    claims: &Claims,
    found: &Estimate,
    pooled: &[String],
) -> Result<[PartialFile; 2], Stop> {
    std::fs::create_dir_all(out).map_err(|error| failed(WriteError::Io { path: out.to_owned(), error }))?;
    let trust = part(&out.join("trust.csv"), inputs, |out| write_trust(claims, found, pooled, out))?;
    let truth = part(&out.join("truth.csv"), inputs, |out| write_truth(claims, found, out))?;
    Ok([trust, truth])
}

/// A file that is written but has not yet its name.
pub(super) fn part(
    path: &Path,
    inputs: &[&Path],
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<PartialFile, Stop> {
    let file = PartialFile::create(path, inputs.iter().copied()).map_err(failed)?;
    let mut out = BufWriter::new(file.writer().map_err(failed)?);
    write(&mut out).and_then(|()| out.flush()).map_err(|error| failed(file.error(error)))?;
    Ok(file)
}

/// Why an output could not be written.
pub(super) fn failed(error: WriteError) -> Stop {
    match error {
        WriteError::OverInput { .. } | WriteError::Folder { .. } => {
            Stop::usage(error.to_string(), "give the output a place of its own")
        }
        WriteError::Io { .. } => Stop::failed(&error),
    }
}

fn summary(claims: &Claims, outcomes: &Outcomes, found: &Estimate) -> String {
    let mut text = format!(
        "{} claims of {} sources on {} objects ({}); {} outcomes",
        claims.len(),
        claims.sources.len(),
        claims.objects.len(),
        found.kind.describe(),
        outcomes.len(),
    );
    if !claims.replaced.is_empty() {
        let rows = claims.replaced.len();
        text.push_str(&format!("; {rows} rows were replaced by later ones of the same source"));
    }
    text
}
