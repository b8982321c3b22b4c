//! What `veracity sources --list` takes. Compiled by build.rs too, as args.rs is.

use clap::{Args, ValueHint};
use std::path::PathBuf;

/// Which rows to list the sources of.
#[derive(Debug, Args)]
pub(crate) struct SourcesListArgs {
    /// List the sources of labelled rows (as `veracity label` writes them; - is standard
    /// input), each with its claims in context
    #[arg(long, value_name = "LABELLED", num_args = 1.., value_hint = ValueHint::FilePath)]
    pub(crate) list: Vec<PathBuf>,

    /// Names that are of one source: a CSV file with the columns alias,name[,kind]
    #[arg(long, value_name = "ALIASES", value_hint = ValueHint::FilePath, requires = "list")]
    pub(crate) aliases: Option<PathBuf>,
}
