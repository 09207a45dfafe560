"""What a claim says of itself: its statement, its speaker and its source agree with what stands
elsewhere."""

import csv
import json
import re
import tomllib

import pytest
from conftest import TOP

WORDS = {"fifty": "50", "thirty-four": "34"}
NUMBER = re.compile(r"\d+(?:\.\d+)?")
# What carries digits and is a name: a model, a visa.
NAMES = re.compile(r"\b[A-Z][\w.]*-?V?\d[\w.]*(?:-\w+)?|H-1B")
SIDES = {"China": "United States", "United States": "China"}
CONDITION = re.compile(
    r"([^<>=~@]+?)(?:@\w+)?(?: (rises|falls)| ([<>])=? ([^<>=@]+?)(?:@\w+)?(?: [<>].*)?)"
)


def load():
    found = tomllib.loads((TOP / "data" / "claims.toml").read_text(encoding="utf-8"))
    return {claim["id"]: claim for claim in found["claim"]}


def opening(notebook):
    """The first cell of a notebook, on one line, numbers written as digits."""
    text = (TOP / "notebooks" / f"{notebook}.ipynb").read_text(encoding="utf-8")
    return " ".join("".join(json.loads(text)["cells"][0]["source"]).split())


def digits(text):
    """The numbers that a text states, years and names apart."""
    text = NAMES.sub("", text)
    for word, number in WORDS.items():
        text = re.sub(rf"\b{word}\b", number, text, flags=re.IGNORECASE)
    return {number for number in NUMBER.findall(text) if not re.fullmatch(r"(19|20)\d\d", number)}


def printed_values():
    """Every value that we hold of the AI Index of 2025: value, country and figure."""
    found = []
    for name in ("ch1_text_values", "series_china_us_india"):
        path = TOP / "data" / "raw" / f"facts_aiindex2025_{name}.csv"
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                for figure in re.findall(r"\d+\.\d+\.\d+", row["locator"]):
                    found.append((float(row["value"]), row["region"], figure))
    return found


def faults(claims):
    """One line for each thing that a claim says of itself and nothing else says."""
    return [f"{id_}: {fault}" for id_, claim in claims.items() for fault in of_one(claim, claims)]


def of_one(claim, claims):
    stated, printed = digits(claim["statement"]), set(claim.get("printed", []))
    whole = {"100"} if "100 most cited" in claim["statement"] else set()
    if stated - whole - printed:
        yield f"states {sorted(stated - whole - printed)}, which is not printed"
    if claim["kind"] == "number" and (printed - stated or not printed):
        yield f"printed {sorted(printed)} is not stated"
    if claim["kind"] != "number" and stated - whole:
        yield f"states a number and is a {claim['kind']}"
    unit = claim.get("unit", "")
    if claim["kind"] == "number" and ("%" in claim["statement"]) != unit.startswith("%"):
        yield f"states another unit than {unit!r}"
    for entity, value in zip(claim["entity"], claim.get("printed", []), strict=False):
        others = [
            dict(zip(each["entity"], each["printed"], strict=True)).get(entity, value)
            for each in claims.values()
            if each["kind"] == "number"
            and (each["locator"], each["period"]) == (claim["locator"], claim["period"])
        ]
        if set(others) > {value}:
            yield f"prints {value} for {entity}, another claim of the same place {others}"
    said = summaries()[claim["id"]].partition(" ")[2].partition(" ")[0].strip(".:,")
    wanted = {"forecast": {"forecast"}, "opinion": {"view", "question"}}.get(claim["kind"], set())
    if (said in {"forecast", "view", "question"}) != bool(wanted) or (
        wanted and said not in wanted
    ):
        yield f"is a {claim['kind']} and is summed up as {said!r}"
    yield from _condition(claim, claim["holds_when"], claim.get("printed", []))
    yield from _in_notebook(claim, printed)


def _condition(claim, condition, printed):
    """A condition asks for what the statement states, and for the side that it favours."""
    wanted = "; ".join(f"{entity} ~ printed" for entity in claim["entity"])
    if claim["kind"] == "number" and condition != wanted:
        yield f"states numbers and holds when {condition!r}"
    if (side := ahead(condition)) and claim["favours"] in SIDES and side != claim["favours"]:
        yield f"favours {claim['favours']} and holds when {condition!r}"
    if claim["unit"] == "reports" and not condition.startswith("Independent reports >= "):
        yield f"rests on reports and holds when {condition!r}"
    own, exact = (claim.get("tolerance"), claim.get("because")), (None, None)
    if printed and not claim["unit"].startswith("%"):
        exact = ("0", f"a count of {claim['unit'].partition(' ')[0]} is exact")
    if own != exact:
        yield f"prints {claim['unit']} and has tolerance {own[0]}"


def ahead(condition):
    """The side that a condition has ahead or rising; "" where it has neither of the two."""
    match = CONDITION.fullmatch(condition)
    if not match:
        return ""
    first, trend, sign, second = match.groups()
    left = first.partition(" over ")[0]
    if trend == "rises" or sign == ">":
        return left if left in SIDES else ""
    return second if second in SIDES and second != left else SIDES.get(left, "")


def summaries():
    with (TOP / "data" / "processed" / "verdicts.csv").open(encoding="utf-8") as file:
        return {row["claim"]: row["summary"] for row in csv.DictReader(file)}


def _in_notebook(claim, printed):
    if claim["notebook"] == "99_scorecard":
        return
    text = opening(claim["notebook"])
    if printed - digits(text):
        yield f"printed {sorted(printed)}, its notebook opens without them"
    named = re.findall(r"Thornhill|Chen\b|Wang|Ding|figure", claim["speaker"])
    if not named or any(name not in text for name in named):
        yield f"speaker {claim['speaker']!r} is not named where its notebook opens"
    title = claim.get("source", "").partition(" (")[0].split(", ")[-1].partition(" and ")[0]
    if title.partition(" 1.0")[0].partition(" 2.0")[0] not in text:
        yield f"source {title!r} is not named where its notebook opens"
    places = re.findall(r"\d+(?:\.\d+)*", claim.get("locator", ""))
    if missing := [place for place in places if not re.search(rf"\b{re.escape(place)}\b", text)]:
        yield f"locator {missing} does not stand where its notebook opens"
    figures = re.findall(r"\d+\.\d+\.\d+", claim.get("locator", ""))
    if printed and "Index" in claim["source"] and claim["notebook"] != "06_notable_models":
        held = printed_values()
        for entity, value in zip(claim["entity"], claim["printed"], strict=True):
            places = len(value.partition(".")[2])
            if not any(
                (round(each, places), region, figure) == (float(value), entity, figures[0])
                for each, region, figure in held
            ):
                yield f"{value} for {entity} is not in the facts of {figures}"


def test_every_claim_states_what_is_printed_by_whom_and_where():
    assert faults(load()) == []


@pytest.mark.parametrize(
    ("id_", "field", "value", "said"),
    [
        ("citations-china-2023", "statement", "By 2023 China drew 26.2% of all citations.", "26.2"),
        ("citations-china-2023", "statement", "By 2023 China drew 22.6 of all.", "another unit"),
        ("citations-china-2023", "statement", "China drew many citations.", "is not stated"),
        ("citations-china-2023", "printed", ["23.6"], "is not stated"),
        ("top100-china-2023", "statement", "Fifty of them came from China.", "50"),
        ("citations-china-2023", "kind", "comparison", "is a comparison"),
        ("embodied-ai", "kind", "comparison", "summed up"),
        ("chip-best-trail", "kind", "forecast", "summed up"),
        ("winning-is-plural", "kind", "forecast", "summed up"),
        ("citations-order-2023", "printed", ["22.6", "20.9", "14"], "another claim"),
        ("patents-china-leads", "speaker", "Chen", "speaker"),
        ("patents-china-leads", "source", "MacroPolo, Global AI Talent Tracker 2.0", "source"),
        ("patents-china-leads", "locator", "Fig 1.2.4, p. 44", "locator"),
        ("patents-china-2023", "locator", "Fig 1.2.4, p. 44", "is not in the facts"),
        ("notable-models-china-2024", "entity", ["United States"], "another claim"),
        ("citations-china-2023", "holds_when", "China > 0", "holds when 'China > 0'"),
        ("citations-china-2023", "tolerance", "1", "citations and has tolerance 1"),
        ("notable-models-us-2024", "tolerance", "1", "models and has tolerance 1"),
        ("notable-models-us-2024", "tolerance", None, "models and has tolerance None"),
        ("banned-chips-repaired", "holds_when", "Independent reports <= 2", "rests on reports"),
        ("china-ahead-logistics", "holds_when", "China over United States < 1", "favours China"),
        ("citations-order-2023", "holds_when", "China < Europe < United States", "favours"),
        ("top100-us-declining", "holds_when", "United States rises", "favours China"),
        ("controls-throttled-supply", "holds_when", "China@last > China@first", "favours United"),
        ("figure-start-2023", "holds_when", "China > United States", "favours United States"),
    ],
)
def test_a_claim_that_says_otherwise_is_seen(id_, field, value, said):
    claims = load()
    found = faults(claims | {id_: claims[id_] | {field: value}})
    assert any(said in fault for fault in found)
