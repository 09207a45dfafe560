"""Recount: a list of one day, rebuilt from a copy made before it and a copy made after it.

The first copy's models of the year stay in. Which of the models added until the second copy were in
on the day is decided by values printed on that day, none of which names a country: every subset of
the additions is tried, and every one that meets the values is kept. Countries are read after.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..evidence.places import europe, name
from ..project import FactcheckError
from . import vintages
from .counting import credits

DAY = "2025-03-17"  # of the snapshot behind the AI Index Report 2025 (notes 15 and 16, p. 46)
COPIES = ("2025-02-24", "2025-04-08")
SOURCES = [f"models_notable_ai_models_{day.replace('-', '_')}_since_2014" for day in COPIES]
FIRST_YEAR, YEAR = "2014", "2024"
# Must not differ between the copies. Countries are compared after the lists are chosen.
KEPT = ("organisations", "sectors", "access", "training_code")
# The groups of printed values that choose, in this order; organisations alone are another route.
ROUTES = {
    "access and code": ("total", "access", "training_code"),
    "organisations": ("organisation",),
}
MOST = 20  # additions: their subsets double with each, and a million can still be held
ACCESS = {  # the report's words, and those of `cleaning.openness.access`
    "API access": "interface", "hosted access (no API)": "hosted",
    "open weights (unrestricted)": "unrestricted", "open weights (restricted use)": "restricted",
    "open weights (noncommercial)": "non_commercial", "unreleased": "unreleased",
    "unknown": "unknown",
}  # fmt: skip
SECTORS = {
    "industry": {"Industry"}, "industry-academia": {"Industry", "Academia"},
    "industry-government": {"Industry", "Government"}, "academia": {"Academia"},
}  # fmt: skip
# A printed body, and how Epoch's names of it begin (AI Index Report 2025, note 19: DeepMind is
# filed under Google). A body that is not here is named in both as it stands.
BODIES = {
    "Google": ("Google", "DeepMind"), "Meta": ("Meta AI", "Facebook"), "Nvidia": ("NVIDIA",),
    "MIT": ("Massachusetts Institute of Technology",), "Oxford": ("University of Oxford",),
    "UC Berkeley": ("University of California (UC) Berkeley",),
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """The lists that meet a group of printed values and the groups before it: a row a list, a
    column an addition, 1 where the list has it.

    `unmet`: values that no list met.
    """

    group: str
    left: np.ndarray
    unmet: tuple[str, ...] = ()


def of_year(models: pd.DataFrame) -> pd.DataFrame:
    """Return the models of the year, indexed by name."""
    return models[models["published"].str.startswith(YEAR)].set_index("model")


def added(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return the models of the year that the second copy has and the first has not.

    Both have columns model, published and `KEPT`. Raises FactcheckError naming the model where a
    name stands twice, a model of any year was dropped, or one of the year changed.
    """
    for copy in (before, after):
        if twice := list(copy.loc[copy["model"].duplicated(), "model"]):
            raise FactcheckError(f"{twice[0]} stands twice in one copy: tell its two rows apart.")
    if dropped := sorted(set(before["model"]) - set(after["model"])):
        raise FactcheckError(
            f"{dropped[0]} is in the first copy and not in the second: additions alone do not lead "
            "from one to the other, and the list between them cannot be rebuilt this way."
        )
    unchanged(before, after, "published", *KEPT)
    return of_year(after[~after["model"].isin(before["model"])])


def unchanged(before: pd.DataFrame, after: pd.DataFrame, *columns: str) -> None:
    """Raise FactcheckError naming the model where one of the year changed in one of the columns."""
    dated = list(dict.fromkeys(["model", "published", *columns]))
    both = before[dated].merge(after[dated], on="model", suffixes=("", "_after")).fillna("")
    both["published"], both["published_after"] = (
        both[name].str[:4] for name in ("published", "published_after")
    )
    both = both[both["published"].eq(YEAR) | both["published_after"].eq(YEAR)].set_index("model")
    for column in columns:
        first, second = both[column], both[f"{column}_after"]
        for model in both.index[first.ne(second)][:1]:
            raise FactcheckError(
                f"{model}: {column} {first[model]!r} in the first copy, {second[model]!r} in the "
                "second. The list between them cannot be rebuilt until one is known to be right."
            )


def marks(models: pd.DataFrame, printed: pd.DataFrame) -> pd.DataFrame:
    """Return which models count for which printed value: 1 or 0, one column a (group, item).

    `printed` has columns group, item, printed; a value is of the year, but for the groups "year"
    and "organisation, ten years". No column of countries is read.
    """
    pairs = printed[["group", "item"]].itertuples(index=False, name=None)
    told = {column: models[column].fillna("").to_numpy(str) for column in ("published", *KEPT)}
    told["sectors"] = [{name.strip() for name in text.split(",")} for text in told["sectors"]]
    names = [[name.strip() for name in text.split(",")] for text in told["organisations"]]
    asked = set(printed.loc[printed["group"].str.startswith("organisation"), "item"])
    filed = {name: _bodies(name, asked) for name in {name for listed in names for name in listed}}
    told["organisations"] = [{body for name in listed for body in filed[name]} for listed in names]
    told["year"] = told["published"].astype("U4")
    found = {pair: _dated(told["year"], *pair) & _fits(told, *pair) for pair in pairs}
    return pd.DataFrame(found, index=models.index).astype(float)


def _bodies(name: str, items: set[str]) -> list[str]:
    """Return the printed bodies under which the report files an organisation."""
    return [item for item in items if name.startswith(BODIES.get(item, (item,)))]


def _dated(year: np.ndarray, group: str, item: str) -> np.ndarray:
    if group == "organisation, ten years":
        return (year >= FIRST_YEAR) & (year <= YEAR)
    return year == (item if group == "year" else YEAR)


def _fits(told: dict, group: str, item: str) -> np.ndarray | bool:
    if group == "access":
        return told["access"] == ACCESS[item]
    if group == "training_code":
        return told["training_code"] == "Unreleased"
    if group == "sector":
        return np.array([names == SECTORS[item] for names in told["sectors"]], bool)
    if group.startswith("organisation"):
        return np.array([item in bodies for bodies in told["organisations"]], bool)
    return True


def subsets(additions: int) -> np.ndarray:
    """Return every subset of so many additions: one row a subset, 1 where it has the addition.

    >>> subsets(2).tolist()
    [[0, 0], [1, 0], [0, 1], [1, 1]]
    """
    if additions > MOST:
        raise FactcheckError(f"{additions} additions have too many subsets: {MOST} can be tried.")
    return np.arange(2**additions)[:, None] >> np.arange(additions) & 1


def counts(kept: pd.DataFrame, extra: pd.DataFrame, left: np.ndarray) -> pd.DataFrame:
    """Return the value of each list: that of the kept models and of the additions it has."""
    columns = kept.columns.union(extra.columns, sort=False)
    base, more = (part.reindex(columns=columns, fill_value=0) for part in (kept, extra))
    return pd.DataFrame(base.sum().to_numpy() + left @ more.to_numpy(float), columns=columns)


def narrow(
    kept: pd.DataFrame, extra: pd.DataFrame, printed: pd.DataFrame, route: str = "access and code"
) -> list[Step]:
    """Return the lists left, first every subset, then after each group of printed values.

    `kept` and `extra` are the models of the year in the first copy, and those added, without their
    countries. A value that no list meets empties the step: it is named, and nothing is fitted.
    """
    left = subsets(len(extra))
    steps = [Step("every subset", left)]
    for group in ROUTES[route]:
        asked = printed[printed["group"].eq(group)]
        values = counts(marks(kept, asked), marks(extra, asked), left)
        met = values.eq(asked["printed"].to_numpy(float))
        unmet = [item for (_, item), lists in met.items() if len(left) and not lists.any()]
        if len(left) and not met.all(axis=1).any():
            unmet = unmet or ["all of them at once"]
        left = left[met.all(axis=1).to_numpy()]
        steps.append(Step(group, left, tuple(unmet)))
    return steps


def weights(models: pd.DataFrame, counting: str, deepmind: str, hong_kong: str) -> pd.DataFrame:
    """Return each model's credit for each country by name, by the rules of `vintages.counts`."""
    shared = credits(vintages.countries_of(models, deepmind, hong_kong), counting)
    table = shared.groupby(["work", "country"])["credit"].sum().unstack(fill_value=0)
    continent = table[table.columns.intersection(europe("un_list"))].sum(axis=1)
    table = table.rename(columns=name).assign(Europe=continent)
    return table.reindex(models.index, fill_value=0)


def narrowed(steps: list[Step], kept: pd.DataFrame, extra: pd.DataFrame) -> pd.DataFrame:
    """Return one row a step: lists left, and the range of two countries over all of them.

    `kept` and `extra` are `weights`. Columns chosen by, lists, no list meets, and for the United
    States and China lowest and highest.
    """
    rows = []
    for step in steps:
        row = {"chosen by": step.group, "lists": len(step.left)}
        values = counts(kept, extra, step.left)
        for place in ("United States", "China"):
            row |= {f"{place}, low": values[place].min(), f"{place}, high": values[place].max()}
        rows.append(row | {"no list meets": ", ".join(step.unmet)})
    return pd.DataFrame(rows)


def against(
    before: pd.DataFrame, after: pd.DataFrame, printed: pd.DataFrame, left: np.ndarray, **rule: str
) -> pd.DataFrame:
    """Hold the lists left, and both copies, against every printed value.

    Returns printed with columns before, low, high, after: `low` and `high` over the lists left. For
    other years a list may hold any of the additions. `rule` is that of `weights`.
    """
    extra = added(before, after)
    unchanged(before, after, "countries")
    asked = printed[printed["group"].ne("country")]
    others = after[~after["model"].isin([*before["model"], *extra.index])]
    first, chosen, free, last = (marks(each, asked) for each in (before, extra, others, after))
    found = _columns(first, chosen, last, left)
    found["high"] += free.sum()
    dated = (of_year(before), extra, of_year(after))
    early, more, late = (weights(each, **rule) for each in dated)
    placed = _columns(early, more, late, left)
    placed.index = [("country", place) for place in placed.index]
    pairs = pd.MultiIndex.from_frame(printed[["group", "item"]])
    table = pd.concat([found, placed]).reindex(pairs, fill_value=0)
    return printed.join(table.reset_index(drop=True).set_axis(printed.index))


def _columns(first: pd.DataFrame, chosen: pd.DataFrame, last: pd.DataFrame, left: np.ndarray):
    values = counts(first, chosen, left)
    parts = [first.sum(), values.min(), values.max(), last.sum()]
    table = pd.concat(parts, axis=1, keys=["before", "low", "high", "after"])
    return table.fillna({"before": 0, "after": 0})
