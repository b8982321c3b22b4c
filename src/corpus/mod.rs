//! A corpus as a folder: parts that count once they are durable, and a manifest of them, so
//! that a run can be stopped at any moment and go on, or be split over machines.
//!
//! docs/corpus.md describes the folder.

mod error;
mod inputs;
mod manifest;
mod merge;
mod part;
mod parts;
mod reject;
mod shard;

pub use error::CorpusError;
pub use inputs::{InputFile, identify};
pub use manifest::{Counts, MANIFEST, Manifest, Part, Plan, Settings};
pub use merge::Merge;
pub use parts::{Parts, Place, refuse_among};
pub use reject::{Kind, REJECTS, Reject};
pub use shard::Shard;
