//! `veracity model`: looks at a model folder.

use super::args::ModelCommand;
use super::model_dir;
use super::stop::{OK, Outcome, Stop};
use crate::model::Model;
use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

/// Runs a command on the folder that is named, or that `label` would use.
pub(super) fn run(command: ModelCommand) -> Outcome {
    let text = match command {
        ModelCommand::Info(args) => info(&model_dir::find(args.dir.as_deref())?)?,
        ModelCommand::Verify(args) => verify(&model_dir::find(args.dir.as_deref())?)?,
    };
    std::io::stdout().lock().write_all(text.as_bytes()).map_err(|error| Stop::stdout(&error))?;
    Ok(OK)
}

fn info(dir: &Path) -> Result<String, Stop> {
    let model = Model::open(dir).map_err(|e| Stop::bad(&e))?;
    let c = &model.config;
    let mut rows = vec![
        ("folder", dir.display().to_string()),
        ("family", format!("{:?}", c.family).to_lowercase()),
        ("labels", c.labels.join(", ")),
        ("size", format!("{} layers, {} wide, {} attention heads", c.layers, c.hidden, c.heads)),
        ("parameters", format!("{:.1} million", model.parameters() as f64 / 1e6)),
        ("weights", format!("{:.1} MB", model.weights.size() as f64 / 1e6)),
        ("vocabulary", c.vocab.to_string()),
        ("window", format!("{} tokens", c.window())),
    ];
    match &c.veracity {
        Some(heads) => {
            rows.push(("reads", "document windows".into()));
            rows.push(("spans", if heads.roles.is_empty() { "none".into() } else { heads.roles.join(", ") }));
            rows.push(("temperature", heads.temperature.to_string()));
        }
        None => rows.push(("reads", "lone sentences; finds no spans".into())),
    }
    rows.push(("blake3", model.hash()));
    let mut text = String::new();
    for (name, value) in rows {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{name:<12}{value}");
    }
    Ok(text)
}

fn verify(dir: &Path) -> Result<String, Stop> {
    let model = Model::open(dir).map_err(|e| Stop::bad(&e))?;
    model.verify().map_err(|e| Stop::bad(&e))?;
    let tensors = crate::model::layout::all(&model.config).len();
    Ok(format!("{}: sound ({tensors} tensors, blake3 {})\n", dir.display(), model.hash()))
}
