//! Logits to labels, probabilities and spans.

mod bio;
mod borders;
mod roles;
mod softmax;
mod worth;

#[cfg(feature = "torch")]
pub(crate) use bio::ADJACENT;
pub use bio::{Tag, TagLogits, role_logits, spans};
pub use borders::borders;
pub use roles::Spans;
pub use softmax::{argmax, softmax};
pub use worth::best_tags;
