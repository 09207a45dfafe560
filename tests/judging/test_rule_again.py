"""The rule of the guide read a second time, as a table, from the published files alone."""

import csv
import json
import tomllib

import pytest
from conftest import TOP

SAID = ("yes", "yes, rounded", "digits yes, wording wider")
AGREE = ("agree", "agree in order")
# The first line whose condition is met names the outcome; `one` is one claim's row, see `facts`.
RULE = (
    ("forecast", lambda one: one["kind"] == "forecast"),
    ("view", lambda one: one["kind"] == "opinion"),
    ("ambiguous", lambda one: {True, False} <= set(one["readings"])),
    ("cannot be checked", lambda one: one["unknown"] and not one["said"] and not one["no"]),
    ("does not stand", lambda one: one["no"]),
    ("does not stand", lambda one: one["contrary"] and one["most_fail"] and not one["backed"]),
    ("one report's number", lambda one: one["read_only"] and one["others"] not in AGREE),
    ("stands in part", lambda one: one["source"] == SAID[2] or one["indirect"]),
    ("depends", lambda one: one["deciding"] or one["others"] == "disagree"),
    ("depends", lambda one: one["contrary"] or (one["n"] and one["most_fail"])),
    ("stands", lambda one: True),
)  # fmt: skip
PARTS = (
    ("stands in part", {"stands", "stands in part"}),
    ("does not stand", {"does not stand"}),
    ("depends", {"depends"}),
    ("ambiguous", {"ambiguous"}),
    ("one report's number", {"one report's number"}),
    ("cannot be checked", {"cannot be checked"}),
)


def registry():
    found = tomllib.loads((TOP / "data" / "claims.toml").read_text(encoding="utf-8"))
    return {claim["id"]: claim for claim in found["claim"]}


def records():
    found = json.loads((TOP / "data" / "processed" / "answers.json").read_text(encoding="utf-8"))
    return found if isinstance(found, dict) else {record["claim"]: record for record in found}


def verdicts():
    with (TOP / "data" / "processed" / "verdicts.csv").open(encoding="utf-8") as file:
        return {row["claim"]: row for row in csv.DictReader(file)}


def facts(row, claim, record):
    n, holds = int(float(row["n_effective"] or 0)), int(float(row["n_holds"] or 0))
    counted = record["count"]["holds"] if record else None
    other = None if row["others"] == "none comparable" else row["others"] != "disagree"
    measured = other if counted is None else counted
    said = row["source"] in SAID
    read_only = said and counted is None
    return {
        "kind": claim["kind"],
        "readings": [each["holds"] for each in record["readings"]] if record else [],
        "source": row["source"],
        "said": said,
        "no": row["source"] == "no",
        "unknown": measured is None,
        "contrary": measured is False,
        "n": n,
        "most_fail": 2 * holds < n or not n,
        "read_only": read_only,
        "backed": read_only or row["others"] in AGREE,
        "others": row["others"],
        "indirect": claim.get("indirect", ""),
        "deciding": row["deciding"],
    }


def outcome(rows, claims, found, id_):
    claim = claims[id_]
    if parts := claim.get("parts"):
        own = {outcome(rows, claims, found, part) for part in parts}
        return own.pop() if len(own) == 1 else next(word for word, any_ in PARTS if own & any_)
    one = facts(rows[id_], claim, found.get(id_))
    return next(word for word, fits in RULE if fits(one))


def bent(rows):
    """The claims whose published outcome is not what the table gives."""
    claims, found = registry(), records()
    assert list(rows) == list(claims)
    return [id_ for id_ in rows if outcome(rows, claims, found, id_) != rows[id_]["outcome"]]


def test_every_published_outcome_is_what_the_table_gives():
    assert bent(verdicts()) == []


@pytest.mark.parametrize("id_", list(verdicts()))
def test_an_outcome_that_is_overwritten_is_seen(id_):
    rows = verdicts()
    word = "depends" if rows[id_]["outcome"] == "stands" else "stands"
    assert bent(rows | {id_: rows[id_] | {"outcome": word}}) == [id_]
