//! The calibration in the model folder: the temperature in `config.json`, how it was found
//! and the coverage-risk curve in `calibration.json`.

use super::CalibrateError;
use crate::evaluate::Estimate;
use crate::model::ModelConfig;
use crate::write::PartialFile;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;

/// Name of the file beside `config.json`.
const FILE: &str = "calibration.json";

/// A fitted temperature and what it was fitted to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Calibration {
    /// Divides the sentence logits.
    pub temperature: f64,
    /// Name of the gold file.
    pub gold: String,
    /// Sentences of it.
    pub sentences: usize,
    /// Articles of it.
    pub articles: usize,
    /// Folds of the cross-fit that gave `ece`, `log_loss` and `brier`.
    pub folds: usize,
    /// Seed of folds and intervals.
    pub seed: u64,
    /// Expected calibration error.
    pub ece: Change,
    /// Logarithmic loss.
    pub log_loss: Change,
    /// Brier's score.
    pub brier: Change,
    /// The coverage-risk curve with this temperature, from the surest sentences to all.
    pub coverage: Vec<Coverage>,
}

/// A figure before calibration, and after it on articles that the temperature was not
/// fitted to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Change {
    /// As the model was.
    pub before: Estimate,
    /// Cross-fitted.
    pub after: Estimate,
}

/// A point of the curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// Least confidence.
    pub min_confidence: f64,
    /// Share of sentences that have it.
    pub coverage: f64,
    /// Share of errors among them.
    pub risk: f64,
}

/// What labelling needs of a stored calibration.
#[derive(Deserialize)]
struct Stored {
    temperature: f64,
    coverage: Vec<Coverage>,
}

impl Calibration {
    /// Writes the calibration into a model folder.
    pub fn store(&self, dir: &Path) -> Result<(), CalibrateError> {
        let path = dir.join("config.json");
        let config = ModelConfig::read(&path)?;
        let mut raw = config.raw;
        let Some(section) = raw.get_mut("veracity").and_then(Value::as_object_mut) else {
            return Err(CalibrateError::NoSection { dir: dir.into() });
        };
        // As many digits as the model uses.
        section.insert("temperature".into(), json!(self.temperature as f32));
        let pretty = |value: &Value| serde_json::to_vec_pretty(value).unwrap_or_default();
        let own = serde_json::to_value(self).unwrap_or_default();
        // The curve first: should the second write fail, the temperatures differ, which
        // reading tells.
        for (path, value) in [(dir.join(FILE), &own), (path, &raw)] {
            let mut file = PartialFile::create(&path, [])?;
            let mut bytes = pretty(value);
            bytes.push(b'\n');
            let done = file.write_all(&bytes);
            done.map_err(|error| file.error(error))?;
            file.commit()?;
        }
        Ok(())
    }

    /// The least confidence at which a calibrated model's share of errors is at most
    /// `risk`, with the greatest coverage.
    pub fn min_confidence(dir: &Path, risk: f64) -> Result<f64, CalibrateError> {
        let path = dir.join(FILE);
        let text = std::fs::read(&path).map_err(|_| CalibrateError::NotCalibrated { dir: dir.into() })?;
        let stored: Stored = serde_json::from_slice(&text)
            .map_err(|error| CalibrateError::Broken { path: path.clone(), reason: error.to_string() })?;
        let config = ModelConfig::read(&dir.join("config.json"))?;
        if (f64::from(config.temperature()) - stored.temperature).abs() > 1e-5 * stored.temperature {
            let reason =
                format!("fitted at temperature {}, config.json has {}", stored.temperature, config.temperature());
            return Err(CalibrateError::Broken { path, reason });
        }
        let best = stored.coverage.iter().filter(|point| point.risk <= risk);
        let best = best.max_by(|a, b| a.coverage.total_cmp(&b.coverage));
        let lowest = stored.coverage.iter().map(|point| point.risk).fold(f64::INFINITY, f64::min);
        let best = best.ok_or(CalibrateError::OutOfReach { risk, lowest })?;
        // All sentences: also those that are less sure than any that were seen.
        Ok(if best.coverage >= 1.0 { 0.0 } else { best.min_confidence })
    }
}
