//! A corpus in parts: resuming, refusing, rejects, shards and merging.
#![allow(clippy::unwrap_used)]

mod corpus_common;

use corpus_common::{corpus, differing, ended, files, label, said, tiny_model, veracity};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::{TempDir, tempdir};

fn setup(articles: usize) -> (TempDir, PathBuf) {
    let dir = tempdir().unwrap();
    let input = dir.path().join("in.jsonl");
    fs::write(&input, corpus(articles)).unwrap();
    (dir, input)
}

fn parts(input: &Path, out: &Path, more: &[&str]) -> std::process::Output {
    label(input, &out.join(""), &[&["--part-size", "20"], more].concat())
}

fn lines(path: &Path) -> Vec<Value> {
    fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn parts_hold_what_one_file_holds() {
    let (dir, input) = setup(110);
    let (one, out) = (dir.path().join("one.jsonl"), dir.path().join("out"));
    let rejects = dir.path().join("rejects.jsonl");
    ended(&label(&input, &one, &["-q", "--rejects", rejects.to_str().unwrap()]), 2);
    let output = parts(&input, &out, &[]);
    ended(&output, 2);
    assert!(said(&output).contains("6 rows rejected"), "{}", said(&output));
    let names: Vec<String> = files(&out).into_keys().collect();
    let mut want: Vec<String> = (0..6).map(|i| format!("part-{i:05}.jsonl")).collect();
    want.insert(0, "manifest.json".into());
    want.push("rejects.jsonl".into());
    assert_eq!(names, want);
    let joined: Vec<u8> = files(&out).into_iter().filter(|(n, _)| n.starts_with("part")).flat_map(|(_, b)| b).collect();
    assert_eq!(joined, fs::read(&one).unwrap());
    assert_eq!(fs::read(out.join("rejects.jsonl")).unwrap(), fs::read(&rejects).unwrap());
    let first = &lines(&rejects)[0];
    assert_eq!((first["item"].as_u64(), first["line"].as_u64()), (Some(16), Some(17)));
    assert_eq!(first["file"], input.to_str().unwrap());
    assert!(first["reason"].as_str().unwrap().contains("missing field \"text\""));
    assert!(first["hint"].is_string());
    let manifest: Value = serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["complete"], true);
    assert_eq!(manifest["parts"][5]["articles"].as_u64(), Some(9));
    assert_eq!(manifest["inputs"][0]["bytes"].as_u64(), Some(fs::metadata(&input).unwrap().len()));
}

#[test]
fn a_complete_run_is_not_done_again_and_a_lost_part_is() {
    let (dir, input) = setup(100);
    let (out, whole) = (dir.path().join("out"), dir.path().join("whole"));
    ended(&parts(&input, &out, &["-q"]), 2);
    ended(&parts(&input, &whole, &["-q"]), 2);
    let time = |name: &str| fs::metadata(out.join(name)).unwrap().modified().unwrap();
    let before = time("part-00000.jsonl");
    let output = parts(&input, &out, &[]);
    ended(&output, 2);
    assert!(said(&output).contains("95 articles had been labelled before"), "{}", said(&output));
    assert_eq!(time("part-00000.jsonl"), before);
    fs::remove_file(out.join("part-00002.jsonl")).unwrap();
    fs::write(out.join("part-00004.jsonl"), "cut").unwrap();
    let output = parts(&input, &out, &[]);
    ended(&output, 2);
    assert!(said(&output).contains("38 articles had been labelled before"), "{}", said(&output));
    assert_eq!(time("part-00000.jsonl"), before);
    assert_eq!(differing(&whole, &out), [""; 0]);
}

#[test]
fn another_plan_is_refused() {
    let (dir, input) = setup(50);
    let out = dir.path().join("out");
    ended(&parts(&input, &out, &["-q", "--precision", "f32"]), 2);
    let before = files(&out);
    let refused = |more: &[&str], part: &str| {
        let output = parts(&input, &out, &[&["-q", "--precision", "f32"], more].concat());
        ended(&output, 2);
        let said = said(&output);
        assert!(said.contains(part) && said.contains("is not as before"), "{said}");
        assert!(said.contains("hint: give the inputs and options of before"), "{said}");
    };
    refused(&["--format", "csv"], "settings.format is not as before: it was \"jsonl\", and is \"csv\"");
    refused(&["--per", "article"], "settings.per");
    refused(&["--shard", "1/2"], "settings.shard");
    refused(&["--min-confidence", "0.5"], "lineage.min_confidence");
    refused(&["--field", "title=headline"], "settings.read");
    let bf16 = parts(&input, &out, &["-q", "--precision", "bf16"]);
    assert!(said(&bf16).contains("lineage.precision is not as before"), "{}", said(&bf16));
    let isa = parts(&input, &out, &["-q", "--precision", "f32", "--isa", "portable"]);
    if !fs::read_to_string(out.join("manifest.json")).unwrap().contains("\"isa\":\"portable\"") {
        assert!(said(&isa).contains("hint: give --isa "), "{}", said(&isa));
    }
    let size = label(&input, &out, &["-q", "--precision", "f32", "--part-size", "21"]);
    assert!(said(&size).contains("settings.part_size"), "{}", said(&size));
    let model = dir.path().join("model");
    fs::create_dir(&model).unwrap();
    for name in ["config.json", "tokenizer.json", "model.safetensors"] {
        fs::copy(tiny_model().join(name), model.join(name)).unwrap();
    }
    let config = fs::read_to_string(model.join("config.json")).unwrap();
    fs::write(model.join("config.json"), format!("{config}\n")).unwrap();
    refused(&["--model", model.to_str().unwrap()], "lineage.config");
    fs::write(&input, corpus(51)).unwrap();
    refused(&[], &format!("input {}", input.display()));
    fs::write(&input, corpus(50)).unwrap();
    let other = dir.path().join("other.txt");
    fs::write(&other, "One more. And more.").unwrap();
    refused(&[other.to_str().unwrap()], "the list of inputs");
    assert_eq!(files(&out), before);
    ended(&parts(&input, &out, &["-q", "--precision", "f32"]), 2);
}

#[test]
fn folders_that_are_not_fit_are_refused() {
    let (dir, input) = setup(5);
    let refused = |output: std::process::Output, parts: [&str; 2]| {
        ended(&output, 2);
        assert!(parts.iter().all(|part| said(&output).contains(part)), "{}", said(&output));
    };
    let foreign = dir.path().join("foreign");
    fs::create_dir(&foreign).unwrap();
    fs::write(foreign.join("part-00000.parquet"), "theirs").unwrap();
    refused(label(&input, &foreign, &[]), ["parts but no manifest.json", "hint: write to another folder"]);
    refused(label(dir.path(), &dir.path().join("out/"), &[]), ["a folder that is read", "hint: "]);
    refused(label(&input, dir.path(), &[]), ["holds an input", "hint: "]);
    let broken = dir.path().join("broken");
    fs::create_dir(&broken).unwrap();
    fs::write(broken.join("manifest.json"), "{\"manifest\": 1").unwrap();
    refused(label(&input, &broken, &[]), ["broken JSON", "hint: write to another folder"]);
    refused(label(Path::new("-"), &dir.path().join("o/"), &[]), ["standard input", "hint: save it to a file"]);
    let out = dir.path().join("o/");
    refused(label(&input, &out, &["--format", "table"]), ["not written in parts", "hint: give --format"]);
    refused(label(&input, &out, &["--rejects", "r"]), ["--rejects is for an output file", "DIR/rejects.jsonl"]);
    let file = dir.path().join("o.jsonl");
    refused(label(&input, &file, &["--part-size", "5"]), ["--part-size is for an output folder", "-o DIR/"]);
    refused(label(&input, &file, &["--shard", "3/2"]), ["--shard: expected I/N", "hint: "]);
    assert!(!file.exists());
}

#[test]
fn a_run_that_stops_before_its_first_manifest_goes_on() {
    let (dir, input) = setup(30);
    let (whole, out) = (dir.path().join("whole"), dir.path().join("out"));
    ended(&parts(&input, &whole, &["-q"]), 2);
    // The manifest cannot be written, as if the run had been killed there.
    fs::create_dir_all(out.join("manifest.json.partial")).unwrap();
    let output = parts(&input, &out, &["-q"]);
    assert!(said(&output).contains("manifest.json"), "{}", said(&output));
    assert!(!out.join("rejects.jsonl").exists() && !out.join("manifest.json").exists());
    fs::remove_dir(out.join("manifest.json.partial")).unwrap();
    fs::write(out.join("manifest.json.partial"), "{\"mani").unwrap();
    let output = parts(&input, &out, &["-q"]);
    assert!(!said(&output).contains("no manifest.json"), "{}", said(&output));
    assert_eq!(differing(&whole, &out), [""; 0]);
}

#[test]
fn two_runs_do_not_share_a_folder() {
    let (dir, input) = setup(5);
    let out = dir.path().join("out");
    fs::create_dir(&out).unwrap();
    let lock = fs::File::create(out.join(".lock")).unwrap();
    lock.try_lock().unwrap();
    let output = label(&input, &out, &[]);
    ended(&output, 2);
    assert!(said(&output).contains("another run is writing here"), "{}", said(&output));
    drop(lock);
    ended(&label(&input, &out, &["-q"]), 0);
}

#[test]
fn strict_and_max_errors_stop_the_run() {
    let (dir, input) = setup(100);
    let out = dir.path().join("out");
    let output = parts(&input, &out, &["--strict"]);
    ended(&output, 2);
    let said_all = said(&output);
    assert!(said_all.contains("stopped at the first row") && said_all.contains("hint: mend the input"), "{said_all}");
    assert_eq!(said_all.matches("missing field").count(), 1, "{said_all}");
    let output = parts(&input, &out, &["--max-errors", "2"]);
    ended(&output, 2);
    assert!(said(&output).contains("stopped: more than 2 errors"), "{}", said(&output));
    ended(&parts(&input, &out, &["-q", "--max-errors", "5"]), 2);
    let whole = dir.path().join("whole");
    ended(&parts(&input, &whole, &["-q"]), 2);
    assert_eq!(differing(&whole, &out), [""; 0]);
    let file = dir.path().join("one.jsonl");
    ended(&label(&input, &file, &["-q", "--strict"]), 2);
    assert!(!file.exists());
    ended(&label(&input, &file, &["-q", "--max-errors", "50"]), 2);
    assert!(file.exists());
}

#[test]
fn the_log_can_be_json() {
    let (dir, input) = setup(40);
    let out = dir.path().join("out");
    let events = |output: std::process::Output| -> Vec<Value> {
        said(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let all = events(parts(&input, &out, &["--log-json"]));
    let of = |all: &[Value], event: &str| all.iter().filter(|row| row["event"] == event).cloned().collect::<Vec<_>>();
    let rejects = of(&all, "reject");
    assert_eq!(rejects.len(), 2);
    assert_eq!((&rejects[0]["line"], &rejects[1]["line"]), (&Value::from(17), &Value::from(34)));
    let summary = &of(&all, "summary")[0];
    assert_eq!((summary["articles"].as_u64(), summary["rows_rejected"].as_u64()), (Some(38), Some(2)));
    let labels = summary["labels"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum::<u64>();
    assert_eq!(summary["sentences"].as_u64(), Some(labels));
    for stage in ["read", "encode", "infer", "decode", "write"] {
        assert!(summary["stages"][stage].is_number(), "{summary}");
    }
    let all = events(parts(&input, &out, &["--log-json", "--format", "csv"]));
    assert_eq!(all.len(), 1);
    assert!(all[0]["event"] == "error" && all[0]["hint"].is_string(), "{all:?}");
}

fn merge(dirs: &[&Path], out: &Path, more: &[&str]) -> std::process::Output {
    veracity().arg("merge").args(dirs).arg("-o").arg(out).args(more).output().unwrap()
}

#[test]
fn shards_are_joined_in_the_order_of_the_input() {
    let (dir, input) = setup(150);
    let path = |name: &str| dir.path().join(name);
    for (format, per) in [("jsonl", "sentence"), ("csv.gz", "article"), ("parquet", "sentence"), ("parquet", "article")]
    {
        let tag = format!("{per}.{format}");
        let more = ["-q", "--format", format, "--per", per];
        let dirs: Vec<PathBuf> = (1..=3).map(|i| path(&format!("{i}.{tag}"))).collect();
        for (dir, shard) in dirs.iter().zip(["1/3", "2/3", "3/3"]) {
            let output = parts(&input, dir, &[&more[..], &["--shard", shard]].concat());
            assert!(matches!(output.status.code(), Some(0 | 2)), "{}", said(&output));
        }
        let (one, rejects) = (path(&format!("one.{tag}")), path(&format!("rejects.{tag}")));
        ended(&label(&input, &one, &["-q", "--per", per, "--rejects", rejects.to_str().unwrap()]), 2);
        let (joined, bad) = (path(&format!("joined.{tag}")), path(&format!("bad.{tag}")));
        let dirs: Vec<&Path> = [2, 0, 1].iter().map(|&i| dirs[i].as_path()).collect();
        ended(&merge(&dirs, &joined, &["--rejects", bad.to_str().unwrap()]), 0);
        assert_eq!(fs::read(&joined).unwrap(), fs::read(&one).unwrap(), "{tag}");
        assert_eq!(fs::read(&bad).unwrap(), fs::read(&rejects).unwrap(), "{tag}");
    }
}

#[test]
fn what_does_not_belong_together_is_not_joined() {
    let (dir, input) = setup(60);
    let path = |name: &str| dir.path().join(name);
    let shard = |name: &str, shard: &str, more: &[&str]| {
        let output = parts(&input, &path(name), &[&["-q", "--shard", shard], more].concat());
        assert!(matches!(output.status.code(), Some(0 | 2)), "{}", said(&output));
    };
    shard("1", "1/2", &[]);
    shard("2", "2/2", &[]);
    shard("other", "2/2", &["--min-confidence", "0.9"]);
    let out = path("out.jsonl");
    let refused = |dirs: &[&str], part: &str| {
        let dirs: Vec<PathBuf> = dirs.iter().map(|name| path(name)).collect();
        let dirs: Vec<&Path> = dirs.iter().map(PathBuf::as_path).collect();
        let output = merge(&dirs, &out, &[]);
        ended(&output, 2);
        assert!(said(&output).contains(part) && said(&output).contains("hint: "), "{}", said(&output));
        assert!(!out.exists());
    };
    refused(&["1"], "shard 2/2 is missing");
    refused(&["2"], "shard 1/2 is missing");
    refused(&["1", "2", "2"], "shard 2/2 is given twice");
    refused(&["1", "other"], "lineage.min_confidence is 0.8");
    refused(&["1", "nothing"], "no manifest.json here");
    let part = path("2").join("part-00000.jsonl");
    let bytes = fs::read(&part).unwrap();
    fs::write(&part, [&bytes[..bytes.len() - 2], b"x\n"].concat()).unwrap();
    refused(&["1", "2"], "the file is not the one that was written");
    fs::write(&part, &bytes).unwrap();
    let manifest = path("2").join("manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("\"complete\": true", "\"complete\": false")).unwrap();
    refused(&["1", "2"], "the run has not ended");
    // What a run would not have written, the largest of numbers among it.
    let value: Value = serde_json::from_str(&text).unwrap();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut value = value.clone();
        change(&mut value);
        fs::write(&manifest, value.to_string()).unwrap();
    };
    with(&|value| value["parts"][0]["file"] = "../1/part-00000.jsonl".into());
    refused(&["1", "2"], "`../1/part-00000.jsonl` is not the name of a part in this folder");
    with(&|value| value["parts"][0]["steps"] = vec![u64::MAX; 20].into());
    refused(&["1", "2"], "the manifest tells of other articles than the part holds");
    fs::write(&manifest, &text).unwrap();
    let output = merge(&[&path("1"), &path("2")], &path("1"), &[]);
    ended(&output, 2);
    let output = merge(&[&path("1"), &path("2")], &part, &[]);
    ended(&output, 2);
    assert!(said(&output).contains("would replace an input"), "{}", said(&output));
    let output = merge(&[&path("1"), &path("2")], &out, &["--format", "parquet", "--quiet"]);
    ended(&output, 0);
    assert_eq!(said(&output), "");
    assert!(fs::read(&out).unwrap().starts_with(b"PAR1"));
}
