//! Logits to labels, probabilities and spans.

mod bio;
mod softmax;
mod roles;

pub use bio::{Tag, TagLogits, best_tags, role_logits, spans};
pub use roles::Spans;
pub use softmax::{argmax, softmax};
