"""Every choice that is allowed also draws, and what is said under it follows the values."""

import pytest
import said

from helpers.judging import choices
from helpers.project import FactcheckError
from helpers.running import runner


def near(notebook):
    """For each value that is no default, the combination that has it and changes least besides."""
    defaults = choices.defaults(notebook)
    changes = [
        {name: value for name, value in each.items() if value != defaults[name]}
        for each in choices.grid(notebook)
    ]
    found = {}
    for change in sorted(changes, key=len):
        for one in change.items():
            found.setdefault(one, change)
    return list({str(change): change for change in found.values()}.values())


def draw(folder, notebooks, only=None):
    jobs = [
        runner.Job(name, folder / f"{name}-{place}.ipynb", folder / f"{name}-{place}", change)
        for name in notebooks
        for place, change in enumerate([only] if only else near(name))
    ]
    runner.run_all(jobs, None, print, None)
    return jobs


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """What every change of one choice says, in all notebooks, run once."""
    jobs = draw(tmp_path_factory.mktemp("drawn"), runner.topics())
    return [said.of(job) for job in jobs]


@pytest.mark.slow
def test_every_change_of_one_choice_draws_its_figures(drawn):
    assert len(drawn) > 90 and all(each.figures for each in drawn)
    assert {each.notebook for each in drawn} == set(runner.topics())


@pytest.mark.slow
@pytest.mark.parametrize("law", said.LAWS, ids=lambda law: law.__name__)
def test_under_every_change_what_is_said_keeps_to_the_values(drawn, law):
    assert [(each.notebook, each.change, fault) for each in drawn for fault in law(each)] == []


def test_a_choice_whose_figure_cannot_be_drawn_is_named(checkout, tmp_path):
    path = checkout / "notebooks" / "12_chip_controls.ipynb"
    text = path.read_text(encoding="utf-8")
    cut = text.replace('ylim=(min(10, 0.8 * recent[\\"value\\"].min()), 5000)', "ylim=(10, 5000)")
    assert cut != text
    path.write_text(cut, encoding="utf-8")
    with pytest.raises(FactcheckError, match="12_chip_controls.*lies beyond the axis"):
        draw(tmp_path, ["12_chip_controls"], {"vintage": "2024-11-25"})
