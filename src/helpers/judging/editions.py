"""Editions: what the data said of a claim when."""

import pandas as pd

from ..evidence import sources
from ..project import DEBATE
from . import claims, multiverse, records


def history(claim: str) -> pd.DataFrame:
    """Return what the data said when: columns date, entity, value, holds, after (the debate),
    newest last.

    Where an edition is a choice each stands at its own date, the other choices at their default;
    else the default answer stands at the newest edition of its sources that was out by the debate,
    or else at the debate. Later editions of the same period stand at theirs.
    """
    record = records.answers()[claim]
    dated = [sources.get(id_).newest for id_ in record["sources"] if sources.get(id_).url]
    known = max((edition for edition in dated if edition <= DEBATE), default=DEBATE)
    swept = claim in set(multiverse.load()["claim"])
    editions = _editions(claim, record["choices"]) if swept else []
    last = {value["entity"]: value["value"] for value in record["values"]}
    rows = editions or [(known, entity, value, record["holds"]) for entity, value in last.items()]
    for entry in record["since"]["entries"]:
        rows += [
            (entry["label"], key.partition("@")[0], value, entry["holds"])
            for key, value in entry["values"].items()
            if entry["same"]
        ]
    table = pd.DataFrame(rows, columns=["date", "entity", "value", "holds"])
    table = table.dropna(subset=["value"])
    table = table[table["entity"].isin(claims.get(claim).entity)]
    table = table[table["date"].astype(str).str.fullmatch(r"\d{4}(-\d\d){0,2}")]
    table = table.drop_duplicates(["date", "entity"], keep="last")
    table = table.sort_values(["date", "entity"], ignore_index=True)
    return table.assign(after=table["date"] > DEBATE)


def _editions(claim: str, default: dict) -> list[tuple]:
    table = multiverse.specifications(claim, change=False)
    names, entities = multiverse.split(table)
    dated = [name for name in names if name.endswith("vintage")]
    if not dated:
        return []
    others = [name for name in names if name != dated[0]]
    chosen = pd.Series({name: str(default[name]) for name in others})
    fits = table[(table[others].astype(str) == chosen).all(axis=1)]
    return [
        (row[dated[0]], entity, row[entity], row["holds"])
        for row in fits.to_dict("records")
        for entity in entities
    ]
