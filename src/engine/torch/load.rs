//! Weights of a file into a variable store, by name, with nothing left out.

use crate::error::ModelError;
use crate::model::Weights;
use tch::{Tensor, nn::VarStore};

/// Copies every variable of the store from the tensor of the same name; a variable
/// without one is an error.
pub fn load_strict(store: &mut VarStore, weights: &Weights) -> Result<(), ModelError> {
    load_named(store, weights, |name| Some(name.to_owned()))
}

/// As [`load_strict`], with the tensor's name made from the variable's; variables for
/// which `rename` gives `None` keep what they have.
pub fn load_named(
    store: &mut VarStore,
    weights: &Weights,
    rename: impl Fn(&str) -> Option<String>,
) -> Result<(), ModelError> {
    for (name, mut variable) in store.variables() {
        let Some(from) = rename(&name) else { continue };
        let tensor = to_tensor(weights, &from, &variable.size())?;
        tch::no_grad(|| variable.copy_(&tensor));
    }
    Ok(())
}

/// One tensor of the file in f32 on the CPU.
pub fn to_tensor(weights: &Weights, name: &str, shape: &[i64]) -> Result<Tensor, ModelError> {
    let dims: Vec<usize> = shape.iter().map(|&d| d as usize).collect();
    let values = weights.values(name, &dims)?;
    Ok(Tensor::from_slice(&values).view(shape))
}
