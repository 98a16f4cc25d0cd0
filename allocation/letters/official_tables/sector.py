"""What the official tables need of a sector that gets quota (sectors)."""

from dataclasses import dataclass

from allocation.letters.official_tables.columns import Column
from registry.values.sectors import part

__all__ = ["OfficialTables", "of"]


@dataclass(frozen=True, slots=True)
class OfficialTables:
    """The second `number` of the sector's tables (1-2, 2-2), what they call its lines, and their columns."""

    number: int
    lines_zh: str
    pre_allocation: tuple[Column, ...]
    determination: tuple[Column, ...]


def of(sector: str) -> OfficialTables:
    tables: OfficialTables = part(sector, "official_tables").OFFICIAL_TABLES
    return tables
