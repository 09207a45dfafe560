import pytest

from helpers.project import FactcheckError
from helpers.topics import shares


def test_dropping_the_unknown_divides_by_what_is_left():
    kept, dropped = (
        shares.of_report("citations_share_pct", unknown=unknown)
        for unknown in ("keep_in_base", "drop_from_base")
    )
    assert "Unknown" not in dropped and kept["Unknown"] > 0
    assert dropped["China"] == pytest.approx(
        100 * kept["China"] / (100 - kept["Unknown"]), abs=1e-4
    )
    assert dropped["China"] == round(dropped["China"], 4) and kept.drop("Unknown").index.equals(
        dropped.index
    )


def test_a_printed_group_of_countries_is_used_and_another_one_refused():
    un, bank = (
        shares.of_report("citations_share_pct", group)["Europe"]
        for group in ("un_list", "world_bank_eca")
    )
    assert un != bank and shares.of_report("citations_share_pct")["Europe"] == un
    with pytest.raises(
        FactcheckError, match="prints no share for eu27: use un_list or world_bank_eca"
    ):
        shares.of_report("citations_share_pct", "eu27")


def test_shares_are_ordered_and_given_to_four_digits():
    for table in (
        shares.of_cset("articles", 2023).drop("Europe"),
        shares.of_nsf_articles().drop("Europe"),
        shares.of_nsf_patents(),
    ):
        assert (table == table.round(4)).all()
    for table in (shares.of_cset("articles", 2023).drop("Europe"), shares.of_nsf_articles()):
        assert table.is_monotonic_decreasing
    assert shares.of_cset("articles", 2023).index[-1] == "Europe"
