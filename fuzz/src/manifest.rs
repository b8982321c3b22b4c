//! Any bytes as a file of a folder of parts: its `manifest.json` when the first byte is below
//! 128, else a part, in a format that the byte chooses. Whatever is accepted can be read again,
//! merged, and taken up by a run.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::fs;
use std::path::Path;
use veracity::corpus::{Counts, MANIFEST, Manifest, Merge, Part, Parts, Plan, REJECTS, Settings, Shard, identify};
use veracity::write::{Lineage, Per, TableFormat};

fuzz_target!(init: veracity::read::hush_caught_panics(), |data: &[u8]| {
    let Some((&first, bytes)) = data.split_first() else { return };
    let dir = tempfile::tempdir().expect("a temporary folder");
    if first < 128 { manifest(dir.path(), bytes) } else { part(dir.path(), usize::from(first - 128), bytes) }
});

fn manifest(dir: &Path, bytes: &[u8]) {
    fs::write(dir.join(MANIFEST), bytes).expect("room for it");
    fs::write(dir.join(REJECTS), bytes).expect("room for it");
    let Ok(Some(manifest)) = Manifest::read(dir) else { return };
    assert_eq!(manifest.plan.difference(&manifest.plan), None);
    merge(dir);
    manifest.write(dir).expect("room for it");
    assert_eq!(Manifest::read(dir).expect("what was written"), Some(manifest.clone()));
    let Ok(format) = manifest.format() else { return };
    let mut parts = Parts::open(dir, manifest.plan, format, Per::Sentence).expect("a folder of this plan");
    let _ = (parts.done_items(), parts.resumed());
    parts.end().expect("room for it");
}

fn part(dir: &Path, choice: usize, bytes: &[u8]) {
    let format = TableFormat::ALL[choice % TableFormat::ALL.len()];
    let per = if choice / TableFormat::ALL.len() % 2 == 0 { "sentence" } else { "article" };
    let file = format!("part-00000.{format}");
    fs::write(dir.join(&file), bytes).expect("room for it");
    fs::write(dir.join(REJECTS), "").expect("room for it");
    let blake3 = identify([dir.join(&file).as_path()], |_| ()).remove(0).blake3.expect("its hash");
    let bytes = bytes.len() as u64;
    let mut manifest = Manifest::new(plan(format, per));
    manifest.parts.push(Part { file, bytes, blake3, counts: Counts::default(), rejects_end: 0, steps: Vec::new() });
    manifest.complete = true;
    manifest.write(dir).expect("room for it");
    merge(dir);
}

fn plan(format: TableFormat, per: &str) -> Plan {
    let lineage = Lineage {
        version: String::new(),
        model: String::new(),
        config: String::new(),
        engine: "native".into(),
        precision: "f32".into(),
        isa: None,
        labels: ["fact", "allegation", "background"].map(String::from).into(),
        min_confidence: 0.0,
    };
    let settings = Settings {
        format: format.to_string(),
        per: per.into(),
        part_size: 1000,
        shard: Shard::WHOLE,
        read: String::new(),
        aliases: None,
    };
    Plan { lineage, settings, inputs: Vec::new() }
}

fn merge(dir: &Path) {
    let Ok(merge) = Merge::open(&[dir.to_owned()]) else { return };
    let _ = (merge.counts(), merge.files(), merge.rejects());
    let out = Box::new(std::io::sink());
    let (mut sink, packed) = merge.format().sink(merge.per(), merge.lineage(), out).expect("a sink");
    if merge.write_to(&mut *sink, Path::new("sink")).is_ok() {
        packed.finish().expect("its end");
    }
}
