//! Arguments, environment and terminal, resolved once into what a command needs.

use super::args::{Engine, LabelArgs, OutputFormat, Precision};
use super::model_dir;
use super::stop::Stop;
use crate::calibrate::Calibration;
use crate::engine::native;
use crate::pipeline::{EngineKind, Options};
use crate::read::{Field, FieldMap, Input, ReadOptions};
use crate::report::TableStyle;
use anstream::{AutoStream, ColorChoice};
use std::io::IsTerminal;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Names of standard output; behind the last two may be a file that must not be
/// replaced under whoever opened it.
const STDOUT: [&str; 3] = ["-", "/dev/stdout", "/dev/fd/1"];

/// All that `veracity label` needs to know.
#[derive(Debug)]
pub(super) struct LabelSettings {
    /// What to read.
    pub(super) inputs: Vec<Input>,
    /// Where to write; `None` is standard output.
    pub(super) output: Option<PathBuf>,
    /// Where to write a page for the browser, if anywhere.
    pub(super) html: Option<PathBuf>,
    /// Form of the output.
    pub(super) format: OutputFormat,
    /// Width and colour of tables.
    pub(super) style: TableStyle,
    /// How to compute.
    pub(super) options: Options,
    /// The model's folder.
    pub(super) model: PathBuf,
    /// How to read.
    pub(super) read: ReadOptions,
    /// Sentences below it are labelled `uncertain`.
    pub(super) min_confidence: f32,
    /// Neither progress nor summary.
    pub(super) quiet: bool,
}

impl LabelSettings {
    /// Resolves the arguments.
    pub(super) fn resolve(args: LabelArgs) -> Result<Self, Stop> {
        let inputs: Vec<Input> = args.inputs.iter().map(|path| path.as_path().into()).collect();
        if inputs.iter().filter(|input| **input == Input::Stdin).count() > 1 {
            return Err(Stop::usage("standard input is named twice", "give - only once; it can be read only once"));
        }
        let output = args.output.filter(|path| STDOUT.iter().all(|name| path.as_os_str() != *name));
        let options = Options {
            precision: precision(args.precision),
            isa: isa(args.isa.as_deref())?,
            ..Options::new(engine(args.engine)?, threads(args.threads))
        };
        let stdout = std::io::stdout();
        let terminal = output.is_none() && stdout.is_terminal();
        let format = match args.format {
            Some(format) => format,
            None if args.view => OutputFormat::View,
            None if terminal => OutputFormat::Table,
            None => OutputFormat::Jsonl,
        };
        let style = TableStyle {
            width: if terminal { terminal_width() } else { TableStyle::WIDTH },
            color: output.is_none() && AutoStream::choice(&stdout) != ColorChoice::Never,
        };
        let mut fields = FieldMap::default();
        for (name, path) in args.fields {
            if let Some(field) = Field::from_name(&name) {
                fields.set(field, path);
            }
        }
        let model = model_dir::find(args.model.as_deref())?;
        let min_confidence = match (args.min_confidence, args.target_risk) {
            (Some(least), _) => least as f32,
            (None, Some(risk)) => Calibration::min_confidence(&model, risk).map_err(|error| Stop::bad(&error))? as f32,
            (None, None) => 0.0,
        };
        Ok(Self {
            inputs,
            output,
            html: args.html,
            format,
            style,
            options,
            model,
            read: ReadOptions { fields, max_line: args.max_line },
            min_confidence,
            quiet: args.quiet,
        })
    }
}

/// The engine, if this build has it.
pub(super) fn engine(engine: Engine) -> Result<EngineKind, Stop> {
    match engine {
        Engine::Native => Ok(EngineKind::Native),
        Engine::Torch if cfg!(feature = "torch") => Ok(EngineKind::Torch),
        Engine::Torch => {
            Err(Stop::usage("this build has no engine torch", "use --engine native, or build with --features torch"))
        }
    }
}

/// The library's name of an arithmetic.
pub(super) const fn precision(precision: Precision) -> native::Precision {
    match precision {
        Precision::Auto => native::Precision::Auto,
        Precision::F32 => native::Precision::F32,
        Precision::Bf16 => native::Precision::Bf16,
        Precision::Int8 => native::Precision::Int8,
    }
}

/// The instruction set of a name, or the best.
pub(super) fn isa(name: Option<&str>) -> Result<native::Isa, Stop> {
    let Some(name) = name else { return Ok(native::Isa::best()) };
    name.parse().map_err(|error: String| Stop::usage(&error, "leave --isa out to use the best"))
}

/// So many threads, or one for each core.
pub(super) fn threads(given: Option<NonZeroUsize>) -> usize {
    given.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from)
}

/// Columns of the terminal that standard output is.
fn terminal_width() -> u16 {
    comfy_table::Table::new().width().unwrap_or(TableStyle::WIDTH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_can_be_mapped() {
        let names: Vec<&str> = Field::ALL.iter().map(|field| field.name()).collect();
        assert_eq!(names, crate::cli::args::FIELDS);
    }
}
