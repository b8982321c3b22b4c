//! The page, and the headers that keep it to what we sent.

use crate::report::html::{ARTICLE_STYLE, BASE_STYLE, READER_SCRIPT};

pub(super) const PAGE: &str = include_str!("page/index.html");
const SCRIPT: &str = include_str!("page/app.js");
const STYLE: &str = include_str!("page/app.css");

/// Of every answer. The page runs our script and speaks to us, and nothing else.
pub(super) const HEADERS: [(&str, &str); 5] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cache-control", "no-store"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// The style of the page: that of the report, and its own.
pub(super) fn style() -> String {
    format!("{BASE_STYLE}{ARTICLE_STYLE}{STYLE}")
}

/// The script likewise.
pub(super) fn script() -> String {
    format!("{READER_SCRIPT}{SCRIPT}")
}
