"""veracity's side: everything that knows its command line and its JSON stands here."""

import json
import subprocess
import tempfile
from functools import partial
from pathlib import Path

from .contest import Failed


class Veracity:
    """A built `veracity`, a model and a number of threads."""

    def __init__(self, program, model, threads):
        self.program, self.model, self.threads = program.absolute(), model, threads
        self.version = self.call("--version").split()[-1]

    def call(self, *arguments):
        """What it prints; `Failed` with its own words when it does not end well."""
        try:
            run = subprocess.run([str(self.program), *map(str, arguments)], capture_output=True, text=True)
        except OSError as error:
            raise Failed(f"{self.program}: {error.strerror}") from error
        if run.returncode:
            said = [l.strip() for l in run.stderr.splitlines() if l.strip()]
            raise Failed(f"`veracity {arguments[0]}`: {said[0] if said else f'exit code {run.returncode}'}")
        return run.stdout

    def choose(self, engine, precision):
        """The options that name engine, precision, model and threads."""
        options = ["--engine", engine, "--model", self.model, "--threads", self.threads]
        return options + (["--precision", precision] if engine == "native" else [])

    def bench(self, path, engine, precision, lone, sentences):
        """One warm-up and one run over the articles of `path`, which hold so many sentences.

        Gives the seconds in the engine, the seconds from text to labels, and the machine's
        ceiling in billions of operations a second.
        """
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "bench.json"
            self.call("bench", path, *self.choose(engine, precision), *(["--lone"] if lone else []), "--quiet",
                      "--sentences", sentences, "--warm-up", 1, "--runs", 1, "--latencies", 1, "--json", report)
            return timing(json.loads(report.read_text()), sentences)

    def labels(self, path, engine, precision, names):
        """The label of each article's one sentence, as an index into `names`."""
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "labels.jsonl"
            self.call("label", path, *self.choose(engine, precision), "--quiet", "--output", out)
            rows = [json.loads(line) for line in out.read_text().splitlines()]
        found = {int(row["article"]): names.index(row["label"]) for row in rows}
        return [found[i] for i in range(len(found))]


def timing(report, sentences):
    """`{"infer": seconds, "all": seconds, "peak": GOP/s}` out of the JSON of `veracity bench`."""
    row = report["measurements"][0]
    if row["sentences"] != sentences:
        raise Failed(f"`veracity bench` timed {row['sentences']} sentences, not {sentences}")
    return {"infer": row["infer_seconds"], "all": sentences / row["sentences_per_second"]["median"],
            "peak": row["peak_gops"]}


def contestants(veracity, work, only, sentences):
    """What this build can do: `(name, run, labels)` for lone sentences, `(name, run)` for
    documents, and `(name, why)` for what it cannot."""
    ways = [(f"veracity {p}", "native", p) for p in ("f32", "bf16", "int8")]
    torch = "rust-bert on libtorch f32"
    if not only or any(w.lower() in torch for w in only):
        ways.append((torch, "torch", "f32"))
    lone, documents, missing = [], [], []
    for name, engine, precision in ways:
        try:
            veracity.bench(work / "one.jsonl", engine, precision, True, 1)
        except Failed as error:
            missing.append((name, str(error)))
            continue
        run = lambda file, alone, e=engine, p=precision: veracity.bench(work / file, e, p, alone, sentences)
        labels = lambda names, e=engine, p=precision: veracity.labels(work / "lone.jsonl", e, p, names)
        lone.append((name, partial(run, "lone.jsonl", True), labels))
        if engine == "native":
            documents.append((f"{name}, documents", partial(run, "documents.jsonl", False)))
    return lone, documents, missing
