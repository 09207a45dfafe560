from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
from conftest import chromium

from helpers import project, scorecard, site

LOADED = {("script", "src"), ("img", "src"), ("link", "href"), ("iframe", "src"), ("source", "src"), ("object", "data")}


class Page(HTMLParser):
    """What a page names and what it points to."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.loads = set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.ids |= {found[name] for name in ("id", "name") if found.get(name) and (name == "id" or tag == "a")}
        self.links += [found[name] for name in ("href", "src") if found.get(name)]
        self.loads += [found[name] for name in ("src", "href", "data") if (tag, name) in LOADED and found.get(name)]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("build")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(project, "build", lambda: folder)
        site.build()
    return folder


@pytest.fixture(scope="module")
def pages(built):
    return {path: Page(path.read_text(encoding="utf-8")) for path in (built / "site").rglob("*.html")}


def broken(pages):
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.exists() or (parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].ids):
                yield path, link


def test_every_link_inside_the_site_leads_somewhere(pages):
    assert len(pages) > 70 and list(broken(pages)) == []


def test_a_broken_link_is_seen(pages):
    path = next(path for path in pages if path.name == "index.html" and path.parent.name == "site")
    odd = Page('<a href="claims/none.html">x</a><a href="#none">y</a>')
    assert {(path, "claims/none.html"), (path, "#none")} <= set(broken({**pages, path: odd}))


def test_nothing_is_loaded_from_another_host(pages):
    loads = [(path.name, urlsplit(load)) for path, page in pages.items() for load in page.loads]
    assert loads and [each for each in loads if each[1].netloc or each[1].scheme not in ("", "data")] == []


def test_site_and_release_stand_side_by_side_and_no_draft_is_left(built):
    assert {path.name for path in built.iterdir()} - {"book-src", "book-doctrees", "jupyter_execute"} == {"release", "site"}


@pytest.fixture(scope="module", params=["with scripts", "without scripts"])
def browser(request):
    blocked = {} if request.param == "with scripts" else {"profile.managed_default_content_settings.javascript": 2}
    driver = chromium("--window-size=1280,1000", **blocked)
    driver.scripts = request.param == "with scripts"
    yield driver
    driver.quit()


def rows(browser):
    return [row for row in browser.find_elements("css selector", ".scorecard tbody tr") if row.is_displayed()]


def test_a_reader_filters_follows_a_number_to_its_cell_and_comes_back(browser, built):
    verdicts = scorecard.load()
    browser.get((built / "site" / "index.html").as_uri())
    assert len(rows(browser)) == len(verdicts) and browser.find_element("id", "filter").is_displayed() == browser.scripts
    if browser.scripts:
        field = browser.find_element("id", "verdict")
        field.send_keys("mostly true")
        assert len(rows(browser)) == verdicts["verdict"].eq("mostly true").sum() and "verdict=mostly" in browser.current_url
    filtered = len(rows(browser))
    link = rows(browser)[0].find_element("css selector", "a[href*='#cell-']")
    claim, (page, _, cell) = rows(browser)[0].get_attribute("id"), link.get_attribute("href").partition("#")
    link.send_keys("\ue007")  # the Enter key
    assert browser.current_url == f"{page}#{cell}"
    assert claim in browser.find_element("id", cell).find_element("xpath", "./ancestor-or-self::div[contains(@class, 'cell')]").text
    browser.back()
    assert len(rows(browser)) == filtered


def test_a_claim_page_says_its_default_answer_with_and_without_scripts(browser, built):
    claim = "notable-models-us-2024"
    browser.get((built / "site" / "claims" / f"{claim}.html").as_uri())
    measured = str(scorecard.load().set_index("claim").loc[claim, "measured"])
    assert measured in browser.find_element("id", "explorer-values").text
    assert scorecard.load().set_index("claim").loc[claim, "verdict"] in browser.find_element("tag name", "main").text
