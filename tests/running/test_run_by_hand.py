"""A notebook that a person runs, and not the runner: it works, and writes nothing under data."""

import os
import subprocess
import sys

import nbformat
import pytest
from conftest import snapshot
from nbclient import NotebookClient

from helpers import project

HAND = ["-m", "jupyter", "nbconvert", "--execute", "--to", "notebook", "--output-dir", "made"]


def outcome(top, before, made):
    """Hold that data and notebooks are as before, and what lies in build/lab as what is
    committed."""
    assert snapshot(top) == before
    lab = top / "build" / "lab"
    found = [path for path in lab.glob(made) if path.is_file()]
    for path in found:
        kept = top / "data" / "processed" / path.relative_to(lab)
        assert path.read_bytes() == kept.read_bytes()
    return bool(found)


def test_only_the_runner_s_mark_leads_elsewhere_than_build_lab(checkout, monkeypatch):
    assert project.out() == checkout / "build" / "lab"
    monkeypatch.setenv("FACTCHECK_OUT", str(checkout / "there"))
    assert project.out() == checkout / "there"


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("06_notable_models", "figures/06_*"),
        pytest.param("00_sources", "model_lists.csv", marks=pytest.mark.slow),
    ],
)
def test_a_client_of_one_s_own_writes_to_build_lab_alone(checkout, name, made):
    before = snapshot(checkout)
    notebook = nbformat.read(checkout / "notebooks" / f"{name}.ipynb", as_version=4)
    place = {"metadata": {"path": str(checkout / "notebooks")}}
    NotebookClient(notebook, kernel_name="factcheck", resources=place).execute()
    assert outcome(checkout, before, made)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "kernel", "made"),
    [
        ("06_notable_models", "python3", "figures/06_*"),
        ("00_sources", "factcheck", "*.csv"),
        ("90_multiverse", "python3", "figures/90_*"),
        ("99_scorecard", "factcheck", "verdicts.csv"),
    ],
)
def test_nbconvert_by_hand_writes_to_build_lab_alone(checkout, name, kernel, made):
    before = snapshot(checkout)
    words = [sys.executable, *HAND, f"--ExecutePreprocessor.kernel_name={kernel}"]
    env = {key: value for key, value in os.environ.items() if not key.startswith("FACTCHECK_")}
    path = checkout / "notebooks" / f"{name}.ipynb"
    done = subprocess.run([*words, path], cwd=checkout, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert outcome(checkout, before, made)
