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
from .style import FigureError


def svg(fig: Figure, alt: str) -> str:
    """Return the figure as deterministic SVG with its alternative text."""
    buffer = io.StringIO()
    fig.savefig(buffer, format="svg", metadata={"Date": None, "Title": alt})
    text = re.sub(r"^.*?(?=<svg)", "", buffer.getvalue(), count=1, flags=re.DOTALL)
    text = re.sub(r"<metadata>.*?</metadata>", "", text, count=1, flags=re.DOTALL)
    escaped = alt.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    text = text.replace("<svg ", f'<svg role="img" aria-label="{escaped}" ', 1)
    text = re.sub(r"<!--.*?-->", "", text)
    text = re.sub(r' d="([^"]*)"', lambda path: f' d="{" ".join(path[1].split())}"', text)
    return "\n".join(line.strip() for line in text.splitlines() if line.strip()) + "\n"


def show(fig: Figure, name: str, data: pd.DataFrame, alt: str, phone: Figure | None = None) -> None:
    """Check the marks against `data`, write figures/<name>.svg and .csv, and display the figure.

    `data` has the columns `entity`, `x`, `value` and `unit`, may have `low`, `high`, `panel` and
    `vintage` (see `check`), and more. `phone` is the same drawn for a narrow screen; it is written
    as figures/<name>_phone.svg and not displayed. Raises FigureError for marks that differ from the
    data, mixed units or a missing alternative text.
    """
    if not alt.strip():
        raise FigureError(f"Figure {name} has no alternative text: say what it shows.")
    folder = project.out() / "figures"
    if phone:
        check(phone, data)
        project.atomic_write(folder / f"{name}_phone.svg", svg(phone, alt))
        plt.close(phone)
    check(fig, data)
    picture = svg(fig, alt)
    project.atomic_write(folder / f"{name}.svg", picture)
    project.atomic_write(folder / f"{name}.csv", to_csv(data))
    plt.close(fig)
    display({"image/svg+xml": picture, "text/plain": alt}, raw=True)
