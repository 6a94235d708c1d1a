# One command for each habit; `make` alone lists them. Set up once with `make setup`, or name another Python's folder: make test BIN=venv/bin

BIN := .venv/bin

.PHONY: help setup test test-fast lint format snapshots pictures site dist bench all

help:  ## List the habits
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

setup:  ## Make .venv with all that a change needs, and have every commit checked
	python3 -m venv .venv
	.venv/bin/pip install -e '.[dev]'
	.venv/bin/pre-commit install

test:  ## Run all tests
	$(BIN)/pytest

test-fast:  ## Run the tests that need no pseudo-terminal, no large graph and no picture
	$(BIN)/pytest tests/engine tests/scenarios tests/tui/test_imports.py tests/tui/test_cli.py tests/tui/test_walk_screen.py

lint:  ## Check style, format, types, and who imports whom
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports --no-logo

format:  ## Put the code into its format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

snapshots:  ## Accept the pictures of the screens as they are now; look at each before
	$(BIN)/pytest tests/tui/test_snapshots.py tests/tui/test_training_snapshots.py --snapshot-update

pictures:  ## Make the pictures, the tables of keys and the man page anew
	$(BIN)/python docs/picture.py
	$(BIN)/python docs/keys.py
	$(BIN)/python docs/manual.py

site:  ## Show the site as it is now, at http://127.0.0.1:8000, and follow changes
	$(BIN)/pip install -q -e '.[docs]'
	$(BIN)/mkdocs serve

dist:  ## Build wheel and sdist into dist/, and check them
	rm -rf dist
	.ci/parts/distributions dist

bench:  ## Measure the engine, the start, and what is felt at the screen; leave the machine alone meanwhile
	$(BIN)/python benchmarks/engine.py
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/screen.py

all:  ## All that is asked of a change, in environments of its own
	.ci/run
