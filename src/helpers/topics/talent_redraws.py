"""Talent redraws: the published sample design, drawn again from the full lists."""

import numpy as np
import pandas as pd

from ..evidence import store, tables
from ..project import FactcheckError
from .talent import groups

DRAWS, BLOCK, SEED = 4000, 1000, 20251031


def redraw(papers: pd.DataFrame, size: int, draws: int = DRAWS, seed: int = SEED) -> pd.DataFrame:
    """Draw `size` papers without replacement `draws` times, all authors of a paper together; return
    the sums of the columns, one row a draw.

    Simple random sampling of clusters (Cochran 1977, Sampling Techniques, ch. 9). Raises
    FactcheckError for a sample larger than the list.
    """
    if not 0 < size <= len(papers):
        raise FactcheckError(
            f"Cannot draw {size} of {len(papers)} papers: give a sample size between 1 and the "
            "number of papers."
        )
    amounts, chosen = papers.to_numpy(dtype=float), samples(len(papers), size, draws, seed)
    blocks = [
        chosen[start : start + BLOCK].astype(float) @ amounts for start in range(0, draws, BLOCK)
    ]
    return pd.DataFrame(np.concatenate(blocks), columns=papers.columns)


@store.once
def samples(papers: int, size: int, draws: int, seed: int) -> np.ndarray:
    """Return which of `papers` papers each draw has chosen: booleans, one row a draw."""
    # The list's length enters the seed, so that the draws of two years are independent.
    generator, chosen = np.random.default_rng([seed, papers]), np.zeros((draws, papers), dtype=bool)
    for start in range(0, draws, BLOCK):
        keys = generator.random((min(BLOCK, draws - start), papers), dtype=np.float32)
        np.put_along_axis(
            chosen[start : start + BLOCK],
            np.argpartition(keys, size - 1, axis=1)[:, :size],
            True,
            axis=1,
        )
    return chosen


def interval(drawn: pd.DataFrame) -> pd.DataFrame:
    """Return the central 95 % range of redrawn shares: one row per column of `drawn`, columns low
    and high."""
    low, high = np.percentile(drawn.to_numpy(), [2.5, 97.5], axis=0)
    return pd.DataFrame({"low": low, "high": high}, index=drawn.columns)


def as_extreme(drawn: pd.Series, printed: float, value: float) -> float:
    """Return the part of draws, per cent, at least as far from the list's own `value` as `printed`
    on its side.

    >>> as_extreme(pd.Series([20.0, 22.0, 28.0, 30.0]), printed=28, value=22)
    50.0
    """
    return 100 * float((drawn >= printed).mean() if printed >= value else (drawn <= printed).mean())


def against(
    printed: pd.DataFrame, measured: pd.DataFrame, drawn: dict[int, pd.DataFrame]
) -> pd.DataFrame:
    """Set printed shares against redraws: columns year, entity, printed, value, low, high, inside,
    as_extreme_pct.

    `printed` and `measured` have years as rows and entities as columns, `drawn` the redrawn shares
    by year.
    """
    rows = []
    for year, redrawn in drawn.items():
        ends = interval(redrawn)
        for entity in printed.columns:
            said, value, (low, high) = (
                printed.loc[year, entity],
                measured.loc[year, entity],
                ends.loc[entity],
            )
            rows.append(
                (
                    year,
                    entity,
                    said,
                    value,
                    low,
                    high,
                    low <= said <= high,
                    as_extreme(redrawn[entity], said, value),
                )
            )
    columns = ["year", "entity", "printed", "value", "low", "high", "inside", "as_extreme_pct"]
    return pd.DataFrame(rows, columns=columns).sort_values(
        ["year", "entity"], ascending=[True, False], ignore_index=True
    )


def naive_range(share: float, authors: int) -> tuple[float, float]:
    """Return the 95 % range that a sample of `authors` independent persons would have, in per cent:

    too narrow, for authors come in papers.
    """
    half = 1.96 * (share * (100 - share) / authors) ** 0.5
    return share - half, share + half


def printed_design(measure: str, year: int) -> int:
    """Return a number of the printed sample design of the top tier."""
    rows = tables.load("talent_printed").query(
        "tier == 'top' and measure == @measure and year == @year"
    )
    return int(rows["value"].iloc[0])


def sizes() -> dict[int, int]:
    """Return the number of papers to draw by year: printed for 2022; for 2019 assumed, the printed
    authors over the list's authors per paper."""
    papers = groups(2019)
    authors_per_paper = papers.to_numpy().sum() / len(papers)
    return {
        2019: round(printed_design("sample size", 2019) / authors_per_paper),
        2022: printed_design("papers sampled at random", 2022),
    }
