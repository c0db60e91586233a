PYTHON ?= python3
BIN := .venv/bin
SETUP := .venv/installed

.PHONY: demo test lowest lint types lock

# The whole main job over the sample day, without network: crawl, store, show.
demo: $(SETUP)
	rm -rf demo && mkdir demo
	$(BIN)/scrapy crawl backfill -a since=2022-08-15 -a until=2022-08-15 \
		-s REPLAY=samples -s DATABASE=demo/republika.db -L ERROR
	$(BIN)/python samples/show.py demo/republika.db

test: $(SETUP)
	$(BIN)/python -m pytest -n auto

# The same with the lowest versions that pyproject.toml allows.
lowest: $(SETUP)
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .lowest
	$(BIN)/uv pip install --quiet --python .lowest --resolution lowest-direct \
		--all-extras --group dev -r pyproject.toml
	.lowest/bin/python -m pytest -n auto

lint: $(SETUP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(SETUP)
	$(BIN)/mypy

# After a change of the dependencies in pyproject.toml.
lock: $(SETUP)
	$(BIN)/uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 \
		--generate-hashes --no-header --upgrade -o requirements.lock

$(SETUP): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=python3.12 ..."; exit 1; }
	@test ! -L .venv || { echo ".venv is a link; what it leads to is not made anew"; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@
