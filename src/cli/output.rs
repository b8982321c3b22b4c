//! Where the rows go: standard output, a file that is named at the end, or parts in a folder.

use super::destination::{Destination, Form};
use super::settings::LabelSettings;
use super::stop::Stop;
use super::summary::count;
use crate::article::Article;
use crate::corpus::{CorpusError, Parts, Place, Reject};
use crate::error::Hint;
use crate::label::LabelledArticle;
use crate::write::{
    DoccanoSink, HtmlSink, JsonlSink, LabelStudioSink, Lineage, Packed, Packing, PartialFile, ProdigySink, Rows, Sink,
    TableFormat, TableSink, ViewSink, WriteError,
};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The output of a labelling run. Files are made when it is opened, so that what is wrong
/// with them is told before the model is loaded; rows come after that.
pub(super) enum Output {
    /// Standard output or one file.
    One(Box<One>),
    /// A folder that is not opened yet.
    Folder,
    /// A folder.
    Parts(Box<Parts>),
}

/// Standard output or one file.
pub(super) struct One {
    file: Option<PartialFile>,
    rejects: Option<PartialFile>,
    rows: Option<(Box<dyn Sink + Send>, Packed)>,
    /// Whether the bytes of the file are those of the rows.
    plain: bool,
    /// Length of the file with whole rows.
    whole: u64,
    /// The page beside the rows.
    html: Option<(HtmlSink<File>, PartialFile)>,
}

impl Output {
    /// Opens the output; refuses to write over one of `inputs`.
    pub(super) fn open(settings: &LabelSettings, inputs: &[PathBuf]) -> Result<Self, Stop> {
        let file = |target: &Path| {
            PartialFile::create(target, inputs.iter().map(PathBuf::as_path)).map_err(|error| refused(&error))
        };
        let html = settings.html.as_deref().map(&file).transpose()?;
        let html = html.map(|file| file.writer().map(|out| (HtmlSink::new(out), file))).transpose();
        let html = html.map_err(|error| refused(&error))?;
        let rejects = settings.rejects.as_deref().map(file).transpose()?;
        let file = match &settings.output {
            Destination::Folder(_) => return Ok(Self::Folder),
            Destination::Stdout => None,
            Destination::File(target) => Some(file(target)?),
        };
        Ok(Self::One(Box::new(One { file, html, rejects, rows: None, plain: false, whole: 0 })))
    }

    /// Takes rows from now on; for a folder that is [`Parts::open`]'s work.
    pub(super) fn start(&mut self, settings: &LabelSettings, lineage: Option<&Lineage>) -> Result<(), Stop> {
        let Self::One(one) = self else { return Ok(()) };
        let out: Box<dyn Write + Send> = match &one.file {
            None => Box::new(io::stdout()),
            Some(file) => Box::new(file.writer().map_err(|error| refused(&error))?),
        };
        one.plain = match settings.form {
            Form::Table(TableFormat { rows, packing }) => packing == Packing::Plain && rows != Rows::Parquet,
            Form::Doccano(packing) | Form::Prodigy(packing) => packing == Packing::Plain,
            Form::LabelStudio(_) | Form::Terminal | Form::View => false,
        };
        let made = match (settings.form, lineage) {
            (Form::Table(format), Some(lineage)) => format.sink(settings.per, lineage, out),
            (form, _) => sink(form, settings, out),
        };
        one.rows = Some(made.map_err(|error| one.broken(error))?);
        Ok(())
    }

    /// Writes an article.
    pub(super) fn article(&mut self, place: Place, source: &Article, article: &LabelledArticle) -> Result<(), Stop> {
        match self {
            Self::One(one) => one.article(source, article),
            Self::Parts(parts) => stop(parts.article(place, source, article)),
            Self::Folder => Ok(()),
        }
    }

    /// Writes what could not be labelled.
    pub(super) fn reject(&mut self, place: Place, reject: Reject) -> Result<(), Stop> {
        match self {
            Self::Parts(parts) => stop(parts.reject(place, reject)),
            Self::One(one) => match &mut one.rejects {
                Some(file) => {
                    let done = file.write_all(&reject.to_line());
                    done.map_err(|error| Stop::failed(&file.error(error)))
                }
                None => Ok(()),
            },
            Self::Folder => Ok(()),
        }
    }

    /// Everything is written: the files get their names.
    pub(super) fn commit(&mut self) -> Result<(), Stop> {
        match self {
            Self::Parts(parts) => stop(parts.end()),
            Self::One(one) => one.commit(),
            Self::Folder => Ok(()),
        }
    }

    /// There is nothing to keep.
    pub(super) fn discard(&mut self) -> Result<(), Stop> {
        match self {
            Self::One(one) => [one.file.take(), one.rejects.take(), one.html.take().map(|(_, file)| file)]
                .into_iter()
                .flatten()
                .try_for_each(|file| file.discard().map_err(|error| Stop::failed(&error))),
            Self::Parts(parts) => {
                parts.abandon();
                Ok(())
            }
            Self::Folder => Ok(()),
        }
    }

    /// The run ends here, with the rows of so many articles; says what is kept, and where.
    pub(super) fn interrupted(&mut self, articles: &str) -> String {
        match self {
            Self::Folder => "nothing had been written".into(),
            Self::Parts(parts) => {
                parts.abandon();
                kept(parts)
            }
            Self::One(one) => {
                // What is held back makes the file whole; if that fails, the rows that are in it
                // are still there.
                let done = one.rows.as_mut().map(|(sink, packed)| sink.finish().and_then(|()| packed.finish()));
                let whole = done.is_none_or(|done| done.is_ok());
                match &one.file {
                    Some(file) if whole => {
                        format!("the rows of {articles} are kept in {}", file.path().display())
                    }
                    Some(file) => format!("{} could not be ended", file.path().display()),
                    None => format!("{articles} written to standard output"),
                }
            }
        }
    }
}

/// What a folder holds when a run has stopped.
pub(super) fn kept(parts: &Parts) -> String {
    let done = parts.manifest();
    let number = count(done.parts.len() as u64, "part");
    let articles = count(done.counts().articles, "article");
    format!("{number} with {articles} are kept in {}; the same command goes on from there", parts.dir().display())
}

impl One {
    fn article(&mut self, source: &Article, article: &LabelledArticle) -> Result<(), Stop> {
        let Some((sink, packed)) = &mut self.rows else { return Ok(()) };
        match sink.article(source, article) {
            Ok(()) => {
                self.whole = packed.bytes();
                match &mut self.html {
                    Some((page, file)) => page.article(source, article).map_err(|e| Stop::failed(&file.error(e))),
                    None => Ok(()),
                }
            }
            Err(error) => {
                // Half a row is no row.
                if let (true, Some(file)) = (self.plain, &self.file) {
                    let _ = file.cut(self.whole);
                }
                Err(self.broken(error))
            }
        }
    }

    fn commit(&mut self) -> Result<(), Stop> {
        if let Some((mut sink, packed)) = self.rows.take() {
            let done = sink.finish().and_then(|()| packed.finish());
            done.map_err(|error| self.broken(error))?;
        }
        let page = match self.html.take() {
            Some((mut page, file)) => {
                page.finish().map_err(|error| Stop::failed(&file.error(error)))?;
                Some(file)
            }
            None => None,
        };
        for file in [self.file.take(), self.rejects.take(), page].into_iter().flatten() {
            file.commit().map_err(|error| Stop::failed(&error))?;
        }
        Ok(())
    }

    fn broken(&self, error: io::Error) -> Stop {
        match &self.file {
            Some(file) if error.kind() != io::ErrorKind::BrokenPipe => Stop::failed(&file.error(error)),
            _ => Stop::stdout(&error),
        }
    }
}

/// The forms that are not tables of rows.
fn sink(
    form: Form,
    settings: &LabelSettings,
    out: Box<dyn Write + Send>,
) -> io::Result<(Box<dyn Sink + Send>, Packed)> {
    let packing = match form {
        Form::Table(format) => format.packing,
        Form::LabelStudio(packing) | Form::Doccano(packing) | Form::Prodigy(packing) => packing,
        Form::Terminal | Form::View => Packing::Plain,
    };
    let packed = Packed::new(packing, out)?;
    let out = packed.clone();
    let sink: Box<dyn Sink + Send> = match form {
        Form::Terminal => Box::new(TableSink::new(out, settings.style)),
        Form::View => Box::new(ViewSink::new(out, settings.style)),
        Form::LabelStudio(_) => Box::new(LabelStudioSink::new(out)),
        Form::Doccano(_) => Box::new(DoccanoSink::new(out)),
        Form::Prodigy(_) => Box::new(ProdigySink::new(out)),
        // JSON lines need no lineage.
        Form::Table(_) => Box::new(JsonlSink::per(settings.per, out)),
    };
    Ok((sink, packed))
}

fn stop(done: Result<(), CorpusError>) -> Result<(), Stop> {
    done.map_err(|error| folder_failed(&error))
}

/// A folder that cannot be used is bad usage; one that cannot be written is a failure.
pub(super) fn folder_failed(error: &CorpusError) -> Stop {
    match error {
        CorpusError::Io { .. } => Stop::failed(error),
        _ => Stop::bad(error),
    }
}

/// An output that is refused before anything is done is bad usage.
pub(super) fn refused(error: &WriteError) -> Stop {
    match error {
        WriteError::OverInput { .. } | WriteError::Folder { .. } => {
            Stop::usage(error.to_string(), Hint::hint(error).unwrap_or_default())
        }
        WriteError::Io { .. } => Stop::failed(error),
    }
}
