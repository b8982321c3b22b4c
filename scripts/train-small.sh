#!/usr/bin/env bash
# Trains models/veracity-small again, with the commands that made it.
#   scripts/train-small.sh DATA [OUT]     DATA holds the labelled rows (docs/training.md)
set -eu
data=${1:-${VERACITY_DATA:?name the folder of the labelled rows: scripts/train-small.sh DATA}}
out=${2:-runs/veracity-small}
cd "$(dirname "$0")/.."
scripts/setup-libtorch.sh
scripts/setup-encoder.sh
scripts/setup-unlabelled.sh
scripts/setup-newswire.sh
scripts/setup-webnews.sh
cargo build --release --features torch
veracity="${CARGO_TARGET_DIR:-target}/release/veracity"

dev=("$data/newsdiscourse.dev.jsonl.gz" "$data/gum_news.dev.jsonl.gz" "$data/polnear.dev.docs.jsonl.gz")
rows=("$data/newsdiscourse.train.jsonl.gz" "$data/basil.jsonl.gz"
    "$data/polnear.train.docs.jsonl.gz" "$data/polnear.train.jsonl.gz" data/train/articles.jsonl)

# OUT ENCODER OPTIONS...: what all stages share. After an interruption it goes on.
stage() {
    "$veracity" train --resume --dev "${dev[@]}" --label-field label_adj --firm-field adj_firm \
        --out "$1" --encoder "$2" --last-layer --lone 0.15 --balance 0.3 --seed 0 "${@:3}"
}
# What veracity-base makes of $made/NAME.articles.jsonl; an article that is refused is not taught.
teach() {
    [ -f "$made/$1.taught.jsonl" ] || "$veracity" label --model models/veracity-base --precision int8 --quiet \
        "$made/$1.articles.jsonl" -o "$made/$1.taught.jsonl" || [ $? = 2 ]
}
set -x
# Everything, the quick readings of PolNeAR and BASIL included; then twice more without them,
# with the articles and the reported statements that were written last, and a third of the
# weights kept.
stage "$out-1" .encoder/all-MiniLM-L6-v2 --train "${rows[@]}" data/train/readings.jsonl.gz \
    --precision bf16 --threads 1 --epochs 4 --lr 2e-4 --token-weight 3
stage "$out-2" "$out-1" --train "${rows[@]}" data/train/written.jsonl data/train/reported.jsonl \
    --precision bf16 --threads 1 --epochs 2 --lr 1e-4 --head-lr 5e-4 --token-weight 4 --keep 0.333
# Then what veracity-base makes of the same articles, of a third of PolNeAR's and of the BBC's; once
# more with the other two thirds and with newswire; and with all of PolNeAR, news of many outlets and
# short newswire.
made=$out-taught
mkdir -p "$made"
scripts/to_articles.py "$data/newsdiscourse.train.jsonl.gz" "$made/nd.articles.jsonl"
scripts/to_articles.py "$data/basil.jsonl.gz" "$made/basil.articles.jsonl"
cp .corpus/bbc/articles.jsonl "$made/bbc.articles.jsonl"
cp .corpus/reuters/articles.jsonl "$made/reuters.articles.jsonl"
cp .corpus/reuters/briefs.jsonl "$made/briefs.articles.jsonl"
cp .corpus/webnews/articles.jsonl "$made/webnews.articles.jsonl"
part() { # NAME CONDITION: of PolNeAR's documents
    gunzip -c "$data/polnear.train.docs.jsonl.gz" | awk "$2" >"$made/$1.docs.jsonl"
    grep -o '"doc_id": "[^"]*"' "$made/$1.docs.jsonl" >"$made/$1.ids"
    gunzip -c "$data/polnear.train.jsonl.gz" | grep -F -f "$made/$1.ids" >"$made/$1.jsonl"
    scripts/to_articles.py "$made/$1.jsonl" "$made/$1.articles.jsonl"
}
part third 'NR % 3 == 1'
part rest 'NR % 3 != 1'
for set in nd basil third rest bbc reuters webnews briefs; do teach $set; done
for set in bbc reuters webnews briefs; do
    scripts/to_rows.py "$made/$set.taught.jsonl" "$made/$set.articles.jsonl" "$made/$set.jsonl"
done
# OUT ENCODER SETS OPTIONS...: of PolNeAR's rows those of SETS, and what is unlabelled of it.
distil() {
    local rows=() unlabelled=() teacher=() set
    for set in nd basil $3; do teacher+=("$made/$set.taught.jsonl"); done
    for set in $3; do
        case $set in
            third | rest) rows+=("$made/$set.docs.jsonl" "$made/$set.jsonl") ;;
            *) unlabelled+=("$made/$set.jsonl") ;;
        esac
    done
    stage "$1" "$2" --train "$data/newsdiscourse.train.jsonl.gz" "$data/basil.jsonl.gz" "${rows[@]}" \
        data/train/articles.jsonl data/train/written.jsonl data/train/reported.jsonl "${unlabelled[@]}" \
        --teacher "${teacher[@]}" \
        --precision f32 --threads 2 --head-lr 5e-4 --token-weight 4 "${@:4}"
}
# Labels tell the third stage's epochs apart by less than chance, so spans choose.
dev=("$data/polnear.dev.docs.jsonl.gz")
distil "$out-3" "$out-2" "third bbc" --lr 1.5e-4 --epochs 2 --keep 0.333
distil "$out-4" "$out-3" "rest reuters" --lr 1.5e-4 --epochs 1 --keep 0.5
distil "$out" "$out-4" "rest third webnews briefs" --lr 2e-4 --epochs 1 --keep 0.2
