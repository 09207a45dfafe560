"""Architecture: arrows one way, no circle, no hidden import, and a drawing that is current."""

import shutil
import subprocess
import sys

import architecture
import pytest
from architecture import TOP

NOTEBOOK = "01_research_output.ipynb"


@pytest.fixture
def copy(tmp_path):
    """Return a copy of the package and one notebook, to plant imports in."""
    skip = shutil.ignore_patterns("__pycache__", "assets", "templates")
    shutil.copytree(TOP / "src", tmp_path / "src", ignore=skip)
    (tmp_path / "notebooks").mkdir()
    shutil.copy(TOP / "notebooks" / NOTEBOOK, tmp_path / "notebooks")
    return tmp_path


def test_every_import_points_down():
    assert architecture.refused(TOP) == []


@pytest.mark.parametrize(
    ("place", "line", "said"),
    [
        ("evidence/store.py", "from ..judging import claims", "evidence may not import judging"),
        ("topics/shares.py", "from ..judging import claims", "topics may not import judging"),
        ("figures", "from helpers.reading import pages", "figures may not import reading"),
        ("judging/review.py", "from ..running import runner", "judging may not import running"),
        ("project.py", "from .evidence import store", "ground may not import evidence"),
        ("text.py", "def late():\n    import helpers.figures", "ground may not import figures"),
        ("evidence/places.py", "from . import tables, store, sources", ""),
        ("evidence/schemas.py", "from . import tables", "a circle: "),
        ("reading/site.py", "\n" * 250, "site has "),
        ("reading/site.py", "from importlib import import_module", "site imports by name"),
    ],
)
def test_an_import_that_climbs_turns_back_or_hides_is_refused(copy, place, line, said):
    path = copy / "src" / "helpers" / place
    path = path if path.suffix else architecture.modules(copy)[place]
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    found = architecture.refused(copy)
    assert any(said in each for each in found) if said else found == []


def test_a_notebook_that_imports_the_runner_is_refused(copy):
    path = copy / "notebooks" / NOTEBOOK
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("from helpers import figures", "from helpers import running"))
    assert "notebooks imports running: notebooks may not import running" in (
        architecture.refused(copy)
    )


def test_no_exception_outlives_its_import():
    known = architecture.imports(TOP) + architecture.imports_of_notebooks(TOP)
    assert set(architecture.EXCEPTIONS) <= set(known)
    assert set(architecture.DYNAMIC) <= set(architecture.modules(TOP))


def test_the_drawing_is_that_of_the_imports():
    committed = (TOP / architecture.DRAWING).read_text(encoding="utf-8")
    assert committed == architecture.drawing(TOP), "run `python tests/architecture.py`"


def test_types_are_checked_inside_functions_without_annotations_too():
    wrong = "def count():\n    found: int = 'three'\n"
    command = [sys.executable, "-m", "mypy", "--config-file", TOP / "pyproject.toml", "-c", wrong]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "Incompatible types" in done.stdout
