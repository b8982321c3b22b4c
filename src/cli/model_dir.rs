//! Finds the model folder.

use super::stop::Stop;
use std::path::{Path, PathBuf};

/// The model that is used when nothing else is said.
const DEFAULT: &str = "veracity-small";
/// Names a model folder in the environment.
const VARIABLE: &str = "VERACITY_MODEL";
/// Where models are, from the folder of the program.
const BESIDE: [&str; 4] = ["../models", "../../models", "../../../models", "../share/veracity/models"];

/// The folder that the user names, or else the first of the usual places that exists.
pub(super) fn find(given: Option<&Path>) -> Result<PathBuf, Stop> {
    let program = std::env::current_exe().ok();
    let program = program.as_deref().and_then(Path::parent);
    if let Some(dir) = given {
        return named(dir, "--model", program);
    }
    if let Some(dir) = std::env::var_os(VARIABLE).filter(|value| !value.is_empty()) {
        return named(Path::new(&dir), VARIABLE, program);
    }
    let places = places(program, DEFAULT);
    if let Some(dir) = places.iter().find(|dir| dir.is_dir()) {
        return Ok(dir.clone());
    }
    let looked: Vec<String> = places.iter().map(|dir| dir.display().to_string()).collect();
    Err(Stop::usage(
        format!("no model found; looked in {}", looked.join(", ")),
        format!("name the model's folder with --model DIR or {VARIABLE}=DIR"),
    ))
}

/// A folder, or the name alone of one in the usual places.
fn named(dir: &Path, by: &str, program: Option<&Path>) -> Result<PathBuf, Stop> {
    if dir.is_dir() {
        return Ok(dir.to_owned());
    }
    let name = dir.to_str().filter(|name| dir.file_name().is_some_and(|last| last == *name));
    if let Some(found) = name.and_then(|name| places(program, name).into_iter().find(|dir| dir.is_dir())) {
        return Ok(found);
    }
    let what = if dir.exists() { "not a folder" } else { "no such folder" };
    Err(Stop::usage(
        format!("{}: {what}", dir.display()),
        format!("{by} names the folder that holds config.json, tokenizer.json and the weights, or one in models/"),
    ))
}

fn places(program: Option<&Path>, name: &str) -> Vec<PathBuf> {
    let mut places = vec![Path::new("models").join(name)];
    if let Some(program) = program {
        for beside in BESIDE {
            places.extend(reach(program, beside).map(|dir| dir.join(name)));
        }
    }
    places
}

/// Follows a relative path whose `..` come first; `None` when it leads above the root.
fn reach(from: &Path, path: &str) -> Option<PathBuf> {
    match path.strip_prefix("../") {
        Some(rest) => reach(from.parent()?, rest),
        None => Some(from.join(path)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_folder_must_be_there() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(find(Some(dir.path())).unwrap(), dir.path());
        assert!(find(Some(&dir.path().join("none"))).is_err());
    }

    #[test]
    fn a_name_alone_is_looked_for_where_models_are() {
        let root = tempfile::tempdir().unwrap();
        let (bin, model) = (root.path().join("bin"), root.path().join("models/other"));
        std::fs::create_dir_all(&model).unwrap();
        assert_eq!(named(Path::new("other"), "--model", Some(&bin)).unwrap(), model);
        for wrong in ["none", "./other", "models/other", ""] {
            assert!(named(Path::new(wrong), "--model", Some(&bin)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_current_folder_comes_first() {
        let places = places(Some(Path::new("/opt/bin")), DEFAULT);
        let want = [
            "models/veracity-small",
            "/opt/models/veracity-small",
            "/models/veracity-small",
            "/opt/share/veracity/models/veracity-small",
        ];
        assert_eq!(places, want.map(PathBuf::from));
    }
}
