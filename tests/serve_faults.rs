//! Clients that are slow, greedy, broken or gone, and a server that is ended under load.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod cli_common;
mod serve_common;

use cli_common::TEXT;
use serde_json::{Value, json};
use serve_common::{Server, connect, post, read};
use std::io::{Read, Write};
use std::thread;

fn alive(server: &Server) {
    assert_eq!(server.post("/v1/label", &json!({"text": TEXT})).json()["sentences"].as_array().unwrap().len(), 2);
}

fn bad(server: &Server, kind: &str, body: &[u8], status: u16, part: &str) {
    let answer = post(server.address, "/v1/label", kind, body);
    assert_eq!(answer.status, status, "{}", answer.body);
    assert!(answer.body.contains(part), "{part}: {}", answer.body);
}

#[test]
fn broken_input_is_refused() {
    let server = Server::start(&[]);
    let json = "application/json";
    bad(&server, json, b"", 400, "no JSON");
    bad(&server, json, b"{\"text\": ", 400, "no JSON");
    bad(&server, json, b"{\"text\": \"\xff\"}", 400, "no JSON");
    bad(&server, json, b"[1]", 400, "expected a JSON object");
    bad(&server, json, b"{\"text\": \" \"}", 400, "is empty");
    bad(&server, json, b"{\"articles\": 1}", 400, "no list");
    bad(&server, json, "[".repeat(1_000_000).as_bytes(), 400, "recursion limit");
    let deep = format!("{}1{}\n{}\n", "[".repeat(100_000), "]".repeat(100_000), json!({"id": "a", "text": TEXT}));
    let answer = server.post_as("/v1/label", "application/x-ndjson", &deep);
    assert!(answer.body.contains("recursion limit") && answer.body.contains("\"article\":\"a\""), "{}", answer.body);
    // What is hostile as markup is text here.
    let hostile = "</script><script>alert(1)</script> \u{202e}said Ann.";
    let rows = server.post("/v1/label", &json!({"text": hostile})).json();
    assert_eq!(
        rows["sentences"][0]["text"].as_str().unwrap(),
        &hostile[..rows["sentences"][0]["end"].as_u64().unwrap() as usize]
    );
    alive(&server);
}

#[test]
fn what_is_too_large_is_refused() {
    let server = Server::start(&["--max-body", "100k", "--max-sentences", "20"]);
    bad(&server, "application/json", &vec![b' '; 200_000], 413, "more than 100000 bytes");
    let long = "It rained. ".repeat(21);
    bad(&server, "application/json", json!({"text": long}).to_string().as_bytes(), 413, "at most 20");
    // Without a length, and with one that is not true of what is sent: a gigabyte.
    let mut stream = connect(server.address);
    let head = "POST /v1/label HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    for _ in 0..16 {
        let _ = stream.write_all(chunk.as_bytes());
    }
    assert_eq!(read(stream).status, 413);
    let mut stream = connect(server.address);
    stream
        .write_all(b"POST /v1/label HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\nConnection: close\r\n\r\n")
        .unwrap();
    assert_eq!(read(stream).status, 413);
    let line = format!("{}\n", " ".repeat(200_000));
    let answer = server.post_as("/v1/label", "application/x-ndjson", &line.replace('\n', "x"));
    assert!(answer.body.contains("more than 100000 bytes"), "{}", answer.body);
    alive(&server);
}

#[test]
fn slow_clients_do_not_hold_up_others() {
    let server = Server::start(&[]);
    let mut slow = Vec::new();
    for start in ["", "POST /v1/la", "POST /v1/label HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{\"text\""] {
        for _ in 0..50 {
            let mut stream = connect(server.address);
            stream.write_all(start.as_bytes()).unwrap();
            slow.push(stream);
        }
    }
    alive(&server);
    // They are given up in the end; the server closes.
    for mut stream in slow.into_iter().rev().step_by(50) {
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
    }
    alive(&server);
}

#[test]
fn clients_that_go_away_leave_nothing_behind() {
    let server = Server::start(&[]);
    let body = json!({"text": "It rained for a week. ".repeat(200)}).to_string();
    for _ in 0..20 {
        let mut stream = connect(server.address);
        let head = format!("POST /v1/label HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", body.len());
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body.as_bytes()).unwrap();
    }
    alive(&server);
    let metrics = || server.get("/metrics").body;
    for _ in 0..600 {
        if metrics().contains("veracity_queue_bytes 0\n") {
            return;
        }
        thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("{}", metrics());
}

#[test]
fn overload_is_told() {
    let server = Server::start(&["--max-body", "12k", "--queue", "12k", "--threads", "1"]);
    let body = json!({"text": "The river rose for a third day, officials said. ".repeat(200)}).to_string();
    let clients: Vec<_> = (0..12)
        .map(|_| {
            let (address, body) = (server.address, body.clone());
            thread::spawn(move || {
                let answer = post(address, "/v1/label", "application/json", body.as_bytes());
                let retry = answer.header("retry-after").map(|after| after.parse::<u64>().unwrap());
                (answer.status, retry)
            })
        })
        .collect();
    let answers: Vec<(u16, Option<u64>)> = clients.into_iter().map(|client| client.join().unwrap()).collect();
    assert!(answers.iter().any(|(status, _)| *status == 200), "{answers:?}");
    assert!(answers.iter().any(|(status, _)| *status == 429), "{answers:?}");
    for (status, retry) in answers {
        assert!(status == 200 || (status == 429 && retry.is_some_and(|after| (1..=60).contains(&after))), "{status}");
    }
    alive(&server);
}

/// What was accepted before SIGTERM is answered in full, and then the server ends well.
#[test]
fn the_end_waits_for_what_was_accepted() {
    let server = Server::start(&["--threads", "1", "--timeout", "600"]);
    let body: String = (0..40)
        .map(|n| format!("{}\n", json!({"id": format!("a{n}"), "text": "It rained. The mayor said so. ".repeat(5)})))
        .collect();
    let mut stream = connect(server.address);
    let head = "POST /v1/label HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n";
    stream.write_all(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).unwrap();
    // The head of the answer says that the request is accepted.
    let mut first = [0; 1];
    stream.read_exact(&mut first).unwrap();
    server.term();
    let mut rest = String::new();
    stream.read_to_string(&mut rest).unwrap();
    let rows: Vec<Value> =
        rest.lines().filter_map(|line| serde_json::from_str(line).ok()).filter(Value::is_object).collect();
    assert_eq!(rows.len(), 40 * 10, "{}", &rest[..rest.len().min(500)]);
    server.stop();
}
