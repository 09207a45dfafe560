"""Pages: what the front page and the claim pages show, link to, weigh and escape."""

import json
import re
import shutil
from pathlib import Path, PurePosixPath

import html5lib
import pytest
from conftest import look
from hypothesis import given
from hypothesis import strategies as st

from helpers import project
from helpers.judging import claims, corrections, outcomes, records, scorecard
from helpers.reading import answers, front, pages
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
    """Read the scorecard back: claim → (printed, outcome, reason, {question: answer})."""
    found = {}
    for line in tree.iter("tr"):
        if "id" not in line.attrib:
            continue
        cells = {cell.get("data-label"): cell for cell in line.iter("td")}
        printed, outcome = cells["printed"], cells["outcome"]
        unit = " ".join(words(small) for small in printed.iter("small"))
        reason = " ".join(words(small) for small in outcome.iter("small"))
        asked = [words(each) for each in cells["found"].iter("dt")]
        said = [plain(words(each)) for each in cells["found"].iter("dd")]
        shown = plain(words(printed)).removesuffix(plain(unit)).removesuffix(ABSENT).strip()
        named = words(outcome).removesuffix(reason).strip()
        found[line.get("id")] = (shown, named, reason, dict(zip(asked, said, strict=True)))
    return found


def expected():
    found = {}
    for row in scorecard.load().to_dict("records"):
        said = {
            question: " ".join(row[name].split())
            for name, (question, _) in answers.ANSWERS.items()
            if row[name]
        }
        found[row["claim"]] = (
            row["printed"],
            row["outcome"],
            " ".join(row["reason"].split()),
            said,
        )
    return found


@pytest.fixture(scope="module")
def site(built):
    return built / "site"


@pytest.fixture(scope="module")
def trees(site):
    return {
        path.relative_to(site).as_posix(): parse(path.read_text(encoding="utf-8"))
        for path in sorted(site.rglob("*.html"))
        if "book" not in path.relative_to(site).parts
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
    assert front_table(parse(text.replace(">22.6 <", ">22.7 <", 1))) != expected()


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


def grouped(tree):
    """Read the one-minute lists back: group → {address: sentence}."""
    return {
        words(next(section.iter("h3"))).rpartition(" ")[0].lower(): {
            link.get("href"): words(link) for link in section.iter("a")
        }
        for section in tree.iter("section")
        if section.get("class") == "group"
    }


def minute():
    return {
        name: {f"claims/{row.claim}.html": row.plain for row in rows.itertuples()}
        for name, rows in scorecard.groups(scorecard.load()).items()
        if len(rows)
    }


def test_the_first_screen_answers_every_claim_in_one_sentence_by_group(trees):
    assert grouped(trees["index.html"]) == minute()


def test_a_sentence_that_moves_to_another_group_is_seen(site):
    text = (site / "index.html").read_text(encoding="utf-8")
    assert grouped(parse(text.replace("claims/patents-china-2023.html", "", 1))) != minute()


def test_a_claim_page_shows_what_was_printed_and_what_was_found_and_never_a_value_read_again(trees):
    for id_, record in records.answers().items():
        claim = claims.get(id_)
        tables = [
            table
            for table in trees[f"claims/{id_}.html"].iter("table")
            if table.find("thead/tr/th[@class='number']") is not None
            and len(table.find("thead/tr")) <= 4
        ]
        if not record["values"] and not claim.printed:
            continue
        lines = [line for line in tables[0].iter("tr") if line[0].get("scope") == "row"]
        shown = [words(line[-1]).partition(" [")[0] for line in lines]
        if not record["values"]:
            assert set(shown) == {"not counted"}, id_
        if claim.printed and record["values"]:
            printed = dict(zip(claim.entity, claim.printed, strict=True))
            for line in lines:
                assert words(line[2]) == printed.get(words(line[0]), ABSENT)


def test_a_claim_page_opens_with_its_outcome_the_plain_sentence_and_the_reason(trees):
    for row in scorecard.load().to_dict("records"):
        page = trees[f"claims/{row['claim']}.html"]
        finding = next(each for each in page.iter("div") if each.get("class") == "finding")
        told = [words(each) for each in finding.iter("p")]
        assert told[0] == row["outcome"] and told[1] == " ".join(row["plain"].split())
        if row["reason"]:
            assert plain(told[2]) == f"Why: {' '.join(row['reason'].split())}."


def test_the_page_of_corrections_holds_the_whole_log(trees):
    lines = [line for line in trees["corrections.html"].iter("tr") if line[0].get("scope") == "row"]
    log = corrections.load()
    assert [words(line[0]) for line in lines] == log["claim"].tolist()
    assert [words(line[3]) for line in lines] == log["to"].tolist()


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


def test_each_row_leads_to_the_cell_that_emits_its_record(trees):
    found = {}
    for line in trees["index.html"].iter("tr"):
        for link in (
            link
            for cell in line.iter("td")
            if cell.get("data-label") == "found"
            for link in cell.iter("a")
            if "#cell-" in link.get("href")
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
                if claims.MIME in output.get("data", {})
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


def test_every_word_of_an_answer_and_every_outcome_is_explained():
    missing = {
        (name, row[name])
        for row in scorecard.load().to_dict("records")
        for name in ("source", "count", "others")
        if row[name] not in {"", "differs by part", *answers.ANSWERS[name][1]}
    }
    assert missing == set()
    assert set(answers.MEANING) == set(outcomes.OUTCOMES)


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
    collected = json.loads(answers.read_text(encoding="utf-8"))
    for record in collected:
        for entry in record["others"]["entries"] + record["since"]["entries"]:
            entry["label"] = HOSTILE
    answers.write_text(json.dumps(collected), encoding="utf-8")
    pages.write_front(tmp_path / "out")
    pages.write_claims(tmp_path / "out", [id_])
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


def test_an_entry_that_is_gone_from_the_page_of_corrections_is_seen(site):
    text = (site / "corrections.html").read_text(encoding="utf-8")
    first = corrections.load()["claim"].iloc[0]
    lines = [
        words(line[0])
        for line in parse(text.replace(f">{first}<", "><", 1)).iter("tr")
        if line[0].get("scope") == "row"
    ]
    assert lines != corrections.load()["claim"].tolist()


def test_the_front_page_says_how_many_claims_were_counted(trees):
    rows = scorecard.load()
    judged = rows["claim"].map(lambda id_: claims.get(id_).judged)
    counted = int((rows["count"].isin(front.COUNTED) & judged).sum())
    told = re.search(
        r"Of its (\d+) claims we could count (\d+) ourselves\. (\d+) more are compared with other"
        r" data, (\d+) looked up or left open, and (\d+) are forecasts and views",
        words(trees["index.html"]),
    )
    whole, own, *others = map(int, told.groups())
    assert own == counted and whole == len(rows) == own + sum(others)


def test_the_front_page_opens_with_who_leads_in_what_as_the_outcomes_have_it(trees):
    rows = {row["claim"]: row for row in scorecard.load().to_dict("records")}
    lists = [each for each in trees["index.html"].iter("ul") if each.get("class") == "leads"]
    shown = {
        Path(link.get("href")).stem: line.get("class")
        for line in lists[0]
        for link in line.iter("a")
    }
    for id_, claim in claims.load().items():
        if claim.leads_in:
            side = claim.favours.lower().replace(" ", "-")
            wanted = {outcomes.STANDS: side, outcomes.ONE_REPORT: f"{side}-alone"}
            word = rows[id_]["outcome"]
            unsure = "unknown" if word == outcomes.UNCHECKED else "unsure"
            assert shown.pop(id_, None) == wanted.get(word, unsure), id_
    assert shown == {}


def test_a_lead_whose_outcome_changes_moves_to_another_line():
    row = {"about": claims.get("patents-china-leads"), "outcome": outcomes.DEPENDS}
    sides = {line["side"]: line["rows"] for line in front.leads([row])}
    assert sides["unsure"] == [row] and sides["China"] == []


def test_the_front_page_says_of_the_figure_which_meter_which_scope_and_what_is_unknown(trees):
    told = words(trees["index.html"])
    assert "On Ollama" in told and "six laboratories" in told and "Nobody outside can know" in told


def test_each_question_is_answered_by_its_notebooks_first_sentence(trees):
    tree = trees["index.html"]
    lists = [each for each in tree.iter("ul") if each.get("class") == "topics"]
    told = {words(line[0]): words(line[1]) for line in lists[0]}
    for name in {claim.notebook for claim in claims.load().values()} - {"99_scorecard"}:
        asked, answer = front.opening(name)
        assert answer.endswith(".") and told[asked] == answer


# What a reader asks, where the front page leads to in one click, and what must stand there.
ASKED = [
    (
        "does China lead in citations?",
        "citations-order-2023",
        "China comes before the United States",
    ),
    ("does China publish most?", "publications-china-leads", "China publishes more on AI"),
    ("was 22.6% right?", "citations-china-2023", "between a fifth and a quarter"),
    ("was 40 right?", "notable-models-us-2024", "40 is right about the list of 17 March 2025"),
    ("where does Europe matter?", "citations-europe-2023", "how joint European papers count"),
    ("who has the patents?", "patents-china-leads", "China is first in AI patents"),
    ("where do the top researchers work?", "talent-us-leads", "United States than in China"),
    ("who is ahead in downloads?", "monthly-downloads-overtaken", "depends"),
    ("do the best chips trail?", "chip-best-trail", "China's fastest listed chip"),
    ("will visa rules send people home?", "h1b-more-returns", "A forecast"),
]


@pytest.fixture(scope="module", params=[(1280, 800), (360, 740)], ids=["desk", "phone"])
def reader(request, chrome):
    look(chrome, *request.param)
    chrome.screen = request.param
    return chrome


@pytest.mark.parametrize(("asked", "claim", "answer"), ASKED, ids=[each[0] for each in ASKED])
def test_what_a_reader_asks_is_answered_on_the_first_screen_one_click_away(
    reader, site, asked, claim, answer
):
    reader.get((site / "index.html").as_uri())
    links = reader.find_elements("css selector", f"a[href='claims/{claim}.html']")
    assert links
    reader.get(links[0].get_attribute("href"))
    finding = reader.find_element("css selector", ".finding .standfirst")
    place = finding.rect
    assert answer in " ".join(reader.find_element("css selector", ".finding").text.split())
    assert place["y"] + place["height"] <= reader.screen[1], asked
