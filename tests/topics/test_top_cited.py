"""Zeta Alpha's lists again, by plain Python over the extracts."""

import pytest

from helpers.topics import top_cited

YEARS = ("2020", "2021", "2022")


def rows_of(extract, year):
    rows = extract(f"research_zeta_alpha_top_cited_{year}")
    return [(row["countries"].split(";"), int(row["papers"])) for row in rows]


def test_the_lists_do_not_all_hold_a_hundred_papers(extract):
    lengths = [sum(papers for _, papers in rows_of(extract, year)) for year in YEARS]
    assert lengths == [100, 101, 104]
    assert top_cited.counts()["papers"].tolist() == lengths


@pytest.mark.parametrize("year", YEARS)
def test_a_share_is_of_the_list_and_not_of_a_hundred(extract, year):
    rows = rows_of(extract, year)
    american = sum(papers for places, papers in rows if "USA" in places)
    share = 100 * american / sum(papers for _, papers in rows)
    assert abs(top_cited.shares().loc[year, "United States"] - share) < 0.001


def test_the_lists_agree_with_their_own_chart_for_the_united_states():
    chart = top_cited.printed("zeta_alpha_chart")["United States"]
    assert (top_cited.shares()["United States"].round() == chart).all()


def test_papers_of_americans_alone_do_not_fall_steadily(extract):
    sole = [
        sum(papers for places, papers in rows_of(extract, year) if places == ["USA"])
        for year in YEARS
    ]
    assert sole == [48, 48, 45]
    assert top_cited.counts("sole")["United States"].tolist() == sole


def test_a_joint_paper_is_shared_out_in_equal_parts(extract):
    credit = sum(
        papers / len(places) for places, papers in rows_of(extract, "2022") if "CHN" in places
    )
    assert abs(top_cited.counts("fractional").loc["2022", "China"] - credit) < 0.01


def test_no_rule_on_their_lists_gives_the_reports_counts_and_one_that_did_would_be_seen(
    monkeypatch,
):
    assert not top_cited.against_report()["same"].any()
    printed = top_cited.printed("ai_index_2025")
    printed.loc["2022", ["United States", "China"]] = [71.0, 22.0]
    monkeypatch.setattr(top_cited, "printed", lambda edition: printed)
    found = top_cited.against_report()["same"]
    assert found[found].index.tolist() == [("2022", "whole")]


def test_the_list_of_2023_is_headed_by_the_united_states_in_every_way(extract):
    rows = [
        (row["countries"].split(";"), int(row["papers"]))
        for row in extract("facts_nllg_top40_2023")
    ]
    american, chinese = (sum(n for places, n in rows if code in places) for code in ("USA", "CHN"))
    assert sum(n for _, n in rows) == 40
    found = top_cited.counts("whole", "arxiv_top_countries").loc["2023"]
    assert found.tolist() == [american, chinese, 40]
    with_hong_kong = sum(n for places, n in rows if {"CHN", "HKG"} & set(places))
    found = top_cited.counts("whole", "arxiv_top_countries", "in_china").loc["2023"]
    assert found["China"] == with_hong_kong > chinese
    assert american > with_hong_kong
