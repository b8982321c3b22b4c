//! rten: the exported ONNX graph, f32 or dynamic int8.

use anyhow::{Context, Result};
use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool};
use rten_tensor::{AsView, NdTensor};
use std::sync::Arc;
use veracity_bench_peers::{Engine, Job, Logits, Padded, serve};

struct Rten {
    model: Model,
    inputs: [NodeId; 3],
    outputs: [NodeId; 2],
    pool: Arc<ThreadPool>,
}

/// The variant is the name of the graph, without `.onnx`.
fn open(job: &Job) -> Result<Rten> {
    let path = job.work.join(format!("{}.onnx", job.variant));
    let mut options = ModelOptions::with_all_ops();
    options.prepack_weights(true);
    let model = options.load_file(&path).with_context(|| path.display().to_string())?;
    let node = |name: &str| model.node_id(name);
    Ok(Rten {
        inputs: [node("ids")?, node("mask")?, node("pool")?],
        outputs: [node("sentences")?, node("tokens")?],
        pool: Arc::new(ThreadPool::with_num_threads(job.threads)),
        model,
    })
}

impl Engine for Rten {
    fn run(&mut self, batch: &Padded) -> Result<Logits> {
        let shape = [batch.rows.len(), batch.width];
        let ids: Vec<i32> = batch.ids.iter().map(|&id| id as i32).collect();
        let mask: Vec<i32> = batch.mask.iter().map(|&m| m as i32).collect();
        let [a, b, c] = self.inputs;
        let inputs = vec![
            (a, NdTensor::from_data(shape, ids).into()),
            (b, NdTensor::from_data(shape, mask).into()),
            (c, NdTensor::from_data(shape, batch.pool.clone()).into()),
        ];
        let options = RunOptions::default().with_thread_pool(Some(self.pool.clone()));
        let [sentences, tokens] = self.model.run_n(inputs, self.outputs, Some(options))?;
        let sentences: NdTensor<f32, 2> = sentences.try_into()?;
        let tokens: NdTensor<f32, 3> = tokens.try_into()?;
        Ok(Logits { sentences: sentences.to_vec(), tokens: tokens.to_vec() })
    }
}

fn main() -> Result<()> {
    serve("0.27.0", open)
}
