//! `veracity serve`: the server, its log on standard error.

use super::args::ServeArgs;
use super::stop::{FAILED, OK, Outcome, Stop};
use super::{message, model_dir, settings};
use crate::model::Model;
use crate::pipeline::{Labeler, Options};
use crate::serve::{Limits, Log, Request, Server, Settings};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Serves until a signal comes.
pub(super) fn run(args: ServeArgs) -> Outcome {
    let token = args.token_file.as_deref().map(token).transpose()?;
    let dir = model_dir::find(args.model.as_deref())?;
    let options = Options {
        precision: settings::precision(args.precision),
        isa: settings::isa(args.isa.as_deref())?,
        ..Options::new(settings::engine(args.engine)?, settings::threads(args.threads))
    };
    let labeler = Labeler::with(&dir, &options).map_err(|error| Stop::bad(&error))?;
    let model = about(&dir, &labeler)?;
    let limits = Limits {
        body: args.max_body,
        sentences: args.max_sentences,
        time: Duration::from_secs(args.timeout),
        queue: args.queue.max(args.max_body),
        ..Limits::default()
    };
    let address = SocketAddr::new(args.host, args.port);
    let open = !args.host.is_loopback() && token.is_none();
    let log: Log = if args.quiet { Arc::new(|_: &Request| ()) } else { Arc::new(write) };
    let failed = |error: std::io::Error| {
        let hint = "choose another --port or --host; 0 takes any port that is free";
        Stop::Error { code: FAILED, what: format!("{address}: {error}"), hint: Some(hint.into()) }
    };
    let server = Server::bind(Arc::new(labeler), Settings { address, token, limits, model, log }).map_err(failed)?;
    message::note(&format!("listening on http://{}", server.address().map_err(failed)?));
    if open {
        message::note(&"note: whoever reaches this address can use it; --token-file asks for a token");
    }
    server.run().map_err(failed)?;
    Ok(OK)
}

/// The token in a file: its first line.
fn token(path: &Path) -> Result<String, Stop> {
    let text = std::fs::read_to_string(path);
    let text = text.map_err(|error| Stop::usage(format!("{}: {error}", path.display()), "check --token-file"))?;
    let token = text.lines().next().unwrap_or_default().trim().to_owned();
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        let what = format!("{}: no token in the first line", path.display());
        return Err(Stop::usage(what, "write one of ASCII letters and digits, such as: openssl rand -hex 32"));
    }
    Ok(token)
}

/// What `/v1/model` answers.
fn about(dir: &Path, labeler: &Labeler) -> Result<Value, Stop> {
    let model = Model::open(dir).map_err(|error| Stop::bad(&error))?;
    let name = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    Ok(json!({
        "name": name.file_name().unwrap_or_default().to_string_lossy(),
        "blake3": model.hash(),
        "labels": labeler.labels(),
        "window": model.config.window(),
        "spans": model.config.veracity.as_ref().is_some_and(|heads| !heads.roles.is_empty()),
        "engine": labeler.engine().name(),
        "precision": labeler.engine().precision(),
        "version": env!("CARGO_PKG_VERSION"),
    }))
}

fn write(request: &Request) {
    if let Ok(line) = serde_json::to_string(request) {
        message::note(&line);
    }
}
