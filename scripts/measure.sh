#!/usr/bin/env bash
# Scores a model on development files as docs/model.md quotes them.
#   scripts/measure.sh DATA [MODEL]     DATA holds newsdiscourse.dev.jsonl.gz and the others
set -eu
data=${1:?usage: scripts/measure.sh DATA [MODEL]}
model=${2:-models/veracity-small}
veracity=${VERACITY:-target/release/veracity}
here=$(dirname "$0")
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

label() { # NAME FILE [--lone]
    name=$1 file=$2
    shift 2
    "$here/to_articles.py" "$data/$file" "$tmp/$name.articles.jsonl" --gold "$tmp/$name.gold.jsonl" "$@"
    "$veracity" label "$tmp/$name.articles.jsonl" -o "$tmp/$name.jsonl" --model "$model" --quiet
}

score() { # HEADING NAME [OPTIONS]
    printf '\n== %s\n' "$1"
    name=$2
    shift 2
    "$veracity" evaluate --gold "$tmp/$name.gold.jsonl" --pred "$tmp/$name.jsonl" "$@"
}

for set in newsdiscourse.dev gum_news.dev; do
    label $set $set.jsonl.gz
    score "$set, firm" $set --label-field label_adj --only adj_firm=true
    score "$set, all" $set --label-field label_adj
done
score 'newsdiscourse.dev, label_human' newsdiscourse.dev --label-field label_human
for set in newsdiscourse.dev gum_news.dev; do
    label $set.lone $set.jsonl.gz --lone
    score "$set, firm, lone sentences" $set.lone --label-field label_adj --only adj_firm=true
    score "$set, all, lone sentences" $set.lone --label-field label_adj
done
label polnear.dev polnear.dev.docs.jsonl.gz
score 'polnear.dev, spans' polnear.dev
