//! Logits to labels, probabilities and spans.

mod bio;
mod borders;
mod roles;
mod softmax;

pub use bio::{Tag, TagLogits, best_tags, role_logits, spans};
pub use borders::borders;
pub use roles::Spans;
pub use softmax::{argmax, softmax};
