# Everything a person needs: make demo, make ask q="...", make test, make check, make bench,
# make bench-slack home=FOLDER, make bench-index home=FOLDER.

PYTHON ?= python3
BIN := .venv/bin
export q
question := What was agreed with Sung Kim?

.PHONY: demo ask test check bench bench-index bench-slack clean

demo: .venv/installed
	@$(BIN)/pincite index corpus/samples
	@$(BIN)/pincite ask "$(question)"

ask: .venv/installed
	@$(BIN)/pincite ask "$$q"

test: .venv/dev
	$(BIN)/python -m pytest

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

# Our own modules are compiled once here, so that a question does not pay for it.
.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	$(BIN)/python -m compileall -q bot corpus embeddings retriever
	@touch $@

.venv/dev: .venv/installed
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	@touch $@

clean:
	rm -rf .venv .pincite
