//! Progress on standard error: a bar on a terminal, else a line now and then.

use super::log::Log;
use super::summary::count;
use crate::read::Counter;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};
use std::io::IsTerminal;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Time between two lines where there is no terminal.
const EVERY: Duration = Duration::from_secs(10);

/// Shows how far the run is; nothing when it is not wanted.
#[derive(Clone)]
pub(super) struct Progress {
    bar: ProgressBar,
    state: Arc<Mutex<State>>,
    log: Log,
    lines: bool,
    /// Dropped, it ends the lines.
    ticker: Arc<Mutex<Option<Sender<()>>>>,
}

/// How far the run is.
#[derive(Debug)]
pub(super) struct State {
    start: Instant,
    /// Articles, sentences and errors since the start; what an earlier run did is not in it.
    articles: u64,
    sentences: u64,
    errors: u64,
    /// Bytes of input, where they are known.
    total: Option<u64>,
    counter: Counter,
    /// Bytes that were only read to get to where an earlier run stopped.
    skipped: Option<u64>,
}

impl Progress {
    /// Starts the clock, and the bar unless `quiet` or there is no terminal.
    pub(super) fn start(quiet: bool, log: Log) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let terminal = std::io::stderr().is_terminal() && log == Log::Text;
        if !quiet && terminal {
            bar.set_draw_target(ProgressDrawTarget::stderr());
            style(&bar, "{spinner} {msg}");
            bar.set_message("loading the model");
            bar.enable_steady_tick(Duration::from_millis(120));
        }
        Self { bar, state: Arc::default(), log, lines: !quiet && !terminal, ticker: Arc::default() }
    }

    /// Says what is done before labelling begins.
    pub(super) fn say(&self, what: &'static str) {
        self.bar.set_message(what);
    }

    /// Counts from here: the model is loaded. `total` is the size of the input.
    pub(super) fn restart(&self, total: Option<u64>, counter: Counter) {
        *self.state() = State { total, counter, ..State::default() };
        self.bar.set_message("reading");
        if let Some(total) = total {
            self.bar.set_length(total);
            style(&self.bar, "{bar:24} {percent:>3} %  {msg}");
        }
        if self.lines {
            self.tick();
        }
    }

    fn tick(&self) {
        let (sender, ended) = channel();
        *self.ticker.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
        let (state, log) = (self.state.clone(), self.log);
        std::thread::spawn(move || {
            while ended.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                let state = state.lock().unwrap_or_else(PoisonError::into_inner);
                log.note("progress", &state.text(true), state.json());
            }
        });
    }

    /// Shows the counts.
    pub(super) fn show(&self, articles: u64, sentences: u64, errors: u64) {
        let mut state = self.state();
        (state.articles, state.sentences, state.errors) = (articles, sentences, errors);
        let bytes = state.counter.bytes();
        state.skipped.get_or_insert(bytes);
        if !self.bar.is_hidden() {
            self.bar.set_position(bytes);
            self.bar.set_message(state.text(false));
        }
    }

    /// Seconds since the model was loaded.
    pub(super) fn seconds(&self) -> f64 {
        self.state().start.elapsed().as_secs_f64()
    }

    /// Runs `print` with the bar out of the way.
    pub(super) fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }

    /// Takes the bar away for good.
    pub(super) fn clear(&self) {
        drop(self.ticker.lock().unwrap_or_else(PoisonError::into_inner).take());
        self.bar.finish_and_clear();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn style(bar: &ProgressBar, template: &str) {
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
}

impl Default for State {
    fn default() -> Self {
        let (counter, start) = (Counter::default(), Instant::now());
        Self { start, articles: 0, sentences: 0, errors: 0, total: None, counter, skipped: None }
    }
}

impl State {
    fn seconds(&self) -> f64 {
        self.start.elapsed().as_secs_f64().max(0.001)
    }

    fn text(&self, percent: bool) -> String {
        let (articles, sentences) = (count(self.articles, "article"), count(self.sentences, "sentence"));
        let rate = |number: u64| number as f64 / self.seconds();
        let mut text =
            format!("{articles} ({:.0}/s)  {sentences} ({:.0}/s)", rate(self.articles), rate(self.sentences));
        if self.errors > 0 {
            text.push_str(&format!("  {}", count(self.errors, "error")));
        }
        if let (true, Some(share)) = (percent, self.share()) {
            text.push_str(&format!("  {:.0} %", share * 100.0));
        }
        if let Some(left) = self.left() {
            text.push_str(&format!("  {} left", duration(left)));
        }
        text
    }

    fn json(&self) -> Value {
        let tenth = |number: f64| (number * 10.0).round() / 10.0;
        json!({
            "articles": self.articles, "sentences": self.sentences, "errors": self.errors,
            "seconds": tenth(self.seconds()),
            "articles_per_second": tenth(self.articles as f64 / self.seconds()),
            "sentences_per_second": tenth(self.sentences as f64 / self.seconds()),
            "bytes": self.counter.bytes(), "total_bytes": self.total,
            "seconds_left": self.left().map(f64::round),
        })
    }

    fn share(&self) -> Option<f64> {
        let total = self.total.filter(|total| *total > 0)?;
        Some((self.counter.bytes() as f64 / total as f64).min(1.0))
    }

    /// Seconds that the rest will take, at the speed so far.
    fn left(&self) -> Option<f64> {
        let bytes = self.counter.bytes();
        let done = bytes.saturating_sub(self.skipped?);
        let rest = self.total?.saturating_sub(bytes);
        (done > 0).then(|| self.seconds() * rest as f64 / done as f64)
    }
}

fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 90.0 => format!("{s:.0} s"),
        s if s < 90.0 * 60.0 => format!("{:.0} min", s / 60.0),
        s => format!("{:.1} h", s / 3600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_far_and_how_long() {
        let mut state = State { total: Some(400), skipped: Some(50), ..State::default() };
        state.start -= Duration::from_secs(10);
        state.counter.add(150);
        (state.articles, state.sentences, state.errors) = (20, 100, 1);
        let text = state.text(true);
        assert!(text.starts_with("20 articles (2/s)  100 sentences (10/s)  1 error  38 %  25 s left"), "{text}");
        let json = state.json();
        assert_eq!((json["bytes"].as_u64(), json["total_bytes"].as_u64()), (Some(150), Some(400)));
        assert_eq!(json["seconds_left"], 25.0);
        state.total = None;
        assert!(!state.text(true).contains('%') && !state.text(true).contains("left"));
    }

    #[test]
    fn durations() {
        assert_eq!(duration(60.0), "60 s");
        assert_eq!(duration(600.0), "10 min");
        assert_eq!(duration(7200.0), "2.0 h");
    }
}
