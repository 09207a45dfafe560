"""Telling: the commands that only say what is known."""

import click

from . import terminal
from .project import FactcheckError


@click.command()
def status() -> None:
    """Say which notebooks are out of date, and why, and what else does not follow from them."""
    from . import project
    from .evidence import pins
    from .judging import multiverse
    from .running import books, origins, state

    books.whole()
    for name in books.names():
        word = state.stale(name) or "up to date"
        terminal.line(f"{name}: {word}", word)
    problems = state.behind() + multiverse.problems(project.processed())
    for problem in problems + origins.problems() + pins.problems():
        click.echo(problem)


@click.command("diff")
@click.argument("notebooks", nargs=-1)
def diff_(notebooks: tuple[str, ...]) -> None:
    """Show what the last run changed against the committed outputs: values, figures, text."""
    from .running import diff

    click.echo("\n".join(diff.of(notebooks)) or "No output differs from what is committed.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print all that is known of each as JSON.")
@click.option("--pages", is_flag=True, help="Also write README.md and docs/scorecard.md anew.")
def scorecard(as_json: bool, pages: bool) -> None:
    """Print one line per claim: outcome, claim, summary."""
    import csv
    import json

    from . import project

    table = project.processed() / "verdicts.csv"
    if not table.is_file():
        raise FactcheckError("data/processed/verdicts.csv is missing: run `factcheck run`.")
    with table.open(encoding="utf-8", newline="") as lines:  # pandas would take a second to start
        rows = list(csv.DictReader(lines))
    if as_json:
        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
    else:
        terminal.table(
            ("outcome", "claim", "what we found"),
            [(row["outcome"], row["claim"], row["summary"]) for row in rows],
            "{:<19} {:<32} {}".format,
        )
    if pages:
        from .reading import readme

        readme.write()


@click.command("choices")
@click.argument("notebook", shell_complete=terminal.complete_notebooks)
def choices_(notebook: str) -> None:
    """List what a notebook lets you choose, the default first, and why each is defensible."""
    from .judging import choices
    from .running import runner

    rows = []
    for name in runner.resolve([notebook]):
        for choice, entry in choices.load().get(name, {}).items():
            for value in sorted(entry["values"], key=lambda each: each != entry["default"]):
                word = "default" if value == entry["default"] else entry["values"][value]["apart"]
                rows.append((word, f"{choice}={value}", entry["values"][value]["because"]))
    if not rows:
        raise FactcheckError(
            f"{notebook} has no choices: notebooks/choices.toml names those of others."
        )
    terminal.table(("", "choice", "because"), rows, "{:<8} {:<40} {}".format)


@click.command("open")
@click.argument("claim", shell_complete=terminal.complete_claims)
def open_(claim: str) -> None:
    """Open a claim's page in the browser, as `factcheck site` built it."""
    import webbrowser

    from . import project
    from .judging import claims

    page = project.build() / "site" / "claims" / f"{claims.get(claim).id}.html"
    if not page.is_file():
        raise FactcheckError(f"{page.name} is not built yet: run `make site`.")
    click.echo(page.as_uri())
    webbrowser.open(page.as_uri())


@click.command("explain")
@click.argument("claim", shell_complete=terminal.complete_claims)
def explain_(claim: str) -> None:
    """Say on one screen what is known of a claim."""
    from .judging import explain

    click.echo(explain.claim(claim))


COMMANDS = (status, diff_, scorecard, choices_, open_, explain_)
