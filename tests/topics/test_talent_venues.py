"""Who is ahead at which venue: by plain Python over the extracts, and with the data broken."""

import pandas as pd
import pytest
from conftest import forget

from helpers import project
from helpers.evidence import tables
from helpers.judging import records
from helpers.topics import talent_venues

RULE = {"deepmind": "us", "hong_kong_macau": "separate", "missing_affiliation": "drop"}
TRACKED = "facts_conference_authors_by_country_2024_2026"


@pytest.fixture
def counted():
    return talent_venues.by_venue(**RULE)


def plain(rows, venue, year):
    held = [row for row in rows if (row["venue"], row["year"]) == (venue, str(year))]
    slots = {row["place"]: int(row["authors"]) for row in held}
    known = sum(slots.values()) - slots.get("none", 0) - slots.get("unmapped", 0)
    return [round(100 * slots[place] / known, 2) for place in ("USA", "CHN")]


@pytest.mark.parametrize(("venue", "year"), [("NeurIPS", 2024), ("NeurIPS", 2025), ("ICLR", 2026)])
def test_the_shares_of_authors_by_address_again(extract, counted, venue, year):
    row = counted.loc[("authors", venue, year, talent_venues.TRACKER)]
    assert [row["United States"], row["China"]] == plain(extract(TRACKED), venue, year)


def test_what_came_since_is_the_newest_count_of_the_same_conference(extract):
    us, china = plain(extract(TRACKED), "NeurIPS", 2025)
    newest = records.answers()["talent-us-leads"]["since"]["entries"][-1]
    assert newest["values"] == {"United States@2025": us, "China@2025": china}
    gaps = records.answers()["talent-gap-narrowing"]["since"]["entries"][-1]["values"]
    assert gaps["Gap@2025"] == pytest.approx(us - china, abs=0.02)


def test_a_year_after_the_debate_says_so(counted):
    for claim in ("talent-us-leads", "talent-gap-narrowing"):
        for entry in records.answers()[claim]["since"]["entries"]:
            late = any(key.endswith("@2026") for key in entry["values"])
            assert late == (talent_venues.AFTER in entry["label"])
    assert talent_venues.scopes(counted).columns[-1] == f"2026{talent_venues.AFTER}"


def test_the_venue_decides_who_is_ahead(counted):
    scopes = talent_venues.scopes(counted)
    assert scopes.loc[("NeurIPS", "address"), "2025"] == "China"
    assert scopes.loc[("ICLR", "address"), "2025"] == "United States"
    assert scopes.loc[("ICML", "address"), "2025"] == "not clear"
    assert scopes.loc[("COLM", "headquarters"), "2025"] == "United States"


def test_authors_without_a_country_can_keep_the_leader_open(checkout, counted):
    path = project.processed() / "venue_authors.csv"
    table = pd.read_csv(path, keep_default_na=False)
    here = table["venue"].eq("NeurIPS") & table["year"].eq(2025) & table["place"].eq("none")
    table.loc[here, "authors"] = 9000
    table.to_csv(path, index=False, lineterminator="\n")
    forget()
    found = talent_venues.by_venue(**RULE).loc[("authors", "NeurIPS", 2025, "IndiaML")]
    assert (found["Gap"] < 0) and found["ahead"] == "not clear"


def met(unit, place, us, china):
    counts = {"United States": [40.0, us], "China": [20.0, china]}
    table = pd.DataFrame(counts | {"place": ["address", place]})
    index = [("authors", "X", 2024, "a"), (unit, "X", 2024, "b")]
    table.index = pd.MultiIndex.from_tuples(index, names=talent_venues.KEYS)
    return bool(talent_venues.bridges(table)["agree"].item())


@pytest.mark.parametrize(
    ("unit", "place", "us", "china", "agree"),
    [
        ("authors", "address", 42, 21, True),
        ("authors", "address", 42, 25, False),
        ("institution-papers", "address", 40, 20, False),
        ("authors", "headquarters", 40, 20, False),
    ],
)
def test_two_counts_agree_only_in_one_unit_one_kind_of_place_and_within_a_tenth(
    unit, place, us, china, agree
):
    assert met(unit, place, us, china) is agree


def test_no_two_counts_of_one_conference_agree_so_no_line_joins_them(counted):
    assert not talent_venues.bridges(counted)["agree"].any()


def test_a_joint_paper_counts_for_both_countries():
    """NeurIPS 2022 by hand: papers with at least one author there."""
    rows = tables.load("neurips_places").query("year == 2022 and track == 'main'")
    china = rows.loc[rows["place"].eq("CHN") & rows["slots"].gt(0), "paper"].nunique()
    found = talent_venues.by_paper().loc[("NeurIPS", 2022, talent_venues.FULL)]
    assert found["China"] == pytest.approx(100 * china / rows["paper"].nunique())
    assert talent_venues.by_paper("uk").loc[found.name, "United States"] < found["United States"]


def test_the_papers_set_apart_are_the_trackers_own_counts(extract):
    (row,) = [
        row
        for row in extract(TRACKED)
        if (row["venue"], row["year"], row["place"]) == ("ICLR", "2025", "CHN")
    ]
    assert talent_venues.highlighted().loc[("orals", "ICLR", 2025), "China"] == int(row["orals"])


def test_the_start_of_the_outlook_lies_within_its_bounds(extract):
    start = talent_venues.start()
    us, china = plain(extract(TRACKED), "NeurIPS", 2025)
    assert [round(start["us"], 2), round(start["china"], 2)] == [us, china]
    assert start["low"] < start["ratio"] < start["high"]
