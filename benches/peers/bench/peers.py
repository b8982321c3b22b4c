"""Who takes part, and the settings that each is tried with."""

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

# glibc gives every large activation back to the system unless it is told not to.
MALLOC = {"MALLOC_MMAP_THRESHOLD_": str(1 << 30), "MALLOC_TRIM_THRESHOLD_": str(1 << 32), "MALLOC_TOP_PAD_": str(64 << 20)}
# MKL takes slow kernels on processors that are not Intel's, unless this library answers it.
MKL = {"LD_PRELOAD": "{work}/mkl.so"}


@dataclass(frozen=True)
class Peer:
    """One line of the table."""
    name: str
    engine: str
    precision: str
    # Ways of computing: variant as the engine knows it, and environment.
    variants: list
    rust: bool = False
    # Gives the last layer alone, also where the model mixes layers.
    last_layer: bool = False
    batches: tuple = (8, 16, 32, 64, 128)


@dataclass(frozen=True)
class Setting:
    """How a peer is run."""
    variant: str
    streams: int
    threads: int
    env: dict = field(default_factory=dict)
    note: str = ""

    def __str__(self):
        return f"{self.variant}{self.note}, {self.streams}x{self.threads}"


PEERS = [
    Peer("transformers f32", "transformers", "f32", [("f32", {}), ("f32", MKL), ("f32-compiled", {})]),
    Peer("transformers bf16", "transformers", "bf16", [("bf16", {}), ("bf16-compiled", {})]),
    Peer("transformers int8", "transformers", "int8", [("int8-x86", {}), ("int8-onednn", {})]),
    Peer("ONNX Runtime f32", "onnxruntime", "f32", [("plain", {}), ("fused", {})]),
    Peer("ONNX Runtime int8", "onnxruntime", "int8", [("plain-int8", {}), ("fused-int8", {})]),
    Peer("CTranslate2 f32", "ctranslate2", "f32",
         [("float32", {}), ("float32-mkl", {"CT2_USE_MKL": "1"})], last_layer=True),
    Peer("CTranslate2 int8", "ctranslate2", "int8",
         [("int8", {}), ("int8-mkl", {"CT2_USE_MKL": "1"})], last_layer=True),
    Peer("OpenVINO f32", "openvino", "f32", [("f32", {})]),
    Peer("OpenVINO bf16", "openvino", "bf16", [("bf16", {})]),
    Peer("candle f32", "candle", "f32", [("gemm", {})], rust=True),
    Peer("rten f32", "rten", "f32", [("plain", {})], rust=True),
    Peer("rten int8", "rten", "int8", [("plain-int8", {})], rust=True),
]
TOKENIZER = Peer("tokenizers", "tokenizers", "", [("batch", {})])


def chosen(only):
    """The peers that can run here and whose name has one of the words; all where no word is given."""
    peers = [p for p in PEERS if os.environ.get("PEERS_RUST") or not p.rust]
    return [p for p in peers if not only or any(w.lower() in p.name.lower() for w in only)]


def settings(peer, threads, work):
    """All ways of one peer: each variant in one stream with all threads, and in as many streams as threads."""
    layouts = [(1, threads)] if threads == 1 else [(1, threads), (threads, 1)]
    variants = [v for v in peer.variants if v[1] is not MKL or (work / "mkl.so").exists()]
    notes = lambda env: " + MKL's fast path" if env is MKL else ""
    return [Setting(variant, s, t, env, notes(env)) for variant, env in variants for s, t in layouts]


def command(peer, setting, model, work):
    """What to start, and in which environment."""
    if peer.rust:
        program = [str(Path(os.environ["PEERS_RUST"]) / peer.engine)]
    else:
        program = [sys.executable, "-m", "bench.worker", peer.engine]
    arguments = [str(model), str(work), str(setting.streams), str(setting.threads), setting.variant]
    threads = str(setting.threads)
    env = os.environ | MALLOC | {"OMP_NUM_THREADS": threads, "MKL_NUM_THREADS": threads, "RTEN_NUM_THREADS": threads,
                                 "RAYON_NUM_THREADS": threads, "TOKENIZERS_PARALLELISM": "true",
                                 "TORCHINDUCTOR_CACHE_DIR": str(work / "inductor")}
    env |= {name: value.format(work=work) for name, value in setting.env.items()}
    return program + arguments, env
