# Everything a person types. `make` alone prints this list.
# Only python3 (3.11 or newer) and make are needed beforehand; .ci/setup says what it installs, or what you should.

SHELL := /bin/sh
PYTHON := .venv/bin/python
# Where Python may not keep what it compiled, each of the many processes of a test run compiles everything anew.
TESTS := env -u PYTHONDONTWRITEBYTECODE $(PYTHON) -m pytest
# SERVE=0 ends the demo after the main job; DATA is the folder of `make run`.
SERVE ?= 1
DATA ?= var
# Another port than 8000 for `make demo` and `make run`, such as PORT=8010.
PORT ?=
PYTEST ?=
# Test processes side by side; each starts a PostgreSQL server of its own. JOBS=0: all in one process.
JOBS ?= 2
# QUICK=1 makes the benchmarks' ledgers small.
QUICK ?=

.DEFAULT_GOAL := help
.PHONY: help demo run test test-long lint check bench

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## The main job from page to letter, in a scratch folder, then served on http://127.0.0.1:8000 (SERVE=0: not served)
	@.ci/setup run
	@.venv/bin/ledger demo $(if $(filter 0,$(SERVE)),--no-serve) $(if $(PORT),--port $(PORT))

run: ## A real, empty ledger in ./var (DATA=folder), served on http://127.0.0.1:8000 with a first-run page
	@.ci/setup run
	@.venv/bin/ledger --data $(DATA) serve $(if $(PORT),--port $(PORT))

test: ## Lint, then every test but the long ones (PYTEST="..." adds arguments, e.g. PYTEST="-k mail")
	@.ci/setup test
	@$(MAKE) --no-print-directory check
	$(TESTS) -n $(JOBS) --dist loadfile --no-loadscope-reorder $(PYTEST)

test-long: ## The long run: more examples, more kills, more power cuts
	@.ci/setup test
	LEDGER_LONG=1 $(TESTS) -n $(JOBS) --dist loadfile --no-loadscope-reorder --timeout=3600 $(PYTEST)

lint: ## ruff, formatting, types, and the direction of imports
	@.ci/setup lint
	@$(MAKE) --no-print-directory check

# The checks alone, on packages that are already there.
check:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

bench: ## Timings as ratios, each with its goal, and a table at the end (QUICK=1: small; BENCH="http desk": those alone)
	@.ci/setup test
	@$(if $(filter-out 0,$(QUICK)),LEDGER_BENCH_SMALL=1) $(PYTHON) -m tests.bench.run $(BENCH)
