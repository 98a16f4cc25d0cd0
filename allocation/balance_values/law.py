"""The dated data by which the pages behind a balance value look at lines (law_data/balance_study.toml); none of it decides a tonne."""

import functools
from pathlib import Path

from registry import law

__all__ = ["law_of_study"]


@functools.cache
def law_of_study() -> law.Law:
    return law.load(Path(__file__).parents[1] / "law_data" / "balance_study.toml")
