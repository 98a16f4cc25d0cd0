"""Data of a version as one points at them: by row and name, with the workbook's cell and what it says. Plain Python.

A version never changes, so its data are numbered by their row's place in it: "12.closing" is the same datum for ever, "12." the whole row.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from registry.values import figures
from reporting.content.rows import Content, Datum, Key, Row

__all__ = ["Spot", "spots", "spots_by_row", "stated", "text_of"]


@dataclass(frozen=True, slots=True)
class Spot:
    """A datum of a version; a whole row where `name` is ""."""

    number: str
    key: Key
    name: str = ""
    sheet: str = ""
    cell: str = ""
    value: str = ""

    def columns(self) -> dict[str, Any]:
        """The spot as the columns of a DatumPlace."""
        table, line, process, item, part = self.key
        key = {"table": table, "line": line, "process": process, "item": item, "part": part}
        return {**key, "name": self.name, "sheet": self.sheet, "cell": self.cell, "value": self.value}


def spots_by_row(content: Content) -> Iterator[tuple[Row, Spot, list[Spot]]]:
    """Each row with the spot of the whole of it and those of its data, in the workbook's order."""
    for number, row in enumerate(content.rows):
        sheet = next((datum.sheet for datum in row.data.values()), "")
        data = [
            Spot(f"{number}.{name}", row.key, name, datum.sheet, datum.cell, text_of(datum))
            for name, datum in row.data.items()
        ]
        yield row, Spot(f"{number}.", row.key, sheet=sheet), data


def spots(content: Content) -> dict[str, Spot]:
    """Every spot of a version by its number."""
    return {spot.number: spot for _row, whole, data in spots_by_row(content) for spot in (whole, *data)}


def stated(content: Content) -> Mapping[tuple[Key, str], Datum]:
    """Every datum by its row's key and its name; of two rows with one key the first counts."""
    found: dict[tuple[Key, str], Datum] = {}
    for row in content.rows:
        for name, datum in row.data.items():
            found.setdefault((row.key, name), datum)
    return found


def text_of(datum: Datum | None) -> str:
    """What a datum says, as it is shown; a dash where nothing is stated."""
    if datum is None:
        return figures.DASH
    return f"{datum.value:,f}" if isinstance(datum.value, Decimal) else str(datum.value)
