import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers import project
from helpers.evidence.cleaning.talent import spread
from helpers.evidence.extracts.affiliations import (
    CORRECTED,
    DEEPMIND,
    NONE,
    UNMAPPED,
    normal,
    place_of,
    places,
)
from helpers.evidence.extracts.talent import (
    DATASETS_2022,
    READ,
    accepted_2019,
    affiliation_table,
)
from helpers.evidence.extracts.venues import weak_matches
from helpers.judging import choices, claims
from helpers.project import FactcheckError
from helpers.topics import talent, talent_redraws, talent_samples

SUMS = pd.DataFrame([[50.0, 20.0, 5.0, 5.0, 10.0, 10.0]], columns=talent.GROUPS)
KNOWN = {
    "mit": "USA",
    "eth": "CHE",
    "texas a&m university": "USA",
    "deepmind": DEEPMIND,
    "college of art and design": "GBR",
}


def listed(*rows):
    return pd.DataFrame(rows, columns=["paper", "track", "places", "appearances"])


def test_an_affiliation_is_split_only_where_every_part_stands_in_the_table():
    assert places("MIT / ETH", KNOWN) == ["USA", "CHE"]
    assert places("Texas A&amp;M University", KNOWN) == ["USA"]
    assert places("College of Art and Design", KNOWN) == ["GBR"]
    assert places("MIT, Cambridge", KNOWN) == ["USA"]


def test_an_unknown_affiliation_is_unmapped_and_an_empty_one_is_none():
    assert places("Somewhere Labs", KNOWN) == [UNMAPPED]
    assert places("N/A", KNOWN) == places("", KNOWN) == [NONE]


def test_deepmind_is_kept_apart_from_every_country():
    assert place_of("google deepmind", "GB") == DEEPMIND
    assert place_of("university college london", "GB") == "GBR"
    assert place_of("lab", "") == UNMAPPED


def test_what_a_bracketed_nickname_leaves_in_front_is_cut_off():
    assert normal('"Nick") Name (Some University') == "some university"


def test_the_committed_mapping_holds_no_address_and_no_piece_of_a_name(extract):
    rows = [row["affiliation"] for row in extract("facts_affiliation_to_country")]
    assert not [name for name in rows if ") " in name and name.find(")") < name.rfind("(")]
    assert not [name for name in rows if "·" in name or "@" in name.replace(" @ ", "")]


def test_every_correction_and_every_verdict_names_a_row_of_the_mapping(extract):
    held = {row["affiliation"]: row for row in extract("facts_affiliation_to_country")}
    assert set(CORRECTED) <= set(held)
    assert all(
        held[name]["read"] == verdict
        for verdict, names in READ.items()
        for name in names.split("|")
    )


def test_the_audit_sample_does_not_depend_on_the_order_of_the_rows(tmp_path):
    lines = [f"place {number},US,1" for number in range(300)]
    for name, order in (("a.csv", lines), ("b.csv", lines[::-1])):
        (tmp_path / name).write_text(
            "\n".join(["affiliation_raw,country_hq,n_author_slots", *order])
        )
    first, second = (
        affiliation_table(tmp_path / name).reset_index(drop=True) for name in ("a.csv", "b.csv")
    )
    assert first.equals(second) and first["read"].eq("right").sum() == 200


def test_a_row_with_a_piece_of_a_name_stays_out_of_the_extract(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(
        "affiliation_raw,country_hq,n_author_slots\nNick) Name (Some University,US,1\nSome"
        " University,US,2\nx@y.z,US,1\n"
    )
    assert affiliation_table(path)["affiliation"].tolist() == ["some university"]


def test_a_line_that_is_no_paper_is_named(tmp_path):
    path = tmp_path / "list.txt"
    path.write_text("<p>not a paper</p>\n")
    with pytest.raises(FactcheckError, match="list.txt: a line is no paper"):
        accepted_2019(path)


def test_the_extract_holds_places_and_counts_and_no_name(extract):
    for source in ("talent_neurips_2019_accepted", "talent_neurips_2020_accepted"):
        assert set(extract(source)[0]) == {"paper", "places", "appearances"}
    codes = {
        place
        for row in extract("talent_neurips_2019_accepted")
        for slot in row["places"].split(";")
        for place in slot.split("/")
    }
    assert all(len(code) == 3 or code in (DEEPMIND, NONE, UNMAPPED) for code in codes)


def test_titles_of_the_datasets_track_stand_in_the_first_block_only(extract):
    tracks = [row["track"] for row in extract("talent_neurips_2022_title_affiliation")]
    assert (
        tracks[:DATASETS_2022] == ["datasets"] * DATASETS_2022
        and "datasets" not in tracks[DATASETS_2022:]
    )


def test_shared_slots_and_authors_add_up():
    rows = spread(listed((1, "main", "USA;USA/CHN", "1;2"), (2, "main", "CHN", "2")))
    assert rows["slots"].sum() == rows["shared"].sum() == 3
    assert rows["authors"].sum() == rows["shared_authors"].sum() == 2
    assert rows.set_index(["paper", "place"]).loc[(1, "CHN"), "slots"] == 0


def test_lists_of_unequal_length_are_refused():
    with pytest.raises(ValueError):
        spread(listed((1, "main", "USA;USA", "1")))


@pytest.mark.parametrize(
    ("rule", "us", "china"),
    [
        ({}, 100 * 55 / 90, 100 * 20 / 90),
        ({"deepmind": "uk"}, 100 * 50 / 90, 100 * 20 / 90),
        ({"hong_kong_macau": "in_china"}, 100 * 55 / 90, 100 * 25 / 90),
        ({"missing_affiliation": "all_china"}, 55, 30),
        ({"missing_affiliation": "all_us"}, 65, 20),
    ],
)
def test_each_choice_moves_its_own_share(rule, us, china):
    found = talent.shares(SUMS, **rule).iloc[0]
    assert found["United States"] == pytest.approx(us) and found["China"] == pytest.approx(china)
    assert found["Gap"] == pytest.approx(us - china)


def test_hong_kong_in_china_and_deepmind_in_the_us_move_the_committed_lists_as_expected():
    sums = talent.groups(2022).sum().to_frame().T
    base = sums[talent.GROUPS].sum(axis=1).iloc[0] - sums["Missing"].iloc[0]
    apart, joined = (
        talent.shares(sums).iloc[0],
        talent.shares(sums, hong_kong_macau="in_china", deepmind="us").iloc[0],
    )
    assert joined["China"] - apart["China"] == pytest.approx(
        100 * sums["Hong Kong and Macau"].iloc[0] / base
    )
    assert joined["United States"] == apart["United States"]


def test_a_year_nobody_holds_is_refused():
    with pytest.raises(FactcheckError, match="No count of NeurIPS 2021"):
        talent.groups(2021)


def test_every_paper_weighs_one_and_every_author_counts_once():
    assert talent.groups(2019, unit="paper_weighted").sum(axis=1).round(9).eq(1).all()
    assert (
        talent.groups(2019, unit="unique_author").to_numpy().sum()
        < talent.groups(2019).to_numpy().sum()
    )


def test_a_redraw_of_the_whole_list_is_the_list_and_one_too_large_is_refused():
    papers = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [0.0, 1.0, 0.0]})
    assert talent_redraws.redraw(papers, 3, draws=5).eq([6.0, 1.0]).all(axis=None)
    with pytest.raises(FactcheckError, match="Cannot draw 4 of 3"):
        talent_redraws.redraw(papers, 4)


def test_redraws_are_seeded_and_draw_each_paper_equally_often():
    papers = pd.DataFrame(np.eye(4), columns=list("abcd"))
    drawn = talent_redraws.redraw(papers, 2, draws=2000)
    assert drawn.equals(talent_redraws.redraw(papers, 2, draws=2000))
    assert drawn.sum(axis=1).eq(2).all() and drawn.mean().sub(0.5).abs().max() < 0.05


def test_clusters_widen_the_range_against_independent_persons():
    rng = np.random.default_rng(1)
    authors = pd.DataFrame({"United States": rng.integers(0, 2, 2000) * 5.0}).assign(
        Other=lambda rows: 5 - rows["United States"]
    )
    drawn = talent_redraws.redraw(authors, 100, draws=500)
    share = 100 * drawn["United States"] / drawn.sum(axis=1)
    low, high = talent_redraws.naive_range(50, 500)
    assert share.quantile(0.975) - share.quantile(0.025) > 1.5 * (high - low)


def test_the_sample_of_2019_is_derived_from_its_printed_authors():
    assert talent_redraws.sizes()[2022] == 186
    assert talent_redraws.sizes()[2019] == pytest.approx(
        675 / (talent.groups(2019).to_numpy().sum() / 1429), abs=0.5
    )


def test_the_grid_holds_every_combination_once_and_agrees_with_the_registry():
    tried = talent_samples.grid(draws=50)
    wide, count = talent_samples.wide(tried), len(choices.grid("04_talent"))
    assert len(wide) == count and len(tried) == count * 6
    default = wide.loc[tuple(choices.defaults("04_talent").values())]
    for (entity, year), value in talent_samples.default_values().items():
        assert default[entity, year] == pytest.approx(value)
    said = {claim: claims.get(claim).printed[0] for claim in talent_samples.NUMBERS}
    table = talent_samples.holding(tried, said)
    for claim, (entity, year) in talent_samples.NUMBERS.items():
        met = [claims.holds(claims.get(claim), {entity: value}) for value in wide[entity, year]]
        assert table.loc[claim, "holds"] == sum(met)


def test_the_ways_of_counting_are_those_of_the_registry_with_the_default_first():
    allowed = {name: tuple(entry["values"]) for name, entry in choices.load()["04_talent"].items()}
    assert allowed == talent_samples.WAYS
    first = {name: values[0] for name, values in talent_samples.WAYS.items()}
    assert first == choices.defaults("04_talent")


def test_papers_that_cannot_be_placed_keep_the_leader_open():
    rows = [
        (1, "United States", 9, 8, 10),
        (1, "China", 5, 4, 7),
        (2, "United States", 9, 6, 10),
        (2, "China", 8, 7, 9),
    ]
    found = talent.leaders(pd.DataFrame(rows, columns=["year", "entity", "value", "low", "high"]))
    assert found.tolist() == ["United States", "not clear"]


def test_the_audit_moves_papers_and_loses_none(extract):
    rows = extract("talent_neurips_2021_2025_affiliation_counts")
    assert talent.moved()["papers"].sum() == sum(int(row["papers"]) for row in rows)
    assert not [
        row
        for row in rows
        if row["published"] == "GHA" and row["audited"] == "GHA" and int(row["papers"]) > 20
    ]


def test_strangers_under_one_name_are_found_and_an_institution_s_own_name_is_not(tmp_path):
    head = "raw_affiliation,canonical_affiliation,country,region,source,confidence\n"
    rows = [
        "Peking University,Ho College,Ghana,x,university_dataset,0.88",
        "Ho College,Ho College,Ghana,x,university_dataset,1.0",
    ]
    rows += [
        "Lancaster University,Lancaster University,Ghana,x,university_dataset,1.0",
        "Unheard Labs,Arts Academy,Albania,x,university_dataset,0.855",
    ]
    path = tmp_path / "mapping.csv"
    path.write_text(head + "\n".join(rows) + "\n")
    found = weak_matches(path).set_index("institution")
    assert found.index.tolist() == ["Arts Academy", "Ho College"]
    assert (
        found.loc["Ho College", "foreign_names"] == 1
        and found.loc["Arts Academy", "weak_names"] == 1
    )


def test_the_extracts_hold_no_free_text_and_stay_small():
    files = [
        *Path(project.raw()).glob("talent_*.csv"),
        project.raw() / "facts_affiliation_to_country.csv",
    ]
    assert sum(path.stat().st_size for path in files) < 600_000
    for path in files:
        with path.open(encoding="utf-8") as file:
            assert not {"title", "author", "name"} & set(next(csv.reader(file)))
