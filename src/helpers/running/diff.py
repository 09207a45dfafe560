"""Diff: what the last run changed against the committed outputs, value by value and figure by
figure."""

import difflib
import re
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from .. import project
from ..judging import claims
from . import books, moves, regression, state, warm

with warm.lean():
    import nbformat

FIGURE = re.compile(r"figures\.show\(\s*\w+,\s*[\"'](\w+)")
SVG = "image/svg+xml"
MOST = 12  # lines of one cell's text


def of(wanted: Iterable[str]) -> list[str]:
    """Return one line per moved value, choice, figure and printed line of the notebooks that were
    run here."""
    books.whole()
    found = []
    for name in books.resolve(wanted):
        if state.copy(name).is_file():
            pair = (project.notebooks() / f"{name}.ipynb", state.copy(name))
            kept, made = (nbformat.read(path, as_version=4).cells for path in pair)
            lines = moves.of(*(state.records_of(path) for path in pair))
            lines += [
                line
                for place, cells in enumerate(zip(kept, made, strict=False), start=1)
                for line in _cell(place, *cells)
            ]
            if len(kept) != len(made):
                lines.append(f"{len(kept)} cells are committed, {len(made)} were run")
            if why := state.stale(name) if lines else "":
                lines.append(f"out of date ({why}): run `factcheck run {name}` first")
            found += [f"{name}: {line}" for line in lines]
    return found


def _cell(place: int, kept: Any, made: Any) -> list[str]:
    """Return what moved in one cell beside claim records."""
    if made["cell_type"] != "code":
        return []
    outputs = [cell.get("outputs", []) for cell in (kept, made)]
    datas = [[output.get("data", {}) for output in each] for each in outputs]
    if any(claims.MIME in data for each in datas for data in each):
        return []
    kept = nbformat.from_dict(kept | {"execution_count": 1})
    if not regression.compare(*(SimpleNamespace(cells=[cell]) for cell in (kept, made))):
        return []
    was, drawn = ([data[SVG] for data in each if SVG in data] for each in datas)
    if was != drawn:
        name = FIGURE.search("".join(made["source"]))
        return [
            f"cell {place}: figure {name[1] if name else ''} was drawn otherwise".replace("  ", " ")
        ]
    before, after = ("\n".join(map(_text, each)).splitlines() for each in outputs)
    lines = [line for line in difflib.ndiff(before, after) if line[:1] in "+-"]
    more = [f"    … and {len(lines) - MOST} lines more"] if len(lines) > MOST else []
    return ["\n".join([f"cell {place} shows", *(f"    {line}" for line in lines[:MOST]), *more])]


def _text(output: dict[str, Any]) -> str:
    return "".join(output.get("text", "") or output.get("data", {}).get("text/plain", ""))
