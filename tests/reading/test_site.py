"""The site as a whole: built twice alike, valid, every link whole, and open to every reader in
light and dark, on screens wide and narrow.
"""

import json
import re
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import html5lib
import pytest
from conftest import barriers, contents, look

from helpers import project
from helpers.judging import records, scorecard
from helpers.reading import pages as pages_
from helpers.reading import release, site

# Attributes that say how an element looks (HTML Living Standard, 16.2): pandas writes some into its
# tables.
OBSOLETE = {"align", "bgcolor", "border", "cellpadding", "cellspacing", "halign", "valign"}
# Every kind of page, and what it must have come to show before it is looked at.
KINDS = {
    "index.html": "#filter-says:not(:empty)",
    "claims/notable-models-us-leads.html": "#explorer-figure svg",
    # Choices that cannot be combined:
    "claims/citations-europe-2023.html#europe=eu_and_uk": "#explorer-nearest button",
    "claims/figure-monthly-shares.html": ".finding .stands-in-part",
    "claims/chip-gap-at-the-top.html": ".finding .stands-in-part",
    "claims/embodied-ai.html": ".finding .forecast",
    "claims/china-ai-superpower.html": ".finding .view",
    "book/index.html": ".masthead",
    "data.html": "#verdicts",
    "corrections.html": "table",
    "404.html": ".masthead",
    "book/notebooks/08_open_models.html": ".cell_output img",
    "book/notebooks/90_multiverse.html": ".cell_output img",
    "book/guide.html": "#the-outcome",
    "book/data.html": "#tables",
    "book/tamper.html": "#what-no-gate-saw",
    "book/licences.html": "table",
    "book/example/index.html": "h1",
    "book/example/01_example.html": ".cell_output table",
    "search.html?q=patents": "#results li",
}
# What is made alike in any number: the first eight of a kind stand for all, since axe-core takes
# ten seconds for the whole dictionary.
MORE = "tr:nth-child(n + 9), #tables > section:nth-of-type(n + 9)"
LOADED = {
    ("script", "src"),
    ("img", "src"),
    ("link", "href"),
    ("iframe", "src"),
    ("source", "src"),
    ("object", "data"),
}


class Page(HTMLParser):
    """What a page names and what it points to."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.loads = set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.ids |= {
            found[name]
            for name in ("id", "name")
            if found.get(name) and (name == "id" or tag == "a")
        }
        self.links += [found[name] for name in ("href", "src") if found.get(name)]
        self.loads += [
            found[name]
            for name in ("src", "href", "data")
            if (tag, name) in LOADED and found.get(name)
        ]


@pytest.fixture(scope="module")
def pages(built):
    return {
        path: Page(path.read_text(encoding="utf-8")) for path in (built / "site").rglob("*.html")
    }


def broken(pages):
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.exists() or (
                parts.fragment
                and target in pages
                and unquote(parts.fragment) not in pages[target].ids
            ):
                yield path, link


def test_every_link_inside_the_site_leads_somewhere(pages):
    assert len(pages) > 70 and list(broken(pages)) == []


def lost(found, pages, top):
    """Places of the search that no page has."""
    return [
        each["place"]
        for each in found
        if (page := pages.get(top / each["place"].partition("#")[0])) is None
        or ((anchor := each["place"].partition("#")[2]) and anchor not in page.ids)
    ]


def test_every_place_that_the_search_finds_is_there(built, pages):
    text = (built / "site" / "assets" / "found.js").read_text(encoding="utf-8")
    found = json.loads(text.removeprefix("const FOUND = ").rstrip().removesuffix(";"))
    assert len(found) > 250 and lost(found, pages, built / "site") == []
    assert lost([{"place": "data.html#none"}], pages, built / "site") == ["data.html#none"]


def test_every_page_has_the_same_masthead(built, pages):
    heads, places = set(), {path.resolve() for path in pages}
    for path in pages:
        if "genindex" in path.name or path.parent.name == "_static":
            continue
        text = path.read_text(encoding="utf-8")
        [part] = re.findall(r'<header class="masthead".*?</header>', text, re.S)
        links = list(html5lib.parseFragment(part, namespaceHTMLElements=False).iter("a"))
        heads.add(tuple("".join(link.itertext()) for link in links))
        for link in links:
            assert (path.parent / link.get("href").partition("#")[0]).resolve() in places, path
    assert len(heads) == 1 and len(heads.pop()) > 3


def test_a_broken_link_is_seen(pages):
    path = next(path for path in pages if path.name == "index.html" and path.parent.name == "site")
    odd = Page('<a href="claims/none.html">x</a><a href="#none">y</a>')
    assert {(path, "claims/none.html"), (path, "#none")} <= set(broken({**pages, path: odd}))


def test_nothing_is_loaded_from_another_host(pages):
    loads = [(path.name, urlsplit(load)) for path, page in pages.items() for load in page.loads]
    assert (
        loads
        and [each for each in loads if each[1].netloc or each[1].scheme not in ("", "data")] == []
    )


def differing(one, other):
    found = contents(one), contents(other)
    return [
        name
        for name in sorted(found[0].keys() | found[1].keys())
        if found[0].get(name) != found[1].get(name)
    ]


def test_two_builds_give_the_same_pages_and_the_same_release(built, tmp_path):
    ids = ["notable-models-us-2024", "figure-monthly-shares", "china-ai-superpower"]
    pages_.write_front(tmp_path / "site")
    pages_.write_claims(tmp_path / "site", ids)
    release.write(tmp_path / "release")
    assert differing(built / "release", tmp_path / "release") == []
    made = [path for path in (tmp_path / "site").rglob("*") if path.is_file()]
    assert len(made) == 1 + 4 * len(ids)
    for path in made:
        place = path.relative_to(tmp_path)
        assert path.read_bytes() == (built / place).read_bytes(), place


@pytest.mark.slow
def test_two_builds_give_the_same_bytes(built, tmp_path, monkeypatch):
    monkeypatch.setattr(project, "build", lambda: tmp_path)
    site.build()
    for part in ("site", "release"):
        assert differing(built / part, tmp_path / part) == []


def test_a_byte_that_differs_and_a_file_too_many_are_seen(tmp_path):
    for place, text in (("one", "a"), ("other", "b")):
        (tmp_path / place).mkdir()
        (tmp_path / place / "page.html").write_text(text, encoding="utf-8")
    (tmp_path / "other" / "stray.html").write_text("", encoding="utf-8")
    assert differing(tmp_path / "one", tmp_path / "other") == ["page.html", "stray.html"]


def invalid(text):
    """What html5lib's parser reports, ids that stand twice, and attributes that HTML has given up
    for CSS.
    """
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    elements = list(parser.parse(text).iter())
    ids = Counter(element.get("id") for element in elements if "id" in element.attrib)
    styled = {
        (element.tag, name) for element in elements for name in OBSOLETE & element.attrib.keys()
    }
    return (
        [code for _, code, _ in parser.errors]
        + [id_ for id_, count in ids.items() if count > 1 or not id_ or " " in id_]
        + sorted(styled)
    )


def test_every_page_is_valid_html(pages):
    assert {
        path.name: found for path in pages if (found := invalid(path.read_text(encoding="utf-8")))
    } == {}


@pytest.mark.parametrize(
    ("odd", "seen"),
    [
        ("<p id=a></p><p id=a></p>", ["a"]),
        ('<p id=""></p>', [""]),
        ("<p><b></p>", ["unexpected-end-tag"]),
        ("<table><tr><th valign=top>x</th></tr></table>", [("th", "valign")]),
    ],
)
def test_an_invalid_page_is_seen(odd, seen):
    page = "<!DOCTYPE html><html lang=en><head><title>t</title></head><body>{}</body></html>"
    assert invalid(page.format("")) == [] and invalid(page.format(odd))[: len(seen)] == seen


def test_site_and_release_stand_side_by_side_and_no_draft_is_left(built):
    assert {path.name for path in built.iterdir()} - {
        "book-src",
        "book-doctrees",
        "jupyter_execute",
        "state",  # what the site was built of
    } == {"release", "site"}


@pytest.fixture(scope="module", params=["with scripts", "without scripts"])
def browser(request, chrome):
    chrome.scripts = request.param == "with scripts"
    look(chrome, 1280, 1000, scripts=chrome.scripts)
    return chrome


def rows(browser):
    return [
        row
        for row in browser.find_elements("css selector", ".scorecard tbody tr")
        if row.is_displayed()
    ]


def test_a_reader_filters_follows_a_number_to_its_cell_and_comes_back(browser, built):
    found = scorecard.load()
    browser.get((built / "site" / "index.html").as_uri())
    assert (
        len(rows(browser)) == len(found)
        and browser.find_element("id", "filter").is_displayed() == browser.scripts
    )
    if browser.scripts:
        field = browser.find_element("id", "outcome")
        field.send_keys("depends")
        assert (
            len(rows(browser)) == found["outcome"].eq("depends").sum()
            and "outcome=depends" in browser.current_url
        )
    filtered = len(rows(browser))
    for toggle in rows(browser)[0].find_elements("tag name", "summary"):
        toggle.click()
    link = rows(browser)[0].find_element("css selector", "a[href*='#cell-']")
    claim, (page, _, cell) = (
        rows(browser)[0].get_attribute("id"),
        link.get_attribute("href").partition("#"),
    )
    link.send_keys("\ue007")  # the Enter key
    assert browser.current_url == f"{page}#{cell}"
    assert claim in browser.find_element("id", cell).find_element(
        "xpath", "./ancestor-or-self::div[contains(@class, 'cell')]"
    ).get_attribute("textContent")
    browser.back()
    assert len(rows(browser)) == filtered


def test_a_claim_page_says_its_default_answer_with_and_without_scripts(browser, built):
    claim = "notable-models-us-2024"
    browser.get((built / "site" / "claims" / f"{claim}.html").as_uri())
    [found] = records.answers()[claim]["values"]
    assert str(found["value"]) in browser.find_element("id", "explorer-values").text
    assert (
        scorecard.load().set_index("claim").loc[claim, "outcome"]
        in browser.find_element("tag name", "main").text
    )


SCREENS = [("light", 1280), ("dark", 360)]


@pytest.fixture(scope="module", params=SCREENS, ids=str)
def screen(request, chrome):
    """A browser with a scheme and a width."""
    chrome.scheme, chrome.width = request.param
    look(chrome, chrome.width, 1000, chrome.scheme)
    chrome.implicitly_wait(10)
    yield chrome
    chrome.implicitly_wait(0)


def ground(browser):
    """The brightness of the page's own background, from 0 to 255."""
    read = (
        "return [document.body, document.documentElement].map((each) =>"
        " getComputedStyle(each).backgroundColor)"
    )
    colour = next(colour for colour in browser.execute_script(read) if colour != "rgba(0, 0, 0, 0)")
    return sum(map(int, re.findall(r"\d+", colour)[:3])) / 3


def wide(browser):
    """By how many pixels the page is wider than the screen.

    Its own word for the screen's width would grow with the page.
    """
    return max(
        browser.execute_script("return document.scrollingElement.scrollWidth") - browser.width, 0
    )


@pytest.mark.parametrize(
    ("screen", "page"),
    [  # one of the two screens for each kind of page, and for the slow tests the other too
        pytest.param(screen, page, marks=[pytest.mark.slow] if (one + two) % 2 else [])
        for one, screen in enumerate(SCREENS)
        for two, page in enumerate(KINDS)
    ],
    indirect=["screen"],
)
def test_every_kind_of_page_is_open_to_every_reader_and_fits_the_screen(screen, built, page):
    screen.get(f"{(built / 'site').as_uri()}/{page}")
    assert screen.find_elements("css selector", KINDS[page])
    assert (ground(screen) < 60) == (screen.scheme == "dark") and (ground(screen) > 240) == (
        screen.scheme == "light"
    )
    assert wide(screen) == 0
    screen.execute_script(
        "document.querySelectorAll(arguments[0]).forEach((each) => each.remove())", MORE
    )
    assert barriers(screen) == []


@pytest.mark.parametrize(
    "folder", ["claims", pytest.param("book/notebooks", marks=pytest.mark.slow)]
)
def test_no_claim_and_no_notebook_is_wider_than_a_telephone(chrome, built, folder):
    look(chrome, 360, 1000)
    chrome.width = 360
    found = [*(built / "site" / folder).glob("*.html")]
    assert len(found) > 15
    for path in found:
        chrome.get(path.as_uri())
        assert wide(chrome) == 0, path.name


def test_a_barrier_and_a_page_too_wide_are_seen(screen, built):
    screen.get((built / "site" / "index.html").as_uri())
    odd = (  # contrast 1.5
        '<img src="data:,"><p style="color: #d2d2d2; background: #fff">faint</p><div style="width:'
        ' 1400px">wide</div>'
    )
    screen.execute_script(
        "document.querySelector('main').insertAdjacentHTML('beforeend', arguments[0])", odd
    )
    assert {"image-alt", "color-contrast"} <= {name for name, *_ in barriers(screen)} and wide(
        screen
    ) > 0


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("index.html", "08_monthly_shares"),
        ("claims/figure-monthly-shares.html", "08_monthly_shares"),
        ("claims/top100-us-2023.html", "03_top100_by_edition"),
        ("book/notebooks/03_top_cited.html", "03_top100_by_edition"),
    ],
)
def test_a_figure_is_redrawn_for_a_telephone_and_fits_it(chrome, built, page, name):
    for width, drawn in ((360, f"{name}_phone.svg"), (1280, f"{name}.svg")):
        look(chrome, width, 740)
        chrome.get((built / "site" / page).as_uri())
        plate = chrome.find_element("css selector", ".plate:has(source)")
        picture = plate.find_element("tag name", "img")
        assert picture.get_property("currentSrc").endswith(drawn)
        assert picture.size["width"] <= plate.size["width"]
