//! The server on a real socket: the interface, its limits, and what goes wrong.
#![allow(clippy::unwrap_used)]

mod cli_common;
mod serve_common;

use cli_common::{Files, TEXT, veracity};
use serde_json::{Value, json};
use serve_common::{Answer, Server, call, post};

fn articles() -> Vec<Value> {
    let more = "The river rose overnight. Police said nobody was hurt. It had last flooded in 1974.";
    vec![
        json!({"id": "a1", "text": TEXT, "title": "A new bridge", "source": "Harbour Post", "date": "2024-05-01"}),
        json!({"id": "a2", "text": more}),
        json!({"id": "a3", "sentences": ["Ünal denied it.", "\u{201c}No,\u{201d} she said."]}),
    ]
}

fn lines(articles: &[Value]) -> String {
    articles.iter().map(|article| format!("{article}\n")).collect()
}

/// The rows are those of `veracity label`, byte by byte.
#[test]
fn streams_are_what_the_command_writes() {
    let files = Files::new();
    let input = files.put("in.jsonl", lines(&articles()));
    let want = veracity().args(["label", "--quiet"]).arg(&input).output().unwrap().stdout;
    let server = Server::start(&[]);
    let answer = server.post_as("/v1/label", "application/x-ndjson", &lines(&articles()));
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/x-ndjson")));
    assert_eq!(answer.body, String::from_utf8(want.clone()).unwrap());
    // Alone, and all together, they are the same.
    let want: Vec<Value> =
        want.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
    let together = server.post("/v1/label", &json!({"articles": articles()})).json();
    let together = together["articles"].as_array().unwrap().iter();
    let rows: Vec<Value> = together.flat_map(|one| one["sentences"].as_array().unwrap().clone()).collect();
    assert_eq!(rows, want);
    let alone = server.post("/v1/label", &articles()[0]).json();
    assert_eq!((alone["title"].as_str(), alone["outlet"].as_str()), (Some("A new bridge"), Some("Harbour Post")));
    assert_eq!(alone["sentences"].as_array().unwrap()[..], want[..2]);
    let inside = server.post("/v1/label", &json!({"article": articles()[0]})).json();
    assert_eq!(inside, alone);
}

#[test]
fn bad_articles_do_not_stop_the_others() {
    let server = Server::start(&[]);
    let input = format!("{}\n{{\"id\": \"x\"}}\n\n{{\"text\": \n{}\n", articles()[0], articles()[1]);
    let answer = server.post_as("/v1/label", "application/x-ndjson", &input);
    let rows: Vec<Value> = answer.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let errors: Vec<&Value> = rows.iter().filter(|row| row["error"].is_string()).collect();
    assert_eq!(errors.len(), 2, "{}", answer.body);
    assert_eq!((errors[0]["line"].as_u64(), errors[1]["line"].as_u64()), (Some(2), Some(4)));
    assert!(rows.iter().any(|row| row["article"] == "a1") && rows.iter().any(|row| row["article"] == "a2"));
    let answer = server.post("/v1/label", &json!({"articles": [{"text": 1}, articles()[0]]})).json();
    assert!(answer["articles"][0]["error"].as_str().unwrap().contains("\"text\" is a number"), "{answer}");
    assert_eq!(answer["articles"][1]["sentences"].as_array().unwrap().len(), 2);
}

#[test]
fn sources_of_rows_and_of_articles() {
    let server = Server::start(&[]);
    let of_article = server.post("/v1/sources", &articles()[0]).json();
    let names: Vec<&str> =
        of_article["sources"].as_array().unwrap().iter().map(|source| source["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), 1, "{of_article}");
    assert!(names[0].to_lowercase().contains("mayor"), "{of_article}");
    assert_eq!(of_article["sources"][0]["claims"][0]["article"], "a1");
    let rows = server.post("/v1/label", &articles()[0]).json()["sentences"].clone();
    assert_eq!(server.post("/v1/sources", &json!({"rows": rows})).json(), of_article);
    let stream: String = rows.as_array().unwrap().iter().map(|row| format!("{row}\n")).collect();
    assert_eq!(server.post_as("/v1/sources", "application/x-ndjson", &stream).json(), of_article);
    let bad = server.post("/v1/sources", &json!({"rows": [{"a": 1}]}));
    assert_eq!(bad.status, 400);
    assert!(bad.body.contains("missing field"), "{}", bad.body);
}

#[test]
fn the_rest_of_the_interface() {
    let server = Server::start(&[]);
    for (path, kind, part) in [
        ("/healthz", "text/plain; charset=utf-8", "ok"),
        ("/readyz", "text/plain; charset=utf-8", "ready"),
        ("/v1/model", "application/json", "\"labels\""),
        ("/openapi.json", "application/json", "\"openapi\":\"3.1.0\""),
        ("/api", "text/html; charset=utf-8", "/v1/label"),
        ("/", "text/html; charset=utf-8", "<textarea"),
        ("/app.js", "text/javascript; charset=utf-8", "reader"),
        ("/app.css", "text/css; charset=utf-8", "prefers-color-scheme"),
    ] {
        let answer = server.get(path);
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(kind)), "{path}");
        assert!(answer.body.contains(part), "{path}: {}", answer.body);
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'"), "{policy}");
    }
    server.post("/v1/label", &articles()[0]);
    let metrics = server.get("/metrics").body;
    assert!(metrics.contains("veracity_requests_total{path=\"/v1/label\",status=\"200\"} 1\n"), "{metrics}");
    assert!(metrics.contains("veracity_sentences_total 2\n"), "{metrics}");
    assert!(metrics.contains("veracity_queue_bytes 0\n"), "{metrics}");
    assert_eq!(server.get("/nowhere").status, 404);
    assert_eq!(server.get("/v1/label").status, 405);
}

#[test]
fn a_token_is_asked_for() {
    let files = Files::new();
    let file = files.put("token.txt", "correct-horse\n");
    let server = Server::start(&["--token-file", file.to_str().unwrap()]);
    let body = articles()[0].to_string();
    let with = |token: &str| {
        let head = format!(
            "POST /v1/label HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nContent-Length: {}\r\n",
            body.len()
        );
        call(server.address, &format!("{head}Connection: close\r\n\r\n{body}")).status
    };
    assert_eq!(server.post("/v1/label", &articles()[0]).status, 401);
    assert_eq!(server.post("/v1/label", &articles()[0]).header("www-authenticate"), Some("Bearer"));
    assert_eq!(with("Bearer wrong-horse"), 401);
    assert_eq!(with("Basic correct-horse"), 401);
    assert_eq!(with("Bearer correct-horse"), 200);
    assert_eq!((server.get("/metrics").status, server.get("/healthz").status, server.get("/").status), (401, 200, 200));
    let empty = files.put("empty.txt", "\n");
    let refused = veracity().args(["serve", "--token-file"]).arg(empty).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn the_log_holds_no_text() {
    let server = Server::start(&[]);
    server.post("/v1/label", &json!({"id": "sesame", "text": "Sesame opened the door."}));
    server.get("/sesame?text=sesame");
    let log = server.stop();
    assert!(log.contains("\"method\":\"POST\",\"path\":\"/v1/label\",\"status\":200"), "{log}");
    assert!(log.contains("\"path\":\"-\",\"status\":401") || log.contains("\"path\":\"-\",\"status\":404"), "{log}");
    assert!(!log.to_lowercase().contains("sesame"), "{log}");
}

#[test]
fn a_taken_port_is_named() {
    let server = Server::start(&[]);
    let port = server.address.port().to_string();
    let output = veracity().args(["serve", "--port", &port]).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains(&format!("127.0.0.1:{port}: ")) && error.contains("hint: choose another --port"), "{error}");
}

#[test]
fn plain_text_is_an_article() {
    let server = Server::start(&[]);
    let answer: Answer = server.post_as("/v1/label", "text/plain; charset=utf-8", TEXT);
    assert_eq!(answer.json()["sentences"].as_array().unwrap().len(), 2);
    assert_eq!(server.post_as("/v1/label", "image/png", TEXT).status, 415);
    let answer = post(server.address, "/v1/label", "text/plain", b"\xff\xfe");
    assert_eq!(answer.status, 400);
}
