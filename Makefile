# Two commands: `make run` brings up a working floor, `make test` runs every test. Neither needs root or asks a question.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONPATH := .

.PHONY: help run test test-deps check format bench screenshots messages clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(VENV)/.run ## Bring up a working floor and print the links to sign in with (DEMO=0: an empty one)
	@exec $(BIN)/python -m telesales.processes.run

test: $(VENV)/.dev ## Set up and run every test
	@$(BIN)/python -m tests.run

test-deps: $(VENV)/.dev ## Install what tests need beyond Python, where that may be done
	@bash tests/install_parts.sh

check: $(VENV)/.dev ## Format, lint, types, import contracts and templates
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports --no-cache | tail -n 3 \
	  && $(BIN)/djlint telesales --lint --quiet --profile jinja

format: $(VENV)/.dev ## Format and mend what can be mended
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

bench: $(VENV)/.dev ## Print the benchmarks and write them to bench/results
	@for name in pacing agreement imports push floor whiteboard decisions telephony; do echo "== $$name"; $(BIN)/python -m bench.$$name || exit 1; done

screenshots: $(VENV)/.dev ## Take the pictures in docs/screenshots from a running demo
	@$(BIN)/python -m tests.browser.screenshots

messages: $(VENV)/.dev ## Collect texts for translation into telesales/translations
	@$(BIN)/pybabel -q extract -F babel.cfg --no-location --sort-output -o telesales/translations/messages.pot . \
	  && $(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete -w 110 -i telesales/translations/messages.pot -d telesales/translations -l zh \
	  && $(BIN)/pybabel -q compile -d telesales/translations

clean: ## Remove what was installed and built; data in var/ is kept
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "Telesales needs Python 3.11 or newer and found $$($(PYTHON) --version 2>&1): run 'make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)'."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "Python's venv module is missing: install it (Debian and Ubuntu: apt install python3-venv), then run make again."; exit 1; }
	@echo "Setting up Python packages in $(VENV) (once) …"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "The virtual environment could not be made: is the disk full? (df -h .)"; exit 1; }

$(VENV)/.run: requirements.txt telesales/translations/zh/LC_MESSAGES/messages.po | $(VENV)/bin/python
	@$(BIN)/python -m pip install -q -r requirements.txt || { echo "The packages could not be installed: is the network up, and is there space (df -h .)?"; exit 1; }
	@$(BIN)/pybabel -q compile -d telesales/translations
	@touch $@

$(VENV)/.dev: requirements-dev.txt requirements.txt telesales/translations/zh/LC_MESSAGES/messages.po | $(VENV)/bin/python
	@$(BIN)/python -m pip install -q -r requirements-dev.txt || { echo "The packages could not be installed: is the network up, and is there space (df -h .)?"; exit 1; }
	@$(BIN)/pybabel -q compile -d telesales/translations
	@touch $@ $(VENV)/.run
