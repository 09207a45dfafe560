"""The command line: a short function for each command."""

import errno
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from . import telling, terminal
from .project import FactcheckError, alone, told

HELP = {"help_option_names": ["-h", "--help"]}


def _parameters(
    context: click.Context, option: click.Parameter, given: tuple[str, ...]
) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    if bad := [name for name, sign, _ in pairs if not sign or not name]:
        raise click.BadParameter(f"{bad[0]!r}: write name=value")
    return {name: value for name, _, value in pairs}


def _alone(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command that writes have the checkout for itself."""

    @wraps(command)
    def locked(**given: Any) -> None:
        with alone(str(click.get_current_context().info_name)):
            command(**given)

    return locked


@click.group(context_settings=HELP)
@click.version_option(package_name="ai-race-factcheck")
def cli() -> None:
    """Check, claim by claim, what a published exchange says about the AI race."""


@cli.command()
@click.argument("notebooks", nargs=-1, shell_complete=terminal.complete_notebooks)
@click.option(
    "-p",
    "parameters",
    multiple=True,
    callback=_parameters,
    metavar="NAME=VALUE",
    shell_complete=terminal.complete_choices,
    help="Run under another choice.",
)
@click.option(
    "--jobs", type=click.IntRange(1), help="Notebooks at a time; default: the number of cores."
)
@click.option("--scheduler", metavar="ADDRESS", help="Run on a dask cluster, tcp://host:port.")
@click.option("--force", is_flag=True, help="Run even what is up to date.")
@_alone
def run(
    notebooks: tuple[str, ...],
    parameters: dict[str, str],
    jobs: int | None,
    scheduler: str | None,
    force: bool,
) -> None:
    """Execute what is out of date, in dependency order."""
    from .running import runner

    if parameters and not notebooks:
        raise FactcheckError(
            "Name the notebook that the parameter belongs to: factcheck run NOTEBOOK -p name=value."
        )
    with terminal.progress() as tell:
        runner.run(notebooks, parameters, jobs, force, tell, scheduler)
    if parameters:
        from .judging import choices, explain

        for name in runner.resolve(notebooks):
            copy = runner._variant(name, choices.check(name, parameters), parameters).copy
            click.echo("\n".join(explain.moved(copy)))


@cli.command()
@click.argument("notebooks", nargs=-1, shell_complete=terminal.complete_notebooks)
@click.option(
    "--jobs", type=click.IntRange(1), help="Notebooks at a time; default: the number of cores."
)
@_alone
def verify(notebooks: tuple[str, ...], jobs: int | None) -> None:
    """Execute each notebook once and compare with the committed outputs."""
    from .running import regression

    with terminal.progress() as tell:
        problems = regression.verify(list(notebooks), jobs, tell)
    if problems:
        raise FactcheckError(
            "\n".join(problems)
            + (
                f"\n{len(problems)} differences. A moved number is a finding: read it before "
                "accepting it."
            )
        )
    click.echo("Every output is as committed.")


@cli.command()
@click.argument("notebooks", nargs=-1, shell_complete=terminal.complete_notebooks)
@click.option(
    "--jobs", type=click.IntRange(1), help="Specifications at a time; default: the number of cores."
)
@click.option("--scheduler", metavar="ADDRESS", help="Run on a dask cluster, tcp://host:port.")
@_alone
def sweep(notebooks: tuple[str, ...], jobs: int | None, scheduler: str | None) -> None:
    """Run notebooks under every combination of their choices."""
    from .running import sweep as sweep_

    with terminal.progress() as tell:
        count = sweep_.run(notebooks, jobs, scheduler, tell)
    click.echo(f"Ran {count} specifications; data/processed/{sweep_.TABLE} is up to date.")


@cli.command()
@click.argument("notebooks", nargs=-1, shell_complete=terminal.complete_notebooks)
@_alone
def accept(notebooks: tuple[str, ...]) -> None:
    """Make executed copies the committed reference.

    Read the differences first.
    """
    from .reading import readme
    from .running import origins, state

    click.echo(f"Accepted {', '.join(state.accept(notebooks))}.")
    readme.refresh()
    for problem in origins.problems():
        click.echo(problem)


@cli.command("site")
@_alone
def site_() -> None:
    """Build the site and the machine-readable release from what is committed."""
    from . import project
    from .reading import site
    from .running import books, state

    books.whole()
    built = site.build() / "index.html"
    folders = (project.root() / "data", project.notebooks(), project.root() / "docs")
    used = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    state.note(state.SITE, used, [built])
    click.echo(f"Open {built}.")


@cli.group()
def sources() -> None:
    """List, rebuild or check the source tables in data/raw."""


@sources.command("list")
def list_() -> None:
    """Print one line per source: id, edition, grade, licence, publisher."""
    from .evidence import sources as sources_

    terminal.table(
        ("id", "edition", "grade", "licence", "publisher"),
        [
            (each.id, each.edition, each.evidence, each.licence, each.publisher)
            for each in sources_.load().values()
        ],
        "{:<55} {:<24} {:<9} {:<24} {}".format,
    )


@sources.command()
@click.argument("ids", nargs=-1)
@_alone
def rebuild(ids: tuple[str, ...]) -> None:
    """Fetch the pinned files and rewrite the extracts."""
    from .evidence import pinned

    click.echo(f"Rebuilt {len(pinned.rebuild(ids, terminal.bar))} tables.")


@sources.command()
@click.option("--offline", is_flag=True, help="Compare with the pinned checksums only.")
def check(offline: bool) -> None:
    """Compare every extract with its checksum and with a fresh extract."""
    from .evidence import pinned

    if problems := pinned.check(not offline, terminal.bar):
        raise FactcheckError("\n".join(problems))
    click.echo(
        "Every extract is as pinned"
        + (" (upstream not looked at)." if offline else ", and as its source gives it.")
    )


for _command in telling.COMMANDS:
    cli.add_command(_command)


def main() -> None:
    """Run the command line; a known error is one message and exit code 1, an interruption 130."""
    try:
        cli(standalone_mode=False)
    except FactcheckError as error:
        terminal.error(str(error))
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno != errno.EPIPE:
            terminal.error(
                f"{told(error)}. What was finished is kept: the same command goes on from there."
            )
        sys.exit(1)
    except (KeyboardInterrupt, click.Abort):
        click.echo(
            "Interrupted: finished notebooks are kept, the same command goes on from here.",
            err=True,
        )
        sys.exit(130)
