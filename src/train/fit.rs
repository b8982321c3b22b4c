//! The training loop.

use super::adamw::AdamW;
use super::checkpoint::{self, State};
use super::data::{Fields, read_documents};
use super::dev::{Figures, evaluate};
use super::examples::{Item, Sample, batches, encode, epoch, ragged, targets};
use super::sequence::Sequences;
use super::settings::{Precision, Settings, TrainError};
use super::teacher::teach;
use super::{card, export, keep};
use crate::encode::{Layout, Tokens};
use crate::engine::torch::{Net, NetOptions, Padded, load_named, tune};
use crate::model::layout::prefix;
use crate::model::{ModelConfig, Weights};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::path::Path;
use tch::{Device, Kind, Tensor};

/// What a run tells while it goes on.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    /// What there is to learn from.
    Data {
        /// Documents.
        documents: usize,
        /// Sentences with a label, by label.
        labels: Vec<usize>,
        /// Sentences with annotated spans.
        tagged: usize,
        /// Sentences with a teacher's probabilities.
        taught: usize,
    },
    /// One step was made.
    Step {
        /// Epoch, from 1.
        epoch: usize,
        /// Step in the epoch, from 1.
        step: usize,
        /// Steps in the epoch.
        steps: usize,
        /// Running mean loss of the sentence head and of the token head.
        loss: [f64; 2],
    },
    /// An epoch ended.
    Epoch {
        /// Epoch, from 1.
        epoch: usize,
        /// Figures, one a development file.
        dev: Vec<(String, Figures)>,
        /// Whether it is the best so far.
        best: bool,
    },
}

/// Trains a model and writes its folder. `watch` hears of every step and stops the run by
/// returning false; `resume` takes up the last finished epoch of a stopped run.
pub fn train(
    settings: &Settings,
    fields: &Fields,
    resume: bool,
    mut watch: impl FnMut(&Progress) -> bool,
) -> Result<Vec<(String, Figures)>, TrainError> {
    check(settings)?;
    tune();
    tch::set_num_threads(settings.threads.clamp(1, 1024) as i32);
    let device = Device::cuda_if_available();
    let mut config = ModelConfig::read_encoder(&settings.encoder.join("config.json"))?;
    if let Some(layers) = settings.layers {
        cut(&mut config, layers)?;
    }
    config.labels = settings.labels.clone();
    config.veracity = Some(export::heads(settings));
    if settings.window > config.room() {
        return Err(TrainError::Settings {
            reason: format!("--window {} exceeds the encoder's {} positions", settings.window, config.room()),
            hint: format!("use --window {} or less", config.room()),
        });
    }
    let tokens = Tokens::open(&settings.encoder.join("tokenizer.json"), config.vocab)?;
    let layout = Layout {
        window: settings.window,
        title: export::heads(settings).title_tokens,
        lone: false,
        first: tokens.first(),
        last: tokens.last(),
    };
    let mut documents = read_documents(&settings.train, fields)?;
    teach(&mut documents, &settings.teacher, &settings.labels)?;
    let items = encode(&documents, &tokens, settings)?;
    let dev = dev_sets(settings, fields, &tokens)?;
    let weights = class_weights(&items, settings);
    if !watch(&describe(&items, settings)) {
        return Err(TrainError::Stopped);
    }

    tch::manual_seed(settings.seed as i64);
    let options = NetOptions { dropout: settings.dropout, attention_dropout: 0.0 };
    let mut net = Net::new(&config, device, &options)?;
    load_encoder(&mut net, settings, &config)?;
    let start = (settings.keep > 0.0).then(|| keep::start(&net.store));
    if settings.precision == Precision::Bf16 {
        net.store.bfloat16();
    }
    let mut optimiser = AdamW::new(&net.store, settings.weight_decay);
    let mut state = State { settings: settings.clone(), epoch: 0, history: Vec::new(), best: None };
    if resume && let Some(saved) = checkpoint::load(settings, &mut optimiser)? {
        state = saved;
    }
    std::fs::create_dir_all(&settings.out).map_err(|error| TrainError::Io { path: settings.out.clone(), error })?;
    while state.epoch < settings.epochs {
        let number = state.epoch + 1;
        // Seeded by epoch, so that a resumed run equals an unbroken one.
        let seed = settings.seed.wrapping_mul(1000).wrapping_add(number as u64);
        tch::manual_seed(seed as i64);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let steps = batches(epoch(&items, &layout, settings, &mut rng), settings.batch_tokens, &mut rng);
        run_epoch(&net, &mut optimiser, &items, &steps, &weights, settings, number, &mut watch)?;
        let scored = || {
            dev.iter()
                .map(|(name, items)| Ok((name.clone(), evaluate(&net, items, &layout, settings.labels.len())?)))
                .collect::<Result<Vec<_>, TrainError>>()
        };
        let (written, figures) = match &start {
            Some(start) => {
                let weights = keep::mean(optimiser.weights(), start, settings.keep);
                let figures = keep::with(&net.store, &weights, scored)?;
                (weights, figures)
            }
            None => (optimiser.weights(), scored()?),
        };
        let score = score(&figures);
        let best = state.best.is_none_or(|(b, _)| score > b);
        if best {
            state.best = Some((score, number));
            export::write(settings, &config, &written, &figures)?;
        }
        state.epoch = number;
        state.history.push(figures.iter().map(|(_, f)| f.clone()).collect());
        checkpoint::save(&settings.out, &state, &optimiser)?;
        if !watch(&Progress::Epoch { epoch: number, dev: figures, best }) {
            return Err(TrainError::Stopped);
        }
        if state.best.is_some_and(|(_, at)| number - at >= settings.patience) {
            break;
        }
    }
    let best = state.best.map_or(0, |(_, at)| at.saturating_sub(1));
    let names = dev.iter().map(|(name, _)| name.clone());
    let figures: Vec<_> = names.zip(state.history.get(best).cloned().unwrap_or_default()).collect();
    let path = settings.out.join("README.md");
    std::fs::write(&path, card::card(settings, &figures)).map_err(|error| TrainError::Io { path, error })?;
    Ok(figures)
}

/// Leaves the first `layers` layers of an encoder.
fn cut(config: &mut ModelConfig, layers: usize) -> Result<(), TrainError> {
    if layers > config.layers {
        return Err(TrainError::Settings {
            reason: format!("--layers {layers}, but the encoder has {}", config.layers),
            hint: format!("use --layers 1 to {}", config.layers),
        });
    }
    config.layers = layers;
    config.raw["num_hidden_layers"] = layers.into();
    Ok(())
}

fn check(s: &Settings) -> Result<(), TrainError> {
    let wrong = |reason: &str, hint: &str| Err(TrainError::Settings { reason: reason.into(), hint: hint.into() });
    if s.labels.len() < 2 {
        return wrong("fewer than two labels", "give --labels as a comma-separated list");
    }
    if s.window < 64 {
        return wrong("--window is below 64", "use 256, 384 or 512");
    }
    if s.batch_tokens < s.window {
        return wrong("--batch-tokens is smaller than --window", "use at least four windows a step");
    }
    if !(0.0..1.0).contains(&s.keep) {
        return wrong(
            "--keep is not at least 0 and below 1",
            "use 0.3 to 0.5 with an --encoder that is a model of veracity",
        );
    }
    if !(0.0..=1.0).contains(&s.teacher_share) {
        return wrong("--teacher-share is not between 0 and 1", "use 0.5");
    }
    if s.epochs == 0 {
        return wrong("--epochs is 0", "use 3 to 6");
    }
    Ok(())
}

fn dev_sets(s: &Settings, fields: &Fields, tokens: &Tokens) -> Result<Vec<(String, Vec<Item>)>, TrainError> {
    s.dev
        .iter()
        .map(|path| {
            let items = encode(&read_documents(&[path], fields)?, tokens, s)?;
            Ok((path.file_name().map_or(String::new(), |n| n.to_string_lossy().into_owned()), items))
        })
        .collect()
}

fn describe(items: &[Item], s: &Settings) -> Progress {
    let targets = || items.iter().flat_map(|i| &i.targets);
    Progress::Data {
        documents: items.len(),
        labels: (0..s.labels.len()).map(|l| targets().filter(|t| t.label == l as i64).count()).collect(),
        tagged: targets().filter(|t| t.tags.is_some()).count(),
        taught: targets().filter(|t| t.taught.is_some()).count(),
    }
}

/// Mean macro-F1 over the development sets that have labels, each weighted by its labelled
/// sentences, so that a small set's noise does not choose the epoch; without labels, mean span F1.
fn score(figures: &[(String, Figures)]) -> f64 {
    let sentences: usize = figures.iter().map(|(_, f)| f.sentences).sum();
    if sentences > 0 {
        return figures.iter().map(|(_, f)| f.macro_f1 * f.sentences as f64).sum::<f64>() / sentences as f64;
    }
    let spans: Vec<f64> = figures.iter().flat_map(|(_, f)| f.spans.clone()).collect();
    spans.iter().sum::<f64>() / spans.len().max(1) as f64
}

/// Weight of each label: inverse frequency to the power of `balance`, 1 on average over rows. A
/// row without a label counts by its teacher's probabilities.
fn class_weights(items: &[Item], s: &Settings) -> Vec<f32> {
    let mut counts = vec![0f64; s.labels.len()];
    for target in items.iter().flat_map(|i| &i.targets) {
        match (usize::try_from(target.label), &target.taught) {
            (Ok(label), _) => counts[label] += 1.0,
            (Err(_), Some(taught)) => counts.iter_mut().zip(taught).for_each(|(n, &share)| *n += f64::from(share)),
            (Err(_), None) => {}
        }
    }
    let total: f64 = counts.iter().sum();
    let raw: Vec<f64> = counts.iter().map(|n| (total / (n.max(1.0) * counts.len() as f64)).powf(s.balance)).collect();
    let mean = raw.iter().zip(&counts).map(|(w, n)| w * n).sum::<f64>() / total.max(1.0);
    raw.iter().map(|w| (w / mean.max(1e-9)) as f32).collect()
}

/// Fills the encoder from the base model's file; the top `reinit` layers keep random values.
/// The heads start from those of a model of ours, and from random values otherwise.
fn load_encoder(net: &mut Net, s: &Settings, config: &ModelConfig) -> Result<(), TrainError> {
    let weights = Weights::of_folder(&s.encoder)?;
    let (layers, prefix) = (config.layers, prefix(config.family));
    let prefixed = weights.has(&format!("{prefix}embeddings.word_embeddings.weight"));
    let fresh: Vec<String> =
        (layers.saturating_sub(s.reinit)..layers).map(|l| format!("{prefix}encoder.layer.{l}.")).collect();
    load_named(&mut net.store, &weights, |name| {
        let Some(inner) = name.strip_prefix(prefix) else {
            return weights.has(name).then(|| name.to_owned());
        };
        if fresh.iter().any(|f| name.starts_with(f)) {
            return None;
        }
        Some(if prefixed { name.to_owned() } else { inner.to_owned() })
    })?;
    for (name, mut variable) in net.store.variables() {
        if fresh.iter().any(|f| name.starts_with(f)) && variable.dim() > 1 {
            let _ = tch::no_grad(|| variable.normal_(0.0, 0.02));
        }
    }
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "one caller, no state worth a type")]
fn run_epoch(
    net: &Net,
    optimiser: &mut AdamW,
    items: &[Item],
    steps: &[Vec<Sample>],
    weights: &[f32],
    s: &Settings,
    number: usize,
    watch: &mut impl FnMut(&Progress) -> bool,
) -> Result<(), TrainError> {
    let mut sums = [0.0; 2];
    for (i, samples) in steps.iter().enumerate() {
        let at = (number as f64 - 1.0 + i as f64 / steps.len() as f64) / s.epochs as f64;
        let factor = schedule(at, s.warmup);
        let loss = losses(net, items, samples, weights, s)?;
        sums[0] += loss[0].double_value(&[]);
        sums[1] += loss[1].double_value(&[]);
        let total = &loss[0] + &loss[1] * s.token_weight;
        total.backward();
        optimiser.step(s.lr * factor, s.head_lr * factor, s.clip);
        let done = (i + 1) as f64;
        let step =
            Progress::Step { epoch: number, step: i + 1, steps: steps.len(), loss: [sums[0] / done, sums[1] / done] };
        if !watch(&step) {
            return Err(TrainError::Stopped);
        }
    }
    Ok(())
}

/// Factor of the learning rate when `at` of the run is done: linear up, linear down to 2 %.
fn schedule(at: f64, warmup: f64) -> f64 {
    if at < warmup { (at / warmup).max(0.01) } else { (1.0 - (at - warmup) / (1.0 - warmup)).max(0.02) }
}

/// Loss of the sentence head and of the token head, each a mean over its rows.
fn losses(
    net: &Net,
    items: &[Item],
    samples: &[Sample],
    weights: &[f32],
    s: &Settings,
) -> Result<[Tensor; 2], TrainError> {
    let device = net.store.device();
    let batch = ragged(samples);
    let padded = Padded::new(&batch, 0..batch.len(), device);
    let (sentences, tokens) = net.forward(&padded, true)?;
    let (shares, row_weights) = targets(items, samples, weights, s);
    let shares = Tensor::from_slice(&shares).to_device(device).view([-1, s.labels.len() as i64]);
    let row_weights = Tensor::from_slice(&row_weights).to_device(device);
    let logs = sentences.log_softmax(-1, Kind::Float);
    let sentence = -(logs * shares).sum_dim_intlist(-1, false, Kind::Float);
    // A step with few labelled rows must not count as much as a full one.
    let mass = row_weights.sum(Kind::Float).clamp_min(8.0);
    let sentence = (sentence * &row_weights).sum(Kind::Float) / mass;
    let token = tokens.and_then(|logits| Sequences::of(items, samples).loss(&logits));
    let token = token.unwrap_or_else(|| Tensor::zeros([], (Kind::Float, device)));
    Ok([sentence, token])
}

/// Whether a checkpoint stands in a folder.
pub fn has_checkpoint(out: &Path) -> bool {
    checkpoint::folder(out).join("state.json").is_file()
}
