//! What people read in a terminal.

mod table;
mod text;

pub use table::{TableStyle, article_table};
pub use text::{one_line, plain};
