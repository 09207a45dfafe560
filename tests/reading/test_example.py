"""The worked example: the commands of its page, run line by line on a scratch copy of what they
name."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from commands import run
from said import numbers, printed, stands_in
from test_notebooks import code_lines

from helpers.running import regression

TOP = Path(__file__).resolve().parents[2]
EXAMPLE = TOP / "docs" / "example"
PAGE = (EXAMPLE / "index.md").read_text(encoding="utf-8")
NAMED = (
    "data/raw",
    "docs/example",
    "notebooks/00_sources.ipynb",
    "notebooks/99_scorecard.ipynb",
    "requirements.lock",
)


def blocks(language):
    """The page's code blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.M | re.S)


def shell(top, commands):
    """Run commands from a folder as a reader would, with this environment's factcheck."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FACTCHECK_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-ec", commands],
        cwd=top,
        env=kept | {"PATH": path},
        capture_output=True,
        text=True,
    )


def notebook(path):
    return nbformat.read(path, as_version=4)


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """The folder in which the page was followed, and what its commands printed."""
    top = tmp_path_factory.mktemp("reader") / "check out é"
    for name in NAMED:
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (TOP / name).is_dir() else shutil.copy)(TOP / name, top / name)
    prepared, commands = blocks("sh")
    done = shell(top, f"{prepared}\nprintenv FACTCHECK_ROOT")
    assert done.returncode == 0, done.stderr
    root, printed = {"FACTCHECK_ROOT": done.stdout.strip(), "FACTCHECK_MIRROR": None}, ""
    for line in commands.splitlines():
        name, *words = line.split()
        done = run(*words, cwd=top, env=root)
        assert (name, done.returncode) == ("factcheck", 0), done.stderr
        printed += done.stdout
    return top, printed


def test_the_page_fits_and_its_excerpts_stand_in_the_files():
    files = "".join(
        (EXAMPLE / name).read_text(encoding="utf-8") for name in ("claims.toml", "choices.toml")
    )
    cells = "\n".join(cell.source + "\n" for cell in notebook(EXAMPLE / "01_example.ipynb").cells)
    assert len(PAGE.splitlines()) <= 120
    assert len(blocks("toml")) == 2 and all(block in files for block in blocks("toml"))
    assert len(blocks("python")) == 1 and all(block in cells for block in blocks("python"))


def test_the_commands_print_what_the_page_shows(followed):
    assert len(blocks("text")) == 2 and all(block in followed[1] for block in blocks("text"))
    assert "Every output is as committed." in followed[1]


def test_a_fresh_run_gives_the_committed_outputs(followed):
    committed = notebook(EXAMPLE / "01_example.ipynb")
    assert (
        regression.compare(
            committed, notebook(followed[0] / "build/example/build/notebooks/01_example.ipynb")
        )
        == []
    )


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ('printed = ["55"]', 'printed = ["54"]'),
        ('"Industry ~ printed"', '"Industry > 40"'),
        ('"6"]', '"5"]'),
    ],
)
def test_a_changed_digit_or_condition_is_seen(followed, said, changed):
    registry = followed[0] / "build/example/data/claims.toml"
    kept = registry.read_text(encoding="utf-8")
    assert kept.count(said) == 1
    registry.write_text(kept.replace(said, changed), encoding="utf-8")
    try:
        root = {"FACTCHECK_ROOT": str(followed[0] / "build/example")}
        seen = run("verify", "01_example", cwd=followed[0], env=root)
    finally:
        registry.write_text(kept, encoding="utf-8")
    assert seen.returncode == 1 and "gives other outputs than the committed ones" in seen.stderr


def test_the_combinations_and_outcomes_are_what_the_page_says(followed):
    rows = pd.read_csv(followed[0] / "build/example/data/processed/verdicts.csv").set_index("claim")
    assert rows[["n_holds", "n_effective", "outcome"]].T.to_dict("list") == {
        "industry-alone-2024": [2, 2, "stands"],
        "three-firms-2024": [1, 4, "depends"],
        "two-firms-ahead-2024": [1, 4, "depends"],
    }


def test_every_number_in_the_notebooks_prose_is_printed_by_a_cell_or_the_registry():
    cells = notebook(EXAMPLE / "01_example.ipynb").cells
    known = (EXAMPLE / "claims.toml").read_text(encoding="utf-8") + "".join(
        printed(cell) for cell in cells if cell.cell_type == "code"
    )
    prose = [cell.source for cell in cells if cell.cell_type == "markdown"]
    assert [
        number
        for text in prose
        for number in numbers(text.replace("# 01", "#"))
        if not stands_in(number, known)
    ] == []
    assert max(code_lines(cell) for cell in cells if cell.cell_type == "code") <= 14
