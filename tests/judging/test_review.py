"""Each outcome is published as fact-checkers exchange it, in words that schema.org knows."""

import copy
import dataclasses
import json
import shutil
from importlib.resources import files

import jsonschema
import pandas as pd
import pytest

from helpers import project
from helpers.judging import claims, outcomes, review, scorecard
from helpers.project import FactcheckError

NAMED = {
    "type": "object",
    "required": ["@type", "name"],
    "properties": {
        "@type": {"enum": ["Person", "Organization"]},
        "name": {"enum": ["John Thornhill", "Caiwei Chen", "Financial Times"]},
    },
    "additionalProperties": False,
}
TEXT = {"type": "string", "minLength": 1}
SCHEMA = {
    "type": "object",
    "required": [
        "@context",
        "@type",
        "identifier",
        "claimReviewed",
        "itemReviewed",
        "reviewRating",
        "reviewBody",
        "author",
        "datePublished",
    ],
    "properties": {
        "@context": {"const": "https://schema.org"},
        "@type": {"const": "ClaimReview"},
        "identifier": TEXT,
        "claimReviewed": TEXT,
        "reviewBody": TEXT,
        "license": {"type": "string", "pattern": "^https://spdx.org/"},
        "url": {"type": "string", "pattern": "^https://"},
        "datePublished": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
        "author": {"type": "array", "minItems": 1, "items": {"required": ["@type", "name"]}},
        "itemReviewed": {
            "type": "object",
            "required": ["@type", "text", "creditText", "appearance"],
            "properties": {
                "@type": {"const": "Claim"},
                "text": TEXT,
                "description": TEXT,
                "creditText": TEXT,
                "datePublished": {"const": "2025"},
                "author": {"type": "array", "minItems": 1, "items": NAMED},
                "appearance": {
                    "type": "object",
                    "required": ["@type", "name", "author", "publisher", "datePublished"],
                    "properties": {
                        "@type": {"const": "NewsArticle"},
                        "author": {"items": NAMED},
                        "datePublished": {"const": "2025"},
                    },
                },
            },
            "additionalProperties": False,
        },
        "reviewRating": {
            "type": "object",
            "required": ["@type", "alternateName", "ratingExplanation"],
            "properties": {
                "@type": {"const": "Rating"},
                "alternateName": {"enum": list(outcomes.OUTCOMES)},
                "ratingExplanation": TEXT,
            },
            "additionalProperties": False,
        },
    },
    "additionalProperties": False,
}


def vocabulary():
    """schema.org as the library for research crates carries it: the classes above a type, and where
    each property may stand."""
    graph = json.loads(files("rocrate").joinpath("data/schema.jsonld").read_text(encoding="utf-8"))[
        "@graph"
    ]
    return {entry["@id"].removeprefix("schema:"): entry for entry in graph}


def listed(value):
    return [
        entry["@id"].removeprefix("schema:")
        for entry in (value if isinstance(value, list) else [value] if value else [])
    ]


def above(type_, known):
    return {type_}.union(
        *(
            above(parent, known)
            for parent in listed(known[type_].get("rdfs:subClassOf"))
            if parent in known
        )
    )


def unknown(node, known):
    """The properties that schema.org does not have for a node's type, or that hold a node of a type
    it does not expect."""
    found = []
    for name, value in node.items():
        if name.startswith("@"):
            continue
        entry = known.get(name, {})
        if not above(node["@type"], known) & set(listed(entry.get("schema:domainIncludes"))):
            found.append(f"{node['@type']}.{name}")
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                if not above(inner["@type"], known) & set(
                    listed(entry.get("schema:rangeIncludes"))
                ):
                    found.append(f"{node['@type']}.{name} = {inner['@type']}")
                found += unknown(inner, known)
    return found


@pytest.fixture(scope="module")
def reviews():
    return [review.of_claim(id_) for id_ in claims.load()]


def test_every_claim_has_a_review_of_the_right_shape(reviews):
    for found in reviews:
        jsonschema.validate(found, SCHEMA)
    assert len(reviews) == len(claims.load())


def test_a_review_says_what_registry_and_scorecard_say(reviews):
    rows = scorecard.load().set_index("claim")
    for found in reviews:
        row, asked = rows.loc[found["identifier"]], claims.get(found["identifier"])
        assert (
            found["reviewRating"]["alternateName"] == row["outcome"]
            and found["reviewBody"] == row["summary"]
        )
        assert found["claimReviewed"] == found["itemReviewed"]["text"] == asked.statement
        assert all(text in found["itemReviewed"]["description"] for text in asked.printed)


def test_schema_org_knows_every_property_and_type_of_every_review_and_of_the_feed(reviews):
    known = vocabulary()
    assert [unknown(found, known) for found in [*reviews, review.feed()]] == [[]] * (
        len(reviews) + 1
    )


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("reviewRating", "ratingValue"), 5),
        (("reviewRating", "alternateName"), "pants on fire"),
        (("reviewRating", "ratingExplanation"), ""),
        (("claimReviewed",), ""),
        (("itemReviewed", "appearance"), None),
        (("itemReviewed", "author"), [{"@type": "Person", "name": "Somebody Else"}]),
        (("datePublished",), "today"),
        (("verdict",), "true"),
    ],
)
def test_a_review_of_the_wrong_shape_is_seen(reviews, place, value):
    found = copy.deepcopy(reviews[0])
    node = found
    for name in place[:-1]:
        node = node[name]
    node.pop(place[-1], None)
    node |= {} if value is None else {place[-1]: value}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(found, SCHEMA)


def test_a_property_that_schema_org_does_not_have_is_seen(reviews):
    known = vocabulary()
    wrong = reviews[0] | {
        "verdict": "true",
        "appearance": "an article",
        "itemReviewed": {"@type": "Rating"},
        "author": [{"@type": "Rating"}],
    }
    assert unknown(wrong, known) == [
        "ClaimReview.author = Rating",
        "ClaimReview.verdict",
        "ClaimReview.appearance",
    ]


@pytest.mark.parametrize(
    ("speaker", "names"),
    [
        ("Chen; Thornhill grants it", ["Caiwei Chen", "John Thornhill"]),
        ("Financial Times figure", ["Financial Times"]),
        ("Thornhill, after Buffett", ["John Thornhill"]),
        ("Wang, quoted by Thornhill", []),
    ],
)
def test_a_claim_is_credited_to_those_who_made_it_and_a_quotation_to_neither_author(
    reviews, speaker, names
):
    found = next(
        entry["itemReviewed"] for entry in reviews if entry["itemReviewed"]["creditText"] == speaker
    )
    assert [author["name"] for author in found.get("author", [])] == names


def test_the_address_of_the_page_stands_only_where_it_is_known():
    assert "url" not in review.of_claim("citations-china-2023")
    assert (
        review.of_claim("citations-china-2023", "https://example.org/x.html")["url"]
        == "https://example.org/x.html"
    )
    assert "url" not in review.feed()["dataFeedElement"][0]
    assert (
        review.feed("https://example.org/")["dataFeedElement"][0]["url"]
        == "https://example.org/claims/publications-china-leads.html"
    )


def test_the_feed_holds_every_review_in_reading_order():
    assert [entry["identifier"] for entry in review.feed()["dataFeedElement"]] == list(
        claims.load()
    )


def test_a_claim_that_is_unknown_or_still_to_be_computed_has_no_review(monkeypatch):
    with pytest.raises(claims.ClaimError, match="did you mean"):
        review.of_claim("citations-china-2032")
    pending = scorecard.load().assign(outcome=outcomes.PENDING)
    monkeypatch.setattr(scorecard, "load", lambda: pending)
    with pytest.raises(FactcheckError, match="no outcome to publish"):
        review.of_claim("citations-china-2023")


def test_a_citation_without_date_or_file_is_refused(checkout):
    (checkout / "CITATION.cff").unlink()
    with pytest.raises(FactcheckError, match=r"CITATION.cff cannot be read"):
        review.of_claim("citations-china-2023")
    (checkout / "CITATION.cff").write_text(
        "title: x\nlicense: MIT\nversion: 1\nauthors: [{name: y}]\n", encoding="utf-8"
    )
    with pytest.raises(FactcheckError, match="missing date-released"):
        review.of_claim("citations-china-2023")


CITATION = """title: A check
authors:
  - name: The checkers
  - family-names: Lovelace
    given-names: Ada
license: MIT
version: 1
date-released: 2026-11-24
"""
AUTHORS = [
    {"@type": "Organization", "name": "The checkers"},
    {"@type": "Person", "name": "Ada Lovelace"},
]


@pytest.fixture
def cite(tmp_path, monkeypatch):
    """Write the citation of a checkout that has one and the registry."""
    (tmp_path / "data").mkdir()
    shutil.copy(project.root() / "data" / "claims.toml", tmp_path / "data")
    monkeypatch.setenv("FACTCHECK_ROOT", str(tmp_path))
    return (tmp_path / "CITATION.cff").write_bytes


@pytest.fixture
def judged(cite, monkeypatch):
    """Let every claim stand for one reason."""
    cite(CITATION.encode())
    rows = pd.DataFrame({"claim": list(claims.load()), "outcome": outcomes.STANDS})
    rows = rows.assign(reason="it does", summary="So it is.")
    monkeypatch.setattr(scorecard, "load", lambda: rows)
    return rows


def test_a_review_says_this_and_nothing_else(judged):
    asked = claims.get("citations-china-2023")
    assert review.of_claim(asked.id, "https://example.org/x.html") == {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "identifier": "citations-china-2023",
        "claimReviewed": asked.statement,
        "itemReviewed": {
            "@type": "Claim",
            "text": asked.statement,
            "description": "share of citations (% of citations); 2023; printed: China 22.6",
            "creditText": "Thornhill",
            "author": [{"@type": "Person", "name": "John Thornhill"}],
            "appearance": review.ARTICLE,
            "datePublished": "2025",
        },
        "reviewRating": {
            "@type": "Rating",
            "alternateName": "stands",
            "ratingExplanation": "it does",
        },
        "reviewBody": "So it is.",
        "author": AUTHORS,
        "datePublished": "2026-11-24",
        "license": "https://spdx.org/licenses/MIT",
        "url": "https://example.org/x.html",
    }


def test_a_feed_says_whose_it_is_and_of_when_and_its_context_once(judged):
    found = review.feed()
    reviews = found.pop("dataFeedElement")
    assert found == {
        "@context": "https://schema.org",
        "@type": "DataFeed",
        "name": "A check",
        "author": AUTHORS,
        "dateModified": "2026-11-24",
        "license": "https://spdx.org/licenses/MIT",
    }
    bare = review.of_claim("citations-china-2023")
    assert bare.pop("@context") and reviews[1] == bare
    assert not any("url" in each for each in reviews)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "share of citations (% of citations); 2023; printed: China 22.6"),
        ({"unit": ""}, "share of citations; 2023; printed: China 22.6"),
        ({"measure": ""}, "2023; printed: China 22.6"),
        ({"period": "", "printed": []}, "share of citations (% of citations)"),
        (
            {"entity": ["A", "B"], "printed": ["1", "2"], "period": ""},
            "share of citations (% of citations); printed: A 1, B 2",
        ),
    ],
)
def test_a_claim_is_described_by_measure_unit_period_and_what_was_printed(fields, said):
    claim = dataclasses.replace(claims.get("citations-china-2023"), **fields)
    assert review._claim(claim)["description"] == said


def test_a_claim_without_description_has_none_and_a_quotation_no_author():
    bare = {
        "measure": "",
        "unit": "",
        "period": "",
        "printed": [],
        "speaker": "Ding, quoted by Chen",
    }
    found = review._claim(dataclasses.replace(claims.get("citations-china-2023"), **bare))
    assert list(found) == ["@type", "text", "creditText", "appearance", "datePublished"]


def test_authors_stand_in_the_order_in_which_they_are_named():
    claim = claims.get("citations-china-2023")
    for speaker, names in (
        ("Thornhill; Chen grants it", ["John Thornhill", "Caiwei Chen"]),
        ("Chen; Thornhill grants it", ["Caiwei Chen", "John Thornhill"]),
    ):
        found = review._claim(dataclasses.replace(claim, speaker=speaker))
        assert [author["name"] for author in found["author"]] == names


def test_a_claim_that_has_no_outcome_is_named(judged, monkeypatch):
    said = "citations-china-2023 has no outcome to publish: run `factcheck run`."
    pending = judged.assign(outcome=outcomes.PENDING)
    for rows in (pending, judged[judged["claim"].ne("citations-china-2023")]):
        monkeypatch.setattr(scorecard, "load", lambda rows=rows: rows)
        with pytest.raises(FactcheckError) as caught:
            review.of_claim("citations-china-2023")
        assert str(caught.value) == said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{}", "missing title, authors, license, version, date-released. Add the field."),
        (CITATION.replace("title: A check", "title:").encode(), "missing title. Add the field."),
        (b"- a list", r"cannot be read (.*): restore it with git\."),
        (b"a: [", r"cannot be read ((.|\n)*): restore it with git\."),
        (b"title: \xff", r"cannot be read (.*utf-8.*): restore it with git\."),
    ],
)
def test_a_citation_that_says_too_little_is_refused_in_these_words(cite, content, said):
    cite(content)
    with pytest.raises(FactcheckError, match=rf"^CITATION\.cff:? {said}$"):
        review.citation()


def test_values_of_a_citation_stay_as_they_are_written(cite):
    cite(CITATION.replace("A check", "Ünicode").encode())
    found = review.citation()
    assert (found["title"], found["version"], found["date-released"]) == (
        "Ünicode", "1", "2026-11-24",
    )  # fmt: skip
