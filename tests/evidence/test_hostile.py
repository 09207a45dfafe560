"""Hostile input is refused with file, place and next step, or stays what it is: text.

It is never a silent wrong number, code, markup or a path.
"""

import csv
import html
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import html5lib
import pandas as pd
import py7zr
import pytest
from click.testing import CliRunner
from conftest import GOOD, TOP, archive, forget, snapshot, tiny
from hypothesis import example, given
from hypothesis import strategies as st
from jinja2.exceptions import SecurityError
from markdown_it import MarkdownIt

from helpers import main, project
from helpers.evidence import fetched, sources, tables
from helpers.evidence.schemas import TableError, number, schema, text
from helpers.evidence.sources import SourceError
from helpers.judging import choices, claims, conditions, registry, scorecard
from helpers.judging.choices import ChoiceError
from helpers.judging.claims import ClaimError
from helpers.project import FactcheckError
from helpers.reading import book, dictionary
from helpers.running import runner

# ---------------------------------------------------------------- tables

TABLE = "research_cset_cat_publications_yearly_articles"  # place,year,count,complete
FIRST = b"ASEAN,2014,5119,True"


@pytest.fixture
def few(tmp_path, monkeypatch):
    """A checkout of the registries and one table."""
    top = tmp_path / "few é"
    for name in (*READ, f"data/raw/{TABLE}.csv"):
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(TOP / name, top / name)
    monkeypatch.setenv("FACTCHECK_ROOT", str(top))
    forget()
    yield top
    forget()


def spoilt(top, old, new):
    path = top / "data" / "raw" / f"{TABLE}.csv"
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new, 1))


@pytest.mark.parametrize(
    "number",
    [
        "1e308",
        "NaN",
        "nan",
        "inf",
        "-inf",
        "1,234",
        "1_234",
        "٤٥",
        "１２",
        " 12",
        "12 ",
        "+12",
        "0x10",
        "−5",
        "12.",
        "1e+999",
    ],
)
def test_a_number_in_another_spelling_is_refused_with_its_place(few, number):
    quoted = f'"{number}"'.encode()
    spoilt(few, FIRST, b"ASEAN,2014," + quoted + b",True")
    with pytest.raises(
        TableError,
        match=(
            rf"{TABLE}.csv .*row 2, column count: '.*' is not a plain number.*restore it with git"
        ),
    ):
        tables.raw(TABLE)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"ASEAN", b"=cmd|' /C calc'!A0", "row 2, column place: .* reads as a formula"),
        (b"ASEAN", b"@SUM(1+1)*cmd|' /C calc'!A0", "row 2, column place: .* reads as a formula"),
        (
            b"ASEAN",
            b"\tASEAN",
            "row 2, column place: .* holds a control character|reads as a formula",
        ),
        (b"ASEAN", b"AS\x00EAN", "row 2, column place: .* holds a control character"),
        (b"ASEAN", b"AS\x1b[31mEAN", "row 2, column place: .* holds a control character"),
        (b"ASEAN", b"S\xe3o Tom\xe9", "row 2, column 1: a byte that is not UTF-8"),
        (b"ASEAN", b"A" * 20_000, "row 2, column place: .* has 20000 characters"),
        (b"ASEAN", b"A" * 200_000, "field larger than field limit"),
        (b"ASEAN", b'"ASEAN', "not closed|cells for 4 columns"),
        (b"ASEAN", b'"AS"EAN', "expected after"),
        (b"place,", b"\xef\xbb\xbfplace,", "row 1: .*not the plain names"),
        (b"place,year", b"year,year", "row 1: .* not the plain names of different columns"),
        (b"place,year", b"place,", "row 1: .* not the plain names of different columns"),
        (FIRST, FIRST + b",7", "row 2, column 5: 5 cells for 4 columns"),
        (FIRST, b"ASEAN,2014,5119", "row 2, column 4: 3 cells for 4 columns"),
        (FIRST, b"", "row 2, column 1: 0 cells for 4 columns"),
        (
            b"place,year,count,complete",
            b"year,count,complete",
            "row 2, column 4: 4 cells for 3 columns",
        ),
    ],
)
def test_a_table_that_readers_take_differently_is_refused_with_its_place(few, old, new, said):
    spoilt(few, old, new)
    before = snapshot(few)
    csv.field_size_limit(131_072)  # Python's own; a library that other tests import sets another
    with pytest.raises(
        TableError,
        match=rf"data/raw/{TABLE}.csv is not a readable CSV \(.*({said}).*restore it with git",
    ):
        tables.raw(TABLE)
    assert snapshot(few) == before


def test_the_cells_of_another_encoding_are_refused_even_without_a_byte_that_is_wrong(few):
    path = few / "data" / "raw" / f"{TABLE}.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    with pytest.raises(TableError, match="row 1, column 1: a byte that is not UTF-8"):
        tables.raw(TABLE)


@given(
    st.one_of(
        st.text(max_size=8), st.floats().map(str), st.integers().map(str), st.decimals().map(str)
    )
)
@example("1_0")
@example("٤")
def test_a_cell_is_the_number_that_it_spells_or_refused(cell):
    content = f'place,share\nChina,"{cell.replace(chr(34), chr(34) * 2)}"\n'.encode(
        "utf-8", "surrogatepass"
    )
    try:
        (read,) = tables.as_text(content, SHARES)["share"]
    except ValueError:
        return
    if cell:
        assert re.fullmatch(r"[-+0-9.eE]+", read) and float(Decimal(read)) == float(Decimal(cell))


SHARES = schema(key=["place"], place=text(), share=number(nullable=True))

# ---------------------------------------------------------------- registries

READ = {
    "data/claims.toml": lambda: claims.load(),
    "notebooks/choices.toml": lambda: choices.load(),
    "data/raw/sources.toml": lambda: sources.load(),
}
BOMBS = {
    "nested arrays": "x = " + "[" * 100_000 + "]" * 100_000,
    "nested tables": ".".join("a" * 3_000) + " = 1",
    "a key that stands twice": "a = 1\na = 2",
    "a table that stands twice": "[a]\n[a]",
    "a giant integer": "[[claim]]\nid = " + "9" * 100_000,
    "a giant hexadecimal": "[[claim]]\nid = 0x" + "f" * 100_000,
    "a huge key": "k" * 1_000_000 + " = 1",
    "a number at the top": "claim = 5",
    "numbers in a list": "claim = [1, 2]",
    "a date": "claim = 2025-10-31",
    "an unknown table": "[[clam]]\nid = 'x'",
    "null": "a = \x00",
    "half a file": "[[claim]]\nid = 'x",
}


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize("name", READ)
def test_a_registry_that_is_a_bomb_is_refused_by_its_name(few, name, bomb):
    (few / name).write_text(BOMBS[bomb])
    forget()
    with pytest.raises(FactcheckError, match=Path(name).name) as caught:
        READ[name]()
    assert len(str(caught.value)) < 2_000


@pytest.mark.parametrize(
    "value",
    [
        "5",
        "1.5",
        "true",
        "2025-10-31",
        "[[1]]",
        '{ a = "b" }',
        "0x" + "f" * 5000,
        "nan",
        '["x", 1]',
    ],
)
@pytest.mark.parametrize(
    ("name", "field"),
    [
        *(
            ("data/claims.toml", field)
            for field in ("id", "statement", "kind", "printed", "entity", "period", "holds_when")
        ),
        *(
            ("data/raw/sources.toml", field)
            for field in ("publisher", "edition", "file", "sha256", "evidence", "extract", "url")
        ),
        *(("notebooks/choices.toml", field) for field in ("default", "claims", "values")),
    ],
)
def test_a_field_of_the_wrong_type_is_refused_by_its_place(few, name, field, value):
    path = few / name
    text, count = re.subn(
        rf"(?ms)^{field} = (\[.*?\]$|[^\n]*$)",
        lambda _: f"{field} = {value}",
        path.read_text(),
        count=1,
    )
    assert count == 1
    path.write_text(text)
    forget()
    with pytest.raises(FactcheckError, match=rf"{path.name}"):
        READ[name]()


@pytest.mark.parametrize("id_", ['"../../out"', '"/out"', '"a b"', '"A"', '""'])
def test_a_source_whose_name_would_be_a_path_is_refused(few, id_):
    path = few / "data" / "raw" / "sources.toml"
    path.write_text(path.read_text() + f"\n[{id_}]\npublisher = 'x'\n")
    with pytest.raises(SourceError, match="its id of lower-case letters, digits and underscores"):
        sources.load()


OWN = claims.get("citations-china-2023")
ENTRY = {name: value for name, value in vars(OWN).items() if value is not None}
WORDS = st.sampled_from(
    [
        "China",
        "Europe",
        "@",
        "2023",
        "first",
        "~",
        "printed",
        ">",
        ">=",
        "<",
        "=",
        ";",
        "falls",
        "rises",
        " ",
        "7",
        "-1.5",
        "٣",
    ]
)
MEASURED = st.dictionaries(
    st.sampled_from(["China", "China@2022", "China@2023", "Europe", "7"]),
    st.floats() | st.none(),
    max_size=5,
)


@given(
    st.lists(WORDS, max_size=9).map("".join)
    | st.lists(WORDS, max_size=9).map(" ".join)
    | st.text(max_size=20),
    MEASURED,
)
@example("China ~ printed ~ printed", {"China": 1.0})
@example("Europe ~ printed", {"Europe": 1.0})
@example("China > 1;", {"China": 2.0})
@example("China > Europe", {"China": float("inf"), "Europe": 1.0})
def test_any_condition_is_refused_when_read_or_gives_an_answer(condition, values):
    try:
        claim = registry._claim(ENTRY | {"holds_when": condition}, "claims.toml, claim 1")
    except ClaimError as error:
        assert "claims.toml, claim 1" in str(error)
        return
    try:
        answer = claims.holds(claim, values)
    except ClaimError as error:
        assert "name a period" in str(error) or "not finite" in str(error)
    else:
        assert answer in (True, False, None)


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9), st.sampled_from([">", ">=", "<", "<=", "="]))
def test_a_comparison_is_that_of_its_numbers_and_turns_round_with_its_sides(left, right, sign):
    turned = sign.translate(str.maketrans("<>", "><"))
    values = {"China": left, "Europe": right}
    found = claims.holds(replace(OWN, holds_when=f"China {sign} Europe"), values)
    assert found is conditions.OPERATORS[sign](left, right) and found is claims.holds(
        replace(OWN, holds_when=f"Europe {turned} China"), values
    )
    assert (
        claims.holds(
            replace(OWN, holds_when=f"China {sign} Europe"), {"China": left, "Europe": float("nan")}
        )
        is None
    )


# ---------------------------------------------------------------- parameters

NOTEBOOK = "06_notable_models"
CODE = "__import__('os').system('touch {}')"


@given(st.text(max_size=30), st.text(max_size=30))
@example("counting", "Fractional")
def test_any_parameter_is_one_that_is_allowed_or_refused(name, value):
    try:
        chosen = choices.check(NOTEBOOK, {name: value})
    except ChoiceError:
        return
    assert (
        chosen[name] in choices.load()[NOTEBOOK][name]["values"]
        and str(chosen[name]).lower() == value.lower()
    )


@pytest.mark.parametrize(
    "words",
    [
        ["counting=" + CODE],
        [CODE + "=whole"],
        ["counting=whole\n" + CODE],
        ['counting="\'"whole'],
        ["counting=whole'; " + CODE + " #"],
        ["counting={{config}}"],
        ["counting=ｗｈｏｌｅ"],
        ["counting=../../../out"],
        ["counting="],
        ["=whole"],
        ["counting=" + "w" * 100_000],
        ["w" * 100_000 + "=whole"],
        ["__builtins__=whole"],
    ],
)
def test_a_parameter_that_would_be_code_is_refused_before_anything_starts(
    checkout, tmp_path, monkeypatch, words
):
    monkeypatch.setattr(runner, "execute", None)
    before = snapshot(checkout)
    done = CliRunner().invoke(
        main.cli,
        ["run", NOTEBOOK, "-p", words[0].format(tmp_path / "pwned")],
        standalone_mode=False,
    )
    assert (
        isinstance(done.exception, FactcheckError | main.click.BadParameter)
        and len(str(done.exception)) < 1_000
    )
    assert (
        not (tmp_path / "pwned").exists()
        and not (checkout / "build").exists()
        and snapshot(checkout) == before
    )


def test_a_hostile_value_that_the_contract_allows_reaches_the_notebook_as_text_and_no_other_folder(
    checkout, tmp_path
):
    value = f"""../../é'; open({str(tmp_path / "pwned")!r}, 'w') # "\\ \n{{x}} %run"""
    for path in (checkout / "notebooks").glob("*.ipynb"):
        path.unlink()
    tiny(checkout, "00_sources", "print(1)")
    tiny(checkout, NOTEBOOK, "print(ascii(word))")
    notebook = checkout / "notebooks" / f"{NOTEBOOK}.ipynb"
    whole = json.loads(notebook.read_text(encoding="utf-8"))
    whole["cells"][0]["source"] = f"word = {value!r}"
    notebook.write_text(json.dumps(whole), encoding="utf-8")
    entry = f'{{ value = {json.dumps(value)}, because = "x", source = "y" }}'
    (checkout / "notebooks" / "choices.toml").write_text(
        f'["{NOTEBOOK}".word]\ndefault = {json.dumps(value)}\nclaims = ["x"]\nvalues = [{entry}]\n'
    )
    forget()
    runner.run([NOTEBOOK], {"word": value}, tell=print)
    (copy,) = (checkout / "build" / "notebooks").glob(f"{NOTEBOOK}__*.ipynb")
    cells = json.loads(copy.read_text())["cells"]
    assert "".join(cells[-1]["outputs"][0]["text"]).strip() == ascii(value)
    assert not (tmp_path / "pwned").exists()


# ---------------------------------------------------------------- markup

HOSTILE = (
    """</script><script>alert("x")</script>|<img src=x onerror=alert(1)>"""
    "\n\n# [a](javascript:alert) `b` &lt;"
)


def elements(text):
    """Every element of a text, read as Markdown that may hold HTML."""
    page = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    return list(html5lib.parse(page, namespaceHTMLElements=False).iter()), page


def test_hostile_words_of_a_source_are_text_in_the_data_dictionary(few):
    plain = dictionary.write()
    path = few / "data" / "raw" / "sources.toml"
    text = path.read_text()
    for field in ("publisher", "title", "edition", "licence"):
        text = re.sub(
            rf"(?m)^{field} = .*$",
            lambda _, field=field: f"{field} = {json.dumps(HOSTILE)}",
            text,
            count=1,
        )
    path.write_text(text)
    was, found = elements(plain)[0], elements(dictionary.write())
    assert html.escape(" ".join(HOSTILE.split()), quote=False) in found[1].replace("&quot;", '"')
    assert [element.tag for element in found[0]] == [element.tag for element in was]


def test_hostile_words_of_a_claim_are_text_in_the_readme_and_in_its_answer(checkout):
    path = checkout / "data" / "claims.toml"
    plain, text = scorecard.markdown(scorecard.load()), path.read_text()
    for word in ("statement", "unit", "entity"):
        start = text.index(f"{word} = ", text.index(f'id = "{OWN.id}"'))
        new = f"{word} = {json.dumps([HOSTILE] if word == 'entity' else HOSTILE)}"
        text = text[:start] + new + text[text.index("\n", start) :]
    text = text.replace('holds_when = "China ~ printed"', 'holds_when = "China > 1"')
    path.write_text(text)
    forget()
    found = scorecard.markdown(scorecard.load())
    assert [element.tag for element in elements(found)[0]] == [
        element.tag for element in elements(plain)[0]
    ]
    answer = claims.answer(
        OWN.id,
        choices=choices.defaults(OWN.notebook),
        count=claims.Count({HOSTILE: 22.6}, [], of=HOSTILE),
        summary=HOSTILE,
    )
    shown = html5lib.parse(answer._repr_mimebundle_()["text/html"], namespaceHTMLElements=False)
    assert not {"script", "img", "h1", "a"} & {
        element.tag for element in shown.iter()
    } and "alert" in "".join(shown.itertext())


# ---------------------------------------------------------------- archives


@pytest.mark.parametrize("member", ["../../out", "{}/out", "a/../../../out"])
@pytest.mark.parametrize("asked", [True, False], ids=["asked for", "beside the member"])
def test_an_archive_whose_names_climb_writes_nothing_outside_the_cache(
    tmp_path, monkeypatch, member, asked
):
    monkeypatch.setattr("py7zr.py7zr.check_archive_path", lambda name: True)
    monkeypatch.setattr(
        "py7zr.py7zr.get_sanitized_output_path", lambda name, path: Path(name), raising=False
    )
    name = member.format(tmp_path)
    cache = tmp_path / "a" / "b" / "cache"
    cache.mkdir(parents=True)
    with py7zr.SevenZipFile(cache / "made.7z", "w") as made:
        made.writestr(GOOD, name)
        made.writestr(GOOD, "table.tsv")
    monkeypatch.undo()
    known = next(source for source in sources.load().values() if source.member)
    source = replace(known, member=name if asked else "table.tsv", sha256=sha256(GOOD).hexdigest())
    try:
        fetched._unpack(source)(str(cache / "made.7z"), "download", None)
    except ValueError as error:
        assert "no 7z archive that holds" in str(error)
    assert {path for path in tmp_path.rglob("*") if path.is_file()} <= {
        cache / "made.7z",
        cache / "made.7z.member",
    }


def test_a_link_in_an_archive_is_never_followed(tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(GOOD)
    (tmp_path / "link").symlink_to(secret)
    with py7zr.SevenZipFile(tmp_path / "made.7z", "w") as made:
        made.write(tmp_path / "link", "table.tsv")
    known = next(source for source in sources.load().values() if source.member)
    source = replace(known, member="table.tsv", sha256=sha256(GOOD).hexdigest())
    unpacked = Path(fetched._unpack(source)(str(tmp_path / "made.7z"), "download", None))
    assert (
        not unpacked.is_symlink()
        and unpacked.read_bytes() != GOOD
        and not (tmp_path / "made.7z").exists()
    )


def test_an_archive_that_unpacks_to_more_than_any_file_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(fetched, "LARGEST", 1_000_000)
    (tmp_path / "bomb.7z").write_bytes(archive(tmp_path, "table.tsv", bytes(50_000_000)))
    known = next(source for source in sources.load().values() if source.member)
    with pytest.raises(ValueError, match="DecompressionBombError"):
        fetched._unpack(replace(known, member="table.tsv"))(
            str(tmp_path / "bomb.7z"), "download", None
        )
    assert [path.name for path in tmp_path.iterdir()] == ["made.7z"]


# ---------------------------------------------------------------- fuzzing

needs_atheris = pytest.mark.skipif(
    find_spec("atheris") is None,
    reason="atheris is not made for this system: the readers are not fuzzed",
)
FUZZ = [sys.executable, str(TOP / "bench" / "fuzz.py")]


@pytest.mark.slow
@needs_atheris
@pytest.mark.parametrize("target", ["condition", "parameter", "table", "registry"])
def test_seconds_of_fuzzing_find_nothing_but_our_own_errors(tmp_path, target):
    words = [*FUZZ, target, "-max_total_time=3", "-seed=20251031"]
    done = subprocess.run(
        words,
        cwd=tmp_path,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0 and "Done " in done.stderr, (
        done.stdout[-2000:] + done.stderr[-2000:]
    )


@needs_atheris
def test_fuzzing_finds_an_error_that_is_not_ours(tmp_path):
    code = (
        "import sys, fuzz\n"
        "from helpers.judging import conditions\nconditions._parse = lambda clause:"
        " 1 / 0\nfuzz.main()"
    )
    env = os.environ | {
        "PYTHONPATH": f"{TOP / 'bench'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}",
        "TMPDIR": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", code, "condition", "-runs=20000"],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode != 0 and "ZeroDivisionError" in done.stdout + done.stderr


# ---------------------------------------------------------------- links, templates, formulas


@pytest.mark.parametrize(
    "place", [".factcheck.lock", "build", "build/verify", "build/staging/x", "data/processed"]
)
def test_a_link_where_a_command_writes_is_refused_and_its_target_stays(bare, tmp_path, place):
    target = tmp_path / "elsewhere"
    if place == ".factcheck.lock":
        target.write_text("kept")
    else:
        shutil.copytree(bare / "data" / "processed", target)
    before = target.read_text() if target.is_file() else sorted(target.rglob("*"))
    link = bare / place
    shutil.rmtree(link, ignore_errors=True)
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(target)
    tiny(bare, "00_sources", "1")
    for words in (["run"], ["verify"], ["site"], ["sweep"]):
        done = CliRunner().invoke(main.cli, words)
        assert isinstance(done.exception, FactcheckError)
        assert f"{place} is a link to " in str(done.exception)
    assert before == (target.read_text() if target.is_file() else sorted(target.rglob("*")))


def test_the_lock_itself_is_never_opened_through_a_link(tmp_path):
    (tmp_path / "lock").symlink_to(tmp_path / "target")
    with pytest.raises(OSError, match="symbolic link"):
        os.close(project._itself(str(tmp_path / "lock"), os.O_RDWR | os.O_CREAT))
    assert not (tmp_path / "target").exists()


SHELL = (
    "{{ count.__globals__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ file.__globals__['os'].popen('touch owned').read() }}",
    "{{ self._TemplateReference__context }}",
)


@pytest.mark.parametrize("text", SHELL)
def test_a_page_that_reaches_for_python_is_stopped(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SecurityError):
        book._filled(text, tmp_path)
    assert not (tmp_path / "owned").exists()


def test_no_template_is_filled_outside_a_sandbox():
    lines = [
        line
        for path in (TOP / "src").rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(
            r"\bjinja2\.(Environment|Template)\b|import .*\b(Environment|Template)\b", line
        )
    ]
    assert lines == []


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd|x", "\t=1"])
def test_a_text_that_a_spreadsheet_would_compute_is_written_into_no_table(cell):
    with pytest.raises(TableError, match="column summary: .* reads as a formula"):
        tables.to_csv(pd.DataFrame({"n": [1, 2], "summary": ["China leads.", cell]}))
    plain = pd.DataFrame({"n": [-1.5], "gap": ["-0.05 / +1.2"], "summary": ["China - 5 %"]})
    assert tables.to_csv(plain).endswith("-1.5,-0.05 / +1.2,China - 5 %\n")
