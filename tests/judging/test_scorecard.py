import copy
import io

import pandas as pd
import pytest

from helpers import project
from helpers.judging import claims, multiverse, scorecard
from helpers.project import FactcheckError
from helpers.running import runner


def test_verdicts_have_a_row_for_every_claim_in_reading_order():
    assert scorecard.load()["claim"].tolist() == list(claims.load())


def test_a_claim_whose_notebook_is_still_to_come_never_reads_as_passed():
    found = scorecard.load().set_index("claim")
    for claim in claims.load().values():
        if claim.notebook not in runner.names():
            assert (
                found.loc[claim.id, "verdict"] == "not yet computed"
                and found.loc[claim.id, "measured"] == ""
            )


def test_verdicts_and_measurements_follow_from_the_collected_records():
    answers = scorecard.answers()
    folder = project.processed()
    assert (
        scorecard.measurements(list(answers.values())) == (folder / "measurements.csv").read_text()
    )
    assert (
        scorecard.to_csv(scorecard.table(answers, multiverse.of_claims()))
        == (folder / "verdicts.csv").read_text()
    )
    assert (
        scorecard.to_json(runner.records(project.notebooks()))
        == (folder / "answers.json").read_text()
    )


def test_measurements_hold_the_default_and_the_tolerance_of_every_printed_value():
    table = pd.read_csv(project.processed() / "measurements.csv")
    assert table.columns.tolist() == scorecard.MEASUREMENTS
    printed = table[table["measure"] == "printed"].set_index(["claim", "entity"])
    for claim in claims.load().values():
        if claim.notebook in runner.topics():
            for entity, text, gap in zip(
                claim.entity, claim.printed, claim.tolerances, strict=False
            ):
                row = printed.loc[(claim.id, entity)]
                assert (row["value"], round(row["value"] - row["low"], 6)) == (float(text), gap)
    assert table["is_default"].all()


def test_the_readme_shows_the_same_scorecard():
    text = (project.root() / "README.md").read_text()
    assert scorecard.into_readme(text, scorecard.load()) == text


def test_a_readme_without_marks_is_an_error():
    with pytest.raises(FactcheckError, match="lacks the marks"):
        scorecard.into_readme("nothing", scorecard.load())


def test_a_moved_number_moves_the_measurements():
    answers = copy.deepcopy(list(scorecard.answers().values()))
    before = pd.read_csv(io.StringIO(scorecard.measurements(answers)))
    row = next(record for record in answers if record["values"])
    row["values"][0]["value"] += 0.001
    assert not before.equals(pd.read_csv(io.StringIO(scorecard.measurements(answers))))
