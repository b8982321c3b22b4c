//! `POST /v1/sources`: who claims what.

use super::answer::{Refusal, json_answer};
use super::body::{self, Kind};
use super::label::{Wanted, all};
use super::routes::App;
use crate::label::{LabelledSentence, SourceKind, TextSpan};
use crate::report::who::Who;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// A source with its claims.
#[derive(Serialize)]
struct Source {
    id: String,
    name: String,
    kind: Option<SourceKind>,
    claims: Vec<Claim>,
}

/// One claim: the sentence, and what in it is claimed.
#[derive(Serialize)]
struct Claim {
    article: String,
    sentence: usize,
    label: String,
    cue: Option<TextSpan>,
    content: Option<TextSpan>,
}

/// Lists the sources of rows (`{"rows": [...]}` or JSON lines), or of articles, which are
/// labelled first. The source with most claims comes first.
pub(super) async fn sources(State(app): State<Arc<App>>, request: Request) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let kind = body::kind(&parts.headers)?;
    let (bytes, _room) = app.take(&parts.headers, body).await?;
    let hint = "give rows as /v1/label answers them";
    let rows: Vec<LabelledSentence> = if kind == Kind::Lines {
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
        let row = |(at, line)| {
            serde_json::from_slice(line).map_err(|error| Refusal::bad(format!("line {}: {error}", at + 1), hint))
        };
        lines.enumerate().map(row).collect::<Result<_, _>>()?
    } else {
        let mut value = body::json(&bytes)?;
        match value.get_mut("rows").map(Value::take) {
            Some(rows) => serde_json::from_value(rows).map_err(|error| Refusal::bad(format!("rows: {error}"), hint))?,
            None => app.in_time(labelled(&app, value)).await?,
        }
    };
    Ok(json_answer(StatusCode::OK, &json!({"sources": collect(rows)})))
}

async fn labelled(app: &Arc<App>, value: Value) -> Result<Vec<LabelledSentence>, Refusal> {
    let articles = match Wanted::of(value)? {
        Wanted::One(article) => vec![Ok(article)],
        Wanted::Many(articles) => articles,
    };
    let mut rows = Vec::new();
    for article in all(app, articles).await? {
        rows.extend(article?.sentences);
    }
    Ok(rows)
}

fn collect(rows: Vec<LabelledSentence>) -> Vec<Source> {
    let mut all: IndexMap<String, Source> = IndexMap::new();
    for row in rows {
        for said in row.attributions {
            let Some(who) = Who::of(&said) else { continue };
            let claim = Claim {
                article: row.article.clone(),
                sentence: row.sentence,
                label: row.label.clone(),
                cue: said.cue,
                content: said.content,
            };
            let source = Source { id: who.key.clone(), name: who.name, kind: who.kind, claims: Vec::new() };
            all.entry(who.key).or_insert(source).claims.push(claim);
        }
    }
    let mut all: Vec<Source> = all.into_values().collect();
    all.sort_by_key(|source| std::cmp::Reverse(source.claims.len()));
    all
}
