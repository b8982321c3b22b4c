//! The tokenizer, with the padding and truncation of its file switched off.

use crate::article::Span;
use crate::error::ModelError;
use std::path::Path;
use tokenizers::Tokenizer;

/// Turns text into token ids with their places.
#[derive(Clone)]
pub struct Tokens {
    tokenizer: Tokenizer,
    first: u32,
    last: u32,
}

/// One sentence's tokens, without special tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encoded {
    /// Token ids.
    pub ids: Vec<u32>,
    /// Byte range of each token in the encoded text.
    pub offsets: Vec<Span>,
}

impl Tokens {
    /// Loads `tokenizer.json`. `vocab` is the number of embeddings that the model has.
    pub fn open(path: &Path, vocab: usize) -> Result<Self, ModelError> {
        let invalid = |reason: String| ModelError::Invalid {
            path: path.into(),
            reason,
            hint: "restore tokenizer.json from where the model came from".into(),
        };
        // Read first, so that a missing file is told apart from a broken one.
        let bytes = std::fs::read(path).map_err(|error| ModelError::Io { path: path.into(), error })?;
        let mut file: serde_json::Value =
            serde_json::from_slice(&bytes).map_err(|e| invalid(format!("not a tokenizer: {e}")))?;
        // Nothing is ever decoded here, and tokenizers 0.23 panics on a decoder that it cannot read.
        if let Some(fields) = file.as_object_mut() {
            fields.insert("decoder".into(), serde_json::Value::Null);
        }
        let mut tokenizer =
            Tokenizer::from_bytes(file.to_string().as_bytes()).map_err(|e| invalid(format!("not a tokenizer: {e}")))?;
        tokenizer.with_padding(None);
        tokenizer.with_truncation(None).map_err(|e| invalid(e.to_string()))?;
        // Ids may have gaps, so that the greatest counts and not their number.
        let size = tokenizer.get_vocab(true).values().max().map_or(0, |&id| id as usize + 1);
        if size > vocab {
            return Err(invalid(format!("token ids up to {}, but the model has embeddings for {vocab}", size - 1)));
        }
        let empty = tokenizer.encode_fast("", true).map_err(|e| invalid(e.to_string()))?;
        let &[first, last] = empty.get_ids() else {
            return Err(invalid(format!(
                "wraps text in {} special tokens, expected one before and one after",
                empty.get_ids().len()
            )));
        };
        // A post-processor names ids of its own.
        if let Some(id) = [first, last].iter().find(|&&id| id as usize >= vocab) {
            return Err(invalid(format!("special token {id}, but the model has embeddings for {vocab}")));
        }
        Ok(Self { tokenizer, first, last })
    }

    /// The token before a sequence: `[CLS]`.
    pub const fn first(&self) -> u32 {
        self.first
    }

    /// The token after a sequence: `[SEP]`.
    pub const fn last(&self) -> u32 {
        self.last
    }

    /// Encodes without special tokens; offsets are bytes of `text`.
    pub fn encode(&self, text: &str) -> Result<Encoded, String> {
        let encoding = self.tokenizer.encode(text, false).map_err(|e| e.to_string())?;
        let offsets = encoding.get_offsets().iter().map(|&(start, end)| Span::new(start, end)).collect();
        Ok(Encoded { ids: encoding.get_ids().to_vec(), offsets })
    }
}
