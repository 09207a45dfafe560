import os
import re
import shutil
from pathlib import Path

import pytest
from commands import run
from conftest import forget

from helpers.evidence import fetched, pinned, sources, tables
from helpers.evidence.sources import SourceError

MIRROR = os.environ.get("FACTCHECK_MIRROR", "")
needs_mirror = pytest.mark.skipif(
    not MIRROR,
    reason=(
        "FACTCHECK_MIRROR is not set: no copy of the published files to hold the extracts against"
    ),
)


def a_source(prefix):
    return next(source for source in sources.load().values() if source.id.startswith(prefix))


def test_every_committed_extract_is_as_pinned():
    assert pinned.check(upstream=False) == []


@needs_mirror
def test_every_extract_is_what_its_published_file_gives():
    assert pinned.check(upstream=True) == []


def test_one_changed_byte_of_an_extract_is_seen(checkout):
    path = a_source("models").table
    content = path.read_bytes()
    path.write_bytes(content[:-2] + bytes([content[-2] ^ 1]) + content[-1:])
    assert [path.name in problem for problem in pinned.check(upstream=False)] == [True]


def test_a_missing_and_a_stray_extract_are_seen(checkout):
    a_source("models").table.unlink()
    (checkout / "data" / "raw" / "stray.csv").write_text("a\n1\n")
    problems = "\n".join(pinned.check(upstream=False))
    assert "is missing" in problems and "stray.csv belongs to no source" in problems


@needs_mirror
def test_one_changed_byte_upstream_is_refused_and_the_extract_stays(
    checkout, tmp_path, monkeypatch
):
    source = a_source("research_cset")
    mirrored = tmp_path / "mirror" / source.file
    mirrored.parent.mkdir(parents=True)
    shutil.copy(Path(MIRROR) / source.file, mirrored)
    mirrored.chmod(0o644)
    before = source.table.read_bytes()
    monkeypatch.setenv("FACTCHECK_MIRROR", str(tmp_path / "mirror"))
    assert pinned.rebuild([source.id]) == [source.id]
    assert source.table.read_bytes() == before
    mirrored.write_bytes(mirrored.read_bytes()[:-1] + b"x")
    with pytest.raises(SourceError, match=f"{source.id}: .* is not the pinned file"):
        pinned.rebuild([source.id])
    assert source.table.read_bytes() == before


@needs_mirror
@pytest.mark.parametrize("prefix", ["research_cset", "facts_diffusion_firsts"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("licence", "CC0"), ("evidence", "primary"), ("edition", "2005"), ("publisher", "Nobody"),
        ("title", "Another"), ("url", "https://example.org/x.csv"), ("sha256", "0" * 64),
    ],
)  # fmt: skip
def test_what_the_mirror_lists_otherwise_of_a_source_is_seen(checkout, prefix, name, value):
    source = a_source(prefix)
    if not source.url and name in ("publisher", "title", "url"):
        pytest.skip("an extract of some rows of our transcriptions has its own, and no address")
    path = checkout / "data" / "raw" / "sources.toml"
    head, own, rest = path.read_text().partition(f"[{source.id}]")
    assert getattr(source, name) != value
    path.write_text(
        head + own + rest.replace(f'{name} = "{getattr(source, name)}"', f'{name} = "{value}"', 1)
    )
    [problem] = pinned._differs_from_manifest(sources.get(source.id))
    assert f"[{source.id}]: {name} = '{value}'" in problem


@needs_mirror
def test_a_mirror_without_a_manifest_and_a_file_it_does_not_list(checkout, tmp_path, monkeypatch):
    source = a_source("research_cset")
    monkeypatch.setenv("FACTCHECK_MIRROR", str(tmp_path))
    assert pinned._differs_from_manifest(source) == []
    (tmp_path / pinned.MANIFEST).write_text("file,licence,evidence,edition\n")
    assert "does not list" in pinned._differs_from_manifest(source)[0]


def test_a_missing_mirror_file_is_named(checkout, tmp_path, monkeypatch):
    monkeypatch.setenv("FACTCHECK_MIRROR", str(tmp_path))
    with pytest.raises(SourceError, match="no file .* in the mirror"):
        fetched.fetch(a_source("models"))


def test_an_unreachable_address_is_one_message(checkout, tmp_path, monkeypatch):
    monkeypatch.delenv("FACTCHECK_MIRROR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    path = checkout / "data" / "raw" / "sources.toml"
    path.write_text(path.read_text().replace("https://", "http://127.0.0.1:9/"))
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    with pytest.raises(SourceError, match="could not fetch .* Nothing was changed"):
        fetched.fetch(a_source("models"))


def test_an_unknown_source_gets_the_nearest_name():
    known = next(iter(sources.load()))
    with pytest.raises(SourceError, match=f"did you mean '{known}'"):
        sources.get(known + "x")


def test_a_broken_entry_is_named(checkout):
    path = checkout / "data" / "raw" / "sources.toml"
    path.write_text(path.read_text().replace("licence = ", "license = ", 1))
    with pytest.raises(SourceError, match="unknown field 'license', did you mean 'licence'"):
        sources.load()


def test_the_weakest_source_grades_the_chain():
    by_grade = {source.evidence: source.id for source in sources.load().values()}
    assert sources.weakest(by_grade.values()) == "secondary"


@pytest.mark.parametrize(
    ("extract", "notebook", "table"),
    [
        pytest.param(
            "models.notable_models", "06_notable_models", "model_lists", marks=pytest.mark.slow
        ),
        ("chips.ml_hardware", "12_chip_controls", "ai_chips"),
    ],
)
def test_a_new_vintage_in_sources_is_counted_without_a_change_of_code(
    checkout, extract, notebook, table
):
    newest = sources.of_extract(extract)[-1]
    path, sums = (
        checkout / "data" / "raw" / "sources.toml",
        checkout / "data" / "raw" / pinned.CHECKSUMS,
    )
    entry = path.read_text().partition(f"[{newest.id}]")[2].partition("\n[")[0]
    path.write_text(
        path.read_text() + f"\n[dropped_in_20261031]{entry}".replace(newest.edition, "2026-10-31")
    )
    added = checkout / "data" / "raw" / "dropped_in_20261031.csv"
    added.write_bytes(b"".join(newest.table.read_bytes().splitlines(keepends=True)[:-1]))
    sums.write_text(sums.read_text() + f"{sources.sha256_of(added)}  {added.name}\n")
    forget()
    done = run("run", notebook, "-p", "vintage=2026-10-31", cwd=checkout)
    assert done.returncode == 0, done.stderr
    copy = (checkout / "build" / "notebooks" / f"{notebook}__vintage-2026-10-31.ipynb").read_text()
    assert '"vintage": "2026-10-31"' in copy
    assert {"2026-10-31"} <= set(tables.load(table)["vintage"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("file", "../../etc/passwd"), ("file", "/etc/passwd"), ("file", "a/../../b"),
        ("file", "a\\\\b"), ("file", ""), ("url", "javascript:alert(1)"),
        ("url", "file:///etc/passwd"), ("url", "//x"),
    ],
)  # fmt: skip
def test_a_file_beyond_the_mirror_and_an_address_that_is_no_page_are_refused(checkout, name, value):
    path = checkout / "data" / "raw" / "sources.toml"
    line = re.search(f"^{name} = .*$", path.read_text(), re.MULTILINE)[0]
    path.write_text(path.read_text().replace(line, f'{name} = "{value}"', 1))
    with pytest.raises(SourceError, match=rf"\]: {name} '"):
        sources.load()
