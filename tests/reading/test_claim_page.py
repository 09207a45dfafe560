"""Claim page: its figure, the printed value as a line, its links, what would settle a forecast."""

import os
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from test_pages import parse, site, trees, words  # noqa: F401 - fixtures

from helpers import project
from helpers.evidence import sources
from helpers.judging import claims, records
from helpers.reading import claim_page, pages, plates
from helpers.reading.explorer import number
from helpers.reading.strip import strip

# Views of the last notebook, reports on repair: there is nothing to draw.
BARE = {"china-ai-superpower", "never-bet-against-america", "whole-of-society", "winning-is-plural"}
WITHOUT = BARE | {
    "talent-ratio-further", "h1b-tightening", "banned-chips-repaired", "china-ahead-ai-in-sectors",
    "control-hampers", "chips-biggest-bottleneck", "both-open-source", "chip-programmes-growing",
}  # fmt: skip


def drawn(tree):
    """What a page shows of a claim: names of figures, and whether there is a strip."""
    names = [Path(each.get("src")).stem for each in tree.iter("img")]
    return names, any(each.get("class") == "strip" for each in tree.iter("div"))


def printed_lines(tree):
    """Read the strip's printed values back: entity → digits."""
    found = {}
    for block in tree.iter("div"):
        if "entity" in (block.get("class") or "").split():
            label = [words(each) for each in block.iter("strong")]
            found[words(next(block.iter("h3")))] = (
                label[0].removeprefix("printed ") if label else ""
            )
    return found


def test_every_claim_page_has_its_figure_or_says_what_it_is(trees):  # noqa: F811
    for id_, claim in claims.load().items():
        names, marks = drawn(trees[f"claims/{id_}.html"])
        assert claim.figure in names if claim.figure else marks or id_ in WITHOUT, id_


def test_every_printed_number_is_a_labelled_line_through_what_was_found(trees):  # noqa: F811
    seen = 0
    for id_, claim in claims.load().items():
        found = printed_lines(trees[f"claims/{id_}.html"])
        wanted = dict(zip(claim.entity, claim.printed, strict=False))
        assert {entity: text for entity, text in found.items() if text} == (wanted if found else {})
        seen += bool(claim.printed and found)
    assert seen == sum(bool(claim.printed) for claim in claims.load().values())


def test_a_printed_line_that_moves_is_seen(site):  # noqa: F811
    text = (site / "claims" / "citations-us-2023.html").read_text(encoding="utf-8")
    assert printed_lines(parse(text.replace("printed 13<", "printed 14<"))) != {
        "United States": "13"
    }


def test_a_mark_stands_where_its_value_is():
    claim, record = claims.get("citations-us-2023"), records.answers()["citations-us-2023"]
    places = [float(each) for each in re.findall(r"(?:left: )([\d.]+)%", str(strip(claim, record)))]
    ours = record["others"]["entries"][0]["values"]["United States@2023"]
    assert pytest.approx(places[-1] / places[0], rel=1e-3) == ours / float(claim.printed[0])


def test_a_claim_without_a_record_has_no_strip():
    assert strip(claims.get("figure-monthly-shares"), None) == ""


def test_a_source_is_linked_to_its_publishers_page_and_to_its_pinned_file(trees):  # noqa: F811
    answered = records.answers()
    for id_, claim in claims.load().items():
        links = {each.get("href") for each in trees[f"claims/{id_}.html"].iter("a")}
        used = [sources.get(each) for each in answered.get(id_, {"sources": []})["sources"]]
        wanted = {claim.url, *(each.url for each in used), *(each.page for each in used)} - {""}
        assert wanted <= links, id_


@pytest.mark.skipif(not os.environ.get("FACTCHECK_MIRROR"), reason="no mirror of the evidence")
def test_every_publishers_page_was_recorded_with_the_evidence():
    mirror = Path(os.environ["FACTCHECK_MIRROR"])
    recorded = "".join(
        path.read_text(encoding="utf-8") for path in sorted(mirror.glob("facts/*/*.csv"))
    ) + (mirror / "manifest.csv").read_text(encoding="utf-8")
    named = {claim.url for claim in claims.load().values()}
    named |= {source.page for source in sources.load().values()}
    assert [page for page in sorted(named - {""}) if page not in recorded] == []


def test_a_forecast_says_what_would_settle_it_and_by_when(trees):  # noqa: F811
    for id_, claim in claims.load().items():
        sections = {each.get("id"): each for each in trees[f"claims/{id_}.html"].iter("section")}
        assert ("settled" in sections) == bool(claim.settled_by), id_
        if claim.kind == "forecast":
            told = words(sections["settled"])
            assert claim.settled_by in told and claim.settled_when in told


def test_a_forecast_without_what_would_settle_it_is_refused(checkout):
    path = checkout / "data" / "claims.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"settled_by = .*\n", "", text, count=1), encoding="utf-8")
    claims.load.cache_clear()
    with pytest.raises(claims.ClaimError, match=r"a forecast needs `settled_by`"):
        claims.load()


def test_an_address_that_is_none_is_refused(checkout):
    path = checkout / "data" / "claims.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('url = "https://hai', 'url = "javascript:hai', 1), encoding="utf-8"
    )
    claims.load.cache_clear()
    with pytest.raises(claims.ClaimError, match="write an address"):
        claims.load()


def test_no_section_of_a_claim_page_is_empty_or_says_none(trees):  # noqa: F811
    for id_ in claims.load():
        for section in trees[f"claims/{id_}.html"].iter("section"):
            told = words(section).removeprefix(words(next(section.iter("h2")))).strip()
            assert told and not told.startswith("None"), (id_, section.get("id"))


def test_a_page_says_a_number_with_three_digits_wherever_it_stands(trees):  # noqa: F811
    tree = trees["claims/citations-us-2023.html"]
    [found] = records.answers()["citations-us-2023"]["values"]
    shown = number(found["value"])
    assert shown == "15.8" and shown in words(tree) and "15.79" not in words(tree)


def test_a_page_can_be_cited_and_the_address_stands_in_it_where_there_is_one(monkeypatch):
    claim, row = claims.get("citations-us-2023"), {"outcome": "depends"}
    assert "url" not in claim_page._cited(claim, row)["bibtex"]
    monkeypatch.setenv("FACTCHECK_SITE", "https://example.org/check/")
    cited = claim_page._cited(claim, row)
    place = "https://example.org/check/claims/citations-us-2023.html"
    assert place in cited["text"] and f"url = {{{place}}}" in cited["bibtex"]


def test_every_colour_of_a_figure_has_its_counterpart_in_the_dark():
    for path in sorted((project.processed() / "figures").glob("*.svg")):
        themed = plates.themed(path.read_text(encoding="utf-8"))
        ElementTree.fromstring(themed)
        body = themed.partition("</style>")[2]
        assert not re.findall(r'(?:style|fill|stroke)="[^"]*#[0-9a-f]{6}', body), path.name


def test_a_colour_that_nobody_named_is_seen():
    assert "#123456" in plates.themed('<svg><defs></defs><path style="fill: #123456"/></svg>')
    assert "#123456" in plates.themed('<svg><defs></defs><rect fill="#123456"/></svg>')


def test_a_colour_in_an_attribute_follows_the_page_too():
    drawn = plates.themed('<svg><defs></defs><rect fill="#f6f2ee"/></svg>').partition("</style>")[2]
    assert '<rect style="fill: var(--faint)"/>' in drawn


def test_the_page_of_a_claim_says_where_to_report_an_error(monkeypatch, tmp_path):
    monkeypatch.setenv("FACTCHECK_ADDRESS", "https://example.org/owner/name")
    pages.write_claims(tmp_path, ["both-open-source"])
    text = (tmp_path / "claims" / "both-open-source.html").read_text(encoding="utf-8")
    assert "https://example.org/owner/name/issues/new?title=both-open-source" in text
