//! Runs that are killed at any moment, or find no room, and go on: nothing is lost, nothing is
//! there twice, and the folder is that of an unbroken run, byte for byte.
#![allow(clippy::unwrap_used, clippy::print_stdout)]
#![cfg(unix)]

mod corpus_common;

use corpus_common::{corpus, differing, ended, files, label, said, veracity};
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tempfile::tempdir;

/// How often a run is killed in all; `VERACITY_KILLS=50` takes longer.
fn kills() -> usize {
    std::env::var("VERACITY_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(6)
}

/// Starts the run and kills it after `wait`; whether that was before its end.
fn kill_after(wait: Duration, signal: &str, input: &Path, out: &Path, format: &str) -> bool {
    let mut child = veracity()
        .args(["label", "-q", "--part-size", "6", "--format", format])
        .arg(input)
        .arg("-o")
        .arg(out.join(""))
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(wait);
    let pid = child.id().to_string();
    let _ = std::process::Command::new("kill").args([signal, &pid]).stderr(Stdio::null()).status();
    !matches!(child.wait().unwrap().code(), Some(0 | 2))
}

#[test]
fn a_killed_run_goes_on_and_its_folder_is_that_of_an_unbroken_one() {
    let dir = tempdir().unwrap();
    let input = dir.path().join("in.jsonl");
    fs::write(&input, corpus(120)).unwrap();
    let mut random = StdRng::seed_from_u64(7);
    let (mut killed, mut rounds) = (0, 0);
    let formats = ["jsonl", "parquet", "csv.zst", "jsonl.gz"];
    while killed < kills() {
        let format = formats[rounds % formats.len()];
        rounds += 1;
        let whole = dir.path().join(format!("whole-{format}"));
        let start = Instant::now();
        if !whole.exists() {
            ended(&label(&input, &whole.join(""), &["-q", "--part-size", "6", "--format", format]), 2);
        } else {
            let again = dir.path().join("again");
            ended(&label(&input, &again.join(""), &["-q", "--part-size", "6", "--format", format]), 2);
            fs::remove_dir_all(again).unwrap();
        }
        let time = start.elapsed();
        let out = dir.path().join(format!("out-{rounds}"));
        let mut in_round = 0;
        while in_round < 10 && killed < kills() {
            let signal = if random.random_bool(0.2) { "-TERM" } else { "-KILL" };
            if !kill_after(time.mul_f64(random.random_range(0.0..1.0)), signal, &input, &out, format) {
                break;
            }
            (killed, in_round) = (killed + 1, in_round + 1);
        }
        ended(&label(&input, &out.join(""), &["-q", "--part-size", "6", "--format", format]), 2);
        assert_eq!(differing(&whole, &out), [""; 0], "{format} after {in_round} kills");
        fs::remove_dir_all(out).unwrap();
    }
    println!("{killed} kills in {rounds} runs");
}

#[test]
fn an_interrupt_says_how_to_go_on() {
    let dir = tempdir().unwrap();
    let input = dir.path().join("in.jsonl");
    fs::write(&input, corpus(400)).unwrap();
    let out = dir.path().join("out");
    let child = veracity()
        .args(["label", "--part-size", "20"])
        .arg(&input)
        .arg("-o")
        .arg(out.join(""))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while !out.join("part-00001.jsonl").exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let _ = std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    let output = child.wait_with_output().unwrap();
    ended(&output, 130);
    assert!(said(&output).contains("the same command goes on from there"), "{}", said(&output));
    assert!(files(&out).keys().all(|name| !name.ends_with(".partial")), "{:?}", files(&out).keys());
    ended(&label(&input, &out, &["-q", "--part-size", "20"]), 2);
    let whole = dir.path().join("whole");
    ended(&label(&input, &whole.join(""), &["-q", "--part-size", "20"]), 2);
    assert_eq!(differing(&whole, &out), [""; 0]);
}

/// Runs the program with a limit on the size of files, in blocks of 512 bytes.
fn with_room(blocks: usize, input: &Path, out: &Path, more: &[&str]) -> std::process::Output {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &script, "sh", env!("CARGO_BIN_EXE_veracity"), "label"]).arg(input).arg("-o").arg(out);
    shell.args(more).env("VERACITY_MODEL", corpus_common::tiny_model()).output().unwrap()
}

#[test]
fn no_room_ends_the_run_and_the_next_one_goes_on() {
    let dir = tempdir().unwrap();
    let input = dir.path().join("in.jsonl");
    // One article is much longer, so that its part does not fit.
    let (head, tail) = (corpus(60), corpus(100));
    let long = "The mayor said that it was late. ".repeat(4000);
    let long = serde_json::json!({"id": "long", "text": long});
    fs::write(&input, format!("{head}{long}\n{tail}")).unwrap();
    for format in ["jsonl", "parquet"] {
        let (whole, out) = (dir.path().join(format!("whole-{format}")), dir.path().join(format!("out-{format}")));
        let more = ["-q", "--part-size", "20", "--format", format];
        ended(&label(&input, &whole.join(""), &more), 2);
        let biggest = files(&whole).values().map(Vec::len).max().unwrap();
        let output = with_room(biggest / 512 - 8, &input, &out.join(""), &more);
        ended(&output, 1);
        assert!(said(&output).contains("hint: free some space"), "{}", said(&output));
        assert!(out.join(format!("part-00002.{format}")).exists());
        assert!(!out.join(format!("part-00003.{format}")).exists());
        assert!(files(&out).keys().all(|name| !name.ends_with(".partial")), "{:?}", files(&out).keys());
        ended(&label(&input, &out, &more), 2);
        assert_eq!(differing(&whole, &out), [""; 0]);
    }
}

#[test]
fn an_output_file_without_room_keeps_whole_rows() {
    let dir = tempdir().unwrap();
    let input = dir.path().join("in.jsonl");
    fs::write(&input, corpus(60)).unwrap();
    let out = dir.path().join("out.jsonl");
    let output = with_room(16, &input, &out, &["-q"]);
    ended(&output, 1);
    assert!(said(&output).contains("hint: free some space"), "{}", said(&output));
    let kept = fs::read_to_string(dir.path().join("out.jsonl.partial")).unwrap();
    assert!(!kept.is_empty() && kept.ends_with('\n'));
    assert!(kept.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
    assert!(!out.exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_told() {
    let dir = tempdir().unwrap();
    let input = dir.path().join("in.jsonl");
    fs::write(&input, corpus(5)).unwrap();
    for format in ["jsonl", "csv", "parquet", "jsonl.zst"] {
        let output = label(&input, Path::new("/dev/full"), &["-q", "--format", format]);
        ended(&output, 1);
        assert!(said(&output).contains("No space left"), "{format}: {}", said(&output));
    }
}
