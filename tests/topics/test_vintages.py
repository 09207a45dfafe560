import pandas as pd
import pytest

from helpers.evidence import tables
from helpers.judging import choices
from helpers.project import FactcheckError
from helpers.topics import vintages

NOTEBOOK = "06_notable_models"


def model(organisations, countries):
    return pd.DataFrame({"organisations": [organisations], "countries": [countries]})


@pytest.mark.parametrize("seat", vintages.DEEPMIND)
def test_no_model_of_deepmind_alone_keeps_another_country_in_any_edition(seat):
    lists = tables.load("model_lists")
    alone = lists[lists["organisations"].isin(["Google DeepMind", "DeepMind"])]
    assert len(alone) > 300 and alone["vintage"].nunique() > 20
    kept = vintages.countries_of(alone, seat)
    assert all(codes == vintages.DEEPMIND[seat] for codes in kept)


def test_deepminds_tags_are_replaced_wherever_they_stand_and_others_keep_theirs():
    spring = "USA;USA;GBR;Multinational;CAN;FRA;FRA"
    joint = model("UC Berkeley,Google DeepMind,INRIA", spring)
    assert vintages.countries_of(joint).item() == ["USA", "USA", "FRA"]
    assert vintages.countries_of(joint, "uk").item() == ["USA", "GBR", "FRA"]
    old = model("Google Research,DeepMind", "Multinational;USA;CAN;CHE;GBR")
    assert vintages.countries_of(old).item() == ["USA", "CAN", "CHE", "USA"]
    sister = model("Google DeepMind,Isomorphic Labs", "USA;GBR;GBR")
    assert vintages.countries_of(sister).item() == ["USA", "GBR"]


def test_europe_and_the_american_models_of_one_country_do_not_jump_in_spring_2025():
    whole = vintages.by_vintage("notable").set_index("vintage")
    sole = vintages.by_vintage("notable", counting="sole").set_index("vintage")
    spring = ["2025-04-18", "2025-05-20", "2025-06-13"]
    assert whole.loc[spring, "Europe"].tolist() == [3, 5, 5]
    assert sole.loc[spring, "United States"].tolist() == [41, 47, 45]
    full = vintages.by_vintage("full_table").set_index("vintage")
    assert full.loc["2025-06-20", "Europe"] == 5


def test_an_edition_of_2024_cannot_count_2024():
    lists = ("notable", "full_table", "large_scale")
    assert min(vintages.held(name)[0] for name in lists) > "2024-12-31"
    assert "2024-12-24" in vintages.held("notable", 2023)
    with pytest.raises(choices.ChoiceError, match="before a year is over"):
        choices.check(NOTEBOOK, {"vintage": "2024-12-24"})


def test_the_two_tables_nearest_to_the_reports_snapshot_enclose_its_numbers(extract):
    found = {}
    for id_ in ("models_notable_ai_models_2025_02_24", "models_all_ai_models_2025_03_11"):
        rows = [row for row in extract(id_) if row["published"].startswith("2024")]
        assert all(row["criteria"] for row in rows)
        found[id_] = [
            sum(country in row["countries"].split(",") for row in rows)
            for country in ("United States of America", "China")
        ]
    assert list(found.values()) == [[39, 10], [43, 16]]


def counted(place, vintage="2025-03-11", **rule):
    models = vintages.of_year(vintages.list_of(vintage), vintage)
    return vintages.counts(models, **rule)[place]


@pytest.mark.parametrize("counting", ["fractional", "first", "sole"])
def test_hong_kong_moves_no_whole_count_of_the_full_table_but_others(counting):
    rules = [{"counting": counting, "hong_kong": hk} for hk in ("separate", "in_china")]
    assert counted("China", **rules[0]) < counted("China", **rules[1])
    whole = [counted("China", hong_kong=rule["hong_kong"]) for rule in rules]
    assert whole[0] == whole[1]


@pytest.mark.parametrize("vintage", ["2025-02-24", "2025-03-11", "2025-11-01"])
def test_a_british_tag_beside_the_american_one_moves_no_whole_and_no_first_count(vintage):
    moved = {
        counting: counted("United States", vintage, counting=counting)
        != counted("United States", vintage, counting=counting, deepmind="both")
        for counting in ("whole", "first", "fractional", "sole")
    }
    assert moved == {"whole": False, "first": False, "fractional": True, "sole": True}


def test_a_vintage_that_a_list_does_not_have_is_refused():
    with pytest.raises(FactcheckError, match="no vintage 2025-03-11"):
        vintages.of_year("notable", "2025-03-11")
