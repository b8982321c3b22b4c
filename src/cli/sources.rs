//! `veracity sources`: how reliable sources are.

use super::args::SourcesArgs;
use super::message;
use super::stop::{OK, Outcome, Stop};
use crate::reliability::{Claims, Estimate, Outcomes, estimate, write_trust, write_truth};
use crate::write::{PartialFile, WriteError};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Reads the claims, estimates, and writes both tables or none.
pub(super) fn run(args: SourcesArgs) -> Outcome {
    if !args.list.list.is_empty() {
        return super::sources_list::run(&args.list);
    }
    let (Some(claims_file), Some(out)) = (&args.claims, &args.out) else {
        return Err(Stop::usage("neither claims nor rows to list", "give --claims and --out, or --list"));
    };
    let claims = Claims::read(claims_file).map_err(|e| Stop::bad(&e))?;
    let outcomes = match &args.outcomes {
        Some(path) => Outcomes::read(path, &claims).map_err(|e| Stop::bad(&e))?,
        None => Outcomes::none(&claims),
    };
    if let Some(path) = args.outcomes.as_ref().filter(|_| outcomes.without_claims > 0) {
        let what = format!("{}: nobody claims anything of {} of its objects", path.display(), outcomes.without_claims);
        message::note(&format!("note: {what}; they are left out"));
    }
    let found = estimate(&claims, &outcomes);
    let inputs: Vec<&Path> = std::iter::once(claims_file).chain(&args.outcomes).map(PathBuf::as_path).collect();
    std::fs::create_dir_all(out).map_err(|error| failed(WriteError::Io { path: out.clone(), error }))?;
    let trust = part(&out.join("trust.csv"), &inputs, |out| write_trust(&claims, &found, out))?;
    let truth = part(&out.join("truth.csv"), &inputs, |out| write_truth(&claims, &found, out))?;
    trust.commit().map_err(failed)?;
    truth.commit().map_err(failed)?;
    if !found.with_outcomes {
        message::note(&"note: no outcomes: trust is agreement with independent sources, and no source is graded");
    }
    if !args.quiet {
        message::note(&summary(&claims, &outcomes, &found));
    }
    Ok(OK)
}

/// A file that is written but has not yet its name.
fn part(
    path: &Path,
    inputs: &[&Path],
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<PartialFile, Stop> {
    let file = PartialFile::create(path, inputs.iter().copied()).map_err(failed)?;
    let mut out = BufWriter::new(file.writer().map_err(failed)?);
    write(&mut out).and_then(|()| out.flush()).map_err(|error| failed(file.error(error)))?;
    Ok(file)
}

fn failed(error: WriteError) -> Stop {
    match error {
        WriteError::OverInput { .. } | WriteError::Folder { .. } => {
            Stop::usage(error.to_string(), "give --out a folder of its own")
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
    if claims.replaced > 0 {
        text.push_str(&format!("; {} rows were replaced by later ones of the same source", claims.replaced));
    }
    text
}
