"""Adoption by scope: China and the United States in every scope of September 2025."""

from typing import Any

import pandas as pd

from .. import figures
from ..evidence.cleaning.regional_shares import SCOPES


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


def draw(rows: pd.DataFrame) -> Any:
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
        name = f"\u25a0 {region}"
        fig.text(x, 0.865, name, color=figures.colour(region), va="center", weight="bold")
    return fig


def alt(rows: pd.DataFrame) -> str:
    """Return the figure of scopes in words."""
    wide = rows.pivot(index="x", columns="entity", values="value").loc[rows["x"].unique()]
    parts = [
        f"{name.replace(chr(10), ' ')} China {row['China']:.0f}, United States"
        f" {row['United States']:.0f}"
        for name, row in wide.iterrows()
    ]
    return f"Dots by scope, per cent: {'; '.join(parts)}."
