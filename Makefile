# Two commands do everything from a bare machine with Python 3.11: `make demo` and `make test`.
SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV ?= .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null && { command -v $$p; break; }; done)
PORT ?= 8000
IDEA := Buy when RSI(14) drops below 30, sell when it rises above 70, 5% stop loss

.PHONY: help setup gemini google-genai demo serve test lint lock clean
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "AlgoAgent needs Python 3.11: install it, or say where it is: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing (on Debian: apt-get install python3.11-venv)" >&2; exit 1; }

# uv from PyPI installs in seconds; where it can't be had, pip does the same more slowly.
define install
	@$(BIN)/python -m uv --version >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.8 \
		|| echo "uv can't be had here: falling back to pip" >&2
	@echo "Installing $(1) ..." >&2
	@if $(BIN)/python -m uv --version >/dev/null 2>&1; \
		then $(BIN)/python -m uv pip install --quiet --python $(BIN)/python -r $(1); \
		else $(BIN)/python -m pip install --quiet --disable-pip-version-check -r $(1); fi
	@touch $@
endef

$(VENV)/.installed-run: requirements.txt | $(BIN)/python
	$(call install,requirements.txt)

$(VENV)/.installed-%: requirements-%.txt | $(BIN)/python
	$(call install,$<)

# The kernel's machine code, compiled once for each version of its sources.
$(VENV)/.kernel-warm: $(VENV)/.installed-run $(shell find Backtest/kernel -name '*.py')
	@$(BIN)/python -m Backtest.kernel.warm_up || true
	@touch $@

setup: $(VENV)/.installed-run $(VENV)/.kernel-warm ## Make .venv, install what AlgoAgent runs on, compile the kernel, migrate
	@$(BIN)/python manage.py migrate --verbosity 0

gemini: setup $(VENV)/.installed-gemini ## Install Gemini's client (LLM_PROVIDER=gemini)

google-genai: setup $(VENV)/.installed-google-genai ## Install Gemini's maintained client (LLM_PROVIDER=google_genai)

demo: setup ## Run the main job on real prices: plain words in, a backtest out
	@$(BIN)/python manage.py backtest "$(IDEA)" --symbol GOOG

serve: setup ## Serve the API, its docs and the admin on http://127.0.0.1:$(PORT)
	@$(BIN)/python manage.py first_account
	@echo "AlgoAgent: http://127.0.0.1:$(PORT)/api/docs/ (Ctrl-C ends it)" >&2
	@exec $(BIN)/uvicorn algoagent_api.asgi:application --host 127.0.0.1 --port $(PORT) --no-access-log --log-level warning

test: setup $(VENV)/.installed-dev lint ## Lint, types, contracts and tests
	$(BIN)/python manage.py check
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m pytest -n 2 --dist worksteal

lint: $(VENV)/.installed-dev ## Lint, types and import contracts only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock: $(BIN)/python ## Pin every version again from requirements*.in
	$(BIN)/python -m uv pip compile --quiet --no-header requirements.in -o requirements.txt
	$(BIN)/python -m uv pip compile --quiet --no-header requirements-gemini.in -o requirements-gemini.txt
	$(BIN)/python -m uv pip compile --quiet --no-header requirements-google-genai.in -o requirements-google-genai.txt
	$(BIN)/python -m uv pip compile --quiet --no-header requirements-dev.in -o requirements-dev.txt
	$(BIN)/python -m uv pip compile --quiet --no-header requirements-bench.in -o requirements-bench.txt

clean: ## Remove .venv, caches, runs and generated strategies
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find Backtest/codes -name '*.py' -delete
