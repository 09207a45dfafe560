"""Shares from tables of a few rows, worked out by hand to the last digit."""

import pandas as pd
import pytest

from helpers.evidence import tables
from helpers.project import FactcheckError
from helpers.topics import shares

CITED = "citations_share_pct"
PRINTED = pd.DataFrame(
    [
        (shares.REPORT, CITED, "2023", "China", "Fig 1.1.7, p.35", 22.123456, "2025"),
        (shares.REPORT, CITED, "2023", "Europe", "Fig 1.1.7, p.35", 20.0, "2025"),
        (shares.REPORT, CITED, "2023", "Unknown", "Fig 1.1.7, p.35", 20.0, "2025"),
        (shares.REPORT, CITED, "2022", "China", "Fig 1.1.7, p.35", 1.0, "2025"),
        (shares.REPORT, CITED, "2023", "Europe and Central Asia", "Fig 1.1.5, p.33", 25.0, "2025"),
        (shares.REPORT, "another", "2023", "China", "Fig 1.1.7, p.35", 2.0, "2025"),
        ("another", CITED, "2023", "China", "Fig 1.1.7, p.35", 3.0, "2025"),
        ("another", CITED, "2023", "China", "Fig 1.1.7, p.35", 4.0, "2026"),
    ],
    columns=["source", "measure", "period", "region", "locator", "value", "edition"],
)
YEARS = pd.DataFrame(
    [
        ("articles", "FRA", 2023, 2, "True"), ("articles", "USA", 2023, 3, "False"),
        ("articles", "DEU", 2023, 1, "True"), ("articles", "GBR", 2023, 1, "True"),
        ("articles", "CHN", 2023, 7, "True"), ("articles", "CHN", 2022, 6, "True"),
        ("articles", "USA", 2022, 1, "True"), ("articles", "FRA", 2024, 9, "False"),
        ("articles", "CHN", 2021, 1, "True"), ("citations", "CHN", 2023, 5, "True"),
        ("citations", "FRA", 2023, 5, "True"),
        ("patents_filed", "CHN", 2020, 10, "True"), ("patents_granted", "CHN", 2020, 4, "True"),
        ("patents_filed", "USA", 2020, 2, "True"), ("patents_granted", "USA", 2020, 3, "True"),
        ("patents_filed", "CHN", 2021, 3, "True"), ("patents_granted", "FRA", 2022, 1, "True"),
        ("patents_granted", "FRA", 2020, 1, "True"), ("patents_filed", "FRA", 2021, 1, "True"),
        ("patents_granted", "FRA", 2021, 1, "True"),
    ],
    columns=["measure", "country", "year", "count", "complete"],
)  # fmt: skip
GROUPS = pd.DataFrame(
    [
        ("articles", "Europe", 2023, 3), ("articles", "EU", 2023, 2),
        ("articles", "Europe", 2022, 4),
        ("articles", "OECD", 2023, 9), ("citations", "EU", 2022, 1),
    ],
    columns=["measure", "group", "year", "count"],
)  # fmt: skip
ARTICLES = pd.DataFrame(
    [
        ("France", "Europe", 30, 10.0), ("China", "Asia", 60, 50.0), ("Japan", "Asia", 33, 25.0),
        ("Spain", "Europe", 20, 5.0), ("World", "World", 90, 90.0),
    ],
    columns=["place", "region", "whole", "fractional"],
)  # fmt: skip
BY_YEAR = pd.DataFrame(
    [
        (place, year, articles)
        for place, factor in (("China", 1), ("Europe", 2), ("World", 7))
        for year, articles in ((2002, 100 * factor**2), (2003, factor), (2022, factor), (2023, 5))
    ],
    columns=["place", "year", "articles"],
)


@pytest.fixture(autouse=True)
def _by_hand(monkeypatch):
    """Let every clean table be one of ours."""
    made = {
        "research_printed": PRINTED,
        "cset_years": YEARS,
        "cset_groups": GROUPS,
        "nsf_articles": ARTICLES,
        "nsf_article_years": BY_YEAR,
        "nsf_patents": pd.DataFrame({"place": ["Japan", "China", "World"], "granted": [1, 2, 7]}),
        "ai_index_2026_shares": pd.DataFrame(
            {
                "measure": [CITED, CITED, "another"],
                "year": [2023, 2024, 2023],
                "region": "China",
                "share_pct": [20.123456, 1.0, 2.0],
            }
        ),
    }
    monkeypatch.setattr(tables, "load", lambda name: made[name].copy())


def test_printed_values_are_those_of_a_measure_a_source_and_perhaps_an_edition():
    assert shares.printed(CITED)["value"].tolist() == [22.123456, 20, 20, 1, 25]
    assert shares.printed(CITED, "another")["value"].tolist() == [3, 4]
    assert shares.printed(CITED, "another", "2026")["value"].tolist() == [4]


def test_a_report_s_shares_are_those_of_its_figure_for_2023():
    kept = shares.of_report(CITED)
    assert kept.to_dict() == {"China": 22.1235, "Europe": 20, "Unknown": 20}
    assert shares.of_report(CITED, "world_bank_eca")["Europe"] == 25
    dropped = shares.of_report(CITED, "un_list", "drop_from_base")
    assert dropped.to_dict() == {"China": 27.6543, "Europe": 25}
    with pytest.raises(FactcheckError) as caught:
        shares.of_report(CITED, "eu27")
    assert str(caught.value) == (
        "AI Index 2025 prints no share for eu27: use un_list or world_bank_eca."
    )


def test_csets_shares_are_of_all_credits_the_largest_first_and_europe_last():
    assert list(shares.of_cset("articles", 2023).items()) == [
        ("China", 50), ("United States", 21.4286), ("France", 14.2857), ("Germany", 7.1429),
        ("United Kingdom", 7.1429), ("Europe", 21.4286),
    ]  # fmt: skip
    assert shares.of_cset("articles", 2023, "eu27")["Europe"] == 14.2857
    added = shares.of_cset("articles", 2023, europe_count="sum_of_countries")
    assert added["Europe"] == 28.5714
    assert shares.of_cset("articles", 2023, "eu27", "sum_of_countries")["Europe"] == 21.4286


def test_cumulative_shares_add_up_the_years_until_then():
    found = shares.of_cset("articles", 2023, cumulative=True)
    assert (found["China"], found["Europe"]) == (63.6364, 31.8182)
    assert shares.of_cset("articles", 2022, cumulative=True)["China"] == 87.5
    assert shares.of_cset("articles", 2022)["Europe"] == 57.1429


def test_where_cset_has_no_group_of_a_measure_and_year_europe_is_a_sum():
    assert shares.of_cset("citations", 2023).to_dict() == {
        "China": 50, "France": 50, "Europe": 50,
    }  # fmt: skip
    with pytest.raises(FactcheckError) as caught:
        shares.of_cset("articles", 2023, "nato")
    assert str(caught.value) == (
        "CSET counts no group nato: use un_list or eu27, or sum_of_countries."
    )


def test_an_unknown_part_makes_every_share_smaller():
    assert shares.with_unknown(pd.Series({"China": 33.333333}), 20).to_dict() == {"China": 26.6667}


def test_nsfs_shares_of_articles_are_of_its_world_and_europe_the_sum_of_its_countries():
    assert list(shares.of_nsf_articles().items()) == [
        ("China", 55.5556), ("Japan", 27.7778), ("Europe", 16.6667), ("France", 11.1111),
        ("Spain", 5.5556),
    ]  # fmt: skip
    whole = shares.of_nsf_articles("whole")
    assert (whole["China"], whole["Europe"]) == (66.6667, 55.5556)


def test_nsfs_regions_are_summed_from_the_first_year_to_the_last():
    assert shares.of_nsf_regions().to_dict() == {"China": 14.2857, "Europe": 28.5714}
    assert shares.of_nsf_regions(2003, 2003).to_dict() == {"China": 14.2857, "Europe": 28.5714}
    assert shares.of_nsf_regions(2022, 2023).to_dict() == {"China": 50.0, "Europe": 58.3333}
    assert shares.of_nsf_regions(2002)["China"] == round(100 * 102 / 4914, 4)


def test_nsfs_shares_of_patents_are_of_its_world():
    assert shares.of_nsf_patents().to_dict() == {"Japan": 14.2857, "China": 28.5714}


def test_the_next_edition_has_one_share_a_region_of_a_measure_and_year():
    assert shares.of_next_edition(CITED, 2023).to_dict() == {"China": 20.1235}


def test_the_next_largest_is_a_single_place_other_than_the_first():
    found = pd.Series(
        {"China": 30.0, "Unknown": 28.0, "Rest of the world": 27.0, "India": 9.0, "Japan": 4.0}
    )
    assert shares.next_largest(found) == 9 and shares.next_largest(found, "India") == 30
    assert shares.next_largest(found.drop(["Unknown", "India"])) == 4
    assert type(shares.next_largest(found.astype(object))) is float


@pytest.mark.parametrize(
    ("china", "since"),
    [([3, 1, 3], 2022), ([3, 3, 3], 2020), ([1, 3, 3], 2021), ([3, 3, 1], None), ([1, 3, 1], None)],
)
def test_a_place_leads_since_the_year_after_it_was_last_behind(china, since):
    series = pd.DataFrame({"China": china, "Europe": 2}, index=[2020, 2021, 2022])
    assert shares.leads_since(series) == since
    turned = shares.leads_since(series, "Europe")
    assert turned == {(1, 3, 1): 2022, (3, 3, 1): 2022}.get(tuple(china))


def test_the_last_complete_year_is_complete_for_every_country():
    assert shares.last_complete_year("articles") == 2022
    assert shares.last_complete_year("citations") == 2023


def test_grants_and_filings_are_summed_by_year_of_filing():
    found = shares.grants_of_filings()
    assert list(found) == ["filed", "granted", "above", "granted_pct"]
    assert found.index.tolist() == [2020, 2021]
    assert found["filed"].tolist() == [12, 4] and found["granted"].tolist() == [8, 1]
    assert found["above"].tolist() == [2, 0]
    assert found["granted_pct"].round(3).tolist() == [66.667, 25]
    assert [str(kind) for kind in found.dtypes] == ["int64", "int64", "int64", "float64"]


@pytest.mark.parametrize(
    ("above", "part", "first_filing"),
    [
        ([0, 0, 0], [70, 60, 20], True),
        ([0, 0, 0], [50, 60, 20], True),
        ([0, 0, 1], [70, 60, 20], False),
        ([2, 0, 0], [70, 60, 20], False),
        ([0, 0, 0], [70, 60, 60], False),
    ],
)
def test_grants_by_first_filing_fall_after_the_last_complete_year_and_never_exceed(
    above, part, first_filing
):
    table = pd.DataFrame({"above": above, "granted_pct": part}, index=[2017, 2018, 2019])
    assert shares.by_first_filing(table, 2018) is first_filing


def test_a_trio_has_china_europe_and_the_united_states_in_this_order():
    found = shares.trio(pd.Series({"United States": 3, "India": 9, "Europe": 2, "China": 1}))
    assert list(found.items()) == [("China", 1.0), ("Europe", 2.0), ("United States", 3.0)]
    assert [type(value) for value in found.values()] == [float] * 3
