//! AdamW with decoupled weight decay (Loshchilov and Hutter, 2019), f32 moments and, for
//! bf16 variables, f32 master weights. Its whole state can be saved.

use tch::nn::VarStore;
use tch::{Kind, TchError, Tensor};

const BETA: [f64; 2] = [0.9, 0.98];
const EPS: f64 = 1e-6;

struct Parameter {
    name: String,
    variable: Tensor,
    master: Option<Tensor>,
    moments: [Tensor; 2],
    head: bool,
    decays: bool,
}

/// The optimiser and its state.
pub(super) struct AdamW {
    parameters: Vec<Parameter>,
    step: i32,
    weight_decay: f64,
}

impl AdamW {
    pub(super) fn new(store: &VarStore, weight_decay: f64) -> Self {
        let mut variables: Vec<_> = store.variables().into_iter().filter(|(_, v)| v.requires_grad()).collect();
        variables.sort_by(|a, b| a.0.cmp(&b.0));
        let parameters = variables
            .into_iter()
            .map(|(name, variable)| {
                let full = |t: &Tensor| t.zeros_like().to_kind(Kind::Float);
                let master = (variable.kind() != Kind::Float).then(|| variable.detach().to_kind(Kind::Float));
                let moments = [full(&variable), full(&variable)];
                let head = !name.contains('.') || name.contains("classifier") || name.starts_with("layer_mix");
                let decays = variable.dim() > 1;
                Parameter { name, variable, master, moments, head, decays }
            })
            .collect();
        Self { parameters, step: 0, weight_decay }
    }

    /// One step from the gradients of the variables, clipped to a norm of `clip`; then
    /// clears them. Returns the norm before clipping.
    pub(super) fn step(&mut self, lr: f64, head_lr: f64, clip: f64) -> f64 {
        tch::no_grad(|| {
            let grads: Vec<Option<Tensor>> = self
                .parameters
                .iter()
                .map(|p| Some(p.variable.grad()).filter(Tensor::defined).map(|g| g.to_kind(Kind::Float)))
                .collect();
            let squares: f64 = grads.iter().flatten().map(|g| (g * g).sum(Kind::Float).double_value(&[])).sum();
            let norm = squares.sqrt();
            let scale = if norm > clip { clip / norm } else { 1.0 };
            self.step += 1;
            let correction = BETA.map(|b| 1.0 - b.powi(self.step));
            for (p, grad) in self.parameters.iter_mut().zip(grads) {
                let Some(mut grad) = grad else { continue };
                let rate = if p.head { head_lr } else { lr };
                let decay = if p.decays { rate * self.weight_decay } else { 0.0 };
                p.update(&mut grad, scale, rate, decay, correction);
                p.variable.zero_grad();
            }
            norm
        })
    }

    /// The state as named tensors, for a checkpoint.
    pub(super) fn state(&self) -> Vec<(String, Tensor)> {
        let mut all = Vec::new();
        for p in &self.parameters {
            all.push((format!("w:{}", p.name), p.value()));
            all.push((format!("m:{}", p.name), p.moments[0].shallow_clone()));
            all.push((format!("v:{}", p.name), p.moments[1].shallow_clone()));
        }
        all.push(("step".into(), Tensor::from_slice(&[i64::from(self.step)])));
        all
    }

    /// Takes up the state of a checkpoint.
    pub(super) fn restore(&mut self, state: &std::collections::HashMap<String, Tensor>) -> Result<(), TchError> {
        let get =
            |key: String| state.get(&key).ok_or_else(|| TchError::FileFormat(format!("the checkpoint lacks `{key}`")));
        self.step = get("step".into())?.int64_value(&[0]) as i32;
        tch::no_grad(|| {
            for p in &mut self.parameters {
                let value = get(format!("w:{}", p.name))?;
                if let Some(master) = &mut p.master {
                    master.f_copy_(value)?;
                }
                p.variable.f_copy_(value)?;
                p.moments[0].f_copy_(get(format!("m:{}", p.name))?)?;
                p.moments[1].f_copy_(get(format!("v:{}", p.name))?)?;
            }
            Ok(())
        })
    }

    /// The weights in f32, by name.
    pub(super) fn weights(&self) -> Vec<(String, Tensor)> {
        self.parameters.iter().map(|p| (p.name.clone(), p.value())).collect()
    }
}

impl Parameter {
    fn value(&self) -> Tensor {
        self.master.as_ref().unwrap_or(&self.variable).detach()
    }

    fn update(&mut self, grad: &mut Tensor, scale: f64, rate: f64, decay: f64, correction: [f64; 2]) {
        if scale < 1.0 {
            let _ = grad.g_mul_scalar_(scale);
        }
        let [m, v] = &mut self.moments;
        let _ = m.lerp_(grad, 1.0 - BETA[0]);
        let _ = v.g_mul_scalar_(BETA[1]);
        let _ = v.addcmul_(grad, grad);
        // v holds the sum of squares over (1 - beta2); the factor goes into the denominator.
        let denominator = (&*v * ((1.0 - BETA[1]) / correction[1])).sqrt() + EPS;
        let update = (&*m / denominator) * (rate / correction[0]);
        let target = self.master.as_mut().unwrap_or(&mut self.variable);
        if decay > 0.0 {
            let _ = target.g_mul_scalar_(1.0 - decay);
        }
        let _ = target.g_sub_(&update);
        if let Some(master) = &self.master {
            self.variable.copy_(master);
        }
    }
}
