//! `veracity model`: looks at a model folder.

use super::args::ModelCommand;
use super::model_dir;
use super::stop::{Outcome, Stop};
use std::path::Path;

/// Runs a command on the folder that is named, or that `label` would use.
pub(super) fn run(command: ModelCommand) -> Outcome {
    match command {
        ModelCommand::Info(args) => info(&model_dir::find(args.dir.as_deref())?),
        ModelCommand::Verify(args) => verify(&model_dir::find(args.dir.as_deref())?),
    }
}

fn info(_dir: &Path) -> Outcome {
    Err(Stop::usage(
        "`model info` is not there yet",
        "look at the folder's config.json",
    ))
}

fn verify(_dir: &Path) -> Outcome {
    Err(Stop::usage(
        "`model verify` is not there yet",
        "compare the files' hashes by hand",
    ))
}
