"""The terminal: colour, tables that fit it, one counter, plain lines where none is; and what the
shell completes."""

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

# Every style says in colour what the words beside it say too.
STYLES = {
    "stands": "green", "stands in part": "yellow", "depends": "yellow", "ambiguous": "yellow",
    "one report's number": "blue", "does not stand": "red", "cannot be checked": "magenta",
    "forecast": "dim", "view": "dim", "up to date": "green", "default": "bold",
}  # fmt: skip
LAST = 19  # columns that the last cell of a table has at least, before words before it break
COUNTER = re.compile(r"\[(\d+)/(\d+)\] (.*)")


def live() -> bool:
    """Say whether standard output is a terminal on which lines can be redrawn."""
    return sys.stdout.isatty() and os.environ.get("TERM", "") not in ("dumb", "unknown")


def coloured() -> bool:
    """Say whether colour is welcome: on a terminal, unless `NO_COLOR` is set to anything."""
    return live() and not os.environ.get("NO_COLOR")


def error(message: str) -> None:
    """Write an error to standard error; its first word is red on a terminal."""
    red = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    click.echo(
        f"{click.style('Error:', fg='red', bold=True) if red else 'Error:'} {message}", err=True
    )


def line(text: str, word: str = "") -> None:
    """Write a line, on a terminal with the word at its end in the colour of `STYLES`."""
    if coloured() and word in STYLES:
        _console().print(_text(text.removesuffix(word)) + _text(word, STYLES[word]))
    else:
        click.echo(text)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], plain: Callable[..., str]) -> None:
    """Write rows as a table as wide as the terminal; elsewhere a line each, as `plain` makes it.

    Cells are shown letter by letter; the first column is coloured where `STYLES` knows its word.
    """
    if not live():
        for row in rows:
            click.echo(plain(*row))
        return
    from rich import box
    from rich.table import Table

    rows, console = list(rows), _console()
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)][:-1]
    whole = sum(widths) + 3 * len(widths) + LAST <= console.width  # else words are broken to fit
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for head, width in zip(heads, widths, strict=False):
        made.add_column(head, overflow="fold", no_wrap=whole or width <= LAST)
    made.add_column(heads[-1], overflow="fold")
    for row in rows:
        made.add_row(*(_text(cell, STYLES.get(cell, "")) for cell in row))
    console.print(made)


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Give what tells of work done: one counter over all stages on a terminal, else plain lines.

    A line "[2/15] 03_top_cited done in 1.4 s" moves the counter; a stage that begins again at 1
    adds to the same counter. A line with "failed" and every other line stays above it.
    """
    if not live():
        yield click.echo
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=_console(), transient=True) as bar:
        task, stages = bar.add_task("starts", total=None), Stages()

        def tell(text: str) -> None:
            if not (found := COUNTER.fullmatch(text)):
                bar.console.print(_text(text))
                return
            done, total = stages.at(int(found[1]), int(found[2]))
            bar.update(task, completed=done, total=total, description=_escaped(found[3]))
            if found[3].endswith("failed"):
                bar.console.print(_text(found[3], "red"))

        yield tell


@dataclass
class Stages:
    """One count over stages that each count from 1 to their own total."""

    before: int = 0
    done: int = 0
    total: int = 0

    def at(self, done: int, total: int) -> tuple[int, int]:
        """Return how much is done and known to do, over all stages so far.

        >>> stages = Stages()
        >>> stages.at(1, 1), stages.at(1, 15), stages.at(15, 15), stages.at(1, 1)
        ((1, 1), (2, 16), (16, 16), (17, 17))
        """
        if done <= self.done:
            self.before += self.total
        self.done, self.total = done, total
        return self.before + done, self.before + total


def bar(items: Iterable[Any]) -> Iterable[Any]:
    """Show how far a loop is, on a terminal alone."""
    if not live():
        return items
    from rich.progress import track

    return track(items, description="", console=_console(), transient=True)


def _beginning(words: list[str], incomplete: str) -> list[str]:
    return [word for word in words if word.startswith(incomplete)]


def complete_claims(context: click.Context, option: click.Parameter, incomplete: str) -> list[str]:
    """Complete the id of a claim, from the registry alone: a shell does not wait."""
    import tomllib

    from . import project

    text = (project.root() / "data" / "claims.toml").read_text(encoding="utf-8")
    return _beginning([claim["id"] for claim in tomllib.loads(text)["claim"]], incomplete)


def complete_notebooks(
    context: click.Context, option: click.Parameter, incomplete: str
) -> list[str]:
    """Complete the name of a notebook."""
    from . import project

    names = sorted(path.stem for path in project.notebooks().glob("[0-9]*.ipynb"))
    return _beginning(names, incomplete)


def complete_choices(context: click.Context, option: click.Parameter, incomplete: str) -> list[str]:
    """Complete name=value from the choices of the notebooks that stand before it."""
    from .judging import choices
    from .running import runner

    words = [word for word in os.environ.get("COMP_WORDS", "").split() if word[0].isdigit()]
    given = [name for name in runner.topics() if any(map(name.startswith, words))]
    pairs = [
        f"{name}={value}"
        for notebook in given or runner.topics()
        for name, entry in choices.load().get(notebook, {}).items()
        for value in entry["values"]
    ]
    return _beginning(list(dict.fromkeys(pairs)), incomplete)


def _console() -> "Console":
    from rich.console import Console

    return Console(highlight=False, no_color=not coloured())


def _text(text: str, style: str = "") -> Any:
    from rich.text import Text

    return Text(text, style=style)


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)
