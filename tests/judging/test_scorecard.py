import copy
import io

import pandas as pd

from helpers import project
from helpers.judging import claims, multiverse, outcomes, records, scorecard
from helpers.running import runner


def test_verdicts_have_a_row_for_every_claim_in_reading_order():
    assert scorecard.load()["claim"].tolist() == list(claims.load())


def test_no_row_shows_a_value_that_was_only_read_again():
    for id_, record in records.answers().items():
        shown = [record["count"].get("values"), *(e["values"] for e in record["others"]["entries"])]
        measured = {f"{v['entity']}@{v['period']}": v["value"] for v in record["values"]}
        assert not measured or measured in shown, id_
        if record["count"]["answer"] == outcomes.IMPOSSIBLE:
            assert record["count"]["why"].strip(), id_


def test_a_sentence_with_parts_is_read_from_theirs():
    found = scorecard.load().set_index("claim")
    for claim in claims.load().values():
        if claim.parts:
            parts = tuple(found.loc[list(claim.parts), "outcome"])
            assert found.at[claim.id, "outcome"] == outcomes.of_parts(parts)
            assert all(word in found.at[claim.id, "reason"] for word in parts)


def test_the_five_groups_hold_every_claim_once():
    found = scorecard.load()
    grouped = [id_ for rows in scorecard.groups(found).values() for id_ in rows["claim"]]
    assert sorted(grouped) == sorted(found["claim"])


def test_with_one_combination_more_or_less_a_fragile_outcome_is_seen(monkeypatch):
    id_ = next(iter(records.answers()))
    record = copy.deepcopy(records.answers()[id_])
    record["count"] |= {"answer": outcomes.RECOUNTED, "holds": True}
    record["source"]["answer"], record["others"]["answer"] = outcomes.UNNAMED, outcomes.NONE
    name = next(iter(claims.load()[id_].entity), "China")
    for n_holds, wanted in ((5, []), (9, [id_])):
        table = pd.DataFrame({name: range(18), "holds": [n < n_holds for n in range(18)]})
        counts = {"n_effective": 18, "n_holds": n_holds, "deciding": ""}
        specs = pd.DataFrame([counts], index=[id_])
        monkeypatch.setattr(multiverse, "effective", lambda claim, table=table: table)
        monkeypatch.setattr(multiverse, "deciding", lambda claim, table: "")
        assert scorecard.fragile({id_: record}, specs) == wanted


def test_verdicts_and_measurements_follow_from_the_collected_records():
    answers = records.answers()
    folder = project.processed()
    assert records.measurements(list(answers.values())) == (folder / "measurements.csv").read_text()
    assert (
        scorecard.to_csv(scorecard.table(answers, multiverse.of_claims()))
        == (folder / "verdicts.csv").read_text()
    )
    assert (
        records.to_json(runner.records(project.notebooks()))
        == (folder / "answers.json").read_text()
    )


def test_measurements_hold_the_default_and_the_tolerance_of_every_printed_value():
    table = pd.read_csv(project.processed() / "measurements.csv")
    assert table.columns.tolist() == records.MEASUREMENTS
    printed = table[table["measure"] == "printed"].set_index(["claim", "entity"])
    for claim in claims.load().values():
        if claim.notebook in runner.topics():
            for entity, text, gap in zip(
                claim.entity, claim.printed, claim.tolerances, strict=False
            ):
                row = printed.loc[(claim.id, entity)]
                assert (row["value"], round(row["value"] - row["low"], 6)) == (float(text), gap)
    assert table["is_default"].all()


def test_a_moved_number_moves_the_measurements():
    answers = copy.deepcopy(list(records.answers().values()))
    before = pd.read_csv(io.StringIO(records.measurements(answers)))
    row = next(record for record in answers if record["values"])
    row["values"][0]["value"] += 0.001
    assert not before.equals(pd.read_csv(io.StringIO(records.measurements(answers))))
