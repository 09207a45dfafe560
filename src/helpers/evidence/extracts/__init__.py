"""Extracts: one module a topic, whose functions turn a published file into facts."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pandas as pd

from ..schemas import Schema


def function(extract: str) -> Callable[[Path], pd.DataFrame]:
    """Return the function that sources.toml names as `module.function`."""
    return getattr(_module(extract), extract.partition(".")[2])


def schema(extract: str) -> Schema:
    """Return the schema of the table that the function makes, from the SCHEMAS beside it."""
    return _module(extract).SCHEMAS[extract.partition(".")[2]]


def _module(extract: str) -> ModuleType:
    return import_module(f"{__name__}.{extract.partition('.')[0]}")
