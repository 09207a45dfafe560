"""Talent samples: redraw the published sample design from the full lists, and try every combination
of choices."""

from collections.abc import Mapping
from itertools import product

import numpy as np
import pandas as pd

from ..evidence import store
from ..text import near
from .talent import GROUPS, groups, shares
from .talent_redraws import redraw, sizes

# Every choice of the talent notebook, its default first; a test holds them to choices.toml.
WAYS = {
    "track": ("main", "all_posters"),
    "unit": ("author_slot", "unique_author", "paper_weighted"),
    "affiliation_rule": ("first_listed", "fractional"),
    "deepmind": ("us", "uk"),
    "hong_kong_macau": ("separate", "in_china"),
    "missing_affiliation": ("drop", "all_china", "all_us"),
}
COUNTED = ("unit", "affiliation_rule")
NUMBERS = {
    "talent-us-2019": ("United States", 2019),
    "talent-china-2019": ("China", 2019),
    "talent-us-2022": ("United States", 2022),
    "talent-china-2022": ("China", 2022),
}


@store.once
def grid(draws: int = 2000) -> pd.DataFrame:
    """Return shares of 2019 and 2022 under every combination of the notebook's choices, with their
    95 % redraw ranges.

    Columns: the choices, then year, entity (United States, China, Gap), value, low, high in per
    cent. One set of draws serves all readings.
    """
    late, size, rows = [name for name in WAYS if name not in ("track", *COUNTED)], sizes(), []
    for year, track in ((2019, "main"), *((2022, track) for track in WAYS["track"])):
        readings = {
            how: groups(year, track, *how) for how in product(*(WAYS[name] for name in COUNTED))
        }
        together = redraw(pd.concat(readings, axis=1), size[year], draws)
        whole_list = {how: readings[how].sum().to_frame().T for how in readings}
        drawn = {
            how: together[list(product([how[0]], [how[1]], GROUPS))].set_axis(GROUPS, axis=1)
            for how in readings
        }
        ways = [
            (how, dict(zip(late, rest, strict=True)))
            for how, rest in product(readings, product(*(WAYS[name] for name in late)))
        ]
        ends = np.percentile(
            np.stack([shares(drawn[how], **rule).to_numpy() for how, rule in ways]),
            [2.5, 97.5],
            axis=1,
        )
        for (how, rule), low, high in zip(ways, *ends, strict=True):
            whole = shares(whole_list[how], **rule).iloc[0]
            for each in WAYS["track"] if year == 2019 else [track]:
                chosen = {"track": each} | dict(zip(COUNTED, how, strict=True)) | rule
                rows += [
                    {
                        **chosen,
                        "year": year,
                        "entity": entity,
                        "value": value,
                        "low": first,
                        "high": last,
                    }
                    for entity, value, first, last in zip(
                        whole.index, whole, low, high, strict=True
                    )
                ]
    return pd.DataFrame(rows)[[*WAYS, "year", "entity", "value", "low", "high"]]


def wide(tried: pd.DataFrame) -> pd.DataFrame:
    """Return a grid's values with one row per combination of choices and one column per entity and
    year."""
    return tried.pivot(index=list(WAYS), columns=["entity", "year"], values="value")


def holding(tried: pd.DataFrame, printed: Mapping[str, str]) -> pd.DataFrame:
    """Count for each claim in how many combinations of a grid it holds.

    `printed` gives the printed number of each claim of NUMBERS. Columns lowest, highest, printed,
    combinations, holds, in_range. A number holds within a tenth of the printed one, as everywhere
    in this project; it is in range where the printed value lies in the 95 % range of redrawn
    samples. The change of the gap is in percentage points.
    """
    values, rows = wide(tried), []
    for claim, (entity, year) in NUMBERS.items():
        said, column = printed[claim], values[entity, year]
        met = [near(said, value) for value in column]
        part = tried[tried["entity"].eq(entity) & tried["year"].eq(year)]
        inside = int((part["low"].le(float(said)) & part["high"].ge(float(said))).sum())
        rows.append((claim, column.min(), column.max(), said, len(values), sum(met), str(inside)))
    lead, change = values["Gap"][2022], values["Gap"][2022] - values["Gap"][2019]
    rows.append(
        (
            "talent-us-leads",
            lead.min(),
            lead.max(),
            "above 0",
            len(values),
            int((lead > 0).sum()),
            "",
        )
    )
    rows.append(
        (
            "talent-gap-narrowing",
            change.min(),
            change.max(),
            "below 0",
            len(values),
            int((change < 0).sum()),
            "",
        )
    )
    columns = ["claim", "lowest", "highest", "printed", "combinations", "holds", "in_range"]
    return pd.DataFrame(rows, columns=columns).round(1).set_index("claim")


def full_ratio(year: int = 2022) -> pd.Series:
    """Return US and Chinese shares of a full list, their ratio, and its range over redrawn samples.

    Index us, china, ratio, low, high; papers are drawn whole, so the range is that of clusters.
    """
    given = {name: values[0] for name, values in WAYS.items()}
    counted = {name: given.pop(name) for name in ("track", *COUNTED)}
    papers = groups(year, **counted)
    whole = shares(papers.sum().to_frame().T, **given).iloc[0]
    drawn = shares(redraw(papers, sizes()[year]), **given)
    low, high = np.percentile(drawn["United States"] / drawn["China"], [2.5, 97.5])
    us, china = whole["United States"], whole["China"]
    return pd.Series({"us": us, "china": china, "ratio": us / china, "low": low, "high": high})


def default_values() -> dict[tuple[str, int], float]:
    """Return the shares of the full lists under the notebook's defaults, by entity and year: the
    independent recount."""
    given = {name: values[0] for name, values in WAYS.items()}
    counted = {name: given.pop(name) for name in ("track", *COUNTED)}
    return {
        (entity, year): float(value)
        for year in (2019, 2022)
        for entity, value in shares(groups(year, **counted).sum().to_frame().T, **given)
        .iloc[0]
        .items()
    }
