import pytest
from click.testing import CliRunner

from helpers.judging import claims, explain, records, scorecard
from helpers.judging.claims import ClaimError
from helpers.main import cli


def lines_of(id_):
    return explain.claim(id_).splitlines()


def test_every_claim_is_explained_on_one_screen():
    for id_ in claims.load():
        lines = lines_of(id_)
        assert len(lines) <= 48 and max(map(len, lines)) <= explain.WIDTH, id_
        assert len([line for line in lines if not line.strip()]) == 0


def test_the_screen_says_what_was_said_counted_and_where_it_comes_from():
    text = " ".join(explain.claim("notable-models-china-2024").split())
    for part in (
        "(Thornhill)",
        "China 15 (models)",
        "in its source? yes",
        "our own count? recounted: Epoch AI's list of 17 March 2025, rebuilt from its copies",
        "A model that came and went between the copies is not seen",
        "other data? none comparable",
        "since then? restated",
        "China ~ printed",
        "changed 2026-11-26",
    ):
        assert part in text, part


def test_the_five_claims_that_referees_asked_for_give_their_reasons():
    rows = scorecard.load().set_index("claim")
    for id_ in (
        "citations-europe-2023",
        "patents-china-2023",
        "notable-models-china-2024",
        "talent-china-2022",
        "us-lead-infrastructure",
    ):
        text = " ".join(explain.claim(id_).split())
        assert f"outcome {rows.at[id_, 'outcome']}: " in text
        assert " ".join(rows.at[id_, "reason"].split())[:60] in text


def test_long_lists_are_cut_and_say_how_much_is_left_out():
    record = records.answers()["notable-models-us-leads"]
    text = explain.claim("notable-models-us-leads")
    assert f"and {len(record['since']['entries']) - explain.SHOWN} more" in text


def test_a_claim_without_a_row_reads_as_not_yet_computed(checkout):
    (checkout / "data" / "processed" / "verdicts.csv").write_text("claim,outcome,reason\n")
    assert lines_of("patents-china-2023") == [
        "patents-china-2023 · not yet computed: run `factcheck run`."
    ]


def test_an_unknown_claim_is_refused_with_the_nearest_id():
    with pytest.raises(ClaimError, match="did you mean 'patents-china-2023'"):
        explain.claim("patent-china-2023")
    result = CliRunner().invoke(cli, ["explain", "patent-china-2023"])
    assert isinstance(result.exception, ClaimError)


def test_the_command_prints_the_screen():
    result = CliRunner().invoke(cli, ["explain", "patents-china-2023"])
    assert result.exit_code == 0 and result.output == explain.claim("patents-china-2023") + "\n"
