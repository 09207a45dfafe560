"""Epoch AI's files: one reader for vintages that name the same column differently."""

from pathlib import Path

import pandas as pd

from ...project import FactcheckError

# Our name, and the names that vintages of the model lists give the column, newest first.
MODELS = {
    "model": ("Model", "System"),
    "published": ("Publication date",),
    "organisations": ("Organization",),
    "countries": ("Country (of organization)", "Country (from Organization)"),
    "sectors": ("Organization categorization", "Organization categorization (from Organization)"),
    "criteria": ("Notability criteria",),
    "accessibility": ("Model accessibility",),
    "training_code": ("Training code accessibility",),
    "flop": ("Training compute (FLOP)",),
    "upper": ("Training compute upper bound",),
    "confidence": ("Confidence",),
    "method": ("Training compute estimation method",),
}


def read(
    path: Path, columns: dict[str, tuple[str, ...]], optional: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Read a file as text under our own column names.

    An `optional` column that the vintage lacks is "".

    Raises FactcheckError where a vintage has none of the names of another column.
    """
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except UnicodeDecodeError:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="latin-1")
    found = {}
    for ours, theirs in columns.items():
        match = [name for name in theirs if name in table.columns]
        if not match and ours not in optional:
            raise FactcheckError(
                f"{path.name} has none of the columns {theirs}: add this vintage's name to the"
                " columns in helpers/evidence/extracts."
            )
        found[ours] = table[match[0]].str.strip() if match else ""
    return pd.DataFrame(found)


def models(path: Path, *names: str, optional: tuple[str, ...] = ()) -> pd.DataFrame:
    """Read these columns of a model list."""
    return read(path, {name: MODELS[name] for name in names}, optional)
