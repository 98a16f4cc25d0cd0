"""Which datum of a sector's verification table follows from which (sectors)."""

from dataclasses import dataclass

from registry.values.sectors import part

__all__ = ["Driver", "Rule", "of"]


@dataclass(frozen=True, slots=True)
class Driver:
    """An amount of the table that stands in terms of the report, and its factor if that is in the table, too."""

    terms: str  # how the sources of those terms begin
    amount: str
    factor: str = ""
    sign: int = 1


@dataclass(frozen=True, slots=True)
class Rule:
    """A datum that follows from drivers, and from what else the report's terms bring to it (`own` picks the terms)."""

    item: str
    drivers: tuple[Driver, ...]
    own: tuple[str, ...]  # how the sources of all its terms begin
    floor: bool = False  # not below 0
    closed: bool = True  # nothing but the drivers can change it; else only a value left as it was is wrong


def of(sector: str) -> tuple[Rule, ...]:
    rules: tuple[Rule, ...] = part(sector, "dependents").RULES
    return rules
