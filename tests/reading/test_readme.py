"""README: short, with the two commands on the first screen, and no link that leads nowhere."""

import re
from pathlib import Path

import pytest
from conftest import chromium
from markdown_it import MarkdownIt

TOP = Path(__file__).resolve().parents[2]
TEXT = (TOP / "README.md").read_text(encoding="utf-8")
# As a forge shows it: the column's width, its letters and its margins.
LOOK = """
body { font: 16px/1.5 "Liberation Sans", Arial, sans-serif; max-width: 1012px; margin: 0 auto;
  padding: 32px; box-sizing: border-box; }
h1 { font-size: 2em; margin: 0 0 16px; padding-bottom: .3em; border-bottom: 1px solid; }
h2 { font-size: 1.5em; margin: 24px 0 16px; padding-bottom: .3em; border-bottom: 1px solid; }
p, ul, ol, table, pre { margin: 0 0 16px; }
pre { padding: 16px; font: 13.6px/1.45 "Liberation Mono", monospace; overflow: auto; }
img { max-width: 100%; }
"""


@pytest.fixture(scope="module")
def browser():
    driver = chromium()
    size = {"width": 1280, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    yield driver
    driver.quit()


def bottom_of(browser, tmp_path, text, command):
    """How far down the page a command ends, in pixels."""
    body = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    base = f'<base href="{TOP.as_uri()}/">'
    page = f"<!DOCTYPE html><html lang=en>{base}<style>{LOOK}</style><body>{body}</body></html>"
    (tmp_path / "readme.html").write_text(page, encoding="utf-8")
    browser.get((tmp_path / "readme.html").as_uri())
    found = browser.execute_script(
        """const walk = document.createTreeWalker(document.querySelector("pre"), 4);
        const text = walk.nextNode(), place = text.data.indexOf(arguments[0]);
        const range = document.createRange();
        range.setStart(text, place);
        range.setEnd(text, place + arguments[0].length);
        return range.getBoundingClientRect().bottom;""",
        command,
    )
    return found


@pytest.mark.parametrize("command", ["make run", "make test", "make site", "make lab"])
def test_the_first_screen_holds_the_commands(browser, tmp_path, command):
    assert 0 < bottom_of(browser, tmp_path, TEXT, command) <= 800


def test_a_command_below_the_first_screen_is_seen(browser, tmp_path):
    pushed = TEXT.replace("## Run it", "\n\n".join(["A line."] * 20) + "\n\n## Run it")
    assert bottom_of(browser, tmp_path, pushed, "make run") > 800


def test_the_readme_has_at_most_150_lines():
    assert len(TEXT.splitlines()) <= 150


def missing(text):
    """The links and pictures of a page that name no file of the checkout."""
    named = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)|src=\"([^\"]+)\"", text)
    places = [link or source for link, source in named]
    return [place for place in places if "://" not in place and not (TOP / place).exists()]


def test_every_link_of_the_readme_leads_to_a_file():
    assert len(re.findall(r"\]\(", TEXT)) > 30 and missing(TEXT) == []


def test_a_link_to_nothing_is_seen():
    assert missing("[x](docs/none.md)") == ["docs/none.md"]


def test_the_tables_that_are_measured_stand_in_docs():
    speed, guards = (
        (TOP / "docs" / name).read_text(encoding="utf-8") for name in ("speed.md", "guards.md")
    )
    for mark in ("bench", "cleaning", "scale", "sweeps"):
        assert f"<!-- {mark} -->" in speed and f"<!-- {mark} -->" not in TEXT
    assert "<!-- steady -->" in guards
