"""Talent: which part of a conference's authors works in a country, under every reading of the count, with redrawn samples."""

from collections.abc import Iterable
from itertools import product

import numpy as np
import pandas as pd

from . import choices, tables
from .project import FactcheckError

GROUPS = ["United States", "China", "Hong Kong and Macau", "DeepMind", "Missing", "Other"]
PLACES = {"USA": "United States", "CHN": "China", "HKG": "Hong Kong and Macau", "MAC": "Hong Kong and Macau", "DeepMind": "DeepMind",
          "none": "Missing", "unmapped": "Missing", "doubtful": "Missing"}  # fmt: skip
AMOUNT = {
    ("author_slot", "first_listed"): "slots", ("author_slot", "fractional"): "shared",
    ("unique_author", "first_listed"): "authors", ("unique_author", "fractional"): "shared_authors",
    ("paper_weighted", "first_listed"): "slots", ("paper_weighted", "fractional"): "shared",
}  # fmt: skip
WORK = "country of work (institution HQ)"
DRAWS, SEED = 10_000, 20251031
NOTEBOOK = "04_talent"


def groups(year: int, track: str = "main", unit: str = "author_slot", affiliation_rule: str = "first_listed") -> pd.DataFrame:
    """Return one row per accepted paper of a NeurIPS year with the amount that each of `GROUPS` holds in it.

    `track` main leaves out datasets and replications where the list tells them apart (2022); all_posters keeps them.
    In the unit paper_weighted every paper adds up to one, in unique_author every author of the list does.
    Raises FactcheckError for a year or reading we do not hold.
    """
    rows = tables.load("neurips_places")
    rows = rows[rows["year"].eq(year) & (rows["track"].eq("main") | (track == "all_posters"))]
    if rows.empty or (unit, affiliation_rule) not in AMOUNT:
        raise FactcheckError(f"No count of NeurIPS {year} by {unit}, {affiliation_rule}: use 2019, 2020 or 2022 and the values of choices.toml.")
    wide = rows.assign(group=rows["place"].map(PLACES).fillna("Other")).pivot_table(
        index="paper", columns="group", values=AMOUNT[unit, affiliation_rule], aggfunc="sum", fill_value=0
    )
    wide = wide.reindex(columns=GROUPS, fill_value=0.0)
    return wide.div(wide.sum(axis=1), axis=0) if unit == "paper_weighted" else wide


def shares(sums: pd.DataFrame, deepmind: str = "us", hong_kong_macau: str = "separate", missing_affiliation: str = "drop") -> pd.DataFrame:
    """Return the shares of the United States and China and their gap, per cent, for each row of sums over `GROUPS`.

    `missing_affiliation` drop takes authors without a mapped employer out of the base, all_china and all_us give them to one side.

    >>> shares(pd.DataFrame([[50, 20, 5, 5, 10, 10]], columns=GROUPS), "uk", "in_china").round(2).iloc[0].tolist()
    [55.56, 27.78, 27.78]
    """
    us, china = sums["United States"].astype(float), sums["China"].astype(float)
    us = us + sums["DeepMind"] * (deepmind == "us") + sums["Missing"] * (missing_affiliation == "all_us")
    china = china + sums["Hong Kong and Macau"] * (hong_kong_macau == "in_china") + sums["Missing"] * (missing_affiliation == "all_china")
    base = sums[GROUPS].sum(axis=1) - sums["Missing"] * (missing_affiliation == "drop")
    found = pd.DataFrame({"United States": 100 * us / base, "China": 100 * china / base})
    return found.assign(Gap=found["United States"] - found["China"])


def redraw(papers: pd.DataFrame, size: int, draws: int = DRAWS, seed: int = SEED) -> pd.DataFrame:
    """Draw `size` papers without replacement `draws` times, all authors of a paper together; return the sums over `GROUPS`, one row a draw.

    Simple random sampling of clusters (Cochran 1977, Sampling Techniques, ch. 9). Raises FactcheckError for a sample larger than the list.
    """
    if not 0 < size <= len(papers):
        raise FactcheckError(f"Cannot draw {size} of {len(papers)} papers.")
    generator, amounts = np.random.default_rng(seed), papers.to_numpy(dtype=np.float32)
    blocks = []
    for start in range(0, draws, 1000):
        keys = generator.random((min(1000, draws - start), len(papers)), dtype=np.float32)
        blocks.append((keys <= np.partition(keys, size - 1, axis=1)[:, [size - 1]]).astype(np.float32) @ amounts)
    return pd.DataFrame(np.concatenate(blocks).astype(float), columns=papers.columns)


def interval(drawn: pd.DataFrame) -> pd.DataFrame:
    """Return the central 95 % range of redrawn shares: one row per share, columns low and high, per cent."""
    return drawn.quantile([0.025, 0.975]).set_axis(["low", "high"]).T


def as_extreme(drawn: pd.Series, printed: float, value: float) -> float:
    """Return the part of draws, per cent, at least as far from the list's own `value` on the side of `printed`."""
    return 100 * float((drawn >= printed).mean() if printed >= value else (drawn <= printed).mean())


def sample_sizes() -> dict[int, int]:
    """Return the number of papers sampled by year: printed for 2022, for 2019 assumed from the printed authors and the list's authors per paper."""
    printed = tables.load("talent_printed").query("tier == 'top'").set_index(["measure", "year"])["value"]
    papers = groups(2019)
    return {2019: round(printed["sample size", 2019] * len(papers) / papers.to_numpy().sum()), 2022: int(printed["papers sampled at random", 2022])}


def printed_shares(tier: str = "top") -> pd.DataFrame:
    """Return MacroPolo's printed shares by country of work, one row per year and place."""
    rows = tables.load("talent_printed").query("tier == @tier and measure == @WORK")
    return rows[["edition", "year", "place", "value", "evidence", "locator"]].reset_index(drop=True)


def grid(draws: int = DRAWS) -> pd.DataFrame:
    """Return shares of 2019 and 2022 under every combination of the notebook's choices, with their 95 % redraw ranges.

    Columns: the choices, then year, entity, value, low, high (per cent, percentage points for Gap within a year).
    """
    names, sizes, rows = list(choices.defaults(NOTEBOOK)), sample_sizes(), []
    allowed = {name: list(entry["values"]) for name, entry in choices.load()[NOTEBOOK].items()}
    counted = ("track", "unit", "affiliation_rule")
    late = [name for name in names if name not in counted]
    for year, how in product((2019, 2022), product(*(allowed[name] for name in counted))):
        papers = groups(year, *how)
        drawn, whole = redraw(papers, sizes[year], draws), papers.sum().to_frame().T
        for rest in product(*(allowed[name] for name in late)):
            chosen = dict(zip((*counted, *late), (*how, *rest), strict=True))
            rule = {name: chosen[name] for name in late}
            value = shares(whole, **rule).iloc[0].rename("value").to_frame()
            rows.append(value.join(interval(shares(drawn, **rule))).rename_axis("entity").reset_index().assign(year=year, **chosen))
    return pd.concat(rows, ignore_index=True)[[*names, "year", "entity", "value", "low", "high"]]


def venues(**rule: str) -> pd.DataFrame:
    """Return the shares at other venues and years, per cent of their own unit, with the part whose place is missing (`missing`)."""
    rows = tables.load("venue_places")
    keyed = rows.assign(group=rows["place"].map(PLACES).fillna("Other"))
    return _shares_by(keyed, ["venue", "unit", "year"], "amount", rule)


def institutions(column: str, **rule: str) -> pd.DataFrame:
    """Return the shares of NeurIPS institution-papers by year, from the `published` or the `audited` place."""
    rows = tables.load("neurips_institution_papers")
    return _shares_by(rows.assign(group=rows[column].map(PLACES).fillna("Other")), ["year"], "papers", rule)


def _shares_by(rows: pd.DataFrame, keys: Iterable[str], amount: str, rule: dict[str, str]) -> pd.DataFrame:
    sums = rows.pivot_table(index=list(keys), columns="group", values=amount, aggfunc="sum", fill_value=0).reindex(columns=GROUPS, fill_value=0)
    return shares(sums, **rule).assign(missing=100 * sums["Missing"] / sums.sum(axis=1)).round(2)
