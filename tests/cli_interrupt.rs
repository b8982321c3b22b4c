//! Runs that end early: a closed pipe, and Ctrl-C.
#![allow(clippy::unwrap_used)]
#![cfg(unix)]

mod cli_common;

use cli_common::{Files, ids, model, row};
use std::fs;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

fn spawn(args: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_veracity"))
        .args(args)
        .env("VERACITY_MODEL", model())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn messages(child: &mut Child) -> String {
    let mut text = String::new();
    child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
    text
}

fn wait_for(what: impl Fn() -> bool) {
    let start = Instant::now();
    while !what() {
        assert!(start.elapsed() < Duration::from_secs(60), "nothing came");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    let mut child = spawn(&["label", "--quiet", "-"]);
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    // Standard input stays open: the program must not wait for it.
    stdin.write_all((row("a") + &row("b")).as_bytes()).unwrap();
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(0));
    assert_eq!(messages(&mut child), "");
    for args in [&["man", "label"][..], &["completions", "bash"], &["--help"]] {
        let mut child = spawn(args);
        drop(child.stdout.take());
        assert_eq!(child.wait().unwrap().code(), Some(0), "{args:?}");
        assert_eq!(messages(&mut child), "");
    }
}

#[test]
fn ctrl_c_keeps_whole_rows() {
    let files = Files::new();
    let out = files.put("out.jsonl", "old");
    let partial = files.path("out.jsonl.partial");
    let mut child = spawn(&["label", "-q", "-", "-o", out.to_str().unwrap()]);
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(row("a").as_bytes()).unwrap();
    // The row comes out although the input has not ended.
    wait_for(|| fs::metadata(&partial).is_ok_and(|meta| meta.len() > 0));
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let said = messages(&mut child);
    assert!(said.starts_with("error: interrupted\n  hint: the rows of "), "{said}");
    assert!(said.contains("out.jsonl.partial"), "{said}");
    assert_eq!(ids(&fs::read(&partial).unwrap()), ["a"]);
    assert_eq!(fs::read_to_string(&out).unwrap(), "old");
    drop(stdin);
}
