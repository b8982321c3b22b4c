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
[ $# -gt 0 ] || set -- readers segmenter label model manifest rows
host=$(rustc -vV | sed -n 's/^host: //p')

# A target of its own keeps build scripts and macros free of the flags.
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares"
export CARGO_TARGET_DIR=${FUZZ_TARGET_DIR:-fuzz/target}
cargo build --release --locked --manifest-path fuzz/Cargo.toml --target "$host"
unset RUSTFLAGS

# Targets that need files make them in memory where that is possible.
[ -w /dev/shm ] && export TMPDIR=/dev/shm

# What the files of the tests and fuzz/seeds hold, behind the byte that chooses how they are
# read. Each of `then` follows behind a byte of 255.
seed() {
  local corpus=fuzz/corpus/$1 byte=$2 file more
  shift 2
  mkdir -p "$corpus"
  for file in "$@"; do
    {
      printf "$byte"
      head -c 60000 "$file"
      for more in ${then:-}; do printf '\xff'; cat "$more"; done
    } > "$corpus/${file//\//_}-${byte#\\x}"
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
seed label '\x20' data/sample/*.txt fuzz/seeds/text.txt
seed model '\x00' models/*/config.json tests/fixtures/*/config.json
seed model '\x01' tests/fixtures/*/model.safetensors
seed manifest '\x00' fuzz/seeds/manifest*.json
# Parts by format, with a row a sentence and a row an article.
seed manifest '\x80' fuzz/seeds/sentence.jsonl
seed manifest '\x81' fuzz/seeds/sentence.jsonl.gz
seed manifest '\x83' fuzz/seeds/sentence.csv
seed manifest '\x85' fuzz/seeds/sentence.csv.zst
seed manifest '\x86' fuzz/seeds/sentence.parquet
seed manifest '\x87' fuzz/seeds/article.jsonl
seed manifest '\x8a' fuzz/seeds/article.csv
seed manifest '\x8d' fuzz/seeds/article.parquet
# Rows for report and sources, then gold of each format.
then='fuzz/seeds/sentence.jsonl fuzz/seeds/text.txt'
seed rows '\x00' fuzz/seeds/sentence.jsonl
seed rows '\x01' fuzz/seeds/sentence.jsonl*
seed rows '\x02' fuzz/seeds/sentence.jsonl
seed rows '\x03' fuzz/seeds/sentence.csv
seed rows '\x04' fuzz/seeds/gold.tsv
seed rows '\x05' fuzz/seeds/gold-label-studio.json
seed rows '\x06' fuzz/seeds/gold-doccano.jsonl
seed rows '\x07' fuzz/seeds/gold-prodigy.jsonl
seed rows '\x08' fuzz/seeds/gold.conll
seed rows '\x09' fuzz/seeds/gold.conllu
seed rows '\x0a' fuzz/seeds/gold.ann

for target in "$@"; do
  mkdir -p "fuzz/artifacts/$target"
  # A model takes its time, the more so with counters in its sums.
  length=65536
  [ "$target" != label ] || length=400
  # CI judges a change, and so takes the same steps each time; else they are new ones.
  "$CARGO_TARGET_DIR/$host/release/$target" "fuzz/corpus/$target" -max_total_time="$seconds" ${CI:+-seed=1} -timeout=25 \
    -rss_limit_mb=2048 -max_len=$length -print_final_stats=1 -artifact_prefix="fuzz/artifacts/$target/"
done
