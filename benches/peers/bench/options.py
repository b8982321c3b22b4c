"""The command line."""

import argparse
import os
from pathlib import Path


def positive(text):
    n = int(text)
    if n < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return n


def parse(argv, root):
    p = argparse.ArgumentParser(
        prog="benches/peers/run.py",
        description="Times veracity beside transformers, ONNX Runtime, CTranslate2, OpenVINO, candle, rten and "
                    "rust-bert: the same weights, the same sentences, taken in turn.",
        epilog="Leave the machine alone while it runs: other load makes the figures worthless.")
    p.add_argument("--input", metavar="FILE", type=Path, default=root / "data/sample/gold.jsonl",
                   help="sentences as JSON lines, .gz allowed: \"text\", and \"article\" or \"doc_id\" and \"title\" "
                        "if known, in the order of the articles [default: data/sample/gold.jsonl]")
    p.add_argument("--sentences", metavar="N", type=positive, default=2000,
                   help="how many to time; repeated, or cut off, to this number [default: 2000]")
    p.add_argument("--model", metavar="DIR", type=Path, default=root / "models/veracity-small",
                   help="model folder [default: models/veracity-small]")
    p.add_argument("--threads", metavar="N", type=positive, default=len(os.sched_getaffinity(0)),
                   help="threads of each engine [default: one for each core]")
    p.add_argument("--rounds", metavar="N", type=positive, default=5,
                   help="timed rounds; each engine runs once a round [default: 5]")
    p.add_argument("--only", metavar="WORD", action="append", default=[],
                   help="only peers with WORD in the name, such as onnx or int8; can be given several times")
    p.add_argument("--peers-only", action="store_true", help="leave veracity out")
    p.add_argument("--veracity", metavar="PROGRAM", type=Path,
                   default=Path(os.environ.get("CARGO_TARGET_DIR") or root / "target") / "release/veracity",
                   help="the program to time [default: target/release/veracity]")
    p.add_argument("--json", metavar="FILE", type=Path, help="also write everything measured to this file")
    return p.parse_args(argv)
