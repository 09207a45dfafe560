"""No guard is lost: docs/guards.md counts them, and names what only `make test-all` runs."""

import ast
import re
from collections import Counter

from conftest import TOP

PAGE = (TOP / "docs" / "guards.md").read_text(encoding="utf-8")
PLANTS = re.compile(r"seen|noticed|refused|named|told|stopped|killed|one_message|finds_an_error")
ROW = re.compile(r"^\| (\w+) \| \d+ \| \d+ \| (\d+) \| (\d+) \|$", re.MULTILINE)


def functions(path):
    """The test functions of a file: name, and whether all or some of its cases are slow."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name, any("mark.slow" in ast.unparse(each) for each in node.decorator_list)


def counted(top):
    """Tests, and tests that plant a fault, by room."""
    tests, plants, slow = Counter(), Counter(), set()
    for path in sorted(top.rglob("test_*.py")):
        room = "top" if path.parent == top else path.parent.name
        for name, late in functions(path):
            tests[room] += 1
            plants[room] += bool(PLANTS.search(name))
            slow |= {name} if late else set()
    return tests, plants, slow


def lost(page, tests, plants):
    """The rooms with fewer tests, or fewer that plant a fault, than the page counts."""
    rows = [(room, int(count), int(fault)) for room, count, fault in ROW.findall(page)]
    assert len(rows) == len(tests)
    return [room for room, count, fault in rows if tests[room] < count or plants[room] < fault]


def test_no_room_has_fewer_guards_than_before():
    tests, plants, _ = counted(TOP / "tests")
    assert lost(PAGE, tests, plants) == []


def test_what_only_test_all_runs_is_named():
    _, _, slow = counted(TOP / "tests")
    assert slow and {name for name in slow if f"`{name}`" not in PAGE} == set()
    lines = re.findall(r"^- (`test_[^:.]+)", PAGE, re.MULTILINE)
    assert {name for line in lines for name in re.findall(r"`(test_\w+)`", line)} == slow


def test_a_guard_that_is_gone_is_seen():
    tests, plants, _ = counted(TOP / "tests")
    assert lost(PAGE, tests, dict(plants) | {"reading": 1}) == ["reading"]
    assert lost(PAGE, dict(tests) | {"running": 1}, plants) == ["running"]


def missing(page):
    """The tests that a page names by file and name, and that are not there."""
    named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", page)
    assert named
    there = {name: {each for each, _ in functions(TOP / "tests" / name)} for name, _ in named}
    return [f"{name}::{test}" for name, test in named if test not in there[name]]


def test_each_kind_of_fault_has_the_test_that_is_named():
    assert missing(PAGE) == []
    assert missing(PAGE.replace("that_are_old_or_bent", "that_are_new")) != []
