//! What people read in a terminal.

mod sources;
mod table;
mod text;

pub use sources::sources_table;
pub use table::{TableStyle, article_table};
pub use text::{one_line, plain};
