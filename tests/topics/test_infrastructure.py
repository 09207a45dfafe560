import pandas as pd
import pytest

from helpers.evidence.cleaning import infrastructure as cleaning
from helpers.evidence.extracts import chips as chip_extracts
from helpers.evidence.extracts import infrastructure as extracts
from helpers.evidence.schemas import TableError, validate
from helpers.project import FactcheckError
from helpers.topics import chip_owners, chips, clusters, grey_market, infrastructure


def cluster(**changed):
    row = {
        "country": "China",
        "operational": "2024-01-01",
        "retired": None,
        "standard": "True",
        "duplicate": "False",
        "superseded_on": None,
    }
    return row | {"op_16_bit": 1.0, "h100_equivalents": 1.0, "power_mw": 1.0} | changed


def test_a_cluster_is_in_from_its_start_until_it_is_retired():
    listed = pd.DataFrame(
        [
            cluster(),
            cluster(operational="2025-06-01"),
            cluster(retired="2025-01-01"),
            cluster(operational=None),
        ]
    )
    assert len(clusters.operating("2025-05-31", listed=listed)) == 1


def test_a_superseded_cluster_is_dropped_only_once_its_successor_has_started():
    listed = pd.DataFrame([cluster(superseded_on="2025-03-01")])
    assert len(clusters.operating("2025-02-28", superseded="drop", listed=listed)) == 1
    assert len(clusters.operating("2025-03-01", superseded="drop", listed=listed)) == 0
    assert len(clusters.operating("2025-03-01", superseded="keep", listed=listed)) == 1


def test_clusters_without_a_country_stay_in_the_base():
    listed = pd.DataFrame([cluster(), cluster(country="not given", op_16_bit=3.0)])
    assert clusters.shares(listed).to_dict() == {"not given": 75.0, "China": 25.0}


def test_unknown_filters_and_measures_of_clusters_are_refused():
    with pytest.raises(FactcheckError, match="no filter"):
        clusters.operating("2025-05-31", "best", listed=pd.DataFrame([cluster()]))
    with pytest.raises(FactcheckError, match="no measure"):
        clusters.shares(pd.DataFrame([cluster()]), "max_ops")


def owners(**changed):
    rows = [
        ("China", 10.0, True, True),
        ("Microsoft", 30.0, False, True),
        ("China (smuggled)", 5.0, True, False),
    ]
    table = pd.DataFrame(rows, columns=["owner", "h100e", "ours", "counted"]).assign(
        quarter_end="2025-09-30", low=float("nan"), high=float("nan")
    )
    return table.assign(**changed)


def test_smuggled_chips_count_for_china_and_not_twice_in_the_total():
    assert chip_owners.shares(owners())["value"].tolist() == [37.5]
    assert chip_owners.shares(owners().iloc[:2])["value"].tolist() == [25.0]


def test_a_range_comes_from_the_published_percentiles_and_the_seed():
    wide = (
        owners()
        .iloc[:2]
        .assign(low=lambda rows: rows["h100e"] / 2, high=lambda rows: rows["h100e"] * 2)
    )
    found = chip_owners.shares(wide)
    assert found["low"].iloc[0] < found["value"].iloc[0] < found["high"].iloc[0]
    pd.testing.assert_frame_equal(found, chip_owners.shares(wide))


def test_scopes_that_do_not_go_together_are_refused():
    for choice in (
        ("nvidia", "plus_domestic", "owned"),
        ("all", "plus_smuggled", "added"),
        ("all", "everything", "owned"),
    ):
        with pytest.raises(FactcheckError):
            chip_owners.rows(*choice)


def test_chinas_owners_lose_no_quarter_that_counts():
    held = chip_owners.rows()
    assert held.groupby("quarter_end")["owner"].agg(lambda names: "China" in set(names)).all()
    assert held["quarter_end"].max() == "2025-09-30" and held["quarter_end"].nunique() == 15


def test_quarters_and_stock_tell_the_same_story_of_china():
    stock = chip_owners.rows().query("owner == 'China'").set_index("quarter_end")["h100e"]
    added = (
        chip_owners.rows(compute="added")
        .query("owner == 'China'")
        .groupby("quarter_end")["h100e"]
        .sum()
    )
    assert (abs(added.cumsum() / stock - 1) < 0.05).all()


def test_a_board_of_two_processors_is_no_chip():
    assert "NVIDIA GB200 NVL2" not in set(chips.released("2024-11-25")["chip"])
    assert chips.best("2024-11-25").loc["United States", "chip"] == "AMD Instinct MI325X"


def test_an_unheld_edition_is_refused_with_those_held():
    with pytest.raises(FactcheckError, match="held are 2024-11-25"):
        chips.released("2023-01-01")


def test_the_lag_is_negative_where_the_chinese_chip_came_first():
    table = pd.DataFrame(
        {
            "country": ["China", "United States"],
            "released": ["2022-01-01", "2024-01-01"],
            "flop_16_bit": [5.0, 6.0],
        }
    )
    assert chips.lag_years(table) == -2.0
    assert pd.isna(chips.lag_years(table.iloc[1:].assign(flop_16_bit=float("nan"))))


def test_reports_of_one_publisher_on_one_trade_are_one_and_late_ones_are_out():
    found = pd.DataFrame(
        [("A", "smuggling", "2025-06-01", 1, "primary"),
        ("A", "smuggling", "2025-07-01", 2, "primary"),
         ("B", "repair", "2025-07-01", 3, "secondary"),
         ("C", "smuggling", "2025-12-01", 4, "copy")],
        columns=["publisher", "trade", "published", "value", "evidence"],
    )  # fmt: skip
    listed = grey_market.reports(found)
    assert [grey_market.count(listed, rule) for rule in grey_market.RULES] == [2, 1, 1]
    assert (
        grey_market.count(grey_market.with_later(listed, "C", "smuggling", "2025-12-01", "copy"))
        == 3
    )
    with pytest.raises(FactcheckError, match="no rule"):
        grey_market.count(listed, "all")


PLACED = pd.Series({"China": 10.0, "United States": 70.0})


def test_a_list_that_china_left_and_values_of_one_country_are_no_measure():
    tables_of = infrastructure.judging(PLACED), infrastructure.beside()
    names = {name for table in tables_of for name in table["indicator"]}
    assert not names & {"Supercomputers listed", "Capacity of chip plants"}
    assert all(table[["China", "United States"]].notna().all(axis=None) for table in tables_of)


def test_a_thing_judges_once_or_stands_beside_once():
    both = pd.concat([infrastructure.judging(PLACED), infrastructure.beside()])
    assert not both["indicator"].duplicated().any()
    assert "Private AI investment" not in set(infrastructure.judging(PLACED)["indicator"])


def test_a_swap_of_two_countries_turns_the_lead():
    swapped = PLACED[::-1].set_axis(["China", "United States"])
    leads = [
        infrastructure.judging(placed).set_index("indicator").loc["Clusters of AI chips"]
        for placed in (PLACED, swapped)
    ]
    assert [lead["ahead"] for lead in leads] == ["United States", "China"]
    assert leads[0]["us_times"] == 7


def test_a_maker_without_a_seat_and_an_event_without_a_label_are_named(monkeypatch, tmp_path):
    unknown = pd.DataFrame([{"manufacturer": "Nobody", "chip": "X", "vintage": "2025-11-01"}])
    monkeypatch.setattr(cleaning, "raw_editions", lambda extract: unknown)
    with pytest.raises(FactcheckError, match="Nobody"):
        cleaning.clean_chips()
    path = tmp_path / "controls.csv"
    path.write_text("date,actor,event,evidence\n2031-01-01,US,something,secondary\n")
    with pytest.raises(FactcheckError, match="2031-01-01"):
        chip_extracts.controls(path)


def test_patents_without_equal_rows_for_each_place_get_no_years(tmp_path):
    path = tmp_path / "patents.csv"
    path.write_text(
        "time_period,value\nWorld -> Asia -> China,Upper middle\nWorld -> Asia -> China,5\nWorld ->"
        " North America -> United States,High\n"
    )
    with pytest.raises(FactcheckError, match="differ in their number of rows"):
        extracts.chip_patents(path)


def test_sixteen_bit_numbers_come_from_the_tensor_column_first(tmp_path):
    path = tmp_path / "hardware.csv"
    names = [columns[0] for columns in chip_extracts.HARDWARE.values()]
    path.write_text(
        ",".join(names)
        + "\nA,NVIDIA,2024-01-01,5,1,\nB,Huawei,2024-01-01,,3,\nC,Huawei,2024-01-01,,,\n"
    )
    assert chip_extracts.ml_hardware(path).set_index("chip")["flop_16_bit"].to_dict() == {
        "A": "5",
        "B": "3",
        "C": "",
    }


def test_a_share_above_a_hundred_fails_the_schema():
    bad = pd.DataFrame(
        [{"step": "Fabrication", "entity": "China", "share_pct": 240.0, "year": 2022}]
    )
    with pytest.raises(TableError, match="share_pct"):
        validate(bad, chip_extracts.SCHEMAS["supply_shares"], "data/raw/x.csv")


def test_an_event_with_a_month_only_gets_no_day():
    events = chips.controls("2025-10")
    assert len(chips.control_marks(events)) == events["day"].notna().sum() < len(events)
