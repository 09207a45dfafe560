"""Pages: what the front page and the claim pages show, link to, weigh and escape."""

import json
import re
import shutil
from collections import Counter
from pathlib import Path, PurePosixPath

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import project
from helpers.judging import claims, scorecard, verdicts
from helpers.reading import answers, pages
from helpers.text import readable

TOP = Path(__file__).resolve().parents[2]
HOSTILE = """</script><script>alert("x")</script>&'<b>"""
ABSENT = "–"


def parse(text):
    """Parse a page as HTML5; any error raises."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def words(element):
    return " ".join("".join(element.itertext()).split())


def plain(text):
    """Read a number back as verdicts.csv writes it."""
    digits = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    return re.sub(
        r"\s×\s10([⁻⁰-⁹¹²³]+)", lambda match: f"e{int(match[1].translate(digits)):+03}", text
    ).replace("−", "-")


def front_table(tree):
    """Read the scorecard back: claim → {column: text}, the robustness with its counts split off."""
    found = {}
    for line in tree.iter("tr"):
        if "id" in line.attrib:
            shown = {
                cell.get("data-label"): plain(words(cell)).removesuffix(ABSENT)
                for cell in line.iter("td")
            }
            counts = [
                words(small)
                for cell in line.iter("td")
                if cell.get("data-label") == "robustness"
                for small in cell.iter("small")
            ]
            shown["robustness"] = (
                shown["robustness"].removesuffix(counts[0]).strip()
                if counts
                else shown["robustness"]
            )
            found[line.get("id")] = shown | {"counts": counts[0] if counts else ""}
    return found


def expected():
    columns = (
        "printed",
        "measured",
        "verdict",
        "source_check",
        "reproducibility",
        "replicability",
        "robustness",
        "currency",
        "evidence",
    )
    return {
        row["claim"]: {name.replace("_", " "): row[name] for name in columns}
        | {"counts": f"{row['n_holds']} of {row['n_specs']}" if row["n_specs"] else ""}
        for row in scorecard.load().to_dict("records")
    }


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    pages.write(folder)
    return folder


@pytest.fixture(scope="module")
def trees(site):
    return {
        path.relative_to(site).as_posix(): parse(path.read_text(encoding="utf-8"))
        for path in sorted(site.rglob("*.html"))
    }


def test_every_claim_has_a_page_and_its_data(site):
    for id_ in claims.load():
        assert all(
            (site / "claims" / f"{id_}{suffix}").is_file() for suffix in (".html", ".json", ".csv")
        )


def test_every_cell_of_the_front_table_is_what_verdicts_csv_holds(trees):
    assert front_table(trees["index.html"]) == expected()


def test_a_flipped_digit_in_the_front_table_is_seen(site):
    text = (site / "index.html").read_text(encoding="utf-8")
    assert front_table(parse(text.replace(">22.6<", ">22.7<", 1))) != expected()


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_made_readable_can_be_read_back(value):
    text = f"{value:.4g}"
    assert plain(readable(text)) == text and "e" not in readable(text)


def test_no_page_writes_a_power_of_ten_as_machines_do(trees):
    for name, tree in trees.items():
        texts = [
            text or ""
            for each in tree.iter()
            for text in (each.text if each.tag not in ("script", "code") else "", each.tail)
        ]
        assert [text for text in texts if re.search(r"\de[+-]\d", text)] == [], name


def test_the_counts_at_the_top_are_those_of_verdicts_csv(trees):
    lists = [
        element for element in trees["index.html"].iter("ul") if element.get("class") == "counts"
    ]
    shown = [words(item).split(" ", 1) for item in lists[0].iter("li")]
    assert {verdict: int(count) for count, verdict in shown} == Counter(
        row["verdict"] for row in expected().values()
    )


def front_topics(tree):
    """Read the topics back: notebook → ({verdict: marks}, {verdict: count in words})."""
    found = {}
    for item in (
        item
        for each in tree.iter("ul")
        if each.get("class") == "topics"
        for item in each.iter("li")
    ):
        marks = Counter(
            mark.get("class").removeprefix("verdict ").replace("-", " ")
            for mark in item.iter("span")
            if mark.get("aria-hidden")
        )
        said = dict(
            reversed(re.fullmatch(r"(\d+) (.+?)s?", each).groups())
            for each in words(item.findall("p/span")[-1]).split(", ")
        )
        found[item[0].get("href").removeprefix("?topic=").removesuffix("#scorecard")] = (
            marks,
            {name: int(count) for name, count in said.items()},
        )
    return found


def counted():
    rows = scorecard.load()
    return {
        name: (Counter(own), dict(Counter(own)))
        for name, own in rows.groupby("notebook")["verdict"]
    }


def test_the_verdicts_of_each_topic_are_drawn_and_counted_as_in_verdicts_csv(trees):
    assert front_topics(trees["index.html"]) == counted()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2 true, 3 half true", "3 true, 3 half true"),
        ('class="verdict half-true" aria', 'class="verdict true" aria'),
    ],
)
def test_a_moved_verdict_of_a_topic_is_seen(site, old, new):
    text = (site / "index.html").read_text(encoding="utf-8")
    assert front_topics(parse(text.replace(old, new, 1))) != counted()


def test_a_claim_page_shows_printed_measured_gap_and_tolerance(trees):
    rows = scorecard.load().set_index("claim")
    for claim in claims.load().values():
        if not claim.printed:
            continue
        table = next(trees[f"claims/{claim.id}.html"].iter("table"))
        lines = [line for line in table.iter("tr") if line[0].get("scope") == "row"]
        shown = {
            words(line[0]): [plain(words(cell)).partition(" [")[0] for cell in line[2:]]
            for line in lines
        }
        columns = [
            rows.loc[claim.id, name].split(" / ")
            for name in ("printed", "measured", "gap", "tolerance")
        ]
        for entity, printed, measured, gap, tolerance in zip(claim.entity, *columns, strict=True):
            assert shown[entity] == [printed, measured, gap, f"± {tolerance}"]


def test_a_claim_page_opens_with_its_whole_summary(trees):
    for row in scorecard.load().to_dict("records"):
        found = next(
            each
            for each in trees[f"claims/{row['claim']}.html"].iter("div")
            if each.get("class") == "finding"
        )
        told, note = (plain(words(found[place])) for place in (1, 2))
        vintage = (
            f" Evidence: {row['evidence']}; {note[note.index('vintage: ') :]}."
            if row["evidence"]
            else ""
        )
        assert told + vintage == " ".join(row["summary"].split())


def test_every_page_has_one_headline_a_language_and_a_title_of_its_own(trees):
    for name, tree in trees.items():
        assert tree.get("lang") == "en" and len(list(tree.iter("h1"))) == 1, name
    assert len({words(next(tree.iter("title"))) for tree in trees.values()}) == len(trees)


def test_every_picture_has_an_alternative_text_and_a_size(trees):
    pictures = [picture for tree in trees.values() for picture in tree.iter("img")]
    assert pictures and all(
        picture.get("alt") and picture.get("width") and picture.get("height")
        for picture in pictures
    )


def test_a_measured_number_leads_to_the_cell_that_emits_it(trees):
    found = {}
    for line in trees["index.html"].iter("tr"):
        for link in (
            link
            for cell in line.iter("td")
            if cell.get("data-label") == "measured"
            for link in cell.iter("a")
        ):
            page, _, anchor = link.get("href").partition("#cell-")
            notebook = json.loads(
                (project.notebooks() / f"{PurePosixPath(page).stem}.ipynb").read_text(
                    encoding="utf-8"
                )
            )
            outputs = notebook["cells"][int(anchor) - 1]["outputs"]
            found[line.get("id")] = next(
                output["data"][claims.MIME]["claim"]
                for output in outputs
                if claims.MIME in output["data"]
            )
    assert found and all(claim == shown for claim, shown in found.items())


def test_the_front_page_with_all_that_it_loads_weighs_at_most_400_kb(site, trees):
    loaded = {
        element.get("src") or element.get("href")
        for tag in ("img", "script", "link")
        for element in trees["index.html"].iter(tag)
    }
    files = [
        "index.html",
        *(address for address in loaded if address and not address.startswith("data:")),
    ]
    assert sum((site / name).stat().st_size for name in files) <= 400_000


def test_every_word_of_an_answer_is_explained():
    rows = scorecard.load().to_dict("records")
    missing = {
        (name, row[name])
        for row in rows
        for name in answers.ANSWERS
        if row[name] and row[name].partition(" (")[0] not in answers.ANSWERS[name][1]
    }
    assert (
        missing == set()
        and {row["verdict"] for row in rows} <= set(answers.VERDICTS)
        and set(verdicts.LADDER) <= set(answers.VERDICTS)
    )


def test_each_way_without_evidence_says_so(trees):
    rows = scorecard.load().set_index("claim")
    for id_, record in scorecard.answers().items():
        sides = {
            words(side[0]): words(side)
            for side in trees[f"claims/{id_}.html"].iter("div")
            if len(side) and side[0].tag == "h3"
        }
        held = {
            record["holds"],
            *(entry["holds"] for entry in record["replications"] + record["later"]),
        }
        n_specs, n_holds = (int(rows.loc[id_, name] or 0) for name in ("n_specs", "n_holds"))
        held |= {holds for holds, count in ((True, n_holds), (False, n_specs - n_holds)) if count}
        assert ("None held." in sides["For the claim"]) == (True not in held), id_
        assert ("None held." in sides["Against it"]) == (False not in held), id_


def test_hostile_text_in_claims_answers_and_sources_is_shown_as_text(checkout, tmp_path):
    id_ = "citations-europe-2023"
    shutil.copy(TOP / "CITATION.cff", checkout)
    path = checkout / "data" / "claims.toml"
    own = claims.get(id_)
    text = path.read_text(encoding="utf-8")
    before, start, rest = text.partition(f'id = "{id_}"')
    for value in (own.speaker, own.statement, own.unit, own.measure, own.source, own.locator):
        rest = rest.replace(f'"{value}"', json.dumps(HOSTILE), 1)
    path.write_text(before + start + rest, encoding="utf-8")
    claims.load.cache_clear()
    answers = checkout / "data" / "processed" / "answers.json"
    records = json.loads(answers.read_text(encoding="utf-8"))
    for record in records:
        for entry in record["replications"] + record["later"]:
            entry["label"] = HOSTILE
    answers.write_text(json.dumps(records), encoding="utf-8")
    listed = checkout / "data" / "raw" / "sources.toml"
    listed.write_text(
        listed.read_text(encoding="utf-8").replace('url = "https:', 'url = "javascript:'),
        encoding="utf-8",
    )
    pages.write(tmp_path / "out")
    for name in ("index.html", f"claims/{id_}.html"):
        tree = parse((tmp_path / "out" / name).read_text(encoding="utf-8"))
        assert HOSTILE in "".join(tree.itertext())
        assert not [
            element
            for element in tree.iter("script")
            if "alert" in (element.text or "") and not element.get("type")
        ], name
        assert not list(tree.iter("b")) and not [
            link for link in tree.iter("a") if link.get("href", "").startswith("javascript:")
        ], name
    assert words(next(tree.iter("h1"))) == HOSTILE


def test_embedded_json_cannot_end_its_script():
    assert "<" not in pages.embedded({"a": HOSTILE}) and json.loads(
        pages.embedded({"a": HOSTILE})
    ) == {"a": HOSTILE}
