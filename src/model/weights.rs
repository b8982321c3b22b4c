//! `model.safetensors`, or the shards that `model.safetensors.index.json` names: named tensors,
//! read as f32.

use crate::error::ModelError;
use half::slice::HalfFloatSliceExt;
use half::{bf16, f16};
use ndarray::{Array1, Array2};
use safetensors::tensor::{Dtype, Metadata, SafeTensors, TensorView};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The weights in one file.
pub const WEIGHTS: &str = "model.safetensors";
/// What names the files of weights in several, in Hugging Face's form.
pub const INDEX: &str = "model.safetensors.index.json";

/// The name of the steps of a tensor of whole numbers: shape `[rows, groups]`, each for
/// `columns / groups` values of its row.
pub fn scale_name(name: &str) -> String {
    format!("{name}_scale")
}

/// The bytes of safetensors files, checked to be such.
pub struct Weights {
    /// The file that is named in messages: the weights, or their index.
    path: PathBuf,
    shards: Vec<Shard>,
}

struct Shard {
    path: PathBuf,
    bytes: Vec<u8>,
    /// Where the values begin.
    data: usize,
    header: Metadata,
}

/// What is needed of an index.
#[derive(Deserialize)]
struct Index {
    weight_map: BTreeMap<String, String>,
}

impl Weights {
    /// Reads a file into memory.
    pub fn open(path: &Path) -> Result<Self, ModelError> {
        Ok(Self { path: path.into(), shards: vec![Shard::open(path)?] })
    }

    /// Reads the weights of a model folder.
    pub fn of_folder(dir: &Path) -> Result<Self, ModelError> {
        let (path, shards) = files(dir)?;
        Ok(Self { path, shards: shards.iter().map(|path| Shard::open(path)).collect::<Result<_, _>>()? })
    }

    /// The file to name in messages.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Size of all files, in bytes.
    pub fn size(&self) -> usize {
        self.shards.iter().map(|shard| shard.bytes.len()).sum()
    }

    /// BLAKE3 of the files, one behind the other, in hexadecimal.
    pub fn hash(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for shard in &self.shards {
            hasher.update(&shard.bytes);
        }
        hasher.finalize().to_hex().to_string()
    }

    /// Names and shapes of all tensors, in the order of their names.
    pub fn shapes(&self) -> Vec<(String, Vec<usize>)> {
        let mut all = Vec::new();
        for shard in &self.shards {
            all.extend(shard.header.tensors().into_iter().map(|(name, t)| (name, t.shape.clone())));
        }
        all.sort();
        all
    }

    /// Whether there is a tensor of this name.
    pub fn has(&self, name: &str) -> bool {
        self.shards.iter().any(|shard| shard.header.info(name).is_some())
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
        self.read(name, |tensor, invalid| {
            if tensor.shape() != shape {
                let found = tensor.shape();
                return Err(invalid(format!("tensor `{name}` has shape {found:?}, config.json asks for {shape:?}")));
            }
            let values = match tensor.dtype() {
                Dtype::I8 => self.steps(name, tensor)?,
                other => to_f32(tensor)
                    .ok_or_else(|| invalid(format!("tensor `{name}` is {other:?}, not a float type, nor I8")))?,
            };
            // Without an early end, so that many are looked at in one step.
            if values.iter().fold(false, |bad, v| bad | !v.is_finite()) {
                return Err(invalid(format!("tensor `{name}` holds a value that is not finite")));
            }
            Ok(values)
        })
    }

    /// Whole numbers times the steps of their groups.
    fn steps(&self, name: &str, tensor: &TensorView) -> Result<Vec<f32>, ModelError> {
        let name = scale_name(name);
        let (rows, columns) = match tensor.shape() {
            [rows, columns] => (*rows, *columns),
            other => return Err(self.invalid(format!("`{name}` is for a tensor of shape {other:?}, not a matrix"))),
        };
        self.read(&name, |scale, invalid| {
            let groups = match scale.shape() {
                [r, groups] if *r == rows && *groups > 0 && columns % groups == 0 => *groups,
                other => {
                    let reason = format!("tensor `{name}` has shape {other:?}, which does not fit [{rows}, {columns}]");
                    return Err(invalid(reason));
                }
            };
            let scales = to_f32(scale).ok_or_else(|| invalid(format!("tensor `{name}` is not a float type")))?;
            let run = (columns / groups).max(1);
            let numbers = tensor.data().chunks(run).zip(&scales);
            Ok(numbers.flat_map(|(run, step)| run.iter().map(move |v| f32::from(v.cast_signed()) * step)).collect())
        })
    }

    /// What `f` makes of a tensor; it is also given how to name the tensor's file in an error.
    fn read<T>(
        &self,
        name: &str,
        f: impl FnOnce(&TensorView, &dyn Fn(String) -> ModelError) -> Result<T, ModelError>,
    ) -> Result<T, ModelError> {
        for shard in &self.shards {
            if let Some(tensor) = shard.tensor(name) {
                return f(&tensor?, &|reason| invalid(&shard.path, reason));
            }
        }
        Err(self.invalid(format!("tensor `{name}` is missing")))
    }

    fn invalid(&self, reason: String) -> ModelError {
        invalid(&self.path, reason)
    }
}

impl Shard {
    fn open(path: &Path) -> Result<Self, ModelError> {
        let bytes = std::fs::read(path).map_err(|error| ModelError::Io { path: path.into(), error })?;
        // Also checks that the tensors fill the file.
        let (length, header) =
            SafeTensors::read_metadata(&bytes).map_err(|e| invalid(path, format!("not a safetensors file: {e}")))?;
        // Before the header stands its length, as u64.
        let data = size_of::<u64>() + length;
        Ok(Self { path: path.into(), bytes, data, header })
    }

    fn tensor(&self, name: &str) -> Option<Result<TensorView<'_>, ModelError>> {
        let info = self.header.info(name)?;
        let (start, end) = info.data_offsets;
        let bytes = &self.bytes[self.data + start..self.data + end];
        Some(TensorView::new(info.dtype, info.shape.clone(), bytes).map_err(|e| invalid(&self.path, e.to_string())))
    }
}

/// The file to name in messages, and the files of a folder's weights in order.
pub fn files(dir: &Path) -> Result<(PathBuf, Vec<PathBuf>), ModelError> {
    let (whole, index) = (dir.join(WEIGHTS), dir.join(INDEX));
    if whole.exists() || !index.exists() {
        return Ok((whole.clone(), vec![whole]));
    }
    let bytes = std::fs::read(&index).map_err(|error| ModelError::Io { path: index.clone(), error })?;
    let read: Index = serde_json::from_slice(&bytes).map_err(|e| invalid(&index, format!("not an index: {e}")))?;
    let names: BTreeSet<String> = read.weight_map.into_values().collect();
    // Nothing outside the folder is read.
    if let Some(name) = names.iter().find(|name| Path::new(name).file_name().is_none_or(|f| f != name.as_str())) {
        return Err(invalid(&index, format!("`{name}` is not the name of a file")));
    }
    if names.is_empty() {
        return Err(invalid(&index, "it names no file".into()));
    }
    Ok((index, names.iter().map(|name| dir.join(name)).collect()))
}

fn invalid(path: &Path, reason: String) -> ModelError {
    ModelError::Invalid { path: path.into(), reason, hint: super::MISMATCH.into() }
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
