"""Claim page: what stands on the page of one claim, for its template."""

import html
import os
import re
from typing import Any

from .. import project
from ..evidence import sources
from ..judging import choices, claims, corrections, explain, outcomes, review
from .explorer import number
from .strip import strip

SHOWN = 3


def page(row: dict[str, Any], record: dict[str, Any] | None) -> dict[str, Any]:
    """Return what the template shows of a claim, from its row and its record (None where none)."""
    claim = row["about"]
    return {
        "row": row,
        "claim": claim,
        "record": record,
        "compared": _compared(claim, record),
        "strip": strip(claim, record),
        "own": figure(claim.figure) if claim.figure else None,
        "asked": _asked(row, record),
        "cite": _cited(claim, row),
        "counted": explain.combinations(claim.id).partition(": ")[0].partition(";")[0],
        "behind": {name: _behind(record, name) for name in ("source", "count")} if record else {},
        "others": _entries(claim, record, "others"),
        "since": _entries(claim, record, "since")[::-1],
        "parts": [claims.get(part) for part in claim.parts],
        "log": corrections.of_claim(claim.id).query("`from` != to").to_dict("records"),
        "figures": {kind: figure(f"90_{claim.id}{kind}") for kind in ("", "_when")},
        "sources": [sources.get(source) for source in record["sources"]] if record else [],
        "commands": _commands(claim),
        "review": review.of_claim(claim.id),
    }


def _compared(claim: claims.Claim, record: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Return one row per measured value, with the printed digits where the entity has them."""
    printed = dict(zip(claim.entity, claim.printed, strict=False))
    values = record["values"] if record else []
    missing = [
        {"entity": entity, "period": claim.period, "value": None, "low": None, "high": None}
        for entity in printed
    ]
    return [
        value | {"printed": printed.get(str(value["entity"]), "")} for value in values or missing
    ]


def _behind(record: dict[str, Any], name: str) -> str:
    """Return from what, or why, an answer is what it is."""
    entry = record[name]
    return entry.get("of") or entry.get("why") or ""


def _asked(row: dict[str, Any], record: dict[str, Any] | None) -> list[str]:
    """Return the questions with something to say: of a forecast or a view only those with data."""
    if record is None:
        return []
    empty = {
        "source": outcomes.UNNAMED,
        "count": outcomes.NOTHING,
        "others": outcomes.NONE,
        "choices": "none bears on it",
        "since": "open",
    }
    judged = row["about"].judged
    return [
        name
        for name, word in empty.items()
        if row[name] and (row[name] != word or (judged and name != "since"))
    ]


def _cited(claim: claims.Claim, row: dict[str, Any]) -> dict[str, str]:
    """Return how to cite a claim's page: as a sentence, and as BibTeX."""
    about = review.citation()
    author = "; ".join(each["name"] for each in review.authors())
    year, version = about["date-released"][:4], about["version"]
    title = f"{claim.statement.rstrip('.')}: {row['outcome']}"
    place = f"{address()}claims/{claim.id}.html" if address() else ""
    text = f"{author} ({about['date-released']}). {title}. In: {about['title']}, version {version}."
    lines = [
        f"@misc{{{claim.id},",
        f"  author = {{{{{author}}}}},",
        f"  title = {{{{{title}}}}},",
        f"  howpublished = {{{about['title']}, version {version}}},",
        f"  year = {{{year}}},",
        *([f"  url = {{{place}}},"] if place else []),
        "}",
    ]
    return {"text": f"{text} {place}".strip(), "bibtex": "\n".join(lines)}


def address() -> str:
    """Return where the site is read, ending in "/": FACTCHECK_SITE; "" where it is not set."""
    found = os.environ.get("FACTCHECK_SITE", "").strip().rstrip("/")
    return f"{found}/" if found.startswith(("https://", "http://")) else ""


def reported() -> str:
    """Return where an error can be reported; "" where FACTCHECK_ADDRESS names no repository."""
    found = os.environ.get("FACTCHECK_ADDRESS", "").rstrip("/")
    return f"{found}/issues/new" if found.startswith("https://") else ""


def _entries(
    claim: claims.Claim, record: dict[str, Any] | None, field: str
) -> list[dict[str, str]]:
    """Return other data, or newer editions: label, word and values of each."""
    found = []
    for entry in record[field]["entries"] if record else []:
        word = explain.WORD[entry["holds"]] if field == "others" else entry["answer"]
        shown = _series(claim, entry["values"])
        found.append({"label": entry["label"], "word": word, "values": shown})
    return found


def _series(claim: claims.Claim, values: dict[str, float | None]) -> str:
    """Write values keyed "entity@period" of the claim's own entities, a long series by its first
    and last value."""
    series: dict[str, list[str]] = {}
    named = {
        key: value for key, value in values.items() if key.partition("@")[0] in claim.entity
    } or values
    for key, value in named.items():
        entity, _, period = key.partition("@")
        text = f"{number(value)} ({period})" if period else number(value)
        series.setdefault(entity, []).append(text)
    told = []
    for entity, texts in series.items():
        shown = texts if len(texts) <= SHOWN else [texts[0], "…", texts[-1]]
        told.append(f"{entity} " + " → ".join(shown))
    return "; ".join(told)


def _commands(claim: claims.Claim) -> list[tuple[str, str]]:
    """Return what to type, with what it does.

    To explain, to run, and to run with the first choice that can be made otherwise.
    """
    found = [
        ("prints all that is known of this claim", f"factcheck explain {claim.id}"),
        ("runs its notebook", f"factcheck run {claim.notebook}"),
    ]
    contract = choices.load().get(claim.notebook, {})
    for name in choices.of_claim(claim.notebook, claim.id):
        for value in contract[name]["values"]:
            try:
                choices.check(claim.notebook, {name: value})
            except choices.ChoiceError:
                continue
            if value != contract[name]["default"]:
                text = str(value).lower() if isinstance(value, bool) else value
                return [
                    *found,
                    (
                        "runs it with another choice",
                        f"factcheck run {claim.notebook} -p {name}={text}",
                    ),
                ]
    return found


def figure(name: str) -> dict[str, Any] | None:
    """Return a figure's name, alternative text, size in pixels, and whether it was drawn for a
    telephone too; None where it was not drawn."""
    path = project.processed() / "figures" / f"{name}.svg"
    if not path.is_file():
        return None
    start = path.read_text(encoding="utf-8").partition(">")[0]
    width, height = re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', start)[0]
    alt = html.unescape(re.findall(r'aria-label="([^"]*)"', start)[0])
    return {
        "name": name,
        "alt": alt,
        "width": round(float(width) * 4 / 3),
        "height": round(float(height) * 4 / 3),
        "phone": path.with_name(f"{name}_phone.svg").is_file(),
    }
