//! Text to token ids: the tokenizer, document windows and ragged batches.

mod batch;
mod tokens;
mod window;

pub use batch::Batch;
pub use tokens::{Encoded, Tokens};
pub use window::{Layout, Piece, Window, token_spans};

#[cfg(test)]
mod tests;
