"""Weights in bytes with steps, as veracity's models have them, for peers that read floats alone."""

import shutil

WEIGHTS = "model.safetensors"


def as_floats(folder, work):
    """`folder`; or, where its weights are bytes, a copy of it in f32 within `work`."""
    from safetensors.numpy import load_file, save_file

    tensors = load_file(folder / WEIGHTS)
    if not any(f"{name}_scale" in tensors for name in tensors):
        return folder
    copy = work / "floats"
    copy.mkdir(exist_ok=True)
    for name in ("config.json", "tokenizer.json"):
        shutil.copy(folder / name, copy / name)
    steps = {name: tensors.pop(f"{name}_scale") for name in list(tensors) if f"{name}_scale" in tensors}
    save_file({name: read(t, steps.get(name)) for name, t in tensors.items()}, copy / WEIGHTS)
    return copy


def read(tensor, steps):
    """f32: a value is its number times the step of its group, `columns / groups` values of its row."""
    values = tensor.astype("float32")
    if steps is None:
        return values
    rows, groups = steps.shape
    return (values.reshape(rows, groups, -1) * steps[:, :, None]).reshape(tensor.shape)
