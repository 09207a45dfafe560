"""Counts of authors by country and venue: what a row may be, and what is refused with its row."""

import pytest

from helpers import project
from helpers.evidence import tables
from helpers.evidence.extracts.venues import listed_authors, tracked_authors
from helpers.project import FactcheckError

TRACKED = "venue,year,papers_total,country,papers,author_credits,spotlights,orals\n"
LISTED = (
    "file_version,papers,country,papers_any_author,author_slots_first_listed,"
    "slots_without_country\n"
)


def made(folder, head, *rows):
    path = folder / "counts.csv"
    path.write_text(head + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def test_a_further_spelling_adds_up_and_an_address_without_a_country_is_missing(tmp_path):
    rows = ["icml,2024,9,GB,3,5,1,0", "icml,2024,9,UK,2,4,0,0", "icml,2024,9,UNK,1,7,0,0"]
    found = tracked_authors(made(tmp_path, TRACKED, *rows)).set_index("place")["authors"]
    assert found.to_dict() == {"GBR": 9, "none": 7}


@pytest.mark.parametrize("again", ["icml,2024,9,US,2,3,0,0", "icml,2024,9,United States,2,3,0,0"])
def test_two_rows_of_one_country_and_venue_are_refused_with_their_row(tmp_path, again):
    path = made(tmp_path, TRACKED, "icml,2024,9,US,3,5,1,0", "icml,2025,9,US,3,5,1,0", again)
    with pytest.raises(FactcheckError, match=r"counts\.csv, row 4: a second row of 'U.* ICML 2024"):
        tracked_authors(path)


def test_two_rows_of_one_country_in_a_list_are_refused_too(tmp_path):
    row = "acl2021_20250612,9,China,3,5,0"
    path = made(tmp_path, LISTED, row, row)
    with pytest.raises(FactcheckError, match=r"row 3: a second row of 'China' at ACL 2021"):
        listed_authors(path)


def test_a_doubled_row_of_the_committed_extract_is_refused_with_its_row(checkout):
    path = project.raw() / "facts_conference_authors_by_country_2024_2026.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines, lines[1]]), encoding="utf-8")
    with pytest.raises(FactcheckError, match=f"row {len(lines) + 1}|row 2"):
        tables.clean("venue_authors")


def test_every_author_of_the_published_counts_stands_in_the_extract(extract):
    """Totals as the publishers' own rows add up to, read off the two files once."""
    total = {}
    for id_ in ("facts_conference_authors_by_country_2024_2026", "facts_paperlists_country_counts"):
        for row in extract(id_):
            key = row["venue"], int(row["year"])
            total[key] = total.get(key, 0) + int(row["authors"])
    assert total["NeurIPS", 2025] == 29243
    assert total["ICML", 2024] == 11967
    assert total["AAAI", 2022] == 5707 + 2
    assert len(total) == 21
