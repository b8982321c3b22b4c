//! Every way in which a model folder can be wrong: an error that names the file, with a
//! remedy, and never a panic.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod common;

use common::{batch, difference, fixture, off, references};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde_json::{Value, json};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use tempfile::TempDir;
use veracity::article::Article;
use veracity::encode::{Batch, Window};
use veracity::engine::Engine;
use veracity::engine::native::{NativeEngine, NativeError};
use veracity::error::{Hint, ModelError};
use veracity::model::{INDEX, Model};
use veracity::pipeline::{EngineKind, Labeler, open_engine};

const FILES: [&str; 3] = ["config.json", "tokenizer.json", "model.safetensors"];
const CONFIG: &str = FILES[0];
const TOKENIZER: &str = FILES[1];
const WEIGHTS: &str = FILES[2];

/// A copy of a fixture that may be spoilt.
struct Folder(TempDir);

impl Folder {
    fn of(name: &str) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for file in FILES {
            folder.put(file, &std::fs::read(fixture(name).join(file)).unwrap());
        }
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn get(&self, file: &str) -> Vec<u8> {
        std::fs::read(self.path().join(file)).unwrap()
    }

    fn put(&self, file: &str, bytes: &[u8]) {
        std::fs::write(self.path().join(file), bytes).unwrap();
    }

    /// Changes one of the JSON files.
    fn edit(self, file: &str, change: impl FnOnce(&mut Value)) -> Self {
        let mut value = serde_json::from_slice(&self.get(file)).unwrap();
        change(&mut value);
        self.put(file, value.to_string().as_bytes());
        self
    }

    /// Sets a field of `config.json`, given as a JSON pointer.
    fn set(self, pointer: &str, to: Value) -> Self {
        self.edit(CONFIG, |c| {
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            c.pointer_mut(parent).unwrap()[key] = to;
        })
    }

    /// Changes the tensors.
    fn tensors(self, change: impl FnOnce(&mut Vec<Tensor>)) -> Self {
        let bytes = self.get(WEIGHTS);
        let mut all: Vec<Tensor> = SafeTensors::deserialize(&bytes)
            .unwrap()
            .iter()
            .map(|(name, t)| Tensor {
                name: name.into(),
                dtype: t.dtype(),
                shape: t.shape().to_vec(),
                data: t.data().to_vec(),
            })
            .collect();
        change(&mut all);
        let views = all.iter().map(|t| (&t.name, TensorView::new(t.dtype, t.shape.clone(), &t.data).unwrap()));
        self.put(WEIGHTS, &safetensors::serialize(views, None).unwrap());
        self
    }

    fn open(&self) -> Result<Model, ModelError> {
        Model::open(self.path())
    }

    /// Opening fails, and the message names `file` and holds `words`.
    fn fails(&self, file: &str, words: &str) {
        match self.open() {
            Ok(_) => panic!("{words}: opened"),
            Err(error) => self.explains(&error, file, words),
        }
    }

    fn explains(&self, error: &ModelError, file: &str, words: &str) {
        let message = error.to_string();
        assert!(message.starts_with(&self.path().join(file).display().to_string()), "{file}: {message}");
        assert!(message.contains(words), "`{words}`: {message}");
        assert!(error.hint().is_some_and(|h| h.len() > 10), "{message}");
    }
}

struct Tensor {
    name: String,
    dtype: Dtype,
    shape: Vec<usize>,
    data: Vec<u8>,
}

impl Tensor {
    fn values(&self) -> Vec<f32> {
        assert_eq!(self.dtype, Dtype::F16);
        self.data.chunks(2).map(|b| half::f16::from_le_bytes([b[0], b[1]]).to_f32()).collect()
    }

    fn store(&mut self, dtype: Dtype, bytes: impl Fn(f32) -> Vec<u8>) {
        self.data = self.values().into_iter().flat_map(bytes).collect();
        self.dtype = dtype;
    }
}

fn named<'a>(all: &'a mut [Tensor], name: &str) -> &'a mut Tensor {
    all.iter_mut().find(|t| t.name == name).unwrap()
}

fn document() -> Folder {
    Folder::of("document")
}

#[test]
fn a_good_folder_opens() {
    for name in ["bert", "distilbert", "roberta", "electra", "document", "mpnet"] {
        let model = Folder::of(name).open().unwrap();
        model.verify().unwrap();
        assert_eq!(model.config.labels, ["fact", "allegation", "background"]);
        assert_eq!(model.hash().len(), 64);
        assert!(model.parameters() > 10_000);
    }
}

#[test]
fn a_missing_folder() {
    let folder = document();
    let dir = folder.path().join("nowhere");
    let error = Model::open(&dir).err().unwrap();
    assert!(error.to_string().contains("nowhere"), "{error}");
    assert!(error.hint().unwrap().contains("--model"));
    assert!(Model::open(&folder.path().join(CONFIG)).is_err(), "a file is not a folder");
}

#[test]
fn a_missing_or_an_empty_file() {
    for file in FILES {
        let folder = document();
        folder.put(file, b"");
        folder.fails(file, "");
        std::fs::remove_file(folder.path().join(file)).unwrap();
        folder.fails(file, "");
    }
}

#[test]
fn a_truncated_weights_file() {
    let whole = document().get(WEIGHTS);
    let header = 8 + u64::from_le_bytes(whole[..8].try_into().unwrap()) as usize;
    for cut in [1, 7, 8, 9, header / 2, header - 1, header, header + 1, whole.len() / 2, whole.len() - 1] {
        let folder = document();
        folder.put(WEIGHTS, &whole[..cut]);
        folder.fails(WEIGHTS, "not a safetensors file");
    }
    let folder = document();
    folder.put(WEIGHTS, &[&whole[..], b"x"].concat());
    folder.fails(WEIGHTS, "not a safetensors file");
    folder.put(WEIGHTS, b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
    folder.fails(WEIGHTS, "not a safetensors file");
}

#[test]
fn wrong_tensors() {
    let name = "bert.encoder.layer.1.output.dense.weight";
    document()
        .tensors(|all| all.retain(|t| t.name != name))
        .fails(WEIGHTS, "`bert.encoder.layer.1.output.dense.weight` is missing");
    document().tensors(|all| named(all, name).shape.reverse()).fails(WEIGHTS, "has shape [40, 24]");
    document()
        .tensors(|all| named(all, "layer_mix.tokens").name = "other".into())
        .fails(WEIGHTS, "`layer_mix.tokens` is missing");
}

/// What opening does not read: found by `verify` and by the engines.
#[test]
fn wrong_values() {
    let name = "bert.encoder.layer.0.intermediate.dense.bias";
    let integers = document().tensors(|all| named(all, name).dtype = Dtype::I16);
    let not_a_number =
        document().tensors(|all| named(all, name).data[6..8].copy_from_slice(&half::f16::NAN.to_le_bytes()));
    let infinite =
        document().tensors(|all| named(all, name).data[..2].copy_from_slice(&half::f16::INFINITY.to_le_bytes()));
    for (folder, words) in [(integers, "I16"), (not_a_number, "not finite"), (infinite, "not finite")] {
        let model = folder.open().unwrap();
        folder.explains(&model.verify().unwrap_err(), WEIGHTS, words);
        let Err(NativeError::Model(error)) = NativeEngine::new(&model, 1) else { panic!("{words}: taken") };
        folder.explains(&error, WEIGHTS, words);
        #[cfg(feature = "torch")]
        folder.explains(&veracity::engine::torch::TorchEngine::new(&model, 1).err().unwrap(), WEIGHTS, words);
    }
}

/// Finite weights whose sums are not: an error, no probability that is no number.
#[test]
fn too_large_values() {
    let folder = document().tensors(|all| {
        named(all, "classifier.weight").store(Dtype::F32, |v| (v.signum() * 3e38).to_le_bytes().to_vec());
    });
    let article = Article { text: "The bridge was closed on Monday.".into(), ..Article::default() };
    for kind in [EngineKind::Native, EngineKind::Torch] {
        let Ok(labeler) = Labeler::open(folder.path(), kind, 1) else {
            println!("skipped: {kind:?} is not built in");
            continue;
        };
        let error = labeler.label(std::slice::from_ref(&article)).remove(0).unwrap_err();
        assert!(error.to_string().contains("not finite"), "{error}");
    }
}

#[test]
fn a_wrong_config() {
    let folder = document();
    let text = String::from_utf8(folder.get(CONFIG)).unwrap();
    for broken in [&text[..text.len() / 2], "[]", "null", "7", "\"bert\"", "{}", "\u{0}", "{\"model_type\": \"bert\"}"]
    {
        folder.put(CONFIG, broken.as_bytes());
        folder.fails(CONFIG, "");
    }
    folder.put(CONFIG, &[0xff, 0xfe, b'{', b'}']);
    folder.fails(CONFIG, "not JSON");
    folder.put(CONFIG, "[".repeat(100_000).as_bytes());
    folder.fails(CONFIG, "not JSON");
    let cases = [
        ("/model_type", json!("gpt2"), "gpt2"),
        ("/model_type", json!(null), "null"),
        ("/id2label", json!({"0": "fact", "2": "background"}), "lacks \"1\""),
        ("/id2label", json!({"0": "fact"}), "1 labels"),
        ("/id2label", json!(null), "0 labels"),
        ("/id2label", json!(["fact", "allegation"]), "0 labels"),
        ("/num_attention_heads", json!(5), "not a multiple"),
        ("/num_attention_heads", json!(0), "num_attention_heads"),
        ("/hidden_size", json!(-1), "-1"),
        ("/hidden_size", json!("24"), "24"),
        ("/hidden_size", json!(24.5), "24.5"),
        ("/num_hidden_layers", json!(0), "num_hidden_layers"),
        ("/max_position_embeddings", json!(0), "max_position_embeddings"),
        ("/layer_norm_eps", json!(-1.0), "layer_norm_eps"),
        ("/layer_norm_eps", json!(1e39), "layer_norm_eps"),
        ("/position_embedding_type", json!("relative_key"), "relative_key"),
        ("/veracity/format", json!(2), "veracity.format is 2"),
        ("/veracity/window", json!(65), "veracity.window is 65"),
        ("/veracity/window", json!(15), "veracity.window is 15"),
        ("/veracity/title_tokens", json!(25), "veracity.title_tokens"),
        ("/veracity/title_tokens", json!(1u64 << 63), "veracity.title_tokens"),
        ("/veracity/title_tokens", json!(u64::MAX), "veracity.title_tokens"),
        ("/veracity/temperature", json!(0), "veracity.temperature"),
        ("/veracity/temperature", json!(-1), "veracity.temperature"),
        ("/veracity/temperature", json!(1e39), "veracity.temperature"),
        ("/veracity/pooling", json!("max"), "max"),
        ("/veracity/roles", json!(["source"]), "veracity.roles"),
        ("/veracity/surprise", json!(1), "surprise"),
    ];
    for (pointer, value, words) in cases {
        document().set(pointer, value).fails(CONFIG, words);
    }
    // A newer format is named as such, whatever else it has.
    document().set("/veracity/surprise", json!(1)).set("/veracity/format", json!(2)).fails(CONFIG, "format is 2");
}

#[test]
fn a_config_of_another_model() {
    let cases = [
        ("/hidden_size", json!(28)),
        ("/intermediate_size", json!(41)),
        ("/num_hidden_layers", json!(2)),
        ("/num_hidden_layers", json!(4)),
        ("/max_position_embeddings", json!(128)),
        ("/type_vocab_size", json!(1)),
        ("/vocab_size", json!(1000)),
        ("/id2label", json!({"0": "true", "1": "false"})),
    ];
    for (pointer, value) in cases {
        document().set(pointer, value).fails(WEIGHTS, "tensor `");
    }
    document().edit(CONFIG, |c| drop(c.as_object_mut().unwrap().remove("veracity"))).fails(WEIGHTS, "pooler");
    Folder::of("electra").set("/embedding_size", json!(24)).fails(WEIGHTS, "config.json asks for");
}

/// Sizes are held against the file before anything of such a size is made.
#[test]
fn gigantic_sizes() {
    let before = peak();
    let large = [1u64 << 20, 1 << 24, 1 << 40, u64::MAX];
    for field in ["hidden_size", "intermediate_size", "vocab_size", "type_vocab_size", "max_position_embeddings"] {
        for value in large {
            assert!(document().set(&format!("/{field}"), json!(value)).open().is_err(), "{field} {value}");
        }
    }
    for value in large {
        document().set("/num_hidden_layers", json!(value)).fails(CONFIG, "num_hidden_layers");
        assert!(Folder::of("electra").set("/embedding_size", json!(value)).open().is_err());
        let all = ["window", "title_tokens"].map(|f| format!("/veracity/{f}"));
        for field in &all {
            assert!(document().set(field, json!(value)).open().is_err(), "{field} {value}");
        }
        let folder = document().set("/max_position_embeddings", json!(value)).set(&all[0], json!(value));
        assert!(folder.open().is_err());
    }
    match before.zip(peak()) {
        Some((before, after)) => assert!(after - before < 1 << 20, "grew from {before} to {after} KiB"),
        None => println!("skipped: no /proc/self/status to read the peak of memory from"),
    }
}

/// Peak of this process's resident memory in KiB.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?.trim().trim_end_matches(" kB").parse().ok()
}

#[test]
fn a_wrong_tokenizer() {
    let folder = document();
    let text = folder.get(TOKENIZER);
    for broken in [&text[..text.len() / 3], b"{}", b"[]", b"null", b"\xff"] {
        folder.put(TOKENIZER, broken);
        folder.fails(TOKENIZER, "not a tokenizer");
    }
    // A word more than there are embeddings, at the end and past a gap.
    for id in [152, 4_000_000_000u64] {
        document()
            .edit(TOKENIZER, |t| t["model"]["vocab"]["unheard"] = json!(id))
            .fails(TOKENIZER, "embeddings for 152");
    }
    document().edit(TOKENIZER, |t| t["post_processor"] = json!(null)).fails(TOKENIZER, "0 special tokens");
    document()
        .edit(TOKENIZER, |t| t["post_processor"]["cls"] = json!(["[CLS]", 999]))
        .fails(TOKENIZER, "embeddings for 152");
}

/// Random damage: never a panic; what opens despite it runs, or says why not.
/// `VERACITY_ROUNDS` sets how much of it each file gets.
#[test]
fn random_damage() {
    let rounds = std::env::var("VERACITY_ROUNDS").map_or(300, |n| n.parse().unwrap());
    let mut found = Vec::new();
    let files = FILES.map(|file| ("document", file)).into_iter();
    for (name, file) in files.chain([("roberta", TOKENIZER), ("electra", CONFIG)]) {
        let mut rng = ChaCha8Rng::seed_from_u64(11);
        let folder = Folder::of(name);
        let whole = folder.get(file);
        let reach = match file {
            WEIGHTS => 8 + u64::from_le_bytes(whole[..8].try_into().unwrap()) as usize,
            _ => whole.len(),
        };
        let mut opened = 0;
        for round in 0..rounds {
            folder.put(file, &damaged(&whole, reach, &mut rng));
            match catch_unwind(AssertUnwindSafe(|| try_out(&folder))) {
                Ok(true) => opened += 1,
                Ok(false) => {}
                Err(panic) => {
                    let words = panic.downcast_ref::<String>().cloned();
                    let words = words.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
                    found.push(format!("{name}/{file}, round {round}: {words:?}"));
                }
            }
        }
        println!("{name}/{file}: {rounds} damaged, {opened} opened");
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// One to three bytes changed, or the end cut off, within the first `reach` bytes.
fn damaged(whole: &[u8], reach: usize, rng: &mut ChaCha8Rng) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    match rng.random_range(0..8) {
        0 => bytes.truncate(rng.random_range(0..reach)),
        1 => drop(bytes.drain(rng.random_range(0..reach)..).take(1).count()),
        2..=4 => {
            // A digit for a digit keeps more files readable than any byte.
            let digits: Vec<usize> = (8..reach).filter(|&i| whole[i].is_ascii_digit()).collect();
            for _ in 0..rng.random_range(1..=3) {
                bytes[digits[rng.random_range(0..digits.len())]] = rng.random_range(b'0'..=b'9');
            }
        }
        _ => {
            for _ in 0..rng.random_range(1..=3) {
                bytes[rng.random_range(0..reach)] ^= 1 << rng.random_range(0..8);
            }
        }
    }
    bytes
}

/// Opens, loads and runs a folder; whether it opened.
fn try_out(folder: &Folder) -> bool {
    let model = match folder.open() {
        Ok(model) => model,
        Err(error) => {
            assert!(error.hint().is_some(), "{error} has no hint");
            return false;
        }
    };
    let texts = ["Nobody warned us, the baker said.", "", "Café — 12.5 metres."].map(str::to_owned);
    let encoded: Vec<_> = texts.iter().filter_map(|t| model.tokens.encode(t).ok()).collect();
    let windows = model.layout().windows(&encoded.first().cloned().unwrap_or_default(), &encoded);
    let batch: Batch = windows.iter().collect();
    let fixed = Window { ids: vec![2, 7, 8, 3], pieces: Vec::new() };
    let fixed: Batch = [&fixed].into_iter().collect();
    let sound = model.verify().is_ok();
    for kind in [EngineKind::Native, EngineKind::Torch] {
        if let Ok(engine) = open_engine(&model, kind, 1) {
            assert!(sound, "{kind:?} took what `verify` refuses");
            drop((engine.forward(&batch), engine.forward(&fixed)));
        }
    }
    true
}

#[test]
fn float_types_are_one_model() {
    let rows = references("document");
    let run = |folder: &Folder| {
        let model = folder.open().unwrap();
        NativeEngine::new(&model, 1).unwrap().forward(&batch(&rows)).unwrap()
    };
    let f16 = run(&document());
    let f32 = run(&document().tensors(|all| {
        all.iter_mut().for_each(|t| t.store(Dtype::F32, |v| v.to_le_bytes().to_vec()));
    }));
    let bf16 = run(&document().tensors(|all| {
        all.iter_mut().for_each(|t| t.store(Dtype::BF16, |v| half::bf16::from_f32(v).to_le_bytes().to_vec()));
    }));
    assert_eq!(f16, f32, "each f16 is an f32");
    assert!(off(&f32, &rows) < 1e-4);
    // bfloat16 keeps 8 bits of each weight.
    let apart = difference(&bf16.sentences, &f32.sentences).max(difference(&bf16.tokens, &f32.tokens));
    println!("bf16 against f32: {apart:.1e}");
    assert!(apart > 0.0 && apart < 0.1, "{apart}");
}

/// A matrix as whole numbers, and the steps of `groups` parts of each row.
fn to_steps(all: &mut Vec<Tensor>, name: &str, groups: usize) {
    let tensor = named(all, name);
    let (values, columns) = (tensor.values(), tensor.shape[1]);
    let run = columns / groups;
    let steps: Vec<f32> = values.chunks(run).map(|r| r.iter().fold(0.0f32, |t, v| t.max(v.abs())) / 127.0).collect();
    let numbers = values.chunks(run).zip(&steps).flat_map(|(r, step)| r.iter().map(move |v| (v / step).round() as i8));
    tensor.data = numbers.map(i8::cast_unsigned).collect();
    tensor.dtype = Dtype::I8;
    let shape = vec![tensor.shape[0], groups];
    let data = steps.iter().flat_map(|v| v.to_le_bytes()).collect();
    all.push(Tensor { name: format!("{name}_scale"), dtype: Dtype::F32, shape, data });
}

const DOWN: &str = "bert.encoder.layer.1.output.dense.weight";

#[test]
fn whole_numbers_and_steps_are_one_model() {
    let rows = references("document");
    for groups in [1, 2, 5, 40] {
        let folder = document().tensors(|all| {
            to_steps(all, "bert.embeddings.word_embeddings.weight", 1);
            to_steps(all, DOWN, groups);
        });
        let model = folder.open().unwrap();
        model.verify().unwrap();
        let off = off(&NativeEngine::new(&model, 1).unwrap().forward(&batch(&rows)).unwrap(), &rows);
        assert!(off > 0.0 && off < 0.1, "{groups}: {off}");
    }
}

#[test]
fn steps_that_do_not_fit() {
    let scale = format!("{DOWN}_scale");
    let spoilt = |spoil: &dyn Fn(&mut Vec<Tensor>)| {
        document().tensors(|all| {
            to_steps(all, DOWN, 2);
            spoil(all);
        })
    };
    let cases: [(Folder, &str); 5] = [
        (spoilt(&|all| all.retain(|t| t.name != scale)), "_scale` is missing"),
        (spoilt(&|all| named(all, &scale).shape.reverse()), "does not fit [24, 40]"),
        (spoilt(&|all| named(all, &scale).shape = vec![16, 3]), "does not fit [24, 40]"),
        (spoilt(&|all| named(all, &scale).dtype = Dtype::I32), "not a float type"),
        (spoilt(&|all| named(all, &scale).data[..4].copy_from_slice(&f32::NAN.to_le_bytes())), "not finite"),
    ];
    for (folder, words) in cases {
        folder.explains(&folder.open().unwrap().verify().unwrap_err(), WEIGHTS, words);
    }
    let vector = document().tensors(|all| {
        let mix = named(all, "layer_mix.tokens");
        (mix.dtype, mix.data) = (Dtype::I8, vec![1; 3]);
    });
    vector.explains(&vector.open().unwrap().verify().unwrap_err(), WEIGHTS, "not a matrix");
}

/// A folder whose weights are in two files, with an index as Hugging Face writes it.
fn in_two() -> Folder {
    let folder = document();
    let bytes = folder.get(WEIGHTS);
    let all = SafeTensors::deserialize(&bytes).unwrap();
    let mut map = serde_json::Map::new();
    for part in 0..2 {
        let file = format!("model-0000{}-of-00002.safetensors", part + 1);
        let some: Vec<_> = all.iter().enumerate().filter(|(i, _)| i % 2 == part).map(|(_, t)| t).collect();
        map.extend(some.iter().map(|(name, _)| ((*name).to_owned(), file.clone().into())));
        folder.put(&file, &safetensors::serialize(some, None).unwrap());
    }
    folder.put(INDEX, json!({ "metadata": {}, "weight_map": map }).to_string().as_bytes());
    std::fs::remove_file(folder.path().join(WEIGHTS)).unwrap();
    folder
}

#[test]
fn weights_in_two_files_are_one_model() {
    let (one, two) = (document().open().unwrap(), in_two().open().unwrap());
    let rows = references("document");
    let run = |model: &Model| NativeEngine::new(model, 1).unwrap().forward(&batch(&rows)).unwrap();
    assert_eq!(run(&one), run(&two));
    assert_eq!(one.weights.shapes(), two.weights.shapes());
    assert_ne!(one.hash(), two.hash());
}

#[test]
fn an_index_that_is_wrong() {
    let folder = in_two();
    std::fs::remove_file(folder.path().join("model-00002-of-00002.safetensors")).unwrap();
    folder.fails("model-00002-of-00002.safetensors", "");
    for (index, words) in [
        ("{", "not an index"),
        ("{}", "not an index"),
        (r#"{"weight_map": {}}"#, "names no file"),
        (r#"{"weight_map": {"a": "../model-00001-of-00002.safetensors"}}"#, "not the name of a file"),
        (r#"{"weight_map": {"a": "/etc/passwd"}}"#, "not the name of a file"),
        (r#"{"weight_map": {"a": ".."}}"#, "not the name of a file"),
        (r#"{"weight_map": {"a": "model-00001-of-00002.safetensors"}}"#, "is missing"),
    ] {
        let folder = in_two();
        folder.put(INDEX, index.as_bytes());
        folder.fails(INDEX, words);
    }
}
