"""The measures that judge 09, 11 and 14, again in plain Python over the extracts, no helper."""

import json

from helpers import project
from helpers.judging import claims


def recorded(claim):
    """A claim's record as its committed notebook holds it."""
    for path in sorted(project.notebooks().glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                record = output.get("data", {}).get(claims.MIME, {})
                if record.get("claim") == claim:
                    return record
    raise AssertionError(f"no record of {claim}")


def quoted(extract):
    """The quoted values by indicator, entity and period."""
    rows = extract("facts_diffusion_quoted")
    return {(row["indicator"], row["entity"], row["period"]): row["value"] for row in rows}


def others(claim):
    """What other collectors give for a claim, by their name."""
    entries = recorded(claim)["others"]["entries"]
    return {entry["label"]: entry["values"] for entry in entries}


def test_09_twice_as_many_phone_users_pay_by_it(extract, measured):
    name = "proximity mobile payment users, share of smartphone users 14+"
    pair = {
        entity: float(value)
        for (indicator, entity, _), value in quoted(extract).items()
        if indicator == name
    }
    found = measured("china-ahead-fintech")["China over United States@to 2025-10"]
    assert abs(found - pair["China"] / pair["United States"]) < 0.01


def test_09_online_shares_of_retail_sales(extract, measured):
    name = "online retail sales of physical goods, share of total retail sales of consumer goods"
    china = float(quoted(extract)[name, "China", "2024"])
    quarters = [
        float(row["share_pct"])
        for row in extract("diffusion_us_census_ecommerce_share")
        if row["quarter"].startswith("2024")
    ]
    assert len(quarters) == 4
    found = measured("china-ahead-online-retail")["China over United States@to 2025-10"]
    assert abs(found - china / (sum(quarters) / 4)) < 0.01


def test_09_nobody_counts_the_ai_inside_the_sectors():
    record = recorded("china-ahead-ai-in-sectors")
    assert record["holds"] is None and record["values"] == []


def test_11_the_lowest_lead_in_chip_design(extract):
    steps = {
        "Chip design": "2022",
        "Design software": "2019",
        "Core designs for licence": "2019",
    }
    share = {
        (row["step"], row["entity"]): float(row["share_pct"])
        for row in extract("diffusion_cset_chip_explorer_provision")
        if steps.get(row["step"]) == row["year"]
    }
    lowest = min(share[step, "United States"] / share[step, "China"] for step in steps)
    (found,) = others("us-lead-chip-expertise").values()
    assert found == {"United States over China@to 2025-10": round(lowest, 4)}


def test_11_notable_models_of_2024_in_the_last_list_before_the_debate(extract, measured):
    rows = [
        row
        for row in extract("models_notable_ai_models_2025_11_01")
        if row["published"].startswith("2024")
    ]
    of_us = [
        row
        for row in rows
        if "United States of America" in row["countries"] or "DeepMind" in row["organisations"]
    ]
    us, china = len(of_us), sum("China" in row["countries"] for row in rows)
    assert (us, china) == (54, 31)
    found = measured("us-lead-frontier-research")["United States over China@to 2025-10"]
    assert abs(found - us / china) < 1e-4


def test_11_the_quoted_leads_in_data_centres(extract):
    said = quoted(extract)
    power = "data-centre electricity consumption"
    lead = float(said[power, "United States", "2024"]) / float(said[power, "China", "2024"])
    found = others("us-lead-data-centres")
    (values,) = [values for label, values in found.items() if label.startswith("IEA")]
    assert abs(values["United States over China@to 2025-10"] - lead) < 0.001


def test_14_scores_at_the_foot_of_two_scales(extract):
    (index,) = [
        float(row["value"])
        for row in extract("diffusion_vdem_high_level_indices")
        if (row["entity"], row["index"], row["year"]) == ("China", "liberal_democracy", "2024")
    ]
    net = {
        row["year"]: float(row["value"])
        for row in extract("facts_diffusion_freedom_scores")
        if row["index"] == "Freedom on the Net"
    }
    found = [list(values.values()) for values in others("repression-exists").values()]
    assert found == [[round(100 * index, 1)], [net[max(net)]]]


def test_14_a_series_that_covers_less_than_half_the_years_is_no_other_data():
    assert list(others("china-stronger-technology")) == [
        "NSF, technology industries",
        "CSET, AI articles",
    ]
    assert "Freedom in the World" not in others("repression-growing")


def test_14_weight_rises_while_growth_slows():
    answers = [entry["holds"] for entry in recorded("china-stronger-economy")["readings"]]
    assert answers == [True, False]


def test_09_use_and_worth_answer_fintech_and_logistics_differently():
    for claim in ("china-ahead-fintech", "china-ahead-logistics"):
        assert [entry["holds"] for entry in recorded(claim)["readings"]] == [True, False]
