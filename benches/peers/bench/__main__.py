"""The run: prepare, choose settings, check outputs, time in turn, report."""

import json
import os
import sys
from pathlib import Path

from . import host, report
from .compare import Answers, against
from .contest import Failed, Worker, note, rounds, tune
from .export import export
from .floats import as_floats
from .model import Config
from .options import parse
from .peers import TOKENIZER, Peer, Setting, chosen
from .prepare import prepare
from .veracity import Veracity, contestants

ROOT = Path(__file__).resolve().parents[3]


def main():
    options = parse(sys.argv[1:], ROOT)
    work = ROOT / ".peers" / "work"
    work.mkdir(parents=True, exist_ok=True)
    config = Config(options.model)
    facts = prepare(options, config, work)
    (work / "one.jsonl").write_text('{"id": "0", "sentences": ["The council met on Monday."]}\n')
    machine = host.facts(options.threads)
    print(report.header(machine, facts, config) + "\n", flush=True)
    ours, documents, missing = veracity_side(options, work, facts["sentences"])

    note("exporting the model")
    options.model = as_floats(options.model, work)
    export(options.model, work)
    references = {last: reference(last, options, config, work) for last in {False, config.mix}}
    rows, runs = [], []
    note("choosing settings")
    workers = []
    for peer in chosen(options.only):
        try:
            worker, batch, tried = tune(peer, options.threads, options.model, work)
            worker.answer(batch, work / "answer")
        except Failed as error:
            missing.append((peer.name, str(error)))
            continue
        workers.append(worker)
        mixless = peer.last_layer and config.mix
        rows.append({
            "name": peer.name, "precision": peer.precision, "version": worker.version, "tried": tried,
            "setting": f"{worker.setting}, {batch} a batch" + (", last layer alone" if mixless else ""),
            "agreement": against(Answers(work / "answer", config), references[mixless]),
        })
        runs.append((peer.name, lambda w=worker, b=batch: {"infer": w.seconds(b)}))
    for name, run, labels in ours:
        rows.append({"name": name, "precision": name.split()[-1], "setting": "lone sentences",
                     "agreement": label_agreement(labels, config, references[False])})
        runs.append((name, run))
    if not rows:
        raise SystemExit("error: nothing to time" + "".join(f"\n  {name}: {why}" for name, why in missing))
    tokenizer = Worker(TOKENIZER, Setting("batch", 1, options.threads), options.model, work)
    workers.append(tokenizer)
    runs.append(("tokenizers", lambda: {"infer": tokenizer.seconds(64)}))

    note(f"timing {len(runs) + len(documents)} engines in turn")
    results = rounds(runs + documents, options.rounds)
    for worker in workers:
        worker.close()
    show(options, machine, facts, rows, documents, missing, results)


def veracity_side(options, work, sentences):
    if options.peers_only:
        return [], [], []
    try:
        return contestants(Veracity(options.veracity, options.model, options.threads), work, options.only, sentences)
    except Failed as error:
        raise SystemExit(f"error: {error}\n  hint: build it (cargo build --release), name it (--veracity PROGRAM), "
                         "or leave it out (--peers-only)") from error


def reference(last, options, config, work):
    """transformers in f32, eager: the answers that all others are held to."""
    peer = Peer("reference", "transformers", "f32", [])
    variant = "reference-last" if last else "reference"
    worker = Worker(peer, Setting(variant, 1, options.threads), options.model, work)
    worker.answer(32, work / variant)
    worker.close()
    return Answers(work / variant, config)


def label_agreement(labels, config, reference):
    return {"label_agreement": float((labels(config.labels) == reference.labels()).mean())}


def show(options, machine, facts, rows, documents, missing, results):
    tokenize = results["tokenizers"]
    missing += [(row["name"], "stopped while it was timed") for row in rows if not results[row["name"]]]
    rows = [row for row in rows if results[row["name"]]]
    for row in rows:
        runs = results[row["name"]]
        # A peer's texts are tokenised, all at once, before it computes.
        whole = [{"all": r.get("all", r["infer"] + t["infer"])} for r, t in zip(runs, tokenize)]
        row |= {"infer": report.summarise(runs, facts), "all": report.summarise(whole, facts, "all"),
                "seconds": [r["infer"] for r in runs]}
    peaks = report.peaks(results)
    report.ratios(rows, peaks)
    print(report.table(rows))
    whole = []
    for name, _ in documents:
        if runs := results[name]:
            whole.append({"name": name, "infer": report.summarise(runs, facts), "all": report.summarise(runs, facts, "all")})
    if whole:
        print("\nIn document windows, as veracity works:\n\n" + report.documents_table(whole))
    for name, why in missing:
        print(f"\nleft out: {name}: {why}")
    tokens = report.summarise(tokenize, facts)
    print(f"\nThe peers' tokenizer alone: {report.rate(tokens)} sentences/s. Load average at the end: {os.getloadavg()[0]:.2f}")
    if options.json:
        everything = {"host": machine, "input": facts, "engines": rows, "documents": whole, "tokenizer": tokens,
                      "peak_gops": peaks,
                      "left_out": dict(missing), "load_at_the_end": os.getloadavg()}
        options.json.write_text(json.dumps(everything, indent=1) + "\n")


if __name__ == "__main__":
    main()
