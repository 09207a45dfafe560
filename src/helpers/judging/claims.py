"""Claims: the registry, the condition each claim asserts, and the record that ends a notebook's answer."""

import math
import operator
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from itertools import pairwise
from typing import Any

import pandas as pd

from .. import project
from ..evidence import sources, store
from ..project import FactcheckError
from ..text import nearest
from . import choices as choices_
from . import verdicts

MIME = "application/vnd.factcheck.claim+json"
OPTIONAL = ("tolerance", "because", "indirect")
NUMBER = r"-?[0-9]{1,30}(\.[0-9]{1,30})?"
KINDS = ("number", "ranking", "trend", "comparison", "forecast", "opinion")
OPERATORS = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
    "~": None,
}
COLUMNS = ["entity", "period", "value", "low", "high"]
Value = float | tuple[float, float, float] | None
Measured = tuple[str, Any, float]


class ClaimError(FactcheckError):
    """A registry entry or a claim record that breaks its shape."""


@dataclass(frozen=True)
class Claim:
    """One checkable statement: what was said, by whom, and how it is judged."""

    id: str
    speaker: str
    statement: str
    kind: str
    printed: list[str]
    unit: str
    measure: str
    entity: list[str]
    period: str
    source: str
    locator: str
    notebook: str
    dimension: str
    favours: str
    holds_when: str
    tolerance: str | None = None
    because: str | None = None
    indirect: str = ""

    @property
    def tolerances(self) -> list[float]:
        """The allowed gap of each printed value, in its unit."""
        return [
            verdicts.half_unit(text) if self.tolerance is None else float(self.tolerance)
            for text in self.printed
        ]


@cache
def load() -> dict[str, Claim]:
    """Read data/claims.toml; return the claims by id, in reading order.

    Raises ClaimError naming entry and field for anything out of shape.
    """
    path = project.root() / "data" / "claims.toml"
    try:
        content = store.toml(path)
    except (OSError, ValueError) as error:
        raise ClaimError(f"claims.toml: {error}. Mend the file, or restore it with git.") from error
    entries = content.get("claim", [])
    if (
        set(content) > {"claim"}
        or not isinstance(entries, list)
        or not all(isinstance(entry, dict) for entry in entries)
    ):
        raise ClaimError(
            f"claims.toml holds {', '.join(map(repr, content))[:200]}: write nothing but [[claim]] tables, or restore it with git."
        )
    found: dict[str, Claim] = {}
    for place, entry in enumerate(entries, start=1):
        where = f"claims.toml, claim {place} ({entry.get('id', 'without id')!s:.100})"
        claim = _claim(entry, where)
        if claim.id in found:
            raise ClaimError(f"{where}: this id stands twice. Ids are stable and unique.")
        found[claim.id] = claim
    if not found:
        raise ClaimError("claims.toml holds no [[claim]]. Restore it with git.")
    return found


def _claim(entry: dict[str, Any], where: str) -> Claim:
    known = {field.name: field for field in fields(Claim)}
    for name in entry:
        if name not in known:
            raise ClaimError(f"{where}: unknown field {name!r:.100}, {nearest(name, known)}")
    if missing := [name for name in known if name not in entry and name not in OPTIONAL]:
        raise ClaimError(f"{where}: missing {', '.join(missing)}. Add the field.")
    for name, value in entry.items():
        wanted = list if name in ("printed", "entity") else str
        if not isinstance(value, wanted) or (
            wanted is list and not all(isinstance(item, str) for item in value)
        ):
            raise ClaimError(
                f"{where}: {name} = {value!r:.100} must be {'a list of strings' if wanted is list else 'a string'}."
            )
    claim = Claim(**entry)
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", claim.id):
        raise ClaimError(f"{where}: an id is lower-case words joined by hyphens.")
    if claim.kind not in KINDS:
        raise ClaimError(f"{where}: kind {claim.kind!r:.100}, {nearest(claim.kind, KINDS)}")
    if claim.printed and len(claim.printed) != len(claim.entity):
        raise ClaimError(
            f"{where}: {len(claim.printed)} printed values for {len(claim.entity)} entities; give one each."
        )
    for text in [*claim.printed, *([claim.tolerance] if claim.tolerance is not None else [])]:
        if not re.fullmatch(NUMBER, text):
            raise ClaimError(f"{where}: {text!r:.100} is not a plain number.")
    if (claim.tolerance is None) != (claim.because is None):
        raise ClaimError(f"{where}: a tolerance needs its `because`, and the reverse.")
    if not claim.holds_when and claim.kind not in ("forecast", "opinion"):
        raise ClaimError(f"{where}: a {claim.kind} needs `holds_when`.")
    for clause in claim.holds_when.split(";") if claim.holds_when else []:
        parts = _parse(clause, where)
        if "~" in parts and (
            parts[1:] != ["~", "printed"]
            or parts[0].partition("@")[0] not in claim.entity
            or not claim.printed
        ):
            raise ClaimError(
                f"{where}: {clause.strip()!r:.100} must be an entity of the claim, ~ and the word printed, and a value be printed."
            )
    return claim


def get(id_: str) -> Claim:
    """Return the claim called `id_`; raises ClaimError with the nearest id for an unknown one."""
    if id_ not in load():
        raise ClaimError(f"Unknown claim {id_!r}: {nearest(id_, load())}")
    return load()[id_]


def of_notebook(notebook: str) -> list[str]:
    """Return the ids of the claims that a notebook answers."""
    return [claim.id for claim in load().values() if claim.notebook == notebook]


def _parse(clause: str, where: str) -> list[str]:
    """Split "A > B > C" into terms and operators, or "A falls" into two words."""
    clause = clause.strip()
    if match := re.fullmatch(r"(.+) (falls|rises)", clause):
        return [match[1], match[2]]
    parts = [part.strip() for part in re.split(r"(>=|<=|>|<|=|~)", clause)]
    if len(parts) < 3 or not all(parts):
        raise ClaimError(
            f"{where}: cannot read the condition {clause!r:.100}. Compare entities with > >= < <= = or ~, or write 'X falls'."
        )
    return parts


def as_frame(values: Mapping[str, Value] | pd.DataFrame, period: str) -> pd.DataFrame:
    """Return values as rows of entity, period, value, low, high.

    A mapping's keys are "entity" or "entity@period", its values a number or (value, low, high).
    """
    if isinstance(values, pd.DataFrame):
        return values.reindex(columns=COLUMNS).reset_index(drop=True)
    return pd.DataFrame(_rows(values, period), columns=COLUMNS)


def _rows(values: Mapping[str, Value], period: str) -> list[tuple]:
    rows = []
    for key, value in values.items():
        entity, _, own = key.partition("@")
        triple = tuple(value) if isinstance(value, tuple | list) else (value, None, None)
        rows.append((entity, own or period, *triple))
    return rows


def _measured(values: Mapping[str, Value] | pd.DataFrame, period: str) -> list[Measured]:
    """Return entity, period and value of each value that is not missing."""
    rows = (
        as_frame(values, period).itertuples(index=False, name=None)
        if isinstance(values, pd.DataFrame)
        else _rows(values, period)
    )
    known = [row[:3] for row in rows if not pd.isna(row[2])]
    if endless := [entity for entity, _, value in known if not math.isfinite(value)]:
        raise ClaimError(
            f"The value measured for {endless[0]} is not finite: look for a division by zero."
        )
    return known


def holds(claim: Claim, values: Mapping[str, Value] | pd.DataFrame) -> bool | None:
    """Say whether the claim's condition is met by measured values; None where one it names is missing.

    "A > B" compares entities, "A@2022" names a period, "A falls" wants a strict fall over at least two periods,
    "A ~ printed" a value near the printed one (`verdicts.near`). Clauses joined by ";" must all hold.
    """
    if not claim.holds_when:
        return None
    measured = _measured(values, claim.period)
    answers = [
        _clause(claim, _parse(clause, claim.id), measured) for clause in claim.holds_when.split(";")
    ]
    return False if False in answers else None if None in answers else True


def _clause(claim: Claim, parts: list[str], measured: list[Measured]) -> bool | None:
    if parts[-1] in ("falls", "rises"):
        series = [value for _, value in _series(parts[0], measured)]
        steps = [later - earlier for earlier, later in pairwise(series)]
        return (
            all(step < 0 if parts[1] == "falls" else step > 0 for step in steps) if steps else None
        )
    terms, signs = parts[::2], parts[1::2]
    if signs == ["~"]:
        value = _term(terms[0], measured)
        return (
            None
            if value is None
            else verdicts.near(claim.printed[claim.entity.index(terms[0].partition("@")[0])], value)
        )
    numbers = [_term(term, measured) for term in terms]
    if None in numbers:
        return None
    return all(
        OPERATORS[sign](left, right)
        for sign, left, right in zip(signs, numbers, numbers[1:], strict=False)
    )


def _series(entity: str, measured: list[Measured]) -> list[tuple[Any, float]]:
    """Return the periods and values of one entity, oldest first."""
    return sorted(
        ((when, value) for name, when, value in measured if name == entity), key=lambda row: row[0]
    )


def _term(term: str, measured: list[Measured]) -> float | None:
    if re.fullmatch(NUMBER, term):
        return float(term)
    entity, _, period = term.partition("@")
    rows = _series(entity, measured)
    if period in ("first", "last"):
        rows = rows[:1] if period == "first" else rows[-1:]
    elif period:
        rows = [row for row in rows if row[0] == period]
    if len(rows) > 1:
        raise ClaimError(
            f"The condition's {term!r} fits {len(rows)} measured values: name a period with @."
        )
    return float(rows[0][1]) if rows else None


@dataclass(frozen=True)
class Answer:
    """A claim's record: shown as a small table, and emitted as JSON for the runner and nbval."""

    record: dict[str, Any]

    def table(self) -> pd.DataFrame:
        """Printed, measured, gap and tolerance, one row per measured value."""
        claim = get(self.record["claim"])
        printed = dict(
            zip(claim.entity, zip(claim.printed, claim.tolerances, strict=True), strict=False)
        )
        rows = []
        for value in self.record["values"]:
            text, tolerance = printed.get(value["entity"], ("", None))
            gap = (
                round(value["value"] - float(text), 4)
                if text and value["value"] is not None
                else None
            )
            rows.append((value["entity"], value["period"], text, value["value"], gap, tolerance))
        table = pd.DataFrame(
            rows, columns=["entity", "period", "printed", "measured", "gap", "tolerance"]
        )
        return table.astype({"measured": object, "gap": object, "tolerance": object}).fillna("")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        if not project.drawing():
            return {MIME: self.record}
        shown = ("source_check", "reproducibility", "replicability", "currency", "evidence")
        holds_word = {True: "yes", False: "no", None: "cannot be said"}[self.record["holds"]]
        lines = [
            f"{self.record['claim']}: {self.record['summary']}",
            f"Does it hold here? {holds_word}",
        ]
        lines += [f"{name.replace('_', ' ')}: {self.record[name]}" for name in shown]
        lines += [
            f"{name}: {self.record[name]}" for name in ("reason", "indirect") if self.record[name]
        ]
        plain = "\n".join([*lines, self.table().to_string(index=False)])
        html = "".join(f"<p>{line}</p>" for line in map(_escape, lines)) + self.table().to_html(
            index=False, border=0
        )
        return {"text/plain": plain, "text/html": html, MIME: self.record}


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def answer(
    id_: str,
    values: Mapping[str, Value] | pd.DataFrame,
    *,
    choices: Mapping[str, Any],
    uses: list[str],
    summary: str,
    stated: Mapping[str, Value] | None = None,
    recount: Mapping[str, Value] | None = None,
    reason: str = "",
    replications: Mapping[str, Mapping[str, Value] | pd.DataFrame] | None = None,
    later: Mapping[str, Mapping[str, Value] | pd.DataFrame] | None = None,
    rows: pd.DataFrame | None = None,
) -> Answer:
    """Answer one claim; display the result as the last line of its cell.

    `values` are the measured values under `choices`, all parameters of the notebook: those that bear on the claim are kept.
    `stated` are the values as the named publication prints them, `recount` the same from its data by its method
    (else say why not in `reason`), `replications` other publishers' values by label, `later` newer editions' by date,
    all read through the claim's condition. `uses` names the sources behind the answer, `summary` is one plain sentence; grade and
    newest vintage of these sources are put behind it.
    `rows` are the printed rows relied on: tables of printed values are then graded by these rows and not as a whole.

    Raises ClaimError for an unknown claim, a claim of another notebook's registry or an empty summary.
    """
    claim = get(id_)
    if not summary.strip():
        raise ClaimError(f"{id_}: the summary is empty; say the finding in one sentence.")
    frame = as_frame(values, claim.period)
    own = {name: choices[name] for name in choices_.of_claim(claim.notebook, id_)}
    defaults = choices_.defaults(claim.notebook)
    gaps = max(claim.tolerances, default=None)
    grade, vintage = _grade(uses, rows), sources.vintage(uses)
    later_list = [
        (date, holds(claim, entry), _unchanged(claim, entry), _weaker(claim, frame, entry))
        for date, entry in sorted((later or {}).items())
    ]
    record = {
        "claim": id_,
        "notebook": claim.notebook,
        "choices": own,
        "is_default": all(own[name] == defaults[name] for name in own),
        "values": [_value(claim, row) for row in frame.to_dict("records")],
        "holds": holds(claim, frame),
        "source_check": _source_check(claim, stated),
        "reproducibility": verdicts.reproducibility(
            claim.printed, _of_entities(claim, recount), gaps if claim.tolerance else None
        ),
        "reason": reason,
        "replicability": verdicts.replicability(
            holds(claim, entry) for entry in (replications or {}).values()
        ),
        "replications": [
            _other(claim, label, entry) for label, entry in (replications or {}).items()
        ],
        "currency": verdicts.currency(claim.kind, holds(claim, frame), later_list),
        "later": [_other(claim, label, entry) for label, entry in sorted((later or {}).items())],
        "latest_vintage": max(
            [*(sources.get(source).newest for source in uses), *(entry[0] for entry in later_list)],
            default="",
        ),
        "indirect": claim.indirect,
        "evidence": grade,
        "sources": sorted(uses),
        "summary": f"{summary.rstrip('. ')}. Evidence: {grade}; vintage: {vintage or 'none'}.",
    }
    return Answer(record)


def _grade(uses: list[str], rows: pd.DataFrame | None) -> str:
    graded = [source.evidence for source in map(sources.get, uses) if rows is None or source.url]
    graded += [] if rows is None else list(rows["evidence"])
    return max(graded, key=sources.GRADES.index, default="secondary")


def _of_entities(claim: Claim, values: Mapping[str, Value] | None) -> list[float | None]:
    if not values:
        return []
    frame = as_frame(values, claim.period).set_index("entity")["value"]
    return [None if pd.isna(frame.get(entity)) else float(frame[entity]) for entity in claim.entity]


def _source_check(claim: Claim, stated: Mapping[str, Value] | None) -> str:
    if claim.printed or not stated:
        return verdicts.source_check(claim.printed, _of_entities(claim, stated))
    return {True: "quoted accurately", False: "misquoted", None: "source not located"}[
        holds(claim, stated)
    ]


def _unchanged(claim: Claim, values: Mapping[str, Value] | pd.DataFrame) -> bool:
    if not claim.printed:
        return True
    found = (
        as_frame(values, claim.period)
        .drop_duplicates("entity", keep="last")
        .set_index("entity")["value"]
    )
    pairs = zip(claim.entity, claim.printed, claim.tolerances, strict=True)
    return all(
        entity in found and abs(found[entity] - float(text)) <= gap + 1e-9
        for entity, text, gap in pairs
    )


def _weaker(
    claim: Claim,
    values: Mapping[str, Value] | pd.DataFrame,
    later: Mapping[str, Value] | pd.DataFrame,
) -> bool:
    """Say whether a comparison holds later by less than `verdicts.WEAKER` of its margin; a condition of another form cannot be weaker."""
    before, after = (_margin(claim, _measured(each, claim.period)) for each in (values, later))
    return before is not None and after is not None and 0 <= after < before * verdicts.WEAKER


def _margin(claim: Claim, measured: list[Measured]) -> float | None:
    """Return by how much the first comparison of the condition holds; None for another form or a missing value."""
    parts = _parse(claim.holds_when.split(";")[0], claim.id) if claim.holds_when else []
    if len(parts) < 3 or parts[1] not in (">", "<", ">=", "<="):
        return None
    left, right = (_term(term, measured) for term in (parts[0], parts[2]))
    if left is None or right is None:
        return None
    return left - right if parts[1].startswith(">") else right - left


def _round(value: float | None) -> float | None:
    return None if value is None or pd.isna(value) else round(float(value), 4)


def _value(claim: Claim, row: dict[str, Any]) -> dict[str, Any]:
    numbers = {name: _round(row[name]) for name in ("value", "low", "high")}
    return {
        "entity": row["entity"],
        "period": str(row["period"]),
        "measure": claim.measure,
        "unit": claim.unit,
        **numbers,
    }


def _other(claim: Claim, label: str, values: Mapping[str, Value] | pd.DataFrame) -> dict[str, Any]:
    frame = as_frame(values, claim.period)
    shown = {
        f"{row['entity']}@{row['period']}": _round(row["value"]) for row in frame.to_dict("records")
    }
    return {"label": label, "values": shown, "holds": holds(claim, frame)}
