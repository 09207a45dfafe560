"""Infrastructure: named measures of chips, research and data centres in both countries.

Each part of the claim has two to four measures that judge it. Volumes, money for firms and power
stand beside them: they answer other questions. One publisher gives a thing once, in its newest year
by the debate.
"""

import pandas as pd

from ..evidence import tables
from . import chip_owners, chips, indicators, shares, top_cited, vintages

PARTS = ("chips", "research", "data centres")
PLACES = ["China", "United States"]
# The part of the market of each step, with the year of the publisher's row.
DESIGN = {"Chip design": "2022", "Design software": "2019", "Core designs for licence": "2019"}
MAKING = {"Fabrication": "2022", "Assembly, test and packaging": "2022"}
TOOLS = (
    "Lithography tools", "Deposition tools", "Etch and clean tools", "Process control tools",
    "Polishing tools", "Ion implanters", "Test tools",
)  # fmt: skip
CHIP_LIST = "2025-11-01"
MODEL_LIST = "2025-11-01"  # the last edition out by the debate, as for every other measure
CAPEX = "capex, four US hyperscalers vs seven Chinese internet firms (ex ByteDance)"
POWER = "data-centre electricity consumption"
COMPUTING = "world computing power share (government+commercial)"
WORLD = "% of the world"
Pair = dict[str, float]


def judging(cluster_shares: pd.Series) -> pd.DataFrame:
    """Return the measures that judge the three parts, as `indicators.compare`, with `us_times`.

    `cluster_shares` are shares by country from `clusters.shares`. `us_times` is the American value
    over the Chinese one; `basis` names the part.
    """
    top = _named(top_cited.printed("ai_index_2025").loc["2023"])
    models = _named(vintages.counts(vintages.of_year("notable", MODEL_LIST)))
    spent = {place: value / 1e12 for place, value in _stated(CAPEX, "five years to 2024").items()}
    rows = [_supply("chips", step, year) for step, year in DESIGN.items()]
    rows += [
        _row("chips", "Fastest AI chip, 16 bit", "2025-10", _chip(CHIP_LIST, chips.DEBATE),
             "TFLOP/s", "Epoch AI", "copy"),
        _row("research", "Notable AI models", "2024", models, "models", "Epoch AI", "copy"),
        _row("research", "100 most cited AI papers", "2023", top, "papers", "AI Index", "copy"),
        _row("data centres", "Clusters of AI chips", "2025-05", _named(cluster_shares),
             "% of those listed", "Epoch AI", "copy"),
        _row("data centres", "Investment of large internet firms", "2020-24", spent,
             "trn yuan", "Jinduan", "secondary"),
        _row("data centres", "Electricity used by data centres", "2024", _stated(POWER, "2024"),
             "TWh", "IEA", "secondary"),
        _row("data centres", "Computing power of all kinds", "2023", _stated(COMPUTING, "end-2023"),
             WORLD, "CAICT", "secondary"),
    ]  # fmt: skip
    return _compared(rows)


def beside() -> pd.DataFrame:
    """Return what answers another question, columns as in `judging`.

    Volume, chip making, money for firms, power.
    """
    kinds = {
        "AI publications": "publications_share_pct",
        "AI citations": "citations_share_pct",
        "AI patents granted": "patents_granted_share_pct",
    }
    rows = [_supply("chips", step, year) for step, year in MAKING.items()]
    rows += [
        _row("chips", "Semiconductor patents in the US", "2022",
             _series("US semiconductor patents", 2022), "patents", "NSF", "copy"),
        _row("chips", "Semiconductor patent families", "2020",
             _series("international semiconductor patent families", 2020), "families", "NSF",
             "copy"),
    ]  # fmt: skip
    for label, measure in kinds.items():
        pair = _named(shares.of_report(measure))
        rows.append(_row("research", label, "2023", pair, WORLD, "AI Index", "copy"))
    power = _series("electricity generated, TWh", 2024)
    rows += [
        _row("money and power", "Private AI investment", "2024",
             _stated("private AI investment", "2024"), "bn dollars", "AI Index", "primary"),
        _row("money and power", "Electricity generated", "2024", power, "TWh",
             "Our World in Data", "copy"),
    ]  # fmt: skip
    return _compared(rows)


def later() -> pd.DataFrame:
    """Return what publishers added after the debate, columns as in `judging`."""
    models = tables.load("ai_index_2026_models")
    models = _named(models[models["year"].eq("2025")].set_index("entity")["models"])
    owned = {place: value / 1e6 for place, value in chip_owners.owned("2025-12-31").items()}
    rows = [_supply("chips", tool, "2025") for tool in TOOLS]
    newest = chips.vintages()[-1]
    rows += [
        _row("chips", "Fastest AI chip, 16 bit", newest[:7], _chip(newest, newest),
             "TFLOP/s", "Epoch AI", "copy"),
        _row("research", "Notable AI models", "2025", models, "models", "AI Index", "copy"),
        _row("data centres", "Compute owned", "2025-12", owned, "m H100 equivalents", "Epoch AI",
             "copy"),
    ]  # fmt: skip
    for label, measure in (
        ("AI publications", "publications_share_pct"),
        ("AI patents granted", "patents_granted_share_pct"),
    ):
        pair = _named(shares.of_next_edition(measure, 2024))
        rows.append(_row("research", label, "2024", pair, WORLD, "AI Index", "copy"))
    return _compared(rows)


def times(ratio: float) -> str:
    """Say how many times the smaller value the larger one is, whichever side has it.

    >>> times(8.5), times(0.1)
    ('8.5 times', '10.0 times')
    """
    return f"{max(ratio, 1 / ratio):.1f} times"


def ahead_in(multiples: pd.Series) -> str:
    """Say in a headline who has more of the AI clusters, from American shares over Chinese ones.

    >>> ahead_in(pd.Series([2.9, 5.8]))
    "The US has 3 to 6 times China's AI clusters, by the filter"
    >>> ahead_in(pd.Series([0.8, 1.2]))
    'Who has more AI clusters depends on the filter'
    """
    if (multiples > 1).all():
        low, high = f"{multiples.min():.0f}", f"{multiples.max():.0f}"
        many = f"{low} to {high}" if low != high else f"about {low}"
        return f"The US has {many} times China's AI clusters, by the filter"
    if (multiples < 1).all():
        return "China has more AI clusters under every filter"
    return "Who has more AI clusters depends on the filter"


def _compared(rows: list[dict]) -> pd.DataFrame:
    table = indicators.compare(rows)
    return table.assign(us_times=(table["United States"] / table["China"]).round(4))


def _row(
    part: str, indicator: str, period: str, values: Pair, unit: str, publisher: str, evidence: str
) -> dict:
    pair = {place: values.get(place) for place in PLACES}
    row = {"indicator": indicator, "basis": part, "period": period, **pair, "unit": unit}
    return row | {"better": "higher", "publisher": publisher, "evidence": evidence}


def _supply(part: str, step: str, year: str) -> dict:
    table = tables.load("chip_supply_shares")
    rows = table[table["step"].eq(step) & table["year"].astype(str).eq(year)]
    pair = rows.set_index("entity")["share_pct"].to_dict()
    return _row(part, step, year, pair, WORLD, "CSET", "primary")


def _series(series: str, year: int) -> Pair:
    table = tables.load("infrastructure_series")
    rows = table[table["series"].eq(series) & table["year"].eq(year)]
    return rows.set_index("entity")["value"].to_dict()


def _stated(indicator: str, period: str) -> Pair:
    rows = indicators.stated(indicator)
    return rows[rows["period"].eq(period)].set_index("entity")["value"].to_dict()


def _chip(vintage: str, as_of: str) -> Pair:
    return (chips.best(vintage, as_of)["value"] / 1e12).to_dict()


def _named(values: pd.Series) -> Pair:
    return {place: float(values[place]) for place in PLACES}
