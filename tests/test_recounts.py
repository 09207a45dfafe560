"""One number of each notebook, again by an independent path: plain Python over the extract, no helper."""

import sys

from helpers import runner


def test_every_topic_notebook_is_recounted():
    recounted = {name.split("_")[1] for name in dir(sys.modules[__name__]) if name.startswith("test_")}
    assert [name for name in runner.topics() if name[:2] not in recounted] == []


def test_01_chinas_share_of_citations(extract, measured):
    (row,) = [row for row in extract("facts_aiindex2025_ch1_text_values") if row["region"] == "China" and row["locator"] == "Fig 1.1.7, p.35"]
    assert measured("citations-china-2023")["China@2023"] == float(row["value"])


def test_02_chinas_share_of_patents(extract, measured):
    (row,) = [row for row in extract("facts_aiindex2025_ch1_text_values") if row["region"] == "China" and row["locator"] == "Fig 1.2.3, p.44"]
    assert measured("patents-china-2023")["China@2023"] == float(row["value"])


def test_03_the_american_papers_by_year(extract, measured):
    rows = [row for row in extract("facts_aiindex2025_ch1_text_values") if row["region"] == "United States" and row["locator"] == "Fig 1.1.11, p.39"]
    assert measured("top100-us-declining") == {f"United States@{row['period']}": float(row["value"]) for row in rows}


def test_06_models_of_2024_with_an_american_organisation(extract, measured):
    rows = [row for row in extract("models_notable_ai_models_2025_02_24") if row["published"].startswith("2024")]
    assert measured("notable-models-us-2024")["United States@2024"] == sum("United States of America" in row["countries"] for row in rows)


def test_08_downloads_between_the_last_two_counters(extract, measured):
    listed = {row["model"] for row in extract("adoption_atom_models_2025_12_30")}
    labs = {"Qwen": "China", "deepseek-ai": "China", "meta-llama": "US", "facebook": "US", "google": "US", "microsoft": "US", "mistralai": "EU"}
    counters = {(row["model"], row["date"]): int(row["downloads"]) for row in extract("facts_hf_alltime_downloads")}
    flows = dict.fromkeys(labs.values(), 0)
    for model, date in counters:
        if date == "2025-10-01" and model in listed and model.split("/")[0] in labs:
            flows[labs[model.split("/")[0]]] += counters[model, date] - counters.get((model, "2025-09-03"), 0)
    share = 100 * flows["China"] / sum(flows.values())
    assert abs(measured("monthly-downloads-overtaken")["China@2025-09"] - share) < 0.001


def test_09_more_indicators_with_china_ahead(extract, measured):
    stated = {(row["indicator"], row["entity"], row["period"]): float(row["value"]) for row in extract("facts_diffusion_quoted")}
    findex = {(row["item"], row["entity"], row["year"]): float(row["value"] or 0) for row in extract("diffusion_global_findex_2025")}
    us_share = [float(row["share_pct"]) for row in extract("diffusion_us_census_ecommerce_share") if row["quarter"].startswith("2024")]
    score = {(row["entity"], row["year"]): float(row["score"]) for row in extract("diffusion_world_bank_lpi_2010_2016")}
    part = "online retail sales of physical goods, share of total retail sales of consumer goods"
    fintech, phone = "FinTech adoption (digitally active consumers)", "proximity mobile payment users, share of smartphone users 14+"
    parcels = stated["express parcels", "China", "2024"], stated["parcels", "United States", "2024"]
    adults = findex["adults", "China", "2024"], findex["adults", "United States", "2024"]
    pairs = [
        parcels,
        (parcels[0] / adults[0], parcels[1] / adults[1]),
        (stated[part, "China", "2024"], sum(us_share) / 4),
        (score["China", "2016"], score["United States", "2016"]),
        *((findex[item, "China", "2021"], findex[item, "United States", "2021"]) for item in ("paid bills online", "bought online")),
        *((stated[name, "China", when], stated[name, "United States", when]) for name, when in ((fintech, "2017"), (phone, "2021 (inferred)"))),
        tuple(stated["POS mobile-payment spend per user", place, "2023 projection"] for place in ("China", "United States")),
    ]
    firsts = [row["entity"] for row in extract("facts_diffusion_firsts")]
    china, us = sum(a > b for a, b in pairs), sum(a < b for a, b in pairs) + firsts.count("United States")
    assert list(measured("ai-fintech-ecommerce-logistics").values()) == [china, us]


def test_10_the_american_share_of_manufacturing(extract, measured):
    table = {
        (row["entity"], row["industry"], row["year"]): int(row["value_musd"])
        for row in extract("diffusion_ncses_10758_value_added_by_industry_2002_2022")
    }
    us, world = (table[place, "All manufacturing", "2022"] for place in ("United States", "World (75 economies)"))
    assert abs(measured("manufacturing-advantage")["United States@2022"] - 100 * us / world) < 0.001
