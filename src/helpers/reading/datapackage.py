"""Data Package: every table of the project with its fields, types, units, sources and licences, as
Frictionless Data describes it."""

import csv
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pandera.pandas as pa

from .. import project
from ..evidence import extracts, schemas, sources, store, tables
from ..judging import records, review
from . import columns

# The licences of sources.toml that have a name and an address of their own; the words of the others
# are kept and marked as no licence.
LICENCES = {
    "Apache-2.0": ("Apache-2.0", review.licence("Apache-2.0")),
    "CC BY 4.0": ("CC-BY-4.0", review.licence("CC-BY-4.0")),
    "CC BY-NC 4.0": ("CC-BY-NC-4.0", review.licence("CC-BY-NC-4.0")),
    "CC BY-ND 4.0": ("CC-BY-ND-4.0", review.licence("CC-BY-ND-4.0")),
    "MIT": ("MIT", review.licence("MIT")),
    "US government": ("other-pd", "https://www.usa.gov/government-copyright"),
}
NOT_STATED = "notspecified"
KINDS = {"int64": "integer", "Int64": "integer", "float64": "number"}
# What the end of a column's name says of its unit.
UNITS = {
    "_pct": "%",
    "_musd": "million US dollars",
    "_mw": "MW",
    "_pflops": "PFLOP/s",
    "_flop": "FLOP",
    "_flop_16_bit": "FLOP/s",
    "_op_16_bit": "OP/s",
    "_h100e": "H100 equivalents",
    "_h100_equivalents": "H100 equivalents",
    "_bandwidth": "byte/s",
}
RESULTS = {
    "measurements": "One row is a measured or printed value of a claim under the default choices.",
    "multiverse": "One row is a measured value of a claim in one specification.",
    "verdicts": "One row is a claim: its separate answers and its outcome.",
}
RESULT_KINDS = {
    "value": "number",
    "low": "number",
    "high": "number",
    "n_effective": "integer",
    "n_holds": "integer",
}
_read: set[str] = set()


def describe(folder: Path) -> dict[str, Any]:
    """Return the Data Package of the tables in a release's folder: fields with types, meanings,
    constraints and units; sources and licences of each."""
    about = review.citation()
    return {
        "profile": "tabular-data-package",
        "name": "ai-race-factcheck",
        "title": about["title"],
        "version": about["version"],
        "created": f"{about['date-released']}T00:00:00Z",
        "contributors": [
            {"title": author["name"], "role": "author"} for author in review.authors()
        ],
        "licenses": [{"name": about["license"], "path": review.licence(about["license"])}],
        "resources": [*_published(folder), *_cleaned(folder), *_results(folder)],
    }


def _published(folder: Path) -> list[dict[str, Any]]:
    found = []
    for source in sources.load().values():
        about = (
            f"{source.title}. Edition: {source.edition}. Licence: {source.licence}. Evidence:"
            f" {source.evidence}."
        )
        wanted = extracts.schema(source.extract)
        found.append(
            _resource(
                folder,
                f"data/raw/{source.id}.csv",
                about,
                described(source.id, wanted),
                [source.id],
            )
        )
    return found


@cache
def used(name: str) -> list[str]:
    """Return the ids of the source tables that a clean table is made of: it is made once more."""
    _listen()
    _read.clear()
    tables.clean(name)
    found = {path.stem for path in map(Path, _read) if path.parent == project.raw()}
    return [id_ for id_ in sources.load() if id_ in found]


def _cleaned(folder: Path) -> list[dict[str, Any]]:
    """Describe the clean tables."""
    found = []
    for name, table in tables.catalogue().items():
        fields = described(name, table.schema)
        path = f"data/processed/{name}.csv"
        found.append(_resource(folder, path, table.about, fields, used(name)))
    return found


@cache
def _listen() -> None:
    sys.addaudithook(
        lambda event, arguments: _read.add(arguments[0]) if event == store.READ else None
    )


def _results(folder: Path) -> list[dict[str, Any]]:
    used = {id_ for record in records.answers().values() for id_ in record["sources"]}
    ids = [id_ for id_ in sources.load() if id_ in used]
    found = []
    for name, about in RESULTS.items():
        path = f"data/processed/{name}.csv"
        with (folder / path).open(encoding="utf-8") as file:
            fields = result_fields(name, next(csv.reader(file)))
        schema = {"fields": fields, "missingValues": [""]}
        found.append(_resource(folder, path, about, schema, ids))
    return found


def result_fields(name: str, header: list[str]) -> list[dict[str, Any]]:
    """Return the fields of a table of results, from its header."""
    return [
        {
            "name": column,
            "type": RESULT_KINDS.get(column, "string"),
            "description": columns.meaning(name, column),
        }
        for column in header
    ]


def _resource(
    folder: Path, path: str, about: str, schema: dict[str, Any], used: list[str]
) -> dict[str, Any]:
    named = [sources.get(id_) for id_ in used]
    return {
        "profile": "tabular-data-resource",
        "name": Path(path).stem,
        "path": path,
        "description": about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": (folder / path).stat().st_size,
        "hash": f"sha256:{sources.sha256_of(folder / path)}",
        "schema": schema,
        "sources": [
            {"title": f"{source.publisher}: {source.title}, {source.edition}"}
            | ({"path": source.url} if source.url else {})
            for source in named
        ],
        "licenses": [
            _licence(words) for words in dict.fromkeys(source.licence for source in named)
        ],
    }


def _licence(words: str) -> dict[str, str]:
    name, path = LICENCES.get(words, (NOT_STATED, ""))
    return {"name": name, "title": words} | ({"path": path} if path else {})


def described(table: str, wanted: schemas.Schema) -> dict[str, Any]:
    """Return the schema of a table in the words of Table Schema, with what each column means."""
    found = _fields(wanted.columns, wanted.unique)
    for field in found["fields"]:
        field["description"] = columns.meaning(table, field["name"])
    return found


def _fields(columns: dict[str, pa.Column], key: list[str]) -> dict[str, Any]:
    """Return pandera's columns and the key of unique rows in the words of Table Schema."""
    found = {
        "fields": [_field(name, column) for name, column in columns.items()],
        "missingValues": [""],
    }
    return found | ({"primaryKey": list(key)} if key else {})


def _field(name: str, column: pa.Column) -> dict[str, Any]:
    kind, limits = (
        KINDS.get(str(column.dtype), "string"),
        {} if column.nullable else {"required": True},
    )
    for check in column.checks:
        known = check.statistics or {}
        if known.get("allowed_values") == ["True", "False"]:
            kind = "boolean"
        elif known.get("pattern") == schemas.date().checks[0].statistics["pattern"]:
            kind = "date"
        else:
            words = {
                "allowed_values": "enum",
                "min_value": "minimum",
                "max_value": "maximum",
                "pattern": "pattern",
            }
            limits |= {word: known[own] for own, word in words.items() if own in known}
    field = {"name": name, "type": kind} | (
        {"trueValues": ["True"], "falseValues": ["False"]} if kind == "boolean" else {}
    )
    per_cent = kind == "number" and (limits.get("minimum"), limits.get("maximum")) == (0, 100)
    unit = (
        "%"
        if per_cent
        else next((UNITS[ending] for ending in UNITS if f"_{name}".endswith(ending)), "")
    )
    return field | ({"unit": unit} if unit else {}) | ({"constraints": limits} if limits else {})
