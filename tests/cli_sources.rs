//! `veracity sources` on plain tables: what it writes, and what it says to bad input.
#![allow(clippy::unwrap_used)]

mod cli_common;

use cli_common::{Files, veracity};
use std::collections::HashMap;
use std::fs;
use std::path::Path;

struct Run {
    code: i32,
    messages: String,
    trust: Option<String>,
    truth: Option<String>,
}

fn run(files: &Files, claims: &str, outcomes: Option<&str>, extra: &[&str]) -> Run {
    let out = files.path("out");
    let mut command = veracity();
    command.arg("sources").arg("--claims").arg(files.put("claims.csv", claims)).arg("--out").arg(&out).args(extra);
    if let Some(outcomes) = outcomes {
        command.arg("--outcomes").arg(files.put("truth.csv", outcomes));
    }
    let done = command.output().unwrap();
    let read = |name: &str| fs::read_to_string(out.join(name)).ok();
    Run {
        code: done.status.code().unwrap(),
        messages: String::from_utf8(done.stderr).unwrap(),
        trust: read("trust.csv"),
        truth: read("truth.csv"),
    }
}

fn rows(csv: &str) -> HashMap<String, Vec<String>> {
    let lines = csv.lines().skip(1).map(|l| l.split(',').map(str::to_owned).collect::<Vec<_>>());
    lines.map(|fields| (fields[0].clone(), fields)).collect()
}

/// Four good sources and a bad one with its copier, on 60 objects.
fn town() -> String {
    let mut csv = String::from("source,object,value\n");
    for o in 0..60 {
        for s in ["ann", "bo", "cy", "di"] {
            // Each errs now and then, each on its own objects and in its own way.
            let errs = (o * 7 + s.len() * 13 + usize::from(s.as_bytes()[0])) % 11 == 0;
            csv += &format!("{s},o{o},{}\n", if errs { format!("{s}{o}") } else { format!("true{o}") });
        }
        for s in ["liar", "parrot"] {
            csv += &format!("{s},o{o},{}\n", if o % 3 == 0 { format!("true{o}") } else { format!("lie{o}") });
        }
    }
    csv
}

#[test]
fn good_sources_are_told_from_a_liar_and_its_copier() {
    let files = Files::new();
    let done = run(&files, &town(), None, &[]);
    assert_eq!(done.code, 0, "{}", done.messages);
    assert!(done.messages.contains("no source is graded"), "{}", done.messages);
    assert!(done.messages.contains("6 sources on 60 objects"), "{}", done.messages);
    let trust = done.trust.unwrap();
    assert!(trust.starts_with("source,trust,low,high,confirmed,corroborated,independent,prior_share,grade\n"));
    let names: Vec<&str> = trust.lines().skip(1).map(|l| l.split(',').next().unwrap()).collect();
    assert_eq!(names, ["ann", "bo", "cy", "di", "liar", "parrot"], "without outcomes there is no ranking");
    let rows = rows(&trust);
    let number = |s: &str, column: usize| rows[s][column].parse::<f64>().unwrap();
    assert!(number("ann", 1) > number("liar", 1) + 0.2, "{trust}");
    for (name, row) in &rows {
        assert!(number(name, 2) <= number(name, 1) && number(name, 1) <= number(name, 3), "{row:?}");
        assert_eq!(row[8], "F");
    }
    let truth = done.truth.unwrap();
    let right = truth.lines().skip(1).filter(|l| l.contains(",true")).count();
    assert_eq!(right, 60, "{truth}");
}

#[test]
fn outcomes_rank_and_grade() {
    let files = Files::new();
    let outcomes: String =
        "object,value\n".to_owned() + &(0..60).map(|o| format!("o{o},true{o}\n")).collect::<String>();
    let done = run(&files, &town(), Some(&outcomes), &["--quiet"]);
    assert_eq!((done.code, done.messages.as_str()), (0, ""));
    let trust = done.trust.unwrap();
    let names: Vec<&str> = trust.lines().skip(1).map(|l| l.split(',').next().unwrap()).collect();
    assert_eq!(&names[4..], ["liar", "parrot"]);
    let rows = rows(&trust);
    assert_eq!((rows["ann"][4].as_str(), rows["liar"][8].as_str()), ("60", "D"), "{trust}");
    assert!(done.truth.unwrap().lines().skip(1).all(|l| l.ends_with(",1.0000")));
}

#[test]
fn one_claim_is_answered_and_not_judged() {
    let files = Files::new();
    let done = run(&files, "source,object,value\nann,o,1\n", None, &[]);
    assert_eq!(done.code, 0, "{}", done.messages);
    let trust = done.trust.unwrap();
    let row = &rows(&trust)["ann"];
    assert!(row[2].parse::<f64>().unwrap() < 0.2 && row[3].parse::<f64>().unwrap() > 0.8, "{trust}");
    assert_eq!((row[4].as_str(), row[5].as_str(), row[8].as_str()), ("0", "0", "F"));
    assert_eq!(done.truth.unwrap().lines().count(), 2);
}

#[test]
fn the_same_claims_in_another_order_give_the_same_trust() {
    let files = Files::new();
    let trust = |csv: &str| rows(&run(&files, csv, None, &["-q"]).trust.unwrap());
    let town = town();
    let mut lines: Vec<&str> = town.lines().skip(1).collect();
    let first = trust(&town);
    lines.reverse();
    let second = trust(&format!("source,object,value\n{}\n", lines.join("\n")));
    for (name, row) in first {
        let (a, b) = (row[1].parse::<f64>().unwrap(), second[&name][1].parse::<f64>().unwrap());
        assert!((a - b).abs() < 2e-4, "{name}: {a} {b}");
    }
}

#[test]
fn bad_tables_are_named_with_line_and_remedy() {
    let good = "source,object,value\nann,o,1\n";
    for (claims, outcomes, parts) in [
        ("source,object,value\n", None, vec!["claims.csv: no claims", "hint:"]),
        ("source,object\nann,o\n", None, vec!["no column `value`", "source,object,value[,date,kind]"]),
        ("", None, vec!["no column `source`"]),
        ("source,object,value\nann,o,1\nbo,,2\n", None, vec!["claims.csv:3: `object` is empty"]),
        ("source,object,value\nann,o,1,2\n", None, vec!["claims.csv:2: 4 fields", "double quotes"]),
        (good, Some("object,value\no,1\nx,2\no,2\n"), vec!["truth.csv:4:", "`1` on line 2", "one outcome"]),
        (good, Some("object,value\n"), vec!["truth.csv: no outcomes"]),
        (good, Some("thing,value\no,1\n"), vec!["no column `object`"]),
    ] {
        let files = Files::new();
        let done = run(&files, claims, outcomes, &[]);
        assert_eq!(done.code, 2, "{claims:?}: {}", done.messages);
        for part in parts {
            assert!(done.messages.contains(part), "{part}: {}", done.messages);
        }
        assert!(done.trust.is_none() && done.truth.is_none());
    }
    let files = Files::new();
    let bytes = files.put("latin1.csv", b"source,object,value\nann,o,caf\xe9\n");
    let done = veracity().arg("sources").arg("--claims").arg(&bytes).args(["--out", "x"]).output().unwrap();
    assert_eq!(done.status.code(), Some(2));
    assert!(String::from_utf8(done.stderr).unwrap().contains("latin1.csv:2: text that is not UTF-8"));
    assert!(!Path::new("x").exists());
}

#[test]
fn outcomes_without_claims_are_counted_and_outputs_never_replace_inputs() {
    let files = Files::new();
    let done = run(&files, "source,object,value\nann,o,1\n", Some("object,value\nz,1\no,1\n"), &[]);
    assert_eq!(done.code, 0);
    assert!(done.messages.contains("nobody claims anything of 1 of its objects"), "{}", done.messages);

    let files = Files::new();
    let claims = files.put("trust.csv", "source,object,value\nann,o,1\n");
    let done =
        veracity().arg("sources").arg("--claims").arg(&claims).arg("--out").arg(files.0.path()).output().unwrap();
    assert_eq!(done.status.code(), Some(2));
    assert_eq!(fs::read_to_string(&claims).unwrap(), "source,object,value\nann,o,1\n");
}

#[test]
fn a_coarser_value_supports_finer_ones() {
    let files = Files::new();
    let csv = "source,object,value\nann,o,Vessland\nbo,o,Vessland\ncy,o,Orla\ndi,o,Nordia\ned,o,Nordia\n";
    let plain = run(&files, csv, None, &["-q"]);
    assert!(!plain.truth.unwrap().contains("o,Orla"));
    let tree = files.put("tree.csv", "value,parent\nOrla,Vessland\nSund,Vessland\n");
    let done = run(&files, csv, None, &["-q", "--hierarchy", tree.to_str().unwrap()]);
    assert_eq!(done.code, 0, "{}", done.messages);
    assert!(done.truth.unwrap().contains("o,Orla"), "three of five say it, one of them exactly");
    let ring = files.put("ring.csv", "value,parent\nOrla,Vessland\nVessland,Orla\n");
    let done = run(&files, csv, None, &["--hierarchy", ring.to_str().unwrap()]);
    assert_eq!(done.code, 2);
    assert!(done.messages.contains("ring.csv:2: `Orla` is above itself"), "{}", done.messages);
}

#[test]
fn ratings_count_as_far_as_outcomes_bear_them_out() {
    let files = Files::new();
    let (mut claims, mut truth) = (String::from("source,object,value\n"), String::from("object,value\n"));
    let mut ratings = String::from("source,rating\n");
    for s in 0..20 {
        for n in 0..8 {
            let right = if s % 2 == 0 { n != 3 } else { n == 3 };
            claims += &format!("s{s},o{s}-{n},{}\n", if right { format!("t{s}-{n}") } else { format!("f{s}-{n}") });
            truth += &format!("o{s}-{n},t{s}-{n}\n");
        }
        ratings += &format!("s{s},{}\n", if s % 2 == 0 { 90 } else { 20 });
    }
    claims += "new-good,x,1\nnew-bad,y,1\n";
    ratings += "new-good,90\nnew-bad,20\nnobody,50\n";
    let ratings = files.put("ratings.csv", ratings);
    let done = run(&files, &claims, Some(&truth), &["--ratings", ratings.to_str().unwrap()]);
    assert_eq!(done.code, 0, "{}", done.messages);
    assert!(done.messages.contains("ratings: learned from 20 sources"), "{}", done.messages);
    assert!(done.messages.contains("1 of the rated sources claim nothing"), "{}", done.messages);
    let rows = rows(&done.trust.unwrap());
    let trust = |s: &str| rows[s][1].parse::<f64>().unwrap();
    assert!(trust("new-good") > 0.7 && trust("new-bad") < 0.4, "{} {}", trust("new-good"), trust("new-bad"));
}
