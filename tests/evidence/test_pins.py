import pytest
from commands import run

from helpers.evidence import pins
from helpers.project import FactcheckError
from helpers.reading import site
from helpers.running import regression

KINDS = (
    "data/claims.toml",
    "data/corrections.toml",
    "data/processed/figures/06_counts_by_edition.svg",
    "data/processed/model_lists.csv",
    "data/processed/multiverse.csv",
    "data/raw/SHA256SUMS",
    "data/raw/sources.toml",
    "notebooks/choices.toml",
)


def test_all_under_data_is_as_it_was_accepted():
    assert pins.problems() == []


@pytest.mark.parametrize("name", KINDS)
def test_one_changed_byte_is_seen_and_named_until_it_is_accepted(checkout, name):
    path = checkout / name
    path.write_bytes(path.read_bytes() + b"\n")
    assert [problem.split(" is not what")[0] for problem in pins.problems()] == [name]
    with pytest.raises(FactcheckError, match=f"{name} is not what was accepted.*git.*accept"):
        site.build()
    assert not (checkout / "build").exists()
    pins.write()
    assert pins.problems() == []


def test_a_missing_a_new_file_and_missing_pins_are_seen(checkout):
    (checkout / "notebooks" / "choices.toml").unlink()
    (checkout / "data" / "processed" / "new.csv").write_text("a\n1\n")
    said = [problem.split(" is not what")[0] for problem in pins.problems()]
    assert said == ["data/processed/new.csv", "notebooks/choices.toml"]
    (checkout / pins.SUMS).unlink()
    assert pins.problems() == ["data/SHA256SUMS is missing or empty: restore it with git"]


def test_a_changed_figure_is_named_by_site_status_and_verify(checkout, monkeypatch):
    figure = checkout / KINDS[2]
    figure.write_text(figure.read_text() + " ")
    for word in ("site", "status"):
        done = run(word, cwd=checkout)
        assert done.returncode == (word == "site")
        assert f"{KINDS[2]} is not what was accepted" in done.stdout + done.stderr
    monkeypatch.setattr(regression.runner, "run_all", lambda tasks, jobs, tell, look: None)
    monkeypatch.setattr(regression.runner, "resolve", lambda wanted: [])
    assert KINDS[2] in regression.verify(["06"], tell=str)[0]


def test_what_another_notebook_wrote_waits_until_that_one_is_accepted(checkout):
    (checkout / KINDS[2]).write_text("another figure")
    pins.write(but={KINDS[2]})
    assert [problem.split(" is not what")[0] for problem in pins.problems()] == [KINDS[2]]
    pins.write()
    assert pins.problems() == []
