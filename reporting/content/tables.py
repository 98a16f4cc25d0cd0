"""Where a sector's content states what every line must say of itself: what it makes, what it is fed with."""

from dataclasses import dataclass

from registry.values.sectors import part

__all__ = ["Must", "Tables", "of"]


@dataclass(frozen=True, slots=True)
class Must:
    """A datum that every month states, with what it is called; `of_unit`: it is the whole unit's, and stands under no line."""

    table: str
    process: str
    name: str
    words: str
    item: str = ""
    of_unit: bool = False


@dataclass(frozen=True, slots=True)
class Tables:
    """Table, process and datum of what a line's `output` is counted from (reporting.accounting) and of what it is `fed` with.

    `one_line`: a unit reports as one line, whose figures rest on the whole workbook.
    """

    output: tuple[str, str, str]
    fed: tuple[str, str, str]
    must: tuple[Must, ...]
    one_line: bool = False


def of(sector: str) -> Tables:
    tables: Tables = part(sector, "tables").TABLES
    return tables
