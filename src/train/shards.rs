//! Weights as files of a limited size, in Hugging Face's form.

use super::settings::TrainError;
use super::steps;
use crate::model::{INDEX, WEIGHTS, scale_name};
use safetensors::tensor::{Dtype, TensorView};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use tch::Tensor;

/// Bytes of a file at most, unless one tensor has more: what code hosts take without a warning.
const LIMIT: usize = 48_000_000;

struct Entry {
    name: String,
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

/// Writes weights to a folder: those of `shared` in bytes, with steps for so many values each
/// ([`steps`]), all others in f16.
pub(super) fn write(
    dir: &Path,
    weights: &[(String, Tensor)],
    shared: &HashMap<String, usize>,
) -> Result<(), TrainError> {
    write_limited(dir, weights, shared, LIMIT)
}

fn write_limited(
    dir: &Path,
    weights: &[(String, Tensor)],
    shared: &HashMap<String, usize>,
    limit: usize,
) -> Result<(), TrainError> {
    let mut shards: Vec<Vec<Entry>> = vec![Vec::new()];
    let mut size = 0;
    let mut sorted: Vec<_> = weights.iter().collect();
    sorted.sort_by_key(|(name, _)| name);
    for (name, tensor) in sorted {
        let new = entries(name, tensor, shared.get(name).copied())?;
        let more: usize = new.iter().map(|entry| entry.bytes.len()).sum();
        if size > 0 && size + more > limit {
            shards.push(Vec::new());
            size = 0;
        }
        size += more;
        if let Some(shard) = shards.last_mut() {
            shard.extend(new);
        }
    }
    remove_older(dir)?;
    let [only] = &shards[..] else {
        return several(dir, &shards);
    };
    save(&dir.join(WEIGHTS), only)
}

/// An older file must not stand beside what is written now.
fn remove_older(dir: &Path) -> Result<(), TrainError> {
    let io = |path: &Path| {
        let path = path.to_path_buf();
        move |error| TrainError::Io { path, error }
    };
    for entry in std::fs::read_dir(dir).map_err(io(dir))? {
        let path = entry.map_err(io(dir))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if [WEIGHTS, INDEX].contains(&&*name) || is_shard(&name) {
            std::fs::remove_file(&path).map_err(io(&path))?;
        }
    }
    Ok(())
}

/// `model-00001-of-00002.safetensors` and the like.
fn is_shard(name: &str) -> bool {
    let number = |n: &str| n.len() == 5 && n.bytes().all(|b| b.is_ascii_digit());
    let inner = name.strip_prefix("model-").and_then(|rest| rest.strip_suffix(".safetensors"));
    inner.and_then(|rest| rest.split_once("-of-")).is_some_and(|(at, of)| number(at) && number(of))
}

fn several(dir: &Path, shards: &[Vec<Entry>]) -> Result<(), TrainError> {
    let mut weight_map = BTreeMap::new();
    for (i, shard) in shards.iter().enumerate() {
        let file = format!("model-{:05}-of-{:05}.safetensors", i + 1, shards.len());
        save(&dir.join(&file), shard)?;
        weight_map.extend(shard.iter().map(|entry| (entry.name.clone(), file.clone())));
    }
    let total: usize = shards.iter().flatten().map(|entry| entry.bytes.len()).sum();
    let index = json!({ "metadata": { "total_size": total }, "weight_map": weight_map });
    let path = dir.join(INDEX);
    std::fs::write(&path, format!("{index:#}\n")).map_err(|error| TrainError::Io { path, error })
}

fn entries(name: &str, tensor: &Tensor, run: Option<usize>) -> Result<Vec<Entry>, TrainError> {
    let values: Vec<f32> = Vec::try_from(tensor.to_device(tch::Device::Cpu).reshape([-1]))?;
    let shape: Vec<usize> = tensor.size().iter().map(|&d| d as usize).collect();
    if let (Some(run), [rows, columns]) = (run, &shape[..])
        && columns.is_multiple_of(run)
    {
        let (numbers, steps) = steps::round(&values, run);
        let scale = Entry {
            name: scale_name(name),
            dtype: Dtype::F32,
            shape: vec![*rows, columns / run],
            bytes: steps.iter().flat_map(|v| v.to_le_bytes()).collect(),
        };
        let bytes = numbers.iter().map(|v| v.cast_unsigned()).collect();
        return Ok(vec![Entry { name: name.into(), dtype: Dtype::I8, shape, bytes }, scale]);
    }
    let bytes = values.iter().flat_map(|&v| half::f16::from_f32(v).to_le_bytes()).collect();
    Ok(vec![Entry { name: name.into(), dtype: Dtype::F16, shape, bytes }])
}

fn save(path: &Path, entries: &[Entry]) -> Result<(), TrainError> {
    let invalid = |e: safetensors::SafeTensorError| TrainError::Io {
        path: path.into(),
        error: std::io::Error::other(e.to_string()),
    };
    let views: Result<Vec<_>, _> = entries
        .iter()
        .map(|entry| Ok((&entry.name, TensorView::new(entry.dtype, entry.shape.clone(), &entry.bytes)?)))
        .collect();
    // Not `serialize_to_file`: what that writes is for its owner alone to read.
    let bytes = safetensors::serialize(views.map_err(invalid)?, None).map_err(invalid)?;
    std::fs::write(path, bytes).map_err(|error| TrainError::Io { path: path.into(), error })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Weights;

    #[test]
    fn what_is_written_is_read_in_one_file_or_in_several() {
        let dir = tempfile::tempdir().unwrap();
        let matrix: Vec<f32> = (0..24).map(|i| (i as f32 - 7.0) / 9.0).collect();
        let weights = vec![
            ("a.weight".to_owned(), Tensor::from_slice(&matrix).view([4, 6])),
            ("a.bias".to_owned(), Tensor::from_slice(&[0.5f32, -0.25])),
            ("b.weight".to_owned(), Tensor::from_slice(&matrix).view([6, 4])),
        ];
        // `b`, whose rows no group divides, is written in f16.
        let shared = HashMap::from([("a.weight".to_owned(), 3), ("b.weight".to_owned(), 3)]);
        for (limit, name, files) in [(LIMIT, WEIGHTS, 1), (50, INDEX, 3), (70, INDEX, 2), (LIMIT, WEIGHTS, 1)] {
            write_limited(dir.path(), &weights, &shared, limit).unwrap();
            let (named, found) = crate::model::files(dir.path()).unwrap();
            assert_eq!((named, found.len()), (dir.path().join(name), files));
            // Nothing of the writing before is left.
            let all = std::fs::read_dir(dir.path()).unwrap().count();
            assert_eq!(all, files + usize::from(name == INDEX));
            let read = Weights::of_folder(dir.path()).unwrap();
            assert_eq!(read.values("a.bias", &[2]).unwrap(), [0.5, -0.25]);
            for (name, shape) in [("a.weight", [4, 6]), ("b.weight", [6, 4])] {
                let values = read.values(name, &shape).unwrap();
                assert!(values.iter().zip(&matrix).all(|(a, b)| (a - b).abs() < 0.008), "{name}");
            }
            assert_eq!(read.shapes().len(), 4);
        }
    }
}
