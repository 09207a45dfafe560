"""Pin every package by hash, a file a group, each holding what the groups before it lack.

`make lock` keeps the versions that are pinned now; `make lock NEW=--upgrade` takes the newest.
"""

import re
import subprocess
import sys
from pathlib import Path

import install

EXTRAS = {
    "reader": ["setup"],
    "site": ["site"],
    "test": ["cluster", "sources", "test"],
    "bench": ["bench"],
}
HEAD = "# Pinned by `make lock`: what {} needs{}.\n"
WORDS = [
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-annotate",
    "--no-header",
    "--quiet",
]


def entries(text: str) -> list[str]:
    """Return the entries of a lock, each with its hashes."""
    return [entry.strip() for entry in re.split(r"\n(?=\S)", text) if "==" in entry]


def resolve(source: str, extras: list[str], pinned: str, stdin: str | None = None) -> list[str]:
    """Return the entries for a source and extras, at pinned versions where there are some."""
    pins = Path(install.TOP / "build" / "pins.txt")
    pins.parent.mkdir(exist_ok=True)
    pins.write_text(pinned, encoding="utf-8")
    words = [word for extra in extras for word in ("--extra", extra)]
    command = [install.uv(), "pip", "compile", source, *words, *WORDS, f"--constraint={pins}"]
    done = subprocess.run(
        command, cwd=install.TOP, input=stdin, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr)
    return entries(done.stdout)


def main() -> None:
    """Write requirements.lock and locks/*.lock."""
    paths = {group: install.TOP / path for group, path in install.LOCKS.items()}
    old = [path.read_text(encoding="utf-8") for path in paths.values() if path.is_file()]
    pinned = "" if "--upgrade" in sys.argv else "".join(old)
    # All groups are resolved at once first: what the last one needs decides for the first.
    every = resolve(
        "pyproject.toml", [extra for extras in EXTRAS.values() for extra in extras], pinned
    )
    written: list[str] = []
    wanted: list[str] = []
    for group, path in paths.items():
        wanted += EXTRAS[group]
        found = resolve("pyproject.toml", wanted, "\n".join(every) + "\n")
        new = [entry for entry in found if entry not in written]
        more = "" if group == "reader" else ", beyond the groups before it"
        path.write_text(HEAD.format(f"`{group}`", more) + "\n".join(new) + "\n", encoding="utf-8")
        written += new
    uv = resolve("-", [], "", "uv")
    (install.TOP / "locks" / "uv.lock").write_text("\n".join(uv) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
