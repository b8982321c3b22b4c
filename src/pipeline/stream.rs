//! Labelled articles as an iterator.

use super::Labeler;
use super::stages::{self, Busy, Event, Started};
use crate::article::Article;
use crate::error::{EngineError, LabelError};
use crate::label::LabelledArticle;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::thread::JoinHandle;

/// An article and what veracity says of it.
pub type Labelled = (Article, Result<LabelledArticle, LabelError>);

/// The results of [`Labeler::stream`], in the order of the articles.
///
/// Reading, tokenising and inference run on threads of their own, a few chunks of at most 64
/// articles ahead of whoever iterates. Dropped early, the stream takes no more than a few
/// further articles from its source.
pub struct LabelStream {
    started: Option<Started<(), Infallible>>,
    ready: VecDeque<Labelled>,
}

impl Labeler {
    /// Labels articles as they come. An article that fails does not stop the others.
    ///
    /// A panic of `articles` goes on in whoever iterates.
    pub fn stream<I>(self: &Arc<Self>, articles: I) -> LabelStream
    where
        I: IntoIterator<Item = Article>,
        I::IntoIter: Send + 'static,
    {
        let items = articles.into_iter().map(|article| ((), Ok::<_, Infallible>(article)));
        let started = stages::start(items, self.clone(), Arc::new(Busy::default()));
        LabelStream { started: Some(started), ready: VecDeque::new() }
    }
}

impl Iterator for LabelStream {
    type Item = Labelled;

    fn next(&mut self) -> Option<Labelled> {
        loop {
            if let Some(ready) = self.ready.pop_front() {
                return Some(ready);
            }
            match self.started.as_ref()?.events.recv() {
                Ok(Event::Labelled(articles, labelled)) => {
                    self.ready.extend(articles.into_iter().map(|((), article)| article).zip(labelled));
                }
                Ok(Event::Rejected((), never)) => match never {},
                Err(_) => return self.end(),
            }
        }
    }
}

impl LabelStream {
    fn end(&mut self) -> Option<Labelled> {
        let [reader, preparer, computer] = self.started.take()?.threads;
        if let Err(panic) = reader.join() {
            std::panic::resume_unwind(panic);
        }
        // Our own stages do not panic on input; if one did, the end must not look like a good one.
        let whole = [preparer, computer].into_iter().all(|thread: JoinHandle<()>| thread.join().is_ok());
        (!whole).then(|| {
            let reason = "a thread stopped in the middle".into();
            (Article::default(), Err(EngineError::Compute { engine: "threads", reason }.into()))
        })
    }
}
