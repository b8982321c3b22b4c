//! A ragged batch as the padded tensors that libtorch wants.

use crate::encode::Batch;
use std::ops::Range;
use tch::{Device, Kind, Tensor};

/// Windows padded to the longest, and where the real rows are.
pub struct Padded {
    /// Token ids, shape `[windows, length]`, int64; padding is id 0.
    pub ids: Tensor,
    /// 1 for a token, 0 for padding, shape `[windows, length]`, int8.
    pub mask: Tensor,
    /// Rows of the flattened batch that hold tokens, shape `[tokens]`, int64.
    pub rows: Tensor,
    /// Rows of the flattened batch that belong to pieces, shape `[piece tokens]`.
    pub piece_rows: Tensor,
    /// The piece of each of `piece_rows`.
    pub piece_of: Tensor,
    /// Tokens of each piece, shape `[pieces, 1]`, float.
    pub piece_sizes: Tensor,
    /// The window of each piece, shape `[pieces]`.
    pub piece_window: Tensor,
    /// Number of tokens.
    pub tokens: usize,
}

impl Padded {
    /// Pads windows `range` of a batch.
    pub fn new(batch: &Batch, range: Range<usize>, device: Device) -> Self {
        let length = range.clone().map(|w| batch.rows(w).len()).max().unwrap_or(0);
        let windows = range.len();
        let mut ids = vec![0i64; windows * length];
        let mut mask = vec![0i8; windows * length];
        let (mut rows, mut piece_rows, mut piece_of) = (Vec::new(), Vec::new(), Vec::new());
        let (mut sizes, mut piece_window) = (Vec::new(), Vec::new());
        for (at, w) in range.enumerate() {
            let window = batch.rows(w);
            for (t, &id) in batch.ids[window.clone()].iter().enumerate() {
                ids[at * length + t] = i64::from(id);
                mask[at * length + t] = 1;
                rows.push((at * length + t) as i64);
            }
            for piece in batch.window_pieces(w) {
                for row in piece.clone() {
                    piece_rows.push((at * length + row - window.start) as i64);
                    piece_of.push(sizes.len() as i64);
                }
                sizes.push(piece.len() as f32);
                piece_window.push(at as i64);
            }
        }
        let shape = [windows as i64, length as i64];
        let int = |values: &[i64]| Tensor::from_slice(values).to_device(device);
        Self {
            ids: int(&ids).view(shape),
            mask: Tensor::from_slice(&mask).to_device(device).view(shape),
            tokens: rows.len(),
            rows: int(&rows),
            piece_rows: int(&piece_rows),
            piece_of: int(&piece_of),
            piece_sizes: Tensor::from_slice(&sizes).to_device(device).to_kind(Kind::Float).view([-1, 1]),
            piece_window: int(&piece_window),
        }
    }
}
