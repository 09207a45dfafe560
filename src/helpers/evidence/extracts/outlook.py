"""Extracts on H-1B rules, petitions, researchers who stayed, and MacroPolo's printed shares: one
fact a row."""

import re
from pathlib import Path

import pandas as pd

from ...project import FactcheckError
from ..schemas import date, number, schema, share, text, year

GRADES = ["primary", "copy", "secondary"]
QUALIFIER = re.compile(r"^(nearly|just over|about) ")
SERIES = {
    "petitions filed (receipts)": "filed",
    "petitions approved (initial+continuing)": "approved",
    "share of petitions approved": "approved, shares only",
    "petitions approved": "approved, round total",
}
PARTS = re.compile(r"about ([\d,]+) new and ([\d,]+) extensions")
TOPICS = ("retention", "stay rate", "stock", "CEA report")
MEASURES = {
    "country of work (institution HQ)": "work",
    "country of undergraduate degree": "origin",
    "origin of researchers working at US institutions": "origin at US institutions",
    "American+Chinese origin among researchers at US institutions": (
        "American and Chinese origin at US institutions"
    ),
    "Chinese PhD students in US staying in US after PhD": "staying after a US PhD",
    "sample size": "authors sampled",
    "authors in sample": "authors sampled",
}
PLACES = ("China", "United States", "World")


def h1b_policy(path: Path) -> pd.DataFrame:
    """Keep every dated fact on H-1B rules, in our own wording.

    Columns date, fact, publisher, address, evidence.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False).rename(
        columns={"locator_url": "address"}
    )
    return table[["date", "fact", "publisher", "address", "evidence"]].sort_values(["date", "fact"])


def h1b_petitions(path: Path) -> pd.DataFrame:
    """Keep H-1B petitions by fiscal year, series and country of birth.

    A total split in its note gives two more rows.

    Columns fiscal_year, series, place, petitions, share_pct (as printed), qualifier, publisher,
    address, evidence. Raises FactcheckError for a series that `SERIES` does not name.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    if unknown := sorted(set(table["series"]) - set(SERIES)):
        raise FactcheckError(
            f"{path.name}: unknown series {unknown}. Name it in SERIES in"
            " helpers/evidence/extracts/outlook.py."
        )
    names = {
        "country_of_birth": "place",
        "value": "petitions",
        "source": "publisher",
        "locator_url": "address",
    }
    table = table.rename(columns=names).assign(series=table["series"].map(SERIES))
    table["qualifier"] = [
        match[1] if (match := QUALIFIER.match(note)) else "" for note in table["note"]
    ]
    split = []
    for row in table[table["note"].str.contains(PARTS.pattern.replace("(", "(?:"))].to_dict(
        "records"
    ):
        numbers = PARTS.findall(row["note"])[0]
        split += [row | {"series": f"approved, {part}", "petitions": digits.replace(",", ""),
            "qualifier": "about"}
                  for part, digits in zip(("new", "extensions"), numbers, strict=True)]  # fmt: skip
    columns = [
        "fiscal_year",
        "series",
        "place",
        "petitions",
        "share_pct",
        "qualifier",
        "publisher",
        "address",
        "evidence",
    ]
    return pd.concat([table, pd.DataFrame(split)])[columns].sort_values(
        ["series", "fiscal_year", "place"]
    )


def retention(path: Path) -> pd.DataFrame:
    """Keep what publishers state on researchers who stayed or left, and on how many there are.

    Columns topic, period, publisher, measure, place, value, qualifier, unit, printed_pct (the share
    printed beside a count), address, evidence.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table = table[table["topic"].isin(TOPICS)]
    table["qualifier"] = [
        match[1] if (match := QUALIFIER.match(value)) else "" for value in table["value"]
    ]
    table["value"] = table["value"].str.replace(QUALIFIER, "", regex=True)
    table["printed_pct"] = table["note"].str.extract(r"^printed (?:beside )?(\d+)%")[0].fillna("")
    names = {
        "reference_year": "period",
        "metric": "measure",
        "geography": "place",
        "locator_url": "address",
    }
    columns = [
        "topic",
        "period",
        "publisher",
        "measure",
        "place",
        "value",
        "qualifier",
        "unit",
        "printed_pct",
        "address",
        "evidence",
    ]
    return table.rename(columns=names)[columns].sort_values(
        ["topic", "publisher", "measure", "place"]
    )


def tracker_values(path: Path) -> pd.DataFrame:
    """Keep the printed values of MacroPolo's top tier that a projection starts from, and the elite
    tier's by country of work.

    Columns year, tier (top, elite), measure, place, value, unit, edition, address, evidence. A
    share of returners that stands in the note of the share of stayers becomes a row of its own.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False).rename(
        columns={"neurips_year": "year", "geography": "place", "locator_url": "address"}
    )
    table["tier"] = table["tier"].map(
        lambda tier: (
            "top" if tier.startswith("top-tier") else "elite" if tier.startswith("elite") else ""
        )
    )
    table["measure"] = table["measure"].map(MEASURES)
    table = table[
        table["measure"].notna()
        & table["place"].isin(PLACES)
        & table["value"].str.fullmatch(r"\d+")
    ]
    table = table[
        table["tier"].eq("top") | (table["tier"].eq("elite") & table["measure"].eq("work"))
    ]
    returning = table[table["note"].str.fullmatch(r"\d+% return")]
    returning = returning.assign(
        measure="returning after a US PhD", value=returning["note"].str.extract(r"(\d+)")[0]
    )
    columns = [
        "year",
        "tier",
        "measure",
        "place",
        "value",
        "unit",
        "edition",
        "address",
        "evidence",
    ]
    return pd.concat([table, returning])[columns].sort_values(["tier", "measure", "year", "place"])


SCHEMAS = {
    "h1b_policy": schema(key=["date", "fact"], date=date(), fact=text(), publisher=text(),
        address=text(), evidence=text(GRADES)),
    "h1b_petitions": schema(
        key=["series", "fiscal_year", "place"], fiscal_year=year(),
        series=text([*SERIES.values(), "approved, new", "approved, extensions"]),
        place=text(), petitions=number(least=0, nullable=True), share_pct=share(nullable=True),
        qualifier=text(nullable=True), publisher=text(),
        address=text(), evidence=text(GRADES),
    ),
    "retention": schema(
        key=["publisher", "measure", "place"], topic=text(list(TOPICS)), period=text(),
        publisher=text(), measure=text(), place=text(),
        value=number(least=0), qualifier=text(nullable=True), unit=text(),
        printed_pct=share(nullable=True), address=text(),
        evidence=text(GRADES),
    ),
    "tracker_values": schema(
        key=["tier", "measure", "year", "place"], year=year(), tier=text(["top", "elite"]),
        measure=text([*dict.fromkeys(MEASURES.values()), "returning after a US PhD"]),
        place=text(list(PLACES)), value=number(least=0),
        unit=text(), edition=text(), address=text(), evidence=text(GRADES),
    ),
}  # fmt: skip
