"""Notebook files at fault: each is named, with its line and what to do, before anything runs."""

import json
import shutil

import pytest
from commands import run
from conftest import snapshot, tiny

from helpers.running import books, runner
from helpers.running.runner import RunError

NAME = "notebooks/01_tiny.ipynb"


@pytest.fixture
def small(bare):
    (bare / "notebooks" / "choices.toml").write_text("")
    tiny(bare, "00_sources", "print(1)")
    tiny(bare, "01_tiny", "print(2)")
    return bare


def conflict(content):
    lines = content.splitlines(keepends=True)
    return b"".join([*lines[:3], b"<<<<<<< HEAD\n", *lines[3:]])


def older(content):
    return json.dumps(json.loads(content) | {"nbformat": 3}).encode()


def sourceless(content):
    notebook = json.loads(content)
    del notebook["cells"][1]["source"]
    return json.dumps(notebook).encode()


FAULTS = {
    "a conflict": (conflict, "line 4: a conflict that git left: choose a side, or"),
    "empty": (lambda content: b"", "is empty: restore it with `git restore"),
    "cut": (lambda content: content[: len(content) // 2], "line "),
    "a byte order mark": (lambda content: b"\xef\xbb\xbf" + content, "byte order mark"),
    "utf-16": (lambda content: content.decode().encode("utf-16"), "byte order mark"),
    "an older format": (older, "format 3, format 4 is read here: `jupyter nbconvert"),
    "no notebook": (lambda content: b"[1]", "is no notebook, format 4"),
    "a cell without source": (sourceless, "cell 2: has no source"),
    "other bytes": (lambda content: b"\xff" + content, "is no notebook (UnicodeDecodeError)"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_notebook_that_cannot_be_read_is_named_with_the_next_step(small, fault, monkeypatch):
    change, said = FAULTS[fault]
    path = small / NAME
    path.write_bytes(change(path.read_bytes()))
    before = snapshot(small)
    monkeypatch.setattr(runner, "execute", None)
    with pytest.raises(RunError) as caught:
        runner.run(["00"], tell=lambda line: None)
    assert NAME in str(caught.value) and said in str(caught.value)
    assert snapshot(small) == before


@pytest.mark.parametrize(
    "words", [["run"], ["verify"], ["accept", "00"], ["site"], ["status"], ["diff"], ["sweep"]]
)
def test_every_command_names_the_notebook_that_cannot_be_read_and_the_twin(small, words):
    shutil.copy(small / NAME, small / "notebooks" / "01_tiny-Copy1.ipynb")
    (small / "notebooks" / "00_sources.ipynb").write_text("{\n")
    before = snapshot(small)
    done = run(*words, cwd=small)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "01_tiny.ipynb and notebooks/01_tiny-Copy1.ipynb have one number" in done.stderr
    assert "notebooks/00_sources.ipynb, line 2:" in done.stderr
    assert snapshot(small) == before and not (small / "build" / "notebooks").exists()


def test_a_parameter_in_one_place_only_names_the_other_file(small):
    path = small / NAME
    notebook = json.loads(path.read_text())
    notebook["cells"][0]["source"] = "here = 1"
    path.write_text(json.dumps(notebook))
    with pytest.raises(RunError, match=r"'here' stands in the notebook's cell only: add \[01_tiny"):
        runner.run(["01"], tell=lambda line: None)
    assert books.defaults("01_tiny") == {"here": 1}
