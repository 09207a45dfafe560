"""The sweep's table: swept alone or together the same bytes, and old rows are seen."""

import pandas as pd
import pytest
from commands import run
from conftest import forget, snapshot

from helpers import project
from helpers.judging import choices
from helpers.judging.multiverse import TABLE
from helpers.running import origins, regression, reruns

FAST = ("02_patents",)
SLOW = sorted(set(choices.load()) - set(FAST))


@pytest.mark.parametrize(
    "name", [*FAST, *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)]
)
def test_sweeping_a_notebook_of_a_clean_checkout_changes_no_byte(checkout, name):
    before = snapshot(checkout)
    done = run("sweep", name[:2], cwd=checkout, timeout=900)
    assert done.returncode == 0, done.stderr
    after = snapshot(checkout)
    assert [path.name for path in after if after[path] != before.get(path)] == []


def test_the_committed_rows_are_of_what_is_here(checkout):
    assert origins.problems() == []


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    forget()


def a_cell(top):
    edit(top / "notebooks" / "02_patents.ipynb", "figures.use_style()", "figures.use_style(), 1")
    return "the rows of 02_patents are old, cells changed since: run `factcheck sweep 02`"


def a_choice(top):
    path = top / "notebooks" / "choices.toml"
    text = path.read_text(encoding="utf-8")
    name = next(iter(choices.load()["02_patents"]))
    value = '{ value = "another", because = "x", source = "y" },'
    place = text.index("values = [", text.index(f"{name}]")) + len("values = [")
    path.write_text(text[:place] + value + text[place:], encoding="utf-8")
    forget()
    return "the rows of 02_patents are old, choices changed since"


def a_condition(top):
    edit(top / "data" / "claims.toml", 'holds_when = "China > ', 'holds_when = "1 > ')
    return "are old, claims changed since"


def a_table(top):
    path = next((top / "data" / "processed").glob("*patent*.csv"))
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    return f"{path.name} changed since"


def _row(top, column, value):
    path = top / "data" / "processed" / TABLE
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    rows = table["notebook"].eq("02_patents") & table["is_default"].eq("False")
    table.loc[rows, column] = value
    table.to_csv(path, index=False, lineterminator="\n")


def a_holds(top):
    table = pd.read_csv(top / "data" / "processed" / TABLE, dtype=str, keep_default_na=False)
    rows = table[table["notebook"].eq("02_patents") & table["is_default"].eq("False")]
    _row(top, "holds", "False" if (rows["holds"] == "True").all() else "True")
    return "says another `holds` than its values give: run `factcheck sweep 02`"


FAULTS = (a_cell, a_choice, a_condition, a_table, a_holds)


@pytest.mark.parametrize("fault", FAULTS)
def test_rows_that_are_old_or_bent_are_seen_and_named(checkout, fault):
    said = fault(checkout)
    assert any(said in problem for problem in origins.problems()), origins.problems()


def test_prose_spaces_in_a_module_or_a_cell_and_a_default_in_the_notebook_make_nothing_old(
    checkout, monkeypatch
):
    monkeypatch.setattr(origins, "CODE", checkout)
    path = project.notebooks() / "06_notable_models.ipynb"
    before = origins.digest("06_notable_models", "cells")
    edit(path, 'counting = \\"whole\\"', 'counting = \\"sole\\"')
    edit(path, "figures.use_style()", "figures.use_style( )  # in the house's style")
    assert origins.digest("06_notable_models", "cells") == before
    module = checkout / "src" / "helpers" / "one.py"
    module.parent.mkdir(parents=True)
    module.write_text('"""One."""\n\n\ndef two():\n    """Two."""\n    return 2  # two\n')
    before = origins.digest("06_notable_models", "src/helpers/one.py")
    module.write_text('"""Another."""\ndef two():\n    """Words."""\n    return 2\n')
    assert origins.digest("06_notable_models", "src/helpers/one.py") == before
    module.write_text("def two():\n    return 3\n")
    assert origins.digest("06_notable_models", "src/helpers/one.py") != before


def test_a_rounded_value_off_the_default_is_seen_by_verify_and_named(checkout):
    assert list(reruns.problems(["02_patents"])) == []
    _row(checkout, "value", "36")
    found = regression.swept(["02_patents"])
    assert any("in a fresh run of 02_patents" in problem for problem in found), found


def test_status_and_accept_say_which_sweep_is_due(checkout):
    (checkout / origins.FILE).unlink()
    said = run("status", cwd=checkout).stdout
    for name in choices.load():
        assert f"run `factcheck sweep {name[:2]}`" in said
