"""Talent venues: which country is ahead at which conference, and where two counts of one meet."""

import numpy as np
import pandas as pd

from ..evidence import store, tables
from ..text import NEAR
from .talent import GROUPS, PLACES, groups, shares_by

BOTH = GROUPS[:2]
FULL, PROFILES, LISTS, TRACKER = "full lists", "author profiles", "Paper Copilot", "IndiaML"
COMPILER = "a compiler, audited"
BASIS = {TRACKER: "address"}  # of everybody else: headquarters of the first employer
HELD = (2019, 2020, 2022)
DEBATE_YEAR = 2025  # conferences of a later year came after the debate
AFTER = ", after the debate"
KEYS = ["unit", "venue", "year", "counted by"]


@store.once
def by_venue(track: str = "main", **rule: str) -> pd.DataFrame:
    """Return the shares of both countries at every conference and year that anybody counted.

    Index unit, venue, year, counted by. Columns United States, China, Gap (per cent, points),
    missing (per cent of the unit without a country), low and high (the gap where all that is
    missing works in China, in the United States), ahead ("not clear" where the bounds lie on both
    sides of zero), place (headquarters or address). Rows of different units or places are not one
    series.
    """
    rows = _rows(track)
    value, low, high = (
        shares_by(rows, KEYS, "amount", rule | given)
        for given in ({}, {"missing_affiliation": "all_china"}, {"missing_affiliation": "all_us"})
    )
    found = value.assign(low=low["Gap"], high=high["Gap"])
    ahead = np.select([found["low"].gt(0), found["high"].lt(0)], BOTH, "not clear")
    counted_by = found.index.get_level_values("counted by")
    place = [BASIS.get(name, "headquarters") for name in counted_by]
    return found.assign(ahead=ahead, place=place)


def _rows(track: str) -> pd.DataFrame:
    """Stack every count: the keys, group and amount."""
    full = [
        groups(year, track if year == max(HELD) else "main").sum().rename_axis("group")
        for year in HELD
    ]
    ours = pd.concat(dict(zip(HELD, full, strict=True)), names=["year"]).rename("amount")
    ours = ours.reset_index().assign(venue="NeurIPS", unit="authors", **{KEYS[3]: FULL})
    others = tables.load("venue_places")
    slots = others["unit"].eq("author slots")
    others = others.assign(
        unit=others["unit"].mask(slots, "authors"), **{KEYS[3]: np.where(slots, PROFILES, LISTS)}
    )
    counted = tables.load("venue_authors").rename(columns={"authors": "amount"})
    tracked = counted["basis"].eq("address")
    counted = counted.assign(unit="authors", **{KEYS[3]: np.where(tracked, TRACKER, LISTS)})
    papers = tables.load("neurips_institution_papers").rename(
        columns={"audited": "place", "papers": "amount"}
    )
    papers = papers.assign(venue="NeurIPS", unit="institution-papers", **{KEYS[3]: COMPILER})
    placed = pd.concat([others, counted, papers])
    placed["group"] = placed["place"].map(PLACES).fillna("Other")
    return pd.concat([ours, placed])[[*KEYS, "group", "amount"]]


def by_paper(deepmind: str = "us") -> pd.DataFrame:
    """Return the papers with any author in a country, per cent of the accepted ones, by venue.

    Index venue, year, counted by; columns United States, China, place. A joint paper counts for
    both. Hong Kong and Macau stand apart: papers cannot be added up.
    """
    found = []
    for year in HELD:
        held = groups(year)
        american = held["United States"].gt(0)
        if deepmind == "us":
            american |= held["DeepMind"].gt(0)
        pair = [100 * american.mean(), 100 * held["China"].gt(0).mean()]
        found.append(("NeurIPS", year, FULL, *pair))
    counted = tables.load("venue_authors").assign(group=lambda rows: rows["place"].map(PLACES))
    counted = counted[counted["group"].isin(BOTH)]
    share = 100 * counted["papers"] / counted["accepted"]
    wide = counted.assign(share=share).pivot(
        index=["venue", "year", "basis"], columns="group", values="share"
    )
    for (venue, year, basis), row in wide.iterrows():
        name = TRACKER if basis == "address" else LISTS
        found.append((venue, year, name, *row[BOTH]))
    index = ["venue", "year", "counted by"]
    table = pd.DataFrame(found, columns=[*index, *BOTH]).set_index(index).sort_index()
    names = table.index.get_level_values("counted by")
    return table.assign(place=[BASIS.get(name, "headquarters") for name in names])


def highlighted() -> pd.DataFrame:
    """Return the papers that a conference set apart, with any author in a country.

    One row per venue, year and tier (spotlights, orals), where the tracker has them; columns United
    States, China, ratio (US to China). Authors by address.
    """
    rows = tables.load("venue_authors").query("basis == 'address'")
    rows = rows.assign(group=rows["place"].map(PLACES))[lambda table: table["group"].isin(BOTH)]
    named = rows[["venue", "year", "group", "spotlights", "orals"]]
    long = named.melt(["venue", "year", "group"], var_name="tier", value_name="held").dropna()
    wide = long.pivot(index=["tier", "venue", "year"], columns="group", values="held")[BOTH]
    return wide.astype(int).assign(ratio=wide[BOTH[0]] / wide[BOTH[1]]).rename_axis(columns=None)


def scopes(counted: pd.DataFrame, first: int = 2019) -> pd.DataFrame:
    """Return who is ahead in authors, one row per venue and kind of place, one column per year.

    `counted` is `by_venue`. Two counts of one conference that differ make it "not clear"; a year
    nobody counted is empty; a year after the debate says so.
    """
    rows = counted.xs("authors").reset_index().query("year >= @first")
    one = rows.groupby(["venue", "place", "year"])["ahead"].agg(
        lambda found: found.iloc[0] if found.nunique() == 1 else "not clear"
    )
    table = one.unstack().fillna("")
    return table.rename(columns=lambda year: f"{year}{'' if year <= DEBATE_YEAR else AFTER}")


def bridges(counted: pd.DataFrame) -> pd.DataFrame:
    """Return where two counters counted one conference and year, and whether they agree there.

    `counted` is `by_venue`. Counts agree where unit and place are the same and each country's share
    lies within a tenth of the other's (`text.NEAR`), the rule for printed numbers in this project.
    Only where they agree may one line join them.
    """
    rows = counted.reset_index()
    pairs = rows.merge(rows, on=["venue", "year"], suffixes=("", ", other"))
    pairs = pairs[pairs["counted by"] < pairs["counted by, other"]].reset_index(drop=True)
    same = pairs["unit"].eq(pairs["unit, other"]) & pairs["place"].eq(pairs["place, other"])
    gaps = [(pairs[name] / pairs[f"{name}, other"] - 1).abs() for name in BOTH]
    pairs["same unit and place"] = same
    pairs["agree"] = same & (pd.concat(gaps, axis=1) <= NEAR).all(axis=1)
    both = [column for name in BOTH for column in (name, f"{name}, other")]
    names = ["venue", "year", "counted by", "counted by, other"]
    return pairs[[*names, *both, "same unit and place", "agree"]]


def start(year: int = DEBATE_YEAR) -> pd.Series:
    """Return the newest NeurIPS shares by address, their ratio and its bounds.

    Index us, china, ratio, low, high. The bounds give all authors without a country to China, and
    all to the United States; nobody was sampled, so there is no error of sampling.
    """
    rows = tables.load("venue_authors").query("basis == 'address' and venue == 'NeurIPS'")
    held = rows[rows["year"].eq(year)]
    sums = held.groupby(held["place"].map(PLACES).fillna("Other"))["authors"].sum()
    us, china, missing = (float(sums[name]) for name in ("United States", "China", "Missing"))
    known = sums.sum() - missing
    return pd.Series(
        {
            "us": 100 * us / known,
            "china": 100 * china / known,
            "ratio": us / china,
            "low": us / (china + missing),
            "high": (us + missing) / china,
        }
    )
