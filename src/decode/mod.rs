//! Logits to labels, probabilities and attributions.

mod attribution;
mod bio;
mod softmax;

pub use attribution::{Spans, attributions};
#[cfg(feature = "torch")]
pub(crate) use bio::ADJACENT;
pub use bio::{Tag, TagLogits, best_tags, role_logits, spans};
pub use softmax::{argmax, softmax};
