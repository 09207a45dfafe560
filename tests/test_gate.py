"""The gate itself: what it calls, with which flags, and that it collects every test there is."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter

import pytest
from conftest import TOP, Scratch, contents

FLAGS = ("--nbval", "--doctest-modules", "--nbval-kernel-name=factcheck")
PATHS = {"tests", "src/helpers", "notebooks"}


def words(text):
    """The flags and paths of pyproject's pytest settings."""
    settings = tomllib.loads(text)["tool"]["pytest"]["ini_options"]
    flags = settings["addopts"]
    return flags.split() if isinstance(flags, str) else flags, set(settings["testpaths"])


def faults(settings, makefile, ci):
    """What of the gate has been taken out."""
    flags, paths = words(settings)
    recipe = re.search(r"^test:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    found = [flag for flag in FLAGS if flag not in flags]
    found += sorted(PATHS - paths)
    found += (
        [] if recipe and re.search(r"^\t\S*python -m pytest -q", recipe[1], re.M) else ["pytest"]
    )
    found += [] if re.search(r"^make test$", ci, re.MULTILINE) else ["make test"]
    return found + ([] if re.search(r"^set -eu", ci, re.MULTILINE) else ["set -eu"])


def of_checkout():
    names = ("pyproject.toml", "Makefile", ".ci/run")
    return [(TOP / name).read_text(encoding="utf-8") for name in names]


def test_the_gate_calls_all_tests_with_all_flags():
    assert faults(*of_checkout()) == []


@pytest.mark.parametrize(
    ("place", "out", "said"),
    [
        (0, '--nbval"', "--nbval"), (0, "--nbval ", "--nbval"), (0, '"notebooks"]', "notebooks"),
        (0, "--doctest-modules", "--doctest-modules"), (1, "python -m pytest", "pytest"),
        (2, "make test", "make test"),
    ],
)  # fmt: skip
def test_a_flag_or_a_call_taken_out_of_the_gate_is_seen(place, out, said):
    texts = of_checkout()
    if out not in texts[place]:
        pytest.skip("written otherwise here")
    texts[place] = texts[place].replace(
        out, {'--nbval"': '-v"', '"notebooks"]': "]"}.get(out, ""), 1
    )
    assert said in faults(*texts)


def written(top):
    """How many tests stand in each file: functions of tests, code cells of notebooks."""
    found = Counter()
    for path in top.glob("tests/**/test_*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found[path.relative_to(top).as_posix()] += 1
    for path in top.glob("notebooks/*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        found[path.relative_to(top).as_posix()] = sum(cell["cell_type"] == "code" for cell in cells)
    return found


def collected(top, *words):
    """How many different tests pytest collects of each file, slow ones included."""
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "-m", "", *words],
        cwd=top,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    lines = {line.split("[")[0] for line in done.stdout.splitlines() if "::" in line}
    return Counter(line.partition("::")[0] for line in lines), done.stdout


@pytest.mark.slow
def test_every_test_and_every_cell_is_collected():
    found, said = collected(TOP)
    assert {name: n for name, n in written(TOP).items() if found[name] < n} == {}, said[-2000:]


def test_a_test_that_is_not_collected_is_seen(tmp_path):
    (tmp_path / "tests").mkdir()
    path = tmp_path / "tests" / "test_it.py"
    path.write_text("def test_one(): ...\ndef test_two(): ...\ntest_two.__test__ = False\n")
    assert written(tmp_path) - collected(tmp_path)[0] == Counter({"tests/test_it.py": 1})


def test_every_test_that_mutants_meet_is_copied_beside_them():
    settings = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
    copied = {"tests", *settings["also_copy"]}
    for path in settings["pytest_add_cli_args_test_selection"]:
        assert (TOP / path).is_file() and path.partition("/")[0] in copied, path
    assert all((TOP / path).is_file() for path in settings["only_mutate"])


def test_a_lent_checkout_is_whole_again_whatever_was_done_to_it(tmp_path):
    scratch = Scratch(tmp_path / "lent", bare=False)
    top = scratch.mended()
    before = contents(top)
    assert before["data/claims.toml"] == (TOP / "data" / "claims.toml").read_bytes()
    (one, two, three, *_), untouched = sorted((top / "data" / "raw").iterdir()), top / "README.md"
    there, kept = one.stat(), untouched.stat()
    one.write_bytes(one.read_bytes()[::-1])  # as long as it was, and of the same time
    os.utime(one, ns=(there.st_atime_ns, there.st_mtime_ns))
    two.unlink()
    three.unlink()
    three.symlink_to(two)
    (top / "build" / "state").mkdir(parents=True)
    (top / "data" / "raw" / "more.csv").write_text("a\n")
    shutil.rmtree(top / "notebooks")
    (top / "data" / "processed").chmod(0o555)
    assert contents(scratch.mended()) == before and not three.is_symlink()
    assert (top / "data" / "processed").stat().st_mode & 0o777 == 0o755
    assert not (top / "build").exists() and untouched.stat().st_ctime_ns == kept.st_ctime_ns
