//! `veracity train`: fine-tunes an encoder; needs libtorch.

use super::args::TrainArgs;
use super::stop::{Outcome, Stop};

/// Says what is missing.
#[cfg(not(feature = "torch"))]
pub(super) fn run(_args: TrainArgs) -> Outcome {
    Err(Stop::usage(
        "this build cannot train",
        "run `make libtorch`, then build with `cargo build --release --features torch`",
    ))
}

#[cfg(feature = "torch")]
pub(super) use with_torch::run;

#[cfg(feature = "torch")]
mod with_torch {
    use super::{Outcome, Stop, TrainArgs};
    use crate::cli::args::TrainPrecision;
    use crate::cli::message;
    use crate::cli::stop::{BAD_INPUT, FAILED, INTERRUPTED, OK};
    use crate::error::Hint;
    use crate::model::ROLES;
    use crate::train::{Fields, Figures, Precision, Progress, Settings, TrainError, has_checkpoint, train};
    use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
    use std::io::IsTerminal;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    /// Trains and prints the figures of the best epoch.
    pub(in crate::cli) fn run(args: TrainArgs) -> Outcome {
        let (resume, quiet) = (args.resume, args.quiet);
        let fields = Fields { label: args.label_field.clone(), firm: args.firm_field.clone() };
        let settings = settings(args);
        if !resume && has_checkpoint(&settings.out) {
            return Err(Stop::usage(
                format!("{}: holds the checkpoint of a former run", settings.out.display()),
                "give --resume to go on from it, or choose another --out",
            ));
        }
        let stopped = Arc::new(AtomicBool::new(false));
        let seen = stopped.clone();
        if let Err(error) = ctrlc::set_handler(move || seen.store(true, Ordering::SeqCst)) {
            message::error(&format!("no care for Ctrl-C: {error}"), None);
        }
        let mut shown = Shown::new(quiet);
        let outcome = train(&settings, &fields, resume, |progress| {
            shown.show(progress, &settings.labels);
            !stopped.load(Ordering::SeqCst)
        });
        shown.bar.finish_and_clear();
        match outcome {
            Ok(figures) => {
                figures.iter().for_each(|(file, f)| message::note(&line(file, f)));
                message::note(&format!("the model is in {}", settings.out.display()));
                Ok(OK)
            }
            Err(error) => Err(Stop::Error { code: code(&error), what: error.to_string(), hint: error.hint() }),
        }
    }

    fn code(error: &TrainError) -> u8 {
        match error {
            TrainError::Stopped => INTERRUPTED,
            TrainError::Torch(_) | TrainError::Bert(_) => FAILED,
            _ => BAD_INPUT,
        }
    }

    fn settings(args: TrainArgs) -> Settings {
        Settings {
            train: args.train,
            dev: args.dev,
            encoder: args.encoder,
            out: args.out,
            labels: args.labels,
            epochs: args.epochs,
            lr: args.lr,
            head_lr: args.head_lr,
            batch_tokens: args.batch_tokens,
            window: args.window,
            lone: args.lone,
            borderline: args.borderline,
            smoothing: args.smoothing,
            token_weight: args.token_weight,
            balance: args.balance,
            teacher: args.teacher,
            teacher_share: args.teacher_share,
            keep: args.keep,
            layer_mix: !args.last_layer,
            layers: args.layers.map(usize::from),
            reinit: args.reinit,
            dropout: args.dropout,
            weight_decay: args.weight_decay,
            warmup: args.warmup,
            clip: args.clip,
            patience: args.patience,
            seed: args.seed,
            precision: match args.precision {
                TrainPrecision::F32 => Precision::F32,
                TrainPrecision::Bf16 => Precision::Bf16,
            },
            threads: args
                .threads
                .map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from),
        }
    }

    /// A bar on a terminal, else a line every hundred steps.
    struct Shown {
        bar: ProgressBar,
        quiet: bool,
        lines: bool,
    }

    impl Shown {
        fn new(quiet: bool) -> Self {
            let lines = !std::io::stderr().is_terminal();
            let target = if quiet || lines { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
            let bar = ProgressBar::with_draw_target(None, target);
            let form = "{msg}  {bar:30} {pos}/{len} steps, {eta} left";
            bar.set_style(ProgressStyle::with_template(form).unwrap_or_else(|_| ProgressStyle::default_bar()));
            Self { bar, quiet, lines }
        }

        fn show(&mut self, progress: &Progress, labels: &[String]) {
            if self.quiet {
                return;
            }
            match progress {
                Progress::Data { documents, labels: counts, tagged, taught } => {
                    let counts: Vec<String> = labels.iter().zip(counts).map(|(l, n)| format!("{n} {l}")).collect();
                    let taught = if *taught > 0 { format!(", {taught} with a teacher") } else { String::new() };
                    message::note(&format!(
                        "{documents} documents; sentences: {}; {tagged} with spans{taught}",
                        counts.join(", ")
                    ));
                }
                Progress::Step { epoch, step, steps, loss } => self.step(*epoch, *step, *steps, *loss),
                Progress::Epoch { epoch, dev, best } => self.bar.suspend(|| {
                    let mark = if *best { " (best so far)" } else { "" };
                    message::note(&format!("epoch {epoch}{mark}"));
                    dev.iter().for_each(|(file, f)| message::note(&line(file, f)));
                }),
            }
        }

        fn step(&self, epoch: usize, step: usize, steps: usize, loss: [f64; 2]) {
            let text = format!("epoch {epoch}  loss: labels {:.3}, spans {:.3}", loss[0], loss[1]);
            if step == 1 {
                self.bar.set_length(steps as u64);
                self.bar.reset();
            }
            if self.lines && step.is_multiple_of(100) {
                message::note(&format!("{text}  step {step}/{steps}"));
            }
            self.bar.set_message(text);
            self.bar.set_position(step as u64);
        }
    }

    fn line(file: &str, f: &Figures) -> String {
        let spans: Vec<String> = ROLES.iter().zip(&f.spans).map(|(role, v)| format!("{role} {v:.3}")).collect();
        let mut line = format!("  {file}:");
        if f.sentences > 0 {
            line += &format!(
                " {} sentences, accuracy {:.3}, macro-F1 {:.3}; firm {:.3}, {:.3}",
                f.sentences, f.accuracy, f.macro_f1, f.firm[0], f.firm[1]
            );
        }
        if !spans.is_empty() {
            line += &format!(" exact span F1: {}", spans.join(", "));
        }
        line
    }
}
