"""Words and printed digits: hints, half units, agreement, and numbers as by hand."""

import pytest

from helpers import text


def test_a_hint_names_the_nearest_word_or_else_all_that_are_valid():
    assert text.nearest("countng", ["vintage", "counting", "counts"]) == "did you mean 'counting'?"
    assert text.nearest("zzz", iter(["a", "b"])) == "valid are: a, b"
    assert text.nearest(2024, ["2025", "x"]) == "did you mean '2025'?"
    assert text.nearest("abcde", ["abxyz"]) == "valid are: abxyz"  # two letters of five


def test_of_a_very_long_word_only_the_beginning_is_compared():
    valid = "a" * text.LONGEST
    assert text.nearest("a" * text.LONGEST + "b" * 1000, [valid]) == f"did you mean {valid!r}?"


@pytest.mark.parametrize(
    ("printed", "half"), [("22.6", 0.05), ("13", 0.5), ("0.125", 0.0005), ("-1.5", 0.05)]
)
def test_half_a_unit_is_that_of_the_last_printed_digit(printed, half):
    assert text.half_unit(printed) == pytest.approx(half, rel=1e-12)


@pytest.mark.parametrize(
    ("printed", "value", "same"),
    [
        ("10", 11, True), ("10", 9, True), ("10", 11.01, False), ("10", 8.99, False),
        ("-10", -11, True), ("-10", -11.01, False), ("-10", 10, False),
        ("0", 0, True), ("0", 1e-9, True), ("0", -1e-9, True), ("0", 2e-9, False),
    ],
)  # fmt: skip
def test_about_the_same_is_within_a_tenth_of_the_printed_number(printed, value, same):
    assert text.near(printed, value) is same


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("1.024e+15 in 2025-10", "1.024\xa0×\xa010¹⁵ in 2025-10"),
        ("3e-07", "3\xa0×\xa010⁻⁷"),
        ("1e+23 and 4e+05", "1\xa0×\xa010²³ and 4\xa0×\xa010⁵"),
        ("1e+0967845", "1\xa0×\xa010⁹⁶⁷⁸⁴⁵"),
        ("-0.05 / +1.2", "−0.05 / +1.2"),
        ("(-3) to -4", "(−3) to −4"),
        ("GPT-4, v1.-2, 2025-10-31, a - b", "GPT-4, v1.-2, 2025-10-31, a - b"),
        ("the+15 1e+15x", "the+15 1e+15x"),
    ],
)
def test_numbers_are_written_as_by_hand_and_dates_and_names_stay(given, written):
    assert text.readable(given) == written


def test_markdown_shows_a_text_letter_by_letter_on_one_line():
    assert text.in_markdown("a `b` *c*  [d]\n<e>|&\\") == (
        "a \\`b\\` \\*c\\* \\[d\\] \\<e\\>\\|\\&\\\\"
    )
    assert text.in_markdown(" x\t y ") == "x y"
