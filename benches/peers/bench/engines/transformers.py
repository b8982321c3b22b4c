"""Hugging Face transformers on torch: f32, bf16 and dynamic int8."""

import torch

from ..model import Config, Reference
from ..worker import pad_rows


def version():
    import transformers
    return f"{transformers.__version__}, torch {torch.__version__}"


def start_thread(job):
    torch.set_num_threads(job.threads)


def open(job):
    """Variants: f32, f32-compiled, bf16, bf16-compiled, int8-x86, int8-onednn, and for what
    outputs are held to, reference and reference-last (the last layer, nothing mixed)."""
    precision, _, how = job.variant.partition("-")
    torch.set_num_threads(job.threads)
    torch.set_grad_enabled(False)
    config = Config(job.model)
    model = Reference(config, mix=False if how == "last" else None,
                      dtype=torch.bfloat16 if precision == "bf16" else torch.float32)
    if precision == "int8":
        torch.backends.quantized.engine = how
        model.encoder = torch.ao.quantization.quantize_dynamic(model.encoder, {torch.nn.Linear}, dtype=torch.qint8)
    if how == "compiled":
        import torch._inductor.config as inductor
        inductor.freezing = True
        inductor.compile_threads = 1
        model = torch.compile(model, dynamic=True)

    def run(batch):
        with torch.inference_mode() if how != "compiled" else torch.no_grad():
            out = model(*(torch.from_numpy(a) for a in (batch.ids, batch.mask, batch.pool)))
        return [t.numpy() for t in out]

    if how == "compiled":  # which two streams cannot do at once
        for rows, width in ((3, 7), (16, 24), (32, 40)):
            run(pad_rows([[101] * width] * rows, 0, list(range(rows))))
    return run
