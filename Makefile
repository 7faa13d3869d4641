# Two commands do all set-up: `make demo` and `make test`.
PYTHON ?= python3.11
BIN := .venv/bin
INSTALLED := .venv/installed

.PHONY: demo serve test check bench format clean
demo: $(INSTALLED)
	@$(BIN)/almoner demo

serve: $(INSTALLED)
	@test -f demo/.made-by-almoner-demo || $(BIN)/almoner demo
	@$(BIN)/almoner serve --demo demo

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
	@echo "Installing what Almoner needs into .venv; this once, a minute or so …"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { for python in $(PYTHON) python3; do \
		$$python -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && exec $$python -m venv --clear .venv; \
	done; echo "Almoner needs Python 3.11 or later with its venv. On Debian or Ubuntu: apt-get install python3.11-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

clean:
	@rm -rf .venv demo build
