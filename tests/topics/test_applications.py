import pandas as pd
import pytest

from helpers.evidence import tables
from helpers.evidence.cleaning import applications as cleaning
from helpers.evidence.extracts import applications as extracts
from helpers.project import FactcheckError
from helpers.topics import applications, retail

FINDEX = "codewb,year,group," + ",".join(extracts.FINDEX) + "\n"


def written(tmp_path, content):
    path = tmp_path / "upstream.csv"
    path.write_text(content, encoding="utf-8")
    return path


def test_both_ways_of_writing_a_quarter_are_read(tmp_path):
    short = extracts.census_share(
        written(tmp_path, "observation_date,ECOMPCTSA\n10/1/99,0.6\n1/1/00,0.8\n")
    )
    assert short.to_numpy().tolist() == [["1999-10-01", "0.6"], ["2000-01-01", "0.8"]]
    assert extracts.census_sales(written(tmp_path, "observation_date,ECOMSA\n1999-10-01,4476\n"))[
        "quarter"
    ].tolist() == ["1999-10-01"]


def test_a_question_not_asked_stays_missing_and_groups_of_adults_are_left_out(tmp_path):
    content = (
        FINDEX
        + "USA,2024,all,100,0.9,NA,NA,NA\nUSA,2024,women,50,0.8,NA,NA,NA\n"
        + "FRA,2024,all,60,0.9,0.5,0.5,0.5\n"
    )
    found = extracts.findex(written(tmp_path, content)).set_index("item")["value"]
    assert (
        found["adults"] == 100
        and found["account at an institution"] == 90
        and pd.isna(found["paid bills online"])
        and len(found) == 5
    )


def test_another_copy_of_the_survey_is_refused(tmp_path):
    with pytest.raises(FactcheckError, match="lacks fin26a"):
        extracts.findex(written(tmp_path, FINDEX.replace("fin26a,", "")))


def test_a_share_of_exactly_zero_is_a_question_not_asked(monkeypatch):
    table = pd.DataFrame(
        {
            "entity": ["China", "United States"],
            "year": 2021,
            "item": "paid online for an online purchase",
            "value": [74.9, 0.0],
        }
    )
    monkeypatch.setattr(cleaning, "raw", lambda id_: table)
    assert cleaning.clean_findex()["value"].isna().tolist() == [False, True]


def test_a_quarter_in_one_table_only_is_named(monkeypatch):
    shares = pd.DataFrame({"quarter": ["2024-01-01", "2024-04-01"], "share_pct": [15.8, 16.0]})
    sales = pd.DataFrame({"quarter": ["2024-01-01"], "sales_musd": [1.0]})
    monkeypatch.setattr(cleaning, "raw", lambda id_: shares if id_ == cleaning.SHARE else sales)
    with pytest.raises(FactcheckError, match="2024-04-01 stands in one of"):
        cleaning.clean_us_online_retail()


def test_a_highest_value_of_a_third_country_is_refused(tmp_path):
    header = "indicator,entity,period,unit,publisher,evidence\n"
    found = extracts.stated_firsts(
        written(
            tmp_path,
            header + "revenue,US,2021,USD bn (highest of 13"
            " markets),P,copy\nparcels,China,2021,billion,P,copy\n",
        )
    )
    assert found.to_numpy().tolist() == [["revenue", "United States", "2021", "13", "P", "copy"]]
    with pytest.raises(FactcheckError, match="Japan"):
        extracts.stated_firsts(
            written(tmp_path, header + "revenue,Japan,2021,USD bn (highest of 13 markets),P,copy\n")
        )


def test_a_year_without_four_quarters_is_left_out_and_sales_weigh_the_quarters(monkeypatch):
    quarters = [f"2023-{month}-01" for month in ("01", "04", "07", "10")]
    table = pd.DataFrame(
        {
            "quarter": [*quarters, "2024-01-01"],
            "share_pct": [10.0, 10, 10, 20, 50],
            "sales_musd": [100.0, 100, 100, 400, 1],
        }
    )
    monkeypatch.setattr(tables, "load", lambda name: table)
    assert retail.us_shares()[["year", "value"]].to_numpy().tolist() == [[2023, 12.5]]
    assert retail.us_shares("sales_over_retail")["value"].tolist() == [14.0]
    with pytest.raises(FactcheckError, match="no rule for quarters"):
        retail.us_shares("last_quarter")


def test_only_a_period_with_both_countries_is_compared():
    rows = pd.DataFrame(
        {
            "entity": ["China", "United States", "China"],
            "period": ["2021", "2021", "2024"],
            "value": [1.0, 2, 3],
        }
    )
    assert applications._common(rows)[0] == "2021"
    with pytest.raises(FactcheckError, match="No period has both"):
        applications._common(rows.iloc[[1, 2]])


def test_an_order_without_values_counts():
    table = applications.indicator_table()
    order = table[table["order_only"]]
    assert order["ratio"].isna().all() and order["ahead"].tolist() == ["United States"]


def test_a_missing_american_value_gives_nobody_a_point():
    table = applications.indicator_table()
    assert table.set_index("indicator").loc["Adults who pay bills online", "period"] == "2021"
    assert "parcel carrier revenue" not in set(applications.not_compared()["indicator"])
