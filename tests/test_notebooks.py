import ast
import json
import statistics

import pytest

from helpers import project
from helpers.figures import FigureError
from helpers.judging import choices
from helpers.running import runner


def cells_of(name):
    return json.loads((project.notebooks() / f"{name}.ipynb").read_text())["cells"]


def code_lines(cell):
    return len([line for line in "".join(cell["source"]).splitlines() if line.strip()])


@pytest.mark.parametrize("name", runner.names())
def test_cells_are_short_and_prose_keeps_up_with_code(name):
    code = [cell for cell in cells_of(name) if cell["cell_type"] == "code"]
    sizes = sorted(map(code_lines, code))
    assert (
        statistics.median(sizes) <= 4
        and sizes[int(0.9 * (len(sizes) - 1))] <= 14
        and sizes[-1] <= 25
    )
    assert len(cells_of(name)) - len(code) >= 0.7 * len(code)
    assert "What this does not show" in "".join("".join(cell["source"]) for cell in cells_of(name))


@pytest.mark.parametrize("name", runner.topics())
def test_every_shown_figure_is_the_file_that_lies_beside_its_data(name):
    shown = [
        o["data"]["image/svg+xml"]
        for c in cells_of(name)
        for o in c.get("outputs", [])
        if "image/svg+xml" in o.get("data", {})
    ]
    folder = project.processed() / "figures"
    drawn = [path for path in folder.glob("*.svg") if not path.stem.endswith("_phone")]
    kept = {path.read_text() for path in drawn if path.name.startswith(name[:2])}
    assert {"".join(picture) for picture in shown} == kept and len(kept) >= 1
    assert all(path.with_suffix(".csv").is_file() for path in drawn)
    assert all('aria-label="' in picture for picture in kept)


def test_notebooks_carry_no_machine_path_and_no_timing():
    for name in runner.names():
        text = (project.notebooks() / f"{name}.ipynb").read_text()
        assert str(project.root()) not in text and '"papermill"' not in text


def test_figure_errors_are_factcheck_errors():
    assert issubclass(FigureError, project.FactcheckError)


@pytest.mark.parametrize("name", choices.load())
def test_under_the_parameters_stands_the_panel_and_stores_nothing(name):
    found = cells_of(name)
    at = next(i for i, cell in enumerate(found) if "parameters" in cell["metadata"].get("tags", []))
    assert "".join(found[at]["source"]).startswith("# Change a value here and run all cells")
    assert f'panel.show("{name}", globals())' in "".join(found[at + 1]["source"])
    assert found[at + 1]["outputs"] == []


@pytest.mark.parametrize("name", runner.topics())
def test_a_figure_is_begun_and_shown_in_one_cell(name):
    """A sweep leaves such cells out, and half a figure would be shown twice."""
    sources = ["".join(cell["source"]) for cell in cells_of(name) if cell["cell_type"] == "code"]
    begun = [source for source in sources if "figures.frame(" in source]
    assert all("figures.show(" in source for source in begun)


def drawn_only(sources):
    """The names that cells without a figure use and only cells with one define."""
    stored, kept, used = set(), set(), set()
    for source in sources:
        draws = "figures.show(" in source
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                (stored if draws else kept).add(node.id)
            elif isinstance(node, ast.Name) and not draws:
                used.add(node.id)
            elif isinstance(node, ast.arg | ast.alias):
                kept.add(node.arg if isinstance(node, ast.arg) else node.name)
    return (stored - kept) & used


@pytest.mark.parametrize("name", runner.topics())
def test_nothing_outside_a_figure_leans_on_what_its_cell_defines(name):
    cells = [cell for cell in cells_of(name) if cell["cell_type"] == "code"]
    assert drawn_only(["".join(cell["source"]) for cell in cells]) == set()


def test_a_name_that_only_a_figure_defines_is_seen():
    assert drawn_only(["a = 1", "b = 2\nfigures.show(fig)", "print(a, b)"]) == {"b"}
