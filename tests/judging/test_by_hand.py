"""Three combinations of the multiverse again, by plain Python over the extracts: no notebook, no
helper."""

import csv
import json
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]


def swept(claim, entity, **choices):
    """The one value of a claim's specification in multiverse.csv; choices that are not named stand
    at their default."""
    rows = [
        row
        for row in csv.DictReader((TOP / "data/processed/multiverse.csv").open(encoding="utf-8"))
        if row["claim"] == claim
    ]
    (default,) = {row["choices"] for row in rows if row["is_default"] == "True"}
    wanted = json.loads(default) | choices
    found = [
        row for row in rows if json.loads(row["choices"]) == wanted and row["entity"] == entity
    ]
    assert found, f"no such specification: {wanted}"
    return float(sorted(found, key=lambda row: row["period"])[-1]["value"])


def test_chinese_models_of_2024_in_the_edition_of_the_debate(extract):
    rows = [
        row
        for row in extract("models_notable_ai_models_2025_11_01")
        if row["published"].startswith("2024")
    ]
    china = sum("China" in [name.strip() for name in row["countries"].split(",")] for row in rows)
    assert swept("notable-models-china-2024", "China", vintage="2025-11-01") == china


def test_downloads_of_laboratories_over_thirty_days(extract):
    regions = {
        "Alibaba Cloud": "China",
        "DeepSeek": "China",
        "Meta Llama": "US",
        "Google": "US",
        "Microsoft": "US",
        "Mistral AI_": "EU",
    }
    totals = dict.fromkeys(regions.values(), 0)
    for row in extract("adoption_hf_org_cohorts_2025_10_15"):
        if row["organisation"] in regions and row["created_from"] >= "2022-11-30":
            totals[regions[row["organisation"]]] += int(row["downloads_30_days"])
    share = 100 * totals["China"] / sum(totals.values())
    found = swept("monthly-downloads-overtaken", "China", meter="hub_thirty_days", scope="six_labs")
    assert abs(found - share) < 0.001


def test_pulls_from_ollama_without_the_largest_model(extract):
    places = {row["model"]: row for row in extract("facts_regions_ollama")}
    before = {
        row["model"]: int(row["pulls"]) for row in extract("adoption_ollama_library_2025_08_31")
    }
    pulls = {}
    for row in extract("adoption_ollama_library_2025_09_30"):
        place = places[row["model"]]
        if place["kind"] == "lab" and place["region"] in ("china", "us", "eu"):
            pulls[row["model"]] = int(row["pulls"]) - before.get(row["model"], 0)
    del pulls[max(pulls, key=pulls.get)]
    china = sum(value for model, value in pulls.items() if places[model]["region"] == "china")
    found = swept(
        "monthly-downloads-overtaken", "China", meter="ollama", scope="all_labs", largest="without"
    )
    assert abs(found - 100 * china / sum(pulls.values())) < 0.001


def test_authors_in_china_with_hong_kong_and_macau_among_them(extract):
    rows = [
        row for row in extract("talent_neurips_2022_title_affiliation") if row["track"] == "main"
    ]
    slots = [slot.split("/")[0] for row in rows for slot in row["places"].split(";")]
    mapped = [place for place in slots if place not in ("none", "unmapped")]
    share = 100 * sum(place in ("CHN", "HKG", "MAC") for place in mapped) / len(mapped)
    assert abs(swept("talent-china-2022", "China", hong_kong_macau="in_china") - share) < 0.001
