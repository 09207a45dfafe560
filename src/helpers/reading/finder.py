"""Finder: what the site's search looks through: claims, notebooks by section, pages, tables."""

import json
import re
from typing import Any

from .. import project
from ..evidence import tables
from ..judging import claims
from ..text import readable

PAGES = {
    "book/guide.html": ("How outcomes are reached", "The reading guide: each word, and the rule."),
    "data.html": ("Data", "Every table: what a row is, its columns, its sources, to download."),
    "corrections.html": ("Corrections", "Every change of an outcome, with its date and reason."),
}


def index(rows: list[dict[str, Any]]) -> str:
    """Return a script that holds what can be found, from the rows of the scorecard.

    Each entry has `kind`, `title`, `place` (its address from the site's top) and `text`. A script,
    and no JSON file, since a browser does not fetch beside a page that was opened from a folder.
    """
    found = [_claim(row) for row in rows]
    for path in sorted(project.notebooks().glob("*.ipynb")):
        found += _notebook(path.stem, json.loads(path.read_text(encoding="utf-8"))["cells"])
    for name, table in sorted(tables.catalogue().items()):
        found.append(_entry("table", name, f"data.html#{name}", table.about))
    for place, (title, text) in PAGES.items():
        found.append(_entry("page", title, place, text))
    return f"const FOUND = {json.dumps(found, ensure_ascii=False, separators=(',', ':'))};\n"


def _entry(kind: str, title: str, place: str, text: str) -> dict[str, str]:
    return {"kind": kind, "title": title, "place": place, "text": " ".join(text.split())}


def _claim(row: dict[str, Any]) -> dict[str, str]:
    claim: claims.Claim = row["about"]
    printed = f"Printed: {readable(row['printed'])} {claim.unit}." if row["printed"] else ""
    told = [row["outcome"].capitalize() + ".", row["plain"], printed, readable(row["summary"])]
    told += [f"{claim.speaker}; {claim.source} {claim.locator}", claim.id]
    return _entry("claim", claim.statement, f"claims/{claim.id}.html", " ".join(filter(None, told)))


def _notebook(name: str, cells: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return an entry per section of a notebook: its prose, under the nearest heading above."""
    sections: list[tuple[str, str, list[str]]] = []
    for cell in cells:
        if cell["cell_type"] != "markdown":
            continue
        text = "".join(cell["source"])
        parts = re.match(r"(?:#+ (.*)\n?)?([\s\S]*)", text)
        heading, rest = parts.groups() if parts else ("", text)
        if heading or not sections:
            sections.append((_plain(heading or name), _anchor(heading or ""), []))
        sections[-1][2].append(_plain(rest))
    title = sections[0][0]
    found = []
    for place, (heading, anchor, texts) in enumerate(sections):
        shown = f"{title}: {heading}" if place else heading
        address = f"book/notebooks/{name}.html" + (f"#{anchor}" if place else "")
        found.append(_entry("notebook", shown, address, " ".join(texts)))
    return found


def _anchor(heading: str) -> str:
    """Return the anchor that the book gives a heading.

    >>> _anchor("What this does not show")
    'what-this-does-not-show'
    """
    return re.sub(r"[^a-z0-9]+", "-", _plain(heading).lower()).strip("-")


def _plain(text: str) -> str:
    return re.sub(r"\[([^\]]+)\]\([^)]+\)|[*`$]", lambda match: match[1] or "", text)
