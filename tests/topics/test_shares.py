import csv
import json

import pandas as pd
import pytest

from helpers import project
from helpers.evidence import tables
from helpers.project import FactcheckError
from helpers.topics import shares


def test_dropping_the_unknown_divides_by_what_is_left():
    kept, dropped = (
        shares.of_report("citations_share_pct", unknown=unknown)
        for unknown in ("keep_in_base", "drop_from_base")
    )
    assert "Unknown" not in dropped and kept["Unknown"] > 0
    assert dropped["China"] == pytest.approx(
        100 * kept["China"] / (100 - kept["Unknown"]), abs=1e-4
    )
    assert dropped["China"] == round(dropped["China"], 4) and kept.drop("Unknown").index.equals(
        dropped.index
    )


def test_a_printed_group_of_countries_is_used_and_another_one_refused():
    un, bank = (
        shares.of_report("citations_share_pct", group)["Europe"]
        for group in ("un_list", "world_bank_eca")
    )
    assert un != bank and shares.of_report("citations_share_pct")["Europe"] == un
    with pytest.raises(
        FactcheckError, match="prints no share for eu27: use un_list or world_bank_eca"
    ):
        shares.of_report("citations_share_pct", "eu27")


def test_europe_counts_a_joint_paper_once_as_its_publisher_does(extract):
    """Plain Python over the extract: CSET's own group rows, per cent of all country credits."""
    groups = {"ASEAN", "Africa", "Asia Pacific", "EU", "Europe", "Five Eyes", "NATO", "OECD",
              "Global Partnership on Artificial Intelligence", "Latin America and the Caribbean",
              "Northern America", "Oceania", "Quad"}  # fmt: skip
    rows = {
        row["place"]: int(row["count"])
        for row in extract("research_cset_cat_publications_yearly_citations")
        if row["year"] == "2023"
    }
    credits = sum(count for place, count in rows.items() if place not in groups)
    own = {place: round(100 * rows[place] / credits, 1) for place in ("Europe", "EU")}
    assert own == {"Europe": 19.7, "EU": 13.2}
    continent = shares.of_cset("citations", 2023)
    assert continent[["China", "Europe", "United States"]].round(1).tolist() == [24.0, 19.7, 17.1]
    assert round(shares.of_cset("citations", 2023, "eu27")["Europe"], 1) == own["EU"]
    added = shares.of_cset("citations", 2023, europe_count="sum_of_countries")
    assert round(added["Europe"], 1) == 24.9 and added["China"] == continent["China"]


def test_a_group_that_cset_does_not_count_is_refused():
    with pytest.raises(FactcheckError, match="counts no group eu_and_uk: use un_list or eu27"):
        shares.of_cset("citations", 2023, "eu_and_uk")


def test_no_group_of_countries_stands_among_the_countries():
    groups = set(tables.load("cset_groups")["group"])
    assert {"Europe", "EU", "OECD"} <= groups
    assert not groups & set(tables.load("cset_years")["country"])


def test_china_leads_both_others_in_cset_since_2021():
    series = pd.DataFrame(
        {year: shares.trio(shares.of_cset("citations", year)) for year in range(2014, 2024)}
    ).T
    assert shares.leads_since(series) == 2021
    assert shares.leads_since(series, "Europe") is None


def test_shares_are_ordered_and_given_to_four_digits():
    for table in (
        shares.of_cset("articles", 2023).drop("Europe"),
        shares.of_nsf_articles().drop("Europe"),
        shares.of_nsf_patents(),
    ):
        assert (table == table.round(4)).all()
    for table in (shares.of_cset("articles", 2023).drop("Europe"), shares.of_nsf_articles()):
        assert table.is_monotonic_decreasing
    assert shares.of_cset("articles", 2023).index[-1] == "Europe"


def test_patents_are_compared_in_the_last_year_that_both_counts_have(extract):
    """Plain Python over the extracts: 2017 in CSET and in the report's own series."""
    rows = [
        row for row in extract("research_cset_cat_patents_yearly_granted") if row["year"] == "2017"
    ]
    (china,) = [int(row["count"]) for row in rows if row["place"] == "China (mainland)"]
    (printed,) = [
        float(row["value"])
        for row in extract(shares.SERIES)
        if (row["region"], row["period"]) == ("China", "2017")
        and row["measure"] == "patents_granted_share_pct"
    ]
    share = 100 * china / sum(int(row["count"]) for row in rows)
    assert (round(share, 1), round(printed, 1)) == (37.6, 36.9)
    assert shares.last_complete_year("patents_granted") == 2017
    assert round(shares.of_cset("patents_granted", 2017)["China"], 1) == 37.6


def test_a_family_of_patents_has_one_country_so_europe_is_the_sum_of_its_own():
    ways = ("publisher_group", "sum_of_countries")
    once, added = (shares.of_cset("patents_granted", 2017, "un_list", way) for way in ways)
    assert once.equals(added)


def test_the_nsf_counts_a_joint_european_article_once_in_its_own_row(extract):
    """Plain Python over the extracts: NSF's region against the sum of its countries."""
    rows = extract("research_ncses_9968_ai_articles_long_2003_2022")
    total = dict.fromkeys(("World", "Europe", "China"), 0)
    for row in rows:
        if row["place"] in total:
            total[row["place"]] += int(row["articles"])
    countries = extract("research_ncses_10059_ai_articles_whole_fractional_2003_2022")
    (world,) = [int(row["whole"]) for row in countries if row["place"] == "World"]
    (china,) = [int(row["whole"]) for row in countries if row["place"] == "China"]
    assert (total["World"], total["China"]) == (world, china)
    added = sum(int(row["whole"]) for row in countries if row["region"] == "Europe")
    once, summed = (round(100 * part / world, 1) for part in (total["Europe"], added))
    assert (once, summed) == (28.9, 33.4)
    assert round(shares.of_nsf_regions()["Europe"], 1) == once
    assert round(shares.of_nsf_articles("whole")["Europe"], 1) == summed


def test_the_lost_years_of_the_nsf_are_those_of_its_yearly_table():
    table = tables.load("nsf_article_years").query("place == 'World'").set_index("year")["articles"]
    assert (table[2003], table[2022], len(table)) == (10011, 123402, 20)  # table SPBS-99


def test_the_swept_union_is_csets_own_row_on_the_reports_base(extract):
    """The value of a specification in multiverse.csv, by plain Python over the extracts."""
    with (project.processed() / "multiverse.csv").open(encoding="utf-8") as file:
        (value,) = [
            float(row["value"])
            for row in csv.DictReader(file)
            if row["claim"] == "citations-europe-2023"
            and json.loads(row["choices"]) == {"europe": "eu27", "europe_count": "publisher_group"}
        ]
    (unknown,) = [
        float(row["value"])
        for row in extract(shares.REPORT)
        if row["region"] == "Unknown" and row["locator"] == "Fig 1.1.7, p.35"
    ]
    rows = [
        row
        for row in extract("research_cset_cat_publications_yearly_citations")
        if row["year"] == "2023"
    ]
    groups = set(tables.load("cset_groups")["group"])
    credits = sum(int(row["count"]) for row in rows if row["place"] not in groups)
    (union,) = [int(row["count"]) for row in rows if row["place"] == "EU"]
    assert abs(value - union / credits * (100 - unknown)) < 0.001


def test_chinas_share_of_publications_is_compared_on_the_base_of_the_report(extract, measured):
    """Plain Python over the extracts: CSET's articles of 2023, with the report's Unknown."""
    groups = set(tables.load("cset_groups")["group"])
    rows = [
        row
        for row in extract("research_cset_cat_publications_yearly_articles")
        if row["year"] == "2023" and row["place"] not in groups
    ]
    (china,) = [int(row["count"]) for row in rows if row["place"] == "China (mainland)"]
    (unknown,) = [
        float(row["value"])
        for row in extract(shares.REPORT)
        if row["region"] == "Unknown" and row["locator"] == "Fig 1.1.6, p.34"
    ]
    share = china / sum(int(row["count"]) for row in rows) * (100 - unknown)
    assert round(share, 1) == 21.9
    assert abs(measured("publications-china-leads")["China@2023"] - share) < 0.001


def test_grants_are_a_part_of_the_filings_of_their_year(extract):
    """Plain Python over the extracts: no country has more grants than filings in any year."""
    filed = extract("research_cset_cat_patents_yearly_applications")
    known = {(row["place"], row["year"]): int(row["count"]) for row in filed}
    granted = extract("research_cset_cat_patents_yearly_granted")
    assert not [row for row in granted if int(row["count"]) > known[row["place"], row["year"]]]
    assert shares.grants_of_filings()["above"].eq(0).all()


@pytest.mark.parametrize(
    ("above", "part", "first_filing"),
    [
        ([0, 0, 0], [70, 60, 20], True),
        ([0, 1, 0], [70, 60, 20], False),
        ([0, 0, 0], [70, 60, 65], False),
    ],
)
def test_a_series_runs_by_first_filing_only_with_both_signs(above, part, first_filing):
    table = pd.DataFrame({"above": above, "granted_pct": part}, index=[2017, 2018, 2019])
    assert shares.by_first_filing(table, 2017) is first_filing


def test_the_last_year_of_cset_breaks_the_second_sign():
    grants = shares.grants_of_filings()
    complete = shares.last_complete_year("patents_granted")
    assert not shares.by_first_filing(grants, complete)
    assert shares.by_first_filing(grants.drop(2024), complete)
