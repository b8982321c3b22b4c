"""One peer in a process of its own: python -m bench.worker ENGINE MODEL WORK STREAMS THREADS VARIANT

Speaks the same lines of JSON as the Rust peers do (rust/src/lib.rs describes them).
"""

import importlib
import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass
class Job:
    """Where things are, and how many may run at once."""
    model: Path
    work: Path
    streams: int
    threads: int
    variant: str


@dataclass
class Batch:
    """Rows padded to one length: `ids` and `mask` i64, `pool` f32, all of shape [rows, width]."""
    rows: list
    lengths: np.ndarray
    ids: np.ndarray
    mask: np.ndarray
    pool: np.ndarray


def padded(ids, pad, rows, size):
    """Batches of `size` rows of about the same length, longest first."""
    rows = sorted(rows, key=lambda r: (-len(ids[r]), r))
    return [pad_rows(ids, pad, rows[i:i + size]) for i in range(0, len(rows), size)]


def pad_rows(ids, pad, rows):
    lengths = np.array([len(ids[r]) for r in rows])
    batch = Batch(rows, lengths, *(np.full((len(rows), lengths[0]), fill, dtype)
                                   for fill, dtype in ((pad, np.int64), (0, np.int64), (0, np.float32))))
    for i, row in enumerate(rows):
        length = lengths[i]
        batch.ids[i, :length] = ids[row]
        batch.mask[i, :length] = 1
        batch.pool[i, 1:length - 1] = 1 / max(length - 2, 1)
    return batch


def write(path, count, batches, logits):
    """Logits in the order of the rows, without those of padding, as little-endian f32."""
    sentences, tokens = [None] * count, [None] * count
    for batch, (of_sentences, of_tokens) in zip(batches, logits):
        for i, row in enumerate(batch.rows):
            sentences[row] = of_sentences[i]
            tokens[row] = of_tokens[i, :batch.lengths[i]]
    for ending, values in (("sentences", sentences), ("tokens", tokens)):
        data = np.concatenate([np.atleast_2d(v) for v in values]).astype("<f4")
        Path(path).with_suffix(f".{ending}").write_bytes(data.tobytes())


def main():
    engine, model, work, streams, threads, variant = sys.argv[1:]
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is no answer
    say = lambda value: print(json.dumps(value), file=answers, flush=True)

    job = Job(Path(model), Path(work), int(streams), int(threads), variant)
    rows = json.loads((job.work / "ids.json").read_text())
    module = importlib.import_module(f"bench.engines.{engine}")
    run = module.open(job)
    pool = ThreadPoolExecutor(job.streams, initializer=getattr(module, "start_thread", lambda job: None), initargs=(job,))
    say({"ready": True, "version": module.version()})
    everything = range(len(rows["ids"]))
    for line in sys.stdin:
        request = json.loads(line)
        subset = rows["sample"] if request.get("subset") == "sample" else everything
        batches = padded(rows["ids"], rows["pad"], subset, request["batch"])
        start = time.perf_counter()
        logits = list(pool.map(run, batches))
        seconds = time.perf_counter() - start
        if request["do"] == "answer":
            write(request["path"], len(everything), batches, logits)
            say({})
        else:
            say({"seconds": seconds})


if __name__ == "__main__":
    main()
