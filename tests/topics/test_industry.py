import pandas as pd
import pytest

from helpers.evidence import tables
from helpers.evidence.extracts import industry
from helpers.project import FactcheckError
from helpers.topics import manufacturing, robots

HEADER = (
    "row_id,industry_full_path,field_economy,field_isic_rev_4_industry_codes,"
    "field_2021,field_2022\n"
)


def written(tmp_path, content):
    path = tmp_path / "upstream.csv"
    path.write_text(content, encoding="utf-8")
    return path


def test_a_blank_economy_belongs_to_the_block_above_and_ratios_are_left_out(tmp_path):
    rows = (
        "r1,All ISIC -> All manufacturing,China,C,1,2\nr2,All ISIC -> IT and other information"
        " services,,62,3,4\nr3,Analytical ratios (%),,,,\n"
    )
    found = industry.value_added(written(tmp_path, HEADER + rows))
    assert found["entity"].tolist() == ["China"] * 4 and found["value_musd"].tolist() == [
        "1",
        "2",
        "3",
        "4",
    ]


def test_an_industry_nobody_knows_is_named(tmp_path):
    with pytest.raises(FactcheckError, match="r9: 'Toys' is not mapped"):
        industry.value_added(written(tmp_path, HEADER + "r9,All ISIC -> Toys,China,C,1,2\n"))


def test_shares_of_robots_are_derived_and_a_missing_world_stays_missing(tmp_path):
    rows = (
        "China,CHN,2011,23000\nUnited States,USA,2011,21000\nChina,CHN,2012,30000\nUnited"
        " States,USA,2012,20000\nWorld,W,2012,100000\n"
    )
    found = industry.robot_shares(written(tmp_path, "Entity,Code,Year,Robots\n" + rows)).set_index(
        ["entity", "year"]
    )
    assert (
        found.loc[("China", 2012), "share_pct"] == 30
        and found.loc[("Rest of the world", 2012), "share_pct"] == 50
    )
    assert (
        pd.isna(found.loc[("China", 2011), "share_pct"])
        and found.loc[("China", 2011), "ratio_to_us"] == 1.095
    )
    assert found.loc[("China", 2012), "low_pct"] < 30 < found.loc[("China", 2012), "high_pct"]


def test_a_lead_lasts_only_from_its_last_reversal():
    series = pd.DataFrame(
        {"China": [3.0, 1, None, 3], "United States": [2.0, 2, 2, 2]},
        index=[2001, 2002, 2003, 2004],
    )
    assert manufacturing.lasting(series, "China") == "2004"
    assert manufacturing.lasting(series, "United States") == "never"


def test_an_unknown_industry_scope_or_year_is_answered_with_what_there_is():
    with pytest.raises(FactcheckError, match="did you mean 'Machinery'"):
        manufacturing.shares(["Machinry"])
    with pytest.raises(FactcheckError, match="no scope"):
        manufacturing.of_scope("toys")
    with pytest.raises(FactcheckError, match="2002 to 2022"):
        manufacturing.by_industry(2030)


def test_single_industries_never_exceed_all_manufacturing():
    table = (
        tables.load("value_added")
        .query("year == 2022 and entity == 'China'")
        .set_index("industry")["value_musd"]
    )
    services = ["Software publishing", "IT services", "Research services"]
    assert (
        table.drop([*manufacturing.TOTALS, *services]).sum()
        <= table["Knowledge-intensive manufacturing"] * 1.001
        < table["All manufacturing"]
    )


def test_the_revision_moves_china_alone_and_another_vintage_is_refused():
    first, revised = robots.density("first_print"), robots.density("revised")
    assert first["China"] > first["United States"] > revised["China"]
    assert first.drop("China").equals(revised.drop("China").reindex(first.drop("China").index))
    with pytest.raises(FactcheckError, match="no vintage"):
        robots.density("second_print")


def test_a_stock_that_nobody_printed_is_missing_and_another_measure_is_refused():
    assert pd.isna(robots.measure("stock")["United States"])
    with pytest.raises(FactcheckError, match="no measure"):
        robots.measure("exports")
