//! Ctrl-C: whole articles only, then exit; a second one exits at once.

use super::message;
use super::progress::Progress;
use super::stop::INTERRUPTED;
use super::summary::count;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What is written so far. Whoever writes holds the lock, so that an interrupt
/// comes between two articles; whoever has ended the output keeps it.
#[derive(Clone)]
pub(super) struct Gate(Arc<Mutex<Written>>);

/// Under the lock.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// Articles that are written.
    pub(super) articles: usize,
    /// The unfinished output file.
    pub(super) partial: Option<PathBuf>,
}

impl Gate {
    /// Nothing is written yet.
    pub(super) fn new(partial: Option<PathBuf>) -> Self {
        Self(Arc::new(Mutex::new(Written { articles: 0, partial })))
    }

    /// Keeps an interrupt waiting while the guard lives.
    pub(super) fn hold(&self) -> MutexGuard<'_, Written> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes care of Ctrl-C from now on.
    ///
    /// The process ends from a thread of its own: the main thread may be waiting for
    /// input, or computing for seconds.
    pub(super) fn watch(&self, progress: &Progress) -> Result<(), ctrlc::Error> {
        let (gate, progress) = (self.clone(), progress.clone());
        let again = AtomicBool::new(false);
        ctrlc::set_handler(move || {
            if again.swap(true, Ordering::SeqCst) {
                std::process::exit(INTERRUPTED.into());
            }
            let (gate, progress) = (gate.clone(), progress.clone());
            std::thread::spawn(move || gate.end(&progress));
        })
    }

    fn end(&self, progress: &Progress) -> ! {
        let written = self.hold();
        progress.clear();
        let articles = count(written.articles, "article");
        let hint = match &written.partial {
            Some(path) => format!("the rows of {articles} are kept in {}", path.display()),
            None => format!("{articles} written to standard output"),
        };
        message::error(&"interrupted", Some(&hint));
        std::process::exit(INTERRUPTED.into());
    }
}
