"""Explanation: all that is known of one claim, on one screen of text."""

import textwrap
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from ..evidence import sources
from . import claims, multiverse, scorecard, verdicts

WIDTH, LABEL, SHOWN = 110, 15, 2
WORD = {True: "holds", False: "does not hold", None: "cannot be said"}


def claim(id_: str) -> str:
    """Return what was said, how it is judged, what was measured and where it comes from, as lines of at most `WIDTH` characters.

    Read from the registry, answers.json, verdicts.csv and multiverse.csv. Raises ClaimError with the nearest id for
    an unknown claim, FactcheckError where a table is missing.
    """
    asked = claims.get(id_)
    rows = scorecard.load().set_index("claim")
    verdict, told = (
        rows.loc[id_, ["verdict", "summary"]] if id_ in rows.index else (verdicts.PENDING, "")
    )
    record = scorecard.answers().get(id_)
    lines = [f"{asked.id} · {asked.kind} · favours {asked.favours} · notebook {asked.notebook}"]
    lines += _entry("statement", f"{asked.statement} ({asked.speaker})")
    lines += _entry("printed", _printed(asked))
    lines += _entry(
        "condition",
        asked.holds_when or f"none: {'an' if asked.kind == 'opinion' else 'a'} {asked.kind}",
    )
    lines += _entry("verdict", verdict)
    return "\n".join(
        lines
        + (_entry("measured", told or verdicts.PENDING) if record is None else _answer(record))
    )


def _answer(record: dict[str, Any]) -> list[str]:
    unit = claims.get(record["claim"]).unit
    lines = _entry(
        "measured",
        f"{WORD[record['holds']]}: {_series(record['values'])}{f' ({unit})' if unit else ''}"
        if record["values"]
        else "nothing",
    )
    lines += _entry(
        "choices",
        ", ".join(f"{name}={value}" for name, value in record["choices"].items())
        or "none bear on it",
    )
    lines += _entry("source check", record["source_check"])
    lines += _entry(
        "reproducibility",
        record["reproducibility"] + (f": {record['reason']}" if record["reason"] else ""),
    )
    lines += _entry("replicability", record["replicability"]) + _others(record, "replications")
    lines += _entry("robustness", specifications(record["claim"]))
    lines += _entry("currency", record["currency"]) + _others(record, "later")
    lines += _entry("indirect", record["indirect"]) if record["indirect"] else []
    lines += _entry(
        "evidence", f"{record['evidence']}; newest data {record['latest_vintage'] or 'undated'}"
    )
    lines += _listed("sources", [_source(sources.get(source)) for source in record["sources"]])
    return lines + _entry("summary", record["summary"])


def specifications(id_: str) -> str:
    """Return how many specifications of the multiverse that can answer speak for and against a claim, and how many results they give."""
    counted = multiverse.of_claims()
    if id_ not in counted.index:
        return verdicts.robustness(None, None)
    row = counted.loc[id_]
    rest = f", {row['n_silent']} cannot say" if row["n_silent"] else ""
    rest += (
        f"; {row['n_results']} different results" if 1 < row["n_results"] < row["n_specs"] else ""
    )
    rest += "; the result is always the same" if row["n_results"] == 1 < row["n_specs"] else ""
    rest += f"; {row['n_after']} on data after the debate" if row["n_after"] else ""
    return f"{row['robustness']}: {row['n_holds']} for, {row['n_specs'] - row['n_holds']} against{rest}"


def _printed(asked: claims.Claim) -> str:
    place = ", ".join(filter(None, (asked.source, asked.locator)))
    values = ", ".join(
        f"{entity} {text}" for entity, text in zip(asked.entity, asked.printed, strict=False)
    )
    return (f"{values} ({asked.unit})" if values else "no number") + (f"; {place}" if place else "")


def _series(values: Iterable[dict[str, Any]]) -> str:
    parts = []
    for entity, rows in groupby(values, lambda value: value["entity"]):
        parts.append(
            f"{entity} "
            + ", ".join(f"{_number(row['value'])}{_range(row)} in {row['period']}" for row in rows)
        )
    return "; ".join(parts)


def _number(value: float | None) -> str:
    return "missing" if value is None else f"{value:,.2f}".rstrip("0").rstrip(".")


def _range(row: dict[str, Any]) -> str:
    low, high = row["low"], row["high"]
    return "" if None in (low, high) or low == high else f" [{_number(low)} to {_number(high)}]"


def _others(record: dict[str, Any], field: str) -> list[str]:
    """Show replications as they stand, later editions newest first: whether each holds, and its values of the claim's own entities."""
    named = claims.get(record["claim"]).entity
    texts = []
    for entry in record[field] if field == "replications" else record[field][::-1]:
        own = {
            key: value for key, value in entry["values"].items() if key.partition("@")[0] in named
        } or entry["values"]
        texts.append(
            f"{entry['label']} {WORD[entry['holds']]}: "
            + ", ".join(f"{key} {_number(value)}" for key, value in own.items())
        )
    return _listed("", texts)


def _source(source: sources.Source) -> str:
    publisher = textwrap.shorten(source.publisher, 34, placeholder=" …")
    return f"{publisher}, {source.edition}; {source.evidence}; licence: {source.licence}; {source.title}"


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
