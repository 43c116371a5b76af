# Two commands do the whole set-up on a machine with python3 and make:
#   make demo             makes .venv and runs the main job on a page of examples/
#   make test             the same environment with test dependencies, then the fast suite
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PAGE ?=
# Test files run beside each other, one process for each core; WORKERS=0 runs them one by one.
WORKERS ?= auto
PAGES = $(if $(PAGE),"$(PAGE)",examples/bridge.html examples/tower.html)

.PHONY: demo test lint soak bench docs clean

demo: export ONRECORD_FOLDER := $(VENV)/demo
demo: $(VENV)/.installed
	@$(BIN)/onrecord library add examples/library.json >/dev/null
	@$(BIN)/onrecord evidence add examples/evidence --publisher "Example Desk library" --licence Apache-2.0 >/dev/null
	@$(BIN)/onrecord check $(PAGES)

test: $(VENV)/.installed-test lint
	$(BIN)/python -m pytest -q -m "not soak" -n $(WORKERS) --maxprocesses 8 --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

soak: $(VENV)/.installed-test
	$(BIN)/python -m pytest -q --timeout 7200 --hypothesis-profile soak

bench: $(VENV)/.installed-test
	$(BIN)/python -m bench.gate

docs: $(VENV)/.installed-test
	$(BIN)/python -m docs.generate

$(VENV)/.installed: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.installed-test: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
