"""Records typed over one version laid over another, in which the same batch or meter may stand in another row."""

from reporting.workbook.reading.typed import Texts
from reporting.workbook.reading.typed_records import identity, last, named, parsed

__all__ = ["carried_records"]


def carried_records(cells: Texts, before: Texts, after: Texts) -> dict[str, str]:
    """The registers' cells among `cells`, typed over `before`, as they are named over `after`: in the row of the same record.

    A record that `after` hasn't got goes into a free row, with all that it says; one that was removed, and is gone anyway, goes nowhere.
    """
    whole = {**before, **cells}
    typed: dict[tuple[str, int], dict[str, str]] = {}
    for name, text in cells.items():
        if at := parsed(name):
            typed.setdefault((at.table, at.number), {})[at.column] = text
    found: dict[str, str] = {}
    for (table, number), texts in typed.items():
        known = identity(before, table, number) or identity(whole, table, number)
        rows = range(1, last(table, after) + 1)
        row = next((each for each in rows if known and identity(after, table, each) == known), 0)
        if not row and not any(texts.values()):
            continue
        if not row:
            row = last(table, after, found) + 1
            texts = _record(whole, table, number)
        found |= {named(table, row, column): text for column, text in texts.items()}
    return found


def _record(texts: Texts, table: str, number: int) -> dict[str, str]:
    """All that is said of a record."""
    names = ((parsed(name), text) for name, text in texts.items())
    return {name.column: text for name, text in names if name and (name.table, name.number) == (table, number)}
