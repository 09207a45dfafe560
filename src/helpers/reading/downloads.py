"""Downloads: the tables for readers, all of them in one file, the outcomes as JSON, and a feed."""

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from .. import project
from ..evidence import sources, tables
from ..judging import corrections, review
from . import claim_page, datapackage

# The date of every file in the archive: the same data, the same bytes.
START = (2026, 1, 1, 0, 0, 0)

OWN = {"project": "this project"}


def write(folder: Path, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Write data/*.csv, data.zip, verdicts.json and corrections.xml below `folder`.

    Return what the data page shows: the size of the archive, and the tables in groups.
    """
    results, clean = datapackage.RESULTS, tables.catalogue()
    found: dict[str, list[dict[str, Any]]] = {"Clean tables": [], "Results": []}
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted({*results, *clean}):
            path = project.processed() / f"{name}.csv"
            content = path.read_bytes()
            project.atomic_write(folder / "data" / path.name, content)
            entry = zipfile.ZipInfo(path.name, START)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, content)
            group = "Results" if name in results else "Clean tables"
            about = results[name] if name in results else clean[name].about
            found[group].append(_table(name, about, content))
    project.atomic_write(folder / "data.zip", archive.getvalue())
    outcomes = [{key: row[key] for key in row if isinstance(row[key], str)} for row in rows]
    project.atomic_write(
        folder / "verdicts.json", json.dumps(outcomes, indent=1, ensure_ascii=False) + "\n"
    )
    project.atomic_write(folder / "corrections.xml", feed())
    return {"size": _size(len(archive.getvalue())), "groups": found}


def _table(name: str, about: str, content: bytes) -> dict[str, Any]:
    lines = list(csv.reader(io.StringIO(content.decode("utf-8"))))
    if name in datapackage.RESULTS:
        used, fields = [], datapackage.result_fields(name, lines[0])
    else:
        used = datapackage.used(name)
        fields = datapackage.described(name, tables.catalogue()[name].schema)["fields"]
    known = [sources.get(each) for each in used]
    return {
        "name": name,
        "about": about,
        "rows": len(lines) - 1,
        "fields": fields,
        "size": _size(len(content)),
        "publishers": sorted({OWN.get(each.publisher, each.publisher) for each in known}),
        "licences": sorted({each.licence for each in known}),
    }


def _size(count: int) -> str:
    """Write a number of bytes.

    >>> _size(900), _size(43_210), _size(1_234_567)
    ('0.9 kB', '43 kB', '1.2 MB')
    """
    if count < 1e6:
        return f"{count / 1e3:.1f} kB" if count < 1e4 else f"{count / 1e3:.0f} kB"
    return f"{count / 1e6:.1f} MB"


def feed() -> str:
    """Return the log of corrections as an Atom feed, newest first."""
    about, address = review.citation(), claim_page.address()
    log = corrections.load().iloc[::-1].to_dict("records")
    names = "".join(f"<name>{escape(each['name'])}</name>" for each in review.authors())
    newest = max([entry["date"] for entry in log], default=about["date-released"])
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<title>Corrections: {escape(about['title'])}</title>",
        "<id>urn:ai-race-factcheck:corrections</id>",
        f"<updated>{newest}T00:00:00Z</updated>",
        f"<author>{names}</author>",
    ]
    for place, entry in enumerate(log):
        number = len(log) - place
        title = f"{entry['claim']}: {entry['from'] or 'new'} → {entry['to']}"
        lines += [
            "<entry>",
            f"<title>{escape(title)}</title>",
            f"<id>urn:ai-race-factcheck:corrections:{number}</id>",
            f"<updated>{entry['date']}T00:00:00Z</updated>",
            f'<link href="{address}claims/{entry["claim"]}.html"/>',
            f"<summary>{escape(entry['why'])}</summary>",
            "</entry>",
        ]
    return "\n".join([*lines, "</feed>"]) + "\n"
