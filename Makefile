.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
# Where containers set it, every start would compile pandas anew.
unexport PYTHONDONTWRITEBYTECODE

# A mark a group of packages, set when it is complete; each group adds to those before it.
READER := .venv/.reader
SITE := .venv/.site
TEST := .venv/.test
BENCH := .venv/.bench
$(READER): requirements.lock
$(SITE): requirements.lock locks/site.lock
$(TEST): requirements.lock locks/site.lock locks/test.lock
$(BENCH): requirements.lock locks/site.lock locks/test.lock locks/bench.lock
$(READER) $(SITE) $(TEST) $(BENCH): pyproject.toml locks/install.py locks/uv.lock
	@command -v $(PYTHON) > /dev/null || \
		{ echo "Set-up stopped: no $(PYTHON) here: run the same command with PYTHON=python3.12 behind it" >&2; exit 1; }
	@$(PYTHON) locks/install.py $(subst .,,$(@F))

.PHONY: run test test-all site lab lint bench longer licences ease scale steady tamper lock clean help
run: $(READER)  ## execute the notebooks and print the scorecard
	$(BIN)/factcheck run
	$(BIN)/factcheck scorecard

test: $(TEST)  ## run all tests but the slow ones, nbval over every notebook included: about three minutes
	$(BIN)/ruff check src tests bench locks notebooks
	$(BIN)/mypy src/helpers
	$(BIN)/python -m pytest -q -n 2

test-all: test  ## run the slow tests too (docs/guards.md names them), and draw other examples for every law: about a quarter of an hour
	$(BIN)/python -m pytest -q -n 2 -m slow tests
	$(BIN)/python -m pytest -q -n 2 --hypothesis-profile=long -k "not ipynb" $$(grep -rl '^@given' tests)

site: $(SITE)  ## build the site in build/site and the release in build/release: under a minute
	$(BIN)/factcheck site

lab: $(READER)  ## open JupyterLab on the notebooks
	$(BIN)/jupyter lab --notebook-dir=notebooks

lint: $(TEST)  ## check and format the code
	$(BIN)/ruff check --fix src tests bench locks notebooks
	$(BIN)/ruff format src tests bench locks

bench: $(BENCH)  ## time run, verify and sweep against other tools, and write the table into docs/speed.md: about ten minutes
	$(BIN)/python bench/bench.py bench

longer: $(BENCH)  ## clean longer lists, and write the table into docs/speed.md: about a minute
	$(BIN)/python bench/bench.py cleaning

licences: $(BENCH)  ## list the licences of all packages in docs/licences.md
	$(BIN)/python bench/licences.py

ease: $(READER)  ## print how easily short answers and summaries read, the hardest first
	$(BIN)/python bench/ease.py

scale: $(BENCH)  ## time more notebooks and more specifications, and write the tables into docs/speed.md: about twenty minutes
	$(BIN)/python bench/bench.py scale sweeps

steady: $(BENCH)  ## verify ten times and once under load, and write the table into docs/guards.md: about three minutes
	$(BIN)/python bench/bench.py steady

tamper: $(BENCH)  ## plant faults, see which gate finds them, and write docs/tamper.md: about ten minutes
	PYTHONPATH=tests $(BIN)/python bench/tamper.py

lock: $(READER)  ## pin all packages anew, at the versions that are pinned; NEW=--upgrade takes the newest
	$(BIN)/python locks/renew.py $(NEW)

clean:  ## delete what was made, but not the environment
	rm -rf build .factcheck.lock .mypy_cache .pytest_cache .ruff_cache .hypothesis

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1 \2/p' Makefile | awk '{printf "%s %-8s", $$1, $$2; $$1=$$2=""; print}'
