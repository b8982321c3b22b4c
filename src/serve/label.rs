//! `POST /v1/label`.

use super::answer::{Refusal, json_answer};
use super::body::{self, Kind};
use super::routes::App;
use super::stream;
use crate::article::Article;
use crate::label::{LabelledArticle, LabelledSentence};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::task::JoinSet;

/// Labels what the body holds: a text, an article, several, or a stream of them.
pub(super) async fn label(State(app): State<Arc<App>>, request: Request) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    match body::kind(&parts.headers)? {
        Kind::Lines => Ok(stream::answer(app, body)),
        Kind::Json => {
            let (bytes, _room) = app.take(&parts.headers, body).await?;
            let request = Wanted::of(body::json(&bytes)?)?;
            drop(bytes);
            app.in_time(answer(&app, request)).await
        }
        Kind::Text => {
            let (bytes, _room) = app.take(&parts.headers, body).await?;
            let text = String::from_utf8(bytes);
            let text = text.map_err(|_| Refusal::bad("the text is not UTF-8", "convert it to UTF-8"))?;
            let article = body::article(&json!({"text": text}), 1)?;
            app.in_time(answer(&app, Wanted::One(article))).await
        }
    }
}

/// What a JSON body asks for.
pub(super) enum Wanted {
    One(Article),
    Many(Vec<Result<Article, Refusal>>),
}

impl Wanted {
    /// `{"articles": [...]}`, `{"article": {...}}`, or an article itself.
    pub(super) fn of(mut value: Value) -> Result<Self, Refusal> {
        match (value.get_mut("articles").map(Value::take), value.get_mut("article").map(Value::take)) {
            (Some(Value::Array(all)), _) => {
                Ok(Self::Many(all.iter().enumerate().map(|(at, one)| body::article(one, at + 1)).collect()))
            }
            (Some(_), _) => Err(Refusal::bad("\"articles\" is no list", "send {\"articles\": [{\"text\": \"...\"}]}")),
            (None, Some(article)) => body::article(&article, 1).map(Self::One),
            (None, None) => body::article(&value, 1).map(Self::One),
        }
    }
}

async fn answer(app: &Arc<App>, wanted: Wanted) -> Result<Response, Refusal> {
    match wanted {
        Wanted::One(article) => {
            let room = app.batcher.admit(article.text.len())?;
            let labelled = app.batcher.label(article, room).await?;
            Ok(json_answer(StatusCode::OK, &One::of(&labelled)))
        }
        Wanted::Many(articles) => {
            let each = all(app, articles).await?;
            let articles = each.iter().map(|one| match one {
                Ok(labelled) => Each::Labelled(One::of(labelled)),
                Err(refusal) => Each::Refused(refusal.value()),
            });
            Ok(json_answer(StatusCode::OK, &Several { articles: articles.collect() }))
        }
    }
}

/// Labels articles together; one that is bad does not stop the others.
pub(super) async fn all(
    app: &Arc<App>,
    articles: Vec<Result<Article, Refusal>>,
) -> Result<Vec<Result<LabelledArticle, Refusal>>, Refusal> {
    let room = app.batcher.admit(articles.iter().flatten().map(|article| article.text.len()).sum())?;
    let mut done: Vec<Option<Result<LabelledArticle, Refusal>>> = Vec::new();
    let mut tasks = JoinSet::new();
    for (at, article) in articles.into_iter().enumerate() {
        done.push(None);
        match article {
            Ok(article) => {
                let (app, room) = (app.clone(), room.clone());
                tasks.spawn(async move { (at, app.batcher.label(article, room).await) });
            }
            Err(refusal) => done[at] = Some(Err(refusal)),
        }
    }
    while let Some(task) = tasks.join_next().await {
        if let Ok((at, result)) = task {
            done[at] = Some(result);
        }
    }
    let stopped = || Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "the computation stopped", "");
    Ok(done.into_iter().map(|one| one.unwrap_or_else(|| Err(stopped()))).collect())
}

/// An article as it stands in an answer. It is written from here and by no way of a `Value`,
/// which would give its numbers more digits than the rows of `veracity label` have.
#[derive(Serialize)]
struct One<'a> {
    id: &'a str,
    title: Option<&'a str>,
    outlet: Option<&'a str>,
    date: Option<&'a str>,
    sentences: &'a [LabelledSentence],
}

impl<'a> One<'a> {
    fn of(article: &'a LabelledArticle) -> Self {
        Self {
            id: &article.id,
            title: article.title.as_deref(),
            outlet: article.source.as_deref(),
            date: article.date.as_deref(),
            sentences: &article.sentences,
        }
    }
}

#[derive(Serialize)]
struct Several<'a> {
    articles: Vec<Each<'a>>,
}

/// An article, or what is wrong with it.
#[derive(Serialize)]
#[serde(untagged)]
enum Each<'a> {
    Labelled(One<'a>),
    Refused(Value),
}
