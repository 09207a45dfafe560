"""The path of a change: edit, run, explain, diff, accept, verify, each consistent with the last."""

import json
import shutil

import pytest
from commands import run
from conftest import TOP, forget, tiny

from helpers import project
from helpers.running import runner, state

SIX = "06_notable_models"
FIGURES = list((TOP / "data" / "processed" / "figures").glob("06_*.csv"))


def edit(top, old, new, name=SIX):
    path = top / "notebooks" / f"{name}.ipynb"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def said(top, *words, code=0):
    done = run(*words, cwd=top, timeout=400)
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def test_an_edited_notebook_is_told_the_same_by_every_command(checkout):
    claim = "notable-models-us-2024"
    before = said(checkout, "explain", claim)
    edit(checkout, 'counting = \\"whole\\"', 'counting = \\"fractional\\"')
    said(checkout, "run", "06")
    after = said(checkout, "explain", claim)
    assert after != before and "counting=fractional" in after
    status = said(checkout, "status")
    assert "99_scorecard: up to date" in status and "its counting = 'fractional'" in status
    assert "behind" not in status
    told = said(checkout, "diff", "06")
    assert claim in told and "counting: whole → fractional" in told
    assert told.count("was drawn otherwise") == len(FIGURES) and "+ The short answer above" in told
    assert "Accepted 06_notable_models, 90_multiverse, 99_scorecard" in said(
        checkout, "accept", "06"
    )
    assert said(checkout, "diff", "06") == "No output differs from what is committed.\n"
    assert "Every output is as committed." in said(checkout, "verify", "06")


@pytest.mark.slow
def test_an_accepted_edit_verifies_and_is_on_the_site(checkout):
    shutil.copytree(TOP / "docs", checkout / "docs")
    shutil.copy(TOP / "LICENSE", checkout)
    edit(checkout, 'counting = \\"whole\\"', 'counting = \\"fractional\\"')
    said(checkout, "run", "06")
    assert "is not what was accepted" in said(checkout, "site", code=1)
    said(checkout, "accept", "06")
    assert "Every output is as committed." in said(checkout, "verify", "06")
    said(checkout, "site")
    page = checkout / "build" / "site" / "claims" / "notable-models-us-2024.html"
    assert "39.5" in page.read_text(encoding="utf-8")


def test_what_follows_from_a_run_is_named_as_behind_until_it_is_made(small):
    runner.run(tell=quiet)
    assert state.behind() == []
    tiny(small, "03_top_cited", ANSWER.replace("VALUE", "39"))
    forget()
    runner.run_all([job(small, "03_top_cited")], 1, quiet, state.settle)
    assert any("answers, measurements and verdicts are behind" in each for each in state.behind())
    assert state.stale("99_scorecard").endswith("03_top_cited.ipynb changed")
    assert runner.run(["03"], tell=quiet) == ["99_scorecard"]
    assert state.behind() == [] and "39" in (project.processed() / "answers.json").read_text()


CLAIM = "top100-us-2023"
ANSWER = """
from IPython.display import display
record = {"claim": "CLAIM", "notebook": "03_top_cited", "choices": {}, "is_default": True,
          "holds": True, "sources": [], "values": [{"entity": "United States", "period": "2023",
          "measure": "m", "unit": "u", "value": VALUE, "low": None, "high": None}]}
display({"application/vnd.factcheck.claim+json": record}, raw=True)
""".replace("CLAIM", CLAIM)
READS = "print(len(open('../data/processed/answers.json').read()))"


def quiet(line):
    pass


def job(top, name):
    return runner.Job(name, state.copy(name), project.build() / "staging" / name)


@pytest.fixture
def small(bare, monkeypatch):
    """Three notebooks: one answers a claim, the last reads the answers."""
    from helpers.judging import claims

    monkeypatch.setattr(claims, "of_notebook", lambda name: [CLAIM] if name[:2] == "03" else [])
    (bare / "notebooks" / "choices.toml").write_text("")
    forget()
    tiny(bare, "00_sources", "print(1)")
    tiny(bare, "03_top_cited", ANSWER.replace("VALUE", "38"))
    tiny(bare, "99_scorecard", READS)
    return bare


def test_another_choice_prints_what_moved_and_where_the_copy_lies(small):
    tiny(small, "03_top_cited", "print(x)")
    path = small / "notebooks" / "03_top_cited.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"][0]["source"] = "x = 0.0"
    path.write_text(json.dumps(notebook))
    (small / "notebooks" / "choices.toml").write_text(CONTRACT)
    forget()
    said = []
    runner.run(["03"], {"x": "1e1"}, tell=said.append)
    assert "The copy is build/notebooks/03_top_cited__x-10.0.ipynb." in said


CONTRACT = """
["03_top_cited".x]
default = 0.0
claims = []
values = [
    { value = 0.0, because = "x", source = "y" },
    { value = 10.0, because = "x", source = "y" },
]
"""
