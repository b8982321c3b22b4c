//! Arguments, environment and terminal, resolved once into what a command needs.

use super::args::output_args::PerArg;
use super::args::{Engine, InputFormat, LabelArgs, OutputArgs, OutputFormat, Precision, ReadArgs};
use super::destination::{Destination, Form};
use super::model_dir;
use super::stop::Stop;
use crate::attribute::Aliases;
use crate::calibrate::Calibration;
use crate::corpus::Shard;
use crate::engine::native;
use crate::pipeline::{EngineKind, Options};
use crate::read::{Field, FieldMap, Format, Input, ReadOptions};
use crate::report::TableStyle;
use crate::write::Per;
use anstream::{AutoStream, ColorChoice};
use std::io::IsTerminal;
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;

/// Items of a part when nothing else is said: half a minute of work, about.
const PART_SIZE: u64 = 2000;

/// All that `veracity label` needs to know.
#[derive(Debug)]
pub(super) struct LabelSettings {
    /// What to read.
    pub(super) inputs: Vec<Input>,
    /// Where to write.
    pub(super) output: Destination,
    /// Where to write a page for the browser, if anywhere.
    pub(super) html: Option<PathBuf>,
    /// Form of the output.
    pub(super) form: Form,
    /// What a row stands for.
    pub(super) per: Per,
    /// Items of a part.
    pub(super) part_size: u64,
    /// Which share of the articles.
    pub(super) shard: Shard,
    /// Where rejects go, beside the messages.
    pub(super) rejects: Option<PathBuf>,
    /// More rejects than this end the run.
    pub(super) max_errors: Option<u64>,
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
    /// Names that are of one source.
    pub(super) aliases: Aliases,
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
        let output = Destination::of(args.output);
        let OutputArgs { per, part_size, shard, rejects, strict, max_errors, log_json: _ } = args.out;
        let folder = matches!(output, Destination::Folder(_));
        if folder && inputs.contains(&Input::Stdin) {
            let hint = "save it to a file first, or name an output file: a run in parts reads its input again to go on";
            return Err(Stop::usage("standard input cannot be labelled in parts", hint));
        }
        if folder && rejects.is_some() {
            return Err(Stop::usage("--rejects is for an output file", "of -o DIR/ they are in DIR/rejects.jsonl"));
        }
        if folder && args.html.is_some() {
            let hint = "name an output file, or make the page from the parts: veracity report";
            return Err(Stop::usage("--html is for an output file", hint));
        }
        if !folder && part_size.is_some() {
            return Err(Stop::usage("--part-size is for an output folder", "name one: -o DIR/"));
        }
        let shard = shard.map_or(Ok(Shard::WHOLE), |shard| shard.parse());
        let shard = shard.map_err(|error| Stop::usage(format!("--shard: {error}"), "number the shards from 1"))?;
        let per = match per {
            PerArg::Sentence => Per::Sentence,
            PerArg::Article => Per::Article,
        };
        let options = Options {
            precision: precision(args.precision),
            isa: isa(args.isa.as_deref())?,
            ..Options::new(engine(args.engine)?, threads(args.threads))
        };
        let stdout = std::io::stdout();
        let terminal = output == Destination::Stdout && stdout.is_terminal();
        let form = Form::of(args.format.or(args.view.then_some(OutputFormat::View)), &output, terminal)?.with(per)?;
        let style = TableStyle {
            width: if terminal { terminal_width() } else { TableStyle::WIDTH },
            color: output == Destination::Stdout && AutoStream::choice(&stdout) != ColorChoice::Never,
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
        let aliases = match &args.aliases {
            Some(path) => Aliases::read(path).map_err(|error| Stop::bad(&error))?,
            None => Aliases::default(),
        };
        Ok(Self {
            inputs,
            output,
            html: args.html,
            form,
            per,
            part_size: part_size.map_or(PART_SIZE, NonZeroU64::get),
            shard,
            rejects,
            max_errors: if strict { Some(0) } else { max_errors },
            style,
            options,
            model,
            read: read_options(&args.read, fields, args.max_line),
            min_confidence,
            aliases,
            quiet: args.quiet,
        })
    }
}

/// How to read.
fn read_options(args: &ReadArgs, fields: FieldMap, max_line: usize) -> ReadOptions {
    let format = |format| match format {
        InputFormat::Text => Format::Text,
        InputFormat::Jsonl => Format::Lines,
        InputFormat::Csv => Format::Csv,
        InputFormat::Tsv => Format::Tsv,
        InputFormat::Parquet => Format::Parquet,
        InputFormat::Html => Format::Html,
        InputFormat::Warc => Format::Warc,
    };
    ReadOptions { fields, max_line, format: args.input_format.map(format), any_language: args.any_language }
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
pub(super) fn terminal_width() -> u16 {
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
