#!/usr/bin/env python3
"""Tests of the peers' bench that need neither the peers nor a network: `make scripts`.

Those of batches and weights need numpy, or safetensors too, and say that they skip without them.
"""

import gzip
import io
import json
import os
import stat
import sys
import tempfile
import unittest
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

import run  # noqa: E402
from bench import contest, options, peers, prepare, report, veracity  # noqa: E402

FAKE = r"""#!/bin/sh
# A veracity that answers as the real one does.
n=1
case "$*" in *"--sentences 2"*) n=2 ;; esac
case "$1 $*" in
    *--version*) echo "veracity 9.9.9" ;;
    *"--engine torch"*) echo "error: this build has no engine torch" >&2; exit 2 ;;
    *"--precision bf16"*) echo "error: no bf16 on this processor" >&2; exit 2 ;;
    bench*) while [ "$1" != --json ]; do shift; done
        echo '{"measurements": [{"sentences": '$n', "sentences_per_second": {"median": 8.0},
               "infer_seconds": 0.2, "peak_gops": 400}]}' >"$2" ;;
    label*) while [ "$1" != --output ]; do shift; done
        printf '%s\n' '{"article": "1", "label": "allegation"}' '{"article": "0", "label": "fact"}' >"$2" ;;
esac
"""


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.dir = Path(folder.name)

    def file(self, name, text):
        (self.dir / name).write_text(text)
        return self.dir / name


class Input(Folder):
    def fails(self, path, *words):
        with self.assertRaises(SystemExit) as caught:
            prepare.read(path)
        for word in (*words, "hint:"):
            self.assertIn(word, str(caught.exception))

    def test_rows_in_their_order(self):
        path = self.file("a.jsonl", '{"text": "One.", "doc_id": "d", "title": "T"}\n\n{"text": " "}\n{"text": "Two."}\n')
        self.assertEqual(prepare.read(path), [("d", "T", "One."), (None, "", "Two.")])

    def test_gzip(self):
        path = self.dir / "a.jsonl.gz"
        path.write_bytes(gzip.compress(b'{"text": "One."}\n'))
        self.assertEqual(prepare.read(path), [(None, "", "One.")])

    def test_errors_name_the_line(self):
        self.fails(self.file("a.jsonl", '{"text": "One."}\n{"text"\n'), "a.jsonl:2")
        self.fails(self.file("b.jsonl", '{"body": "One."}\n'), "b.jsonl:1", '"text"')
        self.fails(self.file("c.jsonl", "[1]\n"), "c.jsonl:1")
        self.fails(self.file("d.jsonl", "\n"), "no sentences")
        self.fails(self.file("e.jsonl.gz", "no gzip"), "e.jsonl.gz")
        self.fails(self.dir / "nowhere.jsonl", "nowhere.jsonl")

    def test_articles_are_consecutive_sentences(self):
        rows = [("a", "T", "1"), ("a", "T", "2"), ("b", "", "3"), (None, "", "4"), (None, "", "5"), ("a", "T", "6")]
        found = prepare.articles(rows)
        self.assertEqual([d["sentences"] for d in found], [["1", "2"], ["3"], ["4"], ["5"], ["6"]])
        self.assertEqual(found[0]["title"], "T")

    def test_the_sample_has_all_lengths(self):
        ids = [[0] * (3 + i % 50) for i in range(2000)]
        lengths = {len(ids[i]) for i in prepare.sample(ids)}
        self.assertEqual(lengths, set(range(3, 53)))
        self.assertEqual(len(prepare.sample([[0]] * 7)), 7)

    def test_operations_of_the_shipped_shape(self):
        config = SimpleNamespace(width=384, inner=1536, layers=6, tags=9)
        # 32 tokens: 10.6 million weights, twice, and 32 x 32 attention.
        self.assertAlmostEqual(prepare.flop(config, 32) / 1e9, 0.689, places=3)


class Options(unittest.TestCase):
    def test_every_flag(self):
        given = options.parse("--input a --sentences 7 --model m --threads 3 --rounds 2 --only onnx --only int8 "
                              "--peers-only --veracity v --json j".split(), Path("/root"))
        self.assertEqual(vars(given), {
            "input": Path("a"), "sentences": 7, "model": Path("m"), "threads": 3, "rounds": 2,
            "only": ["onnx", "int8"], "peers_only": True, "veracity": Path("v"), "json": Path("j")})

    def test_bad_numbers(self):
        for bad in (["--rounds", "0"], ["--threads", "x"], ["--sentences", "-1"], ["--what"]):
            with redirect_stderr(io.StringIO()), self.assertRaises(SystemExit) as caught:
                options.parse(bad, Path("/root"))
            self.assertEqual(caught.exception.code, 2)

    def test_help_needs_no_environment(self):
        out = io.StringIO()
        with mock.patch.object(sys, "argv", ["run.py", "--help"]), redirect_stdout(out), self.assertRaises(SystemExit):
            run.main()
        self.assertIn("--peers-only", out.getvalue())


class Environment(Folder):
    def stops(self, *words, minor=12, **patches):
        err = io.StringIO()
        python = SimpleNamespace(version_info=(3, minor), version=f"3.{minor}.0 x", stderr=err,
                                 executable="python3", exit=sys.exit)
        with mock.patch.multiple(run, HOME=self.dir / "home", sys=python, **patches), \
                self.assertRaises(SystemExit) as caught:
            run.environment()
        self.assertEqual(caught.exception.code, 2)
        for word in (*words, "hint:"):
            self.assertIn(word, err.getvalue())

    def test_no_venv_no_pip_no_disk_no_python(self):
        call = lambda *codes: SimpleNamespace(run=mock.Mock(side_effect=[SimpleNamespace(returncode=c) for c in codes]))
        room = SimpleNamespace(which=None, rmtree=mock.Mock(), disk_usage=lambda _: SimpleNamespace(free=99e9))
        full = SimpleNamespace(disk_usage=lambda _: SimpleNamespace(free=1e9))
        self.stops("virtual environment", subprocess=call(1), shutil=room)
        self.stops("pip could not install", subprocess=call(0, 1), shutil=room)
        self.stops("1.0 GB of free disk", subprocess=call(), shutil=full)
        self.stops("Python 3.11 to 3.13", subprocess=call(), shutil=room, minor=9)

    def test_pins_are_exact(self):
        lines = [l for l in (HERE / "requirements.txt").read_text().splitlines() if l and not l.startswith("#")]
        self.assertTrue(all(l.count("==") == 1 for l in lines), lines)


class Rounds(unittest.TestCase):
    def setUp(self):
        for patch in (mock.patch.object(contest, "REST", 0), mock.patch.object(contest, "note")):
            patch.start()
            self.addCleanup(patch.stop)

    def test_order_alternates(self):
        seen = []
        contestants = [(name, lambda n=name: seen.append(n) or len(seen)) for name in "abc"]
        results = contest.rounds(contestants, 2)
        self.assertEqual("".join(seen), "abccba")
        self.assertEqual(results, {"a": [1, 6], "b": [2, 5], "c": [3, 4]})

    def test_one_that_fails_is_left_out(self):
        broken = mock.Mock(side_effect=[1, contest.Failed("gone")])
        self.assertEqual(contest.rounds([("good", lambda: 5), ("broken", broken)], 3), {"good": [5, 5, 5], "broken": []})

    def test_a_peer_that_does_not_start_says_why(self):
        peer = peers.Peer("none", "none", "f32", [])
        with self.assertRaises(contest.Failed) as caught:
            contest.Worker(peer, peers.Setting("x", 1, 1), Path("m"), Path("w"))
        self.assertTrue(str(caught.exception))


class Who(Folder):
    def test_words_choose(self):
        with mock.patch.dict(os.environ, {"PEERS_RUST": "/x"}):
            self.assertEqual(len(peers.chosen([])), 12)
            self.assertEqual([p.name for p in peers.chosen(["onnx"])], ["ONNX Runtime f32", "ONNX Runtime int8"])
        with mock.patch.dict(os.environ, {"PEERS_RUST": ""}):
            self.assertFalse([p for p in peers.chosen([]) if p.rust])

    def test_settings_use_all_threads(self):
        for peer in peers.PEERS:
            for setting in peers.settings(peer, 4, self.dir):
                self.assertEqual(setting.streams * setting.threads, 4)
            self.assertEqual(len(peers.settings(peer, 1, self.dir)) * 2, len(peers.settings(peer, 2, self.dir)))


class OurSide(Folder):
    def setUp(self):
        super().setUp()
        program = self.file("veracity", FAKE)
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        self.ours = veracity.Veracity(program, Path("model"), 2)
        for name in ("one.jsonl", "lone.jsonl", "documents.jsonl"):
            self.file(name, '{"id": "0", "sentences": ["One."]}\n{"id": "1", "sentences": ["Two."]}\n')

    def test_what_the_build_can_do(self):
        lone, documents, missing = veracity.contestants(self.ours, self.dir, [], 2)
        self.assertEqual([name for name, _, _ in lone], ["veracity f32", "veracity int8"])
        self.assertEqual([name for name, _ in documents], ["veracity f32, documents", "veracity int8, documents"])
        self.assertEqual(lone[0][1](), {"infer": 0.2, "all": 0.25, "peak": 400})
        self.assertEqual(lone[0][2](["fact", "allegation"]), [0, 1])
        self.assertIn("no bf16", dict(missing)["veracity bf16"])
        self.assertIn("no engine torch", dict(missing)["rust-bert on libtorch f32"])

    def test_words_choose_libtorch_too(self):
        _, _, missing = veracity.contestants(self.ours, self.dir, ["onnx"], 2)
        self.assertEqual([name for name, _ in missing], ["veracity bf16"])

    def test_a_bench_of_something_else_is_refused(self):
        with self.assertRaises(contest.Failed) as caught:
            self.ours.bench(self.dir / "lone.jsonl", "native", "f32", True, 3)
        self.assertIn("timed 1 sentences, not 3", str(caught.exception))

    def test_no_such_program(self):
        with self.assertRaises(contest.Failed):
            veracity.Veracity(self.dir / "nowhere", Path("model"), 2)


class Report(unittest.TestCase):
    def test_rates_and_ratios(self):
        facts = {"sentences": 100, "gflop": 50.0}
        summary = report.summarise([{"infer": 1.0}, {"infer": 2.0}, {"infer": 0.5}], facts)
        self.assertEqual(summary, {"median": 100, "min": 50, "max": 200, "gflops": 50})
        slow = report.summarise([{"infer": 4.0}], facts)
        rows = [{"name": "peer", "precision": "f32", "infer": slow, "all": slow, "setting": "s"},
                {"name": "veracity int8", "precision": "int8", "infer": summary, "all": summary,
                 "agreement": {"label_agreement": 0.995}}]
        results = {"veracity int8": [{"peak": 90}, {"peak": 100}], "veracity f32": [{"peak": None}], "peer": []}
        report.ratios(rows, report.peaks(results))
        self.assertEqual(rows[0]["times"], {"int8": 4.0})
        self.assertEqual([row["share_of_peak"] for row in rows], [None, 0.5])
        lines = report.table(rows).splitlines()
        self.assertEqual(len({len(line) for line in lines}), 1)
        self.assertIn("veracity int8", lines[2])
        self.assertIn("99.50 %", lines[2])
        self.assertIn("4.00 x", lines[3])


class Batches(unittest.TestCase):
    def test_padding_and_back(self):
        try:
            import numpy as np
        except ImportError:
            self.skipTest("no numpy")
        from bench import worker
        ids = [[1, 5, 2], [1, 6, 7, 8, 2], [1, 9, 9, 2]]
        batches = worker.padded(ids, 0, range(3), 2)
        self.assertEqual([b.rows for b in batches], [[1, 2], [0]])
        self.assertEqual(batches[0].ids.tolist(), [[1, 6, 7, 8, 2], [1, 9, 9, 2, 0]])
        self.assertEqual(batches[0].mask.sum(1).tolist(), [5, 4])
        self.assertEqual(batches[0].pool[1].tolist(), [0, 0.5, 0.5, 0, 0])
        logits = [(b.ids[:, :1].astype(np.float32), b.ids[:, :, None].astype(np.float32)) for b in batches]
        with tempfile.TemporaryDirectory() as folder:
            worker.write(Path(folder) / "a", 3, batches, logits)
            tokens = np.fromfile(Path(folder) / "a.tokens", "<f4")
        self.assertEqual(tokens.tolist(), [float(i) for row in ids for i in row])


class Weights(Folder):
    def test_bytes_with_steps_become_floats_and_floats_stay(self):
        try:
            import numpy as np
            from safetensors.numpy import load_file, save_file
        except ImportError:
            self.skipTest("no numpy or no safetensors")
        from bench.floats import as_floats
        for name in ("config.json", "tokenizer.json"):
            self.file(name, "{}")
        bias = np.array([0.5, -1.5], np.float16)
        numbers = np.array([[1, -2, 3, 4], [127, 0, -127, 8]], np.int8)
        steps = np.array([[0.5, 2.0], [1.0, 0.25]], np.float32)
        save_file({"a.bias": bias}, self.dir / "model.safetensors")
        self.assertEqual(as_floats(self.dir, self.dir), self.dir)
        save_file({"a.bias": bias, "a.weight": numbers, "a.weight_scale": steps}, self.dir / "model.safetensors")
        folder = as_floats(self.dir, self.dir)
        self.assertEqual(sorted(f.name for f in folder.iterdir()), ["config.json", "model.safetensors", "tokenizer.json"])
        found = load_file(folder / "model.safetensors")
        self.assertEqual(sorted(found), ["a.bias", "a.weight"])
        self.assertEqual(found["a.bias"].tolist(), [0.5, -1.5])
        self.assertEqual(found["a.weight"].tolist(), [[0.5, -1.0, 6.0, 8.0], [127.0, 0.0, -31.75, 2.0]])


if __name__ == "__main__":
    unittest.main()
