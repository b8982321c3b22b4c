"""veracity's side: everything that knows its command line and its JSON stands here."""

import json
import subprocess
import tempfile
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

    def choose(self, command, engine, precision):
        """The options that name engine, precision, model and threads."""
        options = ["--engine", engine, "--model", self.model, "--threads", self.threads]
        # Builds from before `--precision` compute in f32.
        if precision != "f32" or "--precision" in self.call(command, "--help"):
            options += ["--precision", precision]
        return options

    def bench(self, path, engine, precision, lone):
        """One run over the articles of `path`: seconds in the engine, and seconds in all."""
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "bench.json"
            self.call("bench", path, *self.choose("bench", engine, precision), *(["--lone"] if lone else []),
                      "--json", report)
            return timing(json.loads(report.read_text()), path)

    def labels(self, path, engine, precision, names):
        """The label of each article's one sentence, as an index into `names`."""
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "labels.jsonl"
            self.call("label", path, *self.choose("label", engine, precision), "--quiet", "--output", out)
            rows = [json.loads(line) for line in out.read_text().splitlines()]
        found = {int(row["article"]): names.index(row["label"]) for row in rows}
        return [found[i] for i in range(len(found))]


def timing(report, path):
    """`{"infer": seconds, "all": seconds}` out of the JSON of `veracity bench`."""
    sentences = sum(len(json.loads(line)["sentences"]) for line in path.read_text().splitlines())
    if "sentences_per_second" not in report:
        raise Failed("the JSON of `veracity bench` has no sentences_per_second: see benches/peers/bench/veracity.py")
    whole = sentences / report["sentences_per_second"]
    return {"infer": report.get("infer_seconds", whole), "all": whole}


def contestants(veracity, work, only):
    """`(name, run, labels)` for lone sentences, and `(name, run)` for documents, of what this build can do."""
    ways = [(f"veracity {p}", "native", p) for p in ("f32", "bf16", "int8")]
    ways.append(("rust-bert on libtorch f32", "torch", "f32"))
    lone, documents, missing = [], [], []
    for name, engine, precision in ways:
        if engine == "torch" and only and not any(w.lower() in name for w in only):
            continue
        try:
            # Also shows whether the build has it.
            veracity.choose("bench", engine, precision)
            veracity.bench(work / "one.jsonl", engine, precision, True)
        except Failed as error:
            missing.append((name, str(error)))
            continue
        lone.append((name, lambda e=engine, p=precision: veracity.bench(work / "lone.jsonl", e, p, True),
                     lambda names, e=engine, p=precision: veracity.labels(work / "lone.jsonl", e, p, names)))
        if engine == "native":
            documents.append((f"{name}, documents",
                              lambda e=engine, p=precision: veracity.bench(work / "documents.jsonl", e, p, False)))
    return lone, documents, missing
