//! Labelled articles as Arrow record batches, and back.

mod columns;
mod rows;
mod schema;

pub use columns::batch;
pub(crate) use rows::Texts;
pub use rows::articles;
pub use schema::{Per, schema};
