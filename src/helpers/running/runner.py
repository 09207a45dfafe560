"""Runner: execute what is out of date in dependency order, by papermill, and collect the claim
records."""

from collections.abc import Callable, Iterable
from contextlib import closing
from typing import Any
from urllib.parse import quote

from .. import project
from ..judging import choices
from . import books, moves, state, workers
from .books import FIRST, LAST, RunError, names, resolve, stages, topics
from .execution import Job, execute
from .limits import Lost
from .state import accept, collect, records, settle, stale

# What stands in books and state is asked for here too.
__all__ = [
    "FIRST",
    "LAST",
    "Job",
    "RunError",
    "accept",
    "collect",
    "names",
    "records",
    "resolve",
    "run",
    "stale",
    "topics",
]


def run(
    wanted: Iterable[str] = (),
    parameters: dict[str, Any] | None = None,
    jobs: int | None = None,
    force: bool = False,
    tell: Callable[[str], None] = print,
    scheduler: str | None = None,
) -> list[str]:
    """Run what is out of date among the wanted notebooks and what they lean on; return the names
    that ran.

    With `parameters`, run the wanted notebooks under these choices into copies of their own:
    data/processed stays as it is. Raises RunError naming every notebook that failed, after the
    others have finished.
    """
    books.whole()
    wanted = resolve(wanted)
    for name in wanted:
        books.contract(name)
    if parameters:
        chosen = [(name, choices.check(name, parameters)) for name in wanted]
        ran = run([FIRST], jobs=jobs, tell=tell)
        variants = [_variant(name, every, parameters) for name, every in chosen]
        ran += run_all(variants, jobs, tell, None, scheduler)
        for job in variants:
            for line in changed(job):
                tell(line)
        return ran
    needed = {FIRST, *wanted, *(topics() if set(wanted) & set(LAST) else ())}
    needed |= set(LAST) if needed & set(topics()) else set()  # what follows from answers
    ran = []
    for group in stages(needed):
        todo = [
            Job(name, state.copy(name), project.build() / "staging" / name)
            for name in group
            if force or stale(name)
        ]
        if not todo:
            continue
        if not ran:
            preflight(force)
        if group[0] in LAST:
            collect(None, project.processed())
        ran += run_all(todo, jobs, tell, settle, scheduler)
    if not ran:
        tell("Everything is up to date.")
    return ran


def _variant(notebook: str, every: dict[str, Any], given: dict[str, Any]) -> Job:
    label = "__".join(f"{name}-{quote(str(every[name]), safe='')}" for name in sorted(given))
    stem = f"{notebook}__{label}"
    return Job(
        notebook,
        project.build() / "notebooks" / f"{stem}.ipynb",
        project.build() / "variants" / stem,
        {name: every[name] for name in given},
    )


def changed(job: Job) -> list[str]:
    """Return what a notebook's claims answer under other choices: a line each, old → new and the
    outcome, and where the copy lies."""
    from ..judging import multiverse, scorecard

    old, new = (state.records_of(path) for path in (state.standing(job.notebook), job.copy))
    found = [f"The copy is {job.copy.relative_to(project.root())}."]
    if not old and not new:
        return found
    all_ = {record["claim"]: record for record in records()}
    counts = multiverse.of_claims()
    words = [
        scorecard.table(all_ | {each["claim"]: each for each in some}, counts)
        .set_index("claim")["outcome"].to_dict()
        for some in (old, new)
    ]  # fmt: skip
    moved = {line.partition(":")[0]: line for line in moves.of(old, new)}
    for id_ in (record["claim"] for record in new):
        outcome = " → ".join(dict.fromkeys(each[id_] for each in words))
        found.append(f"{moved.get(id_, f'{id_}: nothing moved')}; outcome: {outcome}")
    return found


def preflight(force: bool) -> None:
    """Read the registry and the contract and, where they changed, hold all source tables against
    their checksums, before any kernel starts."""
    from ..evidence import pinned, sources, tables
    from ..judging import claims

    claims.load()
    choices.load()
    if (force or stale(FIRST)) and (problems := pinned.check(upstream=False)):
        for id_ in sources.load():  # a row at fault says more than a checksum
            tables.raw(id_)
        raise RunError("\n".join(problems))


def run_all(
    todo: list[Job],
    jobs: int | None,
    tell: Callable[[str], None],
    settle: Callable[[Job], None] | None,
    scheduler: str | None = None,
) -> list[str]:
    """Execute jobs side by side, the largest files first, and `settle` each that went well;
    return their notebooks.

    Raises RunError naming every notebook that failed, after the others have finished.
    """
    failures = []
    longest = sorted(
        todo,
        key=lambda job: (
            job.notebook != FIRST,
            -(project.notebooks() / f"{job.notebook}.ipynb").stat().st_size,
        ),
    )
    with closing(workers.each(execute, [(job,) for job in longest], jobs, scheduler)) as results:
        for done, ((job,), result) in enumerate(results, start=1):
            name, seconds, message = (
                (job.notebook, 0, str(result)) if isinstance(result, Lost) else result
            )
            if message:
                failures.append(
                    f"{name}, {message.rstrip('.')}. Open notebooks/{name}.ipynb at that cell "
                    "(`make lab`); nothing of it was kept."
                )
            elif settle:
                settle(job)
            tell(
                f"[{done}/{len(todo)}] {name} {'failed' if message else f'done in {seconds:.1f} s'}"
            )
    if failures:
        raise RunError("\n".join(failures))
    return [job.notebook for job in todo]
