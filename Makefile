# Each command does its own set-up. What it needs from the machine: Python 3.12 or later, make and git.
#
#   make serve   build both languages, serve them, build again on every change (PORT=8000)
#   make test    everything: format, lint, types, strict build, unit, Pyodide and browser tests
#   make build   write site/
#   make check   format, lint, types, and what checklists, targets and pages say of each other (MAX_AGE=180 days)
#   make format  put the formatting right
#   make bench   the benchmarks, each a ratio measured side by side in one run (ONLY="start browser")
#   make faults  every fault that a page is to survive, in both browsers, each three times (ROUNDS=3); takes long
#   make axe     axe over every page and every state of a page, in both languages, light and dark; all pages' HTML
#   make lighthouse  Lighthouse over every page, as a phone and as a desktop; an hour and more, and goes on where it was ended
#   make cases   rewrite the expected outputs of the test cases, for review as a diff
#   make schema  write checklists/schema.json from the model, for editors
#   make texts   collect the texts to translate into the .po files; record that translations fit their English
#   make lock    resolve the locked versions anew

SHELL := /bin/sh
PORT ?= 8000
MAX_AGE ?= 180
ROUNDS ?= 3
BIN := .venv/bin
# Node comes from the environment too, so that a machine needs no other.
export PATH := $(CURDIR)/$(BIN):$(PATH)

PYTHON_READY := .venv/.ready
NODE_READY := node_modules/.ready
JS := "macros/tuneready/site/**/*.{js,mjs,ts,css}" "tests/**/*.mjs" "benchmarks/**/*.mjs" tsconfig.json eslint.config.js package.json

.PHONY: serve test build check format bench faults axe lighthouse schema cases texts lock setup browser clean

setup: $(PYTHON_READY) $(NODE_READY)

serve: setup
	tuneready serve --port $(PORT)

build: setup
	tuneready build --output site

test: check browser
	pytest -n auto

check: setup
	ruff format --check .
	ruff check .
	mypy
	node_modules/.bin/prettier --check --log-level warn --no-error-on-unmatched-pattern $(JS)
	node_modules/.bin/tsc -p .
	node_modules/.bin/eslint macros/tuneready/site/static
	tuneready validate --max-age $(MAX_AGE)

format: setup
	ruff format .
	ruff check --fix .
	node_modules/.bin/prettier --write --log-level warn --no-error-on-unmatched-pattern $(JS)

bench: setup build browser
	python benchmarks/run.py $(ONLY)

faults: setup build browser
	node tests/browser/both/faults.mjs --site site --rounds $(ROUNDS)

axe: setup build browser
	python benchmarks/accessibility.py site

lighthouse: setup build browser
	node benchmarks/lighthouse.mjs

schema: setup
	python -m tuneready.checklist.schema checklists/schema.json

cases: setup
	TUNEREADY_REWRITE=1 pytest -q -m "not browser and not pyodide"

texts: setup
	pybabel -q extract -F babel.cfg --no-location --sort-output --omit-header -o .cache/tuneready.pot macros/tuneready
	pybabel -q update -N --no-fuzzy-matching --ignore-pot-creation-date -D tuneready -i .cache/tuneready.pot -d macros/tuneready/locale
	python -c "import hatch_build; hatch_build.compile_translations()"
	tuneready validate --confirm-translations

lock: $(PYTHON_READY)
	uv pip compile -q --upgrade --universal --generate-hashes --no-annotate --python-version 3.12 --all-extras --group dev pyproject.toml -o requirements.lock
	npm update

# The tests build the site themselves, strictly, and drive Chromium and Firefox over it. This finds them, or installs Debian's when it may; otherwise it fails.
browser: $(PYTHON_READY)
	python tests/browser/browsers.py --install

clean:
	rm -rf .venv .cache node_modules site

# A `python3.13` or `uv` on the PATH can be a shim that runs nothing, so each is tried before use.
$(PYTHON_READY): requirements.lock pyproject.toml hatch_build.py $(wildcard macros/tuneready/locale/*/LC_MESSAGES/*.po)
	@python=; for name in python3.13 python3.12 python3.14 python3 python; do \
	  if $$name -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then python=$$name; break; fi; done; \
	if [ -z "$$python" ]; then echo "Tuneready needs Python 3.12 or later; none was found on the PATH." >&2; exit 1; fi; \
	uv=uv; if ! uv --version >/dev/null 2>&1; then \
	  uv=.cache/uv/bin/uv; \
	  if ! $$uv --version >/dev/null 2>&1; then \
	    echo "Fetching uv ..."; rm -rf .cache/uv && mkdir -p .cache && $$python -m venv .cache/uv && \
	    awk '/^uv==/ {on = 1} on {print} on && !/\\$$/ {exit}' requirements.lock > .cache/uv.lock && \
	    .cache/uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .cache/uv.lock || exit 1; \
	  fi; fi; \
	if ! $(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then \
	  $$uv venv --quiet --clear --python "$$($$python -c 'import sys; print(sys.executable)')" .venv || exit 1; fi; \
	echo "Installing the locked environment ..."; \
	$$uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock && \
	$$uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

$(NODE_READY): package.json package-lock.json | $(PYTHON_READY)
	@echo "Installing the locked browser parts ..."
	@npm ci --silent --ignore-scripts
	@touch $@
