# make run: the dashboard on this machine.  make test: everything.  make check: the fast loop.
.PHONY: audit mutants help env env-run run test check unit js browser evaluate bench format clean test-spark soak

PYTHON ?=
export PYTHON
BIN := .venv/bin
HOST ?= 127.0.0.1
PORT ?= 8501

help:
	@echo "make run       the dashboard with the curated incidents, on http://$(HOST):$(PORT)"
	@echo "make test      environment, dependencies, browser, every test"
	@echo "make check     format, lint, types, import rules, unit tests"
	@echo "make evaluate  the gazetteer's figures on the evaluation sets"
	@echo "make bench     benchmarks as ratios"
	@echo "make audit     known faults of the dependencies"
	@echo "make mutants   small faults put into the code: do the tests of the same room see them?"
	@echo "make soak      the long runs: processes killed, files of gigabytes, hours of use"

env-run:
	@scripts/environment.sh run

env:
	@scripts/environment.sh dev

run: env-run
	@MAPAPP_ACCESS=$${MAPAPP_ACCESS:-local} $(BIN)/python -m mapapp serve --host $(HOST) --port $(PORT)

format: env
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: env
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hadolint Dockerfile
	$(BIN)/python -m mapapp check seeds

unit: env
	$(BIN)/python -m pytest -q -m "not browser and not spark and not soak"

js: env
	node --test tests/js/*.test.js

browser: env
	$(BIN)/python -m pytest -q -m "browser and not soak"

check: lint js unit

# The wheel is tested in an environment of its own, and the data files are built anew.
test: lint js
	GAZETTEER_ALONE=1 GAZETTEER_WHEELS=.venv/wheels $(BIN)/python -m pytest -n auto --dist loadfile -m "not soak"

# The tests that make test asks of a Sail cluster, asked of Apache Spark: a master and two workers.
test-spark: env
	@scripts/apache_spark.sh
	TEST_ENGINE=spark $(BIN)/python -m pytest -m spark

# Long runs; a short version of each is inside make test.
soak: env
	$(BIN)/python -m pytest -q -m soak

evaluate: env
	$(BIN)/python -m gazetteer.evaluate ../shared/data

bench: env
	$(BIN)/python -m gazetteer.benchmarks
	$(BIN)/python -m benchmarks

# Known faults of the pinned dependencies and of all that they bring along; asks the registry.
audit: env
	$(BIN)/python scripts/audit.py

# Small faults put into the code, each run by the tests of its own room. Takes an hour.
SAMPLE ?= 100
SEED ?= 1
ROOMS ?= domain gate query linking importers gazetteer
mutants: env
	@[ -x .venv-mutants/bin/python ] || $(BIN)/python -m venv .venv-mutants
	@.venv-mutants/bin/python -m pip install -q --disable-pip-version-check -r requirements-mutants.txt
	.venv-mutants/bin/python scripts/mutants.py --sample $(SAMPLE) --seed $(SEED) --rooms $(ROOMS)

clean:
	rm -rf .venv .venv-mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
