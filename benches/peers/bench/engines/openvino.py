"""OpenVINO's CPU plug-in on the exported ONNX graph."""

import threading

import numpy as np
import openvino as ov


def version():
    return ov.__version__.partition("-")[0]


def open(job):
    """Variants: f32 and bf16. Streams share one compiled model, a request each."""
    core = ov.Core()
    compiled = core.compile_model(core.read_model(str(job.work / "plain.onnx")), "CPU", {
        "INFERENCE_PRECISION_HINT": {"f32": ov.Type.f32, "bf16": ov.Type.bf16}[job.variant],
        "INFERENCE_NUM_THREADS": job.streams * job.threads,
        "NUM_STREAMS": job.streams,
        "ENABLE_CPU_PINNING": False,
    })
    own = threading.local()

    def run(batch):
        if not hasattr(own, "request"):
            own.request = compiled.create_infer_request()
        out = own.request.infer({"ids": batch.ids, "mask": batch.mask, "pool": batch.pool})
        return [np.array(out[name], dtype=np.float32) for name in ("sentences", "tokens")]

    return run
