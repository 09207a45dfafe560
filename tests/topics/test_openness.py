import json

import pandas as pd
import pytest

from helpers.evidence import tables
from helpers.evidence.cleaning import openness as cleaning
from helpers.evidence.extracts import openness as extracts
from helpers.judging import choices, claims
from helpers.project import FactcheckError
from helpers.topics import openness

HEADER = "Model,Publication date,Organization,Country (of organization),Model accessibility\n"


def listed(*rows):
    columns = [
        "list",
        "vintage",
        "model",
        "published",
        "organisations",
        "countries",
        "sectors",
        "access",
    ]
    return pd.DataFrame([("notable", "2025-11-01", *row) for row in rows], columns=columns)


@pytest.fixture
def small(monkeypatch):
    table = listed(
        ("A", "2022-03-01", "Lab", "CHN", "Industry", "unrestricted"),
        ("B", "2022-11-02", "University", "CHN;SGP", "Academia", "restricted"),
        ("C", "2023-01-05", "Both", "CHN;USA", "Academia,Industry", "non_commercial"),
        ("D", "2024-12-31", "Lab", "USA", "Industry", "unknown"),
        ("E", "2024-02-01", "Lab", "CHN", None, "interface"),
    )
    monkeypatch.setattr(tables, "load", lambda name: table)
    return table


def test_an_unknown_word_for_access_is_named_and_counted_and_never_dropped():
    with pytest.raises(FactcheckError, match="'Open sauce': 2"):
        cleaning.access(pd.Series(["Open sauce", "API access", "Open sauce"]))
    assert list(cleaning.access(pd.Series(["Open source", None]))) == ["unrestricted", "unknown"]


def test_a_vintage_without_accessibility_and_a_model_without_a_full_date_are_refused(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(
        "Model,Publication date,Organization,Country (of organization)\nA,2024-01-01,Lab,China\n"
    )
    with pytest.raises(FactcheckError, match="Model accessibility"):
        extracts.notable_accessibility(path)
    path.write_text(HEADER + "A,2024,Lab,China,API access\n")
    with pytest.raises(FactcheckError, match="1 models without a full date, first 'A'"):
        extracts.notable_accessibility(path)


def test_an_extract_starts_in_2019_and_names_each_country_once(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(
        HEADER + 'Old,2018-12-31,Lab,China,\nNew,2019-01-01,"Lab,Lab","China, China,Japan",\n'
    )
    assert extracts.notable_accessibility(path).to_dict("records") == [
        {
            "model": "New",
            "published": "2019-01-01",
            "organisations": "Lab",
            "countries": "China,Japan",
            "sectors": "",
            "accessibility": "",
        }
    ]


def test_what_is_older_than_the_hubs_dates_is_no_repository_of_2022(tmp_path):
    path = tmp_path / "weeks.json"
    path.write_text(
        json.dumps(
            [
                {"id": "Lab", "week_date": day, "models_week": n}
                for day, n in (("2022-03-02", 9), ("2022-03-09", 1), ("2022-12-28", 2))
            ]
        )
    )
    assert extracts.repositories(path).to_dict("records") == [
        {"organisation": "Lab", "created": "2022", "models": 3},
        {"organisation": "Lab", "created": "undated", "models": 9},
    ]


def test_a_joint_model_stands_apart_or_once_in_each_country(small):
    assert list(openness.models("notable", "2025-11-01")["group"]).count(openness.JOINT) == 1
    both = openness.models("notable", "2025-11-01", joint_models="both").query("model == 'C'")
    assert list(both["group"]) == ["China", "United States"] and len(small) == 5


def test_unknown_access_stays_in_the_base_and_only_widens_the_range(small):
    table = openness.by_year(openness.models("notable", "2025-11-01")).set_index(["group", "year"])
    assert table.loc[
        ("United States", 2024), ["models", "open", "unknown", "high", "share_pct"]
    ].tolist() == [1, 0, 1, 1, 0]
    assert table.loc[("China", 2023), "models"] == 0 and pd.isna(
        table.loc[("China", 2023), "share_pct"]
    )


def test_months_after_october_leave_every_year_alike(small):
    table = openness.by_year(openness.models("notable", "2025-11-01"), to_month=10).set_index(
        ["group", "year"]
    )
    assert (
        table.loc[("China", 2022), "open"] == 1
        and table.loc[("United States", 2024), "models"] == 0
    )


def test_firms_are_models_with_an_organisation_from_industry(small):
    kept = openness.models("notable", "2025-11-01", producer="firms")
    assert list(kept["model"]) == ["A", "C", "D"]
    small["sectors"] = None
    with pytest.raises(FactcheckError, match="does not say which organisations are firms"):
        openness.models("notable", "2025-11-01", producer="firms")


def test_a_vintage_not_held_and_a_year_not_reached_are_refused(small):
    with pytest.raises(FactcheckError, match="held are 2025-11-01"):
        openness.models("notable", "2020-01-01")
    with pytest.raises(FactcheckError, match="not all of 2022 to 2025"):
        openness.values(openness.models("notable", "2025-11-01"), "2025")


def test_a_name_at_a_line_end_keeps_its_distance():
    rows = pd.DataFrame(
        {"entity": ["China", "United States", "China"], "x": [1, 2, 2], "value": [9.0, 5.0, 5.5]}
    )
    assert list(openness.line_ends(rows, gap=2)["height"]) == [5, 7]


def test_every_combination_of_15_can_be_answered():
    claim = claims.get("constraints-new-playbook")
    for chosen in choices.grid("15_open_weights"):
        rules = {name: chosen[name] for name in ("joint_models", "open_rule", "producer")}
        found = openness.models(chosen["model_list"], chosen["vintage"], **rules)
        assert claims.holds(claim, openness.values(found, chosen["last_year"])) is not None


def test_the_large_scale_list_has_no_joint_model_as_the_choices_say():
    for vintage in openness.held("large_scale"):
        assert openness.JOINT not in set(openness.models("large_scale", vintage)["group"])
