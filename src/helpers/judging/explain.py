"""Explanation: all that is known of one claim, on one screen of text."""

import json
import textwrap
from itertools import groupby
from pathlib import Path
from typing import Any

from .. import project
from ..evidence import sources
from . import claims, corrections, multiverse, outcomes, records, scorecard

WIDTH, LABEL, SHOWN = 110, 15, 2
WORD = {True: "agrees", False: "does not", None: "cannot say"}


def claim(id_: str) -> str:
    """Return what was said, its outcome, the four answers and where they come from.

    Lines of at most `WIDTH` characters, read from the registry, answers.json, verdicts.csv,
    multiverse.csv and corrections.toml. Raises ClaimError with the nearest id for an unknown claim,
    FactcheckError where a table is missing.
    """
    asked = claims.get(id_)
    rows = scorecard.load().set_index("claim")
    if id_ not in rows.index:
        return f"{id_} · {outcomes.PENDING}: run `factcheck run`."
    row, record = rows.loc[id_], records.answers().get(id_)
    lines = [f"{asked.id} · {asked.kind} · notebook {asked.notebook}"]
    lines += _entry("said", f"{asked.statement} ({asked.speaker})")
    lines += _entry("printed", _printed(asked))
    lines += _entry("outcome", f"{row['outcome']}: {row['reason']}")
    lines += _entry("in plain words", asked.plain)
    for part in asked.parts:
        own = rows.loc[part]
        lines += _entry("part", f"{part}: {own['outcome']}, {own['reason']}")
    lines += _answers(record) if record else []
    for entry in corrections.of_claim(id_).itertuples(index=False, name=None):
        lines += _entry("changed", f"{entry[0]}: {entry[2]} → {entry[3]}. {entry[4]}")
    return "\n".join(lines)


def _answers(record: dict[str, Any]) -> list[str]:
    asked = claims.get(record["claim"])
    lines = _entry("in its source?", claims.said(record, "source"))
    lines += _entry("our own count?", claims.said(record, "count"))
    if record["values"]:
        unit = f" ({asked.unit})" if asked.unit else ""
        met = WORD[record["holds"]]
        label = "counted" if record["count"].get("values") else "found"
        lines += _entry(label, f"{met}: {_series(record['values'])}{unit}")
    lines += _entry("other data?", record["others"]["answer"]) + _entries(record, "others")
    lines += _entry("other choices?", combinations(record["claim"]))
    lines += _entry("since then?", record["since"]["answer"]) + _entries(record, "since")
    lines += _entry("leaves out", record["indirect"]) if record["indirect"] else []
    if asked.holds_when:
        lines += _entry("agrees when", asked.holds_when)
    if record["choices"]:
        said = ", ".join(f"{name}={value}" for name, value in record["choices"].items())
        lines += _entry("choices made", said)
    lines += _entry("weakest grade", record["grade"] or "no data")
    lines += _listed("sources", [_source(sources.get(source)) for source in record["sources"]])
    return lines + _entry("summary", record["summary"])


def moved(copy: Path) -> list[str]:
    """Return, for a notebook that ran under other choices, what its claims' answers and values were
    by default and are there: a line for the copy's path and one for each claim.
    """
    cells = json.loads(copy.read_text(encoding="utf-8"))["cells"]
    outputs = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    lines = [f"{copy.relative_to(project.root()).as_posix()}, by default → here"]
    for record in (data[claims.MIME] for data in outputs if claims.MIME in data):
        before = records.answers()[record["claim"]]
        was = {(row["entity"], row["period"]): row["value"] for row in before["values"]}
        values = [
            f"{row['entity']} {_changed(_number(was.get((row['entity'], row['period']))), row)}"
            for row in record["values"]
        ]
        words = WORD[before["holds"]], WORD[record["holds"]]
        told = words[0] if words[0] == words[1] else " → ".join(words)
        lines.append(f"{record['claim']}: {told}; {', '.join(values)}".removesuffix("; "))
    return lines


def _changed(was: str, row: dict[str, Any]) -> str:
    now = _number(row["value"])
    return f"{now if was == now else f'{was} → {now}'} in {row['period']}"


def combinations(id_: str) -> str:
    """Return in how many effective combinations a claim holds, what decides, and, of few, each."""
    counted = multiverse.of_claims()
    if id_ not in counted.index or not counted.at[id_, "n_effective"]:
        return "none bears on it"
    row = counted.loc[id_]
    told = f"it holds in {row['n_holds']} of {row['n_effective']} effective combinations"
    if row["deciding"]:
        told += f"; {row['deciding']} decides"
    if row["n_effective"] < outcomes.ENOUGH:
        told += ": " + "; ".join(multiverse.alternatives(id_))
    return told + (f"; {row['n_silent']} cannot say" if row["n_silent"] else "")


def _printed(asked: claims.Claim) -> str:
    place = ", ".join(filter(None, (asked.source, asked.locator)))
    pairs = zip(asked.entity, asked.printed, strict=False)
    values = ", ".join(f"{entity} {text}" for entity, text in pairs)
    return (f"{values} ({asked.unit})" if values else "no number") + (f"; {place}" if place else "")


def _series(values: list[dict[str, Any]]) -> str:
    parts = []
    for entity, rows in groupby(values, lambda value: value["entity"]):
        shown = [f"{_number(row['value'])}{_range(row)} in {row['period']}" for row in rows]
        parts.append(f"{entity} {', '.join(shown)}")
    return "; ".join(parts)


def _number(value: float | None) -> str:
    return "missing" if value is None or value != value else f"{value:,.2f}".rstrip("0").rstrip(".")


def _range(row: dict[str, Any]) -> str:
    low, high = row["low"], row["high"]
    return "" if None in (low, high) or low == high else f" [{_number(low)} to {_number(high)}]"


def _entries(record: dict[str, Any], field: str) -> list[str]:
    """Show other data as they stand, editions newest first: whether each agrees, and its values."""
    named = claims.get(record["claim"]).entity
    entries = record[field]["entries"]
    texts = []
    for entry in entries if field == "others" else entries[::-1]:
        values = entry["values"]
        own = {key: each for key, each in values.items() if key.partition("@")[0] in named}
        shown = ", ".join(f"{key} {_number(value)}" for key, value in (own or values).items())
        word = WORD[entry["holds"]] if field == "others" else entry["answer"]
        texts.append(f"{entry['label']}, {word}: {shown}")
    return _listed("", texts)


def _source(source: sources.Source) -> str:
    publisher = textwrap.shorten(source.publisher, 34, placeholder=" …")
    shared = f"{publisher}, {source.edition}; {source.evidence}; licence: {source.licence}"
    return f"{shared}; {source.title}"


def _listed(label: str, texts: list[str]) -> list[str]:
    """Show the first texts, a line each, cut to the width; say how many more there are."""
    shown = texts if len(texts) <= SHOWN + 1 else texts[:SHOWN]
    more = [f"and {len(texts) - len(shown)} more"] if len(texts) > len(shown) else []
    lines = [textwrap.shorten(text, WIDTH - LABEL - 2, placeholder=" …") for text in shown] + more
    return [f"{label if place == 0 else '':<{LABEL}}  {text}" for place, text in enumerate(lines)]


def _entry(label: str, text: str) -> list[str]:
    return textwrap.wrap(
        f"{label:<{LABEL}}  {text}",
        WIDTH,
        subsequent_indent=" " * (LABEL + 2),
        break_long_words=False,
    )
