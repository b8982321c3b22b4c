//! `veracity train`: needs libtorch.

use super::args::TrainArgs;
use super::stop::{Outcome, Stop};

/// Stub.
pub(super) fn run(_args: &TrainArgs) -> Outcome {
    Err(Stop::usage(
        "this build cannot train",
        "build with --features torch",
    ))
}
