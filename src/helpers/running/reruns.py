"""Reruns: a few rows of the sweep's table made once more, and held against it column by column."""

import json
import random
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from .. import project
from ..judging import choices, records
from ..judging.multiverse import TABLE
from . import limits, origins, specifications, state, workers

AGAIN = 1  # combination of each notebook: another one whenever the table changes


def drawn(names: Iterable[str]) -> list[tuple[str, dict[str, Any]]]:
    """Return a few combinations beside the default of each notebook, drawn by the table's
    checksum."""
    draw = random.Random(state.digest(project.processed() / TABLE))
    found = []
    for name in sorted(set(names) & set(choices.load())):
        others = [each for each in specifications.runs(name) if each != choices.defaults(name)]
        found += [(name, each) for each in draw.sample(others, min(AGAIN, len(others)))]
    return found


def problems(names: Iterable[str], jobs: int | None = None) -> Iterator[str]:
    """Run a few combinations of each notebook again; yield one message per claim whose rows differ
    in any column.

    What their modules and tables are is pinned, so that they are imported once, here, for all.
    """
    todo, table = drawn(names), origins.table()
    chosen = {name for name, _ in todo}
    files = {row["what"]: "" for row in origins.pinned() if row["notebook"] in chosen}
    specifications.share(
        {path: "" for path in files if origins.place(path).is_file()}, [], many=False
    )
    tasks = [(name, parameters, True) for name, parameters in todo]
    for (name, parameters, _), result in workers.each(specifications.specification, tasks, jobs):
        where = f"{name} under {json.dumps(parameters, sort_keys=True)}"
        if isinstance(result, limits.Lost) or result["message"]:
            yield f"{where}: {result if isinstance(result, limits.Lost) else result['message']}"
            continue
        made = [row for record in result["records"] for row in records.rows(record)]
        fresh = origins.written(pd.DataFrame(made, columns=records.MEASUREMENTS))
        asked = fresh[["claim", "choices"]].drop_duplicates()
        kept = table.merge(asked, on=["claim", "choices"])
        # a grid that is sampled lacks combinations of a claim that another claim asked for
        fresh = fresh.merge(kept[["claim", "choices"]].drop_duplicates(), on=["claim", "choices"])
        one, other = (
            set(map(tuple, each[records.MEASUREMENTS].to_numpy())) for each in (fresh, kept)
        )
        for id_ in sorted({row[0] for row in one ^ other}):
            yield (
                f"data/processed/{TABLE}: {id_} is another in a fresh run of {where}: run "
                f"`factcheck sweep {name[:2]}`"
            )
