"""Infrastructure: every indicator the evidence offers on chips, research, data centres and power in China and the United States.

An indicator is in when a publisher gives one amount for both countries, or for one of them where the other is plainly asked for. One
publisher gives one row a thing measured, its newest value out by the debate. Parts of a whole that is in are left out.
"""

import pandas as pd

from ..evidence import tables
from . import chip_owners, chips, indicators, shares, top_cited

PARTS = ("chips", "research", "data centres", "power")
SCOPES = ("named_parts", "with_power", "without_mentions")
SUPPLY = {"Chip design": "2022", "Design software": "2019", "Core designs for licence": "2019", "Fabrication": "2022",
          "Assembly, test and packaging": "2022"}  # fmt: skip
LATER_TOOLS = (
    "Lithography tools",
    "Deposition tools",
    "Etch and clean tools",
    "Process control tools",
    "Polishing tools",
    "Ion implanters",
    "Test tools",
)
CAPEX = "capex, four US hyperscalers vs seven Chinese internet firms (ex ByteDance)"
# China no longer hands in its machines, so this list compares nothing.
NOT_COUNTED = ("Supercomputers listed",)
Pair = dict[str, float | None]


def _row(
    part: str, indicator: str, period: str, values: Pair, unit: str, publisher: str, evidence: str
) -> dict:
    pair = {place: values.get(place) for place in ("China", "United States")}
    return {
        "indicator": indicator,
        "basis": part,
        "period": period,
        **pair,
        "unit": unit,
        "better": "higher",
        "publisher": publisher,
        "evidence": evidence,
    }


def _supply(step: str, year: str) -> Pair:
    table = tables.load("chip_supply_shares")
    return (
        table[table["step"].eq(step) & table["year"].astype(str).eq(year)]
        .set_index("entity")["share_pct"]
        .to_dict()
    )


def _series(series: str, year: int) -> Pair:
    table = tables.load("infrastructure_series")
    return (
        table[table["series"].eq(series) & table["year"].eq(year)]
        .set_index("entity")["value"]
        .to_dict()
    )


def _stated(indicator: str, period: str) -> Pair:
    rows = indicators.stated(indicator)
    return rows[rows["period"].eq(period)].set_index("entity")["value"].to_dict()


def _chip(vintage: str, as_of: str) -> Pair:
    return (chips.best(vintage, as_of)["value"] / 1e12).to_dict()


def _named(values: pd.Series) -> Pair:
    return {place: float(values[place]) for place in ("China", "United States")}


def on_chips() -> list[dict]:
    """Return the indicators of chip expertise: supply-chain steps, patents, the fastest chip, sales and capacity."""
    rows = [
        _row("chips", step, year, _supply(step, year), "% of the world", "CSET", "primary")
        for step, year in SUPPLY.items()
    ]
    us, families = "US semiconductor patents", "international semiconductor patent families"
    rows.append(
        _row(
            "chips",
            "Semiconductor patents in the US",
            "2022",
            _series(us, 2022),
            "patents",
            "NSF",
            "copy",
        )
    )
    rows.append(
        _row(
            "chips",
            "Semiconductor patent families",
            "2020",
            _series(families, 2020),
            "families",
            "NSF",
            "copy",
        )
    )
    rows.append(
        _row(
            "chips",
            "Fastest AI chip, 16 bit",
            "2025-10",
            _chip("2025-11-01", chips.DEBATE),
            "TFLOP/s",
            "Epoch AI",
            "copy",
        )
    )
    sales, fabs = (
        "global semiconductor sales share of US-headquartered firms",
        "share of global fab capacity",
    )
    rows.append(
        _row(
            "chips",
            "Chip sales by seat of firm",
            "2024",
            _stated(sales, "2024"),
            "% of the world",
            "SIA",
            "secondary",
        )
    )
    rows.append(
        _row(
            "chips",
            "Capacity of chip plants",
            "2022",
            _stated(fabs, "2022"),
            "% of the world",
            "SIA",
            "secondary",
        )
    )
    return rows


def on_research() -> list[dict]:
    """Return the indicators of AI research: publications, citations, patents, most cited papers and notable models."""
    kinds = {
        "AI publications": "publications_share_pct",
        "AI citations": "citations_share_pct",
        "AI patents granted": "patents_granted_share_pct",
    }
    rows = [
        _row(
            "research",
            label,
            "2023",
            _named(shares.of_report(measure)),
            "% of the world",
            "AI Index",
            "copy",
        )
        for label, measure in kinds.items()
    ]
    top = top_cited.printed("ai_index_2025").loc["2023"]
    models = tables.load("model_counts_printed")
    models = models[
        models["period"].eq("2024")
        & models["measure"].eq("notable AI models")
        & models["locator"].eq("page text")
    ]
    rows.append(
        _row(
            "research",
            "100 most cited AI papers",
            "2023",
            _named(top),
            "papers",
            "AI Index",
            "copy",
        )
    )
    rows.append(
        _row(
            "research",
            "Notable AI models",
            "2024",
            _named(models.set_index("entity")["value"]),
            "models",
            "AI Index",
            "primary",
        )
    )
    rows.append(
        _row(
            "research",
            "AI articles, each counted once",
            "2003-22",
            _named(shares.of_nsf_articles()),
            "% of the world",
            "NSF",
            "copy",
        )
    )
    rows.append(
        _row(
            "research",
            "AI patents by inventor",
            "2000-22",
            _named(shares.of_nsf_patents()),
            "% of the world",
            "NSF",
            "copy",
        )
    )
    return rows


def on_data_centres(cluster_shares: pd.Series, money: str = "nominal") -> list[dict]:
    """Return the indicators of spending on data centres and of what stands in them.

    `cluster_shares` are shares by country from `clusters.shares`, `money` nominal or constant_2021 for private investment.
    """
    constant = {
        place: value / 1e9
        for place, value in _series("private AI investment, dollars of 2021", 2024).items()
    }
    private = _stated("private AI investment", "2024") if money == "nominal" else constant
    grade, unit = (
        ("primary", "bn dollars") if money == "nominal" else ("copy", "bn dollars of 2021")
    )
    venture = {
        place: value / 1000
        for place, value in _series("AI venture capital, million dollars", 2020).items()
    }
    capex = {place: value / 1e12 for place, value in _stated(CAPEX, "five years to 2024").items()}
    power, computing = (
        "data-centre electricity consumption",
        "world computing power share (government+commercial)",
    )
    top500 = tables.load("supercomputers").set_index("country")["rmax_pflops"]
    return [
        _row("data centres", "Private AI investment", "2024", private, unit, "AI Index", grade),
        _row(
            "data centres",
            "Venture capital for AI firms",
            "2020",
            venture,
            "bn dollars",
            "NSF",
            "copy",
        ),
        _row(
            "data centres",
            "Investment of large internet firms",
            "2020-24",
            capex,
            "trn yuan",
            "Jinduan",
            "secondary",
        ),
        _row(
            "data centres",
            "Electricity used by data centres",
            "2024",
            _stated(power, "2024"),
            "TWh",
            "IEA",
            "secondary",
        ),
        _row(
            "data centres",
            "Clusters of AI chips",
            "2025-05",
            _named(cluster_shares),
            "% of those listed",
            "Epoch AI",
            "copy",
        ),
        _row(
            "data centres",
            "Computing power of all kinds",
            "end 2023",
            _stated(computing, "end-2023"),
            "% of the world",
            "CAICT",
            "secondary",
        ),
        _row(
            "data centres",
            "Supercomputers listed",
            "2025-06",
            _named(top500),
            "PFLOP/s",
            "TOP500",
            "copy",
        ),
    ]


def on_power(year: int = 2024) -> list[dict]:
    """Return the indicator of power supply: electricity generated in a year."""
    return [
        _row(
            "power",
            "Electricity generated",
            str(year),
            _series("electricity generated, TWh", year),
            "TWh",
            "Our World in Data",
            "copy",
        )
    ]


def gather(
    cluster_shares: pd.Series, money: str = "nominal", scope: str = "named_parts"
) -> pd.DataFrame:
    """Return the table of `indicators.compare` for a scope, with a column `counted`.

    `named_parts` are chips, research and data centres, `with_power` adds electricity, `without_mentions` leaves out secondary values.
    Not counted are indicators that lack a country, and those of `NOT_COUNTED`.
    """
    rows = (
        on_chips()
        + on_research()
        + on_data_centres(cluster_shares, money)
        + (on_power() if scope == "with_power" else [])
    )
    table = indicators.compare(
        [row for row in rows if scope != "without_mentions" or row["evidence"] != "secondary"]
    )
    return table.assign(counted=table["ahead"].ne("") & ~table["indicator"].isin(NOT_COUNTED))


def gather_later(before: pd.DataFrame) -> pd.DataFrame:
    """Return the table again with what publishers added after the debate: newer values in the place of older ones, and new indicators."""
    measures = {
        "AI publications": "publications_share_pct",
        "AI patents granted": "patents_granted_share_pct",
    }
    models = tables.load("ai_index_2026_models")
    models = models[models["year"].eq("2025")].set_index("entity")["models"]
    rows = [_row("research", label, "2024", _named(shares.of_next_edition(measure, 2024)), "% of the world", "AI Index", "copy")
            for label, measure in measures.items()]  # fmt: skip
    rows += [
        _row("chips", tool, "2025", _supply(tool, "2025"), "% of the world", "CSET", "primary")
        for tool in LATER_TOOLS
    ]
    rows.append(
        _row("research", "Notable AI models", "2025", _named(models), "models", "AI Index", "copy")
    )
    rows.append(
        _row(
            "chips",
            "Fastest AI chip, 16 bit",
            "2026-07",
            _chip("2026-07-19", "2026-07-19"),
            "TFLOP/s",
            "Epoch AI",
            "copy",
        )
    )
    owned = {place: value / 1e6 for place, value in chip_owners.owned("2025-12-31").items()}
    rows.append(
        _row(
            "data centres",
            "Compute owned",
            "end 2025",
            owned,
            "m H100 equivalents",
            "Epoch AI",
            "copy",
        )
    )
    rows += on_power(2025) if "power" in set(before["basis"]) else []
    newer = indicators.compare(rows)
    kept = before[~before["indicator"].isin(newer["indicator"])]
    return pd.concat([kept, newer.assign(counted=newer["ahead"].ne(""))], ignore_index=True)


def sides(table: pd.DataFrame) -> dict[str, float]:
    """Return how many counted indicators have each country ahead, under the names that the claim uses."""
    words = {
        "Indicators with the United States ahead": "United States",
        "Indicators with China ahead": "China",
    }
    return indicators.count(table[table["counted"]], words)


def strong(table: pd.DataFrame, times: float = 2) -> dict[str, int]:
    """Return how many counted indicators have each country at least `times` as high as the other."""
    ratio = table.loc[table["counted"], "China"] / table.loc[table["counted"], "United States"]
    return {"United States": int((ratio <= 1 / times).sum()), "China": int((ratio >= times).sum())}


def by(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the counts of `sides` for each value of a column (`basis` for the part, `publisher`), and the indicators not counted."""
    rows = {
        key: sides(group) | {"not counted": int((~group["counted"]).sum())}
        for key, group in table.groupby(column, sort=False)
    }
    return pd.DataFrame(rows).T.astype(int).rename_axis(column)
