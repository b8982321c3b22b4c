//! `veracity evaluate`: scores predictions against gold labels.

use super::args::EvaluateArgs;
use super::stop::{Outcome, Stop};

/// Stub.
pub(super) fn run(args: &EvaluateArgs) -> Outcome {
    let EvaluateArgs { gold, pred, json } = args;
    let _ = (gold, pred, json);
    Err(Stop::usage(
        "`evaluate` is not there yet",
        "wait for the next version",
    ))
}
