"""Artists: what a figure shows, read back from what matplotlib holds of it."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.container import BarContainer
from matplotlib.figure import Figure

from .marks import ROWS

Mark = tuple[str, Any, list[tuple[float, float]]]


def drawn(fig: Figure) -> pd.DataFrame:
    """Read a figure's marks back from its artists: columns `entity`, `x`, `value`, one row a mark.

    Bars and the dots of `rows` give the tick label at their place, lines and dots their horizontal
    position in axis units.
    """
    found: list[tuple[str, Any, float]] = []
    for ax in fig.axes:
        names = names_of(ax)
        for bar in bars_of(ax):
            found.append((bar.get_gid(), names.get(round(_middle(bar), 6), ""), bar.get_width()))
        for line in _lines(ax):
            xs, ys = line.get_xdata(orig=False), line.get_ydata(orig=False)
            found += [(line.get_gid(), x, y) for x, y in zip(xs, ys, strict=True)]
        for dot in _dots(ax):
            for x, y in _offsets(dot):
                place = (names.get(round(y, 6), ""), x) if ax.get_label() == ROWS else (x, y)
                found.append((dot.get_gid(), *place))
    table = pd.DataFrame(found, columns=["entity", "x", "value"])
    return table.dropna(subset=["value"], ignore_index=True)


def drawn_ranges(fig: Figure) -> pd.DataFrame:
    """Read a figure's uncertainty bands back from its artists.

    Columns `entity`, `x`, `low`, `high`, one row a band.
    """
    found = []
    for ax in fig.axes:
        names = names_of(ax)
        bands = [each for each in ax.collections if isinstance(each, LineCollection)]
        for band in filter(_is_mark, bands):
            for (x0, y0), (x1, y1) in band.get_segments():
                upright = x0 == x1 and y0 != y1
                ends = (x0, y0, y1) if upright else (names.get(round(y0, 6), x0), x0, x1)
                found.append((band.get_gid(), *ends))
    return pd.DataFrame(found, columns=["entity", "x", "low", "high"])


def marks_of(ax: Axes) -> list[Mark]:
    """Return the marks of one axes: entity, colour, places; a bar's place is its end."""
    found: list[Mark] = []
    for bar in bars_of(ax):
        found.append((bar.get_gid(), bar.get_edgecolor(), [(bar.get_width(), _middle(bar))]))
    for line in _lines(ax):
        found.append((line.get_gid(), line.get_color(), list(line.get_xydata())))
    for dot in _dots(ax):
        found += [(dot.get_gid(), each, list(_offsets(dot))) for each in dot.get_edgecolor()]
    return found


def bars_of(ax: Axes) -> list[Any]:
    """Return the bars of one axes."""
    groups = [each for each in ax.containers if isinstance(each, BarContainer)]
    return [bar for group in groups for bar in group]


def has_names(ax: Axes) -> bool:
    """Say whether an axes has a name for each row, as `bars` and `rows` draw it."""
    return bool(ax.containers) or ax.get_label() == ROWS


def names_of(ax: Axes) -> dict[float, str]:
    """Return the names of an axes' rows by their place; none where it has none."""
    if not has_names(ax):
        return {}
    labels = zip(ax.get_yticks(), ax.get_yticklabels(), strict=True)
    return {round(place, 6): text.get_text() for place, text in labels}


def _lines(ax: Axes) -> list[Any]:
    return [line for line in ax.get_lines() if _is_mark(line)]


def _dots(ax: Axes) -> list[Any]:
    groups = [each for each in ax.collections if isinstance(each, PathCollection)]
    return [dot for dot in groups if _is_mark(dot)]


def _offsets(dot: Any) -> Any:
    return dot.get_offsets().filled(float("nan"))


def _middle(bar: Any) -> float:
    return bar.get_y() + bar.get_height() / 2


def _is_mark(artist: Any) -> bool:
    return bool(artist.get_gid())
