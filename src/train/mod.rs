//! Fine-tuning: an encoder and labelled articles in, a model folder out.
//!
//! Documents become windows just as in labelling; the sentence head learns from rows
//! that have a label, the token head from rows that have attribution spans.

mod adamw;
mod card;
mod checkpoint;
mod data;
mod dev;
mod examples;
mod export;
mod fit;
mod keep;
mod sequence;
mod settings;
mod shards;
mod steps;
mod teacher;

pub use data::{Document, Example, Fields, Row, read_documents};
pub use dev::Figures;
pub use fit::{Progress, has_checkpoint, train};
pub use settings::{Precision, Settings, TrainError};
