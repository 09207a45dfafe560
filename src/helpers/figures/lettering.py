"""Lettering: words of a figure, wrapped, and where they stand."""

import textwrap
from typing import Any

from matplotlib.text import Text
from matplotlib.transforms import Bbox


def wrapped(text: str, length: int) -> str:
    """Return a text in lines of at most so many characters."""
    return textwrap.fill(" ".join(text.split()), length)


def lines(text: str) -> int:
    """Return how many lines a text has."""
    return text.count("\n") + 1


def ticks(axis: Any) -> list[tuple[float, Text]]:
    """Return the places and labels that an axis shows."""
    low, high = sorted(axis.get_view_interval())
    shown = set(map(id, axis.get_ticklabels()))  # brings the ticks up to date, leaves out hidden
    found = [tick for tick in axis.get_major_ticks() if id(tick.label1) in shown]
    return [
        (tick.get_loc(), tick.label1)
        for tick in found
        if low <= tick.get_loc() <= high and tick.label1.get_text()
    ]


def covers(one: Bbox, two: Bbox) -> bool:
    """Say whether two boxes share more than their edges."""
    return (
        min(one.x1, two.x1) - max(one.x0, two.x0) > 1.5
        and min(one.y1, two.y1) - max(one.y0, two.y0) > 1.5
    )
