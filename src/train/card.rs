//! The model card that a run writes.

use super::dev::Figures;
use super::settings::Settings;
use crate::model::ROLES;
use std::fmt::Write;

/// README.md of a model folder: what was trained on what, how, and how good it came out.
pub(super) fn card(s: &Settings, dev: &[(String, Figures)]) -> String {
    let mut out = String::new();
    let name = s.out.file_name().map_or("model".into(), |n| n.to_string_lossy().into_owned());
    let files = |paths: &[std::path::PathBuf]| {
        let name = |p: &std::path::PathBuf| p.file_name().map_or(String::new(), |n| n.to_string_lossy().into_owned());
        paths.iter().map(name).collect::<Vec<_>>().join(", ")
    };
    let encoder = s.encoder.file_name().map_or("-".into(), |n| n.to_string_lossy().into_owned());
    // Writing into a String cannot fail.
    let _ = write!(
        out,
        "---\nlanguage: en\ntags: [news, fact, allegation, background, attribution]\n---\n\n# {name}\n\n\
         Made by `veracity train` (veracity {version}). Labels: {labels}.\n\n\
         ## Base encoder\n\n`{encoder}`\n\n\
         ## Data\n\n- training: {train}\n- development: {dev_files}\n{teacher}\n\
         ## Recipe\n\n```json\n{recipe}\n```\n\n\
         ## Figures on the development files\n\n\
         Full document windows, as in labelling.\n\n",
        version = env!("CARGO_PKG_VERSION"),
        labels = s.labels.join(", "),
        train = files(&s.train),
        teacher = if s.teacher.is_empty() {
            String::new()
        } else {
            format!("- teacher's probabilities: {}\n", files(&s.teacher))
        },
        dev_files = files(&s.dev),
        recipe = recipe(s),
    );
    let _ = writeln!(out, "| file | sentences | accuracy | macro-F1 | firm accuracy | firm macro-F1 | exact span F1 |");
    let _ = writeln!(out, "|---|---|---|---|---|---|---|");
    for (file, f) in dev {
        let spans: Vec<String> = ROLES.iter().zip(&f.spans).map(|(r, v)| format!("{r} {v:.3}")).collect();
        let labels: Vec<String> = match f.sentences {
            0 => vec!["-".into(); 5],
            n => std::iter::once(n.to_string())
                .chain([f.accuracy, f.macro_f1, f.firm[0], f.firm[1]].map(|v| format!("{v:.3}")))
                .collect(),
        };
        let spans = if spans.is_empty() { "-".into() } else { spans.join(", ") };
        let _ = writeln!(out, "| {file} | {} | {spans} |", labels.join(" | "));
    }
    out
}

/// The settings without paths, which mean nothing elsewhere.
fn recipe(s: &Settings) -> String {
    let mut json = serde_json::to_value(s).unwrap_or_default();
    if let Some(map) = json.as_object_mut() {
        for path in ["train", "dev", "teacher", "encoder", "out", "threads"] {
            map.shift_remove(path);
        }
    }
    serde_json::to_string_pretty(&json).unwrap_or_default()
}
