//! candle: candle-transformers' BERT, f32.
//!
//! Its model gives the last layer alone. Where the model mixes layers, the layers are
//! taken as encoders of one layer each, which computes the same and nothing twice.

use anyhow::{Context, Result};
use candle_core::{D, DType, Device, Tensor};
use candle_nn::{Linear, Module, VarBuilder, linear, ops::softmax_last_dim};
use candle_transformers::models::bert::{BertEncoder, BertModel, Config};
use veracity_bench_peers::{Engine, Job, Logits, Padded, serve};

struct Candle {
    embeddings: BertModel,
    layers: Vec<BertEncoder>,
    /// Shares of the layers for the sentence head and for the token head.
    mix: Option<[Vec<f64>; 2]>,
    classifier: Linear,
    token_classifier: Linear,
    /// Threads of this stream alone.
    pool: rayon::ThreadPool,
}

fn open(job: &Job) -> Result<Candle> {
    let text = std::fs::read(job.model.join("config.json")).context("config.json")?;
    let config: Config = serde_json::from_slice(&text)?;
    let all: serde_json::Value = serde_json::from_slice(&text)?;
    let weights = candle_core::safetensors::load(job.model.join("model.safetensors"), &Device::Cpu)?;
    let vb = VarBuilder::from_tensors(weights, DType::F32, &Device::Cpu);

    let count = config.num_hidden_layers;
    let none = Config { num_hidden_layers: 0, model_type: None, ..config.clone() };
    let mixed = all["veracity"]["layer_mix"].as_bool().unwrap_or(false);
    // One encoder of all layers where nothing between them is needed.
    let layers = if mixed {
        let one = Config { num_hidden_layers: 1, ..config.clone() };
        let part = |l: usize| {
            let vb = vb.clone().rename_f(move |name| name.replace("layer.0.", &format!("layer.{l}.")));
            BertEncoder::load(vb.pp("bert.encoder"), &one)
        };
        (0..count).map(part).collect::<candle_core::Result<_>>()?
    } else {
        vec![BertEncoder::load(vb.pp("bert.encoder"), &config)?]
    };
    let shares = |name: &str| -> Result<Vec<f64>> {
        let shares = softmax_last_dim(&vb.get(count, name)?)?.to_vec1::<f32>()?;
        Ok(shares.into_iter().map(f64::from).collect())
    };
    let mix = if mixed { Some([shares("layer_mix.sentence")?, shares("layer_mix.tokens")?]) } else { None };
    let rows = |name: &str| -> Result<usize> {
        let file = candle_core::safetensors::load(job.model.join("model.safetensors"), &Device::Cpu)?;
        Ok(file.get(name).with_context(|| name.to_owned())?.dim(0)?)
    };
    let width = config.hidden_size;
    Ok(Candle {
        pool: rayon::ThreadPoolBuilder::new().num_threads(job.threads).build()?,
        embeddings: BertModel::load(vb.pp("bert"), &none)?,
        layers,
        mix,
        classifier: linear(width, rows("classifier.weight")?, vb.pp("classifier"))?,
        token_classifier: linear(width, rows("token_classifier.weight")?, vb.pp("token_classifier"))?,
    })
}

impl Engine for Candle {
    fn run(&mut self, batch: &Padded) -> Result<Logits> {
        self.pool.install(|| self.forward(batch))
    }
}

impl Candle {
    fn forward(&self, batch: &Padded) -> Result<Logits> {
        let shape = (batch.rows.len(), batch.width);
        let device = Device::Cpu;
        let ids = Tensor::from_slice(&batch.ids, shape, &device)?;
        let mask = Tensor::from_slice(&batch.mask, shape, &device)?;
        let pool = Tensor::from_slice(&batch.pool, shape, &device)?.unsqueeze(1)?;
        // As candle-transformers makes it: 0 for a token, a great negative number for padding.
        let far = ((mask.unsqueeze(1)?.unsqueeze(1)? * -1.0)? + 1.0)?;
        let far = far.broadcast_mul(&Tensor::new(f32::MIN, &device)?)?;

        let mut hidden = self.embeddings.forward(&ids, &ids.zeros_like()?, Some(&mask))?;
        let mut mixed: [Option<Tensor>; 2] = [None, None];
        for (l, layer) in self.layers.iter().enumerate() {
            hidden = layer.forward(&hidden, &far)?;
            for (sum, shares) in mixed.iter_mut().zip(self.mix.iter().flatten()) {
                let part = (&hidden * shares[l])?;
                *sum = Some(match sum.take() {
                    Some(sum) => (sum + part)?,
                    None => part,
                });
            }
        }
        let [for_sentences, for_tokens] = mixed.map(|sum| sum.unwrap_or_else(|| hidden.clone()));
        let pooled = pool.matmul(&for_sentences)?.squeeze(D::Minus2)?;
        Ok(Logits {
            sentences: self.classifier.forward(&pooled)?.flatten_all()?.to_vec1()?,
            tokens: self.token_classifier.forward(&for_tokens)?.flatten_all()?.to_vec1()?,
        })
    }
}

fn main() -> Result<()> {
    serve("0.11.1", open)
}
