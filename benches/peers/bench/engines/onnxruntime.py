"""ONNX Runtime on the exported graphs."""

import onnxruntime as ort


def version():
    return ort.__version__


def open(job):
    """The variant is a graph: plain, fused (by ONNX Runtime's optimiser for BERT), and their -int8."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = job.threads
    options.inter_op_num_threads = 1
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL
    # Threads that wait for the next call must not take time from the next peer.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    session = ort.InferenceSession(str(job.work / f"{job.variant}.onnx"), options, providers=["CPUExecutionProvider"])

    def run(batch):
        feed = {"ids": batch.ids, "mask": batch.mask, "pool": batch.pool}
        return session.run(["sentences", "tokens"], feed)

    return run
