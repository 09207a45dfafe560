"""Under another choice a notebook's texts follow its values: 13, 14 and 15."""

import json

import pytest
from test_prose import unprinted

from helpers.judging import claims
from helpers.running import runner
from helpers.topics import openness

CHANGES = [
    ("13_diffusion", {"as_of": "2026-05-06"}),
    ("13_diffusion", {"adoption_base": "population"}),
    ("14_governance", {"since": 2021, "least_change": "one_hundredth"}),
    ("15_open_weights", {"model_list": "large_scale", "producer": "any_organisation"}),
    ("15_open_weights", {"last_year": "2024", "vintage": "2025-05-20"}),
]


@pytest.fixture(scope="module")
def copies(tmp_path_factory):
    """The executed cells of each change, all run at once."""
    folder = tmp_path_factory.mktemp("changed")
    jobs = [
        runner.Job(name, folder / f"{place}.ipynb", folder / str(place), change)
        for place, (name, change) in enumerate(CHANGES)
    ]
    runner.run_all(jobs, None, print, None)
    return [json.loads(job.copy.read_text(encoding="utf-8"))["cells"] for job in jobs]


def texts(cells):
    """The alternative texts, and each claim's summary and record."""
    alts, records = [], {}
    for cell in cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/svg+xml" in data:
                alts.append("".join(data["text/plain"]))
            if claims.MIME in data:
                records[data[claims.MIME]["claim"]] = data[claims.MIME]
    return alts, records


@pytest.mark.parametrize("place", range(len(CHANGES)))
def test_every_number_of_the_short_answer_is_still_printed(copies, place):
    cells = copies[place]
    assert [each for each in unprinted(cells) if each[0] <= 2] == []


def test_13_names_the_period_of_the_chosen_base_and_every_dot(copies):
    (dots, waves), later = texts(copies[0])
    assert "US Census" in dots and "ahead" not in dots and "31.3%" in waves
    assert "16.4% (2026 Q1)" in later["china-well-placed"]["summary"]
    _, other = texts(copies[1])
    assert "36.5% (2025-06), United States not measured" in other["china-well-placed"]["summary"]


def test_14_says_no_fall_where_the_score_counts_as_level(copies):
    alts, records = texts(copies[2])
    assert records["repression-growing"]["holds"] is False
    assert "0.041 in 2021, 0.036 in 2024" in alts[0]
    assert "fell" not in alts[0] and "0.041 in 2021" in records["repression-growing"]["summary"]


def test_15_counts_by_edition_what_the_figure_shows(copies):
    large = ("large_scale", {"producer": "any_organisation"})
    notable = ("notable", {"producer": "firms"})
    for cells, last, (listed, rules) in ((copies[3], 2025, large), (copies[4], 2024, notable)):
        alts, records = texts(cells)
        china = openness.by_vintage(listed, (last,), **rules).query("group == 'China'")["open"]
        ends = f"{china.iloc[0]} to {china.iloc[-1]}"
        assert f"China, dated {last}: {ends};" in alts[1] and "hardly" not in alts[1]
        values = records["constraints-new-playbook"]["values"]
        first, final = values[0]["value"], values[-1]["value"]
        summary = records["constraints-new-playbook"]["summary"]
        assert f"{first} of 2022 and {final} of {last}" in summary
