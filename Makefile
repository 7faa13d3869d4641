# Two commands do all set-up: `make demo` and `make test`.
PYTHON ?= python3.11
BIN := .venv/bin
INSTALLED := .venv/installed

.PHONY: demo test check bench format clean
demo: $(INSTALLED)
	@$(BIN)/almoner demo

test: $(INSTALLED)
	@$(BIN)/python tests/run.py

check: $(INSTALLED)
	@$(BIN)/ruff format --check src tests bench
	@$(BIN)/ruff check src tests bench
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python tests/run.py

format: $(INSTALLED)
	@$(BIN)/ruff format src tests bench
	@$(BIN)/ruff check --fix src tests bench

bench: $(INSTALLED)
	@$(BIN)/python -m bench

$(INSTALLED): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || python3 -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

clean:
	@rm -rf .venv demo build
