"""What stands around the claims: search, cards, downloads, the feed, what a shared link shows."""

import io
import json
import zipfile
from xml.etree import ElementTree

import pandas as pd
import pytest
from conftest import look
from PIL import Image
from test_pages import HOSTILE, parse, site, trees, words  # noqa: F401 - fixtures

from helpers import project
from helpers.judging import claims, corrections, scorecard
from helpers.reading import cards, downloads, finder, pages

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def browser(chrome):
    look(chrome, 1280, 1000)
    return chrome


def found(browser, site, asked):  # noqa: F811
    browser.get(f"{(site / 'search.html').as_uri()}?q={asked}")
    return [
        (
            line.find_element("tag name", "a").get_attribute("href").rpartition("/")[2],
            line.find_element("tag name", "p").text,
        )
        for line in browser.find_elements("css selector", "#results li")
    ]


def test_a_number_is_found_with_what_stands_around_it(browser, site):  # noqa: F811
    hits = found(browser, site, "22.6")
    assert hits[0][0] == "citations-china-2023.html" and "22.6" in hits[0][1]
    assert "01_research_output.html" in {place.partition("#")[0] for place, _ in hits}
    assert all("22.6" in text for _, text in hits[:3])


def test_a_number_is_not_found_inside_another(browser, site):  # noqa: F811
    assert "citations-china-2023.html" not in dict(found(browser, site, "2.6"))


@pytest.mark.parametrize(
    ("asked", "first"),
    [("patents", "patents-china"), ("DeepMind", "06_notable"), ("downloads ahead", "monthly-down")],
)
def test_words_find_their_claim_or_notebook(browser, site, asked, first):  # noqa: F811
    assert any(place.startswith(first) for place, _ in found(browser, site, asked)[:5])


def test_what_is_nowhere_says_so_and_markup_is_text(browser, site):  # noqa: F811
    assert found(browser, site, "%3Cb%3Enowhere%3C/b%3E") == []
    assert "Nothing holds" in browser.find_element("id", "search-says").text


def test_every_claim_can_be_found(site):  # noqa: F811
    rows = [
        row | {"about": claims.get(row["claim"])} for row in scorecard.load().to_dict("records")
    ]
    text = finder.index(rows)
    known = json.loads(text.removeprefix("const FOUND = ").rstrip().removesuffix(";"))
    assert {f"claims/{id_}.html" for id_ in claims.load()} <= {each["place"] for each in known}
    assert (site / "assets" / "found.js").read_text(encoding="utf-8") == text


def test_a_card_has_the_size_that_is_shared_and_follows_its_words():
    made = cards.card("China is first.", "stands", "It is first in both.")
    assert Image.open(io.BytesIO(made)).size == (1200, 630) and len(made) < 40_000
    assert made == cards.card("China is first.", "stands", "It is first in both.")
    assert made != cards.card("China is first.", "depends", "It is first in both.")


def test_every_claim_has_its_card(site):  # noqa: F811
    assert {path.stem for path in (site / "cards").iterdir()} == {*claims.load(), "front"}


def shared(tree):
    named = {each.get("property"): each.get("content") for each in tree.iter("meta")}
    links = {each.get("rel"): each.get("href") for each in tree.iter("link")}
    return named, links.get("canonical")


def test_a_page_names_its_address_where_there_is_one(monkeypatch, tmp_path, trees):  # noqa: F811
    named, canonical = shared(trees["claims/both-open-source.html"])
    assert named["og:title"] and named["og:description"] and canonical is None
    assert "og:image" not in named
    monkeypatch.setenv("FACTCHECK_SITE", "https://example.org/check")
    pages.write_claims(tmp_path, ["both-open-source"])
    text = (tmp_path / "claims" / "both-open-source.html").read_text(encoding="utf-8")
    named, canonical = shared(parse(text))
    assert canonical == named["og:url"] == "https://example.org/check/claims/both-open-source.html"
    assert named["og:image"] == "https://example.org/check/cards/both-open-source.png"


def test_the_archive_holds_every_table_as_it_is(site, trees):  # noqa: F811
    listed = {row.get("id") for row in trees["data.html"].iter("tr") if row.get("id")}
    with zipfile.ZipFile(site / "data.zip") as packed:
        assert {name.removesuffix(".csv") for name in packed.namelist()} == listed
        for name in packed.namelist():
            content = (project.processed() / name).read_bytes()
            assert packed.read(name) == content == (site / "data" / name).read_bytes()


def test_the_data_page_counts_rows_and_names_licences(trees):  # noqa: F811
    rows = {row.get("id"): row for row in trees["data.html"].iter("tr") if row.get("id")}
    count = len(pd.read_csv(project.processed() / "cset_groups.csv"))
    told = words(rows["cset_groups"])
    assert f"{count:,}" in told and "CC BY-NC 4.0" in told and "CSET" in told


def test_the_data_page_says_what_each_column_means_and_its_unit(trees):  # noqa: F811
    rows = {row.get("id"): row for row in trees["data.html"].iter("tr") if row.get("id")}
    for name, row in rows.items():
        columns = list(pd.read_csv(project.processed() / f"{name}.csv", nrows=1))
        assert [words(each) for each in row.iter("dt")] == columns
        assert all(words(each) for each in row.iter("dd"))
    told = dict(zip(rows["gpu_clusters"].iter("dt"), rows["gpu_clusters"].iter("dd"), strict=True))
    said = {words(column): words(meaning) for column, meaning in told.items()}
    assert said["power_mw"] == "Electrical power of the cluster (MW)"


def test_the_outcomes_as_json_are_those_of_the_table(site):  # noqa: F811
    told = json.loads((site / "verdicts.json").read_text(encoding="utf-8"))
    wanted = scorecard.load()
    assert [row["claim"] for row in told] == wanted["claim"].tolist()
    assert [row["outcome"] for row in told] == wanted["outcome"].tolist()


def test_the_feed_holds_every_correction_newest_first():
    tree = ElementTree.fromstring(downloads.feed())
    entries = tree.findall(f"{ATOM}entry")
    log = corrections.load()
    assert len(entries) == len(log)
    assert entries[0].find(f"{ATOM}title").text.startswith(log["claim"].iloc[-1])
    assert len({each.find(f"{ATOM}id").text for each in entries}) == len(log)


def test_a_correction_in_hostile_words_is_text_in_the_feed(monkeypatch):
    log = corrections.load().assign(why=HOSTILE)
    monkeypatch.setattr(corrections, "load", lambda: log)
    tree = ElementTree.fromstring(downloads.feed())
    assert tree.find(f"{ATOM}entry/{ATOM}summary").text == HOSTILE
