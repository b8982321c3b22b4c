//! The description of the interface: `/openapi.json`, and `/api` to read.

use crate::report::html::escape;
use serde_json::Value;
use std::fmt::Write as _;

const OPENAPI: &str = include_str!("openapi.json");

/// The OpenAPI document with the version of the program.
pub(super) fn openapi() -> Value {
    let mut value: Value = serde_json::from_str(OPENAPI).unwrap_or_default();
    value["info"]["version"] = env!("CARGO_PKG_VERSION").into();
    value
}

/// The same for people.
pub(super) fn page() -> String {
    let api = openapi();
    let text = |value: &Value| escape(value.as_str().unwrap_or_default());
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{0}</title>\n\
         <link rel=\"stylesheet\" href=\"/app.css\">\n</head>\n<body>\n<main>\n<h1>{0}</h1>\n<p>{1}</p>\n\
         <p><a href=\"/\">The page</a> \u{b7} <a href=\"/openapi.json\">OpenAPI</a></p>\n",
        text(&api["info"]["title"]),
        text(&api["info"]["description"])
    );
    for (path, methods) in api["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let _ = writeln!(
                out,
                "<h2><code>{} {}</code></h2>\n<p>{}</p>",
                escape(&method.to_uppercase()),
                escape(path),
                text(&operation["summary"])
            );
            if let Some(example) = operation["x-example"].as_str() {
                let _ = writeln!(out, "<pre tabindex=\"0\"><code>{}</code></pre>", escape(example));
            }
            out.push_str("<ul>\n");
            for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
                let _ = writeln!(out, "<li><b>{}</b> {}</li>", escape(status), text(&answer["description"]));
            }
            out.push_str("</ul>\n");
        }
    }
    out + "</main>\n</body>\n</html>\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_is_sound_and_names_every_path() {
        let api = openapi();
        assert_eq!(api["info"]["version"], env!("CARGO_PKG_VERSION"));
        for path in ["/v1/label", "/v1/sources", "/v1/model", "/healthz", "/readyz", "/metrics"] {
            assert!(api["paths"][path].is_object(), "{path}");
            assert!(page().contains(&format!("{path}</code>")), "{path}");
        }
    }
}
