//! What people read: tables and prose in a terminal, and pages in a browser.

pub(crate) mod html;
pub(crate) mod prose;
mod rows;
mod sources;
mod table;
mod text;
mod trust;
mod view;
pub(crate) mod who;

pub use html::HtmlReport;
pub use rows::{LabelledArticles, labelled_articles};
pub use sources::sources_table;
pub use table::{TableStyle, article_table};
pub use text::{one_line, plain};
pub use trust::{Trust, TrustTable};
pub use view::article_view;
