"""Extracts on chips: their speed, who owns them, who makes them, and the rules on their export."""

from pathlib import Path

import pandas as pd

from ...project import FactcheckError
from ..schemas import date, flag, number, schema, share, text, year

PAIR = ["China", "United States"]
# Our name, and the names that vintages give the column.
HARDWARE = {
    "chip": ("Hardware name", "Name of the hardware"),
    "manufacturer": ("Manufacturer",),
    "released": ("Release date",),
    "tensor_16": ("Tensor-FP16/BF16 performance (FLOP/s)", "Tensor-FP16 performance (FLOP/s)"),
    "plain_16": ("FP16 (half precision) performance (FLOP/s)",),
    "bandwidth": ("Memory bandwidth (byte/s)",),
}
# Steps of the chip supply chain: the whole ones, and groups of tools that the publisher dates to
# 2025.
STEPS = {
    "Design": "Chip design", "Electronic design automation software": "Design software",
    "Core intellectual property": "Core designs for licence",
    "Fabrication": "Fabrication",
    "Assembly, testing, and packaging (ATP)": "Assembly, test and packaging",
    "Lithography tools": "Lithography tools",
    "Deposition tools": "Deposition tools", "Etch and clean tools": "Etch and clean tools",
    "Process control tools": "Process control tools",
    "CMP tools": "Polishing tools", "Ion implanters": "Ion implanters", "Test tools": "Test tools",
}  # fmt: skip
# Our label of each event, whether it tightens the supply of chips, and whether only the month is
# known.
EVENTS = {
    "2022-08-26/31": ("A100 and H100 need a licence", "tightens", True),
    "2022-08": ("CHIPS Act signed", "other", True),
    "2022-10-07": ("First chip rule", "tightens", False),
    "2022-12": ("36 firms on the Entity List", "tightens", True),
    "2023-10-17": ("A800 and H800 closed off", "tightens", False),
    "2024-12-02": ("Memory and tools added", "tightens", False),
    "2025-01-13/15": ("Diffusion rule announced", "tightens", False),
    "2025-04-09": ("H20 needs a licence", "tightens", False),
    "2025-05-13": ("Diffusion rule withdrawn", "eases", False),
    "2025-07-14": ("H20 sales to resume", "eases", False),
    "2025-08": ("H20 licences for 15% of revenue", "eases", True),
    "2025-09-17": ("China stops RTX Pro 6000D", "other", False),
    "2025-12": ("H200 exports to be allowed", "eases", True),
    "2026-01-13": ("H200 case-by-case rule", "eases", False),
}  # fmt: skip


def ml_hardware(path: Path) -> pd.DataFrame:
    """Keep the chips of a hardware list: chip, manufacturer, released, flop_16_bit, bandwidth.

    The 16-bit number is the dense tensor one, and the plain one where that is blank.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    found = {}
    for ours, theirs in HARDWARE.items():
        match = [name for name in theirs if name in table.columns]
        if not match:
            raise FactcheckError(
                f"{path.name} has none of the columns {theirs}: add this vintage's name to"
                " HARDWARE."
            )
        found[ours] = table[match[0]].str.strip()
    kept = pd.DataFrame(found)
    kept["flop_16_bit"] = kept["tensor_16"].where(kept["tensor_16"].ne(""), kept["plain_16"])
    return kept[["chip", "manufacturer", "released", "flop_16_bit", "bandwidth"]].sort_values(
        ["released", "chip"]
    )


OWNERS = {
    "Chip manufacturer": "designer", "Owner": "owner", "End date": "quarter_end",
    "Compute estimate in H100e (median)": "h100e",
    "H100e (5th percentile)": "low", "H100e (95th percentile)": "high",
}  # fmt: skip


def chip_stock(path: Path) -> pd.DataFrame:
    """Keep chips owned so far.

    Columns designer, owner, quarter_end, h100e, low, high (5th and 95th percentile), units and
    their bounds, incomplete.
    """
    units = {
        "Number of Units (median)": "units",
        "Number of Units (5th percentile)": "units_low",
        "Number of Units (95th percentile)": "units_high",
    }
    table = pd.read_csv(path, dtype=str, keep_default_na=False).rename(columns=OWNERS | units)
    table["incomplete"] = table["Incomplete"].eq("True").astype(str)
    return table[[*OWNERS.values(), *units.values(), "incomplete"]].sort_values(
        ["designer", "owner", "quarter_end"]
    )


def chip_quarters(path: Path) -> pd.DataFrame:
    """Keep chips added in a quarter.

    Columns designer, owner, chip, quarter_end, h100e, low, high (5th and 95th percentile),
    incomplete.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False).rename(
        columns=OWNERS | {"Chip type": "chip"}
    )
    table["incomplete"] = table["Incomplete"].eq("True").astype(str)
    return table[
        ["designer", "owner", "chip", "quarter_end", "h100e", "low", "high", "incomplete"]
    ].sort_values(["designer", "owner", "chip", "quarter_end"])


def supply_shares(path: Path) -> pd.DataFrame:
    """Keep China's and the United States' shares of whole steps.

    Columns step, entity, share_pct (blank where not given), year.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table["entity"] = table["provider_name"].map({"CHN": "China", "USA": "United States"})
    kept = table[table["entity"].notna() & table["provided_name"].isin(STEPS)]
    kept = kept.assign(step=kept["provided_name"].map(STEPS)).rename(
        columns={"share_provided": "share_pct"}
    )
    return kept[["step", "entity", "share_pct", "year"]].sort_values(["year", "step", "entity"])


def controls(path: Path) -> pd.DataFrame:
    """Give each dated event our own label.

    Columns month, day (blank where only the month is known), actor, label, effect, evidence.

    Raises FactcheckError for an event that has no label yet.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    if new := sorted(set(table["date"]) - set(EVENTS)):
        raise FactcheckError(
            f"{path.name}: no label for the event of {new[0]}: add it to EVENTS in"
            " helpers/evidence/extracts/chips.py."
        )
    for place, column in enumerate(("label", "effect", "only_month")):
        table[column] = [EVENTS[day][place] for day in table["date"]]
    table["month"] = table["date"].str[:7]
    table["day"] = table["date"].str[:10].where(~table["only_month"].astype(bool), "")
    return table[["month", "day", "actor", "label", "effect", "evidence"]].sort_values(
        ["month", "day", "label"]
    )


SCHEMAS = {
    "ml_hardware": schema(
        key=["chip"], chip=text(), manufacturer=text(nullable=True), released=date(True),
        flop_16_bit=number(least=0, nullable=True),
        bandwidth=number(least=0, nullable=True),
    ),
    "chip_stock": schema(
        key=["designer", "owner", "quarter_end"], designer=text(), owner=text(), quarter_end=date(),
        h100e=number(least=0),
        low=number(least=0, nullable=True), high=number(least=0, nullable=True),
        units=number(least=0, nullable=True),
        units_low=number(least=0, nullable=True), units_high=number(least=0, nullable=True),
        incomplete=flag(),
    ),
    "chip_quarters": schema(
        key=["designer", "owner", "chip", "quarter_end"], designer=text(), owner=text(),
        chip=text(), quarter_end=date(), h100e=number(least=0),
        low=number(least=0, nullable=True), high=number(least=0, nullable=True), incomplete=flag(),
    ),
    "supply_shares": schema(
        key=["step", "entity", "year"], step=text(list(STEPS.values())), entity=text(PAIR),
        share_pct=share(nullable=True), year=year(),
    ),
    "controls": schema(
        key=["month", "label"], month=text(matches=r"^\d{4}-\d\d$"), day=date(nullable=True),
        actor=text(), label=text(),
        effect=text(["tightens", "eases", "other"]),
        evidence=text(["primary", "copy", "secondary"]),
    ),
}  # fmt: skip
