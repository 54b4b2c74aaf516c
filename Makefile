# Every command of the project. `make help` lists them; the text is taken from the comments behind the targets.

# The first Python that is new enough; where there is none, the launcher says so in a sentence.
PYTHON ?= $(shell for candidate in python3 python3.13 python3.12 python3.11 python; do \
	"$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo "$$candidate" && exit; \
	done; echo python3)
VENV := $(or $(ANNOTATOR_VENV),.venv)
INSIDE := $(VENV)/bin/python
# Given on the command line (`make run PORT=9000`), these reach the programs as environment variables.
export PORT ANNOTATOR_HOST ANNOTATOR_DATA_DIR ANNOTATOR_VENV ANNOTATOR_ADMIN_USER ANNOTATOR_ADMIN_PASSWORD DATABASE_URL REDIS_URL

.DEFAULT_GOAL := help
.PHONY: help run test test-fast check lint types imports fmt openapi migrations bench e2e gpu clean environment
.SILENT:

help:  ## Show this list
	awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run:  ## Install what is missing and start Annotator (PORT, ANNOTATOR_DATA_DIR; see docs/operations.md)
	$(PYTHON) -m launcher

test:  ## Every check and test that CI runs
	$(PYTHON) -m checks

test-fast:  ## Unit tests only: no slow ones, no browser, no services
	$(PYTHON) -m checks test-fast

check:  ## Static checks: lint, types, import directions, dead code
	$(PYTHON) -m checks check

lint:  ## ruff, eslint, prettier
	$(PYTHON) -m checks lint

types:  ## mypy and tsc
	$(PYTHON) -m checks types

imports:  ## Directions of imports (import-linter)
	$(PYTHON) -m checks imports

e2e:  ## End-to-end tests in a real browser
	$(PYTHON) -m checks e2e

gpu: environment  ## Tests that need a CUDA device
	$(INSIDE) -m pytest -m gpu

fmt: environment  ## Format and mend what can be mended by machine
	$(INSIDE) -m ruff check --fix --exit-zero --quiet .
	$(INSIDE) -m ruff format .
	cd frontend && npm run --silent format

openapi: environment  ## Write frontend/openapi.json and the client's types from the code
	$(INSIDE) manage.py spectacular --format openapi-json --fail-on-warn --file frontend/openapi.json
	cd frontend && npm run --silent api

migrations: environment  ## Write migrations for changed models
	$(INSIDE) manage.py makemigrations

bench: environment  ## Measure (ONLY=group or ONLY=group.name); appends to bench/results.jsonl
	$(INSIDE) -m bench $(ONLY)

clean:  ## Remove what was built; keeps data and the Python environment
	rm -rf frontend/dist frontend/node_modules test-results .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

environment:
	$(PYTHON) -m checks environment
