"""The book: built from notebooks, guide and schemas, whole and self-contained."""

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import TOP, forget

from helpers.evidence import sources, tables
from helpers.judging import claims, outcomes, scorecard
from helpers.reading import book, dictionary

KEPT = ("01_research_output.ipynb", "08_open_models.ipynb")  # those that the first page links to
LOADING = {
    "script": "src",
    "img": "src",
    "link": "href",
    "iframe": "src",
    "source": "src",
    "object": "data",
    "use": "href",
    "image": "href",
}


def small(top):
    """A checkout with two notebooks."""
    for folder in ("data", "docs", "notebooks"):
        shutil.copytree(TOP / folder, top / folder, ignore=shutil.ignore_patterns("example"))
    for path in (top / "notebooks").glob("*.ipynb"):
        if path.name not in KEPT:
            path.unlink()
    return top


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    monkeypatch.setenv("FACTCHECK_ROOT", str(small(tmp_path / "check out é")))
    monkeypatch.delenv(book.ADDRESS, raising=False)
    forget()
    yield tmp_path / "check out é"
    forget()


@pytest.fixture(scope="module")
def whole(built):
    """The book of the built site."""
    return built / "site" / "book"


class Loaded(HTMLParser):
    """Collects what a page loads by itself."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "link" and given.get("rel") in ("next", "prev", "index", "search", "canonical"):
            return
        self.found += [
            given[name] for name in (LOADING.get(tag), "srcset") if name and given.get(name)
        ]


def foreign(path):
    """What a file of the book would fetch from another host."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        found = Loaded(text).found
    elif path.suffix in (".css", ".svg"):
        found = re.findall(r"""(?:url\(|@import|(?:xlink:)?href=)\s*["']?([^"')\s;]+)""", text)
    else:
        found = re.findall(
            r"""(?:fetch|import|importScripts)\(\s*["']([^"']+)|\.src\s*=\s*["']([^"']+)""", text
        )
    return [address for address in map("".join, found) if re.match(r"(https?:)?//", address)]


def files(folder):
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def page(folder, name="notebooks/01_research_output.html"):
    return (folder / name).read_text(encoding="utf-8")


def notebook(name=KEPT[0]):
    return json.loads((TOP / "notebooks" / name).read_text(encoding="utf-8"))["cells"]


def test_nothing_is_loaded_from_another_host(whole):
    read = [path for path in files(whole) if path.suffix in (".html", ".css", ".js", ".svg")]
    assert len(read) > 20
    assert {str(path): found for path in read if (found := foreign(whole / path))} == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", '<script src="https://cdn.example/x.js"></script>'),
        ("a.html", '<link rel="stylesheet" href="//cdn.example/x.css">'),
        ("a.css", "@font-face { src: url('https://cdn.example/x.woff2') }"),
        ("a.js", 'fetch("https://cdn.example/x.json")'),
    ],
)
def test_what_another_host_would_serve_is_noticed(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert len(foreign(tmp_path / name)) == 1


def test_every_code_cell_has_the_anchor_of_its_place(whole):
    wanted = [
        f"cell-{place}"
        for place, cell in enumerate(notebook(), 1)
        if cell["cell_type"] == "code" and "remove-cell" not in cell["metadata"].get("tags", [])
    ]
    assert re.findall(r'id="(cell-\d+)"', page(whole)) == wanted


def test_figures_keep_their_alternative_text(whole):
    told = [
        "".join(out["data"]["text/plain"])
        for cell in notebook()
        for out in cell.get("outputs", [])
        if "image/svg+xml" in out.get("data", {})
    ]
    shown = {dict(attributes).get("alt") for attributes in images(page(whole))}
    assert told and set(told) == shown


def images(text):
    found = []

    class Images(HTMLParser):
        def handle_starttag(self, tag, attributes):
            found.extend([attributes] if tag == "img" else [])

    Images().feed(text)
    return found


def test_claim_records_are_shown_as_text_and_never_as_json(whole):
    text = page(whole)
    assert "In its source?" in text
    assert "is_default" not in text and claims.MIME not in text


def test_claims_link_to_their_pages_and_pages_to_the_front(whole):
    text = page(whole)
    assert 'href="../../claims/citations-china-2023.html"' in text
    assert 'href="../../index.html"' in text
    assert 'href="./../index.html"' in page(whole, "guide.html")


def test_only_ids_of_claims_become_links():
    cell = {
        "cell_type": "markdown",
        "source": [
            "**Claims** `citations-china-2023`, `no-such-claim`\n",
            "**Source** a\n",
            "\n",
            "**b**",
        ],
    }
    source = book.as_page({"cells": [cell]})["cells"][0]["source"]
    assert source.count("<a ") == 1 and "`no-such-claim`\\\n**Source** a\n\n**b**" in source


def test_tables_have_no_empty_headings_and_no_style_of_their_own():
    html = (
        '<style scoped>th {}</style>\n<table border="1"><tr><th></th><th'
        ' valign="top">a</th></tr></table>'
    )
    given = {
        "cells": [
            {
                "cell_type": "code",
                "metadata": {},
                "source": [],
                "outputs": [{"data": {"text/html": [html]}}],
            }
        ]
    }
    assert (
        book.as_page(given)["cells"][0]["outputs"][0]["data"]["text/html"]
        == "<table><tr><td></td><th>a</th></tr></table>"
    )
    assert given["cells"][0]["outputs"][0]["data"]["text/html"] == [html]


def test_page_titles_are_the_headings_and_the_name_of_the_site(whole):
    assert re.search(
        r"<title>01 · Who publishes most on AI, and who is cited\? &#8212; The AI race,"
        r" checked</title>",
        page(whole),
    )


def test_search_knows_the_words_of_a_notebook(whole):
    index = json.loads(
        re.search(
            r"Search\.setIndex\((.*)\)", (whole / book.MARK).read_text(encoding="utf-8"), re.DOTALL
        )[1]
    )
    assert index["docnames"].index("notebooks/01_research_output") in index["terms"]["citat"]


FIELDS = {
    "source": "answer",
    "count": "answer",
    "others": "answer",
    "grade": "grade",
    "outcome": "outcome",
}


@pytest.mark.parametrize("field", FIELDS)
def test_the_guide_explains_every_word_and_counts_every_claim_once(scratch, field):
    guide = (book.assemble(scratch / "build" / "book-src") / "guide.md").read_text(encoding="utf-8")
    counted = {}
    pattern = rf"\| {FIELDS[field]} \| sense \| claims \|\n\|[-|]+\|\n((?:\|.*\|\n)+)"
    for table in re.findall(pattern, guide):
        for row in table.splitlines():
            counted[row.split("|")[1].strip()] = int(row.split("|")[3])
    said = scorecard.load()[field]
    wanted = said[~said.isin(["", "differs by part"])].value_counts().to_dict()
    assert {word: counted.get(word) for word in wanted} == wanted


def test_the_guide_holds_the_rule_word_for_word(scratch):
    guide = (book.assemble(scratch / "build" / "book-src") / "guide.md").read_text(encoding="utf-8")
    rule = [line.strip() for line in outcomes.outcome.__doc__.partition("\n\n")[2].splitlines()]
    assert all(line in guide for line in rule)


def test_every_file_that_the_guide_names_is_in_the_repository():
    named = re.findall(r'file\("(.+?)"\)', (TOP / "docs" / "guide.md").read_text(encoding="utf-8"))
    assert len(named) > 4 and [path for path in named if not (TOP / path).exists()] == []


def test_files_link_to_the_repository_where_its_address_is_known(monkeypatch):
    monkeypatch.setenv(book.ADDRESS, "https://github.com/owner/name/")
    assert book.file("a/b.py") == "[`a/b.py`](https://github.com/owner/name/blob/main/a/b.py)"


@pytest.mark.slow
def test_notebooks_can_be_opened_elsewhere_only_where_an_address_is_known(
    whole, scratch, monkeypatch
):
    monkeypatch.setenv(book.ADDRESS, "https://github.com/owner/name")
    book.build(scratch / "site" / "book")
    tree = "lab/tree/notebooks/01_research_output.ipynb"
    where = f"https://mybinder.org/v2/gh/owner/name/main?urlpath={tree}"
    assert where in page(scratch / "site" / "book")
    assert "github.com/owner" not in page(whole) and "mybinder" not in page(whole)


def test_the_example_is_listed_only_where_there_is_one(scratch):
    pages = ("index.md", "guide.md")
    without = book.assemble(scratch / "build" / "book-src")
    assert not [
        name for name in pages if "example/index" in (without / name).read_text(encoding="utf-8")
    ]
    (scratch / "docs" / "example").mkdir()
    (scratch / "docs" / "example" / "index.md").write_text("# An example\n", encoding="utf-8")
    with_one = book.assemble(scratch / "build" / "book-src")
    assert [
        name for name in pages if "example/index" in (with_one / name).read_text(encoding="utf-8")
    ] == list(pages)


def test_the_dictionary_lists_every_table_column_and_source():
    text = dictionary.write()
    for name, table in tables.catalogue().items():
        part = text.partition(f"\n### {name}\n")[2].partition("\n##")[0]
        assert table.about in part and re.findall(r"^\| `(\w+)`", part, re.MULTILINE) == list(
            table.schema.columns
        )
    for source in sources.load().values():
        row = re.search(rf'^.*id="{source.id}".*$', text, re.MULTILINE)[0]
        assert all(
            given in row
            for given in (
                source.publisher,
                source.edition,
                source.licence,
                source.evidence,
                source.url,
                source.sha256,
            )
        )


def test_the_dictionary_says_what_a_column_allows():
    rows = {
        row[0]: row[1:]
        for row in dictionary.columns(tables.catalogue()["download_counters"].schema.columns)
    }
    assert rows["`date`"] == ["date", "YYYY-MM-DD", ""]


def test_a_link_that_leads_nowhere_stops_the_build_and_leaves_the_old_book(scratch):
    kept = scratch / "site" / "book"
    kept.mkdir(parents=True)
    (kept / book.MARK).write_text("old", encoding="utf-8")
    guide = scratch / "docs" / "guide.md"
    guide.write_text(
        guide.read_text(encoding="utf-8") + "\n[nowhere](nowhere.md)\n", encoding="utf-8"
    )
    with pytest.raises(book.BookError, match=r"guide\.md.*nowhere\.md"):
        book.build(kept)
    assert (kept / book.MARK).read_text(encoding="utf-8") == "old"


def test_a_folder_that_holds_something_else_is_left_alone(scratch):
    (scratch / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(book.BookError, match="something other than a book"):
        book.build(Path(scratch))
    assert (scratch / "mine.txt").is_file()


def test_an_output_that_needs_a_script_is_told_by_its_text(checkout):
    rich = {
        "application/vnd.plotly.v1+json": {"data": []},
        "text/html": ["<div></div><script>draw()</script>"],
        "text/plain": ["Figure of two bars"],
    }
    bare = {"application/vnd.plotly.v1+json": {"data": []}}
    cells = [
        {
            "cell_type": "code", "source": [], "metadata": {}, "execution_count": 1,
            "outputs": [{"output_type": "display_data", "metadata": {}, "data": data}],
        }
        for data in (rich, bare)
    ]  # fmt: skip
    one, other = (
        cell["outputs"][0]["data"]
        for cell in book.as_page({"cells": cells, "metadata": {}})["cells"]
    )
    assert one == {"text/plain": ["Figure of two bars"]}
    assert other == {"text/plain": "An output that only a running notebook can show."}
    assert "application/vnd.plotly.v1+json" in rich
