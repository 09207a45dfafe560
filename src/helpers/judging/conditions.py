"""Conditions: what a claim asserts, as a comparison that measured values meet or do not meet."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any, NamedTuple, Protocol, TypeAlias

import pandas as pd

from ..text import half_unit, near

NUMBER = r"-?[0-9]{1,30}(\.[0-9]{1,30})?"
OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
COLUMNS = ["entity", "period", "value", "low", "high"]
DATES = r"\d{4}(?:-\d\d(?!\d)){0,2}"
WEAKER = 0.5  # of the margin: a comparison that later holds by less has weakened
Value = float | tuple[float, float, float] | None
Values: TypeAlias = "Mapping[str, Value] | pd.DataFrame"


class Claim(Protocol):
    """What a condition needs of a claim: its words, its entities and what was printed of them."""

    @property
    def holds_when(self) -> str:
        """What is asserted, as clauses."""

    @property
    def entity(self) -> list[str]:
        """Whom it is about."""

    @property
    def printed(self) -> list[str]:
        """The printed numbers, as text, in the order of the entities."""

    @property
    def period(self) -> str:
        """The year or span that it is about."""

    @property
    def tolerances(self) -> list[float]:
        """The allowed gap of each printed value, in its unit."""


class Row(NamedTuple):
    """One measured value, with its range where one is known."""

    entity: str
    period: str
    value: float
    low: float | None
    high: float | None


def as_frame(values: Values, period: str) -> pd.DataFrame:
    """Return values as rows of entity, period, value, low, high.

    A mapping's keys are "entity" or "entity@period", its values a number or (value, low, high).
    """
    if isinstance(values, pd.DataFrame):
        return values.reindex(columns=COLUMNS).reset_index(drop=True)
    rows = []
    for key, value in values.items():
        entity, _, own = key.partition("@")
        triple = tuple(value) if isinstance(value, tuple | list) else (value, None, None)
        rows.append((entity, own or period, *triple))
    return pd.DataFrame(rows, columns=COLUMNS)


def check(claim: Claim) -> None:
    """Raise ValueError for a condition that cannot be read, or that names a value not printed."""
    for clause in claim.holds_when.split(";") if claim.holds_when else []:
        parts = _parse(clause)
        if "~" not in parts:
            continue
        known = parts[0].partition("@")[0] in claim.entity
        if parts[1:] != ["~", "printed"] or not known or not claim.printed:
            raise ValueError(
                f"{clause.strip()!r:.100} must be an entity of the claim, ~ and the word printed, "
                "and a value be printed."
            )


def _parse(clause: str) -> list[str]:
    """Split "A > B > C" into terms and operators, or "A falls" into two words."""
    clause = clause.strip()
    if match := re.fullmatch(r"(.+) (falls|rises)", clause):
        return [match[1], match[2]]
    parts = [part.strip() for part in re.split(r"(>=|<=|>|<|=|~)", clause)]
    if len(parts) < 3 or not all(parts):
        raise ValueError(
            f"cannot read the condition {clause!r:.100}. Compare entities with > >= < <= = or ~, "
            "or write 'X falls'."
        )
    return parts


def holds(claim: Claim, values: Values) -> bool | None:
    """Say whether the claim's condition is met by measured values; None where one it names is
    missing.

    "A > B" compares entities, "A@2022" names a period, "A falls" wants a strict fall over at least
    two periods. "A ~ printed" wants the printed value within the measured one's range where a range
    is known, else within a tenth of it (`text.near`). Clauses joined by ";" must all hold. Raises
    ValueError for a value that is not finite, and for a term that fits several values.
    """
    if not claim.holds_when:
        return None
    rows = _rows(claim, values)
    answers = [_clause(claim, _parse(clause), rows) for clause in claim.holds_when.split(";")]
    return False if False in answers else None if None in answers else True


def margin(claim: Claim, values: Values) -> float | None:
    """Return by how much the first comparison of the condition holds; None where it cannot be said.

    A condition of another form (a printed value, a fall) has no margin.
    """
    parts = _parse(claim.holds_when.split(";")[0]) if claim.holds_when else []
    if len(parts) < 3 or parts[1] not in (">", "<", ">=", "<="):
        return None
    left, right = (_term(term, _rows(claim, values)) for term in (parts[0], parts[2]))
    if left is None or right is None:
        return None
    return left - right if parts[1].startswith(">") else right - left


def matches(claim: Claim, values: Values, near_enough: bool = False) -> bool | None:
    """Say whether every printed value comes out again: to half a unit of its last digit.

    With `near_enough` within its range or a tenth, as "~" asks. None where one is missing, or where
    nothing was printed.
    """
    rows = {row.entity: row for row in _rows(claim, values)}
    if not claim.printed or any(entity not in rows for entity in claim.entity):
        return None
    pairs = list(zip(claim.entity, claim.printed, claim.tolerances, strict=True))
    if near_enough:
        return all(_near(text, rows[entity]) for entity, text, _ in pairs)
    return all(abs(rows[name].value - float(text)) <= gap + 1e-9 for name, text, gap in pairs)


def _rows(claim: Claim, values: Values) -> list[Row]:
    frame = as_frame(values, claim.period)
    frame = frame[frame["value"].notna()]
    rows = [
        Row(entity, str(period), float(value), _known(low), _known(high))
        for entity, period, value, low, high in frame.itertuples(index=False, name=None)
    ]
    if endless := [row.entity for row in rows if not math.isfinite(row.value)]:
        raise ValueError(f"{endless[0]} is not finite: look for a division by zero.")
    return rows


def _known(value: float | None) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _clause(claim: Claim, parts: list[str], rows: list[Row]) -> bool | None:
    if parts[1] in ("falls", "rises"):
        series = [row.value for row in _series(parts[0], rows)]
        steps = [later - earlier for earlier, later in pairwise(series)]
        met = [step < 0 if parts[1] == "falls" else step > 0 for step in steps]
        return all(met) if met else None
    terms, signs = parts[::2], parts[1::2]
    if signs == ["~"]:
        row = _row(terms[0], rows)
        place = claim.entity.index(terms[0].partition("@")[0])
        return None if row is None else _near(claim.printed[place], row)
    numbers = [_term(term, rows) for term in terms]
    if None in numbers:
        return None
    return all(OPERATORS[sign](*numbers[n : n + 2]) for n, sign in enumerate(signs))


def _near(printed: str, row: Row) -> bool:
    if row.low is None or row.high is None:
        return near(printed, row.value)
    gap = half_unit(printed) + 1e-9
    return row.low - gap <= float(printed) <= row.high + gap


def _series(entity: str, rows: list[Row]) -> list[Row]:
    """Return the rows of one entity, oldest first."""
    return sorted((row for row in rows if row.entity == entity), key=lambda row: row.period)


def _row(term: str, rows: list[Row]) -> Row | None:
    entity, _, period = term.partition("@")
    found = _series(entity, rows)
    if period in ("first", "last"):
        found = found[:1] if period == "first" else found[-1:]
    elif period:
        found = [row for row in found if row.period == period]
    if len(found) > 1:
        raise ValueError(f"{term!r} fits {len(found)} measured values: name a period with @.")
    return found[0] if found else None


def _term(term: str, rows: list[Row]) -> float | None:
    if re.fullmatch(NUMBER, term):
        return float(term)
    row = _row(term, rows)
    return None if row is None else row.value


def later(period: str, day: str) -> bool:
    """Say whether a period ends after a day, both to the digits that both have; "" is no day.

    >>> later("2024-2026", "2025-10-31"), later("to 2025-10", "2025-10-31"), later("2026", "")
    (True, False, False)
    """
    end = (re.findall(r"\d{4}(?:-\d\d(?!\d)){0,2}", period) or [""])[-1]
    return bool(day) and end > day[: len(end)]


def within(period: str, claimed: str) -> bool:
    """Say whether a period lies in the claimed one: the same year, or days inside the same span.

    >>> within("2023", "2023"), within("2024", "2023"), within("2021", "2019-2022")
    (True, False, True)
    >>> within("2025-09", "to 2025-10"), within("2025-12", "to 2025-10")
    (True, False)
    """
    asked, given = re.findall(DATES, claimed), re.findall(DATES, period)
    if not asked or not given:
        return True
    first = "" if claimed.startswith("to ") else asked[0]
    last = "9999" if claimed.startswith("after ") else asked[-1]
    return all(
        first[: len(date)] <= date[: len(first)] and date[: len(last)] <= last[: len(date)]
        for date in given
    )
