"""Shown: a figure as deterministic SVG, with the CSV that was drawn beside it."""

import io
import re

import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import display
from matplotlib.figure import Figure

from .. import project
from ..evidence.tables import to_csv
from .checks import check
from .narrow import narrowed
from .style import FigureError


def svg(fig: Figure, alt: str) -> str:
    """Return the figure as deterministic SVG with its alternative text."""
    for axis in (axis for ax in fig.axes for axis in (ax.xaxis, ax.yaxis)):
        if not axis.get_label_text():
            axis.set_label_coords(0, 0)  # no place is sought for a label without words
    buffer = io.StringIO()
    fig.savefig(buffer, format="svg", metadata={"Date": None, "Title": alt})
    text = re.sub(r"^.*?(?=<svg)", "", buffer.getvalue(), count=1, flags=re.DOTALL)
    text = re.sub(r"<metadata>.*?</metadata>", "", text, count=1, flags=re.DOTALL)
    escaped = alt.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    text = text.replace("<svg ", f'<svg role="img" aria-label="{escaped}" ', 1)
    text = re.sub(r"<!--.*?-->", "", text)
    text = re.sub(r' d="([^"]*)"', lambda path: f' d="{" ".join(path[1].split())}"', text)
    return "\n".join(line.strip() for line in text.splitlines() if line.strip()) + "\n"


def show(
    fig: Figure,
    name: str,
    data: pd.DataFrame,
    alt: str,
    phone: Figure | None = None,
) -> None:
    """Check the marks against `data`, write figures/<name>.svg and .csv, and display the figure.

    `data` has the columns `entity`, `x`, `value` and `unit`, may have `low`, `high`, `panel` and
    `vintage` (see `check`), and more. `phone` is the same drawn for a narrow screen, by default
    `fig` itself laid out anew where its words have room (see `narrowed`). It is checked as well,
    written as figures/<name>_phone.svg and not displayed. Raises FigureError for marks that differ
    from the data, mixed units or a missing alternative text.
    """
    if not alt.strip():
        raise FigureError(f"Figure {name} has no alternative text: say what it shows.")
    folder = project.out() / "figures"
    check(fig, data)
    picture = svg(fig, alt)
    project.atomic_write(folder / f"{name}.svg", picture)
    project.atomic_write(folder / f"{name}.csv", to_csv(data))
    shown = data if phone else narrowed(fig, data)
    if shown is not None:
        check(phone or fig, shown)
        project.atomic_write(folder / f"{name}_phone.svg", svg(phone or fig, alt))
    for each in filter(None, (fig, phone)):
        plt.close(each)
    display({"image/svg+xml": picture, "text/plain": alt}, raw=True)
