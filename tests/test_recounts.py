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


def test_07_us_models_that_dominate_deepseek_v3(extract, measured):
    methods = {}
    for id_ in ("models_compute_notable_2025_02_24", "models_compute_all_2025_06_20"):
        methods |= {row["model"]: row["method"] for row in extract(id_) if row["method"]}
    rows = [row for row in extract("models_epoch_capabilities_index_2025_11_02") if row["flop"] and row["released"] <= "2025-10-31"]
    (target,) = [row for row in rows if row["version"] == "DeepSeek-V3"]
    found = {
        row["model"]
        for row in rows
        if row["countries"].startswith("United States") and "China" not in row["countries"]
        and float(row["score"]) >= float(target["score"]) and float(row["flop"]) <= float(target["flop"])
        and "Benchmarks" not in methods.get(row["model"], "")
    }  # fmt: skip
    assert measured("efficiency-deepseek-v3")["Dominating US models@to 2025-10"] == len(found)
