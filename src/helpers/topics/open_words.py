"""Open words: what the counts of open models say, in tables and words made from them."""

import pandas as pd
from matplotlib.axes import Axes

from . import openness

PAIR = ("China", "United States")


def compared(lists: dict[str, pd.DataFrame], last_year: str) -> pd.DataFrame:
    """Return open models and their share by year since 2022, a row for each list and country.

    `lists` has frames of `openness.models` by name. Columns (open, year) and (share_pct, year).
    """
    last, month = openness.span(last_year)
    counted = {}
    for name, found in lists.items():
        table = openness.by_year(found, month)
        kept = table["group"].isin(PAIR) & table["year"].between(openness.FIRST, last)
        counted[name] = table[kept]
    both = pd.concat(counted, names=["list", None]).droplevel(1)
    both = both.set_index(["group", "year"], append=True)
    return both[["open", "share_pct"]].unstack("year")


def terms(listed: str, open_rule: str, producer: str) -> str:
    """Say what is counted.

    >>> terms("notable", "any_open_weights", "firms")
    'Open weights among notable AI models by firms'
    """
    kind = "Unrestricted open" if open_rule == "unrestricted_licence" else "Open"
    makers = " by firms" if producer == "firms" else ""
    return f"{kind} weights among {listed.replace('_', '-')} AI models{makers}"


def ends_text(first_last: dict[str, pd.DataFrame]) -> str:
    """Say the first and the last count of each group, from frames with a column `open`.

    >>> ends_text({"China": pd.DataFrame({"open": [1, 17]})})
    'China 1 to 17'
    """
    parts = [
        f"{group} {rows['open'].iloc[0]} to {rows['open'].iloc[-1]}"
        for group, rows in first_last.items()
    ]
    return ", ".join(parts)


def edition_dots(editions: pd.DataFrame) -> pd.DataFrame:
    """Return `openness.by_vintage` as a figure shows it: one panel a year, a range where
    unknown."""
    dots = editions.rename(columns={"group": "entity", "open": "value"})
    unknown = dots["unknown"].gt(0)
    return dots.assign(
        x=pd.to_datetime(dots["vintage"]),
        unit="models",
        panel=dots["year"].astype(str),
        low=dots["value"].where(unknown),
        high=dots["high"].where(unknown),
    )


def by_edition(dots: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Say the count in the first and the last edition, by entity and year of the models."""
    found = {}
    for (entity, year), rows in dots.sort_values("x").groupby(["entity", "panel"]):
        found[entity, year] = f"{rows['value'].iloc[0]} to {rows['value'].iloc[-1]}"
    return found


def name_ends(ax: Axes, rows: pd.DataFrame, gap: float) -> None:
    """Write each entity's name beside its last value, at least `gap` apart."""
    for row in openness.line_ends(rows, gap).itertuples():
        style = {"color": row.colour, "weight": "bold", "annotation_clip": False}
        ax.annotate(
            row.label, (row.x, row.height), xytext=(10, 0), textcoords="offset points",
            va="center", **style,
        )  # fmt: skip
