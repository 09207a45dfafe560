"""Columns: each column of each published table has one meaning, and no meaning is left over."""

import csv

import pytest
from conftest import TOP

from helpers.evidence import extracts, sources, tables
from helpers.project import FactcheckError
from helpers.reading import columns, datapackage


def published():
    """The columns of every published table, by its name."""
    found = {name: list(table.schema.columns) for name, table in tables.catalogue().items()}
    for source in sources.load().values():
        found[source.id] = list(extracts.schema(source.extract).columns)
    for name in datapackage.RESULTS:
        with (TOP / "data" / "processed" / f"{name}.csv").open(encoding="utf-8") as file:
            found[name] = next(csv.reader(file))
    return found


def test_every_column_of_every_published_table_has_a_meaning():
    for name, own in published().items():
        for column in own:
            assert columns.meaning(name, column).strip()


def test_the_data_package_says_them_with_their_units():
    described = datapackage.described("gpu_clusters", tables.catalogue()["gpu_clusters"].schema)
    field = {each["name"]: each for each in described["fields"]}["power_mw"]
    assert field["description"] == columns.meaning("gpu_clusters", "power_mw")
    assert field["unit"] == "MW" and field["type"] == "number"


def test_no_meaning_is_left_over():
    found = published()
    pairs = {f"{name}.{column}" for name, own in found.items() for column in own}
    bare = {column for name, own in found.items() for column in own
            if f"{name}.{column}" not in columns.meanings()}  # fmt: skip
    assert set(columns.meanings()) <= pairs | bare


def test_a_column_without_a_meaning_is_named():
    with pytest.raises(FactcheckError, match=r"cset_years: nobody says .* column tonnes"):
        columns.meaning("cset_years", "tonnes")
