"""Corrections: every change of an outcome, with its date and its reason, from
data/corrections.toml."""

import re

import pandas as pd

from .. import project
from ..evidence import store
from ..project import FactcheckError
from . import outcomes, registry

COLUMNS = ["date", "claim", "from", "to", "why"]


def load() -> pd.DataFrame:
    """Return the log, in file order: columns `COLUMNS`; empty where a set of claims keeps none.

    Raises FactcheckError naming the entry for anything out of shape.
    """
    path = project.root() / "data" / "corrections.toml"
    if not path.is_file():
        return pd.DataFrame(columns=COLUMNS)
    entries = store.registry(path, FactcheckError).get("correction", [])
    for place, entry in enumerate(entries, start=1):
        where = f"corrections.toml, entry {place}"
        if sorted(entry) != sorted(COLUMNS) or not all(isinstance(x, str) for x in entry.values()):
            raise FactcheckError(f"{where}: needs {', '.join(COLUMNS)}, each as text.")
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", entry["date"]) or not entry["why"].strip():
            raise FactcheckError(f"{where}: a date is YYYY-MM-DD, and `why` says the reason.")
        if entry["claim"] not in registry.load() or entry["to"] not in outcomes.OUTCOMES:
            raise FactcheckError(f"{where}: names a known claim and one of the outcomes in `to`.")
    return pd.DataFrame(entries, columns=COLUMNS)


def of_claim(id_: str) -> pd.DataFrame:
    """Return a claim's entries, newest last."""
    log = load()
    return log[log["claim"].eq(id_)].sort_values("date", kind="stable", ignore_index=True)


def problems(found: pd.DataFrame) -> list[str]:
    """Return one message per claim whose outcome (columns `claim`, `outcome`) the log does not end
    in."""
    if not (project.root() / "data" / "corrections.toml").is_file():
        return []
    last = load().drop_duplicates("claim", keep="last").set_index("claim")["to"]
    return [
        f"{row.claim}: its outcome is {row.outcome!r}, data/corrections.toml ends in "
        f"{last.get(row.claim, 'nothing')!r}: add an entry that says why it changed"
        for row in found.itertuples()
        if row.outcome != outcomes.PENDING and last.get(row.claim) != row.outcome
    ]
