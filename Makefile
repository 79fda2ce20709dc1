# demo, test, test-long, test-lowest, test-newest, test-cli, chaos, bench, generate, golden-state, pictures, docs, dist, lint, format, clean:
# the only commands anyone has to know.
# Each sets up what it needs in .venv, once; PYTHON names the interpreter that makes it (3.10 or newer).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LOWEST := .venv-lowest
NEWEST := .venv-newest
SOURCES := provider tests tools benchmarks examples templates
# What .ci/install-tools puts there: the tests of scripts, workflows and alert rules need it.
export PATH := $(CURDIR)/.tools/bin:$(PATH)

.PHONY: demo test test-long test-lowest test-newest test-cli chaos bench generate golden-state pictures docs dist lint format clean

demo: $(READY)
	@$(BIN)/python tools/demo.py

test: lint
	$(BIN)/pytest -n auto --dist worksteal -m "not long"

test-long: lint
	$(BIN)/pytest -n auto --dist worksteal

# The lowest versions that pyproject.toml allows, in an environment of their own. They have wheels for Python 3.10 and 3.11 on Linux;
# tools/lowest.py says how their pins are made. TESTS names a part: make test-lowest TESTS=tests/unit
# The recordings of the engine stay out: they were made with one version of Pulumi's SDK, and hold the local engine, not our dependencies. So
# do the pictures, which one version of rich draws.
TESTS ?= tests
NOT_RECORDED := --ignore tests/engine/test_traces.py --ignore tests/unit/tools/test_pictures.py
test-lowest: $(LOWEST)/.ready
	$(LOWEST)/bin/pytest -n auto --dist worksteal -m "not long" $(NOT_RECORDED) --ignore tests/docs/test_site.py $(TESTS)

# The newest versions that pyproject.toml allows; the pins of `make test` are not asked. Made anew each time, since they change by themselves.
test-newest:
	$(PYTHON) -m venv --clear $(NEWEST)
	$(NEWEST)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	$(NEWEST)/bin/pytest -n auto --dist worksteal -m "not long" $(NOT_RECORDED) \
		--deselect tests/packaging/test_dependencies.py $(TESTS)

# The programs of the tests on the Pulumi CLI, which must be on PATH.
test-cli: $(READY)
	PULUMI_ENGINE=cli $(BIN)/pytest -n auto --dist worksteal -m "not long" tests/engine tests/packaging

# Every fault at every call of AWS, against the page that docs/reference/faults.md is; then each protection is taken out, and must be missed.
# With WRITE=1 the page is written anew.
chaos: $(READY)
	$(BIN)/python -m tests.chaos $(if $(WRITE),--write)
	$(BIN)/python -m tests.chaos.mutations

# The figures of docs/explanation/speed.md. With WRITE=1 that page is written anew, with its chart; NAMES picks some: make bench NAMES=drift
bench: $(READY)
	$(BIN)/python -m benchmarks $(NAMES) $(if $(WRITE),--write)

# The documentation as a site, in docs/_build; a warning or a broken link is an error.
docs: $(READY)
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going docs docs/_build

# Everything that is written from schema.json and other tables: types, constructors, reference pages.
generate: $(READY)
	PYTHONPATH=tools $(BIN)/python -m generate

# States as this version writes them, which every later version has to read: make golden-state NAME=2026-12-24-what-is-new
golden-state: $(READY)
	$(BIN)/python tests/upgrades/record.py "$${NAME:?is missing, such as NAME=2026-12-24-what-is-new}"

# The pictures of the documentation, from real runs: those that are out of date, or with ALL=1 all of them. Needs a Chromium on PATH.
pictures: $(READY)
	PYTHONPATH=tools $(BIN)/python -m pictures $(if $(ALL),--all)

# The wheel, the sdist and a bill of materials of the commit, in dist/: built twice, compared, installed where nothing else is, and tried.
# With a tag it fails unless the version is the tag's: make dist TAG=v1.2.3
dist: $(READY)
	$(BIN)/python tools/dist.py $${TAG:+--tag "$$TAG"}

lint: $(READY)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy

format: $(READY)
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/python tools/wrap.py

# Everything is installed from the pinned versions and hashes, then the package itself without looking any further.
$(READY): constraints.txt pyproject.toml
$(LOWEST)/.ready: constraints-lowest.txt pyproject.toml
$(READY) $(LOWEST)/.ready:
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(filter %.txt,$^)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf $(VENV) $(LOWEST) $(NEWEST) .tools .mypy_cache .pytest_cache .ruff_cache .hypothesis docs/_build
