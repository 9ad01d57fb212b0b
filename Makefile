# Needs Python 3.11 or newer and make. `make help` lists what it does.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PORT ?= 8000
JOBS ?= 2
PYTEST_ARGS ?=

BIN := .venv/bin
STAMP := .venv/.installed
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --constraint constraints.txt

.PHONY: help demo test check fix docs bench serve system

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(STAMP) ## value the packaged list of US miners' sites and write a page
	@$(BIN)/wattworth value us-miners --draws 2000 --out build/demo

test: $(STAMP) ## check, then every test (with CI=true a missing tool fails)
	@if [ "$${CI:-}" = true ]; then $(MAKE) system; fi
	@$(MAKE) check
	@$(BIN)/python -m pytest -q -n $(JOBS) $(PYTEST_ARGS)

check: $(STAMP) ## style, types, and the floors of the house
	@failed=; for tool in 'ruff check --quiet .' 'ruff format --check .' 'basedpyright --level error' \
	    'lint-imports --no-logo'; do $(BIN)/$$tool || failed="$$failed $${tool%% *}"; done; \
	[ -z "$$failed" ] || { echo "failed:$$failed (make fix repairs what ruff can)" >&2; exit 1; }

fix: $(STAMP) ## repair style and layout, and write the generated pages again
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .
	@$(BIN)/python tools/build_reference.py
	@$(BIN)/python tools/build_catalogue.py
	@$(BIN)/python tools/build_tutorial.py

docs: $(STAMP) ## generate the reference pages and build the site into build/docs
	@$(BIN)/python tools/build_reference.py
	@$(BIN)/python tools/build_tutorial.py
	@$(BIN)/mkdocs build --quiet --strict
	@echo build/docs/index.html

bench: $(STAMP) ## time and memory, one table per file in bench/
	@for file in bench/*.py; do $(BIN)/python "$$file"; done

serve: $(STAMP) ## show the page of the demo at 127.0.0.1:PORT (8000)
	@[ -n "$$(find build/demo -name '*.html' -print -quit 2>/dev/null)" ] || $(MAKE) demo
	@find build/demo -name '*.html' -printf 'http://127.0.0.1:$(PORT)/%P\n'
	@$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory build/demo

system: ## install the programs the browser tests need (Debian, as root)
	@bash tools/system.sh

$(STAMP): pyproject.toml constraints.txt
	@command -v "$(PYTHON)" >/dev/null || { echo "wattworth needs Python 3.11 or newer; '$(PYTHON)' is not on the PATH. Try: make PYTHON=/path/to/python3.11 ..." >&2; exit 2; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "wattworth needs Python 3.11 or newer; '$(PYTHON)' is $$("$(PYTHON)" -V 2>&1). Try: make PYTHON=/path/to/python3.11 ..." >&2; exit 2; }
	@echo "setting up .venv, once" >&2
	@$(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || "$(PYTHON)" -m venv --clear .venv
	@$(PIP) setuptools
	@$(PIP) --no-build-isolation --editable '.[all]'
	@$(BIN)/wattworth doctor >/dev/null || { $(BIN)/wattworth doctor >&2; exit 2; }
	@touch $(STAMP)
