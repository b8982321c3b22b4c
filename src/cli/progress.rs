//! Progress on standard error, when that is a terminal.

use super::summary::count;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// A line that shows how far the run is; nothing when it is not wanted.
#[derive(Clone)]
pub(super) struct Progress {
    bar: ProgressBar,
    start: Instant,
}

impl Progress {
    /// Starts the clock, and the line unless `quiet` or there is no terminal.
    pub(super) fn start(quiet: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if !quiet && std::io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
                bar.set_style(style);
            }
            bar.set_message("loading the model");
            bar.enable_steady_tick(Duration::from_millis(120));
        }
        Self { bar, start: Instant::now() }
    }

    /// Counts from here: the model is loaded.
    pub(super) fn restart(&mut self) {
        self.start = Instant::now();
        self.bar.set_message("reading");
    }

    /// Shows the counts.
    pub(super) fn show(&self, articles: usize, sentences: usize, errors: usize) {
        if self.bar.is_hidden() {
            return;
        }
        let rate = sentences as f64 / self.seconds().max(0.001);
        let mut text = format!("{}  {}  {rate:.0}/s", count(articles, "article"), count(sentences, "sentence"));
        if errors > 0 {
            text.push_str(&format!("  {}", count(errors, "error")));
        }
        self.bar.set_message(text);
    }

    /// Seconds since the model was loaded.
    pub(super) fn seconds(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }

    /// Runs `print` with the line out of the way.
    pub(super) fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }

    /// Takes the line away for good.
    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
