# Nothing but make and Python 3.11 or newer is needed. Everything is installed into .venv, once.

PYTHON ?= $(shell for v in 3.13 3.12 3.11 3.14 3; do command -v python$$v >/dev/null 2>&1 && python$$v -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v python$$v; break; }; done)
VENV ?= .venv
BIN = $(VENV)/bin
# The versions that are installed, the same every time; empty for the newest that pyproject.toml allows.
CONSTRAINTS ?= constraints.txt
INSTALL = $(BIN)/python -m pip install --quiet $(if $(CONSTRAINTS),--constraint $(CONSTRAINTS))

.PHONY: posterior help replay test test-slow setup lint lint-page types types-page bench everywhere lowest wheel lock audit gallery docs clean

help:
	@echo "make replay      play the debate of 1922 against its record"
	@echo "make posterior   fit the real debates to their records again (minutes)"
	@echo "make test        run the tests"
	@echo "make setup       install into $(VENV) (the others do it by themselves)"
	@echo "make docs        build the site: docs/_build/html/index.html"
	@echo "make gallery     draw every figure for docs/reference/gallery.md"
	@echo "make lint types  check the style and the types"
	@echo "make test-slow   run the tests that take minutes"
	@echo "make bench       measure what a user waits for, and the speed beside other programs (installs them; half an hour)"
	@echo "make everywhere  run the tests with every Python 3.11+ found, and the newest packages"
	@echo "make lowest      run the tests with the oldest packages that pyproject.toml allows"
	@echo "make wheel       build what is published, and try it with each extra in a bare environment of every Python found"
	@echo "make lock audit  write constraints.txt anew; ask whether a version in it is known to be unsafe"

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found: install one, or name it as in 'make PYTHON=/path/to/python3.11 replay'"; exit 2; }
	"$(PYTHON)" -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"

$(VENV)/installed: pyproject.toml $(wildcard $(CONSTRAINTS)) | $(BIN)/python
	$(INSTALL) --editable .
	@touch $@

$(VENV)/installed-for-tests: $(VENV)/installed
	$(INSTALL) --group dev
	@touch $@

setup: $(VENV)/installed

replay: setup
	$(BIN)/sim replay

# The posteriors that travel with the real debates, of the readings that their conclusions hang on too: minutes
# of work, the same bytes every time.
posterior: setup
	$(BIN)/sim score scenarios/monopoly-1922.yaml
	$(BIN)/sim score scenarios/monopoly-1922.yaml --reading status-quo=ban
	$(BIN)/sim score scenarios/brest-1918.yaml
	$(BIN)/sim score scenarios/brest-1918.yaml --reading advance=news
	$(BIN)/sim score scenarios/brest-1918.yaml --reading advance=nothing

# Playwright keeps an event loop in the thread of its tests, so they run apart; a browser serves a file of them.
test: $(VENV)/installed-for-tests
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not slow and not browser"
	$(BIN)/python -m pytest -n auto --dist loadfile -m browser tests/web/browser
	@if command -v node >/dev/null; then node --test tests/web/page/; \
	else echo "node is not installed: where the page draws things is not tested"; fi

test-slow: $(VENV)/installed-for-tests
	$(BIN)/python -m pytest -n auto --dist worksteal -m slow $$(grep -rl mark.slow tests --include='*.py')

lint: $(VENV)/installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory lint-page; \
	else echo "npm is not installed: the page's scripts and styles are not checked"; fi

lint-page: node_modules/.package-lock.json
	npm run --silent lint

node_modules/.package-lock.json: package-lock.json
	npm ci --silent --no-audit --no-fund
	@touch $@

types: $(VENV)/installed-for-tests
	$(BIN)/mypy
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory types-page; \
	else echo "npm is not installed: the types of the page's scripts are not checked"; fi

types-page: node_modules/.package-lock.json
	npm run --silent types

$(VENV)/installed-for-bench: $(VENV)/installed
	$(INSTALL) --group bench
	@touch $@

# A site that opens from disk. Whatever it warns of, a link that leads nowhere among it, is an error.
docs: $(VENV)/installed-for-docs
	$(BIN)/python -m sphinx --quiet --fail-on-warning --keep-going --nitpicky --conf-dir docs . docs/_build/html

$(VENV)/installed-for-docs: $(VENV)/installed
	$(INSTALL) --group docs
	@touch $@

bench: $(VENV)/installed-for-bench
	$(BIN)/python -m benchmarks

everywhere:
	@for v in 3.11 3.12 3.13 3.14; do \
	  if command -v python$$v >/dev/null 2>&1 && python$$v -c 'import venv' 2>/dev/null; then \
	    echo "== Python $$v"; \
	    $(MAKE) --no-print-directory test PYTHON="$$(command -v python$$v)" VENV=.venv-$$v CONSTRAINTS= || exit 1; \
	  else echo "== Python $$v: not found"; fi; done

# What is published, as a user gets it: each extra by itself, in a bare environment, outside this folder.
EXTRAS = calibrate dask explore film viz xlsx
IMPORTED = import importlib, importlib.metadata, re, sys; \
  [importlib.import_module(re.match("[a-z0-9-]+", one)[0].replace("-", "_")) \
  for one in importlib.metadata.requires("policy-debate-sim") if f"extra == {sys.argv[1]!r}" in one]
wheel: $(BIN)/python
	rm -rf dist
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .
	@set -e; wheel=$$(ls "$$PWD"/dist/*.whl); tried="$$PWD/.venv-wheel/bin"; cd dist; \
	for v in 3.11 3.12 3.13 3.14; do \
	  if command -v python$$v >/dev/null 2>&1 && python$$v -c 'import venv' 2>/dev/null; then \
	    for extra in "" $(EXTRAS); do \
	      echo "== Python $$v [$$extra]"; \
	      python$$v -m venv --clear ../.venv-wheel; \
	      "$$tried/python" -m pip install --quiet "$$wheel$${extra:+[$$extra]}"; \
	      "$$tried/python" -c '$(IMPORTED)' "$$extra"; \
	      "$$tried/sim" --version; \
	      "$$tried/sim" replay library-sunday --runs 64 --quiet; \
	    done; \
	  else echo "== Python $$v: not found"; fi; done

# uv finds versions for every system and Python at once, and the oldest; pip does the rest.
.venv-lock/bin/uv:
	"$(PYTHON)" -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet uv pip-audit

lock: .venv-lock/bin/uv
	.venv-lock/bin/uv lock --quiet --upgrade
	.venv-lock/bin/uv export --quiet --all-extras --all-groups --no-emit-project --no-hashes --no-header --no-annotate \
	  --output-file constraints.txt
	rm uv.lock

audit: $(VENV)/installed-for-tests .venv-lock/bin/uv
	.venv-lock/bin/pip-audit --path $(wildcard $(VENV)/lib/python3*/site-packages) --skip-editable

# The oldest packages call what the newest of those that they need in turn have deprecated.
lowest: .venv-lock/bin/uv
	.venv-lock/bin/uv venv --quiet --clear --python "$(PYTHON)" .venv-lowest
	.venv-lock/bin/uv pip install --quiet --python .venv-lowest/bin/python --resolution lowest-direct --editable . --group dev
	.venv-lowest/bin/python -m pytest -n auto --dist worksteal -m "not slow and not browser" -W ignore::DeprecationWarning

gallery: setup
	$(BIN)/sim replay
	$(BIN)/sim whatif lenin-in-the-room
	$(BIN)/sim whatif --all
	$(BIN)/sim attribute december-rescission
	$(BIN)/sim tipping december-rescission --over deference-weight
	$(BIN)/sim tipping december-rescission --over deference-weight --and letter-receptiveness
	$(BIN)/sim power central-committee
	$(BIN)/sim calibrate --particles 512 --independent-runs 2
	$(BIN)/sim score
	$(BIN)/sim compare --particles 256 --independent-runs 1
	$(BIN)/sim sensitivity
	$(BIN)/python docs/gallery.py

clean:
	rm -rf $(VENV) .venv-* node_modules docs/_build dist outputs/*-* .pytest_cache .mypy_cache .ruff_cache
