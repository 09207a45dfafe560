"""One number of each notebook, again by an independent path: plain Python over the extract, no
helper."""

import sys
from collections import Counter
from itertools import combinations
from statistics import median

from helpers.running import runner


def test_every_topic_notebook_is_recounted():
    recounted = {
        name.split("_")[1] for name in dir(sys.modules[__name__]) if name.startswith("test_")
    }
    assert [name for name in runner.topics() if name[:2] not in recounted] == []


def test_01_chinas_share_of_citations(extract, measured):
    groups = {"ASEAN", "Africa", "Asia Pacific", "EU", "Europe", "Five Eyes", "NATO", "OECD",
              "Global Partnership on Artificial Intelligence", "Latin America and the Caribbean",
              "Northern America", "Oceania", "Quad"}  # fmt: skip
    rows = [
        row
        for row in extract("research_cset_cat_publications_yearly_citations")
        if row["year"] == "2023" and row["place"] not in groups
    ]
    (china,) = [int(row["count"]) for row in rows if row["place"] == "China (mainland)"]
    (unknown,) = [
        float(row["value"])
        for row in extract("facts_aiindex2025_ch1_text_values")
        if row["region"] == "Unknown" and row["locator"] == "Fig 1.1.7, p.35"
    ]
    share = china / sum(int(row["count"]) for row in rows) * (100 - unknown)
    assert abs(measured("citations-china-2023")["China@2023"] - share) < 0.001


def test_02_chinas_share_of_patents(extract, measured):
    rows = extract("research_ncses_10564_ai_patents_granted_2000_2022")
    granted = {row["place"]: int(row["granted"]) for row in rows}
    share = 100 * granted["China"] / granted["World"]
    assert abs(measured("patents-china-leads")["China@2000-2022"] - share) < 0.001


def test_03_the_american_papers_by_year(extract, measured):
    shares = {}
    for year in ("2021", "2022"):
        rows = extract(f"research_zeta_alpha_top_cited_{year}")
        american = sum(int(row["papers"]) for row in rows if "USA" in row["countries"].split(";"))
        shares[f"United States@{year}"] = 100 * american / sum(int(row["papers"]) for row in rows)
    found = measured("top100-us-declining")
    assert found.keys() == shares.keys()
    assert all(abs(found[year] - share) < 0.01 for year, share in shares.items())


def test_06_american_models_in_every_list_with_the_printed_access(extract, measured):
    before, after = (
        {row["model"]: row for row in extract(f"models_notable_ai_models_{day}_since_2014")}
        for day in ("2025_02_24", "2025_04_08")
    )
    year = {name: row for name, row in after.items() if row["published"].startswith("2024")}
    added, kept = year.keys() - before.keys(), year.keys() & before.keys()
    printed = {
        row["item"]: int(row["printed"])
        for row in extract("facts_aiindex2025_section_1_3_values")
        if row["group"] == "access"
    }

    def access(row):
        word = row["accessibility"].replace("non-commercial", "noncommercial") or "unknown"
        return word if word == "API access" else word[0].lower() + word[1:]

    found = set()
    for some in combinations(added, sum(printed.values()) - len(kept)):
        rows = [year[name] for name in (*kept, *some)]
        if Counter(map(access, rows)) == printed:
            found.add(sum("United States of America" in row["countries"] for row in rows))
    assert found == {measured("notable-models-us-2024")["United States@2024"]}


def test_08_downloads_between_the_last_two_counters(extract, measured):
    listed = {row["model"] for row in extract("adoption_atom_models_2025_12_30")}
    labs = {
        "Qwen": "China",
        "deepseek-ai": "China",
        "meta-llama": "US",
        "facebook": "US",
        "google": "US",
        "microsoft": "US",
        "mistralai": "EU",
    }
    counters = {
        (row["model"], row["date"]): int(row["downloads"])
        for row in extract("facts_hf_alltime_downloads")
    }
    flows = dict.fromkeys(labs.values(), 0)
    for model, date in counters:
        if date == "2025-10-01" and model in listed and model.split("/")[0] in labs:
            flows[labs[model.split("/")[0]]] += counters[model, date] - counters.get(
                (model, "2025-09-03"), 0
            )
    share = 100 * flows["China"] / sum(flows.values())
    assert abs(measured("monthly-downloads-overtaken")["China@2025-09"] - share) < 0.001


def test_04_the_american_share_of_author_slots_in_2022(extract, measured):
    slots = [
        slot.split("/")[0]
        for row in extract("talent_neurips_2022_title_affiliation")
        if row["track"] == "main"
        for slot in row["places"].split(";")
    ]
    mapped = [place for place in slots if place not in ("none", "unmapped")]
    share = 100 * sum(place in ("USA", "DeepMind") for place in mapped) / len(mapped)
    assert abs(measured("talent-us-2022")["United States@2022"] - share) < 0.001


def test_05_acts_that_tighten(extract, measured):
    facts = [row["fact"] for row in extract("facts_h1b_policy") if row["date"] <= "2025-10-31"]
    assert measured("h1b-tightening")["Tightening measures@2025"] == sum(
        fact.startswith("Proclamation signed") for fact in facts
    )
    assert measured("h1b-tightening")["Loosening measures@2025"] == 0


def test_13_people_who_use_ai_tools(extract, measured):
    rows = {
        row["economy"]: float(row["share_pct"])
        for row in extract("diffusion_microsoft_ai_diffusion_2026_q1")
        if row["wave"] == "2025 H1"
    }
    assert measured("china-well-placed") == {
        f"{place}@2025": rows[place] for place in ("China", "United States")
    }


def test_14_how_far_a_freedom_index_fell(extract, measured):
    rows = extract("diffusion_vdem_high_level_indices")
    series = {
        int(row["year"]): float(row["value"])
        for row in rows
        if row["entity"] == "China" and row["index"] == "liberal_democracy"
    }
    fall = 100 * (series[2012] - series[max(series)])
    assert abs(measured("repression-growing")["Fall@to 2025-10"] - fall) < 1e-4


def test_15_open_models_from_china_alone(extract, measured):
    def is_open_chinese(row):
        return (
            "China" in row["countries"].split(",")
            and "United States" not in row["countries"]
            and "Industry" in row["sectors"]
            and row["accessibility"].startswith("Open weights")
        )

    years = [
        row["published"][:4]
        for row in extract("models_notable_ai_models_2025_11_01_accessibility")
        if is_open_chinese(row)
    ]
    assert measured("constraints-new-playbook") == {
        f"China@{year}": years.count(year) for year in ("2022", "2023", "2024", "2025")
    }


def test_11_american_clusters_over_chinese(extract, measured):
    total = {"China": 0.0, "United States of America": 0.0}
    for row in extract("models_gpu_clusters_2025_11_01"):
        counts = row["standard"] == "True" and "" < row["operational"] <= "2025-05-31"
        gone = "" < row["retired"] <= "2025-05-31"
        if row["country"] in total and counts and not gone:
            total[row["country"]] += float(row["op_16_bit"] or 0)
    ratio = total["United States of America"] / total["China"]
    found = measured("us-lead-data-centres")["United States over China@to 2025-10"]
    assert abs(found - ratio) < 0.01


def test_12_the_fastest_chips(extract, measured):
    chinese = (
        "Huawei",
        "Kunlunxin",
        "Cambricon",
        "MetaX",
        "Iluvatar",
        "National University",
        "Moore",
        "Sunway",
        "Biren",
        "Hygon",
        "Alibaba",
    )
    fastest = {"China": 0.0, "United States": 0.0}
    for row in extract("models_ml_hardware_2025_11_01"):
        if (
            row["flop_16_bit"]
            and row["manufacturer"] not in ("", "PEZY")
            and "" < row["released"] <= "2025-10-31"
        ):
            place = "China" if row["manufacturer"].startswith(chinese) else "United States"
            fastest[place] = max(fastest[place], float(row["flop_16_bit"]))
    assert measured("chip-best-trail") == {
        f"{place}@2025-10": value for place, value in fastest.items()
    }


def test_09_parcels_per_adult(extract, measured):
    stated = {
        (row["indicator"], row["entity"], row["period"]): float(row["value"])
        for row in extract("facts_diffusion_quoted")
    }
    adults = {
        row["entity"]: float(row["value"])
        for row in extract("diffusion_global_findex_2025")
        if row["item"] == "adults" and row["year"] == "2024"
    }
    china = stated["express parcels", "China", "2024"] / adults["China"]
    us = stated["parcels", "United States", "2024"] / adults["United States"]
    found = measured("china-ahead-logistics")["China over United States@to 2025-10"]
    assert abs(found - china / us) < 0.01


def test_10_the_american_share_of_manufacturing(extract, measured):
    table = {
        (row["entity"], row["industry"], row["year"]): int(row["value_musd"])
        for row in extract("diffusion_ncses_10758_value_added_by_industry_2002_2022")
    }
    us, world = (
        table[place, "Knowledge-intensive manufacturing", "2022"]
        for place in ("United States", "World (75 economies)")
    )
    assert abs(measured("manufacturing-advantage")["United States@2022"] - 100 * us / world) < 0.001


def test_07_the_median_ratio_of_compute_at_equal_capability(extract, measured):
    methods = {}
    for id_ in ("models_compute_notable_2025_02_24", "models_compute_all_2025_06_20"):
        methods |= {row["model"]: row["method"] for row in extract(id_) if row["method"]}
    sides = {"US": [], "CN": []}
    for row in extract("models_epoch_capabilities_index_2025_11_02"):
        usable = row["flop"] and "Benchmarks" not in methods.get(row["model"], "")
        if not usable or not "" < row["released"] <= "2025-10-31":
            continue
        american, chinese = (name in row["countries"] for name in ("United States", "China"))
        if american != chinese:
            side = sides["CN" if chinese else "US"]
            side.append((float(row["score"]), float(row["flop"])))
    marks = set()
    for own in sides.values():
        for score, flop in own:
            if not any(s >= score and f <= flop and (s, f) != (score, flop) for s, f in own):
                marks.add(score)
    ratios = []
    for mark in marks:
        least = {name: [f for s, f in own if s >= mark] for name, own in sides.items()}
        if least["US"] and least["CN"]:
            ratios.append(min(least["CN"]) / min(least["US"]))
    found = measured("more-with-less")["China to United States compute ratio@to 2025-10"]
    assert len(ratios) == 18 and abs(found - median(ratios)) < 0.001
