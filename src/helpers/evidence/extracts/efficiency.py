"""Extracts on capability and training compute: index and benchmark scores, compute estimates, and
what arena exports imply."""

import json
from pathlib import Path

import pandas as pd

from ...project import FactcheckError
from ..schemas import date, flag, number, schema, text
from .epoch import models, read

FIRST_YEAR = "2023"
# Our name, and the names that vintages give the column.
CAPABILITY = {
    "version": ("Model version", "id_model_version"),
    "model": ("Model name", "Model"),
    "released": ("Release date", "Version release date"),
    "countries": ("Country", "Country (of organization)"),
    "accessibility": ("Model accessibility",),
    "flop": ("Training compute (FLOP)",),
    "confidence": ("Confidence",),
    "score": ("ECI Score", "eci"),
    "low": ("eci_ci_low",),
    "high": ("eci_ci_high",),
}
COMPUTE = ("model", "published", "flop", "upper", "confidence", "method")
# Arena name, country and day of release, for every model rated at least as high as the best Chinese
# one of an edition, and that one. Days as the laboratories announced them; an export holds neither.
ARENA = {
    "early-grok-3": ("United States", "2025-02-17"),
    "gemini-2.0-flash-thinking-exp-01-21": ("United States", "2025-01-21"),
    "gemini-2.0-pro-exp-02-05": ("United States", "2025-02-05"),
    "chatgpt-4o-latest-20250129": ("United States", "2025-01-29"),
    "gemini-exp-1206": ("United States", "2024-12-06"),
    "chatgpt-4o-latest-20241120": ("United States", "2024-11-20"),
    "gemini-exp-1121": ("United States", "2024-11-21"),
    "gemini-2.0-flash-thinking-exp-1219": ("United States", "2024-12-19"),
    "deepseek-r1": ("China", "2025-01-20"),
    "gemini-2.5-pro": ("United States", "2025-06-17"),
    "glm-4.6": ("China", "2025-09-30"),
}
# Arena names of US models whose training compute Epoch publishes without deriving it from scores.
ARENA_COMPUTE = {
    "gpt-oss-120b": "gpt-oss-120b", "gpt-oss-20b": "gpt-oss-20b", "gemma-3-27b-it": "Gemma 3 27B",
    "gemma-3-12b-it": "Gemma 3 12B",
    "gemma-2-27b-it": "Gemma 2 27B", "phi-4": "Phi-4",
    "llama-3.1-405b-instruct-bf16": "Llama 3.1-405B", "llama-3.3-70b-instruct": "Llama 3.3 70B",
    "llama-4-maverick-17b-128e-instruct": "Llama 4 Maverick",
    "llama-4-scout-17b-16e-instruct": "Llama 4 Scout",
    "nvidia-llama-3.3-nemotron-super-49b-v1.5": "Llama-3.3-Nemotron-Super-49B-v1.5",
    "amazon-nova-pro-v1.0": "Amazon Nova Pro",
    "grok-3-preview-02-24": "Grok 3", "early-grok-3": "Grok 3", "grok-4-0709": "Grok 4",
    "grok-2-2024-08-13": "Grok-2",
}  # fmt: skip
ARENA_NAMED = {"deepseek-v3": "DeepSeek-V3", "qwen2.5-max": "Qwen2.5-Max"}


def capabilities(path: Path) -> pd.DataFrame:
    """Keep the scored model versions of an edition of the Epoch Capabilities Index, one row a
    version."""
    table = read(path, CAPABILITY, optional=("low", "high"))
    return table[table["score"].ne("")].sort_values("version")


def versions(path: Path) -> pd.DataFrame:
    """Keep which model each version belongs to, scored or not."""
    table = read(path, {name: CAPABILITY[name] for name in ("version", "model")})
    return table[table["model"].ne("")].sort_values("version")


def benchmark(path: Path) -> pd.DataFrame:
    """Keep a benchmark's best score and standard error, one row a model version."""
    columns = {name: CAPABILITY[name] for name in ("version", "released", "countries", "flop")}
    table = read(path, columns | {"score": ("Best score (across scorers)",), "stderr": ("stderr",)})
    return table[table["score"].ne("")].sort_values("version")


def compute(path: Path) -> pd.DataFrame:
    """Keep the compute estimates of models published since 2023, one row an estimate.

    Columns value, upper bound, confidence, method.
    """
    table = models(path, *COMPUTE, optional=("upper", "method"))
    known = table["flop"].ne("") | table["method"].ne("")
    table = table[
        known
        & table["published"].str[:4].ge(FIRST_YEAR)
        & table["published"].str.fullmatch(r"\d{4}-\d\d-\d\d")
    ]
    return table.drop_duplicates().sort_values(["published", "model", "flop"])


def distilled(path: Path) -> pd.DataFrame:
    """Keep which model versions the list calls distilled."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    return (
        table.assign(distilled=table["distilled"].str.title())[["model", "distilled"]]
        .drop_duplicates()
        .sort_values("model")
    )


def printed(path: Path) -> pd.DataFrame:
    """Keep printed values on training and capability gaps, with their place in print."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table = table[
        table["claim_topic"].isin(["training_efficiency", "capability_gap"])
        & table["value"].str.fullmatch(r"[\d.]+(e\+?\d+)?")
    ]
    columns = [
        "claim_topic",
        "measure",
        "entity",
        "period",
        "value",
        "unit",
        "source",
        "locator",
        "evidence",
    ]
    return (
        table[columns]
        .rename(columns={"claim_topic": "topic"})
        .sort_values(["topic", "measure", "entity", "period"])
    )


def arena(path: Path) -> pd.DataFrame:
    """Derive from an arena export, which has no stated licence, only: each country's best model,
    the first US model at least as highly rated as the best Chinese one, the ratings of the two
    models of the debate, and which US models with published compute are rated at least as high
    (without their ratings).

    Raises FactcheckError for a highly rated model that ARENA does not place.
    """
    ratings = json.loads(path.read_text(encoding="utf-8"))["full"]
    order = sorted(ratings, key=lambda name: -ratings[name]["rating"])
    rows = []
    for name in order:
        if name not in ARENA:
            raise FactcheckError(
                f"{path.name}: ARENA in helpers/evidence/extracts/efficiency.py does not place"
                f" {name!r}. Add its country and release day."
            )
        rows.append((name, *ARENA[name]))
        if ARENA[name][0] == "China":
            break
    us = [row for row in rows if row[1] == "United States"]
    picked = [
        ("best", us[0]),
        ("best", rows[-1]),
        ("first US model as good as the best Chinese", min(us, key=lambda row: row[2])),
    ]
    picked += [("named", (name, "China", "")) for name in ARENA_NAMED if name in ratings]
    found = [(what, side, ARENA_NAMED.get(name, name), day,
        *(round(ratings[name][key], 1) for key in ("rating", "rating_q025", "rating_q975")))
             for what, (name, side, day) in picked]  # fmt: skip
    for own, ours in ARENA_NAMED.items():
        better = {
            ARENA_COMPUTE[name]
            for name in ARENA_COMPUTE
            if name in ratings and ratings[name]["rating"] >= ratings[own]["rating"]
        }
        found += [
            (
                f"US model rated at least as high as {ours}",
                "United States",
                name,
                "",
                None,
                None,
                None,
            )
            for name in better
        ]
    return pd.DataFrame(
        found, columns=["what", "side", "model", "released", "rating", "low", "high"]
    ).sort_values(["what", "model"])


SCHEMAS = {
    "capabilities": schema(
        key=["version"], version=text(), model=text(nullable=True), released=date(nullable=True),
        countries=text(nullable=True),
        accessibility=text(nullable=True), flop=number(least=0, nullable=True),
        confidence=text(nullable=True), score=number(),
        low=number(nullable=True), high=number(nullable=True),
    ),
    "versions": schema(key=["version"], version=text(), model=text()),
    "benchmark": schema(
        key=["version"], version=text(), released=date(nullable=True),
        countries=text(nullable=True), flop=number(least=0, nullable=True),
        score=number(least=0), stderr=number(least=0, nullable=True),
    ),
    "compute": schema(
        key=["model", "published", "flop", "method"], model=text(), published=date(),
        flop=number(least=0, nullable=True),
        upper=number(least=0, nullable=True), confidence=text(nullable=True),
        method=text(nullable=True),
    ),
    "distilled": schema(key=["model"], model=text(), distilled=flag()),
    "printed": schema(
        key=["topic", "measure", "entity", "period", "source"], topic=text(), measure=text(),
        entity=text(), period=text(), value=number(least=0),
        unit=text(), source=text(), locator=text(), evidence=text(["primary", "copy", "secondary"]),
    ),
    "arena": schema(
        key=["what", "model"], what=text(), side=text(["China", "United States"]), model=text(),
        released=date(nullable=True),
        rating=number(nullable=True), low=number(nullable=True), high=number(nullable=True),
    ),
}  # fmt: skip
