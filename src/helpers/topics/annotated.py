"""Annotated: the words that a crowded figure has beside its marks, one function a figure."""

from typing import Any

import pandas as pd

from .. import figures
from . import applications, efficiency


def ratios(ax: Any, rows: pd.DataFrame) -> None:
    """Write each ratio of 09 outside its dot, and its year at the right edge.

    `rows` have entity (who is ahead), value and period; 0 stands for an order without a number.
    """
    for row in rows.itertuples():
        right = row.entity == "China"
        label = f"{row.value:.2f}" if row.value > 0 else "US first"
        at = (row.value if row.value > 0 else 1, row.Index)
        side = {"xytext": (9 if right else -9, 0), "ha": "left" if right else "right"}
        ax.annotate(label, at, textcoords="offset points", fontsize=8.5, va="center", **side)
        place = {"transform": ax.get_yaxis_transform(), "ha": "right", "va": "center"}
        ax.text(1.12, row.Index, row.period[:4], fontsize=9, color=figures.MUTED, **place)


def sectors(ax: Any, firsts: pd.DataFrame) -> None:
    """Write the name of each sector of 09 over its first row, and who is ahead on which side."""
    for row in firsts.itertuples():
        name, place = applications.SECTORS[row.sector], ax.get_yaxis_transform()
        ax.text(-0.98, row.Index, name, transform=place, va="center", fontsize=9, weight="bold")
        ax.axhline(row.Index - 0.5, color=figures.OTHER, linewidth=0.8, zorder=0)
    for side, x, ha in (("United States", 0.92, "right"), ("China", 1.08, "left")):
        colour = figures.colour(side)
        ax.text(x, -0.85, f"{side} ahead", ha=ha, fontsize=9, weight="bold", color=colour)


def heads(ax: Any, judged: int) -> None:
    """Write over the two groups of 11 what they answer, and who is ahead on which side."""
    for place, text in {-0.9: "judges the claim", judged - 0.2: "answers other questions"}.items():
        where = {"transform": ax.get_yaxis_transform(), "ha": "right", "va": "center"}
        ax.text(0.99, place, text, color=figures.MUTED, weight="bold", fontsize=9, **where)
    sides = ((0.85, "right", "China ahead", "China"), (1.18, "left", "US ahead", "United States"))
    for x, ha, text, side in sides:
        colour = figures.colour(side)
        ax.text(x, -0.9, text, ha=ha, va="center", weight="bold", fontsize=9, color=colour)


def frontiers(ax: Any, frontier: pd.DataFrame, models: pd.DataFrame, places: dict) -> None:
    """Draw the stepped frontier of each side of 07, and name models at `places` (offsets)."""
    for side, rows in frontier.sort_values("score").groupby("side"):
        colour = figures.colour(side)
        ax.step(rows["score"], rows["flop"], where="pre", color=colour, linewidth=1.2)
        ax.annotate(side, rows[["score", "flop"]].iloc[0], xytext=(-8, -3), ha="right",
                    textcoords="offset points", color=colour, weight="bold")  # fmt: skip
    for name, place in places.items():
        dot = efficiency.first_version(models, name)
        if dot is not None:
            ax.annotate(
                name,
                (dot["score"], dot["flop"]),
                xytext=place,
                fontsize=8.5,
                textcoords="offset points",
                color=figures.colour(dot["side"]),
                arrowprops={"arrowstyle": "-", "color": figures.MUTED, "linewidth": 0.6},
            )
