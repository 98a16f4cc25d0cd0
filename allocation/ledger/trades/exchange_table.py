"""The exchange's record as a table: from its bytes to rows, with everything that is wrong with it. No database here."""

import datetime as dt
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allocation.plans import vintage_labels
from registry.files.tables import Column, Judge, Line, TableText, UnreadableTableError, cells
from registry.files.tables import read as read_table

__all__ = ["BY_CODE", "COLUMNS", "Fault", "Record", "credit_code", "fault_of", "parties_of", "read", "table_of"]

BY_CODE = {
    column.code: column
    for column in (
        Column("reference", gettext_lazy("reference"), ("成交编号", "交易编号", "编号")),
        Column("traded_on", gettext_lazy("trade date"), ("成交日期", "交易日期")),
        Column("seller", gettext_lazy("seller"), ("卖方", "卖方统一社会信用代码", "出让方")),
        Column("buyer", gettext_lazy("buyer"), ("买方", "买方统一社会信用代码", "受让方")),
        Column("vintage", gettext_lazy("vintage"), ("配额年度", "年度")),
        Column("quantity", gettext_lazy("quantity (t)"), ("成交量", "数量", "成交数量")),
    )
}
COLUMNS = tuple(BY_CODE)
# The trades of a busy month; more in one transaction would hold the accounts for too long.
MOST_ROWS = 20_000
_LONGEST_REFERENCE = 60

Fault = tuple[int, str]  # line of the file, what is wrong


@dataclass(frozen=True, slots=True)
class Record:
    """A row, as written; `line` is its line in the file, the parties are credit codes."""

    line: int
    reference: str
    traded_on: dt.date
    seller: str
    buyer: str
    vintage: int
    quantity: int


def table_of(data: bytes) -> TableText:
    """The table's rows, whatever is in them; raises UnreadableTableError."""
    table = read_table(data, tuple(BY_CODE.values()))
    if len(table.lines) > MOST_ROWS:
        message = _("the table has %(count)d rows; at most %(limit)d are accepted at once")
        raise UnreadableTableError(message % {"count": len(table.lines), "limit": MOST_ROWS})
    return table


def fault_of(error: UnreadableTableError) -> Fault:
    """A file that is no such table, as a fault of the line where it shows."""
    return max(error.row, 1), error.message


def read(table: TableText, today: dt.date, parties: Collection[str]) -> tuple[list[Record], list[Fault]]:
    """The rows that are right by themselves, and all that is wrong with the others. `parties` are the credit codes of units."""
    records: list[Record] = []
    faults: list[Fault] = []
    for line in table.lines:
        judge = Judge(line, BY_CODE)
        record = _record(judge, today, parties)
        if record and not judge.faults:
            records.append(record)
        faults += [(fault.row, fault.said) for fault in judge.faults]
    return records, faults


def credit_code(text: str) -> str:
    """A credit code as it is stored: half-width capitals."""
    return unicodedata.normalize("NFKC", text).upper()


def parties_of(line: Line) -> set[str]:
    """The credit codes that a row names."""
    return {credit_code(line.cells[side]) for side in ("seller", "buyer")}


def _record(judge: Judge, today: dt.date, parties: Collection[str]) -> Record | None:
    reference = judge.read("reference", _reference)
    day = judge.read("traded_on", cells.day)
    if day and day > today:
        judge.fault("traded_on", _("the trade date is in the future"))
    seller, buyer = (judge.read(side, credit_code) for side in ("seller", "buyer"))
    for side, code in (("seller", seller), ("buyer", buyer)):
        if code and code not in parties:
            judge.fault(side, _("no unit has the credit code “%(code)s”") % {"code": code})
    if seller and seller == buyer:
        judge.fault("", _("seller and buyer are the same"))
    vintage, quantity = judge.read("vintage", _vintage), judge.read("quantity", _quantity)
    if reference and day and seller and buyer and vintage and quantity:
        return Record(judge.line.number, reference, day, seller, buyer, vintage, quantity)
    return None


def _reference(text: str) -> str:
    return cells.words(cells.code(text), _LONGEST_REFERENCE)


def _vintage(text: str) -> int:
    vintage = vintage_labels.read(unicodedata.normalize("NFKC", text))
    if vintage is None:
        raise cells.CellError(
            _("“%(text)s” is not a vintage: write the year or the exchange's label (2025, 25, 19-20)") % {"text": text}
        )
    return vintage


def _quantity(text: str) -> int:
    try:
        tonnes = cells.whole(text)
    except cells.CellError:
        tonnes = 0
    if not tonnes:
        raise cells.CellError(_("“%(text)s” is not a whole number of tonnes") % {"text": text})
    return tonnes
