#!/usr/bin/env bash
# Builds the fuzz targets and runs each for SECONDS (60 when nothing is said); a crash
# ends the script, with its input in fuzz/artifacts. Needs a C++ compiler, but neither
# nightly Rust nor cargo-fuzz: libfuzzer-sys brings libFuzzer, and all flags are stable.
#
#   scripts/fuzz.sh [SECONDS] [TARGET...]
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/.."
seconds=${1:-60}
shift || true
[ $# -gt 0 ] || set -- readers segmenter model
host=$(rustc -vV | sed -n 's/^host: //p')

# A target of its own keeps build scripts and macros free of the flags.
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares"
export CARGO_TARGET_DIR=${FUZZ_TARGET_DIR:-fuzz/target}
cargo build --release --manifest-path fuzz/Cargo.toml --target "$host"
unset RUSTFLAGS

# What the files of the tests hold, behind the byte that chooses how they are read.
seed() {
  local corpus=fuzz/corpus/$1 byte=$2 file
  shift 2
  mkdir -p "$corpus"
  for file in "$@"; do
    { printf "$byte"; head -c 60000 "$file"; } > "$corpus/${file//\//_}-${byte#\\x}"
  done
}
formats=tests/fixtures/formats
seed readers '\x00' $formats/*.gz $formats/*.zst data/sample/*.txt
seed readers '\x02' data/sample/articles.jsonl
seed readers '\x03' $formats/*.csv
seed readers '\x04' $formats/*.tsv
seed readers '\x05' $formats/*.parquet
seed readers '\x06' $formats/*.html
seed readers '\x07' $formats/*.warc
seed segmenter '\x20' data/sample/*.txt
seed model '\x00' models/*/config.json tests/fixtures/*/config.json
seed model '\x01' tests/fixtures/*/model.safetensors

for target in "$@"; do
  mkdir -p "fuzz/artifacts/$target"
  "$CARGO_TARGET_DIR/$host/release/$target" "fuzz/corpus/$target" -max_total_time="$seconds" -timeout=10 \
    -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 -artifact_prefix="fuzz/artifacts/$target/"
done
