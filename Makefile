# Everything a person needs: make demo, make ask q="...", make test, make test-slow, make check,
# make bench, make bench-slack home=FOLDER, make bench-index home=FOLDER,
# make train-reranker documents=FOLDER.

PYTHON ?= python3
BIN := .venv/bin
export q
question := What was agreed with Sung Kim?

.PHONY: demo ask languages test test-slow check bench bench-index bench-slack train-reranker lock sbom clean

demo: .venv/installed
	@$(BIN)/pincite index corpus/samples
	@$(BIN)/pincite ask "$(question)"

ask: .venv/installed
	@$(BIN)/pincite ask "$$q"

# All that decides behaviour, on all processors; a bare pytest runs the same on one.
test: .venv/dev
	$(BIN)/python -m pytest -n auto --dist worksteal

# Crashes, fuzzing, programs as processes, large loads.
test-slow: .venv/dev
	$(BIN)/python -m pytest -n auto --dist worksteal -m slow

check: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/dev
	$(BIN)/python tests/bench.py $(folders)

bench-index: .venv/dev
	$(BIN)/python tests/bench_index.py $(home) $(passages)

bench-slack: .venv/dev
	$(BIN)/python tests/bench_slack.py $(home)

# The reranker that ships, anew: about an hour on two cores. `documents` is the folder of the corpora
# that the questions name, `more` are further files of questions, and `place` keeps what comes between;
# its training.log shows how far it is.
place ?= dist/training
QUESTIONS = $(filter-out %/other_languages.jsonl,$(wildcard embeddings/training/questions/*.jsonl))

train-reranker: .venv/dev
	$(BIN)/python -m embeddings.training.split $(place) $(QUESTIONS) $(more)
	$(BIN)/python -m retriever.evaluation.candidates $(place)/candidates.jsonl $(place)/train/*.jsonl \
	    --corpora $(documents) --home $(place)/home
	$(BIN)/python -m embeddings.training.train $(place)/weights.pt $(place)/candidates.jsonl > $(place)/training.log
	$(BIN)/python -m embeddings.training.quantised_graph $(place)/weights.pt embeddings/shipped
	$(BIN)/pincite --home $(place)/home calibrate $(place)/fit/*.jsonl --corpora $(documents) \
	    --output retriever/index/calibration_reranked.json

# Exactly the versions that were tested, each file compared with its hash, and none that runs a
# program to be installed. Our own modules are compiled once, so that a question does not pay for it.
HASHED := pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes
PINNED := $(BIN)/$(HASHED)
TORCH ?= cpu
PYTORCH := https://download.pytorch.org/whl/cpu

.venv/installed: pyproject.toml constraints.txt constraints/torch-cpu.txt constraints/torch-cuda.txt
	$(PYTHON) -m venv .venv
	$(PINNED) -r constraints.txt
	$(PINNED) -r constraints/torch-$(TORCH).txt 2> /dev/null || \
	$(PINNED) -r constraints/torch-$(TORCH).txt --extra-index-url $(PYTORCH) || \
	{ echo "No torch for processors: see whether $(PYTORCH) can be reached, or take the build for" \
	    "graphics cards, some GB larger, with make TORCH=cuda."; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/pip check
	$(BIN)/python -m compileall -q bot corpus embeddings retriever
	@touch $@

# The model for questions in other languages than that of the documents: [search] languages.
languages: .venv/installed
	$(PINNED) -r constraints/languages.txt

.venv/dev: .venv/installed constraints/languages.txt constraints/dev.txt
	$(PINNED) -r constraints/languages.txt -r constraints/dev.txt
	@touch $@

# The exact versions, anew, from the bounds in pyproject.toml; wants uv on the path, and takes newer
# ones only with options="--upgrade" or options="--upgrade-package NAME".
lock:
	$(PYTHON) deploy/lock.py $(options)

# A bill of materials in the form of CycloneDX: each installed package with its version and licence.
sbom: .venv/installed
	$(PYTHON) -m venv .venv/sbom
	.venv/sbom/bin/$(HASHED) -r constraints/sbom.txt
	@mkdir -p dist
	.venv/sbom/bin/cyclonedx-py environment --pyproject pyproject.toml --mc-type application \
	    --output-reproducible --output-file dist/sbom.cdx.json .venv

clean:
	rm -rf .venv .pincite dist
