//! Checkpoints: a finished epoch that a run can go on from.

use super::adamw::AdamW;
use super::dev::Figures;
use super::settings::{Settings, TrainError};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use tch::Tensor;

/// What a run has reached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct State {
    /// The settings of the run; a resumed run must have the same.
    pub(super) settings: Settings,
    /// Finished epochs.
    pub(super) epoch: usize,
    /// Figures of each finished epoch, one a development set.
    pub(super) history: Vec<Vec<Figures>>,
    /// Best score so far and its epoch, from 1.
    pub(super) best: Option<(f64, usize)>,
}

/// The folder of a run's checkpoint, beside the model to come.
pub(super) fn folder(out: &Path) -> PathBuf {
    out.join("checkpoint")
}

/// Writes the state; a checkpoint that was there is replaced only when the new one is whole.
pub(super) fn save(out: &Path, state: &State, optimiser: &AdamW) -> Result<(), TrainError> {
    let (dir, new) = (folder(out), out.join("checkpoint.partial"));
    let io = |path: &Path| {
        let path = path.to_path_buf();
        move |error| TrainError::Io { path, error }
    };
    if new.exists() {
        std::fs::remove_dir_all(&new).map_err(io(&new))?;
    }
    std::fs::create_dir_all(&new).map_err(io(&new))?;
    Tensor::write_safetensors(&optimiser.state(), new.join("optimizer.safetensors"))?;
    let json = serde_json::to_string_pretty(state).unwrap_or_default();
    std::fs::write(new.join("state.json"), json).map_err(io(&new))?;
    if dir.exists() {
        std::fs::remove_dir_all(&dir).map_err(io(&dir))?;
    }
    std::fs::rename(&new, &dir).map_err(io(&dir))
}

/// Reads the state back into the optimiser; `None` when there is no checkpoint.
pub(super) fn load(settings: &Settings, optimiser: &mut AdamW) -> Result<Option<State>, TrainError> {
    let dir = folder(&settings.out);
    let path = dir.join("state.json");
    let json = match std::fs::read_to_string(&path) {
        Ok(json) => json,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(TrainError::Io { path, error }),
    };
    let state: State = serde_json::from_str(&json).map_err(|e| TrainError::Row {
        path: path.clone(),
        line: e.line(),
        reason: e.to_string(),
    })?;
    // Threads do not change the result's meaning; all else does.
    if (Settings { threads: settings.threads, ..state.settings.clone() }) != *settings {
        return Err(TrainError::Settings {
            reason: format!("{} was made with other settings", dir.display()),
            hint: "resume with the same options, or choose another --out".into(),
        });
    }
    let tensors = Tensor::read_safetensors(dir.join("optimizer.safetensors"))?;
    optimiser.restore(&tensors.into_iter().collect())?;
    Ok(Some(state))
}
