"""Release: the data as a Data Package, an RO-Crate and a feed of reviews, with a checksum of every
file."""

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from .. import project
from ..evidence import sources
from ..judging import review
from ..project import FactcheckError
from . import datapackage

CHECKSUMS, CRATE = "SHA256SUMS", "ro-crate-metadata.json"
CONTENT = (
    "CITATION.cff",
    "LICENSE",
    "data/claims.toml",
    "data/raw/[!.]*",
    "data/processed/[!.]*",
    "data/processed/figures/[!.]*",
    "notebooks/*.ipynb",
    "notebooks/*.toml",
)
TYPES = {
    ".csv": "text/csv",
    ".ipynb": "application/x-ipynb+json",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".toml": "application/toml",
    ".cff": "application/yaml",
}


def write(folder: Path, address: str = "") -> None:
    """Write the release: data, notebooks and figures as committed, with what describes them.

    That is datapackage.json, ro-crate-metadata.json, claimreview.json and SHA256SUMS.

    `address` is that of the site, ending in "/", left out where it is not known. The same checkout
    gives the same bytes. Raises FactcheckError for a folder that holds anything but an earlier
    release, which is replaced only once the new one is complete.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / CRATE).is_file():
        raise FactcheckError(
            f"{folder.name} is no earlier release, and would be overwritten: name another folder,"
            " or empty it."
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        made = Path(scratch) / "release"
        for path in sorted(
            {path for pattern in CONTENT for path in project.root().glob(pattern) if path.is_file()}
        ):
            place = made / path.relative_to(project.root())
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
        package = datapackage.describe(made)
        project.atomic_write(made / "datapackage.json", _json(package))
        project.atomic_write(made / "claimreview.json", _json(review.feed(address)))
        project.atomic_write(made / CRATE, _json(crate(made, package)))
        project.atomic_write(
            made / CHECKSUMS,
            "".join(f"{sources.sha256_of(made / name)}  {name}\n" for name in files(made)),
        )
        if folder.exists():
            shutil.rmtree(folder)
        made.rename(folder)


def files(folder: Path) -> list[str]:
    """Return the files of a release, as paths from its folder, sorted; without its checksums."""
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in names if name != CHECKSUMS)


def problems(folder: Path) -> list[str]:
    """Return one message per file of a release that is missing, changed, or in no checksum.

    An empty list where all is as it was written.
    """
    path = folder / CHECKSUMS
    if not path.is_file():
        return [f"{CHECKSUMS} is missing: write the release again."]
    pinned = {
        name: digest
        for digest, name in (
            line.split("  ", 1) for line in path.read_text(encoding="utf-8").splitlines()
        )
    }
    found = {name: sources.sha256_of(folder / name) for name in files(folder)}
    words = {
        name: (
            "is missing"
            if name not in found
            else "is in no checksum"
            if name not in pinned
            else "has changed"
        )
        for name in pinned | found
    }
    return [
        f"{name} {words[name]}: write the release again."
        for name in sorted(words)
        if pinned.get(name) != found.get(name)
    ]


def crate(folder: Path, package: dict[str, Any]) -> dict[str, Any]:
    """Return the RO-Crate 1.1 of a release's folder: each file with its type, size and hash.

    Tables with their sources and licences.
    """
    about = review.citation()
    described = {resource["path"]: resource for resource in package["resources"]}
    names = [name for name in files(folder) if name != CRATE]
    own = review.licence(about["license"])
    parts = [_file(folder, name, described.get(name), own) for name in names]
    licences = {
        _address(entry): entry
        for resource in [package, *described.values()]
        for entry in resource["licenses"]
    }
    works = {
        entry["@id"]: entry
        for resource in described.values()
        for entry in map(_work, resource["sources"])
    }
    authors = [
        author | {"@id": f"#author-{number}"} for number, author in enumerate(review.authors(), 1)
    ]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": about["title"],
        "description": (
            "Registry, data, notebooks, figures and outcomes. The licence is that of our own work;"
            " tables state their own."
        ),
        "datePublished": about["date-released"],
        "version": about["version"],
        "license": {"@id": own},
        "author": [{"@id": author["@id"]} for author in authors],
        "hasPart": [{"@id": name} for name in names],
    }
    descriptor = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }
    terms = [
        {"@id": key, "@type": "CreativeWork", "name": entry.get("title", entry["name"])}
        for key, entry in sorted(licences.items())
    ]
    graph = [descriptor, root, *parts, *authors, *terms, *(works[key] for key in sorted(works))]
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}


def _file(folder: Path, name: str, resource: dict[str, Any] | None, own: str) -> dict[str, Any]:
    """Describe a file.

    A table is under the licences of its sources; of what is drawn from tables (figures, answers) no
    licence is stated.
    """
    path = folder / name
    found: dict[str, Any] = {
        "@id": name,
        "@type": ["File", "SoftwareSourceCode"] if path.suffix == ".ipynb" else "File",
        "name": path.name,
        "contentSize": str(path.stat().st_size),
        "sha256": sources.sha256_of(path),
        "encodingFormat": TYPES.get(path.suffix, "text/plain"),
    }
    if not name.startswith("data/processed/"):
        found["license"] = {"@id": own}
    if path.suffix == ".ipynb":
        found["programmingLanguage"] = "Python"
    if resource:
        found |= {
            "description": resource["description"],
            "license": [{"@id": _address(entry)} for entry in resource["licenses"]],
            "isBasedOn": [{"@id": _work(entry)["@id"]} for entry in resource["sources"]],
        }
    return found


def _address(entry: dict[str, str]) -> str:
    return entry.get("path") or f"#licence-{entry['title'].replace(', ', '-').replace(' ', '-')}"


def _work(entry: dict[str, str]) -> dict[str, Any]:
    key = hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()[:12]
    return {"@id": f"#source-{key}", "@type": "CreativeWork", "name": entry["title"]} | (
        {"url": entry["path"]} if "path" in entry else {}
    )


def _json(found: dict[str, Any]) -> str:
    return json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
