//! Counters in Prometheus' text format (version 0.0.4).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Upper bounds of the histogram of times, in seconds.
const BOUNDS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// What has happened since the start.
#[derive(Default)]
pub(super) struct Metrics {
    /// Requests by path and status.
    requests: Mutex<BTreeMap<(&'static str, u16), u64>>,
    times: Times,
    articles: AtomicU64,
    sentences: AtomicU64,
    tokens: AtomicU64,
    batches: AtomicU64,
    compute_micros: AtomicU64,
}

#[derive(Default)]
struct Times {
    /// Requests up to each bound, and those above.
    counts: [AtomicU64; BOUNDS.len() + 1],
    micros: AtomicU64,
}

impl Metrics {
    pub(super) fn request(&self, path: &'static str, status: u16, seconds: f64) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        *requests.entry((path, status)).or_default() += 1;
        drop(requests);
        let place = BOUNDS.iter().position(|bound| seconds <= *bound).unwrap_or(BOUNDS.len());
        self.times.counts[place].fetch_add(1, Ordering::Relaxed);
        self.times.micros.fetch_add((seconds * 1e6) as u64, Ordering::Relaxed);
    }

    pub(super) fn labelled(&self, sentences: usize) {
        self.articles.fetch_add(1, Ordering::Relaxed);
        self.sentences.fetch_add(sentences as u64, Ordering::Relaxed);
    }

    pub(super) fn batch(&self, tokens: usize, seconds: f64) {
        self.batches.fetch_add(1, Ordering::Relaxed);
        self.tokens.fetch_add(tokens as u64, Ordering::Relaxed);
        self.compute_micros.fetch_add((seconds * 1e6) as u64, Ordering::Relaxed);
    }

    /// All of it; `waiting` bytes of text are in the queue.
    pub(super) fn text(&self, waiting: usize) -> String {
        let mut out = String::new();
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        out.push_str("# HELP veracity_requests_total Requests answered.\n# TYPE veracity_requests_total counter\n");
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for ((path, status), count) in &requests {
            let _ = writeln!(out, "veracity_requests_total{{path=\"{path}\",status=\"{status}\"}} {count}");
        }
        let name = "veracity_request_seconds";
        let _ = writeln!(out, "# HELP {name} Time until the answer began.\n# TYPE {name} histogram");
        let mut below = 0;
        for (place, count) in self.times.counts.iter().enumerate() {
            below += of(count);
            let bound = BOUNDS.get(place).map_or("+Inf".into(), f64::to_string);
            let _ = writeln!(out, "{name}_bucket{{le=\"{bound}\"}} {below}");
        }
        let _ = writeln!(out, "{name}_sum {}\n{name}_count {below}", of(&self.times.micros) as f64 / 1e6);
        let plain = [
            ("articles_total", "counter", "Articles labelled.", of(&self.articles) as f64),
            ("sentences_total", "counter", "Sentences labelled.", of(&self.sentences) as f64),
            ("tokens_total", "counter", "Tokens computed.", of(&self.tokens) as f64),
            ("batches_total", "counter", "Batches computed.", of(&self.batches) as f64),
            ("compute_seconds_total", "counter", "Time of computing.", of(&self.compute_micros) as f64 / 1e6),
            ("queue_bytes", "gauge", "Text that waits or is being computed.", waiting as f64),
        ];
        for (name, kind, help, value) in plain {
            let _ =
                writeln!(out, "# HELP veracity_{name} {help}\n# TYPE veracity_{name} {kind}\nveracity_{name} {value}");
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_add_up() {
        let metrics = Metrics::default();
        metrics.request("/v1/label", 200, 0.02);
        metrics.request("/v1/label", 200, 99.0);
        metrics.labelled(3);
        let text = metrics.text(7);
        for line in [
            "veracity_requests_total{path=\"/v1/label\",status=\"200\"} 2",
            "veracity_request_seconds_bucket{le=\"0.025\"} 1",
            "veracity_request_seconds_bucket{le=\"+Inf\"} 2",
            "veracity_sentences_total 3",
            "veracity_queue_bytes 7",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }
}
