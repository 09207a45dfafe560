"""Review: a claim's outcome in the words that fact-checkers exchange, schema.org's ClaimReview."""

from typing import Any

import yaml

from .. import project
from ..project import FactcheckError
from . import claims, outcomes, scorecard

CONTEXT = "https://schema.org"
SPEAKERS = {
    "Thornhill": {"@type": "Person", "name": "John Thornhill"},
    "Chen": {"@type": "Person", "name": "Caiwei Chen"},
    "Financial Times": {"@type": "Organization", "name": "Financial Times"},
}
ARTICLE = {
    "@type": "NewsArticle",
    "name": "Why China is winning the AI race",
    "author": [SPEAKERS["Thornhill"], SPEAKERS["Chen"]],
    "publisher": [
        SPEAKERS["Financial Times"],
        {"@type": "Organization", "name": "MIT Technology Review"},
    ],
    "datePublished": "2025",
}


def of_claim(id_: str, address: str = "") -> dict[str, Any]:
    """Return the ClaimReview of one claim as JSON-LD; `address` is that of the page that shows it.

    `reviewRating` names the outcome and its reason; a number on a scale would rank what is not
    ranked, so there is none. The date is the release's, so that the same data give the same bytes.
    Raises ClaimError for an unknown claim, FactcheckError for one that is still to be computed.
    """
    claim = claims.get(id_)
    rows = scorecard.load().set_index("claim")
    if id_ not in rows.index or rows.at[id_, "outcome"] == outcomes.PENDING:
        raise FactcheckError(f"{id_} has no outcome to publish: run `factcheck run`.")
    about = citation()
    found = {
        "@context": CONTEXT,
        "@type": "ClaimReview",
        "identifier": id_,
        "claimReviewed": claim.statement,
        "itemReviewed": _claim(claim),
        "reviewRating": _rating(rows.at[id_, "outcome"], rows.at[id_, "reason"]),
        "reviewBody": rows.at[id_, "summary"],
        "author": authors(),
        "datePublished": about["date-released"],
        "license": licence(about["license"]),
    }
    return found | ({"url": address} if address else {})


def feed(address: str = "") -> dict[str, Any]:
    """Return every claim's review as a schema.org DataFeed, in reading order; `address` is that of
    the site, ending in "/"."""
    about = citation()
    reviews = [
        of_claim(id_, f"{address}claims/{id_}.html" if address else "") for id_ in claims.load()
    ]
    return {
        "@context": CONTEXT,
        "@type": "DataFeed",
        "name": about["title"],
        "author": authors(),
        "dateModified": about["date-released"],
        "license": licence(about["license"]),
        "dataFeedElement": [
            {name: value for name, value in review.items() if name != "@context"}
            for review in reviews
        ],
    }


def citation() -> dict[str, Any]:
    """Return CITATION.cff, dates as text; raises FactcheckError where it is missing or names no
    title, author, licence, version or date."""
    path = project.root() / "CITATION.cff"
    try:
        # The base loader keeps every value as it is written.
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
        missing = [
            name
            for name in ("title", "authors", "license", "version", "date-released")
            if not found.get(name)
        ]
    except (OSError, ValueError, AttributeError, yaml.YAMLError) as error:
        raise FactcheckError(
            f"CITATION.cff cannot be read ({error}): restore it with git."
        ) from error
    if missing:
        raise FactcheckError(f"CITATION.cff: missing {', '.join(missing)}. Add the field.")
    return found


def authors() -> list[dict[str, str]]:
    """Return the authors that CITATION.cff names, as schema.org has them."""
    return [
        {"@type": "Organization", "name": entry["name"]}
        if "name" in entry
        else {"@type": "Person", "name": f"{entry['given-names']} {entry['family-names']}"}
        for entry in citation()["authors"]
    ]


def licence(spdx: str) -> str:
    """Return the address of a licence by its SPDX name.

    >>> licence("MIT")
    'https://spdx.org/licenses/MIT'
    """
    return f"https://spdx.org/licenses/{spdx}"


def _claim(claim: claims.Claim) -> dict[str, Any]:
    """Return the claim in its article.

    What somebody else said, and is only quoted, has no author here: `creditText` says whose it is.
    """
    named = (
        []
        if "quoted" in claim.speaker
        else sorted((word for word in SPEAKERS if word in claim.speaker), key=claim.speaker.index)
    )
    printed = ", ".join(
        f"{entity} {text}" for entity, text in zip(claim.entity, claim.printed, strict=False)
    )
    measure = f"{claim.measure} ({claim.unit})" if claim.measure and claim.unit else claim.measure
    context = "; ".join(
        filter(None, (measure, claim.period, f"printed: {printed}" if printed else ""))
    )
    found = {
        "@type": "Claim",
        "text": claim.statement,
        "description": context,
        "creditText": claim.speaker,
        "author": [SPEAKERS[word] for word in named],
        "appearance": ARTICLE,
        "datePublished": ARTICLE["datePublished"],
    }
    return {name: value for name, value in found.items() if value}


def _rating(outcome: str, reason: str) -> dict[str, Any]:
    return {"@type": "Rating", "alternateName": outcome, "ratingExplanation": reason}
