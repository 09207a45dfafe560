"""Annotated: the words that a crowded figure has beside its marks, one function a figure."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import blended_transform_factory

from .. import figures
from . import efficiency

EDGE = 0.03  # of the figure's width


def stacked(
    fig: Figure, ax: Axes, data: pd.DataFrame, heads: pd.Series
) -> list[tuple[Axes, pd.DataFrame]]:
    """Return a panel a group with its rows in place of `ax`, one below the other on one axis.

    `heads` has the group of each row of `data`, written over its panel at the figure's left edge.
    Panels are as high as their rows, one for each name in `x`.
    """
    ax.remove()
    groups = list(data.groupby(heads, sort=False))
    heights = [rows["x"].nunique() + 0.8 for _, rows in groups]
    space = {"hspace": 1.6 * len(heights) / sum(heights)}
    grid = fig.subplots(
        len(groups), 1, sharex=True, squeeze=False, height_ratios=heights, gridspec_kw=space
    )
    panels = list(grid[:, 0])
    for panel, (head, _) in zip(panels, groups, strict=True):
        place = blended_transform_factory(fig.transFigure, panel.transAxes)
        panel.text(EDGE, 1, head, transform=place, weight="bold", va="bottom")
        panel.tick_params(labelbottom=panel is panels[-1])
    return [(panel, rows) for panel, (_, rows) in zip(panels, groups, strict=True)]


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


def ahead(ax: Axes, left: str, right: str) -> None:
    """Write over a panel of ratios which of two countries is ahead on which side of its line."""
    for side, x, ha in ((left, 0.88, "right"), (right, 1.14, "left")):
        name, colour = side.replace("United States", "US"), figures.colour(side)
        ax.text(x, -0.85, f"{name} ahead", ha=ha, fontsize=9, weight="bold", color=colour)


def frontiers(ax: Any, frontier: pd.DataFrame, models: pd.DataFrame, places: dict) -> None:
    """Draw the stepped frontier of each side of 07, and name models at `places` (offsets)."""
    ordered = frontier.sort_values("score")
    lowest = ordered.groupby("side")["flop"].first().idxmin()
    for side, rows in ordered.groupby("side"):
        colour = figures.colour(side)
        ax.step(rows["score"], rows["flop"], where="pre", color=colour, linewidth=1.2)
        place, ha = ((8, -13), "left") if side == lowest else ((-8, -3), "right")
        ax.annotate(side, rows[["score", "flop"]].iloc[0], xytext=place, ha=ha,
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
