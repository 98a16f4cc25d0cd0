"""What clerks get wrong."""

from dataclasses import replace
from decimal import Decimal

from reporting.content import Content, Datum, Row

NO_WORKBOOK = b"%PDF-1.4\n% a scanned report under the name of a workbook\n%%EOF\n"


def broken_ledger(content: Content) -> Content:
    """A fuel's consumption typed wrong: the ledger no longer adds up, which blocks."""
    return _changed(content, "fuel", "consumed", Decimal(1000))


def overstated(content: Content) -> Content:
    """A fuel bought and burnt that was neither: nothing a check could find, but an officer who knows the invoices."""
    return _changed(_changed(content, "fuel", "consumed", Decimal(50)), "fuel", "purchased", Decimal(50))


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
