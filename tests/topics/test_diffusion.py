import pandas as pd
import pytest

from helpers.evidence import tables
from helpers.evidence.extracts import ai_use
from helpers.project import FactcheckError
from helpers.topics import diffusion

SAID = pd.DataFrame(
    [
        ("working_age", "One", "2025 H1", "2025-06-30", "China", 10.0),
        ("working_age", "One", "2025 H1", "2025-06-30", "United States", 20.0),
        ("firms", "Asked, any", "2024", "2024-12-31", "China", 50.0),
        ("firms", "Asked, full", "2024", "2024-12-31", "China", 20.0),
        ("firms", "Other", "2023", "2023-12-31", "China", 52.0),
    ],
    columns=["base", "series", "period", "ended", "entity", "value"],
)


def test_two_series_of_one_survey_are_not_compared():
    pairs = diffusion.pairs(SAID)
    assert pairs[["first", "second", "gap", "agree"]].to_numpy().tolist() == [
        ["Asked, any (2024)", "Other (2023)", 2.0, True],
        ["Asked, full (2024)", "Other (2023)", 32.0, False],
    ]


def test_firms_are_no_people_and_what_nobody_measured_is_missing():
    assert diffusion.of_base(SAID, "working_age") == {"China": 10.0, "United States": 20.0}
    assert diffusion.of_base(SAID, "firms") == {"China": None, "United States": None}
    assert diffusion.of_base(SAID, "population") == {"China": None, "United States": None}
    with pytest.raises(FactcheckError, match="is no base"):
        diffusion.of_base(SAID, "internet_users")


def test_the_stress_test_says_what_part_must_be_missed():
    assert diffusion.stress(15.0, 30.0).to_dict() == {"needed_factor": 2.0, "missed_pct": 50.0}
    assert diffusion.stress(30.0, 15.0)["missed_pct"] == 0
    with pytest.raises(FactcheckError, match="above zero"):
        diffusion.stress(0.0, 10.0)


def test_equal_shares_take_the_better_rank_and_an_unknown_wave_is_refused(monkeypatch):
    table = pd.DataFrame(
        {
            "economy": ["China", "United States", "Chile"],
            "wave": "2025 H1",
            "share_pct": [10.0, 20.0, 20.0],
        }
    )
    monkeypatch.setattr(tables, "load", lambda name: table)
    assert diffusion.waves().set_index("entity")["rank"].to_dict() == {
        "China": 3,
        "United States": 1,
    }
    table["wave"] = "2031 Q1"
    with pytest.raises(FactcheckError, match="no end date"):
        diffusion.waves()


def test_nothing_that_ended_later_is_counted():
    before, after = diffusion.by_base("2025-10-31"), diffusion.by_base("2026-05-06")
    assert before["ended"].max() <= "2025-10-31" < after["ended"].max()
    assert "US Census, wide" in set(after["series"]) - set(before["series"])


def test_every_survey_is_found_among_the_stated_values():
    assert {series for _, series, *_ in diffusion.SURVEYS} <= set(
        diffusion.by_base("2026-12-31")["series"]
    )


def test_an_encoding_other_than_utf_8_is_read_and_a_strange_column_named(tmp_path):
    path = tmp_path / "shares.csv"
    path.write_bytes("Economy,H1 2025 AI Diffusion\nTürkiye,13.40%\n".encode("mac_roman"))
    assert ai_use.user_share(path).to_numpy().tolist() == [["Türkiye", "2025 H1", "13.40"]]
    path.write_text("Economy,Total\nChile,13.40%\n")
    with pytest.raises(FactcheckError, match="'Total' is no wave"):
        ai_use.user_share(path)


def test_what_is_told_of_a_base_names_each_period_and_what_nobody_measured():
    assert diffusion.told(SAID, "working_age") == (
        "Share of people of working age who use AI: China 10% (2025 H1), "
        "United States 20% (2025 H1)"
    )
    one = SAID.assign(base="population").query("entity == 'China'").iloc[[0]]
    assert diffusion.told(one, "population").endswith(
        "China 10% (2025 H1), United States not measured"
    )
    assert "count people" in diffusion.told(SAID, "firms")


def test_the_description_of_the_dots_names_every_value():
    shown = diffusion.labelled(SAID.assign(evidence="primary"))
    words = diffusion.described(shown)
    assert all(f"{row.entity} {row.value:g}%" in words for row in SAID.itertuples())
    assert shown["side"].tolist() == ["left", "right", "right", "right", "right"]


def test_each_wave_has_its_own_stress():
    found = diffusion.stress_by_wave(diffusion.waves())
    assert found["missed_pct"].to_dict() == {"2025 H1": 41.4, "2025 H2": 42.4, "2026 Q1": 47.6}
