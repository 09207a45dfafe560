.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(READY)

.PHONY: run test test-all site lab lint bench large licences scale steady tamper clean help
run: $(READY)  ## execute the notebooks and print the scorecard
	$(BIN)/factcheck run
	$(BIN)/factcheck scorecard

test: $(READY)  ## run all tests but the slow ones, nbval over every notebook included: about three minutes
	$(BIN)/ruff check src tests bench
	$(BIN)/python -m pytest -q -n 2

test-all: test  ## run the slow tests too (docs/guards.md names them), and draw other examples for every law: about ten minutes
	$(BIN)/python -m pytest -q -n 2 -m slow tests
	$(BIN)/python -m pytest -q -n 2 --hypothesis-profile=long -k "not ipynb" $$(grep -rl '^@given' tests)

site: $(READY)  ## build the site in build/site and the release in build/release: under a minute
	$(BIN)/factcheck site

lab: $(READY)  ## open JupyterLab on the notebooks
	$(BIN)/jupyter lab --notebook-dir=notebooks

lint: $(READY)  ## check and format the code
	$(BIN)/ruff check --fix src tests bench
	$(BIN)/ruff format src tests bench

bench: $(READY)  ## time run, verify and sweep against other tools, and write the table into README.md: about ten minutes
	$(BIN)/python bench/bench.py bench

large: $(READY)  ## clean longer lists and count up to thirty million works, and write the tables into README.md: about three minutes
	$(BIN)/python bench/bench.py cleaning large

licences: $(READY)  ## list the licences of all packages in docs/licences.md
	$(BIN)/python bench/licences.py

scale: $(READY)  ## time more notebooks and more specifications, and write the tables into README.md: about twenty minutes
	$(BIN)/python bench/bench.py scale sweeps

steady: $(READY)  ## verify ten times and once under load, and write the table into README.md: about three minutes
	$(BIN)/python bench/bench.py steady

tamper: $(READY)  ## plant faults, see which gate finds them, and write docs/tamper.md: about twelve minutes
	PYTHONPATH=tests $(BIN)/python bench/tamper.py

clean:  ## delete what was made, but not the environment
	rm -rf build .factcheck.lock .pytest_cache .ruff_cache .hypothesis

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1 \2/p' Makefile | awk '{printf "%s %-8s", $$1, $$2; $$1=$$2=""; print}'
