#!/usr/bin/env bash
# Trains models/veracity-small again, with the commands that made it.
#   scripts/train-small.sh DATA [OUT]     DATA holds the labelled rows (docs/training.md)
set -eu
data=${1:-${VERACITY_DATA:?name the folder of the labelled rows: scripts/train-small.sh DATA}}
out=${2:-runs/veracity-small}
cd "$(dirname "$0")/.."
cargo build --release --features torch
veracity="${CARGO_TARGET_DIR:-target}/release/veracity"

dev=("$data/newsdiscourse.dev.jsonl.gz" "$data/gum_news.dev.jsonl.gz" "$data/polnear.dev.docs.jsonl.gz")
rows=("$data/newsdiscourse.train.jsonl.gz" "$data/basil.jsonl.gz"
    "$data/polnear.train.docs.jsonl.gz" "$data/polnear.train.jsonl.gz" data/train/articles.jsonl)

# OUT ENCODER OPTIONS...: what both stages share. After an interruption it goes on.
stage() {
    "$veracity" train --resume --dev "${dev[@]}" --label-field label_adj --firm-field adj_firm \
        --out "$1" --encoder "$2" --last-layer --lone 0.15 --balance 0.3 \
        --precision bf16 --threads 1 --seed 0 --train "${rows[@]}" "${@:3}"
}
set -x
# Everything, the quick readings of PolNeAR and BASIL included; then twice more without them,
# with the articles and the reported statements that were written last, and a third of the
# weights kept.
stage "$out-1" .encoder/all-MiniLM-L6-v2 data/train/readings.jsonl.gz --epochs 4 --lr 2e-4 --token-weight 3
stage "$out" "$out-1" data/train/written.jsonl data/train/reported.jsonl --epochs 2 --lr 1e-4 \
    --head-lr 5e-4 --token-weight 4 --keep 0.333
