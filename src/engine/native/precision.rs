//! Arithmetic of the native engine.

use super::kernels::Isa;
use crate::model::ModelConfig;
use std::fmt;

/// Share of labels that must be those of f32 for [`Precision::Auto`] to choose something faster.
pub const AGREEMENT: f64 = 0.995;

/// What dense layers are computed in. Layer norms, softmax, sums of products and the heads are
/// f32 in all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// The fastest that the model's card states to keep [`AGREEMENT`] of the labels of f32;
    /// f32 where it states nothing.
    #[default]
    Auto,
    /// Single precision.
    F32,
    /// bfloat16: twice as fast as f32 on a processor that has it, otherwise slower.
    Bf16,
    /// Bytes: weights with a scale a column, activations with a scale and a zero point a token;
    /// both by parts in the product after GELU.
    Int8,
}

impl Precision {
    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::F32 => "f32",
            Self::Bf16 => "bf16",
            Self::Int8 => "int8",
        }
    }

    /// What `Auto` stands for with a model on a processor; never `Auto`.
    pub fn resolve(self, config: &ModelConfig, isa: Isa) -> Self {
        if self != Self::Auto {
            return self;
        }
        let stated = config.veracity.as_ref().and_then(|h| h.agreement).unwrap_or_default();
        let keeps = |share: Option<f64>| share.is_some_and(|share| share >= AGREEMENT);
        if keeps(stated.int8) {
            Self::Int8
        } else if keeps(stated.bf16) && isa.has_bf16() {
            Self::Bf16
        } else {
            Self::F32
        }
    }
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
