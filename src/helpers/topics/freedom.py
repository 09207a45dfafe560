"""Freedom: how far scores fell, and how they stand beside output."""

import pandas as pd

from . import governance

SHOWN = {
    "AI articles": "AI articles, % of world",
    "value added, knowledge- and technology-intensive": "High-technology output, % of world",
    "private AI investment": "Private AI investment, % of world",
    "manufacturing share of GDP": "Manufacturing, % of GDP",
}


def falls(followed: pd.DataFrame, since: int, least_change: str = "any") -> pd.Series:
    """Return how far each score of `governance.follow_freedom` fell, per cent of its scale.

    Only scores that span at least half of the years since `since`; 0 where a score moved less than
    `least_change`, negative where it rose.
    """
    rows = followed.dropna(subset=["first"])
    rows = rows[2 * (rows["to"] - rows["from"]) >= governance.LAST - since]
    moved = (rows["first"] - rows["last"]) / rows["basis"].str.removeprefix("0 to ").astype(float)
    kept = moved.where(moved.abs() >= governance.LEAST[least_change], 0.0)
    return (100 * kept).set_axis(rows["indicator"])


def headline(name: str, row: pd.Series) -> str:
    """Say a score of `follow_freedom` and where it comes from, in a figure's sixty characters.

    >>> ends = {"first": 0.054, "last": 0.036, "direction": "worse"}
    >>> headline("liberal democracy", pd.Series(ends))
    'China scores 0.036 for liberal democracy, down from 0.054'
    """
    word = {"worse": "down from", "better": "up from"}.get(row["direction"], "after")
    return f"China scores {row['last']:g} for {name}, {word} {row['first']:g}"


def side_by_side(scores: pd.DataFrame, index: str, series: pd.DataFrame) -> pd.DataFrame:
    """Return two freedom scores and four measures of output since 2012, a panel each.

    Columns entity, x (year), value, panel, unit.
    """
    parts = []
    for name, scale in ((index, "0 to 1"), ("Freedom on the Net", "0 to 100")):
        rows = scores[scores["index"].eq(name)]
        title = name.replace("_", " ")
        panel = f"{title[0].upper()}{title[1:]}, {scale}"
        parts.append(rows.assign(panel=panel, unit=f"score, {scale}"))
    for measure, panel in SHOWN.items():
        rows = governance.reading(series, measure).query("year >= 2012").dropna()
        parts.append(rows.assign(panel=panel))
    table = pd.concat(parts).assign(entity="China").rename(columns={"year": "x"})
    return table[["entity", "x", "value", "panel", "unit"]]
