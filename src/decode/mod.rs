//! Logits to labels, probabilities and spans.

mod bio;
mod borders;
mod roles;
mod softmax;

#[cfg(feature = "torch")]
pub(crate) use bio::ADJACENT;
pub use bio::{Tag, TagLogits, best_tags, role_logits, spans};
pub use borders::borders;
pub use roles::Spans;
pub use softmax::{argmax, softmax};
