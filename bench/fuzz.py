"""Fuzz the readers of what people write, guided by coverage: `python tests/fuzz.py TARGET
-max_total_time=60`; without a target it lists them.

Anything but a value or one of the project's own errors ends the run, and atheris writes down the
input that led there.
"""

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

import atheris

with atheris.instrument_imports(include=["helpers"]):
    from helpers.evidence import schemas, sources, store, tables
    from helpers.judging import choices, claims
    from helpers.judging import registry as registry_
    from helpers.project import FactcheckError

NOTEBOOK, CLAIM = "06_notable_models", "citations-china-2023"
SCHEMA = schemas.schema(
    key=["place"],
    place=schemas.text(),
    papers=schemas.count(nullable=True),
    share=schemas.number(nullable=True),
)
REGISTRIES = {
    "data/claims.toml": claims.load.__wrapped__,
    "notebooks/choices.toml": choices.load.__wrapped__,
    "data/raw/sources.toml": sources.load,
}


def condition(text: bytes, folder: Path) -> None:
    entry = {name: value for name, value in vars(claims.get(CLAIM)).items() if value is not None}
    claim = registry_._claim(entry | {"holds_when": text.decode("utf-8", "replace")}, "here")
    assert claims.holds(
        claim, {"China@2023": 22.6, "Europe@first": 1.0, "United States": 13.0}
    ) in (True, False, None)


def parameter(text: bytes, folder: Path) -> None:
    name, _, value = text.decode("utf-8", "replace").partition("=")
    assert choices.check(NOTEBOOK, {name: value})[name] in choices.load()[NOTEBOOK][name]["values"]


def table(text: bytes, folder: Path) -> None:
    (folder / "table.csv").write_bytes(text)
    store._kept.clear()
    found = tables._read(folder / "table.csv", SCHEMA, "mend it")
    assert all(abs(value) < tables.LARGEST for value in found["share"].dropna())


def registry(text: bytes, folder: Path) -> None:
    with patch.dict(os.environ, FACTCHECK_ROOT=str(folder)):
        for name, load in REGISTRIES.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(text)
            store._kept.clear()
            sources._parsed.cache_clear()
            with suppress(FactcheckError):
                load()
            (folder / name).unlink()


TARGETS = {
    "condition": (condition, b"China > Europe@2023 >= 3; China falls; China ~ printed"),
    "parameter": (parameter, b"counting=fractional"),
    "table": (table, b'place,papers,share\nChina,3,1.5e2\n"United, ""States""",,-4\n'),
    "registry": (
        registry,
        (
            b'[a.b]\ndefault = 1\nclaims = []\nvalues = [{value = 1, because = "x", source ='
            b' "y"}]\n[[claim]]\nid = "a"\n'
        ),
    ),
}


def main() -> None:
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(
            f"Name one of {', '.join(TARGETS)}, then options of libFuzzer such as"
            " -max_total_time=60."
        )
    target, seed = TARGETS[sys.argv.pop(1)]
    corpus, folder = (Path(tempfile.mkdtemp()) for _ in range(2))
    (corpus / "seed").write_bytes(seed)

    def once(text: bytes) -> None:
        with suppress(FactcheckError):
            target(text, folder)

    atheris.Setup([*sys.argv, str(corpus)], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
