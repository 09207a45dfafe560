"""The rebuilt list of 17 March 2025 again, by plain Python over the extracts: no helper."""

import json
from itertools import combinations, product
from pathlib import Path

import pytest

COPIES = (
    "models_notable_ai_models_2025_02_24_since_2014",
    "models_notable_ai_models_2025_04_08_since_2014",
)
EPOCH = {
    "API access": "API access",
    "Hosted access (no API)": "hosted access (no API)",
    "Open weights (unrestricted)": "open weights (unrestricted)",
    "Open weights (restricted use)": "open weights (restricted use)",
    "Open weights (non-commercial)": "open weights (noncommercial)",
    "Unreleased": "unreleased",
    "": "unknown",
}
FILED = {"Google DeepMind": "Google", "NVIDIA": "Nvidia", "Meta AI": "Meta",
         "Massachusetts Institute of Technology (MIT)": "MIT",
         "University of California (UC) Berkeley": "UC Berkeley"}  # fmt: skip


def bodies(row):
    return {FILED.get(name.strip(), name.strip()) for name in row["organisations"].split(",")}


def countries(row):
    """Countries once each, Google DeepMind in the United States."""
    named = {name.strip() for name in row["countries"].split(",")} - {"Multinational"}
    return named - {"United Kingdom of Great Britain and Northern Ireland", "United Kingdom"}


def tally(rows, kind):
    found = {}
    for row in rows:
        for key in kind(row):
            found[key] = found.get(key, 0) + 1
    return found


@pytest.fixture
def copies(extract):
    return [
        {row["model"]: row for row in extract(id_) if row["published"].startswith("2024")}
        for id_ in COPIES
    ]


@pytest.fixture
def printed(extract):
    found = {}
    for row in extract("facts_aiindex2025_section_1_3_values"):
        found.setdefault(row["group"], {})[row["item"]] = int(row["printed"])
    return found


@pytest.fixture
def lists(copies, printed):
    """Every list left after each step, by the names of its additions."""
    before, after = copies
    added = sorted(after.keys() - before.keys())
    every = [set(some) for size in range(len(added) + 1) for some in combinations(added, size)]

    def rows(some):
        return [*before.values(), *(after[name] for name in some)]

    def access(row):
        return [EPOCH[row["accessibility"]]]

    total = [some for some in every if len(rows(some)) == printed["total"]["total 2024"]]
    by_access = [some for some in total if tally(rows(some), access) == printed["access"]]
    code = printed["training_code"]["training code unreleased"]
    by_code = [
        some
        for some in by_access
        if sum(row["training_code"] == "Unreleased" for row in rows(some)) == code
    ]
    wanted = printed["organisation"]
    by_body = [
        some
        for some in every
        if all(tally(rows(some), bodies).get(body, 0) == n for body, n in wanted.items())
    ]
    named = {"all": every, "total": total, "access": by_access, "code": by_code, "bodies": by_body}
    return {step: [(some, rows(some)) for some in left] for step, left in named.items()}


def spans(left):
    found = []
    for place in ("United States of America", "China"):
        values = [tally(rows, countries).get(place, 0) for _, rows in left]
        found.append((min(values), max(values)))
    return found


def test_no_model_was_dropped_and_none_of_the_year_changed(extract, copies):
    names = [{row["model"] for row in extract(id_)} for id_ in COPIES]
    assert names[0] < names[1]
    before, after = copies
    kept = ("organisations", "countries", "sectors", "accessibility", "training_code")
    for (name, row), column in product(before.items(), kept):
        assert after[name][column] == row[column], (name, column)


def test_lists_left_and_ranges_are_those_of_the_notebook(lists):
    assert {step: len(left) for step, left in lists.items()} == {
        "all": 2048, "total": 462, "access": 6, "code": 1, "bodies": 8,
    }  # fmt: skip
    assert spans(lists["all"]) == [(39, 42), (10, 18)]
    assert spans(lists["total"]) == [(39, 42), (13, 16)]
    assert spans(lists["access"]) == spans(lists["code"]) == [(40, 40), (15, 15)]
    assert spans(lists["bodies"]) == [(40, 40), (14, 17)]


def test_the_notebook_prints_the_same_table(lists):
    path = Path(__file__).resolve().parents[2] / "notebooks" / "06_notable_models.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    told = "".join(
        "".join(output.get("data", {}).get("text/html", []))
        for cell in cells
        if "recount.narrowed" in "".join(cell["source"])
        for output in cell["outputs"]
    )
    lines = told.split("<tr")[2:]
    for line, step in zip(lines, ("all", "total", "access", "code", "all", "bodies"), strict=True):
        shown = [part.split("</td>")[0] for part in line.split("<td>")[2:7]]
        (low, high), (least, most) = spans(lists[step])
        assert [int(value) for value in shown] == [len(lists[step]), low, high, least, most]


def test_06_counts_the_one_list_left(lists, measured):
    ((_, rows),) = lists["code"]
    found = tally(rows, countries)
    american = measured("notable-models-us-2024")["United States@2024"]
    assert american == found["United States of America"] == 40
    assert measured("notable-models-china-2024")["China@2024"] == found["China"] == 15
