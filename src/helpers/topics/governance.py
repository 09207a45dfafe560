"""Governance: proxies of freedom and of output for China, side by side; two trends are no cause."""

import pandas as pd

from ..evidence import store, tables
from ..project import FactcheckError
from . import indicators

LAST = 2024  # the last full year before the exchange
EDITION = 2025  # Freedom in the World 2025 judges 2024
GROWTH_YEARS = 3
LEAST = {
    "any": 0.0,
    "one_hundredth": 0.01,
    "one_tenth": 0.1,
}  # of the scale; V-Dem Institute, ERT package, get_eps
# What a sceptic on either side would name, listed before any direction was looked at.
TECHNOLOGY = (
    "AI articles",
    "AI patents granted",
    "notable AI models",
    "papers among the 100 most cited",
    "value added, knowledge- and technology-intensive",
    "AI venture capital",
    "private AI investment",
)
ECONOMY = (
    "value added, all industries",
    "growth of value added",
    "value added, manufacturing",
    "manufacturing share of GDP",
    "goods exports",
    "venture capital, all sectors",
    "electricity generated",
    "industrial robots installed",
)
OF_WORLD = "% of world"
MODEL_LIST = "2025-11-01"  # the last edition out by the debate
JUDGED = [
    "value added, knowledge- and technology-intensive",
    "value added, all industries",
    "growth of value added",
    "value added, manufacturing",
]


@store.once
def freedom(index: str) -> pd.DataFrame:
    """Return China's freedom scores: the chosen V-Dem `index` and Freedom House's two."""
    table = tables.load("freedom_indices")
    if index not in set(table["index"]):
        raise FactcheckError(
            f"No freedom index {index!r}: use one of {', '.join(sorted(set(table['index'])))}."
        )
    own = table["index"].eq(index) | table["publisher"].eq("Freedom House")
    return table[own & table["entity"].eq("China")].reset_index(drop=True)


def follow_freedom(scores: pd.DataFrame, since: int, least_change: str = "any") -> pd.DataFrame:
    """Return the freedom proxies of `freedom` with their first and last score since a year.

    As `indicators.follow` does, higher being freer. A movement smaller than `least_change` (a key
    of LEAST, a share of the scale) counts as level. Raises FactcheckError for another key.
    """
    if least_change not in LEAST:
        raise FactcheckError(
            f"{least_change!r} is no least movement: use one of {', '.join(LEAST)}."
        )
    rows = []
    for name, group in scores.groupby("index"):
        who = {each: group[each].iloc[0] for each in ("publisher", "evidence")}
        what = {"indicator": name, "basis": f"0 to {group['scale'].iloc[0]:g}", "unit": "score"}
        ends = _ends(group.set_index("year")["value"], since, EDITION)
        rows.append(ends | what | {"better": "higher"} | who)
    table = indicators.follow(rows)
    scale = table["basis"].str.removeprefix("0 to ").astype(float)
    small = table["change"].abs() < LEAST[least_change] * scale - 1e-9
    return _years(table.assign(direction=table["direction"].mask(small, "level")))


@store.once
def output() -> pd.DataFrame:
    """Return every output series of TECHNOLOGY and ECONOMY.

    Columns measure, entity (China, World), year, value, unit, publisher, evidence.
    """
    series = tables.load("output_series")
    return pd.concat(
        [
            series,
            _growth(series),
            _counted("articles", "AI articles"),
            _counted("patents_granted", "AI patents granted"),
            _models(),
            _top_papers(),
        ]
    )


@store.once
def follow_output(since: int, measured_as: str = "share_of_world") -> pd.DataFrame:
    """Return the proxies of `output` with first and last value since a year.

    As `indicators.follow` does; all are better when higher. `share_of_world` divides China by the
    world of the same source where it has a world total of the same unit; shares and growth rates
    stay as they are. A proxy without the values it needs has an empty direction.
    """
    rows = []
    for measure, group in output().groupby("measure"):
        values = reading(group, measure, measured_as)
        who = {"publisher": group["publisher"].iloc[0], "evidence": group["evidence"].iloc[0]}
        basis = "share of world" if values["unit"].iloc[0] == OF_WORLD else "own unit"
        ends = _ends(values.set_index("year")["value"], since)
        rows.append(
            ends
            | {
                "indicator": measure,
                "basis": basis,
                "unit": values["unit"].iloc[0],
                "better": "higher",
            }
            | who
        )
    table = (
        indicators.follow(rows).set_index("indicator").loc[[*TECHNOLOGY, *ECONOMY]].reset_index()
    )
    table.insert(
        0, "area", table["indicator"].isin(TECHNOLOGY).map({True: "technology", False: "economy"})
    )
    return _years(table)


def reading(
    series: pd.DataFrame, measure: str, measured_as: str = "share_of_world"
) -> pd.DataFrame:
    """Return China's values of one series of `output` by year: year, value, unit.

    As a share of the world, or as its own level; shares and growth rates (units that begin with %)
    stay as they are. Missing years of a world total stay missing. Raises FactcheckError for another
    reading or an unknown measure.
    """
    if measured_as not in ("share_of_world", "level"):
        raise FactcheckError(f"{measured_as!r} is no measure: use share_of_world or level.")
    table = series[series["measure"].eq(measure)]
    if table.empty:
        raise FactcheckError(
            f"No output series {measure!r}: use one of {', '.join((*TECHNOLOGY, *ECONOMY))}."
        )
    wide = table.pivot(index="year", columns="entity", values="value").reindex(
        columns=["China", "World"]
    )
    unit = table["unit"].iloc[0]
    if measured_as == "level" or unit.startswith("%"):
        return wide["China"].rename("value").reset_index().assign(unit=unit)
    return (100 * wide["China"] / wide["World"]).rename("value").reset_index().assign(unit=OF_WORLD)


def _years(table: pd.DataFrame) -> pd.DataFrame:
    return table.astype({"from": "Int64", "to": "Int64"})


def _ends(values: pd.Series, since: int, until: int = LAST) -> dict:
    """The first value since a year and the last until another; missing where they are not two."""
    known = values.dropna().sort_index()
    known = known[(known.index >= since) & (known.index <= until)]
    if len(known) < 2:
        return {"from": None, "to": None, "first": None, "last": None}
    return {
        "from": int(known.index[0]),
        "to": int(known.index[-1]),
        "first": round(known.iloc[0], 4),
        "last": round(known.iloc[-1], 4),
    }


def _growth(series: pd.DataFrame) -> pd.DataFrame:
    """Yearly growth of China's value added over the three years to each year, in dollars."""
    rows = series[
        series["measure"].eq("value added, all industries") & series["entity"].eq("China")
    ].sort_values("year")
    values = 100 * ((rows["value"] / rows["value"].shift(GROWTH_YEARS)) ** (1 / GROWTH_YEARS) - 1)
    return rows.assign(
        measure="growth of value added", value=values, unit="% a year, current US dollars"
    ).dropna(subset=["value"])


def _counted(measure: str, name: str) -> pd.DataFrame:
    """CSET's complete years; the world is the sum over countries: a joint work counts for each."""
    table = tables.load("cset_years").query("measure == @measure and complete == 'True'")
    table = table.assign(count=table["count"].astype(float))
    chinese = table["country"].eq("CHN")
    return _china_and_world(table, "count", chinese, name, "count of country credits", "CSET")


def _models() -> pd.DataFrame:
    """Models of full years on Epoch's notable list; a joint model counts for China too."""
    table = tables.load("model_lists").query("list == 'notable' and vintage == @MODEL_LIST")
    table = table.assign(year=table["published"].str[:4].astype(int), one=1.0)
    chinese = table["countries"].fillna("").str.contains("CHN")
    full = table[table["year"] <= LAST]
    return _china_and_world(full, "one", chinese, "notable AI models", "models", "Epoch AI")


def _top_papers() -> pd.DataFrame:
    """The report's counts among its 100 most cited papers of each year: a share as they stand."""
    table = tables.load("research_printed").query(
        "source == 'facts_aiindex2025_ch1_text_values' and measure == 'top100_papers'"
        " and region == 'China'"
    )
    table = table.assign(
        measure="papers among the 100 most cited",
        entity="China",
        year=table["period"].astype(int),
        unit="% of 100 papers",
        publisher="AI Index",
    )
    return table[["measure", "entity", "year", "value", "unit", "publisher", "evidence"]]


def _china_and_world(
    table: pd.DataFrame,
    column: str,
    chinese: pd.Series,
    measure: str,
    unit: str,
    publisher: str,
    evidence: str = "copy",
) -> pd.DataFrame:
    china, world = (
        rows.groupby("year")[column].sum() for rows in (table[chinese.reindex(table.index)], table)
    )
    both = (
        pd.concat(
            {"China": china.reindex(world.index, fill_value=0), "World": world},
            names=["entity", "year"],
        )
        .rename("value")
        .reset_index()
    )
    return both.assign(measure=measure, unit=unit, publisher=publisher, evidence=evidence)
