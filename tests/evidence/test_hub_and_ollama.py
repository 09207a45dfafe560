"""Two meters of open models: what their tables promise, and what is refused."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from helpers.evidence import sources, tables
from helpers.evidence.cleaning import hub_lists as lists
from helpers.evidence.cleaning import ollama as pulls
from helpers.evidence.cleaning import regional_shares
from helpers.evidence.extracts import hub_lists, ollama
from helpers.project import FactcheckError

FULL = "adoption_hf_models_top10000_2024_09_20"


# ---------------------------------------------------------------- the Ollama library


def test_no_counter_of_the_library_falls_between_kept_dates():
    table = tables.clean("ollama_pulls")
    assert table["date"].nunique() == 21
    wide = table.pivot(index="model", columns="date", values="pulls").astype(float)
    assert (wide.ffill(axis=1).diff(axis=1).fillna(0) >= 0).all(axis=None)


def test_a_counter_that_falls_is_refused_by_name_and_date():
    table = tables.load("ollama_pulls")
    place = table.index[(table["model"] == "mistral") & (table["date"] == "2025-06-30")][0]
    table.loc[place, "pulls"] //= 10
    with pytest.raises(FactcheckError, match=r"pulls of mistral fall by 2025-06-30"):
        pulls.rising(table)


def test_two_scrapes_of_the_library_agree_on_the_day_that_both_have():
    program = tables.raw(pulls.PROGRAM)
    program = program[program["date"].eq("2025-10-15")].set_index("model")["pulls"]
    page = tables.raw("adoption_ollama_library_2025_10_15").set_index("model")["pulls"]
    ratio = (program / page).dropna()
    assert len(ratio) == 151
    assert ratio.median() == pytest.approx(1, abs=0.005)
    assert ratio.between(0.99, 1.05).all()


@pytest.mark.parametrize(
    ("between", "before", "after"),
    [("2025-03-12", "2025-02-28", "2025-03-31"), ("2025-10-28", "2025-09-30", "2025-10-30")],
)
def test_the_table_in_a_program_lies_between_pages_of_the_library(between, before, after):
    program, pages = tables.raw(pulls.PROGRAM), tables.raw(pulls.PAGES)
    inner = program[program["date"].eq(between)].set_index("model")["pulls"]
    by_day = {day: rows.set_index("model")["pulls"] for day, rows in pages.groupby("date")}
    low, high = by_day[before], by_day[after]
    both = inner.index.intersection(low.index)
    assert len(both) > 140
    # The page rounds to three digits, up or down.
    assert (inner[both] >= 0.995 * low[both]).all()
    assert (inner[both] <= 1.005 * high[both]).all()


def test_the_table_of_month_ends_is_that_of_the_pages():
    pulls.same_as_pages(tables.raw(pulls.PAGES))


def test_a_table_that_differs_from_its_page_is_refused():
    pages = tables.raw(pulls.PAGES)
    pages.loc[pages["date"].eq("2025-08-31"), "pulls"] += 1
    with pytest.raises(FactcheckError, match="2025_08_31 and the table of month ends differ"):
        pulls.same_as_pages(pages)


def test_of_two_tables_of_one_date_the_later_one_is_kept():
    table = tables.raw(pulls.PROGRAM)
    kept = pulls.in_program(table).set_index(["date", "model"])["pulls"]
    assert (table["date"].eq("2023-12-10")).sum() == 96
    assert kept["2023-12-10"]["alfred"] == 804
    assert {"2024-04-27", "2025-02-19"}.isdisjoint(kept.index.levels[0][kept.index.codes[0]])


def test_two_tables_of_one_date_that_contradict_each_other_are_refused():
    table = tables.raw(pulls.PROGRAM)
    rows = table["date"].eq("2023-12-10") & table["model"].eq("alfred")
    table.loc[rows, "pulls"] = table.loc[rows, "pulls"].to_numpy()[::-1]
    with pytest.raises(FactcheckError, match="Two tables of 2023-12-10 contradict each other"):
        pulls.in_program(table)


@pytest.mark.parametrize("day", [pulls.REPEATS, pulls.CUT])
def test_a_date_is_dropped_only_while_it_is_what_it_was(day):
    table = tables.raw(pulls.PROGRAM)
    if day == pulls.REPEATS:
        table.loc[table["date"].eq(day), "pulls"] += 1
    else:
        whole = table[table["date"].eq("2025-03-12")].assign(date=day, commit="c391ecc")
        table = pd.concat([table[table["date"].ne(day)], whole])
    with pytest.raises(FactcheckError, match=f"{day}.*no longer"):
        pulls.in_program(table)


def test_a_large_model_without_region_is_refused_by_name():
    table = tables.load("ollama_pulls")
    table.loc[table["model"].eq("gemma3"), "kind"] = "unplaced"
    with pytest.raises(FactcheckError, match=r"gemma3 has \d+\.\d% of the pulls .* no region"):
        pulls.placed(table)


@pytest.mark.parametrize("shown", ["12,8M", "1.25M", "12.8 M", "-3", "1e6", "many", ""])
def test_a_count_in_another_form_is_refused(shown):
    if shown == "12,8M":
        assert ollama.pulls(shown) == 128_000_000  # a thousands separator, as the page may write
    else:
        with pytest.raises(FactcheckError, match="is not a count"):
            ollama.pulls(shown)


def test_a_page_without_counts_or_with_a_model_twice_is_refused(tmp_path):
    page = tmp_path / "page.json"
    page.write_text(json.dumps([{"name": "a", "pullCount": "1K"}, {"name": "b"}]))
    with pytest.raises(FactcheckError, match=r"page\.json: a model without pullCount"):
        ollama.library(page)
    page.write_text(json.dumps([{"name": "a", "pullCount": "1K"}] * 2))
    with pytest.raises(FactcheckError, match="a stands twice"):
        ollama.library(page)


# ---------------------------------------------------------------- lists of the Hub


def ranked(tmp_path, rows, columns=hub_lists.RANKING):
    table = pd.DataFrame(rows, columns=["modelId", "downloads", "pipeline_tag"])
    path = tmp_path / "list.csv"
    table.reindex(columns=list(columns)).to_csv(path, index=False)
    return path


def test_28_models_of_may_2025_have_the_downloads_of_their_counters():
    counters = tables.load("download_counters")
    wide = counters.pivot(index="model", columns="date", values="downloads").astype(float)
    flow = (wide["2025-04-30"] - wide["2025-04-02"]) * 30 / 28
    listed = tables.raw("adoption_hf_models_trending1000_2025_05_03_counted")
    both = listed.set_index("model")["downloads"].to_frame().join(flow.rename("flow")).dropna()
    assert len(both) == 28
    assert both["downloads"].sum() / both["flow"].sum() == pytest.approx(1.08, abs=0.03)
    assert (both["downloads"] / both["flow"]).between(0.8, 1.35).all()


def test_what_the_full_ranking_leaves_out_is_about_one_per_cent_at_most():
    """Each repository left out has at most the smallest count; CEPS knows how many were made.

    The number of repositories runs to December 2024, three months too far, so this bound is high.
    """
    names = {"Alibaba Cloud": "Qwen", "DeepSeek": "deepseek-ai", "Mistral AI_": "mistralai",
        "Google": "google", "Microsoft": "microsoft", "Meta Llama": "Meta"}  # fmt: skip
    made = tables.load("open_repositories")
    made = made[made["vintage"].eq("2025-10-24") & made["created"].astype(str).ne("2025")]
    made = made.replace({"organisation": names}).groupby("organisation")["models"].sum()
    full = tables.raw(FULL).replace({"organisation": {"facebook": "Meta", "meta-llama": "Meta"}})
    least = full["truncated_at"].unique().item()
    assert least == 1193
    listed = full.groupby("organisation")[["models", "downloads"]].sum().loc[list(names.values())]
    missed = (made[listed.index] - listed["models"]).clip(lower=0) * least
    assert 100 * missed.sum() / listed["downloads"].sum() < 1.1
    assert (100 * missed / listed["downloads"] < 3).all()


def test_lists_name_no_person_and_keep_every_organisation():
    full = tables.raw(FULL)
    assert not [name for name in full["organisation"] if hub_lists.key(name) in hub_lists.PERSONS]
    assert full.loc[full["organisation"].str.startswith("("), "largest_model"].isna().all()
    named = full.groupby("organisation")["downloads"].sum()
    assert {"Qwen", "meta-llama", "mistralai", "sentence-transformers"} <= set(named.index)
    assert full["models"].sum() == 9715


def test_a_region_of_atom_is_never_changed():
    atom = tables.raw("adoption_atom_organization_regions_2026_08_17").set_index("organisation")
    ours = tables.raw("facts_hub_regions").set_index("account")
    kept = ours.loc[ours["basis"].eq("atom"), "region"]
    assert len(kept) == 118
    assert kept.to_dict() == atom["region"].to_dict()


def test_a_list_with_other_columns_is_refused_by_their_names(tmp_path):
    columns = [*hub_lists.RANKING[:-1], "gated"]
    path = ranked(tmp_path, [("Qwen/Qwen2", 10, "text-generation")], columns)
    with pytest.raises(FactcheckError, match=r"list\.csv: .* gated, inference"):
        hub_lists.ranking(path)


def test_a_repository_that_stands_twice_is_refused(tmp_path):
    path = ranked(tmp_path, [("Qwen/Qwen2", 10, "text-generation")] * 2)
    with pytest.raises(FactcheckError, match="Qwen/Qwen2 stands twice"):
        hub_lists.ranking(path)


def test_a_large_account_that_nobody_placed_is_counted_apart_without_its_name(tmp_path):
    rows = [("Qwen/Qwen2", 900, None), ("someone/big", 90, None), ("other/small", 9, None)]
    table = hub_lists.ranking(ranked(tmp_path, rows)).set_index("organisation")
    assert table["downloads"].to_dict() == {"(unplaced 1)": 90, "(unplaced)": 9, "Qwen": 900}
    assert not table.reset_index().astype(str).stack().str.contains("someone").any()


def test_two_lists_of_one_date_are_refused_by_name():
    source, other = map(sources.get, (FULL, "adoption_hf_models_trending1000_2024_11_10"))
    twin = replace(other, edition=source.edition)
    with pytest.raises(FactcheckError, match="2024_11_10 and .*2024_09_20 are both of 2024-09-20"):
        lists.stacked([source, twin])


# ---------------------------------------------------------------- shares, again from the extracts

SIX = ("Qwen", "deepseek-ai", "meta-llama", "facebook", "google", "microsoft", "mistralai")
NAMES = {"china": "China", "us": "United States", "eu": "EU"}


@pytest.fixture(scope="module")
def shares():
    table = tables.clean("regional_shares")
    return table[table["rule"].eq("publisher") & table["month_rule"].eq("months")].set_index(
        ["meter", "reading", "scope", "ends", "largest"]
    )


def per_cent(totals):
    return [100 * totals[code] / sum(totals[each] for each in NAMES) for code in NAMES]


def read(shares, *key):
    return shares.loc[key, ["china_pct", "united_states_pct", "eu_pct"]].astype(float).tolist()


def test_six_laboratories_of_september_2024_again(extract, shares):
    totals = dict.fromkeys(NAMES, 0)
    for row in extract(FULL):
        if row["organisation"] in SIX and row["release"] == "since":
            totals[row["region"]] += int(row["downloads"])
    found = read(shares, "Hub", "list", "six_labs", "2024-09-20", "with")
    assert found == pytest.approx(per_cent(totals), abs=1e-4)


def test_everything_of_september_2024_without_its_largest_again(extract, shares):
    rows = extract(FULL)
    totals = dict.fromkeys(NAMES, 0)
    for row in rows:
        if row["region"] in totals:
            totals[row["region"]] += int(row["downloads"])
    inside = [row for row in rows if row["region"] in NAMES]
    largest = max(inside, key=lambda row: int(row["largest"]))
    totals[largest["region"]] -= int(largest["largest"])
    whole = sum(int(row["downloads"]) for row in rows) - int(largest["largest"])
    found = read(shares, "Hub", "list", "everything", "2024-09-20", "without")
    assert found == pytest.approx([100 * totals[code] / whole for code in NAMES], abs=1e-4)


def test_atoms_list_of_november_2024_again(extract, shares):
    totals = dict.fromkeys(NAMES, 0)
    for row in extract("adoption_hf_models_trending1000_2024_11_26"):
        if row["in_atom_list"] == "True" and row["region"] in totals:
            totals[row["region"]] += int(row["downloads"])
    found = read(shares, "Hub", "list", "atom_list", "2024-11-26", "with")
    assert found == pytest.approx(per_cent(totals), abs=1e-4)


def test_laboratories_on_ollama_in_september_2025_again(extract, shares):
    kinds = {row["model"]: row for row in extract("facts_regions_ollama")}
    totals = dict.fromkeys(NAMES, 0)
    for day, sign in (("2025_09_30", 1), ("2025_08_31", -1)):
        for row in extract(f"adoption_ollama_library_{day}"):
            place = kinds[row["model"]]
            if place["kind"] == "lab" and place["region"] in totals:
                totals[place["region"]] += sign * int(row["pulls"])
    found = read(shares, "Ollama", "pulls", "all_labs", "2025-09-30", "with")
    assert found == pytest.approx(per_cent(totals), abs=1e-4)


def test_the_whole_library_up_to_november_2023_again(extract, shares):
    kinds = {row["model"]: row for row in extract("facts_regions_ollama")}
    totals, whole = dict.fromkeys(NAMES, 0), 0
    for row in extract("facts_ollama_pulls_2023_2025"):
        if row["date"] == "2023-11-29":
            whole += int(row["pulls"])
            if (code := kinds[row["model"]]["region"]) in totals:
                totals[code] += int(row["pulls"])
    found = read(shares, "Ollama", "pulls", "everything", "2023-11-29", "with")
    assert found == pytest.approx([100 * totals[code] / whole for code in NAMES], abs=1e-4)


def test_each_row_adds_up(shares):
    narrow = shares[shares.index.get_level_values("scope") != "everything"]
    added = narrow[["china_pct", "united_states_pct", "eu_pct"]].sum(axis=1)
    assert added.to_numpy() == pytest.approx(100)
    assert set(shares.index.get_level_values("scope")) <= set(regional_shares.SCOPES)


def test_without_the_largest_model_less_is_left(shares):
    single = shares[shares["models"] > 0][["china", "united_states", "eu"]].sum(axis=1).unstack()
    assert (single["without"] < single["with"]).all()


def test_a_share_moves_where_a_region_is_swapped():
    rows = pd.DataFrame({"region": ["China", "United States", "Community"], "models": 1})
    rows["value"] = rows["largest"] = [30, 60, 10]
    rows["largest_model"] = ["a", "b", "c"]
    assert regional_shares.summed(rows)["china_pct"] == pytest.approx(100 / 3)
    assert regional_shares.summed(rows, whole=True)["china_pct"] == pytest.approx(30)
    assert regional_shares.summed(rows, left_out=True)["china_pct"] == pytest.approx(100)
    rows["region"] = ["United States", "China", "Community"]
    assert regional_shares.summed(rows)["china_pct"] == pytest.approx(200 / 3)
