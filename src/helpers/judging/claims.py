"""Claims: the record that ends a notebook's answer, one part for each of the four questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from .. import project
from ..evidence import sources
from . import choices as choices_
from . import conditions, outcomes
from .conditions import Values
from .registry import Claim, ClaimError, get, load, of_notebook

__all__ = [
    "MIME", "Answer", "Claim", "ClaimError", "Count", "Other", "Stated",
    "answer", "get", "holds", "load", "of_notebook",
]  # fmt: skip

MIME = "application/vnd.factcheck.claim+json"
QUESTIONS = {
    "source": "in its source?",
    "count": "our own count?",
    "others": "other data?",
    "since": "since then?",
}
HOW = {
    "same": outcomes.RECOUNTED,
    "nearest": outcomes.NEAREST,
    "population": outcomes.POPULATION,
}


@dataclass(frozen=True)
class Stated:
    """What the named publication prints: values of the claim's entities, and the rows that hold them."""

    values: Values
    uses: list[str]
    rows: pd.DataFrame | None = None


@dataclass(frozen=True)
class Count:
    """What code counted from rows: `of` says what and as of which day, in words.

    `how` is "same" (the very rows and rule behind the claim), "nearest" (the nearest open rows) or
    "population" (all of what the claim's source sampled). `meter` names the instrument, where several
    tables read one. `keys` are tables that only say what belongs where (a list of models, a mapping of
    organisations to regions): they measure nothing and may be newer than the debate.
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
    """Another collector's answer to the same question: the same period and base, rows not counted by us."""

    values: Values
    uses: list[str]
    rows: pd.DataFrame | None = None
    meter: str = ""


Evidence = Stated | Count | Other


@dataclass(frozen=True)
class Answer:
    """A claim's record: shown as a small table, and emitted as JSON for the runner and nbval."""

    record: dict[str, Any]

    def table(self) -> pd.DataFrame:
        """Printed, found and gap, one row per measured value."""
        claim = get(self.record["claim"])
        printed = dict(zip(claim.entity, claim.printed, strict=False))
        rows = []
        for value in self.record["values"]:
            text = printed.get(value["entity"], "")
            known = text and value["value"] is not None
            gap = round(value["value"] - float(text), 4) if known else ""
            rows.append((value["entity"], value["period"], text, value["value"], gap))
        table = pd.DataFrame(rows, columns=["entity", "period", "printed", "found", "gap"])
        return table.astype(object).fillna("")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        if not project.drawing():
            return {MIME: self.record}
        lines = [self.record["summary"]]
        lines += [
            f"{text.capitalize()} {said(self.record, name)}" for name, text in QUESTIONS.items()
        ]
        if self.record["indirect"]:
            lines.append(f"The measure leaves out {self.record['indirect']}")
        plain, html = "\n".join(lines), "".join(f"<p>{line}</p>" for line in map(_escape, lines))
        if self.record["values"]:
            plain += "\n" + self.table().to_string(index=False)
            html += self.table().to_html(index=False, border=0)
        return {"text/plain": plain, "text/html": html, MIME: self.record}


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def said(record: dict[str, Any], name: str) -> str:
    """Return one answer of a record in words: the answer, and behind it from what or why."""
    entry = record[name]
    listed = ", ".join(each["label"] for each in entry.get("entries", []) if name == "others")
    behind = entry.get("of") or entry.get("why") or listed
    return f"{entry['answer']}{f': {behind}' if behind else ''}"


def holds(claim: Claim, values: Values) -> bool | None:
    """Say whether the claim's condition is met (`conditions.holds`); raises ClaimError naming the claim."""
    try:
        return conditions.holds(claim, values)
    except ValueError as error:
        raise ClaimError(f"{claim.id}: {error}") from error


def answer(
    id_: str,
    *,
    choices: Mapping[str, Any],
    summary: str,
    stated: Stated | None = None,
    count: Count | str = "",
    others: Mapping[str, Other] | None = None,
    since: Mapping[str, Values] | None = None,
    readings: Mapping[str, Values] | None = None,
) -> Answer:
    """Answer one claim; display the result as the last line of its cell.

    `choices` are all parameters of the notebook: those that bear on the claim are kept. `stated` is what
    the named publication prints; `count` our own count, or the reason why none is possible; `others` what
    other collectors have, by name; `since` the values of newer editions by their date: rows of the
    claim's period restate it, rows of a later one are the next year's. `readings` are the values of each
    reading that the registry names. The measured value is our count's, without one the first other's: a
    value that is only read again in its source is never measured. `summary` is one plain sentence.

    Raises ClaimError for an unknown claim, an empty summary, other data of another period, rows that
    enter twice, and a source newer than the debate that no choice asks for.
    """
    claim = get(id_)
    if not summary.strip():
        raise ClaimError(f"{id_}: the summary is empty; say the finding in one sentence.")
    others, since = dict(others or {}), dict(since or {})
    own = {name: _plain(choices[name]) for name in choices_.of_claim(claim.notebook, id_)}
    _check(claim, count, others, own)
    main = count if isinstance(count, Count) else next(iter(others.values()), None)
    frame = conditions.as_frame(main.values if main else {}, claim.period)
    parts = [
        part for part in (stated, count, *others.values()) if part and not isinstance(part, str)
    ]
    defaults = choices_.defaults(claim.notebook)
    record = {
        "claim": id_,
        "notebook": claim.notebook,
        "choices": own,
        "is_default": all(own[name] == defaults[name] for name in own),
        "values": [_value(claim, row) for row in frame.to_dict("records")],
        "holds": holds(claim, frame),
        "source": _source(claim, stated),
        "count": _count(claim, count),
        "others": _others(claim, others),
        "since": _since(claim, frame, since),
        "readings": [
            {"label": name, "holds": holds(claim, values)}
            for name, values in (readings or {}).items()
        ],
        "indirect": claim.indirect,
        "grade": _grade(parts),
        "sources": sorted({source for part in parts for source in _all_of(part)}),
        "summary": f"{summary.rstrip('. ')}.",
    }
    if [entry["label"] for entry in record["readings"]] != claim.readings:
        raise ClaimError(f"{id_}: answer its readings, {claim.readings}, in the registry's words.")
    return Answer(record)


def _all_of(part: Evidence) -> list[str]:
    """Return every table behind a part, its keys among them."""
    return [*part.uses, *getattr(part, "keys", ())]


def _check(claim: Claim, count: Count | str, others: dict[str, Other], own: dict[str, Any]) -> None:
    """Refuse evidence of another period, evidence that enters twice, and what nobody knew then."""
    entered: dict[str, str] = {}
    parts = ({"our count": count} if isinstance(count, Count) else {}) | others
    for label, part in parts.items():
        for period in conditions.as_frame(part.values, claim.period)["period"]:
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
            for source in map(sources.get, part.uses if part.rows is None else []):
                if claim.judged and source.newest > project.DEBATE:
                    raise ClaimError(
                        f"{claim.id}: {source.id} is of {source.newest}, after the debate: a claim "
                        "is judged on what was knowable. Give it to `since`."
                    )


def _source(claim: Claim, stated: Stated | None) -> dict[str, Any]:
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
        exact = all(
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


def _count(claim: Claim, count: Count | str) -> dict[str, Any]:
    if isinstance(count, Count):
        found = {"answer": HOW[count.how], "of": count.of, "holds": holds(claim, count.values)}
        found["exact"] = conditions.matches(claim, count.values)
        return found | {"values": _shown(claim, count.values)}
    if count:
        return {"answer": outcomes.IMPOSSIBLE, "why": count, "holds": None}
    if claim.judged:
        raise ClaimError(f"{claim.id}: count it, or say in `count` why nobody outside can.")
    return {"answer": outcomes.NOTHING, "holds": None}


def _others(claim: Claim, others: dict[str, Other]) -> dict[str, Any]:
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


def _since(claim: Claim, frame: pd.DataFrame, since: dict[str, Values]) -> dict[str, Any]:
    """Return how a claim fares in newer editions: of its own period first, else the next one's value."""
    entries, word = [], "open"
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
    margins = conditions.margin(claim, frame), conditions.margin(claim, values)
    if before and after and None not in margins and margins[1] < margins[0] * conditions.WEAKER:
        return "weakened"
    return "restated" if conditions.matches(claim, values) is False else "unchanged"


def _shown(claim: Claim, values: Values) -> dict[str, float | int | None]:
    rows = conditions.as_frame(values, claim.period).to_dict("records")
    return {f"{row['entity']}@{row['period']}": _round(row["value"]) for row in rows}


def _grade(parts: list[Evidence]) -> str:
    """Return the weakest grade: tables of printed values are graded by the rows relied on."""
    graded = []
    for part in parts:
        used = map(sources.get, _all_of(part))
        graded += [each.evidence for each in used if part.rows is None or each.url]
        graded += [] if part.rows is None else list(part.rows["evidence"])
    return max(graded, key=sources.GRADES.index, default="")


def _round(value: float | None) -> float | int | None:
    """Round to four digits."""
    return None if value is None or pd.isna(value) else _plain(round(float(value), 4))


def _plain(value: Any) -> Any:
    """Return a whole number as one, as JavaScript writes it on saving; beyond 2**53 it stays a float."""
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 2**53
    return int(value) if whole else value


def _value(claim: Claim, row: dict[str, Any]) -> dict[str, Any]:
    numbers = {name: _round(row[name]) for name in ("value", "low", "high")}
    shared = {"entity": row["entity"], "period": str(row["period"])}
    return shared | {"measure": claim.measure, "unit": claim.unit} | numbers
