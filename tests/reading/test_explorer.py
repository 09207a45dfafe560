"""The explorer shows what multiverse.csv holds, for every choice, by keyboard, by address, and
never as markup.
"""

import csv
import importlib.resources
import itertools
import json
import re
from urllib.parse import urlencode

import pytest
from conftest import TOP, look

from helpers.judging import choices, claims, multiverse
from helpers.reading import explorer, explorer_form

ASSET = importlib.resources.files("helpers.reading") / "assets" / "explorer.js"
SWEPT = list(
    dict.fromkeys(
        row["claim"]
        for row in csv.DictReader((TOP / "data/processed/multiverse.csv").open(encoding="utf-8"))
    )
)
WITH_FORM = [claim for claim in SWEPT if choices.of_claim(claims.get(claim).notebook, claim)]
HOSTILE = "x=<img src=x onerror=alert(1)>&counting=<b>bold</b>&__proto__=1"


def compact(found):
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def swept(claim):
    """The claim's rows of multiverse.csv by its choices, read without the helpers."""
    rows = csv.DictReader((TOP / "data" / "processed" / "multiverse.csv").open(encoding="utf-8"))
    found = {}
    for row in rows:
        if row["claim"] == claim:
            found.setdefault(row["choices"], []).append(row)
    return found


def as_number(text):
    return float(text) if text else None


# ---------------------------------------------------------------- data


@pytest.mark.parametrize("claim", SWEPT)
def test_every_specification_holds_the_numbers_of_the_multiverse(claim):
    wanted, found = swept(claim), explorer.data(claim)
    assert [
        json.dumps(spec["choices"], sort_keys=True) for spec in found["specifications"]
    ] != [] and len(found["specifications"]) == len(wanted)
    for spec in found["specifications"]:
        rows = wanted[json.dumps(spec["choices"], sort_keys=True)]
        assert [(row["entity"], row["period"]) for row in rows] == [
            (value["entity"], value["period"]) for value in spec["values"]
        ]
        for row, value in zip(rows, spec["values"], strict=True):
            assert [as_number(row[name]) for name in ("value", "low", "high")] == [
                value[name] for name in ("value", "low", "high")
            ]
        assert {row["holds"] for row in rows} == {
            {True: "True", False: "False", None: ""}[spec["holds"]]
        }


def test_the_counts_are_those_of_the_scorecard():
    counted = multiverse.of_claims()
    for claim in WITH_FORM:
        found = explorer.data(claim)
        wanted = (
            tuple(counted.loc[claim, ["n_effective", "n_holds"]])
            if claim in counted.index
            else (0, 0)
        )
        assert (found["n_effective"], found["n_holds"]) == wanted, claim


@pytest.mark.parametrize("claim", WITH_FORM)
def test_a_combination_that_is_missing_is_forbidden(claim):
    found = explorer.data(claim)
    grid = choices.grid(found["notebook"], claim)
    there = [spec["choices"] for spec in found["specifications"]]
    assert (
        sum(
            spec == {name: entry["default"] for name, entry in found["choices"].items()}
            for spec in there
        )
        == 1
    )
    for values in itertools.product(*(entry["values"] for entry in found["choices"].values())):
        chosen = {
            name: option["value"] for name, option in zip(found["choices"], values, strict=True)
        }
        rules = [
            rule
            for rule in found["impossible"]
            if all(chosen[name] in wanted for name, wanted in rule["choices"].items())
        ]
        assert (chosen in grid) is (not rules)
        assert chosen not in there or not rules
    assert len(there) == len(grid)


def test_every_value_is_a_plain_word_that_the_command_line_accepts():
    for claim in WITH_FORM:
        found = explorer.data(claim)
        for spec in found["specifications"]:
            options = {
                name: next(o for o in entry["values"] if o["value"] == spec["choices"][name])
                for name, entry in found["choices"].items()
            }
            assert all(re.fullmatch(r"[\w.+-]+", option["text"]) for option in options.values())
            checked = choices.check(
                found["notebook"],
                spec["beside"] | {name: option["text"] for name, option in options.items()},
            )
            assert {name: checked[name] for name in options} == spec["choices"]


def test_claims_without_a_choice_have_no_form():
    for claim in set(claims.load()) - set(WITH_FORM):
        assert explorer_form.form(claim) == "" and len(explorer.data(claim)["specifications"]) <= 1


def test_an_unknown_claim_is_refused_with_the_nearest():
    with pytest.raises(claims.ClaimError, match="top100-us-lead"):
        explorer.data("top100-us-leed")


def test_data_and_script_stay_small():
    assert max(len(compact(explorer.data(claim)).encode()) for claim in SWEPT) < 128_000
    assert len(ASSET.read_bytes()) <= 13 * 1024


def test_a_moved_number_moves_the_data(checkout):
    path = checkout / "data" / "processed" / "multiverse.csv"
    row = "patents-china-leads,02_patents,China,2000-2022,"
    path.write_text(
        re.sub(rf"({row}.*?,)48\.\d+,", r"\g<1>35,", path.read_text(encoding="utf-8")),
        encoding="utf-8",
    )
    values = [
        value["value"]
        for spec in explorer.data("patents-china-leads")["specifications"]
        for value in spec["values"]
    ]
    assert 35 in values and "<td>35</td>" in explorer_form.form("patents-china-leads")


# ---------------------------------------------------------------- form


@pytest.mark.parametrize("claim", WITH_FORM)
def test_the_form_is_valid_and_says_the_default_and_every_reason(claim):
    import html5lib

    found, text = explorer.data(claim), explorer_form.form(claim)
    page = f'<!DOCTYPE html><html lang="en"><head><title>t</title></head><body>{text}</body></html>'
    body = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    said = " ".join("".join(body.itertext()).split())
    for entry in found["choices"].values():
        assert entry["label"] in said
        assert all(
            option["because"] in said and " ".join(option["label"].split()) in said
            for option in entry["values"]
        )
    default = next(
        spec
        for spec in found["specifications"]
        if spec["choices"] == {n: e["default"] for n, e in found["choices"].items()}
    )
    cells = [cell.text for cell in body.iterfind(".//tbody/tr/td[2]")]
    assert [cell.split(" ")[0] for cell in cells] == [
        explorer.number(value["value"]) for value in default["values"]
    ]
    assert body.find(".//strong[@id='explorer-holds']").text == explorer.HOLDS[default["holds"]]
    marked = [*body.iterfind(".//input[@checked]"), *body.iterfind(".//option[@selected]")]
    assert len(marked) == len(found["choices"])
    assert said.count("(default)") == 2 * len(found["choices"])


def test_what_a_file_says_is_never_markup(checkout):
    path = checkout / "notebooks" / "choices.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "Only papers of one country", "<script>bad()</script> of one country"
        ),
        encoding="utf-8",
    )
    choices.load.cache_clear()
    assert "&lt;script&gt;bad()" in explorer_form.form(
        "top100-us-declining"
    ) and "<script>" not in explorer_form.form("top100-us-declining")


# ---------------------------------------------------------------- browser


def harness(folder, claim):
    """A page with what the explorer needs, as a claim page has it."""
    data = compact(explorer.data(claim)).replace("<", "\\u003c")
    for name in ("explorer.js", "site.css"):
        (folder / name).write_bytes((ASSET.parent / name).read_bytes())
    path = folder / f"{claim}.html"
    path.write_text(
        f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Explorer</title>
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="site.css"></head><body><main><h1>Explorer</h1>
<section id="explorer" aria-labelledby="explorer-title"><h2 id="explorer-title">Choose</h2>
{explorer_form.form(claim)}
<div id="explorer-figure" role="img" aria-label="specification curve"></div>
<p id="explorer-says" role="status" aria-live="polite"></p></section>
</main><script type="application/json" id="explorer-data">{data}</script>
<script src="explorer.js" defer></script></body></html>""",
        encoding="utf-8",
    )
    return path.as_uri()


@pytest.fixture(scope="module")
def browser(chrome):
    look(chrome, 1000, 1400)
    return chrome


def opened(browser, folder, claim, fragment=""):
    browser.get("about:blank")
    browser.get(harness(folder, claim) + fragment)


def text(browser, id_):
    return browser.execute_script("return document.getElementById(arguments[0]).textContent", id_)


def shown(browser):
    """Return the table's rows and whether the condition holds, as a reader sees them."""
    cells = (
        "return [...document.querySelectorAll('#explorer-values tbody tr')].map(row =>"
        " [...row.cells].map(cell => cell.textContent))"
    )
    return browser.execute_script(cells), text(browser, "explorer-holds")


def choose(browser, name, value):
    """Make one choice as a mouse does."""
    browser.execute_script(
        """const field = document.getElementById('explorer-form').elements.namedItem(arguments[0]);
        if (field instanceof RadioNodeList) {
            [...field].find(each => each.value === arguments[1]).click();
        } else if (field.tagName === 'SELECT') {
            field.value = arguments[1];
            field.dispatchEvent(new Event('change', { bubbles: true }));
        }""",
        name,
        value,
    )


def written(row):
    """A row of multiverse.csv as the page writes it."""
    low, high = as_number(row["low"]), as_number(row["high"])
    span = (
        ""
        if low is None or low == high
        else f" [{explorer.number(low)} to {explorer.number(high)}]"
    )
    return [row["entity"], row["period"], explorer.number(as_number(row["value"])) + span]


SWITCHED = [
    "citations-order-2023",
    "notable-models-us-2024",
    "controls-throttled-supply",
    "figure-monthly-shares",
    "chip-gap-at-the-top",
]


@pytest.mark.parametrize("claim", SWITCHED)
def test_each_swept_choice_shows_its_numbers_its_condition_and_its_command(
    browser, tmp_path, claim
):
    opened(browser, tmp_path, claim)
    found, rows = explorer.data(claim), swept(claim)
    tried = list(enumerate(found["specifications"]))[:: len(rows) // 40 + 1]
    for name in found["choices"]:
        values = {spec["choices"][name] for spec in found["specifications"]}
        assert {spec["choices"][name] for _, spec in tried} == values
    for place, spec in tried:
        given = []
        for name, entry in found["choices"].items():
            option = next(
                option for option in entry["values"] if option["value"] == spec["choices"][name]
            )
            choose(browser, name, option["text"])
            given += [f" -p {name}={option['text']}"] if option["value"] != entry["default"] else []
        wanted = rows[json.dumps(spec["choices"], sort_keys=True)]
        cells, holds = shown(browser)
        assert [cell[:3] for cell in cells] == [written(row) for row in wanted]
        assert [cell[3] for cell in cells] == [
            found["printed"].get(row["entity"], "none") for row in wanted
        ]
        assert holds == {"True": "yes", "False": "no", "": "cannot be said"}[wanted[0]["holds"]]
        assert (
            text(browser, "explorer-command")
            == f"factcheck run {found['notebook']}{''.join(given)}"
        )
        assert f"Number {place + 1} of {len(rows)}, " in text(browser, "explorer-says")
        assert written(wanted[0])[2] in text(browser, "explorer-says")


def test_the_curve_has_a_mark_a_specification_filled_where_the_claim_holds(browser, tmp_path):
    for claim in ("citations-europe-2023", "talent-us-2019", "patents-china-leads"):
        opened(browser, tmp_path, claim)
        found = explorer.data(claim)
        filled = browser.execute_script(
            "return [...document.querySelectorAll('#explorer-figure .mark')].map(mark =>"
            " mark.style.fill)"
        )
        assert ["paper" not in fill for fill in filled] == [
            spec["holds"] for _ in found["curve"] for spec in found["specifications"]
        ]
        rings = browser.find_elements("css selector", "#explorer-figure .chosen")
        assert len(rings) == len(found["curve"])
        label = browser.find_element("id", "explorer-figure").get_attribute("aria-label")
        assert (
            f"{found['n_holds']} of the {found['n_effective']}" in label
            and str(len(found["specifications"])) in label
        )


def test_an_address_brings_the_same_view_back(browser, tmp_path):
    claim = "more-with-less"
    spec = next(
        spec
        for spec in explorer.data(claim)["specifications"]
        if spec["choices"]["min_flop"] == 1e24
    )
    opened(browser, tmp_path, claim)
    for name, entry in explorer.data(claim)["choices"].items():
        choose(
            browser,
            name,
            next(
                option["text"]
                for option in entry["values"]
                if option["value"] == spec["choices"][name]
            ),
        )
    before, address = (shown(browser), text(browser, "explorer-says")), browser.current_url
    assert "min_flop=1e%2B24" in address
    for each in (address, address.replace("%2B", "+")):
        browser.get("about:blank")
        browser.get(each)
        assert (shown(browser), text(browser, "explorer-says")) == before


def test_the_back_button_undoes_a_choice_and_an_anchor_keeps_it(browser, tmp_path):
    opened(browser, tmp_path, "citations-europe-2023")
    start = text(browser, "explorer-says")
    choose(browser, "europe", "eu27")
    second = text(browser, "explorer-says")
    choose(browser, "europe_count", "sum_of_countries")
    assert start != second != text(browser, "explorer-says")
    browser.back()
    assert text(browser, "explorer-says") == second and browser.current_url.endswith("#europe=eu27")
    browser.back()
    assert text(browser, "explorer-says") == start and "#" not in browser.current_url
    browser.forward()
    assert text(browser, "explorer-says") == second
    browser.execute_script("location.hash = 'explorer-title'")
    assert text(browser, "explorer-says") == second


def test_the_defaults_come_back(browser, tmp_path):
    fragment = "#europe_count=sum_of_countries&europe=eu27"
    opened(browser, tmp_path, "citations-europe-2023", fragment)
    assert text(browser, "explorer-command").endswith(
        "-p europe=eu27 -p europe_count=sum_of_countries"
    )
    browser.find_element("css selector", "button[type=reset]").click()
    browser.execute_async_script("setTimeout(arguments[0], 50)")
    assert (
        text(browser, "explorer-command") == "factcheck run 01_research_output"
        and "#" not in browser.current_url
    )


def test_keys_alone_are_enough(browser, tmp_path):
    from selenium.webdriver.common.keys import Keys

    opened(browser, tmp_path, "publications-china-leads")
    visited = []
    for _ in range(20):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        active = browser.switch_to.active_element
        visited.append(active.get_attribute("name") or active.tag_name)
        if visited[-1] == "europe_count":
            break
    assert visited[:2] == ["a", "europe"] and visited[-1] == "europe_count"
    browser.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
    assert browser.current_url.endswith("#europe_count=sum_of_countries")
    chosen = {"europe": "un_list", "europe_count": "sum_of_countries"}
    rows = next(
        rows for key, rows in swept("publications-china-leads").items() if json.loads(key) == chosen
    )
    assert shown(browser)[0][0][:3] == written(rows[0])
    outline = browser.execute_script("return getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"


def test_a_combination_without_rows_offers_the_nearest_that_has_some(
    browser, tmp_path, monkeypatch
):
    claim, whole = "notable-models-us-leads", explorer.data
    missing, *there = (spec["choices"] for spec in whole(claim)["specifications"][::-1])

    def without(id_):
        found = whole(id_)
        kept = [spec for spec in found["specifications"] if spec["choices"] != missing]
        return found | {"specifications": kept}

    monkeypatch.setattr(explorer, "data", without)
    opened(browser, tmp_path, claim, f"#{urlencode(missing)}")
    cells, holds = shown(browser)
    assert {cell[2] for cell in cells} == {"not run"} and holds == "cannot be said"
    assert "was not swept" in text(browser, "explorer-says")
    assert not browser.find_elements("css selector", "#explorer-figure .chosen")
    browser.find_element("css selector", "#explorer-nearest button").click()
    assert browser.switch_to.active_element.get_attribute("name") in missing
    read = "return Object.fromEntries(new FormData(document.getElementById('explorer-form')))"
    chosen = browser.execute_script(read)
    far = [sum(spec[name] != missing[name] for name in missing) for spec in there]
    assert chosen in there and sum(chosen[name] != missing[name] for name in missing) == min(far)
    assert browser.find_element("id", "explorer-nearest").get_attribute(
        "hidden"
    ) and "not run" not in str(shown(browser))


def test_choices_that_exclude_one_another_say_why_and_have_no_command(browser, tmp_path):
    opened(browser, tmp_path, "citations-europe-2023")
    choose(browser, "europe", "eu_and_uk")
    assert "only its countries can be added up" in text(browser, "explorer-says")
    assert text(browser, "explorer-command").startswith("none")
    browser.find_element("css selector", "#explorer-nearest button").click()
    assert browser.current_url.endswith("#europe=eu_and_uk&europe_count=sum_of_countries")


def test_a_command_names_what_its_choices_need_beside_them(browser, tmp_path):
    opened(browser, tmp_path, "figure-start-2023", "#scope=all_labs")
    command = text(browser, "explorer-command")
    assert command.startswith("factcheck run 08_open_models -p scope=all_labs -p meter=")
    given = dict(each.split("=") for each in command.split(" -p ")[1:])
    assert choices.check("08_open_models", given)["scope"] == "all_labs"


def test_a_hostile_address_is_text_and_nothing_else(browser, tmp_path):
    opened(browser, tmp_path, "top100-us-declining")
    start = shown(browser)
    for fragment in (
        HOSTILE,
        HOSTILE.replace("<", "%3C").replace(">", "%3E"),
        "%=%%&&=&constructor=1",
    ):
        opened(browser, tmp_path, "top100-us-declining", f"#{fragment}")
        assert not browser.find_elements("css selector", "#explorer img, #explorer b")
        assert shown(browser) == start and "address is ignored" in text(browser, "explorer-says")
        assert "bold" not in fragment or "<b>bold</b>" in text(browser, "explorer-says")
    assert not [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]


# The words of the curve that do not lie within it.
CUT = """const svg = document.querySelector('#explorer-figure svg');
const wide = svg.viewBox.baseVal.width;
const cut = (box) => box.x < 0 || box.x + box.width > wide;
return [...svg.querySelectorAll('text')].filter((each) => cut(each.getBBox()))
  .map((each) => each.textContent)"""


def test_every_form_starts_without_an_error(browser, tmp_path):
    browser.get_log("browser")
    for claim in WITH_FORM:
        opened(browser, tmp_path, claim)
        assert "Number " in text(browser, "explorer-says"), claim
        assert browser.find_elements("css selector", "#explorer-figure svg"), claim
        assert browser.execute_script(CUT) == [], claim
        assert "NaN" not in browser.find_element("id", "explorer-figure").get_attribute(
            "innerHTML"
        ), claim
    assert not [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]


@pytest.mark.parametrize("height", [740, 800])
def test_the_result_stays_in_sight_of_the_control_that_moves_it(chrome, built, height):
    look(chrome, 360 if height == 740 else 1280, height)
    chrome.get((built / "site" / "claims" / "notable-models-us-2024.html").as_uri())
    bar = chrome.find_element("id", "explorer-bar")
    before = bar.text
    choice = chrome.find_element("css selector", "input[name='counting'][value='fractional']")
    chrome.execute_script("arguments[0].scrollIntoView({block: 'center'})", choice)
    choice.click()
    place = chrome.execute_script(
        "const {top, bottom} = arguments[0].getBoundingClientRect(); return [top, bottom]", bar
    )
    assert place[0] >= 0 and place[1] <= height
    counted = multiverse.of_claims().loc["notable-models-us-2024"]
    told = f"{counted['n_holds']} of {counted['n_effective']} hold"
    assert bar.text != before and told in bar.text
