"""Write docs/licences.md: the licence of every pinned package that is installed here, as pip-
licenses reads it."""

import json
import re
import subprocess
import sys
from pathlib import Path

# What these packages do not say of themselves, but in a licence file.
SAID = {
    "atheris": "Apache Software License",
    "axe-playwright-python": "MIT License, and MPL 2.0 for axe-core within it",
}
TOP = Path(__file__).resolve().parents[1]
HEAD = """# Licences of the packages

Written by `make licences` with pip-licenses, for the packages of all locks under \
Python {} on Linux; versions and hashes stand
there. Other versions of Python and other systems leave out a few and need a few more.

| package | licence |
|---|---|
"""


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def found() -> dict[str, str]:
    """Return the licence of each pinned package that is installed, by name."""
    words = [
        Path(sys.executable).parent / "pip-licenses",
        "--python",
        sys.executable,
        "--format=json",
        "--from=mixed",
    ]
    entries = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    locks = [TOP / "requirements.lock", *(TOP / "locks").glob("*.lock")]
    lock = "".join(path.read_text(encoding="utf-8") for path in locks)
    pinned = {
        plain(name) for name in re.findall(r"^([A-Za-z0-9._-]+)(?:\[.*\])?==", lock, re.MULTILINE)
    }
    licences = {plain(entry["Name"]): " ".join(entry["License"].split())[:80] for entry in entries}
    return {name: SAID.get(name, licences[name]) for name in sorted(licences) if name in pinned}


def listed() -> dict[str, str]:
    """Return the licences as docs/licences.md lists them, by name."""
    text = (TOP / "docs" / "licences.md").read_text(encoding="utf-8")
    return dict(
        re.findall(r"^\| ([a-z0-9-]+) \| (.+) \|$", text.partition("|---|")[2], re.MULTILINE)
    )


if __name__ == "__main__":
    head = HEAD.format(".".join(map(str, sys.version_info[:2])))
    rows = "\n".join(f"| {name} | {licence} |" for name, licence in found().items())
    (TOP / "docs" / "licences.md").write_text(f"{head}{rows}\n", encoding="utf-8")
