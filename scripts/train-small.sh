#!/usr/bin/env bash
# Trains models/veracity-small again, with the command that made it.
#   scripts/train-small.sh DATA [OUT]     DATA holds the labelled rows (docs/training.md)
set -eu
data=${1:-${VERACITY_DATA:?name the folder of the labelled rows: scripts/train-small.sh DATA}}
out=${2:-runs/veracity-small}
cd "$(dirname "$0")/.."
cargo build --release --features torch
set -x
"${CARGO_TARGET_DIR:-target}/release/veracity" train \
    --train "$data/newsdiscourse.train.jsonl.gz" "$data/basil.jsonl.gz" \
    "$data/polnear.train.docs.jsonl.gz" "$data/polnear.train.jsonl.gz" \
    --dev "$data/newsdiscourse.dev.jsonl.gz" "$data/gum_news.dev.jsonl.gz" "$data/polnear.dev.docs.jsonl.gz" \
    --label-field label_adj --firm-field adj_firm \
    --encoder .encoder/all-MiniLM-L6-v2 --out "$out" \
    --epochs 4 --precision bf16 --threads 2 --seed 0
