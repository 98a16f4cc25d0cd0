"""What clerks get wrong."""

from dataclasses import replace
from decimal import Decimal

from registry.values.exact import half_up
from reporting.content import Content, Datum, Row

NO_WORKBOOK = b"%PDF-1.4\n% a scanned report under the name of a workbook\n%%EOF\n"


def broken_ledger(content: Content) -> Content:
    """A fuel's consumption typed wrong: the ledger no longer adds up, which blocks."""
    return _used_more(content, Decimal(1000))


def overstated(content: Content) -> Content:
    """A fuel bought and burnt that was neither: nothing a check could find, but an officer who knows the invoices."""
    return _changed(_used_more(content, Decimal(50)), "fuel", "purchased", Decimal(50))


def _used_more(content: Content, by: Decimal) -> Content:
    """The first fuel's consumption changed, and what is computed from it: its use on the dry basis."""
    changed = _changed(content, "fuel", "consumed", by)
    row = next(row for row in changed.table("fuel") if "consumed" in row.data)
    if "dry" not in row.data:
        return changed
    dry = half_up(row.amount("consumed") * (1 - row.amount("moisture") / 100), 2)
    return _changed(changed, "fuel", "dry", dry - row.amount("dry"))


def _changed(content: Content, table: str, name: str, by: Decimal) -> Content:
    """The content with a datum of the table's first row changed."""
    rows = list(content.rows)
    index = next(index for index, row in enumerate(rows) if row.table == table and name in row.data)
    rows[index] = _row(rows[index], name, by)
    return replace(content, rows=tuple(rows))


def _row(row: Row, name: str, by: Decimal) -> Row:
    datum = row.data[name]
    changed: Datum = replace(datum, value=row.amount(name) + by)
    return replace(row, data={**row.data, name: changed})
