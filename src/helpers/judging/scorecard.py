"""The scorecard: what was measured and what it says of each claim, as tables."""

import json
from typing import Any

import pandas as pd

from .. import project
from ..evidence import store
from ..evidence.tables import to_csv
from ..project import FactcheckError
from ..text import in_markdown, readable
from . import claims, verdicts

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
VERDICTS = [
    "claim", "dimension", "favours", "kind", "notebook", "printed", "measured", "gap", "tolerance", "source_check", "reproducibility",
    "reason", "replicability", "n_specs", "n_holds", "robustness", "currency", "latest_vintage", "verdict", "evidence", "summary",
]  # fmt: skip
MARKS = ("<!-- scorecard -->", "<!-- /scorecard -->")


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
        "claim": claim.id, "notebook": claim.notebook, "unit": claim.unit, "is_default": record["is_default"], "holds": record["holds"],
        "choices": json.dumps(record["choices"], sort_keys=True), "sources": " ".join(record["sources"]),
    }  # fmt: skip


def measurements(answers: list[dict[str, Any]]) -> str:
    """Return the CSV of measurements: one row per measured value, one per printed value (low and high are its tolerance)."""
    found = []
    for record in answers:
        claim = claims.get(record["claim"])
        found += rows(record)
        for entity, text, gap in zip(claim.entity, claim.printed, claim.tolerances, strict=False):
            number = float(text)
            found.append(_shared(record) | {"entity": entity, "period": claim.period, "measure": "printed", "value": number,
                                            "low": round(number - gap, 6), "high": round(number + gap, 6)})  # fmt: skip
    table = pd.DataFrame(found, columns=MEASUREMENTS).sort_values(
        ["claim", "measure", "entity", "period"], kind="stable"
    )
    return to_csv(table)


def answers() -> dict[str, dict[str, Any]]:
    """Return the collected claim records by claim, not to be changed; raises FactcheckError where none were collected."""
    path = project.processed() / "answers.json"
    if not path.is_file():
        raise FactcheckError("data/processed/answers.json is missing: run `factcheck run`.")
    return store.read(
        path,
        lambda file: {
            record["claim"]: record for record in json.loads(file.read_text(encoding="utf-8"))
        },
    )


def table(found: dict[str, dict[str, Any]], specs: pd.DataFrame) -> pd.DataFrame:
    """Return the verdicts: one row per claim of the registry, in reading order, with the columns of `VERDICTS`.

    `specs` are the counts of `multiverse.of_claims`. A claim whose notebook is still to come reads "not yet computed"; an opinion of the
    last notebook is an opinion.
    """
    return pd.DataFrame(
        [_row(claim, found.get(claim.id), specs) for claim in claims.load().values()],
        columns=VERDICTS,
    )


def _row(claim: claims.Claim, record: dict[str, Any] | None, specs: pd.DataFrame) -> dict[str, Any]:
    row: dict[str, Any] = {
        "claim": claim.id, "dimension": claim.dimension, "favours": claim.favours, "kind": claim.kind, "notebook": claim.notebook,
        "printed": " / ".join(claim.printed), "tolerance": " / ".join(f"{gap:g}" for gap in claim.tolerances),
    }  # fmt: skip
    if record is None:
        opinion = claim.kind == "opinion" and claim.notebook == "99_scorecard"
        return row | {
            "verdict": "opinion" if opinion else verdicts.PENDING,
            "summary": "An opinion: no data can settle it." if opinion else "",
        }
    series = {
        entity: [value["value"] for value in record["values"] if value["entity"] == entity]
        for entity in claim.entity
    }
    row["measured"] = " / ".join(_trend(values) for values in series.values())
    shown = [values[0] if len(values) == 1 else None for values in series.values()]
    if claim.printed and None not in shown:
        row["gap"] = " / ".join(
            f"{value - float(text):+.4g}" for value, text in zip(shown, claim.printed, strict=True)
        )
    row |= {
        name: record[name]
        for name in (
            "source_check",
            "reproducibility",
            "reason",
            "replicability",
            "currency",
            "latest_vintage",
            "evidence",
            "summary",
        )
    }
    counted = specs.loc[claim.id] if claim.id in specs.index else None
    if counted is not None:
        row |= {"n_specs": int(counted["n_specs"]), "n_holds": int(counted["n_holds"])}
    row["robustness"] = verdicts.robustness(row.get("n_holds"), row.get("n_specs"))
    row["verdict"] = verdicts.decide(
        claim.kind,
        record["holds"],
        record["source_check"],
        record["reproducibility"],
        record["replicability"],
        row["robustness"],
        bool(claim.indirect),
    )
    return row


def _trend(values: list[float | None]) -> str:
    """Write a series with arrows, a long one by its first and last value."""
    known = [f"{value:.4g}" for value in values if value is not None]
    return " → ".join(known if len(known) <= 6 else [known[0], "…", known[-1]])


def write(found: pd.DataFrame) -> None:
    """Write data/processed/verdicts.csv."""
    project.atomic_write(project.out() / "verdicts.csv", to_csv(found))


def load() -> pd.DataFrame:
    """Return data/processed/verdicts.csv, empty cells as empty text; raises FactcheckError where it is missing."""
    path = project.processed() / "verdicts.csv"
    if not path.is_file():
        raise FactcheckError("data/processed/verdicts.csv is missing: run `factcheck run`.")
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def markdown(found: pd.DataFrame) -> str:
    """Return the scorecard as a Markdown table: statement, printed, measured with its unit, verdict, evidence, notebook."""
    lines = [
        "| what was claimed | printed | measured | verdict | evidence | notebook |",
        "|---|---|---|---|---|---|",
    ]
    for row in found.itertuples():
        claim = claims.get(row.claim)
        link = (
            f"[{claim.notebook[:2]}](notebooks/{claim.notebook}.ipynb)"
            if row.summary or claim.kind == "opinion"
            else claim.notebook[:2]
        )
        unit = f" ({in_markdown(claim.unit)})" if row.measured and claim.unit else ""
        numbers = f"{readable(row.printed)} | {readable(row.measured)}{unit}"
        lines.append(
            f"| {in_markdown(claim.statement)} | {numbers} | **{row.verdict}** | {row.evidence} | {link} |"
        )
    return "\n".join(lines)


def into_readme(text: str, found: pd.DataFrame) -> str:
    """Return the README's text with the scorecard between its marks replaced; raises FactcheckError without the marks."""
    before, opening, rest = text.partition(MARKS[0])
    _, closing, after = rest.partition(MARKS[1])
    if not opening or not closing:
        raise FactcheckError(
            f"README.md lacks the marks {MARKS[0]} and {MARKS[1]}: put them where the scorecard belongs."
        )
    return f"{before}{opening}\n{markdown(found)}\n{closing}{after}"
