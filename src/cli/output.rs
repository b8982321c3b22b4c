//! Where the rows go: standard output, or a file that is named at the end.

use super::args::OutputFormat;
use super::settings::LabelSettings;
use super::stop::Stop;
use crate::article::Article;
use crate::label::LabelledArticle;
use crate::write::{
    DoccanoSink, HtmlSink, JsonlSink, LabelStudioSink, PartialFile, ProdigySink, Sink, TableSink, ViewSink, WriteError,
};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The output of a labelling run.
pub(super) struct Output {
    sink: Box<dyn Sink>,
    file: Option<PartialFile>,
    /// The page beside the rows.
    html: Option<(HtmlSink<File>, PartialFile)>,
}

impl Output {
    /// Opens the output; refuses to write over one of `inputs`.
    pub(super) fn open<'a>(settings: &LabelSettings, inputs: impl IntoIterator<Item = &'a Path>) -> Result<Self, Stop> {
        let inputs: Vec<&Path> = inputs.into_iter().collect();
        let file = match &settings.output {
            None => None,
            Some(target) => Some(PartialFile::create(target, inputs.iter().copied()).map_err(|e| refused(&e))?),
        };
        let html = match &settings.html {
            None => None,
            Some(target) => {
                let others = inputs.iter().copied().chain(file.as_ref().map(PartialFile::path));
                let file = PartialFile::create(target, others.chain(settings.output.as_deref()));
                let file = file.map_err(|e| refused(&e))?;
                Some((HtmlSink::new(file.writer().map_err(|e| refused(&e))?), file))
            }
        };
        let out: Box<dyn Write> = match &file {
            None => Box::new(io::stdout()),
            Some(file) => Box::new(file.writer().map_err(|e| refused(&e))?),
        };
        let sink: Box<dyn Sink> = match settings.format {
            OutputFormat::Jsonl => Box::new(JsonlSink::new(out)),
            OutputFormat::Table => Box::new(TableSink::new(out, settings.style)),
            OutputFormat::LabelStudio => Box::new(LabelStudioSink::new(out)),
            OutputFormat::Doccano => Box::new(DoccanoSink::new(out)),
            OutputFormat::Prodigy => Box::new(ProdigySink::new(out)),
            OutputFormat::View => Box::new(ViewSink::new(out, settings.style)),
        };
        Ok(Self { sink, file, html })
    }

    /// The unfinished file.
    pub(super) fn partial(&self) -> Option<PathBuf> {
        self.file.as_ref().map(|file| file.path().to_owned())
    }

    /// Writes an article.
    pub(super) fn article(&mut self, source: &Article, article: &LabelledArticle) -> Result<(), Stop> {
        let done = self.sink.article(source, article);
        done.map_err(|error| self.broken(error))?;
        match &mut self.html {
            Some((sink, file)) => sink.article(source, article).map_err(|error| Stop::failed(&file.error(error))),
            None => Ok(()),
        }
    }

    /// Everything is written: the file gets its name.
    pub(super) fn commit(mut self) -> Result<(), Stop> {
        let done = self.sink.finish();
        done.map_err(|error| self.broken(error))?;
        if let Some((mut sink, file)) = self.html {
            sink.finish().map_err(|error| Stop::failed(&file.error(error)))?;
            file.commit().map_err(|error| Stop::failed(&error))?;
        }
        match self.file {
            Some(file) => file.commit().map_err(|error| Stop::failed(&error)),
            None => Ok(()),
        }
    }

    /// There is nothing to keep.
    pub(super) fn discard(self) -> Result<(), Stop> {
        if let Some((_, file)) = self.html {
            file.discard().map_err(|error| Stop::failed(&error))?;
        }
        match self.file {
            Some(file) => file.discard().map_err(|error| Stop::failed(&error)),
            None => Ok(()),
        }
    }

    fn broken(&self, error: io::Error) -> Stop {
        match &self.file {
            Some(file) if error.kind() != io::ErrorKind::BrokenPipe => Stop::failed(&file.error(error)),
            _ => Stop::stdout(&error),
        }
    }
}

/// An output that is refused before anything is done is bad usage.
pub(super) fn refused(error: &WriteError) -> Stop {
    match error {
        WriteError::OverInput { .. } | WriteError::Folder { .. } => {
            Stop::usage(error.to_string(), crate::error::Hint::hint(error).unwrap_or_default())
        }
        WriteError::Io { .. } => Stop::failed(error),
    }
}
