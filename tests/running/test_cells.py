"""What a cell may do and be told of: the same by warm kernels and by cold ones."""

import json

import pytest
from conftest import snapshot, tiny

from helpers.running import runner, state, workers
from helpers.running.runner import RunError

AWAITS = "import asyncio\nawait asyncio.sleep(0.01)\nprint('slept')"
CHILD = (
    "import subprocess\nprint('a')\nsubprocess.run(['echo', 'b'])\nprint('c')\n"
    "subprocess.run(['sh', '-c', 'echo d >&2']).returncode"
)
STOPS = {
    "import sys\nsys.exit()": "cell 2 stopped with SystemExit: a notebook runs to its end",
    "raise SystemExit(3)": "cell 2 stopped with SystemExit: 3",
    "%nosuchmagic 3": "cell 2 stopped with UsageError: Line magic function `%nosuchmagic`",
    "%%nosuch\nx": "cell 2 stopped with UsageError: Cell magic `%%nosuch` not found",
    "raise ExceptionGroup('several', [ValueError('one')])": (
        "cell 2 stopped with ExceptionGroup: several"
    ),
}


def quiet(line):
    pass


@pytest.fixture
def small(bare):
    (bare / "notebooks" / "choices.toml").write_text("")
    tiny(bare, "00_sources", "print(1)")
    return bare


def outputs(name):
    cells = json.loads(state.copy(name).read_text())["cells"]
    return [
        (output.get("name"), "".join(output.get("text") or output["data"]["text/plain"]))
        for cell in cells
        for output in cell.get("outputs", [])
    ]


@pytest.mark.parametrize("switch", ["on", pytest.param("off", marks=pytest.mark.slow)])
def test_awaiting_and_what_processes_print_is_in_the_notebook(small, monkeypatch, switch):
    monkeypatch.setenv("FACTCHECK_WARM", switch)
    # Where this is set, ipykernel leaves what processes print to pytest.
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    tiny(small, "01_awaits", AWAITS)
    tiny(small, "02_child", CHILD)
    runner.run(["01", "02"], tell=quiet)
    assert outputs("01_awaits") == [("stdout", "slept\n")]
    assert outputs("02_child") == [("stdout", "a\nb\nc\n"), ("stderr", "d\n"), (None, "0")]


def test_half_a_character_is_spelt_out(small):
    tiny(small, "01_half", r"print('a\ud800b')")
    runner.run(["01"], tell=quiet)
    assert outputs("01_half") == [("stdout", "a\\ud800b\n")]


def test_what_stops_a_cell_is_told_as_what_it_is_and_named(small):
    for number, line in enumerate(STOPS, start=1):
        tiny(small, f"{number:02}_stops", line, "print(2)")
    with pytest.raises(RunError) as caught:
        runner.run(tell=quiet)
    for number, message in enumerate(STOPS.values(), start=1):
        assert f"{number:02}_stops, {message}" in str(caught.value)
    assert not list((small / "build" / "notebooks").glob("*stops*"))


def test_an_exit_removes_no_output_of_the_run_before_and_a_skipped_cell_is_named(small):
    keeps = (
        "import os, pathlib\n(pathlib.Path(os.environ['FACTCHECK_OUT']) / 'a.csv').write_text('1')"
    )
    tiny(small, "01_tiny", keeps)
    runner.run(["01"], tell=quiet)
    kept = snapshot(small)
    tiny(small, "01_tiny", "import sys\nsys.exit(0)", keeps)
    with pytest.raises(RunError, match="01_tiny, cell 2 stopped with SystemExit"):
        runner.run(["01"], tell=quiet)
    assert (small / "data" / "processed" / "a.csv").read_text() == "1"
    assert kept.keys() == snapshot(small).keys()
    path = small / "notebooks" / "01_tiny.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"][1]["source"] = "print(1)"
    notebook["cells"][1]["metadata"]["tags"] = ["skip-execution"]
    path.write_text(json.dumps(notebook))
    with pytest.raises(RunError, match="01_tiny, cell 2 was not run"):
        runner.run(["01"], tell=quiet)


class Odd(Exception):
    """An exception that cannot be sent from one process to another."""

    def __init__(self, one, two):
        super().__init__(f"{one} and {two}")


def fails(number):
    if number == 1:
        raise Odd("one", "two")
    return number


@pytest.mark.parametrize("switch", ["on", pytest.param("off", marks=pytest.mark.slow)])
def test_whatever_a_worker_raises_is_told_and_the_others_finish(small, monkeypatch, switch):
    monkeypatch.setenv("FACTCHECK_WARM", switch)
    found = dict(workers.each(fails, [(0,), (1,), (2,)], 2))
    assert found[(0,)] == 0 and found[(2,)] == 2
    assert "stopped with Odd: one and two" in str(found[(1,)])


PLAIN = (
    "import matplotlib.pyplot as plt\nfrom helpers import figures\nfigures.use_style()\n"
    "from matplotlib_inline.backend_inline import set_matplotlib_formats\n"
    "set_matplotlib_formats('svg')",
    "plt.plot([1, 2, 3])\nplt.show()",
)


def test_a_plain_figure_bears_no_day(small):
    tiny(small, "01_plain", *PLAIN)
    runner.run(["01"], tell=quiet)
    text = state.copy("01_plain").read_text()
    assert "<dc:date>1970-01-01" in text
    runner.run(["01"], tell=quiet, force=True)
    assert state.copy("01_plain").read_text() == text
