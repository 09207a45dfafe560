"""Dictionary: every clean table with its columns, and every source, in Markdown."""

import re
from typing import Any

from ..evidence import sources, tables
from ..text import in_markdown
from .columns import meaning

DATE = r"^\d{4}-\d\d-\d\d$"


def write() -> str:
    """Return the data dictionary in Markdown: every clean table with its columns, then every source
    with its provenance."""
    lines = [
        "# Data dictionary",
        "",
        "Made from the schemas that check every table, and from the provenance of every source.",
        "",
        "## Tables",
        "",
    ]
    lines += [
        (
            "Each is `data/processed/NAME.csv`: UTF-8, sorted by its key, a row unique in it. An"
            " empty cell is a missing value."
        ),
        "",
    ]
    for name, table in sorted(tables.catalogue().items()):
        lines += [
            f"### {name}",
            "",
            table.about,
            "",
            "Key: " + ", ".join(f"`{column}`" for column in table.schema.unique) + ".",
            "",
        ]
        head = ["column", "meaning", "type", "allowed", "may be missing"]
        rows = [
            [cell, meaning(name, column), *more]
            for column, (cell, *more) in zip(
                table.schema.columns, columns(table.schema.columns), strict=True
            )
        ]
        lines += _table(head, rows)
    lines += [
        "## Sources",
        "",
        (
            "Each is an extract of facts in `data/raw`, made from the file at the pinned address"
            " with this SHA-256."
        ),
        "",
    ]
    head = ["table", "publisher and title", "edition", "licence", "grade", "address and checksum"]
    return (
        "\n".join(lines + _table(head, [_provenance(source) for source in sources.load().values()]))
        + "\n"
    )


def columns(schema: dict[str, Any]) -> list[list[str]]:
    """Return a row per column of a schema (name to pandera column): its name, type, allowed values,
    and whether it may be missing, in words."""
    kinds = {"string": "text", "float": "number", "int": "whole number"}
    rows = []
    for name, column in schema.items():
        kind = next(
            (word for start, word in kinds.items() if str(column.dtype).lower().startswith(start)),
            str(column.dtype),
        )
        allowed = [
            text for check in column.checks if (text := _allowed(check.name, check.statistics))
        ]
        kind = "date" if "YYYY-MM-DD" in allowed else kind
        rows.append([f"`{name}`", kind, "; ".join(allowed), "yes" if column.nullable else ""])
    return rows


def _allowed(check: str, given: dict[str, Any]) -> str:
    """Say in words what a check allows; a check that only asks for finite numbers says nothing."""
    match check:
        case "isin":
            return ", ".join(map(str, given["allowed_values"]))
        case "in_range":
            return f"{given['min_value']} to {given['max_value']}"
        case "greater_than_or_equal_to":
            return f"{given['min_value']} or more"
        case "str_matches":
            return "YYYY-MM-DD" if given["pattern"] == DATE else f"matching `{given['pattern']}`"
    return ""


def _provenance(source: sources.Source) -> list[str]:
    place = (
        f"[published file]({source.url})" + (f", in it `{source.member}`" if source.member else "")
        if source.url
        else "our own transcription"
    )
    what, edition, licence = map(
        in_markdown, (f"{source.publisher}: {source.title}", source.edition, source.licence)
    )
    return [
        f'<span id="{source.id}">`{source.id}`</span>',
        what,
        edition,
        licence,
        source.evidence,
        f"{place}, `{source.sha256}`",
    ]


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    """Return the lines of a Markdown table."""
    cells = [
        [re.sub(r"(?<!\\)\|", r"\|", cell) for cell in row]
        for row in [head, ["---"] * len(head), *rows]
    ]
    return [*("| " + " | ".join(row) + " |" for row in cells), ""]
