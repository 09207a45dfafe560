"""The scorecard: the four answers, the outcome and the sentence of each claim, as a table."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from .. import project
from ..evidence import sources
from ..evidence.tables import to_csv
from ..project import FactcheckError
from ..text import in_markdown, readable
from . import claims, multiverse, outcomes

VERDICTS = [
    "claim", "printed", "source", "count", "counted", "others", "other_values", "choices",
    "n_effective", "n_holds", "deciding", "since", "grade", "outcome", "reason", "plain", "summary",
]  # fmt: skip
GROUPS = {
    "stands whoever counts": (outcomes.STANDS,),
    "narrower than it sounds": (outcomes.IN_PART, outcomes.DEPENDS, outcomes.AMBIGUOUS),
    "one report's number": (outcomes.ONE_REPORT,),
    "not shown or wrong": (outcomes.FALLS,),
    "nobody can check": (outcomes.UNCHECKED, outcomes.FORECAST, outcomes.VIEW),
}


def table(found: dict[str, dict[str, Any]], specs: pd.DataFrame) -> pd.DataFrame:
    """Return the outcomes: one row per claim of the registry, in reading order, columns `VERDICTS`.

    `specs` are the counts of `multiverse.of_claims`. A claim whose notebook is still to come reads
    "not yet computed"; a view of the last notebook is a view. One with parts is read from theirs.
    """
    rows: dict[str, dict[str, Any]] = {}
    for claim in sorted(claims.load().values(), key=lambda claim: bool(claim.parts)):
        record = found.get(claim.id)
        rows[claim.id] = _of_parts(claim, rows) if claim.parts else _row(claim, record, specs)
    return pd.DataFrame([rows[id_] for id_ in claims.load()], columns=VERDICTS)


def known(claim: claims.Claim, record: dict[str, Any], specs: pd.DataFrame) -> outcomes.Answers:
    """Return what the rule reads of a claim: its record's answers and the counts of its
    combinations."""
    counts = specs.loc[claim.id] if claim.id in specs.index else {}
    return outcomes.Answers(
        kind=claim.kind,
        source=record["source"]["answer"],
        count=record["count"]["answer"],
        counted=record["count"]["holds"],
        others=record["others"]["answer"],
        n_effective=int(counts.get("n_effective", 0)),
        n_holds=int(counts.get("n_holds", 0)),
        deciding=counts.get("deciding", ""),
        leaves_out=claim.indirect,
        readings=tuple(entry["holds"] for entry in record["readings"]),
    )


def _row(claim: claims.Claim, record: dict[str, Any] | None, specs: pd.DataFrame) -> dict[str, Any]:
    row = {"claim": claim.id, "printed": " / ".join(claim.printed), "plain": claim.plain}
    if record is None:
        told = claim.kind == "opinion" and claim.notebook == "99_scorecard"
        shown = outcomes.Answers(claim.kind, count=outcomes.NOTHING)
        return row | {
            "outcome": outcomes.VIEW if told else outcomes.PENDING,
            "source": shown.source if told else "",
            "count": shown.count if told else "",
            "others": shown.others if told else "",
            "reason": outcomes.reason(shown) if told else "",
            "summary": "A view: no data can settle it." if told else "",
        }
    answers = known(claim, record, specs)
    others = [
        f"{entry['label']}: {_values(claim, entry['values'])}"
        for entry in record["others"]["entries"]
    ]
    return row | {
        "source": record["source"]["answer"],
        "count": record["count"]["answer"],
        "counted": _values(claim, record["count"].get("values", {})),
        "others": record["others"]["answer"],
        "other_values": "; ".join(others),
        "choices": choices_word(answers),
        "n_effective": answers.n_effective,
        "n_holds": answers.n_holds,
        "deciding": answers.deciding,
        "since": record["since"]["answer"],
        "grade": record["grade"],
        "outcome": outcomes.outcome(answers),
        "reason": outcomes.reason(answers, record["count"].get("why", ""), claim.wider),
        "summary": record["summary"],
    }


def _of_parts(claim: claims.Claim, rows: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the row of a sentence from those of its parts: an answer that differs by part says
    so."""
    own = [rows[part] for part in claim.parts]
    same = {
        name: own[0][name] if len({row[name] for row in own}) == 1 else "differs by part"
        for name in ("source", "count", "others", "choices", "since")
        if all(name in row for row in own)
    }
    found = outcomes.Answers(claim.kind, parts=tuple(row["outcome"] for row in own))
    grades = [row.get("grade", "") for row in own]
    return same | {
        "claim": claim.id,
        "printed": " / ".join(claim.printed),
        "grade": max(grades, key=("", *sources.GRADES).index),
        "outcome": outcomes.outcome(found),
        "reason": outcomes.reason(found, parts=_named(claim.parts)),
        "plain": claim.plain,
        "summary": claim.plain,
    }


def _named(parts: Sequence[str]) -> tuple[str, ...]:
    """Return a name for each part: its measure, or its place where two have the same."""
    measures = [claims.get(part).measure or part for part in parts]
    if len(set(measures)) == len(parts):
        return tuple(measures)
    return tuple(f"part {place}" for place in range(1, len(parts) + 1))


def groups(found: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the rows of `table` in the five groups of the one-minute table, in reading order."""
    return {name: found[found["outcome"].isin(words)] for name, words in GROUPS.items()}


def choices_word(found: outcomes.Answers) -> str:
    """Return the answer to "other careful choices?" in words: under `outcomes.ENOUGH` no word.

    >>> choices_word(outcomes.Answers("number", n_effective=12, n_holds=9))
    '9 of 12'
    >>> choices_word(outcomes.Answers("number", n_effective=2, n_holds=1))
    '1 of 2, too few for a word'
    """
    if not found.n_effective:
        return "none bears on it"
    told = f"{found.n_holds} of {found.n_effective}"
    return told if found.n_effective >= outcomes.ENOUGH else f"{told}, too few for a word"


def fragile(found: dict[str, dict[str, Any]], specs: pd.DataFrame) -> list[str]:
    """Return the claims whose outcome would move with one effective combination more or less.

    Each combination is left out once, and once repeated with the other answer.
    """
    moved = []
    for id_, record in found.items():
        claim = claims.get(id_)
        if id_ not in specs.index:
            continue
        counted = multiverse.effective(id_)
        word = outcomes.outcome(known(claim, record, specs))
        for place in range(len(counted)):
            turned = counted.iloc[[place]].assign(
                holds=~counted["holds"].iloc[[place]].astype(bool)
            )
            fewer = counted.drop(index=counted.index[place])
            tried = [fewer, pd.concat([counted, turned], ignore_index=True)]
            if any(_outcome_of(claim, record, table) != word for table in tried):
                moved.append(id_)
                break
    return moved


def _outcome_of(claim: claims.Claim, record: dict[str, Any], table: pd.DataFrame) -> str:
    counts = {
        "n_effective": len(table),
        "n_holds": int(table["holds"].sum()),
        "deciding": multiverse.deciding(claim.id, table),
    }
    specs = pd.DataFrame([counts], index=[claim.id])
    return outcomes.outcome(known(claim, record, specs))


def _values(claim: claims.Claim, values: dict[str, float | None]) -> str:
    """Write values keyed "entity@period": a series with arrows, a long one by its first and last
    value."""
    series: dict[str, list[str]] = {}
    for key, value in values.items():
        entity = key.partition("@")[0]
        if value is not None and (entity in claim.entity or not claim.entity):
            series.setdefault(entity, []).append(f"{value:.4g}")
    return ", ".join(f"{entity} {_trend(texts)}" for entity, texts in series.items())


def _trend(texts: list[str]) -> str:
    return " → ".join(texts if len(texts) <= 6 else [texts[0], "…", texts[-1]])


def write(found: pd.DataFrame) -> None:
    """Write data/processed/verdicts.csv."""
    project.atomic_write(project.out() / "verdicts.csv", to_csv(found))


def load() -> pd.DataFrame:
    """Return data/processed/verdicts.csv, empty cells as empty text; raises FactcheckError where it
    is missing."""
    path = project.processed() / "verdicts.csv"
    if not path.is_file():
        raise FactcheckError("data/processed/verdicts.csv is missing: run `factcheck run`.")
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def markdown(found: pd.DataFrame) -> str:
    """Return the scorecard as the Markdown table of docs/scorecard.md: statement, printed, what we
    found, outcome, notebook."""
    lines = [
        "| what was said | printed | what we found | outcome | notebook |",
        "|---|---|---|---|---|",
    ]
    for row in found.fillna("").itertuples():
        claim = claims.get(row.claim)
        link = f"[{claim.notebook[:2]}](../notebooks/{claim.notebook}.ipynb)"
        cells = [claim.statement, readable(row.printed), readable(row.summary)]
        cells = [in_markdown(cells[0]), cells[1], in_markdown(cells[2]), f"**{row.outcome}**", link]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
