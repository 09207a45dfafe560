"""The README is as it is generated, short, true in its links, and begins with its commands."""

import re

import commands
import pytest
from conftest import TOP, look

from helpers import project
from helpers.judging import scorecard
from helpers.project import FactcheckError
from helpers.reading import readme

TEXT = (TOP / "README.md").read_text(encoding="utf-8")
# As code hosts show a README: letters of 16 px, a column of 838 px, code in small letters.
STYLE = (
    "body { width: 838px; margin: 32px auto; font: 16px/1.5 sans-serif }"
    "pre { font-size: 13.6px; padding: 16px } h1 { font-size: 32px } h2 { font-size: 24px }"
)
FIRST = ("make run", "make site", "make lab")


def test_the_pages_are_as_they_are_generated():
    for page, parts in readme.made(scorecard.load()).items():
        text = (TOP / page).read_text(encoding="utf-8")
        for name, part in parts.items():
            assert readme.between(text, name, part, page) == text, (page, name)


def test_another_outcome_is_seen_on_both_pages():
    found = scorecard.load()
    before = readme.made(found)
    row = found.index[found["outcome"] == "stands"][0]
    found.loc[row, "outcome"] = "does not stand"
    after = readme.made(found)
    for page, name in (
        ("README.md", "outcomes"),
        ("README.md", "answers"),
        ("docs/scorecard.md", "scorecard"),
    ):
        assert before[page][name] != after[page][name]


def test_a_page_without_marks_is_named():
    with pytest.raises(FactcheckError, match=r"docs/x\.md lacks the marks"):
        readme.between("nothing", "scorecard", "", "docs/x.md")


def test_every_claim_is_counted_once_in_each_of_the_two_sums():
    said = readme.counts(scorecard.load())
    first, _, second = said.partition("We counted")
    total, *outcomes = map(int, re.findall(r"\d+", first))
    assert total == sum(outcomes) == sum(map(int, re.findall(r"\d+", second)))


def test_a_notebook_without_short_answer_is_named(checkout):
    path = project.notebooks() / "06_notable_models.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace(readme.SHORT, "In short: "))
    with pytest.raises(FactcheckError, match="06_notable_models, cell 2"):
        readme.answers(scorecard.load())


def test_the_readme_is_short_and_leads_to_every_notebook():
    assert TEXT.count("\n") <= 150
    linked = set(re.findall(r"\(notebooks/(\w+)\.ipynb\)", TEXT))
    assert linked == {path.stem for path in project.notebooks().glob("*.ipynb")}


def gone(text, folder):
    """The files that a page links to and that are not there."""
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    assert links
    return [link for link in links if not (folder / link).exists()]


@pytest.mark.parametrize("page", ["README.md", "docs/scorecard.md"])
def test_no_link_of_a_page_leads_nowhere(page):  # Sphinx sees to the other pages
    assert gone((TOP / page).read_text(encoding="utf-8"), (TOP / page).parent) == []


def test_a_link_that_leads_nowhere_is_seen():
    assert gone("[a](README.md) [b](nowhere.md)", TOP) == ["nowhere.md"]


def below(chrome, text):
    """Where each of the first commands ends on the rendered page, in pixels from the top."""
    markdown = pytest.importorskip("markdown_it").MarkdownIt("commonmark").enable("table")
    page = f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{markdown.render(text)}"
    look(chrome, 1280, 800)
    chrome.get("about:blank")
    chrome.execute_script("document.open(); document.write(arguments[0])", page)
    return chrome.execute_script(
        """const texts = [];
        const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) texts.push(walk.currentNode);
        return arguments[0].map(word => {
          for (const node of texts) {
            const at = node.data.indexOf(word);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(node, at); range.setEnd(node, at + word.length);
            return range.getBoundingClientRect().bottom;
          }
          return 1e9;
        })""",
        FIRST,
    )


def test_the_first_screen_holds_the_commands_and_a_longer_introduction_is_seen(chrome):
    assert max(below(chrome, TEXT)) <= 800
    title, _, rest = TEXT.partition("\n\n")
    assert max(below(chrome, f"{title}\n\n" + "More words.\n\n" * 12 + rest)) > 800


def test_the_run_that_the_readme_shows_gives_these_lines_and_says_what_moved(checkout):
    command, _, *lines = re.search(r"\$ factcheck (run .+?)\n```", TEXT, re.S)[1].splitlines()
    done = commands.anew(*command.split(), cwd=checkout, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-len(lines) :] == lines and len(lines) == 4
    claim = "notable-models-us-2024: counting: whole → fractional; "
    [moved] = [line for line in done.stdout.splitlines() if line.startswith(claim)]
    assert " → " in moved.removeprefix(claim) and "; outcome: " in moved
    copy = "build/notebooks/06_notable_models__counting-fractional.ipynb"
    assert f"The copy is {copy}." in done.stdout
