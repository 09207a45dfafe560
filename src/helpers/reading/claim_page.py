"""Claim page: what stands on the page of one claim, for its template."""

import html
import re
from typing import Any

from .. import project
from ..evidence import sources
from ..judging import choices, claims, explain, review
from ..text import readable

SHOWN = 3


def page(row: dict[str, Any], record: dict[str, Any] | None) -> dict[str, Any]:
    """Return what the template shows of a claim, from its row and its record (None where none)."""
    claim = row["about"]
    return {
        "row": row,
        "claim": claim,
        "record": record,
        "compared": _compared(claim, row, record),
        "counted": explain.specifications(claim.id).partition(": ")[2],
        "figures": {kind: figure(f"90_{claim.id}{kind}") for kind in ("", "_when")},
        "evidence": _evidence(claim, row, record),
        "sources": [sources.get(source) for source in record["sources"]] if record else [],
        "commands": _commands(claim),
        "review": review.of_claim(claim.id),
    }


def _compared(
    claim: claims.Claim, row: dict[str, Any], record: dict[str, Any] | None
) -> list[dict[str, Any]]:
    """Return one row per measured value, with the printed digits, gap and tolerance where the
    entity has them.
    """
    by_entity = {
        name: dict(zip(claim.entity, row[name].split(" / ") if row[name] else [], strict=False))
        for name in ("printed", "gap", "tolerance")
    }
    values = record["values"] if record else []
    missing = [
        {"entity": entity, "period": claim.period, "value": None, "low": None, "high": None}
        for entity in by_entity["printed"]
    ]
    found = []
    for value in values or missing:
        alone = sum(other["entity"] == value["entity"] for other in values) <= 1
        entity = str(value["entity"])
        printed = {name: own.get(entity, "") for name, own in by_entity.items()}
        found.append(value | (printed if alone else dict.fromkeys(by_entity, "")))
    return found


def _evidence(
    claim: claims.Claim, row: dict[str, Any], record: dict[str, Any] | None
) -> dict[str, list[str]]:
    """Return what speaks for, against and for neither: the default answer, other choices, other
    data, later editions, newest first.
    """
    found: dict[str, list[str]] = {explain.WORD[holds]: [] for holds in (True, False, None)}
    if not record:
        return found
    if record["values"]:
        own = {f"{value['entity']}@{value['period']}": value["value"] for value in record["values"]}
        found[explain.WORD[record["holds"]]].append(f"Default choices: {_series(claim, own)}")
    if row["n_specs"]:
        n_specs, n_holds = int(row["n_specs"]), int(row["n_holds"])
        for holds, count in ((True, n_holds), (False, n_specs - n_holds)):
            found[explain.WORD[holds]] += (
                [f"Choices: {count} of {n_specs} combinations that can answer"] if count else []
            )
    entries = [("Other data, ", entry) for entry in record["replications"]] + [
        ("Edition of ", entry) for entry in record["later"][::-1]
    ]
    for kind, entry in entries:
        found[explain.WORD[entry["holds"]]].append(
            f"{kind}{entry['label']}: {_series(claim, entry['values'])}"
        )
    return found


def _series(claim: claims.Claim, values: dict[str, float | None]) -> str:
    """Write values keyed "entity@period" of the claim's own entities, a long series by its first
    and last value.
    """
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


def number(value: float | None) -> str:
    r"""Write a measured value with the digits of verdicts.csv.

    >>> number(13.034), number(-1.024e15), number(None)
    ('13.03', '−1.024\xa0×\xa010¹⁵', 'missing')
    """
    return "missing" if value is None else readable(f"{value:.4g}")


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
    """Return a figure's name, alternative text and size in pixels; None where it was not drawn."""
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
    }
