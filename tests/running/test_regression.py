import copy
import re
import subprocess
import sys

import nbformat
import pytest
from commands import alone
from nbclient import NotebookClient
from nbval.plugin import IPyNbFile

from helpers import project
from helpers.judging.claims import MIME
from helpers.running import regression, runner


def committed(name):
    return nbformat.read(project.notebooks() / f"{name}.ipynb", as_version=4)


@pytest.fixture
def pair():
    notebook = committed("06_notable_models")
    return notebook, copy.deepcopy(notebook)


def outputs(notebook, kind):
    return [
        o["data"]
        for c in notebook.cells
        if c.cell_type == "code"
        for o in c.outputs
        if kind in o.get("data", {})
    ]


@pytest.mark.parametrize(
    "names",
    [
        ["00_sources", "06_notable_models", "90_multiverse", "99_scorecard"],
        pytest.param(runner.names(), marks=pytest.mark.slow),
    ],
    ids=["four", "all"],
)
def test_a_fresh_run_gives_every_committed_output_and_file_offline(checkout, tmp_path, names):
    done = alone(checkout, tmp_path / "log", "verify", *names)
    assert (done.returncode, done.stderr) == (0, "") and done.stdout.endswith(
        "Every output is as committed.\n"
    )
    for name in names:
        fresh = checkout / "build" / "verify" / "notebooks" / f"{name}.ipynb"
        assert fresh.read_bytes() == (project.notebooks() / f"{name}.ipynb").read_bytes(), name
    assert not (tmp_path / "log").exists(), "the run reached for something beyond this machine"


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
    for folder, files in {
        "a": {"x.csv": "1", "y.csv": "1"},
        "b": {"x.csv": "2", "z.csv": "1"},
    }.items():
        for name, text in files.items():
            project.atomic_write(tmp_path / folder / name, text)
    said = "\n".join(regression.compare_files(tmp_path / "a", tmp_path / "b"))
    assert (
        "y.csv is committed, but no notebook writes it" in said
        and "z.csv is written" in said
        and "x.csv differs" in said
    )


def test_what_the_comparison_skips_is_what_nbval_skips(request):
    file = IPyNbFile.from_parent(
        request.session, path=project.notebooks() / "06_notable_models.ipynb"
    )
    assert set(regression.SKIPPED) == set(file.skip_compare)


SHOW = (
    "from IPython.display import display\ndisplay({{'text/plain': 'a figure', {kind!r}: "
    "{content!r}}}, raw=True)"
)


def show(kind, content):
    return SHOW.format(kind=kind, content=content)


def replace(where, old, new):
    def change(cell):
        output = cell.outputs[0]
        if where in ("text", "ename", "evalue"):
            output[where] = output[where].replace(old, new)
        else:
            output["data"][where] = output["data"][where].replace(old, new)

    return change


def extra(cell):
    cell.outputs.append(nbformat.v4.new_output("stream", name="stdout", text="more"))


# What is in a cell, how its committed output was changed, and whether the comparison must see it.
DIFFERENCES = {
    "a printed word": ("print('one word')", replace("text", "word", "sword"), True),
    "a printed digit": ("print(22.6)", replace("text", "6", "7"), True),
    "a blank at a line's end": ("print('one ')", replace("text", " ", ""), True),
    "an accent": ("print('\\u00e9')", replace("text", "\u00e9", "e\u0301"), True),
    "nothing committed": ("print(1)", lambda cell: cell.update(outputs=[]), True),
    "more committed": ("1 + 1", extra, True),
    "a value's text": ("22.6", replace("text/plain", "6", "7"), True),
    "a table's cell": (
        "import pandas as pd\npd.DataFrame({'a': [1]})",
        replace("text/html", "<td>1<", "<td>2<"),
        True,
    ),
    "a bar of a figure": (
        show("image/svg+xml", "<svg><path d='M 0 1'/></svg>"),
        replace("image/svg+xml", "M 0 1", "M 0 2"),
        True,
    ),
    "a record": (
        show(MIME, {"value": 1}),
        lambda cell: cell.outputs[0]["data"][MIME].update(value=2),
        True,
    ),
    "a record's field": (
        show(MIME, {"value": 1}),
        lambda cell: cell.outputs[0]["data"][MIME].update(more=2),
        True,
    ),
    "a formula": (show("text/latex", "$x$"), replace("text/latex", "x", "y"), True),
    "a paragraph": (show("text/markdown", "*one*"), replace("text/markdown", "one", "two"), True),
    "a form too few": (
        show("text/html", "<b>a</b>"),
        lambda cell: cell.outputs[0]["data"].pop("text/html"),
        True,
    ),
    "a form too many": (
        show("text/html", "<b>a</b>"),
        lambda cell: cell.outputs[0]["data"].update({"text/latex": "$x$"}),
        True,
    ),
    "two outputs in another order": (
        "for n in (1, 2): display(n)",
        lambda cell: cell.outputs.reverse(),
        True,
    ),
    "an error's kind": ("raise ValueError('odd')", replace("ename", "Value", "Type"), True),
    "an error's words": ("raise ValueError('odd')", replace("evalue", "odd", "even"), True),
    "a value that changes by itself": ("import time\ntime.time_ns()", lambda cell: None, True),
    "an error's traceback": (
        "raise ValueError('odd')",
        lambda cell: cell.outputs[0].update(traceback=["other"]),
        False,
    ),
    "a pixel": (show("image/png", "aGVsbG8="), replace("image/png", "a", "b"), False),
    "a stream's name": ("print(1)", lambda cell: cell.outputs[0].update(name="stderr"), True),
    "an output's metadata": (
        "1 + 1",
        lambda cell: cell.outputs[0]["metadata"].update(more=1),
        False,
    ),
    "an output's number": ("1 + 1", lambda cell: cell.outputs[0].update(execution_count=99), False),
    "a printed line in two pieces": (
        "print(1)\nprint(2)",
        lambda cell: (cell.outputs[0].update(text="1\n"), extra(cell)),
        True,
    ),
    "nothing": ("print(1)", lambda cell: None, False),
}


@pytest.fixture(scope="module")
def seeded():
    """A notebook as it was committed, with twenty kinds of difference, and as it comes fresh."""
    notebook = nbformat.v4.new_notebook(
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        }
    )
    notebook.cells = [
        nbformat.v4.new_code_cell(
            code, metadata={"tags": ["raises-exception"]} if "raise" in code else {}
        )
        for code, _, _ in DIFFERENCES.values()
    ]
    committed, fresh = (
        NotebookClient(copy.deepcopy(notebook), kernel_name="factcheck").execute() for _ in range(2)
    )
    for cell, (_, change, _) in zip(committed.cells, DIFFERENCES.values(), strict=True):
        change(cell)
    return committed, fresh


def differing(committed, fresh):
    found = {
        int(re.match(r"cell (\d+)", problem)[1]) - 1
        for problem in regression.compare(committed, fresh)
    }
    return [name for place, name in enumerate(DIFFERENCES) if place in found]


def test_twenty_kinds_of_difference_are_seen_or_are_none(seeded):
    assert differing(*seeded) == [name for name, (_, _, seen) in DIFFERENCES.items() if seen]


@pytest.mark.slow
def test_verify_and_pytest_nbval_see_the_same_of_twenty_kinds_of_difference(seeded, tmp_path):
    nbformat.write(seeded[0], tmp_path / "seeded.ipynb")
    words = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--nbval",
        "--nbval-kernel-name=factcheck",
        "--tb=no",
        "-rA",
        "-p",
        "no:cacheprovider",
    ]
    said = subprocess.run(
        [*words, "seeded.ipynb"], cwd=tmp_path, capture_output=True, text=True
    ).stdout
    assert len(re.findall(r"^(?:FAILED|PASSED) ", said, re.MULTILINE)) == len(DIFFERENCES)
    failed = re.findall(r"^FAILED seeded\.ipynb::Cell (\d+)", said, re.MULTILINE)
    names = list(DIFFERENCES)
    assert [names[place] for place in sorted(map(int, failed))] == differing(*seeded)


def test_a_notebook_of_tables_alone_is_whole_and_a_lost_figure_is_seen(pair):
    notebook = pair[0]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [o for o in cell.outputs if "image/svg+xml" not in o.get("data", {})]
    assert "06_notable_models: no figure is stored as SVG" in regression.guard(
        notebook, "06_notable_models"
    )
    for cell in notebook.cells:
        cell.source = cell.source.replace("figures.show(", "print(")
    assert regression.guard(notebook, "06_notable_models") == []
