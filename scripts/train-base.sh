#!/usr/bin/env bash
# Trains models/veracity-base again, with the commands that made it.
#   scripts/train-base.sh DATA [OUT]     DATA holds the labelled rows (docs/training.md)
set -eu
data=${1:-${VERACITY_DATA:?name the folder of the labelled rows: scripts/train-base.sh DATA}}
out=${2:-runs/veracity-base}
cd "$(dirname "$0")/.."
scripts/setup-libtorch.sh
scripts/setup-teacher.sh
cargo build --release --features torch
veracity="${CARGO_TARGET_DIR:-target}/release/veracity"

dev=("$data/newsdiscourse.dev.jsonl.gz" "$data/gum_news.dev.jsonl.gz")
rows=("$data/newsdiscourse.train.jsonl.gz"
    data/train/articles.jsonl data/train/written.jsonl data/train/reported.jsonl)

# OUT ENCODER OPTIONS...: what both stages share. After an interruption it goes on.
stage() {
    "$veracity" train --resume --label-field label_adj --firm-field adj_firm \
        --out "$1" --encoder "$2" --last-layer --lone 0.1 --balance 0.3 --head-lr 5e-4 \
        --precision bf16 --threads 2 --seed 0 "${@:3}"
}
set -x
# Labels, from the first nine layers of the encoder; both heads, with PolNeAR's spans; and, since
# weights on int8's steps move what the token head reads, that head again on a third of PolNeAR,
# with the encoder all but held still (PolNeAR's documents teach no labels).
stage "$out-1" .encoder/all-mpnet-base-v2 --layers 9 --train "${rows[@]}" --dev "${dev[@]}" \
    --epochs 3 --lr 5e-5 --token-weight 1
dev+=("$data/polnear.dev.docs.jsonl.gz")
stage "$out-2" "$out-1" --train "${rows[@]}" "$data/polnear.train.docs.jsonl.gz" --dev "${dev[@]}" \
    --epochs 1 --lr 3e-5 --token-weight 4
gunzip -c "$data/polnear.train.docs.jsonl.gz" | awk 'NR % 3 == 1' >"$out-2/third.jsonl"
stage "$out" "$out-2" --train "$out-2/third.jsonl" --dev "${dev[@]}" \
    --epochs 1 --lr 1e-9 --token-weight 4
