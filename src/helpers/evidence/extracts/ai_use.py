"""Extract of Microsoft's share of people who use AI tools, by economy and wave."""

import re
from pathlib import Path

import pandas as pd

from ...project import FactcheckError
from ..schemas import schema, share, text


def user_share(path: Path) -> pd.DataFrame:
    """Return columns economy, wave ("2025 H1") and share_pct, one row an economy and wave.

    The file is Mac Roman.

    Raises FactcheckError for a column that is no wave.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="mac_roman")
    long = table.melt("Economy", var_name="wave", value_name="share_pct")
    long["wave"] = [_wave(name, path.name) for name in long["wave"]]
    long["share_pct"] = long["share_pct"].str.removesuffix("%")
    return long.rename(columns={"Economy": "economy"}).sort_values(["economy", "wave"])


def _wave(column: str, file: str) -> str:
    if not (match := re.fullmatch(r"([HQ]\d) (\d{4}) AI Diffusion", column.strip())):
        raise FactcheckError(
            f"{file}: the column {column!r} is no wave such as 'H1 2025 AI Diffusion': teach _wave"
            " in helpers/evidence/extracts/ai_use.py its name."
        )
    return f"{match[2]} {match[1]}"


SCHEMAS = {
    "user_share": schema(
        key=["economy", "wave"],
        economy=text(),
        wave=text(matches=r"^\d{4} [HQ]\d$"),
        share_pct=share(nullable=True),
    )
}
