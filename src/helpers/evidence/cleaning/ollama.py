"""Clean table on the Ollama library: cumulative pulls of each model on the dates that we keep."""

import pandas as pd

from ...project import FactcheckError
from .. import sources
from ..schemas import count, date, schema, text
from ..tables import Table, raw
from .adoption import REGIONS

PROGRAM, PAGES, PLACES = (
    "facts_ollama_pulls_2023_2025", "facts_ollama_pulls_month_ends_2025", "facts_regions_ollama",
)  # fmt: skip
REPEATS, REPEATED = "2024-04-27", "2024-01-26"
CUT = "2025-02-19"
# Models of November and December 2025, after the debate: publisher, region, kind.
LATER = {
    "cogito-2.1": ("Deep Cogito", "us", "lab"),
    "deepseek-ocr": ("DeepSeek", "china", "lab"),
    "deepseek-v3.2": ("DeepSeek", "china", "lab"),
    "devstral-2": ("Mistral", "eu", "lab"),
    "devstral-small-2": ("Mistral", "eu", "lab"),
    "functiongemma": ("Google", "us", "lab"),
    "gemini-3-flash-preview": ("Google", "us", "closed"),
    "gemini-3-pro-preview": ("Google", "us", "closed"),
    "glm-4.7": ("Zhipu", "china", "lab"),
    "kimi-k2-thinking": ("Moonshot", "china", "lab"),
    "minimax-m2.1": ("MiniMax", "china", "lab"),
    "ministral-3": ("Mistral", "eu", "lab"),
    "mistral-large-3": ("Mistral", "eu", "lab"),
    "nemotron-3-nano": ("NVIDIA", "us", "lab"),
    "nomic-embed-text-v2-moe": ("Nomic", "us", "emb"),
    "olmo-3": ("Ai2", "us", "lab"),
    "olmo-3.1": ("Ai2", "us", "lab"),
    "qwen3-next": ("Alibaba", "china", "lab"),
    "rnj-1": ("Essential AI", "us", "lab"),
}
KINDS = ("lab", "emb", "community", "closed", "unplaced")
UNPLACED = 0.01  # of all pulls between two dates, by one model that nobody placed


def clean_pulls() -> pd.DataFrame:
    """Join the two series of pages and give each model its publisher.

    Columns date, series (program: the table in a public program, until January 2025; pages: the
    library's pages), model, publisher, region, kind, pulls. Of two tables of one date the later one
    is kept, the date that repeats January 2024 and the one that was cut are dropped after a check.
    Raises FactcheckError where a counter falls, pages of one date differ, or a model that nobody
    placed has a hundredth of the pulls between two dates.
    """
    program, pages = in_program(raw(PROGRAM)), raw(PAGES)
    same_as_pages(pages)
    program = program[program["date"] < pages["date"].min()].assign(series="program")
    table = pd.concat([program, pages.assign(series="pages")], ignore_index=True)
    rising(table)
    known = raw(PLACES).set_index("model")
    later = pd.DataFrame.from_dict(LATER, orient="index", columns=list(known.columns))
    table = table.join(pd.concat([known, later]), on="model")
    table["region"] = table["region"].map({**REGIONS, "community": "Community"})
    table = table.fillna({"publisher": "unplaced", "region": "Unplaced", "kind": "unplaced"})
    placed(table)
    return table[["date", "series", "model", "publisher", "region", "kind", "pulls"]]


def in_program(table: pd.DataFrame) -> pd.DataFrame:
    """Return the kept dates of the table in a public program: columns date, model, pulls."""
    tables = {group: rows.set_index("model")["pulls"] for group, rows in table.groupby(
        ["date", "commit"])}  # fmt: skip
    kept: dict[str, pd.Series] = {}
    for (day, commit), counts in tables.items():
        if day not in kept:
            kept[day] = counts
            continue
        low, high = sorted((kept[day], counts), key=pd.Series.sum)
        if not (high.reindex(low.index) >= low).all():
            raise FactcheckError(
                f"Two tables of {day} contradict each other (the second is of {commit}): neither is"
                " the later one. Drop both."
            )
        kept[day] = high
    january = kept[REPEATED]
    if not (kept[REPEATS].reindex(january.index) == january).all():
        raise FactcheckError(f"The table of {REPEATS} no longer repeats {REPEATED}: look at it.")
    before = kept[max(day for day in kept if day < CUT)]
    if len(kept[CUT]) >= len(before):
        raise FactcheckError(f"The table of {CUT} is no longer cut: look at it.")
    dropped = (REPEATS, CUT)
    frames = [
        counts.reset_index().assign(date=day) for day, counts in kept.items() if day not in dropped
    ]
    return pd.concat(frames, ignore_index=True)[["date", "model", "pulls"]]


def same_as_pages(pages: pd.DataFrame) -> None:
    """Raise FactcheckError where a page of the library and our table of its date differ."""
    for source in sources.of_extract("ollama.library"):
        page = raw(source.id).set_index("model")["pulls"]
        ours = pages[pages["date"].eq(source.edition)].set_index("model")["pulls"]
        if len(ours) and not page.sort_index().equals(ours.sort_index()):
            raise FactcheckError(
                f"{source.id} and the table of month ends differ on {source.edition}: two readings"
                " of one page must be the same."
            )


def rising(table: pd.DataFrame) -> None:
    """Raise FactcheckError naming model and date where a counter falls between kept dates."""
    wide = table.pivot(index="model", columns="date", values="pulls").astype(float)
    falls = (wide.ffill(axis=1).diff(axis=1) < 0).stack()
    if falls.any():
        model, day = falls[falls].index[0]
        raise FactcheckError(
            f"The pulls of {model} fall by {day}: a counter only rises, so a date or a digit was"
            " misread. Look at the source before dropping either."
        )


def placed(table: pd.DataFrame) -> None:
    """Raise FactcheckError naming a model that nobody placed, where it is too large to leave so."""
    wide = table.pivot(index=["kind", "model"], columns="date", values="pulls").astype(float)
    flow = wide.ffill(axis=1).fillna(0).diff(axis=1).iloc[:, 1:]
    part = (flow / flow.sum()).loc[lambda rows: rows.index.get_level_values("kind") == "unplaced"]
    if (part > UNPLACED).any(axis=None):
        model = part.max(axis=1).idxmax()[1]
        raise FactcheckError(
            f"{model} has {100 * part.max(axis=None):.1f}% of the pulls between two dates and no"
            " region: add it to the table of regions, or to LATER."
        )


TABLES = {
    "ollama_pulls": Table(
        "One row is a model's cumulative pulls from the Ollama library on one date.",
        schema(
            key=["date", "model"],
            date=date(),
            series=text(["program", "pages"]),
            model=text(),
            publisher=text(),
            region=text(["China", "United States", "EU", "Other", "Community", "Unplaced"]),
            kind=text(list(KINDS)),
            pulls=count(),
        ),
        clean_pulls,
    ),
}
