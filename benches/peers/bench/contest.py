"""Peers as processes: choosing their settings, and running them in turn."""

import json
import subprocess
import sys
import tempfile
import time

from .peers import command, settings

REST = 0.3  # seconds between two engines, so that threads which spin after work have stopped


def note(text):
    print(text, file=sys.stderr, flush=True)


class Failed(Exception):
    """A peer could not be started, or stopped."""


class Worker:
    """A peer with one setting, loaded and waiting."""

    def __init__(self, peer, setting, model, work):
        self.peer, self.setting = peer, setting
        argv, env = command(peer, setting, model, work)
        self.errors = tempfile.TemporaryFile("w+")
        try:
            self.process = subprocess.Popen(argv, env=env, text=True, stdin=subprocess.PIPE,
                                            stdout=subprocess.PIPE, stderr=self.errors)
        except OSError as error:
            raise Failed(str(error)) from error
        self.version = self.read()["version"]

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            self.process.communicate()
            self.errors.seek(0)
            said = [l for l in self.errors.read().splitlines() if l.strip()]
            raise Failed(said[-1] if said else f"exit code {self.process.returncode}")
        return json.loads(line)

    def ask(self, **request):
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # read() says why
        return self.read()

    def seconds(self, batch, subset="all"):
        return self.ask(do="pass", batch=batch, subset=subset)["seconds"]

    def answer(self, batch, path):
        self.ask(do="answer", batch=batch, path=str(path))

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def tune(peer, threads, model, work):
    """The fastest setting and batch size on the sample: `(worker, batch, tried)`.

    Variants and layouts are compared at 32 rows a batch, then batch sizes with the best.
    """
    best, tried = None, []
    for setting in settings(peer, threads, work):
        try:
            worker = Worker(peer, setting, model, work)
            seconds = on_sample(worker, 32)
        except Failed as error:
            tried.append({"setting": str(setting), "failed": str(error)})
            note(f"  {peer.name}, {setting}: not possible here: {error}")
            continue
        tried.append({"setting": str(setting), "batch": 32, "seconds": seconds})
        if best and best[1] <= seconds:
            worker.close()
            continue
        if best:
            best[0].close()
        best = (worker, seconds)
    if best is None:
        raise Failed("no setting works here")
    worker, seconds = best
    batch = 32
    for size in (b for b in peer.batches if b != 32):
        trial = on_sample(worker, size)
        tried.append({"setting": str(worker.setting), "batch": size, "seconds": trial})
        if trial < seconds:
            batch, seconds = size, trial
    note(f"  {peer.name}: {worker.setting}, {batch} rows a batch")
    return worker, batch, tried


def on_sample(worker, batch):
    """The better of two, after one to warm up."""
    worker.seconds(batch, "sample")
    return min(worker.seconds(batch, "sample") for _ in range(2))


def rounds(contestants, count):
    """Runs every contestant once a round, in turns of order; `{name: [result, ...]}`.

    A contestant is `(name, run)`. One that fails is named and left out of what follows.
    """
    results = {name: [] for name, _ in contestants}
    alive = list(contestants)
    for n in range(count):
        started = time.monotonic()
        for name, run in alive if n % 2 == 0 else alive[::-1]:
            time.sleep(REST)
            try:
                results[name].append(run())
            except Failed as error:
                note(f"  {name} stopped: {error}")
                results[name] = []
                alive = [c for c in alive if c[0] != name]
        note(f"  round {n + 1} of {count}: {time.monotonic() - started:.0f} s")
    return results
