//! What the tests of corpora share: a tiny model, a corpus with bad rows, folders as values.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A model that is loaded and run in no time; its labels mean nothing.
pub fn tiny_model() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/document")
}

/// The program, with the tiny model.
pub fn veracity() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_veracity"));
    command.env("VERACITY_MODEL", tiny_model()).env_remove("NO_COLOR").stdin(Stdio::null());
    command
}

/// Rows of short articles, every 17th of them bad and every 11th without a sentence.
pub fn corpus(articles: usize) -> String {
    let mut text = String::new();
    for i in 0..articles {
        if i % 17 == 16 {
            text.push_str(&format!("{{\"id\": \"x{i}\", \"body\": 1}}\n"));
            continue;
        }
        let body = match i % 11 {
            10 => "A headline alone".to_owned(),
            _ => format!(
                "The council of ward {i} met on Monday. The mayor said that bridge {i} would cost {} euros.\n\n\
                 It was built in 19{:02}, \"before my time\", she said.",
                i * 37,
                i % 100
            ),
        };
        let row = serde_json::json!({"id": format!("a{i}"), "text": body, "source": "Ward Post", "date": "2024-05-01"});
        text.push_str(&format!("{row}\n"));
    }
    text
}

/// All files of a folder but the lock, by name.
pub fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap());
    let named = entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()));
    named.filter(|(name, _)| name != ".lock").collect()
}

/// Names of files that differ between two folders.
pub fn differing(a: &Path, b: &Path) -> Vec<String> {
    let (a, b) = (files(a), files(b));
    let names: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    names.into_iter().filter(|name| a.get(*name) != b.get(*name)).cloned().collect()
}

/// Runs `veracity label INPUT -o OUT MORE`.
pub fn label(input: &Path, out: &Path, more: &[&str]) -> Output {
    veracity().arg("label").arg(input).arg("-o").arg(out).args(more).output().unwrap()
}

/// What a process said.
pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Fails with what it said unless it ended with this code.
pub fn ended(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "{}", said(output));
}
