//! `model.safetensors`: named tensors, read as f32.

use crate::error::ModelError;
use half::slice::HalfFloatSliceExt;
use half::{bf16, f16};
use ndarray::{Array1, Array2};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use std::path::{Path, PathBuf};

/// The bytes of a safetensors file, checked to be one.
pub struct Weights {
    path: PathBuf,
    bytes: Vec<u8>,
}

impl Weights {
    /// Reads the file into memory.
    pub fn open(path: &Path) -> Result<Self, ModelError> {
        let bytes = std::fs::read(path).map_err(|error| ModelError::Io { path: path.into(), error })?;
        let weights = Self { path: path.into(), bytes };
        weights.parse()?;
        Ok(weights)
    }

    /// The file's name, for messages.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The whole file, for hashing.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Names and shapes of all tensors, in the order of their names.
    pub fn shapes(&self) -> Result<Vec<(String, Vec<usize>)>, ModelError> {
        let mut all: Vec<_> = self.parse()?.iter().map(|(name, t)| (name.to_owned(), t.shape().to_vec())).collect();
        all.sort();
        Ok(all)
    }

    /// Whether there is a tensor of this name.
    pub fn has(&self, name: &str) -> bool {
        self.parse().is_ok_and(|t| t.tensor(name).is_ok())
    }

    /// A vector of `n` values.
    pub fn vector(&self, name: &str, n: usize) -> Result<Array1<f32>, ModelError> {
        self.values(name, &[n]).map(Array1::from_vec)
    }

    /// A matrix of shape `[rows, columns]`.
    pub fn matrix(&self, name: &str, rows: usize, columns: usize) -> Result<Array2<f32>, ModelError> {
        let values = self.values(name, &[rows, columns])?;
        Array2::from_shape_vec((rows, columns), values).map_err(|e| self.invalid(format!("{name}: {e}")))
    }

    /// The values of a tensor of just this shape, all finite.
    pub fn values(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, ModelError> {
        let tensors = self.parse()?;
        let tensor = tensors.tensor(name).map_err(|_| self.invalid(format!("tensor `{name}` is missing")))?;
        if tensor.shape() != shape {
            return Err(
                self.invalid(format!("tensor `{name}` has shape {:?}, config.json asks for {shape:?}", tensor.shape()))
            );
        }
        let values = to_f32(&tensor)
            .ok_or_else(|| self.invalid(format!("tensor `{name}` is {:?}, not a float type", tensor.dtype())))?;
        // Without an early end, so that many are looked at in one step.
        if values.iter().fold(false, |bad, v| bad | !v.is_finite()) {
            return Err(self.invalid(format!("tensor `{name}` holds a value that is not finite")));
        }
        Ok(values)
    }

    fn parse(&self) -> Result<SafeTensors<'_>, ModelError> {
        SafeTensors::deserialize(&self.bytes).map_err(|e| self.invalid(format!("not a safetensors file: {e}")))
    }

    fn invalid(&self, reason: String) -> ModelError {
        ModelError::Invalid { path: self.path.clone(), reason, hint: super::MISMATCH.into() }
    }
}

fn to_f32(tensor: &TensorView) -> Option<Vec<f32>> {
    let data = tensor.data();
    Some(match tensor.dtype() {
        Dtype::F32 => data.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
        Dtype::F16 => halves(data, f16::from_le_bytes, <[f16]>::convert_to_f32_slice),
        Dtype::BF16 => halves(data, bf16::from_le_bytes, <[bf16]>::convert_to_f32_slice),
        _ => return None,
    })
}

/// Values of two bytes in many at a time, as the processor has instructions for that.
fn halves<T: Copy + Default>(data: &[u8], read: fn([u8; 2]) -> T, convert: fn(&[T], &mut [f32])) -> Vec<f32> {
    let values = data.as_chunks::<2>().0;
    let mut all = vec![0.0; values.len()];
    let mut some = [T::default(); 1024];
    for (from, to) in values.chunks(some.len()).zip(all.chunks_mut(some.len())) {
        some.iter_mut().zip(from).for_each(|(v, bytes)| *v = read(*bytes));
        convert(&some[..from.len()], to);
    }
    all
}
