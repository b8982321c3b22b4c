//! veracity reads news articles and says, sentence by sentence, what an article
//! asserts as fact, what it passes on as allegation, and what is background.
//!
//! The stages, in the order in which data goes through them:
//! [`read`] -> [`segment`] -> [`encode`] -> [`engine`] -> [`decode`] ->
//! [`attribute`] -> [`mod@write`], put together by [`pipeline`]. Beside them stand [`model`] (the folder on disk),
//! [`evaluate`] (against gold labels), [`mod@calibrate`] (confidence), [`observe`] and [`reliability`] (who
//! says what, and whom to trust), [`mod@bench`] (speed), [`corpus`] (runs in parts), [`serve`] (by
//! HTTP) and, with the feature `torch`, `train`.

pub mod article;
pub mod attribute;
pub mod bench;
pub mod calibrate;
pub mod cli;
pub mod corpus;
pub mod decode;
pub mod encode;
pub mod engine;
pub mod error;
pub mod evaluate;
pub mod label;
pub mod model;
pub mod observe;
pub mod pipeline;
pub mod read;
pub mod reliability;
pub mod report;
pub mod segment;
pub mod serve;
#[cfg(feature = "torch")]
pub mod train;
pub mod write;
