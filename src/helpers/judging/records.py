"""Records: what the notebooks answered, collected, and one row per measured value."""

import json
from typing import Any

import pandas as pd

from .. import project
from ..evidence import store
from ..evidence.tables import to_csv
from ..project import FactcheckError
from . import claims

MEASUREMENTS = [
    "claim",
    "notebook",
    "entity",
    "period",
    "measure",
    "value",
    "unit",
    "low",
    "high",
    "choices",
    "is_default",
    "holds",
    "sources",
]


def to_json(answers: list[dict[str, Any]]) -> str:
    """Return claim records as sorted, readable JSON."""
    return json.dumps(answers, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def rows(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return one row per measured value of a claim record, with the columns of `MEASUREMENTS`."""
    return [
        _shared(record)
        | {name: value[name] for name in ("entity", "period", "measure", "value", "low", "high")}
        for value in record["values"]
    ]


def _shared(record: dict[str, Any]) -> dict[str, Any]:
    claim = claims.get(record["claim"])
    return {
        "claim": claim.id,
        "notebook": claim.notebook,
        "unit": claim.unit,
        "is_default": record["is_default"],
        "holds": record["holds"],
        "choices": json.dumps(record["choices"], sort_keys=True),
        "sources": " ".join(record["sources"]),
    }


def measurements(answers: list[dict[str, Any]]) -> str:
    """Return the CSV of measurements: one row per measured and one per printed value.

    A printed value's `low` and `high` are its tolerance.
    """
    found = []
    for record in answers:
        claim = claims.get(record["claim"])
        found += rows(record)
        for entity, text, gap in zip(claim.entity, claim.printed, claim.tolerances, strict=False):
            number = float(text)
            low, high = round(number - gap, 6), round(number + gap, 6)
            own = {"entity": entity, "period": claim.period, "measure": "printed"}
            found.append(_shared(record) | own | {"value": number, "low": low, "high": high})
    table = pd.DataFrame(found, columns=MEASUREMENTS)
    table = table.astype(dict.fromkeys(("value", "low", "high"), float))
    order = ["claim", "measure", "entity", "period"]
    return to_csv(table.sort_values(order, kind="stable"))


def answers() -> dict[str, dict[str, Any]]:
    """Return the collected claim records by claim, not to be changed.

    Raises FactcheckError where none were collected.
    """
    path = project.processed() / "answers.json"
    if not path.is_file():
        raise FactcheckError("data/processed/answers.json is missing: run `factcheck run`.")
    return store.read(
        path,
        lambda file: {
            record["claim"]: record for record in json.loads(file.read_text(encoding="utf-8"))
        },
    )
