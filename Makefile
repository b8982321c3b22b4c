# `make` alone lists the targets. CARGO_TARGET_DIR, LIBTORCH and LIBTORCH_USE_PYTORCH
# of the environment are respected.

CARGO ?= cargo
CARGO_FLAGS ?= --locked
TORCH := --features torch
VERACITY := $(or $(CARGO_TARGET_DIR),target)/release/veracity
SAMPLE := data/sample
OUT := out
# Folder of the public sets that eval-reliability measures on.
VERACITY_RELIABILITY ?= shared/data/reliability

.DEFAULT_GOAL := help
.PHONY: help demo test test-browser fmt lint unit doc scripts fuzz bench-peers eval-reliability libtorch encoder train clean distclean
# Cargo uses all cores by itself: under `make -j` the targets still take turns, and
# cargo is not told of a job server that it cannot reach.
.NOTPARALLEL:
unexport MAKEFLAGS MFLAGS

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' Makefile

demo: ## build, label the sample articles, show one, score all against their gold labels
	$(CARGO) build --release $(CARGO_FLAGS)
	@mkdir -p $(OUT)
	$(VERACITY) label $(SAMPLE)/articles.jsonl $(SAMPLE)/*.txt -o $(OUT)/sample.jsonl
	$(VERACITY) label $(firstword $(sort $(wildcard $(SAMPLE)/*.txt))) --format table
	$(VERACITY) evaluate --gold $(SAMPLE)/gold.jsonl --pred $(OUT)/sample.jsonl --html $(OUT)/report.html
	@echo "The labelled sentences are in $(OUT)/sample.jsonl, one JSON object a line; the scores with plots in $(OUT)/report.html."

test: scripts libtorch fmt lint unit doc ## everything that CI checks (fetches libtorch first)

# lint, unit and doc share one profile and one set of features, so that torch-sys
# compiles its C++ once for all of them.
fmt: ## check the formatting
	$(CARGO) fmt --check

lint: libtorch ## clippy on every target, warnings are errors
	$(CARGO) clippy $(CARGO_FLAGS) --all-targets $(TORCH) -- -D warnings

unit: libtorch ## unit, integration and documentation tests
	$(CARGO) test $(CARGO_FLAGS) $(TORCH)

doc: libtorch ## build the documentation, warnings are errors
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc $(CARGO_FLAGS) --no-deps $(TORCH)

scripts: ## test the set-up scripts, and the peers' bench as far as it goes without peers
	scripts/test-setup.sh
	python3 benches/peers/test.py

test-browser: ## test the pages in Chromium (ARGS=FOLDER: and take pictures); skipped where there is none
	$(CARGO) build --release $(CARGO_FLAGS)
	scripts/test-browser.sh $(VERACITY) $(ARGS)

bench-peers: ## time veracity beside other engines (ARGS="--rounds 3 --input FILE"; see benches/peers)
	$(CARGO) build --release $(CARGO_FLAGS)
	benches/peers/run.py --veracity $(VERACITY) $(ARGS)

fuzz: ## fuzz readers, segmenter, model files, manifests and rows (SECONDS=60 each)
	scripts/fuzz.sh $(or $(SECONDS),60)

libtorch: ## fetch the slim libtorch into .libtorch, unless it is there or LIBTORCH is set
	@scripts/setup-libtorch.sh

encoder: ## fetch the base encoder into .encoder, unless it is there
	@scripts/setup-encoder.sh

train: ## fetch what is needed and train veracity-small again (VERACITY_DATA names the labelled rows)
	scripts/train-small.sh

eval-reliability: ## print the figures of the reliability model beside their targets (VERACITY_RELIABILITY names the sets)
	$(CARGO) run --release $(CARGO_FLAGS) --example eval_reliability -- $(VERACITY_RELIABILITY)

clean: ## remove what was built, and the demo's output
	$(CARGO) clean
	rm -rf $(OUT)

distclean: clean ## and the libtorch, the encoder, the articles and the peers that were fetched
	rm -rf .libtorch .encoder .corpus .peers
