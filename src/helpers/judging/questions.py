"""Questions: the four that are asked of each claim once, each answered from its own evidence."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from .. import project
from ..evidence import sources
from . import choices as choices_
from . import conditions, outcomes
from .conditions import Values
from .registry import Claim, ClaimError

HOW = {
    "same": outcomes.RECOUNTED,
    "nearest": outcomes.NEAREST,
    "population": outcomes.POPULATION,
}


@dataclass(frozen=True)
class Stated:
    """What the named publication prints: values of the claim's entities, and the rows that hold
    them."""

    values: Values
    uses: list[str]
    rows: pd.DataFrame | None = None


@dataclass(frozen=True)
class Count:
    """What code counted from rows: `of` says what and as of which day, in words.

    `how` is "same" (the very rows and rule behind the claim), "nearest" (the nearest open rows) or
    "population" (all of what the claim's source sampled). `meter` names the instrument, where
    several tables read one. `keys` are tables that only say what belongs where (a list of models, a
    mapping of organisations to regions): they measure nothing and may be newer than the debate.
    """

    values: Values
    uses: list[str]
    of: str
    how: str = "same"
    rows: pd.DataFrame | None = None
    meter: str = ""
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Other:
    """Another collector's answer to the same question: the same period and base, rows not counted
    by us."""

    values: Values
    uses: list[str]
    rows: pd.DataFrame | None = None
    meter: str = ""


Evidence = Stated | Count | Other


def holds(claim: Claim, values: Values) -> bool | None:
    """Say whether the claim's condition is met (`conditions.holds`); raises ClaimError naming the
    claim."""
    try:
        return conditions.holds(claim, values)
    except ValueError as error:
        raise ClaimError(f"{claim.id}: {error}") from error


def tables(part: Evidence) -> list[str]:
    """Return every table behind a part, its keys among them."""
    return [*part.uses, *getattr(part, "keys", ())]


def check(claim: Claim, count: Count | str, others: dict[str, Other], own: dict[str, Any]) -> None:
    """Refuse evidence of another period, evidence that enters twice, and what nobody knew then."""
    entered: dict[str, str] = {}
    parts = ({"our count": count} if isinstance(count, Count) else {}) | others
    for label, part in parts.items():
        for period in conditions.as_frame(part.values, claim.period)["period"]:
            if conditions.later(str(period), str(own.get("as_of", ""))):
                raise ClaimError(
                    f"{claim.id}: {label} has a value of {period}, later than "
                    f"as_of={own['as_of']}: cut its rows at that day."
                )
            if claim.judged and not conditions.within(str(period), claim.period):
                raise ClaimError(
                    f"{claim.id}: {label} is of {period}, the claim of {claim.period}: another "
                    "period is no check of it. Give it to `since`, or show it as another scope."
                )
        for source in part.uses if part.rows is None else []:
            if source in entered:
                raise ClaimError(
                    f"{claim.id}: {source} stands behind {entered[source]} and {label}: one piece "
                    "of evidence enters once."
                )
            entered[source] = label
        if label in others and part.meter and part.meter == getattr(count, "meter", ""):
            raise ClaimError(f"{claim.id}: {label} reads the meter of our count, {part.meter}.")
        if not choices_.apart(claim.notebook, own):
            for known in map(sources.get, part.uses if part.rows is None else []):
                if claim.judged and known.newest > project.DEBATE:
                    raise ClaimError(
                        f"{claim.id}: {known.id} is of {known.newest}, after the debate: a claim "
                        "is judged on what was knowable. Give it to `since`."
                    )


def source(claim: Claim, stated: Stated | None) -> dict[str, Any]:
    """Return what the named publication says: `answer` and `why`, and the `values` it prints."""
    if claim.unseen:
        return {"answer": outcomes.UNSEEN, "why": claim.unseen}
    if not claim.source:
        return {"answer": outcomes.UNNAMED, "why": ""}
    if stated is None:
        return {"answer": outcomes.UNSEEN, "why": ""}
    rows = {
        f"{row['entity']}@{row['period']}": _round(row["value"])
        for row in conditions.as_frame(stated.values, claim.period).to_dict("records")
    }
    if claim.printed:
        found = conditions.as_frame(stated.values, claim.period).set_index("entity")["value"]
        missing = [entity for entity in claim.entity if pd.isna(found.get(entity))]
        if missing:
            return {"answer": outcomes.UNSEEN, "why": f"no value for {missing[0]}", "values": rows}
        exact: bool | None = all(
            float(text) == found[name]
            for text, name in zip(claim.printed, claim.entity, strict=True)
        )
        right = conditions.matches(claim, stated.values)
    else:
        exact = right = holds(claim, stated.values)
    if not right:
        word = outcomes.UNSEEN if right is None else outcomes.NO
    elif claim.wider:
        word = outcomes.WIDER
    else:
        word = outcomes.YES if exact else outcomes.ROUNDED
    return {"answer": word, "why": claim.wider if word == outcomes.WIDER else "", "values": rows}


def count(claim: Claim, count: Count | str) -> dict[str, Any]:
    """Return what our own count says: `answer`, `holds`, and its `values` or `why` there is
    none."""
    if isinstance(count, Count):
        found = {"answer": HOW[count.how], "of": count.of, "holds": holds(claim, count.values)}
        found["exact"] = conditions.matches(claim, count.values)
        return found | {"values": _shown(claim, count.values)}
    if count:
        return {"answer": outcomes.IMPOSSIBLE, "why": count, "holds": None}
    if claim.judged:
        raise ClaimError(f"{claim.id}: count it, or say in `count` why nobody outside can.")
    return {"answer": outcomes.NOTHING, "holds": None}


def others(claim: Claim, others: dict[str, Other]) -> dict[str, Any]:
    """Return whether other collectors agree: a meter that several read is one witness."""
    entries = []
    for label, other in others.items():
        entry = {"label": label, "holds": holds(claim, other.values), "meter": other.meter}
        entry["near"] = conditions.matches(claim, other.values, near_enough=True)
        entries.append(entry | {"values": _shown(claim, other.values)})
    known = [entry for entry in entries if entry["holds"] is not None]
    if not known:
        return {"answer": outcomes.NONE, "entries": entries}
    if not all(entry["holds"] for entry in known):
        return {"answer": outcomes.DISAGREE, "entries": entries}
    order = any(entry["near"] is False for entry in known)
    return {"answer": outcomes.IN_ORDER if order else outcomes.AGREE, "entries": entries}


def since(claim: Claim, frame: pd.DataFrame, since: dict[str, Values]) -> dict[str, Any]:
    """Return how a claim fares in newer editions: of its own period first, else the next one's
    value."""
    entries: list[dict[str, Any]] = []
    word = "open"
    for date, values in sorted(since.items()):
        periods = conditions.as_frame(values, claim.period)["period"].astype(str)
        same = all(conditions.within(period, claim.period) for period in periods)
        answer = _aged(claim, frame, values) if same else "next year"
        entries.append(
            {"label": date, "same": same, "answer": answer, "holds": holds(claim, values)}
            | {"values": _shown(claim, values)}
        )
    dated = [entry for entry in entries if entry["same"]] or entries
    if dated:
        last = dated[-1]
        shown = ", ".join(
            f"{key.replace('@', ' ')} {value:g}"
            for key, value in last["values"].items()
            if value is not None and key.partition("@")[0] in claim.entity
        )
        word = f"{last['answer']}: {shown}" if last["answer"] == "next year" else last["answer"]
        word = f"{word} ({last['label']})"
    return {"answer": word, "entries": entries}


def _aged(claim: Claim, frame: pd.DataFrame, values: Values) -> str:
    before, after = holds(claim, frame), holds(claim, values)
    if claim.kind != "number" and None not in (before, after) and before is not after:
        return "reversed"
    was, now = conditions.margin(claim, frame), conditions.margin(claim, values)
    if was is None or now is None or not (before and after) or now >= was * conditions.WEAKER:
        return "restated" if conditions.matches(claim, values) is False else "unchanged"
    return "weakened"


def _shown(claim: Claim, values: Values) -> dict[str, float | int | None]:
    rows = conditions.as_frame(values, claim.period).to_dict("records")
    return {f"{row['entity']}@{row['period']}": _round(row["value"]) for row in rows}


def grade(parts: list[Evidence]) -> str:
    """Return the weakest grade: tables of printed values are graded by the rows relied on."""
    graded = []
    for part in parts:
        used = map(sources.get, tables(part))
        graded += [each.evidence for each in used if part.rows is None or each.url]
        graded += [] if part.rows is None else list(part.rows["evidence"])
    return max(graded, key=sources.GRADES.index, default="")


def _round(value: float | None) -> float | int | None:
    """Round to four digits."""
    return None if value is None or pd.isna(value) else plain(round(float(value), 4))


def plain(value: Any) -> Any:
    """Return a whole number as one, as JavaScript writes it on saving; from 2**53 on it stays."""
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 2**53
    return int(value) if whole else value


def value(claim: Claim, row: dict[str, Any]) -> dict[str, Any]:
    """Return one measured value as records hold it: entity, period, measure, unit, value, low,
    high."""
    numbers = {name: _round(row[name]) for name in ("value", "low", "high")}
    shared = {"entity": row["entity"], "period": str(row["period"])}
    return shared | {"measure": claim.measure, "unit": claim.unit} | numbers
