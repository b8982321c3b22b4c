//! What the tests of the command line share.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use assert_cmd::Command;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Two sentences that any splitter finds.
pub const TEXT: &str = "The council met on Monday to vote on the new bridge. \
                        The mayor said that it would cost three million euros.";

/// The model of the repository; while it has none, a folder that is none.
pub fn model() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let model = root.join("models/veracity-small");
    if model.is_dir() { model } else { root.join("src") }
}

/// The program in an environment of its own.
pub fn veracity() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_veracity"));
    command.env("VERACITY_MODEL", model()).env_remove("NO_COLOR").env_remove("CLICOLOR").env_remove("CLICOLOR_FORCE");
    command
}

/// A row of JSON lines.
pub fn row(id: &str) -> String {
    format!("{}\n", serde_json::json!({"id": id, "text": TEXT}))
}

/// A folder with files.
pub struct Files(pub TempDir);

impl Files {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn put(&self, name: &str, what: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, what).unwrap();
        path
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

/// The articles' ids in output rows, each once, in order; every row must be whole.
pub fn ids(output: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(output).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'));
    let mut ids: Vec<String> = text
        .lines()
        .map(|line| {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            row["article"].as_str().unwrap().to_owned()
        })
        .collect();
    ids.dedup();
    ids
}

/// Runs `veracity label --quiet` and returns exit code, ids and messages.
pub fn label(args: &[&Path]) -> (i32, Vec<String>, String) {
    let output = veracity().args(["label", "--quiet"]).args(args).output().unwrap();
    let messages = String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), ids(&output.stdout), messages)
}
