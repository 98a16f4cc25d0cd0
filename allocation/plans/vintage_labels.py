"""Vintages as the exchange labels them: 2019 and 2020 are one product, "19-20"; from 2021 on each year is one, "21", "22" and so on.

In the ledger a vintage is a year; the product of two years is kept under the later one.
"""

import re

__all__ = ["BOTH", "label", "read"]

BOTH = 2020  # quota of 2019 and 2020
_FIRST = 2019
_JOINT = re.compile(r"(20)?19\s*[-–—~/]\s*(20)?20", re.ASCII)
_YEAR = re.compile(r"(?:20)?([0-9]{2})", re.ASCII)


def read(text: str) -> int | None:
    """The vintage of a label or a year, "19-20", "24" or "2024"; None for anything else, and for years before the market."""
    if _JOINT.fullmatch(text):
        return BOTH
    if (found := _YEAR.fullmatch(text)) is None:
        return None
    year = 2000 + int(found[1])
    if year < _FIRST:
        return None
    return max(year, BOTH)


def label(vintage: int) -> str:
    """A vintage as people read it: the year, and the exchange's label where one product stands for two years."""
    return "19-20" if vintage == BOTH else str(vintage)
