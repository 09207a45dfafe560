"""What arrives from outside: what cannot be taken is refused, or read right."""

import hashlib

import pandas as pd
import pytest
from conftest import snapshot

from helpers.evidence import arrivals, pinned, sources, tables
from helpers.project import FactcheckError

ID = "models_notable_2026_12_01"
HEAD = "Model,Publication date,Organization,Country (of organization),Notability criteria,Domain\n"


@pytest.fixture
def arrive(checkout, tmp_path, monkeypatch):
    """Pin a new vintage of the notable list with this content, and rebuild it."""

    def rebuild(content):
        data = content if isinstance(content, bytes) else content.encode()
        monkeypatch.setenv("FACTCHECK_MIRROR", str(tmp_path))
        (tmp_path / "new.csv").write_bytes(data)
        fields = {
            "publisher": "x", "title": "x", "edition": "2026-12-01", "file": "new.csv",
            "sha256": hashlib.sha256(data).hexdigest(), "licence": "x", "evidence": "primary",
            "extract": "models.notable_models", "url": "https://example.org/new.csv",
        }  # fmt: skip
        path = checkout / "data" / "raw" / "sources.toml"
        lines = "\n".join(f'{name} = "{value}"' for name, value in fields.items())
        path.write_text(f"{path.read_text()}\n[{ID}]\n{lines}\n")
        sources._parsed.cache_clear()
        pinned.rebuild([ID])
        return pd.read_csv(checkout / "data" / "raw" / f"{ID}.csv", dtype=str)

    return rebuild


def listed(*dates, rows=400):
    """A list of so many models; the first ones bear these dates."""
    days = [*dates, *["2024-05-01"] * (rows - len(dates))]
    return HEAD + "".join(
        f"Model {place},{day},Lab,China,Highly cited,Language\n" for place, day in enumerate(days)
    )


def test_a_day_without_zeros_and_one_with_a_time_are_read_right(arrive):
    made = arrive(listed("2024-6-1", "2024-06-02 12:30:00", "2024-06-03T00:00:00Z"))
    assert len(made) == 400
    assert {"2024-06-01", "2024-06-02", "2024-06-03"} <= set(made["published"])


REFUSED = {
    "day first": (listed("2024-05-01", "01/06/2024"), "row 3, Model 1: '01/06/2024' is no date"),
    "no such day": (listed("2024-13-40"), "row 2, Model 0: '2024-13-40' is no date"),
    "empty": (b"", "new.csv is empty"),
    "a web page": (b"<!DOCTYPE html><html></html>", "new.csv is a web page"),
    "utf-16": (listed().encode("utf-16"), "new.csv is UTF-16"),
    "semicolons": (listed().replace(",", ";"), "has semicolons between its columns"),
    "far fewer": (listed(rows=100), f"{ID}: 100 rows"),
    "a formula": (listed(rows=400).replace("Model 7,", "=A1,"), "reads as a formula"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_cannot_be_taken_is_refused_in_one_line_and_nothing_changes(checkout, arrive, fault):
    content, said = REFUSED[fault]
    before = snapshot(checkout)
    with pytest.raises(FactcheckError) as caught:
        arrive(content)
    assert said in str(caught.value) and "\n" not in str(caught.value)
    after = snapshot(checkout)
    changed = {path.name for path in after if after[path] != before.get(path)}
    assert changed == {"sources.toml"}


def test_a_word_in_the_registry_lets_a_short_edition_pass(checkout):
    rows = {source.id: 100 for source in sources.of_extract("efficiency.compute")}
    last = list(rows)[-1]
    assert arrivals.fewer(rows | {last: 10}) == []
    notable = [source.id for source in sources.of_extract("models.notable_models")]
    [said] = arrivals.fewer(dict.fromkeys(notable, 100) | {notable[5]: 10})
    assert said.startswith(f"{notable[5]}: 10 rows") and "`fewer`" in said


def test_an_entry_that_was_never_rebuilt_names_the_command(checkout):
    source = sources.of_extract("models.notable_models")[0]
    source.table.unlink()
    step = f"run `factcheck sources rebuild {source.id}`"
    assert step in "\n".join(pinned.check(upstream=False))
    with pytest.raises(FactcheckError, match=step):
        tables.raw(source.id)
