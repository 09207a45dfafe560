"""Every choice that is allowed also draws: a sweep leaves figures out."""

import pytest

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
    return len(jobs)


@pytest.mark.slow
def test_every_change_of_one_choice_draws_its_figures(tmp_path):
    assert draw(tmp_path, runner.topics()) > 90


def test_a_choice_whose_figure_cannot_be_drawn_is_named(checkout, tmp_path):
    path = checkout / "notebooks" / "12_chip_controls.ipynb"
    text = path.read_text(encoding="utf-8")
    cut = text.replace('ylim=(min(10, 0.8 * recent[\\"value\\"].min()), 5000)', "ylim=(10, 5000)")
    assert cut != text
    path.write_text(cut, encoding="utf-8")
    with pytest.raises(FactcheckError, match="12_chip_controls.*lies beyond the axis"):
        draw(tmp_path, ["12_chip_controls"], {"vintage": "2024-11-25"})
