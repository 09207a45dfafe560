"""Books: the notebooks of the checkout in reading order, and their cells, read so that a file at
fault is named."""

import ast
import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .. import project
from ..evidence import store
from ..judging import choices
from ..project import FactcheckError
from ..text import nearest

FIRST, LAST = "00_sources", ("90_multiverse", "99_scorecard")
FORMAT = 4  # of notebook files, since 2015
CONFLICT = re.compile(rb"^(<<<<<<<|=======|>>>>>>>)( |$)", re.MULTILINE)
BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


class RunError(FactcheckError):
    """A notebook that could not be run: names the notebook, the cell and the next step."""


def names() -> list[str]:
    """Return the notebooks of the checkout in reading order."""
    return sorted(path.stem for path in project.notebooks().glob("[0-9][0-9]_*.ipynb"))


def topics() -> list[str]:
    """Return the notebooks that answer claims: all but the first and the last ones."""
    return [name for name in names() if name != FIRST and name not in LAST]


def stages(wanted: Iterable[str]) -> list[list[str]]:
    """Return the wanted notebooks in groups that may run side by side, each after the one
    before."""
    wanted = set(wanted)
    groups = [[FIRST], topics(), *([name] for name in LAST if name in names())]
    return [chosen for group in groups if (chosen := [name for name in group if name in wanted])]


def resolve(given: Iterable[str]) -> list[str]:
    """Return full notebook names for names, numbers or paths; raises RunError with the nearest
    name."""
    known = names()
    found = []
    for word in given:
        stem = Path(word).stem
        match = [name for name in known if name == stem or name.split("_")[0] == stem]
        if not match:
            raise RunError(f"Unknown notebook {word!r}: {nearest(stem, known)}")
        found += match
    return found or known


def whole() -> None:
    """Raise RunError, one line a fault, where two notebooks have one number or a notebook file
    cannot be read."""
    numbers = Counter(name[:2] for name in names())
    faults = []
    for number in [number for number, count in numbers.items() if count > 1]:
        twins = [f"notebooks/{name}.ipynb" for name in names() if name[:2] == number]
        faults.append(f"{' and '.join(twins)} have one number: rename or delete all but one.")
    for name in names():
        try:
            read(project.notebooks() / f"{name}.ipynb")
        except RunError as error:
            faults.append(str(error))
    if faults:
        raise RunError("\n".join(faults))


def read(path: Path) -> dict[str, Any]:
    """Return a notebook file as a mapping; raises RunError naming file, line and next step where it
    is no notebook of today's format."""
    return store.read(path, _parsed)


def _parsed(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    where, mend = _spelt(path), f"restore it with `git restore {_spelt(path)}`, or mend it"
    if not content.strip():
        raise RunError(f"{where} is empty: {mend}.")
    if content.startswith(BOMS):
        raise RunError(f"{where}, line 1: begins with a byte order mark: save it as UTF-8 without.")
    if mark := CONFLICT.search(content):
        line = content.count(b"\n", 0, mark.start()) + 1
        raise RunError(f"{where}, line {line}: a conflict that git left: choose a side, or {mend}.")
    try:
        found = json.loads(content.decode("utf-8"))
    except json.JSONDecodeError as error:
        raise RunError(
            f"{where}, line {error.lineno}: {error.msg}: it is cut or broken, {mend}."
        ) from None
    except (UnicodeDecodeError, RecursionError) as error:
        raise RunError(f"{where} is no notebook ({type(error).__name__}): {mend}.") from None
    kind = found.get("nbformat") if isinstance(found, dict) else None
    if kind != FORMAT:
        raise RunError(
            f"{where} is "
            f"{f'a notebook of format {kind}' if isinstance(kind, int) else 'no notebook'}, "
            f"format {FORMAT} is read here: "
            f"`jupyter nbconvert --to notebook --inplace {where}`, or {mend}."
        )
    cells = found.get("cells")
    odd = [
        place
        for place, cell in enumerate(cells if isinstance(cells, list) else [None], start=1)
        if not isinstance(cell, dict)
        or not isinstance(cell.get("source"), str | list)
        or "cell_type" not in cell
    ]
    if odd:
        raise RunError(f"{where}, cell {odd[0]}: has no source: {mend}.")
    return found


def _spelt(path: Path) -> str:
    top = project.root()
    return str(path.relative_to(top)) if path.is_relative_to(top) else str(path)


def sources_of(path: Path) -> list[str]:
    """Return the text of each cell of a notebook."""
    return ["".join(cell["source"]) for cell in read(path)["cells"]]


def defaults(name: str) -> dict[str, Any]:
    """Return the parameters that a notebook's own cell assigns: plain values, None for an
    expression; nothing where the cell does not parse."""
    tagged = [
        "".join(cell["source"])
        for cell in read(project.notebooks() / f"{name}.ipynb")["cells"]
        if "parameters" in cell.get("metadata", {}).get("tags", [])
    ]
    found: dict[str, Any] = {}
    for text in tagged[:1]:
        try:
            lines = ast.parse(text).body
        except SyntaxError:
            return {}
        for line in lines:
            targets = (
                line.targets if isinstance(line, ast.Assign) else [getattr(line, "target", None)]
            )
            for target in targets:
                if isinstance(target, ast.Name):
                    value = getattr(line, "value", None)
                    found[target.id] = value.value if isinstance(value, ast.Constant) else None
    return found


def contract(name: str) -> None:
    """Raise RunError naming the other file for a parameter that only one of notebook and
    choices.toml has."""
    here, there = set(defaults(name)), set(choices.defaults(name))
    faults = [
        f"{name}: parameter {each!r} stands in the notebook's cell only: add [{name}.{each}] to "
        "notebooks/choices.toml, or take it out."
        for each in sorted(here - there)
    ]
    faults += [
        f"{name}: parameter {each!r} stands in notebooks/choices.toml only: add it to the cell "
        f"tagged `parameters` of notebooks/{name}.ipynb."
        for each in sorted(there - here)
    ]
    if faults:
        raise RunError("\n".join(faults))


def edited(name: str) -> str:
    """Say which parameters of a notebook are not at the default of choices.toml; "" where all
    are."""
    there = choices.defaults(name)
    moved = [
        f"{each} = {value!r} (choices.toml: {there[each]!r})"
        for each, value in defaults(name).items()
        if each in there and value is not None and value != there[each]
    ]
    return ", ".join(moved)
