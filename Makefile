# The commands of this project. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

PY := .venv/bin/python
PROGRAMS := procuration kiosk_app sync_agent server provisioning
CODE := $(PROGRAMS) tests
SEEDS ?= 100
MUTATIONS ?= 1000000
FUZZ_BUDGET ?= 20
ARGS ?=
# Tests that start real components wait for them: two at a time cost a third less time, even on two cores.
WORKERS ?= auto

.PHONY: help setup demo test test-long simulate fuzz screens check lint types format bench law lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## prepare the machine: system packages, virtual environments (again at any time)
	@provisioning/image/setup.sh

demo: setup ## one procuration from the kiosk to the town hall, on real programs; pictures in build/demo
	$(PY) -m provisioning.demo --out build/demo $(ARGS)

test: setup lint types ## format, lint, types, and every test (WORKERS=0: one after another)
	$(PY) -m pytest -n $(WORKERS) --maxprocesses 4 $(ARGS)

check: setup lint types ## format, lint, types, fast tests: under a minute
	$(PY) -m pytest -m "not slow" $(ARGS)

test-long: setup ## the property and fault tests with ten times their budget
	PROCURATION_TEST_BUDGET=10 $(PY) -m pytest -m "property or fault or fuzz" $(ARGS)

fuzz: setup ## a million mutations for each parser (MUTATIONS=n), then FUZZ_BUDGET times the usual invented bytes
	$(PY) -m tests.fuzz --mutations $(MUTATIONS) $(ARGS)
	PROCURATION_TEST_BUDGET=$(FUZZ_BUDGET) $(PY) -m pytest -m "fuzz and property"

simulate: setup ## random histories of whole départements (SEEDS=n)
	PROCURATION_SIMULATION_SEEDS=$(SEEDS) $(PY) -m pytest tests/simulation $(ARGS)

screens: setup ## a picture of every screen in docs/screens, of every state in build/screens
	$(PY) -m tests.screens.album
	$(PY) -m tests.browser.album
	$(PY) -m tests.screens.gallery --out build/screens $(ARGS)

bench: setup ## the benchmarks, one JSON line each
	@$(PY) -m tests.bench $(ARGS)

law: setup ## docs/law.md: each rule, its article, its code and its tests
	$(PY) -m tests.law $(ARGS)

lint:
	$(PY) -m ruff format --check $(CODE)
	$(PY) -m ruff check $(CODE)

types:
	PROCURATION_HOME=build/home-for-types $(PY) -m mypy

format: setup ## write the code the way `make check` wants it
	$(PY) -m ruff format $(CODE)
	$(PY) -m ruff check --fix $(CODE)

# The locks name versions and hashes, never where to fetch them from: that is each machine's own setting.
LOCK := CUSTOM_COMPILE_COMMAND='make lock' .venv/bin/pip-compile --quiet --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-emit-trusted-host --strip-extras --allow-unsafe
lock: setup ## choose versions again and lock them (then: make setup)
	$(LOCK) --all-extras -o requirements.lock pyproject.toml
	$(LOCK) -o tests/crosscheck/requirements.lock tests/crosscheck/requirements.in

clean: ## remove what was built, and the environments
	rm -rf build .venv .venv-crosscheck .node .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
