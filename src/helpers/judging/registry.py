"""The registry: what was said, by whom, and how it is judged, read from data/claims.toml."""

import re
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

from .. import project
from ..evidence import store
from ..project import FactcheckError
from ..text import half_unit, nearest
from . import conditions

KINDS = ("number", "ranking", "trend", "comparison", "forecast", "opinion")
LISTS = ("printed", "entity", "readings", "parts")
OPTIONAL = (
    "tolerance", "because", "indirect", "wider", "unseen", "url", "figure", "leads_in",
    "settled_by", "settled_when", *LISTS[2:],
)  # fmt: skip


class ClaimError(FactcheckError):
    """A registry entry or a claim record that breaks its shape."""


@dataclass(frozen=True)
class Claim:
    """One checkable statement: what was said, by whom, and how it is judged."""

    id: str
    speaker: str
    statement: str
    plain: str
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
    wider: str = ""
    unseen: str = ""
    url: str = ""
    figure: str = ""
    leads_in: str = ""
    settled_by: str = ""
    settled_when: str = ""
    readings: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def tolerances(self) -> list[float]:
        """The allowed gap of each printed value, in its unit."""
        own = self.tolerance
        return [half_unit(text) if own is None else float(own) for text in self.printed]

    @property
    def judged(self) -> bool:
        """Whether data can settle it: not a forecast and not an opinion."""
        return self.kind not in ("forecast", "opinion")


@cache
def load() -> dict[str, Claim]:
    """Read data/claims.toml; return the claims by id, in reading order.

    Raises ClaimError naming entry and field for anything out of shape.
    """
    content = store.registry(project.root() / "data" / "claims.toml", ClaimError)
    entries = content.get("claim", [])
    listed = isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)
    if set(content) > {"claim"} or not listed:
        names = ", ".join(map(repr, content))[:200]
        raise ClaimError(
            f"claims.toml holds {names}: write nothing but [[claim]] tables, or restore it with "
            "git."
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
    for claim in found.values():
        for part in claim.parts:
            if part not in found or part == claim.id or found[part].parts:
                raise ClaimError(f"claims.toml, {claim.id}: part {part!r:.100} is no single claim.")
    return found


def _claim(entry: dict[str, Any], where: str) -> Claim:
    _shape(entry, where)
    claim = Claim(**entry)
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", claim.id):
        raise ClaimError(f"{where}: an id is lower-case words joined by hyphens.")
    if claim.kind not in KINDS:
        raise ClaimError(f"{where}: kind {claim.kind!r:.100}, {nearest(claim.kind, KINDS)}")
    if claim.printed and len(claim.printed) != len(claim.entity):
        raise ClaimError(
            f"{where}: {len(claim.printed)} printed values for {len(claim.entity)} entities; "
            "give one each."
        )
    for text in [*claim.printed, *([claim.tolerance] if claim.tolerance is not None else [])]:
        if not re.fullmatch(conditions.NUMBER, text):
            raise ClaimError(f"{where}: {text!r:.100} is not a plain number.")
    if (claim.tolerance is None) != (claim.because is None):
        raise ClaimError(f"{where}: a tolerance needs its `because`, and the reverse.")
    if not claim.holds_when and claim.judged and not claim.parts:
        raise ClaimError(f"{where}: a {claim.kind} needs `holds_when`, or `parts`.")
    if claim.url and not re.fullmatch(r"https://[^\s<>\"]+", claim.url):
        raise ClaimError(
            f"{where}: url {claim.url!r:.100}, write an address that begins with https://."
        )
    if claim.kind == "forecast" and not (claim.settled_by and claim.settled_when):
        raise ClaimError(f"{where}: a forecast needs `settled_by` and `settled_when`.")
    if claim.readings and len(claim.readings) < 2:
        raise ClaimError(f"{where}: one reading is none: name two, or leave `readings` out.")
    try:
        conditions.check(claim)
    except ValueError as error:
        raise ClaimError(f"{where}: {error}") from error
    return claim


def _shape(entry: dict[str, Any], where: str) -> None:
    known = [each.name for each in fields(Claim)]
    for name in entry:
        if name not in known:
            raise ClaimError(f"{where}: unknown field {name!r:.100}, {nearest(name, known)}")
    if missing := [name for name in known if name not in entry and name not in OPTIONAL]:
        raise ClaimError(f"{where}: missing {', '.join(missing)}. Add the field.")
    for name, value in entry.items():
        wanted = "a list of strings" if name in LISTS else "a string"
        texts = value if name in LISTS and isinstance(value, list) else [value]
        if isinstance(value, list) != (name in LISTS) or not all(
            isinstance(text, str) for text in texts
        ):
            raise ClaimError(f"{where}: {name} = {value!r:.100} must be {wanted}.")


def get(id_: str) -> Claim:
    """Return the claim called `id_`; raises ClaimError with the nearest id for an unknown one."""
    if id_ not in load():
        raise ClaimError(f"Unknown claim {id_!r}: {nearest(id_, load())}")
    return load()[id_]


def of_notebook(notebook: str) -> list[str]:
    """Return the ids of the claims that a notebook answers itself: those without parts."""
    found = load().values()
    return [claim.id for claim in found if claim.notebook == notebook and not claim.parts]
