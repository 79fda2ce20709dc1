# demo, test, test-long, bench, lint, format, clean: the only commands anyone has to know.
# Each sets up what it needs in .venv, once; PYTHON names the interpreter that makes it (3.10 or newer).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SOURCES := provider tests tools benchmarks examples

.PHONY: demo test test-long bench lint format clean

demo: $(READY)
	@$(BIN)/python tools/demo.py

test: lint
	$(BIN)/pytest -n auto --dist worksteal -m "not long"

test-long: lint
	$(BIN)/pytest -n auto --dist worksteal

bench: $(READY)
	$(BIN)/python -m benchmarks

lint: $(READY)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy

format: $(READY)
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

# Everything is installed from the pinned versions and hashes, then the package itself without looking any further.
$(READY): constraints.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis
