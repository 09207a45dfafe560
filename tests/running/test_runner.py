import json
import time

import nbformat
import papermill
import pytest
from commands import Command
from commands import run as command
from conftest import alive, snapshot, tiny, wait_for

from helpers.running import execution, runner
from helpers.running.runner import RunError

GOOD = (
    "import os, pathlib\nout = pathlib.Path(os.environ['FACTCHECK_OUT']) / "
    "'tiny.csv'\nout.write_text('a\\n1\\n')\nprint(1)"
)
READS = (
    "import pathlib, helpers\nprint(pathlib.Path('../data/claims.toml').stat().st_size > 0, "
    "len(open('../data/claims.toml').read()) > 0)"
)


@pytest.fixture
def small(bare):
    tiny(bare, "00_sources", GOOD)
    return bare


def quiet(line):
    pass


def test_a_run_writes_copies_and_tables_and_a_second_run_starts_no_kernel(small, monkeypatch):
    assert runner.run(tell=quiet) == ["00_sources"]
    assert (small / "data" / "processed" / "tiny.csv").read_text() == "a\n1\n"
    copy = json.loads((small / "build" / "notebooks" / "00_sources.ipynb").read_text())
    assert copy["cells"][1]["outputs"][0]["text"] == ["1\n"] and "papermill" not in copy["metadata"]
    monkeypatch.setattr(runner, "execute", None)
    said = []
    assert runner.run(tell=said.append) == [] and said == ["Everything is up to date."]


@pytest.mark.parametrize("switch", ["on", pytest.param("off", marks=pytest.mark.slow)])
def test_what_a_cell_prints_in_pieces_is_one_output(small, monkeypatch, switch):
    monkeypatch.setenv("FACTCHECK_WARM", switch)
    tiny(
        small,
        "01_tiny",
        "import sys\nfor piece in 'ab\\n':\n    print(piece, end='')\n    sys.stdout.flush()",
    )
    runner.run(tell=quiet)
    [output] = json.loads((small / "build" / "notebooks" / "01_tiny.ipynb").read_text())["cells"][
        1
    ]["outputs"]
    assert output["text"] == ["ab\n"]


@pytest.mark.parametrize(("lost", "ends"), [(2, ""), (3, "Kernel died")])
def test_a_kernel_that_finds_its_port_taken_is_started_again(small, monkeypatch, lost, ends):
    real, left = papermill.execute_notebook, iter([True] * lost)

    def execute(*words, **options):
        if next(left, False):
            raise RuntimeError("Kernel died before replying to kernel_info")
        return real(*words, **options)

    monkeypatch.setattr(papermill, "execute_notebook", execute)
    tiny(small, "01_tiny", READS)
    job = runner.Job("01_tiny", small / "build" / "copy.ipynb", small / "build" / "out")
    said = execution.execute(job)[2]
    assert ends in said if ends else (said == "" and job.copy.is_file())


def test_a_long_line_is_kept_as_it_is_and_takes_no_time(small):
    tiny(small, "01_tiny", "print('x' * 300_000)")
    began = time.monotonic()
    runner.run(tell=quiet)
    assert time.monotonic() - began < 20  # a pattern that looks again at every character took 45 s
    [output] = json.loads((small / "build" / "notebooks" / "01_tiny.ipynb").read_text())["cells"][
        1
    ]["outputs"]
    assert "".join(output["text"]) == "x" * 300_000 + "\n"


def test_status_explains_each_staleness(small):
    tiny(small, "01_tiny", READS)
    assert runner.stale("01_tiny") == "never run here"
    runner.run(tell=quiet)
    assert runner.stale("01_tiny") == ""
    claims = small / "data" / "claims.toml"
    claims.write_text(claims.read_text() + "\n")
    assert runner.stale("01_tiny") == "data/claims.toml changed"
    (small / "data" / "processed" / "tiny.csv").write_text("a\n2\n")
    assert runner.stale("00_sources") == "data/processed/tiny.csv changed"
    assert runner.run(tell=quiet) == ["00_sources", "01_tiny"]
    assert (small / "data" / "processed" / "tiny.csv").read_text() == "a\n1\n"


def test_a_failing_cell_is_named_and_changes_nothing_while_others_finish(small):
    tiny(small, "01_bad", GOOD.replace("tiny.csv", "lost.csv"), "raise ValueError('row 7 is odd')")
    tiny(small, "02_good", GOOD.replace("tiny.csv", "kept.csv"))
    before = snapshot(small)
    with pytest.raises(RunError, match="01_bad, cell 3 stopped with ValueError: row 7 is odd"):
        runner.run(tell=quiet)
    after = snapshot(small)
    assert {path.name for path in set(after) - set(before)} == {"tiny.csv", "kept.csv"}
    assert all(after[path] == content for path, content in before.items())
    assert not list((small / "build" / "notebooks").glob("*01_bad*"))


def test_a_dead_kernel_and_an_endless_cell_are_named(small, monkeypatch):
    monkeypatch.setattr(execution, "CELL_TIMEOUT", 3)
    tiny(small, "01_dies", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    tiny(small, "02_endless", "while True: pass")
    with pytest.raises(RunError) as caught:
        runner.run(tell=quiet)
    assert "01_dies, the kernel died in cell 2" in str(caught.value)
    assert "02_endless, cell 2 ran longer than 3 s" in str(caught.value)


def test_an_unknown_notebook_gets_the_nearest_name():
    with pytest.raises(RunError, match="did you mean '06_notable_models'"):
        runner.resolve(["06_notabel_models"])
    assert runner.resolve(["06"]) == ["06_notable_models"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "06_notable_models", "-p", "countng=fractional"], "did you mean 'counting'"),
        (["run", "06_notable_models", "-p", "counting=halves"], "allowed are"),
        (["run", "06_notable_models", "-p", "counting"], "write name=value"),
        (["run", "-p", "counting=whole"], "Name the notebook"),
        (["run", "77_nothing"], "Unknown notebook"),
        (["sources", "rebuild", "nothing"], "Unknown source"),
    ],
)
def test_bad_words_are_one_message_a_failing_code_and_no_change(checkout, words, said):
    before = snapshot(checkout)
    done = command(*words, cwd=checkout)
    assert done.returncode != 0 and said in done.stderr and "Traceback" not in done.stderr
    assert snapshot(checkout) == before and not (checkout / "build").exists()


@pytest.mark.parametrize("fault", ["column", "negative", "duplicate"])
def test_a_bad_raw_table_stops_before_any_kernel_with_file_and_row(checkout, fault, monkeypatch):
    path = next((checkout / "data" / "raw").glob("research_cset*articles.csv"))
    lines = path.read_text().splitlines()
    if fault == "column":
        lines = [line.rsplit(",", 1)[0] for line in lines]
    elif fault == "negative":
        place, year, _, flag = lines[3].rsplit(",", 3)
        lines[3] = f"{place},{year},-5,{flag}"
    else:
        lines.append(lines[1])
    path.write_text("\n".join(lines) + "\n")
    before = snapshot(checkout)
    monkeypatch.setattr(runner, "execute", None)
    with pytest.raises(Exception, match=path.name):
        runner.run(tell=quiet)
    assert snapshot(checkout) == before


def test_a_claim_answered_twice_elsewhere_or_never_is_refused(checkout):
    copies = checkout / "notebooks"
    path = copies / "06_notable_models.ipynb"
    notebook = nbformat.read(path, as_version=4)
    answers = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and "claims.answer" in cell.source
    ]
    notebook.cells.append(answers[0])
    nbformat.write(notebook, path)
    with pytest.raises(RunError, match="a second time"):
        runner.records(copies)
    notebook.cells = [cell for cell in notebook.cells if cell.source != answers[0].source]
    nbformat.write(notebook, path)
    with pytest.raises(RunError, match="does not answer"):
        runner.records(copies)


def test_only_a_fresh_copy_can_become_the_reference(small):
    with pytest.raises(RunError, match="no executed copy"):
        runner.accept(["00"])
    runner.run(tell=quiet)
    assert runner.accept(["00"]) == ["00_sources"] and runner.stale("00_sources") == ""
    tiny(small, "00_sources", GOOD + "\nprint(2)")
    with pytest.raises(RunError, match="was edited after its last run"):
        runner.accept(["00"])


def test_ctrl_c_ends_kernels_keeps_finished_work_and_resumes(small):
    tiny(small, "01_quick", GOOD.replace("tiny.csv", "kept.csv"))
    tiny(
        small,
        "02_endless",
        f"import os\nopen({str(small / 'pid')!r}, 'w').write(str(os.getpid()))\nwhile True: pass",
    )
    process = Command("run", cwd=small)
    wait_for(lambda: "01_quick done" in process.stdout)
    wait_for(lambda: (small / "pid").is_file() and (small / "pid").read_text())
    process.interrupt()
    assert process.wait(60) == 130 and "Interrupted" in process.stderr.splitlines()[-1]
    kernel = int((small / "pid").read_text())
    wait_for(lambda: not alive(kernel))
    assert (small / "data" / "processed" / "kept.csv").is_file()
    tiny(small, "02_endless", "print(2)")
    assert runner.run(tell=quiet) == ["02_endless"]
