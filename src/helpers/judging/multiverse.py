"""Multiverse: what every careful combination of choices says of a claim, and what data said
when."""

import json
from pathlib import Path

import pandas as pd

from .. import project
from ..evidence import store
from ..project import FactcheckError
from . import choices, claims

TABLE = "multiverse.csv"
OWN = ("holds", "is_default", "apart")
MARGIN = 2  # by how many combinations a value of a choice must speak for one side


def load() -> pd.DataFrame:
    """Return data/processed/multiverse.csv: the columns of measurements.csv, one row per claim,
    entity, period and specification.

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
    """Return one message per claim that measurements.csv answers otherwise than multiverse.csv
    does under the same choices."""
    names = ("measurements.csv", TABLE)
    if missing := [name for name in names if not (folder / name).is_file()]:
        command = "run" if missing[0] != TABLE else "sweep"
        return [f"data/processed/{missing[0]} is missing: run `factcheck {command}`"]
    tables = [pd.read_csv(folder / name, dtype=str, keep_default_na=False) for name in names]
    wanted, swept = tables[0].query("measure != 'printed'"), tables[1]
    wanted = wanted[wanted["notebook"].isin(choices.load())]
    given = wanted[["claim", "choices"]].drop_duplicates()
    swept = swept.merge(given)
    measured, found = (set(map(tuple, table[list(wanted)].to_numpy())) for table in (wanted, swept))
    odd = sorted({row[0] for row in measured ^ found})
    odd += sorted(set(tables[1]["claim"]) - set(wanted["claim"]))
    return [
        f"data/processed/{TABLE}: its row of {claim} under the choices of measurements.csv is "
        f"another or missing: run `factcheck sweep {claims.get(claim).notebook[:2]}`"
        for claim in odd
    ]


def _rows(claim: str) -> pd.DataFrame:
    table = load()
    return table[table["claim"].eq(claim)]


@store.once
def specifications(claim: str, change: bool = True) -> pd.DataFrame:
    """Return one row per combination of a claim's choices.

    Columns: the choices, one per entity, `holds`, `is_default`, `apart`. A value measured at
    several periods is given as its change from the first to the last of them, or as the last one
    without `change`; a period without a value does not count. `holds` is True, False or missing
    (cannot be said); `apart` says why a combination does not count ("" where it does:
    `choices.apart`). Rows are sorted by the first entity less the second, or by the only one: the
    order of a specification curve.
    Raises FactcheckError where no sweep has been made.
    """
    rows = _rows(claim)
    notebook = claims.get(claim).notebook
    if rows.empty:
        raise FactcheckError(f"{claim} is not in {TABLE}: run `factcheck sweep {notebook}`.")
    ordered = rows.dropna(subset="value").sort_values("period")
    ordered = ordered.set_index(["choices", "entity"])["value"]
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
    read = [json.loads(text) for text in table.index]
    chosen = pd.DataFrame(read, index=table.index, dtype=object)  # a whole number stays one
    table["apart"] = [choices.apart(notebook, json.loads(text), claim) for text in table.index]
    entities = [name for name in table if name not in OWN]
    order = table[entities[0]] if entities else pd.Series(0.0, index=table.index)
    if len(entities) > 1:
        order = order - table[entities[1]]
    found = pd.concat([chosen, table], axis=1).assign(order=order.astype(float))
    return found.sort_values("order", kind="stable").drop(columns="order").reset_index(drop=True)


def effective(claim: str) -> pd.DataFrame:
    """Return the combinations that count for a claim and can answer, as `specifications` has
    them."""
    table = specifications(claim)
    return table[table["apart"].eq("") & table["holds"].notna()].reset_index(drop=True)


def measure(claim: str) -> str:
    """Return what a claim's specifications measure, in words."""
    rows = _rows(claim).dropna(subset="value")
    several = rows.duplicated(["choices", "entity"]).any()
    return f"{claims.get(claim).measure}{', change from first to last period' if several else ''}"


@store.once
def of_claims() -> pd.DataFrame:
    """Return one row per claim with a condition and choices: n_effective, n_holds, deciding, and
    the rest.

    `n_effective` counts the combinations that answer the same question, from data knowable at the
    debate, and differ in effect (`choices.apart`); `n_holds` those in which the claim holds;
    `deciding` names the choice that turns it (`deciding`). `n_apart` are bounds, editions, scopes
    and idle ones, `n_silent` those that cannot answer.
    """
    found = []
    for claim in pd.unique(load()["claim"]):
        if not claims.get(claim).holds_when or not choices.of_claim(
            claims.get(claim).notebook, claim
        ):
            continue
        table = specifications(claim)
        counted, apart = effective(claim), table["apart"].ne("")
        found.append(
            {
                "claim": claim,
                "n_effective": len(counted),
                "n_holds": int(counted["holds"].sum()),
                "deciding": deciding(claim, counted),
                "n_apart": int(apart.sum()),
                "n_silent": int((table["holds"].isna() & ~apart).sum()),
            }
        )
    columns = ["claim", "n_effective", "n_holds", "deciding", "n_apart", "n_silent"]
    rows = pd.DataFrame(found, columns=columns).set_index("claim")
    return rows.reindex([claim for claim in claims.load() if claim in rows.index])


def alternatives(claim: str) -> list[str]:
    """Return one line per effective combination of a claim: its choices in words, and its
    answer."""
    asked = claims.get(claim)
    table, names = effective(claim), choices.of_claim(asked.notebook, claim)
    entities = [entity for entity in asked.entity if entity in table]
    found = []
    for row in table.to_dict("records"):
        chosen = ", ".join(choices.label(asked.notebook, name, row[name]) for name in names)
        values = ", ".join(f"{entity} {row[entity]:.4g}" for entity in entities)
        found.append(f"{chosen}: {values}, {'yes' if row['holds'] else 'no'}")
    return found


def deciding(claim: str, table: pd.DataFrame) -> str:
    """Return the choice that turns a claim's answer, in words; "" where none does.

    A choice decides where among the combinations with one of its values the claim holds in at
    least `MARGIN` more than it fails in, and with another it fails in as many more. Of several the
    one named explains most of whether it holds (eta squared).
    """
    notebook, best = claims.get(claim).notebook, ("", 0.0)
    for name in choices.of_claim(notebook, claim):
        by_value = {value: said.tolist() for value, said in table.groupby(name)["holds"]}
        lead = {value: 2 * sum(said) - len(said) for value, said in by_value.items()}
        share = round(_explained(list(by_value.values())), 12)
        yes = [value for value in lead if lead[value] >= MARGIN]
        no = [value for value in lead if lead[value] <= -MARGIN]
        if yes and no and share > best[1]:
            values = [
                f"{word} with {' or '.join(choices.label(notebook, name, each) for each in side)}"
                for word, side in (("yes", yes), ("no", no))
            ]
            best = (f"{choices.label(notebook, name)} ({', '.join(values)})", share)
    return best[0]


def _explained(groups: list[list[bool]]) -> float:
    """Return the sum of squares between groups of answers."""
    mean = sum(map(sum, groups)) / max(sum(map(len, groups)), 1)
    return sum(len(group) * (sum(group) / len(group) - mean) ** 2 for group in groups)


def influence(claim: str) -> pd.Series:
    """Return the share of the variance of a claim's value that each choice explains on its own, per
    cent.

    Between-group over total sum of squares of the curve's order, over the effective combinations
    (eta squared of a one-way layout; Fisher 1925). With impossible combinations choices are not
    independent and the shares may add to more than a hundred.
    """
    table = effective(claim)
    names, entities = split(table)
    value = table[entities[0]] - table[entities[1]] if len(entities) > 1 else table[entities[0]]
    value = value.astype(float)
    table, value = table[value.notna()], value.dropna()
    total = ((value - value.mean()) ** 2).sum()
    shares = {}
    for name in names if total else []:
        mean = value.groupby(table[name].astype(str)).transform("mean")
        shares[name] = 100 * ((mean - value.mean()) ** 2).sum() / total
    found = pd.Series(shares, dtype=float).round(1)
    return found.sort_values(ascending=False, kind="stable").rename(claim)


def split(table: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the names of the choices and of the entities of a table of specifications."""
    columns = [name for name in table if name not in OWN]
    known = {entity for claim in claims.load().values() for entity in claim.entity}
    return [name for name in columns if name not in known], [
        name for name in columns if name in known
    ]
