# The commands of the repository. `make demo` and `make test` work on a fresh machine.

PYTHON ?= python3
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never

.PHONY: demo test check setup fmt strings lock revision clean

demo: .venv/run.stamp  ## a demo event with simulated guests; PORT=8000 PEOPLE=24
	@$(BIN)/thaw demo

test: .venv/dev.stamp  ## everything: lint, types, every test, real browsers and databases
	@sh tests/install-services
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/pytest

check: .venv/dev.stamp  ## lint, types and the fast tests
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/pytest -m "not slow"

setup: .venv/run.stamp  ## .venv with .venv/bin/thaw in it

fmt: .venv/dev.stamp  ## format the code
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

strings: .venv/dev.stamp  ## collect every string for people into the gettext template
	@$(BIN)/python -m tests.strings

lock: .venv/tools.stamp  ## compile the requirement files anew from pyproject.toml
	@sh requirements/compile

revision: .venv/dev.stamp  ## draft a migration from the models; MESSAGE="what it does"
	@$(BIN)/python -m tests.revision "$(MESSAGE)"

clean:
	rm -rf .venv var dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/bin/python:
	@$(PYTHON) -m venv .venv 2>/dev/null || sh requirements/install-venv $(PYTHON)

.venv/tools.stamp: requirements/tools.txt | .venv/bin/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/tools.txt
	@touch $@

.venv/run.stamp: requirements/run.txt pyproject.toml .venv/tools.stamp
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/run.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/run.stamp
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@
