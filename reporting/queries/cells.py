"""The data of a version one by one: what each says, in which cell of the workbook it stands, and which files support it. No query."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reporting.content import Content, Datum, Key, Row, tables
from reporting.content.places import Spot, spots_by_row
from reporting.evidence import Checklist
from reporting.evidence.needs import comparable, names_in
from reporting.models import Evidence

__all__ = ["Cell", "cells", "of_line", "output_spots"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A datum at its spot; `files` support it, `unattached` are the names that the workbook gives and no file has."""

    spot: Spot
    datum: Datum
    files: tuple[Evidence, ...]
    unattached: tuple[str, ...]


def cells(content: Content, checklist: Checklist, line: str = "") -> Iterator[tuple[Key, list[Cell]]]:
    """Row by row in the workbook's order: of the whole unit and of all lines, or of one `line`."""
    named = {comparable(file.evidence.name): file.evidence for file in checklist.files}
    covering = _covering(content, checklist)
    for row, _whole, data in spots_by_row(content):
        if of_line(row, line):
            ordered = sorted(data, key=_position)
            yield row.key, [_cell(spot, row.data[spot.name], named, covering) for spot in ordered]


def of_line(row: Row, line: str) -> bool:
    """Whether the row is the line's own or the whole unit's; any is where no line is asked for."""
    return not line or row.line in (line, "")


def output_spots(content: Content, line: str) -> list[Spot]:
    """The cells that the line's output is counted from."""
    table, process, name = tables.of(content.sector).output
    return [
        spot
        for row, _whole, data in spots_by_row(content)
        if (row.table, row.process, row.line) == (table, process, line)
        for spot in data
        if spot.name == name
    ]


def _position(spot: Spot) -> tuple[str, int, int, str]:
    """Down the sheet, and along its rows."""
    column = spot.cell.rstrip("0123456789")
    return spot.sheet, int(spot.cell[len(column) :] or 0), len(column), column


def _cell(spot: Spot, datum: Datum, named: Mapping[str, Evidence], covering: Mapping[int, list[Evidence]]) -> Cell:
    """First the files that the cell's row names, then those that were attached for its kind of evidence."""
    names = names_in(datum.evidence)
    own = [named[key] for key in map(comparable, names) if key in named]
    files = dict.fromkeys([*own, *covering.get(id(datum), ())])
    return Cell(spot, datum, tuple(files), tuple(name for name in names if comparable(name) not in named))


def _covering(content: Content, checklist: Checklist) -> Mapping[int, list[Evidence]]:
    """The files that cover a kind of evidence, by the data (one and the same, not alike) that this kind is needed for."""
    found: dict[int, list[Evidence]] = defaultdict(list)
    for entry in checklist.entries:
        if entry.files:
            for datum in entry.requirement.data(content):
                found[id(datum)] += entry.files
    return found
