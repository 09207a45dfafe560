import csv
import json

import pytest
from click.testing import CliRunner

from helpers.judging import claims, explain, scorecard
from helpers.judging.claims import ClaimError
from helpers.main import cli


def lines_of(id_):
    return explain.claim(id_).splitlines()


def sweep(checkout, *rows):
    with (checkout / "data" / "processed" / "multiverse.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, scorecard.MEASUREMENTS)
        writer.writeheader()
        writer.writerows(
            dict(zip(("claim", "choices", "holds", "value"), row, strict=False)) for row in rows
        )


def test_every_claim_is_explained_on_one_screen():
    for id_ in claims.load():
        lines = lines_of(id_)
        assert len(lines) <= 36 and max(map(len, lines)) <= explain.WIDTH
        assert len([line for line in lines if not line.strip()]) == 0


def test_the_screen_says_what_was_said_measured_and_where_it_comes_from():
    text = explain.claim("notable-models-us-2024")
    for part in (
        "(Thornhill)",
        "United States 40 (models)",
        "United States ~ printed",
        "holds: United States 39 [39 to 42] in 2024",
        "superseded (2025-04-08)",
    ):
        assert part in text
    assert (
        "Epoch AI, 2025-02-24; copy; licence: CC BY 4.0" in text
        and "2026-08-19 does not hold: United States@2024 57" in text
    )


def test_long_lists_are_cut_and_say_how_much_is_left_out():
    record = scorecard.answers()["notable-models-us-leads"]
    text = explain.claim("notable-models-us-leads")
    assert f"and {len(record['later']) - explain.SHOWN} more" in text
    shown = [
        text.index(f"{entry['label']} holds")
        for entry in record["later"][: -explain.SHOWN - 1 : -1]
    ]
    assert shown == sorted(shown)


def test_a_value_that_is_missing_reads_as_missing_and_not_as_nought():
    assert "China missing in 2023-11" in " ".join(explain.claim("figure-monthly-shares").split())


def test_a_claim_without_a_record_reads_as_not_yet_computed(checkout):
    path = checkout / "data" / "processed" / "answers.json"
    path.write_text(
        json.dumps(
            [
                record
                for record in json.loads(path.read_text())
                if record["claim"] != "patents-china-2023"
            ]
        )
    )
    (checkout / "data" / "processed" / "verdicts.csv").write_text("claim,verdict,summary\n")
    assert lines_of("patents-china-2023")[-2:] == [
        "verdict          not yet computed",
        "measured         not yet computed",
    ]


def test_specifications_are_counted_once_each_for_and_against(checkout):
    sweep(
        checkout,
        *[("patents-china-2023", '{"a": 1}', "True")] * 2,
        ("patents-china-2023", '{"a": 2}', "False"),
        ("patents-china-2023", '{"a": 3}', ""),
        ("patents-china-leads", '{"a": 4}', "False"),
    )
    assert (
        explain.specifications("patents-china-2023") == "not robust: 1 for, 1 against, 1 cannot say"
    )
    assert explain.specifications("citations-china-2023") == "no choices"


@pytest.mark.parametrize(
    ("last", "said"), [(7, "; 2 different results"), (5, "; the result is always the same")]
)
def test_choices_that_never_move_the_result_are_told(checkout, last, said):
    sweep(
        checkout,
        *[
            ("patents-china-2023", f'{{"a": {place}}}', "True", value)
            for place, value in enumerate((5, 5, last))
        ],
    )
    assert explain.specifications("patents-china-2023") == f"robust: 3 for, 0 against{said}"


def test_an_unknown_claim_is_refused_with_the_nearest_id():
    with pytest.raises(ClaimError, match="did you mean 'patents-china-2023'"):
        explain.claim("patent-china-2023")
    result = CliRunner().invoke(cli, ["explain", "patent-china-2023"])
    assert isinstance(result.exception, ClaimError)


def test_the_command_prints_the_screen():
    result = CliRunner().invoke(cli, ["explain", "patents-china-2023"])
    assert result.exit_code == 0 and result.output == explain.claim("patents-china-2023") + "\n"
