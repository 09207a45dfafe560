"""The debate's figure again: its span, regions and colours, on two meters one above the other."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import DateFormatter, MonthLocator

from .. import figures
from ..evidence.cleaning.regional_shares import REGIONS, SCOPES
from . import meters

SPAN = pd.Timestamp("2023-10-25"), pd.Timestamp("2025-12-10")
LAST = pd.Timestamp("2025-10-15")  # the figure's September, in the reading that ends latest
# The Hub's dated lists, in the scope that is nearest to the chosen one.
LISTED = {"all_labs": "language_models"}
MONTH = pd.Timedelta(days=30)
NOTE = {"color": figures.MUTED, "fontsize": 9, "linespacing": 1.25}
BOX = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 3}
HALF = 50  # per cent of a window: from here one model is named
COLUMNS = ["entity", "x", "value", "mark", "panel"]


def hub(
    scope: str, largest: str = "with", rule: str = "publisher", month_rule: str = "months"
) -> pd.DataFrame:
    """Return the marks of the Hub: columns entity, x (the window's or list's last day), value, mark
    (counters, full list, partial list, thirty days), low and high (with and without the largest
    model), start of the window, panel."""
    parts = []
    if scope in ("six_labs", "atom_list"):
        parts.append(_marks("hub_counters", scope, "counters", largest, rule, month_rule))
    lists = _marks("hub_counters", LISTED.get(scope, scope), "list", largest, rule)
    lists["mark"] = lists["selection"] + " list"
    parts.append(lists)
    if scope != "atom_list":
        days = _marks("hub_thirty_days", meters.scope_of("hub_thirty_days", scope), "laboratories")
        parts.append(days[days["x"].eq(pd.Timestamp(meters.SEPTEMBER["hub_thirty_days"]))])
    return pd.concat(parts, ignore_index=True).assign(panel="Hugging Face Hub")


def ollama(scope: str, largest: str = "with", month_rule: str = "months") -> pd.DataFrame:
    """Return the marks of Ollama, in the columns of `hub`; the first is all pulls until its day."""
    own = meters.scope_of("ollama", scope)
    found = _marks("ollama", own, "pulls", largest, month_rule=month_rule)
    return found[found["x"].le(LAST)].assign(panel="Ollama library")


def _marks(
    meter: str,
    scope: str,
    reading: str,
    largest: str = "with",
    rule: str = "publisher",
    month_rule: str = "months",
) -> pd.DataFrame:
    """Return one row per date and region of a reading."""
    found = []
    both = [meters.rows(meter, scope, word, rule, month_rule, reading) for word in SIDES]
    shown, other = both if largest == "with" else both[::-1]
    for (_, row), (_, twin) in zip(shown.iterrows(), other.iterrows(), strict=True):
        about = {"x": pd.Timestamp(row["ends"]), "mark": reading, "selection": row["selection"]}
        about |= {"model": row["largest_model"], "model_pct": row["largest_pct"]}
        about["start"] = pd.Timestamp(row["starts"]) if row["starts"] == row["starts"] else pd.NaT
        for region, column in meters.COLUMN.items():
            pair = sorted((row[f"{column}_pct"], twin[f"{column}_pct"]))
            value = row[f"{column}_pct"]
            found.append(
                {"entity": region, "value": value, "low": pair[0], "high": pair[1], **about}
            )
    return pd.DataFrame(found)


SIDES = ("with", "without")


def restated(printed: pd.DataFrame) -> pd.DataFrame:
    """Return the restated readings of the printed curve, at the middle of their months."""
    rows = printed[printed["measure"].eq("share of new downloads")]
    rows = rows.assign(x=pd.to_datetime(rows["period"] + "-15"), mark="restated")
    rows = rows[rows["entity"].isin(REGIONS)]
    return rows.assign(panel="Hugging Face Hub")[COLUMNS].reset_index(drop=True)


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


def ranged(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows in which `low` and `high` are known for lists alone, as they are drawn."""
    listed = rows["mark"].isin(["full list", "trending list"])
    return rows.assign(low=rows["low"].where(listed), high=rows["high"].where(listed))


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
    **texts: str,
) -> Any:
    """Return the figure, `width` inches wide: `texts` are those of `figures.frame`."""
    wide = width == figures.WIDE
    fig, top = figures.frame(**texts, height=9, width=width)
    left, right = (0.09, 0.96) if wide else (0.095, 0.94)
    high, low, panel = (0.515, 0.13, 0.325) if wide else (0.505, 0.155, 0.29)
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
    key(fig, 0.893 if wide else 0.855)
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
            parts.append(f"{panel}, {day:%-d %B %Y}: {values} per cent")
    scope = SCOPES.get(scope, scope)
    return f"Regional shares, {scope}. {'; '.join(parts)}. Hatched: months without an open share."


def by_date(rows: pd.DataFrame, largest: str = "with") -> pd.DataFrame:
    """Return shares by date and mark: the three regions, China's without the date's largest model
    (or with it, where `largest` leaves it out), and that model with its share."""
    wide = rows.pivot(index=["x", "mark"], columns="entity", values="value")[list(REGIONS)]
    china = rows[rows["entity"].eq("China")].set_index(["x", "mark"])
    single = china["model_pct"].gt(0)
    other = "China without it" if largest == "with" else "China with it"
    wide["largest model"] = china["model"]
    wide["its share"] = china["model_pct"].where(single)
    wide[other] = (china["low"] + china["high"] - china["value"]).where(single)
    return wide.round(1).rename_axis(None, axis=1).reset_index("mark").rename_axis("to")


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


def september(scopes: pd.DataFrame) -> pd.DataFrame:
    """Return China and the United States in every scope of September 2025, for `figures.rows`.

    The scope in which China is furthest ahead comes first; one row stands for counters of a list
    that are the same models.
    """
    table = scopes[scopes["ends"].ge("2025-09") & scopes["scope"].ne("atom_list")].copy()
    table["lead"] = table["China"] - table["United States"]
    table = table.sort_values("lead", ascending=False, kind="stable")
    table["x"] = [f"{READ[row.reading]}\n{_scope(row)}" for row in table.itertuples()]
    parts = [
        table[["x"]].assign(entity=name, value=table[name]) for name in ("China", "United States")
    ]
    return pd.concat(parts, ignore_index=True).assign(unit="% of the scope's base")


def _scope(row: Any) -> str:
    named = SCOPES[row.scope]
    return named.replace("publishers", "laboratories") if row.reading == "laboratories" else named


READ = {
    "counters": "Hub, counters:",
    "laboratories": "Hub, laboratories:",
    "pulls": "Ollama:",
}


def draw_scopes(rows: pd.DataFrame) -> Any:
    """Return the figure of scopes: a line a scope, China and the United States as dots."""
    china = rows[rows["entity"].eq("China")].set_index("x")["value"]
    us = rows[rows["entity"].eq("United States")].set_index("x")["value"]
    both = (china > us).any() and (china < us).any()
    alone = "China" if (china > us).all() else "The US"
    fig, ax = figures.frame(
        "Who leads depends on what is counted" if both else f"{alone} leads in every scope",
        "Share of downloads or pulls in September 2025, per cent. Both readings of the Hub are "
        "one meter",
        "Hub counters to 1 October, CEPS to 15 October, Ollama library to 30 September 2025",
        height=6.4,
    )
    fig.subplots_adjust(left=0.44)
    figures.rows(ax, rows, label="{:.0f}")
    for place, name in enumerate(china.index):
        ax.hlines(place, china[name], us[name], color=figures.OTHER, linewidth=2, zorder=1)
    ax.set(xlim=(0, 100), xticks=range(0, 101, 25))
    ax.tick_params(axis="y", labelsize=8.5)
    for region, x in (("China", 0.44), ("United States", 0.6)):
        fig.text(x, 0.865, "\u25a0", color=figures.colour(region), fontsize=12, va="center")
        fig.text(x + 0.03, 0.865, region, fontsize=10, va="center", weight="bold")
    return fig


def alt_scopes(rows: pd.DataFrame) -> str:
    """Return the figure of scopes in words."""
    wide = rows.pivot(index="x", columns="entity", values="value").loc[rows["x"].unique()]
    parts = [
        f"{name.replace(chr(10), ' ')} China {row['China']:.0f}, United States"
        f" {row['United States']:.0f}"
        for name, row in wide.iterrows()
    ]
    return f"Dots by scope, per cent: {'; '.join(parts)}."
