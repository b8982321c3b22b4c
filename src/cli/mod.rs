//! The command line: arguments, one file a command. The only room that prints.

mod args;
mod bench;
mod bench_args;
mod calibrate;
mod destination;
mod evaluate;
mod generated;
mod interrupt;
mod label;
mod log;
mod merge;
mod message;
mod model;
mod model_dir;
mod output;
mod progress;
mod report;
mod serve;
mod settings;
mod sources;
mod sources_articles;
mod sources_list;
mod stop;
mod summary;
mod train;

use args::{Cli, Command, When};
use clap::Parser;
use std::process::ExitCode;
use stop::{Outcome, Stop};

/// Runs the program on the process's own arguments.
pub fn main() -> ExitCode {
    crate::read::hush_caught_panics();
    match Cli::try_parse() {
        Ok(cli) => {
            anstream::ColorChoice::write_global(match cli.color {
                When::Auto => anstream::ColorChoice::Auto,
                When::Always => anstream::ColorChoice::Always,
                When::Never => anstream::ColorChoice::Never,
            });
            finish(run(cli.command))
        }
        Err(error) => {
            // A reader that has gone away needs no help text.
            let _ = error.print();
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(stop::BAD_INPUT))
        }
    }
}

fn run(command: Command) -> Outcome {
    match command {
        Command::Label(args) => label::run(*args),
        Command::Merge(args) => merge::run(args),
        Command::Model(args) => model::run(args.command),
        Command::Evaluate(args) => evaluate::run(*args),
        Command::Calibrate(args) => calibrate::run(args),
        Command::Report(args) => report::run(args),
        Command::Serve(args) => serve::run(args),
        Command::Sources(args) => sources::run(args),
        Command::Bench(args) => bench::run(args),
        Command::Train(args) => train::run(*args),
        Command::Completions(args) => generated::completions(args.shell),
        Command::Man(args) => generated::man(args.page.as_deref(), args.out.as_deref()),
    }
}

fn finish(outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(Stop::Pipe) => ExitCode::from(stop::OK),
        Err(Stop::Error { code, what, hint }) => {
            message::error(&what, hint.as_deref());
            ExitCode::from(code)
        }
    }
}
