import copy

import nbformat
import pytest
from nbval.plugin import IPyNbFile

from helpers import project, regression, runner
from helpers.claims import MIME


def committed(name):
    return nbformat.read(project.notebooks() / f"{name}.ipynb", as_version=4)


@pytest.fixture
def pair():
    notebook = committed("06_notable_models")
    return notebook, copy.deepcopy(notebook)


def outputs(notebook, kind):
    return [o["data"] for c in notebook.cells if c.cell_type == "code" for o in c.outputs if kind in o.get("data", {})]


def test_a_fresh_run_gives_every_committed_output_and_file():
    assert regression.verify(tell=lambda line: None) == []


@pytest.mark.parametrize("name", runner.names())
def test_no_committed_notebook_makes_the_comparison_vacuous(name):
    assert regression.guard(committed(name), name) == []


def test_equal_notebooks_compare_equal(pair):
    assert regression.compare(*pair) == []


def test_a_digit_in_a_table_a_record_and_a_figure_is_seen(pair):
    reference, fresh = pair
    outputs(fresh, MIME)[0][MIME]["values"][0]["value"] += 1
    outputs(fresh, "image/svg+xml")[0]["image/svg+xml"] += " "
    table = outputs(fresh, "text/html")[0]
    table["text/html"] = table["text/html"].replace("1", "2", 1)
    assert len(regression.compare(reference, fresh)) == 3


def test_a_missing_output_an_extra_one_and_a_printed_word_are_seen(pair):
    reference, fresh = pair
    shown = [cell for cell in fresh.cells if cell.cell_type == "code" and cell.outputs]
    shown[0].outputs = []
    shown[1].outputs.append(nbformat.v4.new_output("stream", name="stdout", text="more"))
    assert len(regression.compare(reference, fresh)) == 2


def test_a_stripped_notebook_is_seen(pair):
    for cell in pair[0].cells:
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
    said = "\n".join(regression.guard(pair[0], "06_notable_models"))
    assert "not all run once" in said and "no figure" in said and "answers []" in said
    assert regression.compare(*pair)


def test_a_marker_a_warning_and_a_swapped_order_are_seen(pair):
    notebook = pair[0]
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    code[1].source = "# NBVAL_IGNORE_OUTPUT\n" + code[1].source
    code[2].outputs = [nbformat.v4.new_output("stream", name="stderr", text="a warning")]
    code[3].execution_count = 99
    assert len(regression.guard(notebook, "06_notable_models")) == 3


def test_files_that_differ_or_stand_alone_are_seen(tmp_path):
    for folder, files in {"a": {"x.csv": "1", "y.csv": "1"}, "b": {"x.csv": "2", "z.csv": "1"}}.items():
        for name, text in files.items():
            project.atomic_write(tmp_path / folder / name, text)
    said = "\n".join(regression.compare_files(tmp_path / "a", tmp_path / "b"))
    assert "y.csv is committed, but no notebook writes it" in said and "z.csv is written" in said and "x.csv differs" in said


def test_what_the_comparison_skips_is_what_nbval_skips(request):
    file = IPyNbFile.from_parent(request.session, path=project.notebooks() / "06_notable_models.ipynb")
    assert set(regression.SKIPPED) == set(file.skip_compare)
