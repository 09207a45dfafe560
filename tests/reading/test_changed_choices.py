"""Under another choice a notebook's texts follow its values; a planted fault is seen."""

import re
from dataclasses import replace

import pandas as pd
import pytest
import said

from helpers.running import runner
from helpers.topics import openness

CHANGES = {
    "01": ("01_research_output", {"europe": "world_bank_eca", "europe_count": "sum_of_countries"}),
    "02": ("02_patents", {"patent_event": "filed"}),
    "03": ("03_top_cited", {"counting": "sole"}),
    "06": ("06_notable_models", {"counting": "sole", "deepmind": "uk"}),
    "07 large": ("07_algorithmic_efficiency", {"exclude_distilled": True, "min_flop": 1e24}),
    "07 day": ("07_algorithmic_efficiency", {"capability": "math_l5", "as_of": "2025-02-28"}),
    "08": (
        "08_open_models",
        {"meter": "hub_thirty_days", "scope": "everything", "share_base": "plus_other"},
    ),
    "09": ("09_applications", {"fintech_yardstick": "bills_online"}),
    "11": ("11_infrastructure", {"cluster_metric": "power"}),
    "12": ("12_chip_controls", {"vintage": "2024-11-25"}),
    "13 day": ("13_diffusion", {"as_of": "2026-05-06"}),
    "13 base": ("13_diffusion", {"adoption_base": "population"}),
    "14": ("14_governance", {"since": 2021, "least_change": "one_hundredth"}),
    "15 list": ("15_open_weights", {"model_list": "large_scale", "producer": "any_organisation"}),
    "15 year": ("15_open_weights", {"last_year": "2024", "vintage": "2025-05-20"}),
}


FAST = ("03", "06", "14")
KEYS = [*FAST, *(pytest.param(key, marks=pytest.mark.slow) for key in CHANGES if key not in FAST)]


@pytest.fixture(scope="module")
def copies(tmp_path_factory, request):
    """What each change says, all that are asked for run at once."""
    folder = tmp_path_factory.mktemp("changed")
    all_ = any(item.get_closest_marker("slow") for item in request.session.items)
    jobs = {
        key: runner.Job(name, folder / f"{key}.ipynb", folder / key, change)
        for key, (name, change) in CHANGES.items()
        if all_ or key in FAST
    }
    runner.run_all(list(jobs.values()), None, print, None)
    return {key: said.of(job) for key, job in jobs.items()}


def values(copy, claim):
    return {each["entity"]: each["value"] for each in copy.record(claim)["values"]}


@pytest.mark.parametrize("key", KEYS)
def test_what_is_said_keeps_to_the_values(copies, key):
    assert [fault for law in said.LAWS for fault in law(copies[key])] == []


@pytest.mark.parametrize("key", KEYS)
def test_every_number_of_the_short_answer_is_still_printed(copies, key):
    assert [each for each in said.unprinted(copies[key].cells) if each[0] <= 2] == []


@pytest.mark.slow
def test_01_names_the_side_that_leads_and_the_order_as_it_is(copies):
    copy = copies["01"]
    assert copy.figure("01_citation_series").headline == "Europe leads in citations"
    found = values(copy, "citations-order-2023")
    assert found["Europe"] > found["China"] > found["United States"]
    assert copy.record("citations-order-2023")["holds"] is False


@pytest.mark.slow
def test_02_gives_the_shares_of_the_chosen_event(copies):
    summary, found = copies["02"].summary("patents-china-leads"), copies["02"]
    found = values(found, "patents-china-leads")
    assert f"CSET, filed 2014-2019) it has {found['China']:.1f}%" in summary
    assert f"next largest {found['Next largest']:.1f}%" in summary


def test_03_says_of_papers_of_one_country_what_the_lists_have(copies):
    copy = copies["03"]
    record = copy.record("top100-us-declining")
    first, last = (each["value"] for each in record["values"])
    assert record["holds"] is (first > last) and f"{first:.1f} → {last:.1f}%" in record["summary"]
    assert "fall" not in copy.figure("03_top100_by_edition").headline


def test_06_says_that_the_list_grew_only_where_both_counts_did(copies):
    copy = copies["06"]
    figure = copy.figure("06_counts_by_edition")
    at = figure.data.groupby(["x", "entity"])["value"]
    later, printed = at.first()["2025-11-01"], at.last()["2025-03-17"]
    grown = all(later[place] > printed[place] for place in ("United States", "China"))
    assert ("went on growing" in figure.headline) is grown
    american = values(copy, "notable-models-us-2024")["United States"]
    assert american < 40 and copy.record("notable-models-us-2024")["holds"] is False
    assert f"Rebuilt list of 2025-03-17: United States {american:g}" in figure.alt
    assert "both sides" not in figure.alt


@pytest.mark.slow
def test_07_gives_the_ratio_that_it_measures_and_the_day_that_is_chosen(copies):
    for key, month, period in (
        ("07 large", "October 2025", "to 2025-10"),
        ("07 day", "February 2025", "to 2025-02"),
    ):
        record = copies[key].record("more-with-less")
        [value] = record["values"]
        assert value["period"] == period and f"to {month}" in record["summary"]
        assert f"{value['value']:.2f} times at the median" in record["summary"]


@pytest.mark.slow
def test_08_names_the_side_that_leads_on_each_meter_and_no_lead_that_is_none(copies):
    copy = copies["08"]
    figure = copy.figure("08_monthly_shares")
    for panel, rows in figure.data.groupby("panel"):
        known = rows[rows["mark"].ne("restated")]
        last = known[known["x"].eq(known["x"].max())].set_index("entity")["value"]
        assert last["China"] < last["United States"], panel
    assert figure.headline == "In September 2025 the US leads on the Hub and on Ollama"
    found = values(copy, "monthly-downloads-overtaken")
    assert copy.record("monthly-downloads-overtaken")["holds"] is False
    assert f"China has {found['China']:.1f}%" in copy.summary("monthly-downloads-overtaken")
    words = " ".join(text for _, text in copy.texts())
    assert not any(word in words for word in ("a half", "for good", "passes", "three regions"))


@pytest.mark.slow
def test_09_gives_the_ratio_of_the_chosen_yardstick_first(copies):
    record = copies["09"].record("china-ahead-fintech")
    assert record["holds"] is False and record["values"][0]["value"] == 0.91
    assert record["summary"].startswith("China has 0.91 times the American value (World Bank")


@pytest.mark.slow
def test_11_counts_every_measure_and_gives_the_ratio_in_the_chosen_unit(copies):
    copy = copies["11"]
    lists = copy.figure("11_indicators")
    counts = [int(each) for each in re.findall(r"of (\d+) measures", lists.alt)]
    assert sum(counts) == len(lists.data) and "electric power" in copy.figure("11_clusters").alt
    ratio = values(copy, "us-lead-data-centres")["United States over China"]
    assert f"{ratio:.1f} times China's electric power" in copy.summary("us-lead-data-centres")


@pytest.mark.slow
def test_12_names_the_fastest_chips_of_the_chosen_edition(copies):
    copy = copies["12"]
    found = values(copy, "chip-best-trail")
    gap = f"{100 * found['China'] / found['United States']:.0f}%"
    figure = copy.figure("12_chips")
    tops = figure.data.sort_values("value").groupby("entity")["chip"].last()
    assert gap in figure.headline and gap in copy.summary("chip-best-trail")
    assert all(chip in figure.alt for chip in tops) and "2024-11-25" in figure.source


@pytest.mark.slow
def test_13_names_the_period_of_the_chosen_base_and_every_dot(copies):
    day, base = copies["13 day"], copies["13 base"]
    dots, waves = day.figure("13_by_base").alt, day.figure("13_waves").alt
    assert "US Census" in dots and "ahead" not in dots and "31.3%" in waves
    assert "16.4% (2026 Q1)" in day.summary("china-well-placed")
    assert {each["period"] for each in day.record("china-well-placed")["values"]} == {"2026"}
    assert "36.5% (2025-06), United States not measured" in base.summary("china-well-placed")


def test_14_says_no_fall_where_the_score_counts_as_level(copies):
    copy = copies["14"]
    index, side = copy.figure("14_index"), copy.figure("14_side_by_side")
    assert copy.record("repression-growing")["holds"] is False
    assert "0.041 in 2021, 0.036 in 2024" in index.alt
    assert all("fell" not in text for text in (index.alt, index.headline, side.headline))
    assert "0.041 in 2021" in copy.summary("repression-growing")


@pytest.mark.slow
def test_15_counts_by_edition_what_the_figure_shows(copies):
    large = ("large_scale", {"producer": "any_organisation"})
    notable = ("notable", {"producer": "firms"})
    for key, last, (listed, rules) in (("15 list", 2025, large), ("15 year", 2024, notable)):
        alt = copies[key].figures[1].alt
        china = openness.by_vintage(listed, (last,), **rules).query("group == 'China'")["open"]
        ends = f"{china.iloc[0]} to {china.iloc[-1]}"
        assert f"China, dated {last}: {ends};" in alt and "hardly" not in alt
        record = copies[key].record("constraints-new-playbook")
        first, final = record["values"][0]["value"], record["values"][-1]["value"]
        assert f"{first} of 2022 and {final} of {last}" in record["summary"]


# ---------------------------------------------------------------- planted faults


def told(copy, **texts):
    """The copy with other words in its first figure."""
    return replace(copy, figures=[replace(copy.figures[0], **texts), *copy.figures[1:]])


def answered(copy, old, new):
    """The copy with other words in its summaries."""
    said_ = [each | {"summary": each["summary"].replace(old, new)} for each in copy.records]
    assert said_ != copy.records
    return replace(copy, records=said_)


def shortened(copy, text):
    """The copy with another short answer."""
    return replace(copy, cells=[copy.cells[0], {"cell_type": "markdown", "source": text}])


def test_every_law_sees_its_planted_fault():
    one, six, ten = map(
        said.committed, ("01_research_output", "06_notable_models", "10_robots_and_manufacturing")
    )
    seven = said.committed("07_algorithmic_efficiency")
    for copy in (one, six, ten, seven):
        assert [fault for law in said.LAWS for fault in law(copy)] == []
    rises = ten.figures[0].alt
    assert "China rises from 14 to 54" in rises
    order = "China is ahead of the United States"
    assert said.missing_values(told(six, alt="China nan, United States 54."))
    assert said.lengths(answered(six, "The AI Index", " ".join(["It"] * 36)))
    assert said.lengths(shortened(six, "**The short answer.** China has 15."))
    assert said.lengths(shortened(six, "**The short answer.** By default " + "word " * 60))
    assert said.lengths(shortened(six, "**The short answer.** By default 1, 2, 3, 4 and 6."))
    assert said.marked(replace(six, change={"counting": "sole"}))
    assert said.backed(told(six, alt=six.figures[0].alt.replace("54", "54.321")))
    assert said.backed(answered(six, "has 40", "has 40.125"))
    assert said.directions(told(ten, alt=rises.replace("China rises", "China falls")))
    assert said.directions(told(six, headline="China's share falls: from 15.0% to 31.0%"))
    assert said.order(answered(one, order, "The United States is ahead of China"))
    series = one.figure("01_citation_series")
    swapped = replace(series, headline=series.headline.replace("China leads", "Europe leads"))
    assert said.order(replace(one, figures=[swapped]))
    four = said.committed("04_talent")
    venues = four.figure("04_venues")
    turned = venues.headline.replace("China at", "United States at")
    assert turned != venues.headline and said.order(four) == []
    assert said.order(replace(four, figures=[replace(venues, headline=turned)]))
    rows = ten.figures[1]
    more = replace(rows, alt=rows.alt.replace("in 8 of 15", "in 9 of 15"))
    assert more != rows and said.order(replace(ten, figures=[more]))
    assert said.periods(answered(seven, "to October 2025", "to November 2025"))


def test_a_headline_is_read_from_what_the_picture_draws():
    figure = said.committed("06_notable_models").figure("06_counts_by_edition")
    assert figure.headline == "The list went on growing after the AI Index counted"
    assert figure.source.startswith("Source: Epoch AI") and figure.subtitle and len(figure.data)
    assert pd.api.types.is_numeric_dtype(figure.data["value"])
