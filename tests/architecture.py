"""Architecture: what imports what, read from the code, and its drawing in docs/architecture.md."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
DRAWING = "docs/_static/architecture.svg"
ROOMS = ("reading", "running", "judging", "topics", "evidence", "figures", "main")
# What each room may import besides itself. The ground (project, text) may be used by all.
ALLOWED = {
    "main": {"reading", "running", "judging", "evidence"},
    "reading": {"judging", "figures", "evidence"},
    "running": {"judging", "evidence"},
    "judging": {"evidence"},
    "topics": {"figures", "evidence"},
    "figures": {"evidence"},
    "evidence": set(),
    "ground": set(),
    "notebooks": {"topics", "judging", "figures", "evidence"},
}
# Single imports that the table does not allow, each with its reason.
EXCEPTIONS = {
    ("notebooks", "reading.ageing"): "the multiverse shows its curves as the site does",
    ("notebooks", "reading.curves"): "the multiverse shows its curves as the site does",
}
# Modules that import by name, each with its reason.
DYNAMIC = {
    "evidence.extracts": "sources.toml names a table's function",
    "evidence.tables": "every module of cleaning adds its tables",
    "evidence.store": "a warm process repeats the calls of another",
    "running.specifications": "workers load what a notebook needs before they fork",
    "running.warm": "workers load what a notebook needs before they fork",
    "running.workers": "workers load what a notebook needs before they fork",
}
LARGEST = 250  # lines of a module: beyond, it is two nouns


def modules(top: Path) -> dict[str, Path]:
    """Return the files of the package by module name; `helpers/__init__.py` is main.start."""
    folder = top / "src" / "helpers"
    found = {}
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name or "main.start"] = path
    return found


def room(module: str) -> str:
    """Return the room of a module."""
    first = module.partition(".")[0]
    if first in ("telling", "terminal"):  # more of the command line
        return "main"
    return first if first in ROOMS else "ground"


def imports(top: Path) -> list[tuple[str, str]]:
    """Return every import of one module of the package by another, late ones too."""
    known = modules(top)
    found = []
    for module, path in known.items():
        inside = path.relative_to(top / "src").with_suffix("").parts[:-1]
        for target in _imported(ast.parse(path.read_text(encoding="utf-8")), inside):
            found.append((module, _module(target, known)))
    return [(one, other) for one, other in found if other not in ("", one)]


def _imported(tree: ast.AST, inside: tuple[str, ...]) -> Iterator[str]:
    """Give the full name of all that is imported; `inside` is the package that the file lies in."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = inside[: len(inside) - node.level + 1] if node.level else ()
            whole = [*base, *(node.module or "").split(".")]
            start = ".".join(part for part in whole if part)
            yield from (f"{start}.{alias.name}" for alias in node.names)


def _module(target: str, known: dict[str, Path]) -> str:
    """Return the module that an imported name belongs to; "" for another package's."""
    if not target.startswith("helpers."):
        return ""
    name = target.removeprefix("helpers.")
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name


def imports_of_notebooks(top: Path) -> list[tuple[str, str]]:
    """Return what the notebooks import from the package."""
    known = modules(top)
    found = []
    for path in sorted((top / "notebooks").glob("*.ipynb")):
        for line in path.read_text(encoding="utf-8").splitlines():
            code = line.strip().strip('",').removesuffix("\\n")
            if code.startswith("from helpers"):
                targets = _imported(ast.parse(code), ())
                found += [("notebooks", _module(target, known)) for target in targets]
    return found


def refused(top: Path) -> list[str]:
    """Return one line for each import that climbs, closes a circle or hides behind a name, and
    for each module that is too long."""
    found = []
    all_ = imports(top)
    for one, other in all_ + imports_of_notebooks(top):
        here = one if one == "notebooks" else room(one)
        there = room(other)
        if there not in {here, "ground"} | ALLOWED[here] and (one, other) not in EXCEPTIONS:
            found.append(f"{one} imports {other}: {here} may not import {there}")
    for module, path in modules(top).items():
        text = path.read_text(encoding="utf-8")
        if (lines := text.count("\n")) > LARGEST:
            found.append(f"{module} has {lines} lines: more than {LARGEST} are two nouns")
        if ("import_module" in text or "__import__" in text) and module not in DYNAMIC:
            found.append(f"{module} imports by name: import it plainly, or add it to DYNAMIC")
    below: dict[str, set[str]] = {}
    for one, other in all_:
        below.setdefault(one, set()).add(other)
    return found + _circles(below)


def _circles(below: dict[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(below).prepare()
    except ValueError as error:
        return ["a circle: " + " - ".join(error.args[1])]
    return []


def arrows(top: Path) -> list[tuple[str, str]]:
    """Return which rooms import which other ones."""
    pairs = {(room(one), room(other)) for one, other in imports(top)}
    return sorted((one, other) for one, other in pairs if one != other)


def _depth(name: str, found: list[tuple[str, str]]) -> int:
    above = [one for one, other in found if other == name]
    return 1 + max((_depth(each, found) for each in above), default=-1)


def _reached(start: str, goal: str, found: list[tuple[str, str]]) -> bool:
    """Say whether an arrow is implied by a longer way round."""
    between = [other for one, other in found if one == start and other != goal]
    return any((each, goal) in found or _reached(each, goal, found) for each in between)


def drawing(top: Path) -> str:
    """Return the rooms and their arrows as SVG; an arrow that a longer way implies is left out."""
    found = arrows(top)
    names = sorted({name for pair in found for name in pair})
    layers: dict[int, list[str]] = {}
    for name in names:
        layers.setdefault(_depth(name, found), []).append(name)
    place = {}
    for depth, row in layers.items():
        for number, name in enumerate(row):
            place[name] = (320 + 400 * (number - (len(row) - 1) / 2), 36 + 84 * depth)
    lines, boxes = [], []
    for one, other in found:
        if not _reached(one, other, found):
            (x1, y1), (x2, y2) = place[one], place[other]
            lines.append(
                f'<line x1="{x1:g}" y1="{y1 + 20:g}" x2="{x2:g}" y2="{y2 - 24:g}"'
                ' stroke="#66605c" stroke-width="1.5" marker-end="url(#tip)"/>'
            )
    for name, (x, y) in place.items():
        label = "project, text" if name == "ground" else name
        boxes.append(
            f'<rect x="{x - 60:g}" y="{y - 20:g}" width="120" height="40" rx="6"'
            ' fill="#ffffff" stroke="#33302e" stroke-width="1.5"/>'
        )
        boxes.append(f'<text x="{x:g}" y="{y + 5:g}" text-anchor="middle">{label}</text>')
    height = 72 + 84 * max(layers)
    said = "; ".join(f"{one} to {other}" for one, other in found)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 {height}" role="img"'
            f' aria-label="Imports between rooms: {said}" font-family="sans-serif" font-size="15"'
            ' fill="#33302e">',
            '<defs><marker id="tip" markerWidth="8" markerHeight="8" refX="6" refY="4"'
            ' orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="#66605c"/></marker></defs>',
            f'<rect width="640" height="{height}" fill="#ffffff"/>',
            *lines,
            *boxes,
            "</svg>\n",
        ]
    )


if __name__ == "__main__":
    (TOP / DRAWING).write_text(drawing(TOP), encoding="utf-8")
    print("\n".join(refused(TOP)) or f"Wrote {DRAWING}; every arrow points down.")
