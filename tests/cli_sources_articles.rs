//! `veracity sources` on labelled articles: fiction about two ferries, of which two outlets
//! print an agency's text.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod cli_common;

use cli_common::{Files, veracity};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

struct Run {
    code: i32,
    table: String,
    messages: String,
}

fn run(files: &Files, rows: &Path, extra: &[&str]) -> Run {
    let mut command = veracity();
    command.current_dir(files.0.path()).arg("sources").arg(rows).args(extra);
    let done = command.output().unwrap();
    Run {
        code: done.status.code().unwrap(),
        table: String::from_utf8(done.stdout).unwrap(),
        messages: String::from_utf8(done.stderr).unwrap(),
    }
}

fn report(files: &Files, name: &str) -> Value {
    serde_json::from_slice(&fs::read(files.path(name)).unwrap()).unwrap()
}

/// A row with attributions as (source, cue, content).
fn row(place: (&str, &str, &str, usize), label: &str, text: &str, said: &[(&str, &str, &str)]) -> String {
    let span = |text: &str| json!({"text": text, "start": 0, "end": text.len()});
    let (article, outlet, date, sentence) = place;
    let said: Vec<Value> =
        said.iter().map(|(s, c, t)| json!({"source": span(s), "cue": span(c), "content": span(t)})).collect();
    let row = json!({
        "article": article, "outlet": outlet, "date": date, "sentence": sentence, "start": 0, "end": text.len(),
        "text": text, "label": label, "confidence": 0.9, "probabilities": {label: 0.9}, "attributions": said,
    });
    format!("{row}\n")
}

fn town(files: &Files) -> PathBuf {
    let mut rows = String::new();
    for n in 0..6 {
        let names = ["bridge", "school", "harbour", "library", "market", "theatre"];
        let what = format!("The {} in Orla stays closed until spring.", names[n]);
        let not = format!("that the {} in Orla stays closed until spring", names[n]);
        rows += &row((&format!("g{n}"), "Gazette", "2024-03-01", 0), "fact", &what, &[]);
        rows += &row((&format!("l{n}"), "Ledger", "2024-03-02", 0), "fact", &what.replace("stays", "will stay"), &[]);
        rows += &row(
            (&format!("l{n}"), "Ledger", "2024-03-02", 1),
            "allegation",
            "She denied it.",
            &[("Ada Lund", "denied", &not)],
        );
    }
    files.put("town.jsonl", rows)
}

#[test]
fn labelled_articles_give_sources_claims_and_copies() {
    let files = Files::new();
    let labelled = files.path("labelled.jsonl");
    let articles = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/ferries.jsonl");
    let done = veracity().arg("label").arg(articles).arg("-q").arg("-o").arg(&labelled).output().unwrap();
    if !done.status.success() {
        eprintln!("skipped: no model to label with: {}", String::from_utf8_lossy(&done.stderr));
        return;
    }
    let done = run(&files, &labelled, &["--json", "s.json", "--html", "s.html"]);
    assert_eq!(done.code, 0, "{}", done.messages);
    assert!(done.messages.contains("no outcomes") && done.messages.contains("4 articles"), "{}", done.messages);
    assert!(done.table.contains("source") && done.table.contains("Vessland Ledger"), "{}", done.table);
    let report = report(&files, "s.json");
    let names: Vec<&str> = report["sources"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap()).collect();
    assert!(names.iter().any(|n| n.contains("Ledger")), "{names:?}");
    assert!(report["sources"].as_array().unwrap().iter().all(|s| s["grade"] == "F"), "{report:#}");
    assert_eq!(report["copies"][0]["articles"], json!(["gazette-1", "courier-1"]), "{:#}", report["copies"]);
    assert!(report["copies"][0]["why"].as_str().unwrap().contains("meridian"));
    let page = fs::read_to_string(files.path("s.html")).unwrap();
    assert!(page.contains("<svg") && page.contains("Harbour Gazette") && !page.contains("<script"), "{page}");
    assert!(page.contains("prefers-color-scheme: dark") && !page.contains("http:") && !page.contains("https:"));
    assert!(page.contains("default-src 'none'; style-src 'sha256-"), "{page}");
}

#[test]
fn outcomes_rank_by_claim_or_by_sentence() {
    let files = Files::new();
    let rows = town(&files);
    let known: String = (0..6).map(|n| format!("g{n},0,true\n")).collect();
    let known = files.put("known.csv", format!("article,sentence,outcome\n{known}"));
    let done = run(&files, &rows, &["--json", "s.json", "--outcomes", known.to_str().unwrap(), "-q"]);
    assert_eq!((done.code, done.table.as_str(), done.messages.as_str()), (0, "", ""));
    let report = report(&files, "s.json");
    assert_eq!(report["with_outcomes"], true);
    let sources = report["sources"].as_array().unwrap();
    let last = sources.last().unwrap();
    assert_eq!((last["name"].as_str(), last["confirmed"].as_u64()), (Some("Ada Lund"), Some(6)), "{report:#}");
    assert!(sources[0]["trust"].as_f64() > last["trust"].as_f64());
    let id = report["claims"][0]["id"].as_str().unwrap();
    assert_eq!((id, report["claims"][0]["outcome"].as_bool()), ("g0:0", Some(true)));
    let known = files.put("known.csv", "claim,outcome\ng0:0,false\nnone:1,true\n");
    let done = run(&files, &rows, &["--json", "s.json", "--outcomes", known.to_str().unwrap()]);
    assert!(done.messages.contains("1 of its rows meet no claim"), "{}", done.messages);
    assert_eq!(self::report(&files, "s.json")["claims"][0]["outcome"], false);
}

#[test]
fn tables_are_written_for_articles_too() {
    let files = Files::new();
    let rows = town(&files);
    let known = files.put("known.csv", "article,sentence,outcome\ng0,0,true\n");
    let out = files.path("out");
    let done = run(&files, &rows, &["--outcomes", known.to_str().unwrap(), "-q", "-o", out.to_str().unwrap()]);
    assert_eq!((done.code, done.messages.as_str()), (0, ""));
    let trust = fs::read_to_string(out.join("trust.csv")).unwrap();
    assert!(trust.starts_with("source,trust,low,high,") && trust.contains("\nada-lund,"), "{trust}");
    let truth = fs::read_to_string(out.join("truth.csv")).unwrap();
    assert!(truth.contains("\ng0:0,g0:0,"), "{truth}");
}

#[test]
fn sources_that_are_nobody_in_particular_make_one_row() {
    let files = Files::new();
    let said = |n: usize, text: &str| {
        let place = (&*format!("a{n}"), "Gazette", "2024-03-01", 0);
        row(place, "allegation", text, &[("officials", "said", text)])
    };
    let rows = said(0, "The bridge in Orla is safe") + &said(1, "The ferry to Tarn left empty");
    let rows = files.put("rows.jsonl", rows);
    let done = run(&files, &rows, &["-q", "-o", "out"]);
    assert_eq!(done.code, 0, "{}", done.messages);
    let trust = fs::read_to_string(files.path("out/trust.csv")).unwrap();
    assert_eq!(trust.lines().count(), 2, "{trust}");
    assert!(trust.contains("\n(anonymous),"), "{trust}");
}

/// Short statements may share their words by chance: the articles around them must meet as well.
#[test]
fn statements_of_different_stories_stay_apart() {
    let files = Files::new();
    let row = |article: &str, n: usize, text: &str| row((article, article, "2024-03-01", n), "fact", text, &[]);
    let rows = [
        row("takeover", 0, "The offer for the shares of the Helsinki brewer values its bottling plants highly."),
        row("takeover", 1, "Shareholders with two fifths of the votes have promised to tender, a filing showed."),
        row("takeover", 2, "The period runs until the end of October."),
        row("flood", 0, "Water stands knee-deep in the lanes behind the old timber yards of Orla."),
        row("flood", 1, "Firemen carried pensioners from their kitchens in rubber boats before dawn."),
        row("flood", 2, "The evacuation runs until the end of October."),
    ];
    let rows = files.put("rows.jsonl", rows.concat());
    run(&files, &rows, &["-q", "--json", "s.json"]);
    let subjects = report(&files, "s.json")["claims"].as_array().unwrap().len();
    assert_eq!(subjects, 6);
}

#[test]
fn ratings_that_tell_nothing_change_nothing_and_aliases_join_sources() {
    let files = Files::new();
    let rows = town(&files);
    let ratings = files.put("ratings.csv", "source,rating\nGazette,90\nNobody,10\n");
    let aliases = files.put("names.csv", "alias,name,kind\nAda Lund,Orla Council,government\n");
    let extra = ["--ratings", ratings.to_str().unwrap(), "--aliases", aliases.to_str().unwrap()];
    let done = run(&files, &rows, &extra);
    assert_eq!(done.code, 0, "{}", done.messages);
    assert!(done.messages.contains("1 of the rated sources claim nothing"), "{}", done.messages);
    assert!(done.messages.contains("the ratings change nothing"), "{}", done.messages);
    assert!(done.table.contains("Orla Council") && !done.table.contains("Ada Lund"), "{}", done.table);
}

#[test]
fn bad_input_is_named_with_line_and_remedy() {
    let files = Files::new();
    let rows = town(&files);
    for (flag, name, text, part) in [
        ("--ratings", "r.csv", "source,rating\nGazette,0.5\nLedger,120\n", "r.csv:3: the rating `120` is out of range"),
        ("--ratings", "r.csv", "source,rating\nGazette,good\n", "r.csv:2: the rating `good`"),
        (
            "--ratings",
            "r.csv",
            "source,rating\nGazette,1\nGazette,0\n",
            "r.csv:3: `Gazette` is rated 0 here and 1 on line 2",
        ),
        ("--aliases", "a.csv", "alias,name\na,b\nb,a\n", "a.csv:2: aliases in a circle: a -> b -> a"),
        (
            "--outcomes",
            "o.csv",
            "claim,outcome\ng0:0,true\ng0:0,false\n",
            "o.csv:3: claim g0:0 is false here and true on line 2",
        ),
        ("--outcomes", "o.csv", "claim,value\ng0:0,true\n", "no column `outcome`"),
    ] {
        let path = files.put(name, text);
        let done = run(&files, &rows, &[flag, path.to_str().unwrap()]);
        assert_eq!(done.code, 2, "{text}: {}", done.messages);
        assert!(done.messages.contains(part) && done.messages.contains("hint:"), "{part}: {}", done.messages);
        assert_eq!(done.table, "");
    }
}

#[test]
fn a_bad_row_is_left_out_and_the_others_count() {
    let files = Files::new();
    let good = fs::read_to_string(town(&files)).unwrap();
    let rows = files.put("rows.jsonl", format!("{{\"text\": \"no row\"}}\n{good}{good}"));
    let done = run(&files, &rows, &[]);
    assert_eq!(done.code, 2);
    assert!(done.messages.contains("rows.jsonl:1: not a labelled sentence"), "{}", done.messages);
    assert!(done.messages.contains("18 rows came twice"), "{}", done.messages);
    assert!(done.table.contains("Ada Lund"), "{}", done.table);
}

#[test]
fn one_claim_is_shown_and_none_is_an_error() {
    let files = Files::new();
    let one =
        files.put("one.jsonl", row(("a", "Gazette", "2024-03-01", 0), "fact", "The bridge in Orla is closed.", &[]));
    let done = run(&files, &one, &[]);
    assert_eq!(done.code, 0, "{}", done.messages);
    assert!(
        done.table.contains("Gazette") && done.messages.contains("1 statements"),
        "{} {}",
        done.table,
        done.messages
    );
    let none = files.put("none.jsonl", row(("a", "Gazette", "", 0), "background", "The bridge is old.", &[]));
    let done = run(&files, &none, &[]);
    assert_eq!(done.code, 2);
    assert!(done.messages.contains("hold no claim") && done.messages.contains("hint:"), "{}", done.messages);
    let done = veracity().arg("sources").output().unwrap();
    assert_eq!(done.status.code(), Some(2));
}

#[test]
fn outputs_never_replace_inputs() {
    let files = Files::new();
    let rows = town(&files);
    let before = fs::read(&rows).unwrap();
    let done = run(&files, &rows, &["--json", rows.to_str().unwrap()]);
    assert_eq!(done.code, 2, "{}", done.messages);
    assert_eq!(fs::read(&rows).unwrap(), before);
}
