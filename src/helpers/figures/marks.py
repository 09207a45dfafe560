"""Marks: bars, lines, dots and ranges, each under its entity's name."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.dates import DateFormatter, MonthLocator

from .style import INK, colour

ROWS = "names on the vertical axis"


def bars(ax: Axes, data: pd.DataFrame, label: str = "{:.1f}", hollow: bool = False) -> BarContainer:
    """Draw horizontal bars, first row on top, each labelled with its value.

    Columns `entity`, `x` (the bar's name) and `value`.
    """
    places = range(len(data))
    drawn = ax.barh(
        places,
        data["value"],
        color=["none" if hollow else colour(entity) for entity in data["entity"]],
        edgecolor=[colour(entity) for entity in data["entity"]],
        height=0.7,
    )
    for patch, entity in zip(drawn, data["entity"], strict=True):
        patch.set_gid(entity)
    ax.set_yticks(places, data["x"])
    ax.invert_yaxis()
    ax.set_xlim(0, max(data["value"].max() * 1.12, 1e-9))
    ax.grid(visible=False)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    ax.bar_label(drawn, [label.format(value) for value in data["value"]], padding=4, color=INK)
    return drawn


def lines(
    ax: Axes, data: pd.DataFrame, marker: str = "o", direct: bool = True, **style: Any
) -> None:
    """Draw one line per entity from columns `entity`, `x` and `value`, labelled at its end.

    A missing value breaks the line.
    """
    for entity, rows in data.groupby("entity", sort=False):
        (line,) = ax.plot(
            rows["x"], rows["value"], color=colour(entity), marker=marker, gid=entity, **style
        )
        last = rows.dropna(subset=["value"]).iloc[-1]
        if direct:
            ax.annotate(
                entity,
                (last["x"], last["value"]),
                xytext=(8, 0),
                textcoords="offset points",
                color=line.get_color(),
                va="center",
                fontweight="bold",
                annotation_clip=False,
            )


def dots(
    ax: Axes,
    data: pd.DataFrame,
    hollow: bool = False,
    marker: str = "o",
    size: float = 50,
    **style: Any,
) -> None:
    """Draw one mark per row from columns `entity`, `x` and `value`.

    Hollow marks are secondary or read off a chart.
    """
    for entity, rows in data.groupby("entity", sort=False):
        face = "white" if hollow else colour(entity)
        ax.scatter(
            rows["x"],
            rows["value"],
            s=size,
            marker=marker,
            facecolor=face,
            edgecolor=colour(entity),
            linewidth=1.6,
            gid=entity,
            zorder=3,
            **style,
        )


def rows(ax: Axes, data: pd.DataFrame, label: str = "{:g}", log: bool = False) -> None:
    """Draw one dot per row, on a line of its own for each name in `x`, first name on top.

    Columns `entity`, `x` and `value`. For values whose axis does not start at zero, or is
    logarithmic (`log`), where bars would mislead. Rows of a column `hollow`, where given and true,
    are drawn hollow: secondary or read off a chart. Dots are labelled with their value unless
    `label` is empty.
    """
    ax.set_label(ROWS)
    names = list(dict.fromkeys(data["x"]))
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x")
    if log:
        ax.set_xscale("log")
    hollow = data["hollow"].astype(bool) if "hollow" in data else pd.Series(False, index=data.index)
    for (entity, empty), group in data.assign(hollow=hollow).groupby(
        ["entity", "hollow"], sort=False
    ):
        face = "white" if empty else colour(entity)
        places = [names.index(name) for name in group["x"]]
        ax.scatter(
            group["value"],
            places,
            s=50,
            facecolor=face,
            edgecolor=colour(entity),
            linewidth=1.6,
            gid=entity,
            zorder=3,
        )
        for place, value in zip(places, group["value"], strict=True):
            if label and pd.notna(value):
                ax.annotate(
                    label.format(value),
                    (value, place),
                    xytext=(0, 6),
                    textcoords="offset points",
                    ha="center",
                    fontsize=8.5,
                )


def ranges(ax: Axes, data: pd.DataFrame, horizontal: bool = False) -> None:
    """Draw each row's uncertainty as a pale band; a missing bound draws nothing.

    Columns `entity`, `x`, `low` and `high`. Vertical at `x`, or with `horizontal` along the line of
    that name on an axis that `bars` or `rows` has drawn.
    """
    labels = zip(ax.get_yticks(), ax.get_yticklabels(), strict=True)
    names = {text.get_text(): place for place, text in labels} if horizontal else {}
    for entity, group in data.dropna(subset=["low", "high"]).groupby("entity", sort=False):
        places = group["x"].map(names) if horizontal else group["x"]
        draw = ax.hlines if horizontal else ax.vlines
        draw(
            places,
            group["low"],
            group["high"],
            color=colour(entity),
            linewidth=6,
            alpha=0.35,
            gid=entity,
            zorder=2,
        )


def dates(ax: Axes) -> None:
    """Mark each January and July on the horizontal axis."""
    ax.xaxis.set_major_locator(MonthLocator(bymonth=(1, 7)))
    ax.xaxis.set_major_formatter(DateFormatter("%b %Y"))
