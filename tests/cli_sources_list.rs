//! `veracity sources --list` and aliases: what is listed, and what is said to bad input.
#![allow(clippy::unwrap_used)]

mod cli_common;

use cli_common::{Files, row, veracity};
use serde_json::json;

/// A labelled row in which `name` of `kind` says it.
fn said(article: &str, sentence: usize, name: &str, kind: &str) -> String {
    let text = format!("{name} said it rained.");
    let (source, cue) = (name.len(), name.len() + 5);
    let row = json!({
        "article": article, "sentence": sentence, "start": 0, "end": text.len(), "text": text,
        "label": "allegation", "confidence": 0.9, "probabilities": {"allegation": 0.9, "fact": 0.1},
        "attributions": [{
            "source": {"text": name, "start": 0, "end": source},
            "cue": {"text": "said", "start": source + 1, "end": cue},
            "content": null,
            "entity": {"id": name.to_lowercase().replace(' ', "-"), "name": name, "kind": kind},
            "via": [{"id": "joongang", "name": "JoongAng", "kind": "outlet"}]
        }]
    });
    format!("{row}\n")
}

fn list(args: &[&std::ffi::OsStr]) -> (i32, String, String) {
    let done = veracity().args(["sources", "--list"]).args(args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (done.status.code().unwrap(), text(done.stdout), text(done.stderr))
}

#[test]
fn sources_are_listed_with_their_claims() {
    let files = Files::new();
    let rows = [
        said("a", 0, "Bo", "person"),
        said("a", 1, "Ann Lee", "person"),
        said("b", 2, "Ann Lee", "person"),
        said("b", 3, "officials", "anonymous"),
    ];
    let path = files.put("rows.jsonl", rows.concat());
    let (code, out, messages) = list(&[path.as_os_str()]);
    assert_eq!((code, messages.as_str()), (0, ""));
    assert!(out.starts_with(
        "Ann Lee (person): 2 claims in 2 articles\n  a:1 allegation: \"Ann Lee\" said, via JoongAng\n    \
         Ann Lee said it rained.\n"
    ));
    assert!(out.contains("\nanonymous sources: 1 claim in 1 article\n"), "{out}");
    assert!(out.contains("\nBo (person): 1 claim in 1 article\n"), "{out}");
}

#[test]
fn aliases_put_names_together() {
    let files = Files::new();
    let path = files.put("rows.jsonl", said("a", 0, "Ann Lee", "person") + &said("b", 0, "Mayor Lee", "person"));
    let aliases = files.put("aliases.csv", "alias,name,kind\nmayor lee,Ann Lee,government\n");
    let (code, out, _) = list(&[path.as_os_str(), "--aliases".as_ref(), aliases.as_os_str()]);
    assert_eq!(code, 0);
    assert!(out.starts_with("Ann Lee (government): 2 claims in 2 articles\n"), "{out}");
}

#[test]
fn bad_rows_are_named_and_the_others_listed() {
    let files = Files::new();
    let path = files.put("rows.jsonl", said("a", 0, "Bo", "person") + "{}\n" + &said("a", 1, "Bo", "person"));
    let none = files.path("none.jsonl");
    let (code, out, messages) = list(&[path.as_os_str(), none.as_os_str()]);
    assert_eq!(code, 2);
    assert!(out.contains("2 claims in 1 article"), "{out}");
    assert!(messages.contains("rows.jsonl:2: ") && messages.contains("hint: "), "{messages}");
    assert!(messages.contains("none.jsonl: "), "{messages}");
}

#[test]
fn bad_aliases_end_both_commands() {
    let files = Files::new();
    let circle = files.put("aliases.csv", "alias,name\nA,B\nB,A\n");
    let rows = files.put("rows.jsonl", said("a", 0, "Bo", "person"));
    let (code, out, messages) = list(&[rows.as_os_str(), "--aliases".as_ref(), circle.as_os_str()]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(messages.contains("aliases.csv:2: aliases in a circle: a -> b -> a"), "{messages}");
    let article = files.put("article.jsonl", row("a"));
    let done = veracity().arg("label").arg(article).arg("--aliases").arg(circle).output().unwrap();
    assert_eq!(done.status.code(), Some(2));
    assert!(String::from_utf8(done.stderr).unwrap().contains("circle"));
}

#[test]
fn claims_and_a_list_do_not_go_together() {
    let done = veracity().args(["sources", "--list", "a", "--claims", "b", "--out", "c"]).output().unwrap();
    assert_eq!(done.status.code(), Some(2));
}
