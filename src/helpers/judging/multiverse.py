"""Multiverse: what every defensible combination of choices says of a claim, which choice moves it most, and what the data said when."""

import json
import re
from pathlib import Path

import pandas as pd

from .. import project
from ..evidence import sources, store
from ..project import FactcheckError
from . import choices, claims, scorecard
from .verdicts import robustness

# The last day of what was knowable: editions of 1 and 2 November 2025 are the nearest held to the debate of October.
DEBATE = "2025-11-02"
TABLE = "multiverse.csv"
OWN = ("holds", "is_default", "after")


def load() -> pd.DataFrame:
    """Return data/processed/multiverse.csv: the columns of measurements.csv, one row per claim, entity, period and specification.

    Raises FactcheckError where no sweep has written it.
    """
    path = project.processed() / TABLE
    if not path.is_file():
        raise FactcheckError(
            f"data/processed/{TABLE} is missing: run `factcheck sweep`, or restore it with git."
        )
    return store.read(path, _parse).copy()


def _parse(path: Path) -> pd.DataFrame:
    return pd.read_csv(
        path,
        dtype={"period": str, "holds": str, "choices": str},
        keep_default_na=False,
        na_values={"value": [""], "low": [""], "high": [""]},
    )


def problems(folder: Path) -> list[str]:
    """Return one message per claim whose default specification in multiverse.csv is not what measurements.csv holds."""
    names = ("measurements.csv", TABLE)
    if missing := [name for name in names if not (folder / name).is_file()]:
        return [
            f"data/processed/{missing[0]} is missing: run `factcheck {'run' if missing[0] != TABLE else 'sweep'}`"
        ]
    tables = [pd.read_csv(folder / name, dtype=str, keep_default_na=False) for name in names]
    wanted, swept = tables[0].query("measure != 'printed'"), tables[1].query("is_default == 'True'")
    wanted = wanted[wanted["notebook"].isin(choices.load())]
    key = ["claim", "entity", "period"]
    lines = [
        {
            tuple(row[:3]): row
            for row in table[[*key, *table.columns.difference(key)]].itertuples(
                index=False, name=None
            )
        }
        for table in (wanted, swept)
    ]
    odd = sorted(
        {
            place[0]
            for place in lines[0].keys() | lines[1].keys()
            if lines[0].get(place) != lines[1].get(place)
        }
    )
    return [
        f"data/processed/{TABLE}: the default of {claim} is not what measurements.csv holds: run `factcheck sweep`"
        for claim in odd
    ]


def _rows(claim: str) -> pd.DataFrame:
    table = load()
    return table[table["claim"].eq(claim)]


@store.once
def specifications(claim: str, change: bool = True) -> pd.DataFrame:
    """Return one row per specification of a claim: its choices as columns, then one column per entity, `holds`, `is_default`, `after`.

    A value measured at several periods is given as its change from the first to the last of them, or as the last one without
    `change`; a period without a value does not count. `holds` is True, False or missing (cannot be said); `after` marks an edition
    or a day after the debate. Rows are sorted by the first entity less the second, or by the only one: the order of a specification
    curve.
    """
    rows = _rows(claim)
    if rows.empty:
        raise FactcheckError(
            f"{claim} has no specification in {TABLE}: run `factcheck sweep {claims.get(claim).notebook}`."
        )
    ordered = (
        rows.dropna(subset="value").sort_values("period").set_index(["choices", "entity"])["value"]
    )
    first, last = (
        ordered[~ordered.index.duplicated(keep=keep)].sort_index() for keep in ("first", "last")
    )
    several = ordered.index.value_counts().reindex(last.index).gt(1)
    values = last.where(~several, last - first) if change else last
    named = [entity for entity in claims.get(claim).entity if entity in set(rows["entity"])]
    table = values.unstack().reindex(index=sorted(rows["choices"].unique()), columns=named)
    said = rows.drop_duplicates("choices").set_index("choices")
    table["holds"] = said["holds"].map({"True": True, "False": False})
    table["is_default"] = said["is_default"].astype(str).eq("True")
    table["after"] = [_after(claim, text) for text in table.index]
    entities = [name for name in table if name not in OWN]
    order = table[entities[0]] - table[entities[1]] if len(entities) > 1 else table[entities[0]]
    chosen = pd.DataFrame([json.loads(text) for text in table.index], index=table.index)
    found = (
        pd.concat([chosen, table], axis=1)
        .assign(order=order.astype(float))
        .sort_values("order", kind="stable")
    )
    return found.drop(columns="order").reset_index(drop=True)


def _after(claim: str, text: str) -> bool:
    """Say whether a specification looks at an edition, or stands on a day, later than the debate and later than the default."""
    defaults = choices.defaults(claims.get(claim).notebook)
    dated = {
        name: str(value)
        for name, value in json.loads(text).items()
        if name.endswith(("vintage", "as_of"))
    }
    return any(
        re.fullmatch(r"\d{4}-\d\d-\d\d", value) and value > max(DEBATE, str(defaults[name]))
        for name, value in dated.items()
    )


def measure(claim: str) -> str:
    """Return what a claim's specifications measure, in words."""
    rows = _rows(claim).dropna(subset="value")
    several = rows.duplicated(["choices", "entity"]).any()
    return f"{claims.get(claim).measure}{', change from first to last period' if several else ''}"


def of_claims() -> pd.DataFrame:
    """Return one row per claim that has specifications: n_specs that can answer, n_holds, n_results, n_silent, n_after, robustness.

    `n_results` counts the different values that those which can answer give: choices that never move the answer add none.
    Specifications on data after the debate count in `n_after` alone: a claim is judged on what was knowable. A claim without a
    condition (a forecast, an opinion) is left out, as is one without any choice.
    """
    table = load()
    results = table.groupby(["claim", "choices"], sort=False)["value"].agg(
        lambda values: " ".join(map(str, values))
    )
    rows = table.drop_duplicates(["claim", "choices"]).assign(result=results.to_numpy())
    rows = rows[
        rows["choices"].ne("{}")
        & rows["claim"].map(lambda claim: bool(claims.get(claim).holds_when))
    ]
    after = pd.Series(
        [_after(row.claim, row.choices) for row in rows.itertuples()], index=rows.index, dtype=bool
    )
    rows = rows.assign(holds=rows["holds"].where(~after, "after"))
    rows["result"] = rows["result"].where(rows["holds"].isin(["True", "False"]))
    found = rows.groupby("claim", sort=False).agg(
        n_specs=("holds", lambda said: int(said.isin(["True", "False"]).sum())),
        n_holds=("holds", lambda said: int(said.eq("True").sum())),
        n_results=("result", "nunique"),
        n_silent=("holds", lambda said: int(said.eq("").sum())),
        n_after=("holds", lambda said: int(said.eq("after").sum())),
    )
    found["robustness"] = [robustness(row.n_holds, row.n_specs) for row in found.itertuples()]
    return found.reindex([claim for claim in claims.load() if claim in found.index])


def influence(claim: str) -> pd.Series:
    """Return the share of the variance of a claim's value between specifications that each choice explains on its own, per cent.

    Between-group over total sum of squares of the curve's order (eta squared of a one-way layout; Fisher 1925). In a sampled grid, or
    one with impossible combinations, choices are not independent and the shares may add to more than a hundred.
    """
    table = specifications(claim)
    names, entities = _split(table)
    value = (
        table[entities[0]] - table[entities[1]] if len(entities) > 1 else table[entities[0]]
    ).astype(float)
    table, value = table[value.notna()], value.dropna()
    total = ((value - value.mean()) ** 2).sum()
    means = (
        {name: value.groupby(table[name].astype(str)).transform("mean") for name in names}
        if total
        else {}
    )
    shares = {
        name: 100 * ((mean - value.mean()) ** 2).sum() / total for name, mean in means.items()
    }
    return (
        pd.Series(shares, dtype=float)
        .round(1)
        .sort_values(ascending=False, kind="stable")
        .rename(claim)
    )


def _split(table: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the names of the choices and of the entities of a table of specifications."""
    columns = [name for name in table if name not in OWN]
    known = {entity for claim in claims.load().values() for entity in claim.entity}
    return [name for name in columns if name not in known], [
        name for name in columns if name in known
    ]


def history(claim: str) -> pd.DataFrame:
    """Return what the data said when: columns date, entity, value, holds, after (the debate), newest last.

    Where an edition is a choice each stands at its own date, the other choices at their default; else the default answer stands at the
    newest vintage of its sources that was out by the debate, or else at the debate. Later editions stand at theirs.
    """
    record = scorecard.answers()[claim]
    dated = [sources.get(id_).newest for id_ in record["sources"] if sources.get(id_).url]
    known = max((vintage for vintage in dated if vintage <= DEBATE), default=DEBATE)
    editions = _editions(claim, record["choices"]) if claim in set(load()["claim"]) else []
    last = {value["entity"]: value["value"] for value in record["values"]}
    rows = editions or [(known, entity, value, record["holds"]) for entity, value in last.items()]
    for entry in record["later"]:
        rows += [
            (entry["label"], key.partition("@")[0], value, entry["holds"])
            for key, value in entry["values"].items()
        ]
    table = pd.DataFrame(rows, columns=["date", "entity", "value", "holds"]).dropna(
        subset=["value"]
    )
    table = table[table["entity"].isin(claims.get(claim).entity)]
    table = table[table["date"].astype(str).str.fullmatch(r"\d{4}(-\d\d){0,2}")]
    table = table.drop_duplicates(["date", "entity"], keep="last").sort_values(
        ["date", "entity"], ignore_index=True
    )
    return table.assign(after=table["date"] > DEBATE)


def _editions(claim: str, default: dict) -> list[tuple]:
    table = specifications(claim, change=False)
    names, entities = _split(table)
    dated = [name for name in names if name.endswith("vintage")]
    rows = []
    for name in dated[:1]:
        others = [other for other in names if other != name]
        fits = (
            table[
                (
                    table[others].astype(str)
                    == pd.Series({other: str(default[other]) for other in others})
                ).all(axis=1)
            ]
            if others
            else table
        )
        rows += [
            (row[name], entity, row[entity], row["holds"])
            for row in fits.to_dict("records")
            for entity in entities
        ]
    return rows
