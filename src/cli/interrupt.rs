//! Ctrl-C: whole articles only, then exit; a second one exits at once.

use super::log::Log;
use super::output::Output;
use super::progress::Progress;
use super::stop::INTERRUPTED;
use super::summary::count;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What is written so far. Whoever writes holds the lock, so that an interrupt
/// comes between two articles; whoever has ended the output keeps it.
#[derive(Clone)]
pub(super) struct Gate(Arc<Mutex<Written>>);

/// Under the lock.
pub(super) struct Written {
    /// Articles that are written.
    pub(super) articles: u64,
    /// The output.
    pub(super) output: Output,
}

impl Gate {
    /// Nothing is written yet.
    pub(super) fn new(output: Output) -> Self {
        Self(Arc::new(Mutex::new(Written { articles: 0, output })))
    }

    /// Keeps an interrupt waiting while the guard lives.
    pub(super) fn hold(&self) -> MutexGuard<'_, Written> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes care of Ctrl-C from now on.
    ///
    /// The process ends from a thread of its own: the main thread may be waiting for
    /// input, or computing for seconds.
    pub(super) fn watch(&self, progress: &Progress, log: Log) -> Result<(), ctrlc::Error> {
        let (gate, progress) = (self.clone(), progress.clone());
        let again = AtomicBool::new(false);
        ctrlc::set_handler(move || {
            if again.swap(true, Ordering::SeqCst) {
                std::process::exit(INTERRUPTED.into());
            }
            let (gate, progress) = (gate.clone(), progress.clone());
            std::thread::spawn(move || gate.end(&progress, log));
        })
    }

    fn end(&self, progress: &Progress, log: Log) -> ! {
        let mut written = self.hold();
        progress.clear();
        let articles = count(written.articles, "article");
        let hint = written.output.interrupted(&articles);
        log.error(&"interrupted", Some(&hint));
        std::process::exit(INTERRUPTED.into());
    }
}
