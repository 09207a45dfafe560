"""The debate's figure again: its span, regions and colours, on two meters one above the other."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import DateFormatter, MonthLocator

from .. import figures
from ..evidence.cleaning.regional_shares import REGIONS, SCOPES
from . import meters
from .adoption_marks import COLUMNS, ranged

SPAN = pd.Timestamp("2023-10-25"), pd.Timestamp("2025-12-10")
MONTH = pd.Timedelta(days=30)
NOTE: dict[str, Any] = {"color": figures.MUTED, "fontsize": 9, "linespacing": 1.25}
BOX = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 3}
HALF = 50  # per cent of a window: from here one model is named


def draw_steps(ax: Axes, rows: pd.DataFrame, **style: Any) -> None:
    """Draw shares of windows as steps between the dates that we have, the last day marked."""
    steps = rows[rows["mark"].isin(["counters", "pulls"])]
    figures.lines(ax, steps, direct=False, drawstyle="steps-pre", markersize=4, **style)
    first = steps[steps["x"].eq(steps["x"].min())] if len(steps) else steps
    for row in first.dropna(subset=["start"]).itertuples():
        colour = figures.colour(row.entity)
        ax.hlines(row.value, row.start, row.x, color=colour, linewidth=2)


def draw_dots(ax: Axes, rows: pd.DataFrame) -> None:
    """Draw the dated lists (partial ones hollow), and thirty days of laboratories as squares.

    A pale band runs from each list's share to the one without its largest model.
    """
    figures.ranges(ax, ranged(rows))
    figures.dots(ax, rows[rows["mark"].eq("full list")], size=75)
    figures.dots(ax, rows[rows["mark"].eq("trending list")], hollow=True, size=45)
    figures.dots(ax, rows[rows["mark"].eq("laboratories")], marker="s", size=45)


def draw_restated(ax: Axes, rows: pd.DataFrame) -> None:
    """Draw restated readings as hollow diamonds, each with its value."""
    figures.dots(ax, rows, hollow=True, marker="D", size=60)
    ax.text(
        pd.Timestamp("2023-11-08"),
        42.5,
        "restated: a rounded reading\nof an unnamed chart",
        **NOTE,
        va="center",
        bbox=BOX,
    )
    for row in rows.itertuples():
        early = row.x < pd.Timestamp("2024-06-01")
        ax.annotate(
            f"{row.value:.0f}", (row.x, row.value), xytext=(9 if early else -9, 0),
            textcoords="offset points", ha="left" if early else "right", va="center",
            color=figures.colour(row.entity), weight="bold",
        )  # fmt: skip


def hatch(ax: Axes, rows: pd.DataFrame) -> None:
    """Hatch the months for which no row gives a share: a list stands for thirty days before it."""
    starts = rows["start"].fillna(rows["x"] - MONTH)
    spans = sorted(set(zip(starts, rows["x"], strict=True)))
    edge = SPAN[0]
    for start, end in [*spans, (pd.Timestamp("2025-10-01"),) * 2]:
        if start > edge:
            ax.axvspan(edge, start, facecolor="#f6f2ee", edgecolor="#e3ddd8", hatch="///", zorder=0)
        edge = max(edge, end)
    ax.text(pd.Timestamp("2024-03-20"), 82, "hatched: we have no\nopen share of the Hub", **NOTE,
        ha="center", va="center", bbox=BOX)  # fmt: skip


def axis(ax: Axes, title: str) -> None:
    """Set span and scale of the printed figure, and name the panel."""
    ax.set(ylim=(0, 100), xlim=SPAN, yticks=range(0, 101, 20))
    ax.set_title(title, loc="left", fontsize=11, fontweight="bold", color=figures.INK)
    ax.xaxis.set_major_locator(MonthLocator(bymonth=(11, 3, 7)))
    ax.xaxis.set_major_formatter(DateFormatter("%b\n%Y"))


def ends(ax: Axes, rows: pd.DataFrame) -> None:
    """Write each region's last share beside its last mark."""
    last = rows[rows["x"].eq(rows["x"].max())]
    for row in last.itertuples():
        colour = figures.colour(row.entity)
        ax.annotate(f"{row.value:.0f}", (row.x, row.value), xytext=(10, 0), color=colour,
            textcoords="offset points", va="center", weight="bold", fontsize=12)  # fmt: skip


def names(ax: Axes, rows: pd.DataFrame) -> None:
    """Name the model that alone has half of a window, by month."""
    large = rows[rows["model_pct"].gt(HALF) & rows["entity"].eq("China")]
    lines = [f"{_month(row)}: {row.model} has {row.model_pct:.0f}%" for row in large.itertuples()]
    if lines:
        ax.text(SPAN[1], 99.5, "\n".join(["One model decides a month:", *lines]), zorder=1,
            **NOTE, ha="right", va="top", bbox=BOX)  # fmt: skip


def _month(row: Any) -> str:
    return f"{row.start + (row.x - row.start) / 2:%b %Y}"


def key(fig: Any, y: float) -> None:
    """Write the regions in the printed figure's order, each after a square of its colour."""
    inch = 1 / fig.get_figwidth()
    for region, x in zip(REGIONS, (0.63, 1.68, 3.36), strict=True):
        fig.text(x * inch, y, "■", color=figures.colour(region), fontsize=14, va="center")
        fig.text((x + 0.21) * inch, y, region, fontsize=12, va="center", weight="bold")


def draw(
    hub_: pd.DataFrame,
    ollama_: pd.DataFrame,
    said: pd.DataFrame,
    width: float = figures.WIDE,
    **texts: Any,
) -> Any:
    """Return the figure, `width` inches wide: `texts` are those of `figures.frame`."""
    wide = width == figures.WIDE
    fig, top = figures.frame(**texts, height=9 if wide else 9.4, width=width)
    left, right = (0.09, 0.96) if wide else (0.095, 0.94)
    high, low, panel = (0.515, 0.13, 0.325) if wide else (0.523, 0.187, 0.278)
    top.set_position((left, high, right - left, panel))
    bottom = fig.add_axes((left, low, right - left, panel), sharex=top)
    hatch(top, hub_)
    draw_steps(top, hub_)
    draw_dots(top, hub_)
    draw_restated(top, said)
    draw_steps(bottom, ollama_)
    for ax, rows in ((top, hub_), (bottom, ollama_)):
        axis(ax, f"{rows['panel'].iloc[0]}: {WHAT[rows['panel'].iloc[0]]}")
        ends(ax, rows)
    top.tick_params(labelbottom=False)
    names(bottom, ollama_)
    key(fig, 0.893 if wide else 0.861)
    return fig


WHAT = {"Hugging Face Hub": "downloads, %", "Ollama library": "pulls for local use, %"}


def headline(on_hub: dict[str, float], on_ollama: dict[str, float]) -> str:
    """Return who leads in September 2025 on each meter, as the figure's headline.

    >>> headline({"China": 54, "United States": 44}, {"China": 31, "United States": 60})
    'In September 2025 China leads on the Hub, the US on Ollama'
    """
    hub_, ollama_ = (SHORT[meters.leader(found)] for found in (on_hub, on_ollama))
    if hub_ == ollama_:
        return f"In September 2025 {hub_} leads on the Hub and on Ollama"
    return f"In September 2025 {hub_} leads on the Hub, {ollama_} on Ollama"


SHORT = {"China": "China", "the United States": "the US"}


def data(hub_: pd.DataFrame, ollama_: pd.DataFrame, said: pd.DataFrame) -> pd.DataFrame:
    """Return what `draw` shows, as `figures.show` takes it; `other_side` is the share with or
    without the largest model, whichever is not drawn."""
    table = pd.concat([ranged(hub_), ranged(ollama_), said], ignore_index=True)
    whole = pd.concat([hub_, ollama_], ignore_index=True)
    other = whole["low"] + whole["high"] - whole["value"]
    table["other_side"] = other.reindex(table.index)
    kept = [*COLUMNS, "start", "model", "model_pct", "other_side", "low", "high"]
    return table[kept].assign(unit="% of three regions")


def alt(hub_rows: pd.DataFrame, ollama_rows: pd.DataFrame, scope: str) -> str:
    """Return the figure in words: its first and last shares on each meter, and where nothing is."""
    parts = []
    for rows in (hub_rows, ollama_rows):
        panel = rows["panel"].iloc[0]
        days = sorted(rows["x"].unique())
        for day in (days[0], days[-1]):
            group = rows[rows["x"].eq(day)]
            values = ", ".join(f"{row.entity} {row.value:.0f}" for row in group.itertuples())
            whole = ", whole laboratories" if group["mark"].eq("laboratories").all() else ""
            parts.append(f"{panel}{whole}, {day:%-d %B %Y}: {values} per cent")
    scope = SCOPES.get(scope, scope)
    return f"Regional shares, {scope}. {'; '.join(parts)}. Hatched: months without an open share."


def texts(
    scope: str, largest: str, on_hub: dict[str, float], on_ollama: dict[str, float]
) -> dict[str, str]:
    """Return headline, subtitle and source of the figure, true under every choice."""
    less = ", without each date's largest" if largest == "without" else ""
    mixed = "; lists and Ollama: of everything" if scope == "everything" else ""
    subtitle = (
        "After \u201cChina\u2019s open AI models are overtaking the west\u2019s\u201d: regional"
        f" adoption, %, by month.\nHere: {SCOPES[scope]}{less}{mixed}"
    )
    source = (
        "Hub lists and counters, CEPS (laboratories), Ollama library; regions after ATOM and ours."
        "\nSolid: full list. Hollow: part of a list, a lower bound for China. Square: laboratories."
        "\nBand: with and without the largest model. Diamond: an unnamed chart, rounded, restated."
    )
    return {"headline": headline(on_hub, on_ollama), "subtitle": subtitle, "source": source}
