"""The release holds what the checkout holds, described for machines."""

import csv
import hashlib
import json
import shutil
import socket
from importlib.resources import files
from pathlib import Path

import pytest
from conftest import contents
from frictionless import Package
from rocrate.rocrate import ROCrate

from helpers import project
from helpers.evidence import schemas, sources, tables
from helpers.judging import claims, records, review
from helpers.project import FactcheckError
from helpers.reading import datapackage, release


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "release"
    release.write(folder)
    return folder


@pytest.fixture
def spoilt(made, tmp_path):
    """A copy of the release that a test may break."""
    return shutil.copytree(made, tmp_path / "copy")


@pytest.fixture
def offline(monkeypatch):
    def refuse(*arguments, **named):
        raise AssertionError("a network was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def read(folder, name):
    return json.loads((folder / name).read_text(encoding="utf-8"))


def package_of(folder, names):
    """The Data Package of some tables of a release."""
    found = read(folder, "datapackage.json")
    found["resources"] = [resource for resource in found["resources"] if resource["name"] in names]
    return Package(found, basepath=str(folder))


def test_the_release_holds_data_notebooks_and_citation_as_committed(made):
    names = set(release.files(made))
    wanted = [f"data/raw/{id_}.csv" for id_ in sources.load()] + [
        f"data/processed/{name}.csv" for name in tables.catalogue()
    ]
    wanted += [
        "CITATION.cff",
        "LICENSE",
        "data/claims.toml",
        "data/raw/sources.toml",
        "data/processed/verdicts.csv",
        "notebooks/choices.toml",
    ]
    assert [name for name in wanted if name not in names] == []
    assert len([name for name in names if name.endswith(".ipynb")]) == len(
        list(project.notebooks().glob("*.ipynb"))
    )
    made_here = {"datapackage.json", "claimreview.json", "ro-crate-metadata.json"}
    assert all(
        (made / name).read_bytes() == (project.root() / name).read_bytes()
        for name in names - made_here
    )


def test_every_checksum_verifies_with_a_reader_of_our_own(made):
    lines = (made / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    pairs = dict(reversed(line.split("  ", 1)) for line in lines)
    assert pairs == {
        name: hashlib.sha256(content).hexdigest()
        for name, content in contents(made).items()
        if name != "SHA256SUMS"
    }
    assert release.problems(made) == []


def test_a_changed_byte_a_missing_file_and_a_stranger_are_noticed(spoilt):
    table = spoilt / "data/processed/verdicts.csv"
    content = bytearray(table.read_bytes())
    content[100] ^= 1
    table.write_bytes(content)
    (spoilt / "CITATION.cff").unlink()
    (spoilt / "stray.csv").write_text("x", encoding="utf-8")
    found = [line.partition(":")[0] for line in release.problems(spoilt)]
    assert found == [
        "CITATION.cff is missing",
        "data/processed/verdicts.csv has changed",
        "stray.csv is in no checksum",
    ]
    (spoilt / "SHA256SUMS").unlink()
    assert release.problems(spoilt) == ["SHA256SUMS is missing: write the release again."]


def test_every_table_is_valid_by_its_data_package_without_a_network(made, offline):
    report = Package(str(made / "datapackage.json")).validate()
    faults = [(task.name, error.message) for task in report.tasks for error in task.errors]
    assert report.valid and faults == [] and not report.errors
    assert len(report.tasks) == len(sources.load()) + len(tables.catalogue()) + 3


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("share_pct", "share", "incorrect-label"),
        ("2024-04-01", "2024-13-01", "type-error"),
        ("2024-04-01", "2024-01-01", "primary-key"),
        (",15.8", ",158", "constraint-error"),
        ("2024-04-01", "2024-04-02", "hash-count"),
    ],
)
def test_the_data_package_notices_a_wrong_table(spoilt, old, new, kind):
    table = spoilt / "data/processed/us_online_retail.csv"
    text = table.read_text(encoding="utf-8")
    assert old in text
    table.write_text(text.replace(old, new, 1), encoding="utf-8")
    report = package_of(spoilt, ["us_online_retail"]).validate()
    assert kind in {error.type for task in report.tasks for error in task.errors}


def test_fields_say_what_the_schemas_say():
    columns = {
        "day": schemas.date(),
        "year": schemas.year(2000, 2020),
        "n": schemas.count(nullable=True),
        "share_pct": schemas.share(),
        "power_mw": schemas.number(),
        "seen": schemas.flag(),
        "place": schemas.text(["China", "Europe"]),
        "code": schemas.text(matches="^[A-Z]+$"),
    }
    must = {"required": True}
    assert datapackage._fields(columns, ["day"]) == {
        "missingValues": [""],
        "primaryKey": ["day"],
        "fields": [
            {"name": "day", "type": "date", "constraints": must},
            {
                "name": "year",
                "type": "integer",
                "constraints": must | {"minimum": 2000, "maximum": 2020},
            },
            {"name": "n", "type": "integer", "constraints": {"minimum": 0}},
            {
                "name": "share_pct",
                "type": "number",
                "unit": "%",
                "constraints": must | {"minimum": 0, "maximum": 100},
            },
            {"name": "power_mw", "type": "number", "unit": "MW", "constraints": must},
            {
                "name": "seen",
                "type": "boolean",
                "trueValues": ["True"],
                "falseValues": ["False"],
                "constraints": must,
            },
            {
                "name": "place",
                "type": "string",
                "constraints": must | {"enum": ["China", "Europe"]},
            },
            {"name": "code", "type": "string", "constraints": must | {"pattern": "^[A-Z]+$"}},
        ],
    }


def test_every_table_names_its_sources_and_all_their_licences(made):
    found = {resource["name"]: resource for resource in read(made, "datapackage.json")["resources"]}
    assert [
        name
        for name, resource in found.items()
        if not resource["sources"] or not resource["licenses"]
    ] == []
    for source in sources.load().values():
        assert [entry["title"] for entry in found[source.id]["licenses"]] == [source.licence]
        assert found[source.id]["sources"][0].get("path", "") == source.url
    assert {entry["name"] for entry in found["cset_years"]["licenses"]} == {"CC-BY-NC-4.0"}
    assert len(found["model_lists"]["sources"]) == sum(
        source.extract
        in (
            "models.notable_models",
            "models.large_scale_models",
            "models.full_table",
        )
        for source in sources.load().values()
    )
    everything = {entry["title"] for entry in found["verdicts"]["licenses"]}
    used = {id_ for record in records.answers().values() for id_ in record["sources"]}
    assert everything == {sources.get(id_).licence for id_ in used}


def test_results_have_the_columns_of_their_files(made):
    for resource in read(made, "datapackage.json")["resources"][-3:]:
        with (made / resource["path"]).open(encoding="utf-8") as file:
            assert [field["name"] for field in resource["schema"]["fields"]] == next(
                csv.reader(file)
            )


def test_a_reader_of_research_crates_finds_every_file(made, offline):
    found = ROCrate(str(made))
    assert found.root_dataset["datePublished"] == review.citation()["date-released"]
    assert sorted(entity.id for entity in found.data_entities) == [
        name for name in release.files(made) if name != "ro-crate-metadata.json"
    ]
    notebook = found.get("notebooks/99_scorecard.ipynb")
    assert (
        notebook.type == ["File", "SoftwareSourceCode"]
        and notebook["license"].id == "https://spdx.org/licenses/MIT"
    )


def test_the_crate_refers_to_nothing_that_it_does_not_hold_and_uses_words_of_its_context(made):
    graph = read(made, "ro-crate-metadata.json")["@graph"]
    known = {entity["@id"] for entity in graph}
    assert len(known) == len(graph)
    context = json.loads(
        files("rocrate").joinpath("data/ro-crate.jsonld").read_text(encoding="utf-8")
    )["@context"]
    for entity in graph:
        assert [
            name for name in entity if name not in context and name not in ("@id", "@type")
        ] == []
        references = [
            item["@id"]
            for value in entity.values()
            for item in (value if isinstance(value, list) else [value])
            if isinstance(item, dict)
        ]
        assert [
            name
            for name in references
            if name not in known and name != "https://w3id.org/ro/crate/1.1"
        ] == []
    sizes = {
        entity["@id"]: (int(entity["contentSize"]), entity["sha256"])
        for entity in graph
        if "contentSize" in entity
    }
    assert sizes == {
        name: ((made / name).stat().st_size, sources.sha256_of(made / name)) for name in sizes
    }


def test_the_feed_of_reviews_is_the_claims_in_order_and_bears_addresses_only_where_given(made):
    found = read(made, "claimreview.json")
    assert found["@type"] == "DataFeed" and [
        entry["identifier"] for entry in found["dataFeedElement"]
    ] == list(claims.load())
    assert not any("url" in entry for entry in found["dataFeedElement"])


def test_what_is_made_names_no_place_on_this_machine(made):
    for name in ("datapackage.json", "claimreview.json", "ro-crate-metadata.json", "SHA256SUMS"):
        text = (made / name).read_text(encoding="utf-8")
        assert (
            str(project.root()) not in text
            and str(Path.home()) + "/" not in text
            and str(made.parent) not in text
        )


def test_an_earlier_release_is_replaced_and_any_other_folder_is_left_alone(spoilt, tmp_path):
    (spoilt / "stray.csv").write_text("x", encoding="utf-8")
    release.write(spoilt)
    assert release.problems(spoilt) == [] and not (spoilt / "stray.csv").exists()
    for name in ("data/raw", "data/processed"):
        other = shutil.copytree(project.root() / name, tmp_path / "other" / name)
        before = contents(other)
        with pytest.raises(FactcheckError, match="is no earlier release"):
            release.write(other)
        assert contents(other) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "other"]


def test_an_error_leaves_the_earlier_release_as_it_was(spoilt, monkeypatch):
    before = contents(spoilt)
    monkeypatch.setattr(review, "feed", lambda address: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        release.write(spoilt)
    assert contents(spoilt) == before and [path.name for path in spoilt.parent.iterdir()] == [
        "copy"
    ]
