"""What a unit says about one month or one year, free of files and databases: rows of data, each with how and from where it was got.

The tables, by sector (`line` is "" where a row belongs to the whole unit; `item` is the guideline's code of the fuel or material):

| table | sector | line | process | item | data |
| --- | --- | --- | --- | --- | --- |
| fuel | steel | – | – | fuel | opening, purchased, sold, closing, consumed, excluded, feedstock (gases), ncv, moisture, dry (solids) |
| fuel | cement | – | – | fuel | opening, purchased, sold, closing, consumed |
| fuel | aluminium | – | – | `anode` | opening, purchased, sold, closing, consumed |
| carbonate, electrode, material, product, processed | steel | – | – | material | amount |
| process_in, process_out | steel | works | process | fuel | amount, ncv |
| process_output | steel | works | process | –, of ironmaking other iron | amount |
| power | steel | works | – | fuel | amount, ncv |
| line_fuel | cement | line | – | fuel | amount, ncv |
| clinker | cement | line | – | kind of clinker | amount |
| alternative | cement | line | – | material | amount |
| electrolysis | aluminium | process | – | – | anode, amount (liquid aluminium), power |
| stop | all | line | – | – | days, stopped, restarted |
| batch | steel, cement | – | – | fuel | mass, ncv, report, sampled, reported, accredited, sound |
| meter | all | line or – | – | fuel, material | measures, accuracy, error, calibrated, valid_until, before |

A fuel of steel that is both bought and made has a code for each: `coke_purchased`, `coke_own`; `coke` is what earlier forms didn't mark.
Units: tonnes; gases 10⁴ Nm³; ncv GJ/t or GJ/10⁴ Nm³; moisture, accuracy and error %; power MWh; `stopped`, `restarted`, `sampled`,
`reported`, `calibrated`, `valid_until` and `before` are dates; `report` and `measures` texts; `accredited` and `sound` "yes" or "no".
Of batches and meters there are many with one key but for their own number, `part`.
A datum that was left empty is not in the row; a row without any datum is not in the content.
"""

import datetime as dt
import functools
import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any

MEASURED, CALCULATED, DESIGN, DEFAULT = HOWS = ("measured", "calculated", "design", "default")

_PERIOD = re.compile("[12][0-9]{3}(-(0[1-9]|1[0-2]))?")

YES, NO = "yes", "no"

MAIN_PROCESSES = ("coking", "sintering", "pelletising", "ironmaking", "converter", "electric_arc")


Key = tuple[str, str, str, str, str]
"""Table, line, process, item and part."""


@dataclass(frozen=True, slots=True)
class Datum:
    """One stated value; `sheet` and `cell` tell where it was read and take no part in equality. `digits`: what stood there, where it has
    more decimals than count; known while it is read, and not stored.
    """

    value: Decimal | dt.date | str
    how: str = ""
    source: str = ""
    evidence: str = ""
    remarks: str = ""
    sheet: str = field(default="", compare=False)
    cell: str = field(default="", compare=False)
    digits: Decimal | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Row:
    """The data of one thing: a fuel in the unit's ledger, a material into a process, a line's output.

    `garbled` are a record's data whose cells hold something that can't be read and has its finding; known while it is read, and not stored.
    """

    table: str
    line: str = ""
    process: str = ""
    item: str = ""
    data: Mapping[str, Datum] = field(default_factory=lambda: MappingProxyType({}))
    part: str = ""
    garbled: frozenset[str] = field(default=frozenset(), compare=False, repr=False)

    def number(self, name: str) -> Decimal | None:
        """The number stated under `name`, or None."""
        datum = self.data.get(name)
        return datum.value if datum is not None and isinstance(datum.value, Decimal) else None

    def day(self, name: str) -> dt.date | None:
        """The date stated under `name`, or None."""
        datum = self.data.get(name)
        return datum.value if datum is not None and isinstance(datum.value, dt.date) else None

    def words(self, name: str) -> str:
        """The text stated under `name`, or ""."""
        datum = self.data.get(name)
        return datum.value if datum is not None and isinstance(datum.value, str) else ""

    def amount(self, name: str = "amount") -> Decimal:
        """The number stated under `name`; what was not stated counts as nothing."""
        return self.number(name) or Decimal(0)

    @property
    def key(self) -> Key:
        """What makes the row one and the same from month to month."""
        return (self.table, self.line, self.process, self.item, self.part)


Place = tuple[str, str, str, str, str]
"""Where a datum belongs: table, line, process, item, name."""


@dataclass(frozen=True, slots=True)
class Unstated:
    """A cell of the file that gave no datum: it is empty, or what stands there can't be read and has a finding of its own."""

    sheet: str
    cell: str
    is_faulty: bool


@dataclass(frozen=True, slots=True)
class Content:
    """All that a workbook states; `period` is "2025-07" or, for a year workbook, "2024".

    `unstated` are the cells that the file has for what it doesn't state, `headings` the sheet and cell that name a line; both are known
    while it is read, and not stored.
    """

    sector: str
    period: str
    unit: str
    lines: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    unstated: Mapping[Place, Unstated] = field(default_factory=lambda: MappingProxyType({}), compare=False, repr=False)
    headings: Mapping[str, tuple[str, str]] = field(
        default_factory=lambda: MappingProxyType({}), compare=False, repr=False
    )

    def table(self, *tables: str, line: str | None = None, process: str | None = None) -> Iterator[Row]:
        """The rows of the tables, in the workbook's order, of one line or process where asked."""
        for row in self.rows:
            if row.table in tables and line in (None, row.line) and process in (None, row.process):
                yield row

    def find(self, table: str, line: str = "", process: str = "", item: str = "", part: str = "") -> Row | None:
        """The one row with this key, or None."""
        key = (table, line, process, item, part)
        return next((row for row in self.rows if row.key == key), None)

    @property
    def is_year(self) -> bool:
        return is_year(self.period)

    def as_json(self) -> dict[str, Any]:
        """Plain data for storage; `from_json` gives the same content back, cells included."""
        rows = [_row_as_json(row) for row in self.rows]
        return {
            "sector": self.sector,
            "period": self.period,
            "unit": self.unit,
            "lines": list(self.lines),
            "rows": rows,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Content":
        rows = tuple(_row_from_json(row) for row in stored["rows"])
        return cls(stored["sector"], stored["period"], stored["unit"], tuple(stored["lines"]), rows)


_NOTES = ("how", "source", "evidence", "remarks", "sheet", "cell")


def _row_as_json(row: Row) -> dict[str, Any]:
    """Without `part` where there is none, so that what was stored before there were parts keeps its digest."""
    data = {name: _datum_as_json(datum) for name, datum in row.data.items()}
    plain = {"table": row.table, "line": row.line, "process": row.process, "item": row.item, "data": data}
    return plain | ({"part": row.part} if row.part else {})


def _row_from_json(stored: Mapping[str, Any]) -> Row:
    data = {name: _datum_from_json(datum) for name, datum in stored["data"].items()}
    return Row(stored["table"], stored["line"], stored["process"], stored["item"], data, stored.get("part", ""))


def _datum_as_json(datum: Datum) -> dict[str, str]:
    key = "value" if isinstance(datum.value, Decimal) else "text" if isinstance(datum.value, str) else "date"
    notes = {name: getattr(datum, name) for name in _NOTES if getattr(datum, name)}
    return {key: str(datum.value), **notes}


def _datum_from_json(stored: Mapping[str, str]) -> Datum:
    notes: dict[str, Any] = {name: stored[name] for name in _NOTES if name in stored}
    if "text" in stored:
        return Datum(stored["text"], **notes)
    return Datum(Decimal(stored["value"]) if "value" in stored else dt.date.fromisoformat(stored["date"]), **notes)


def is_year(period: str) -> bool:
    """Whether a period is a whole year, like "2024"."""
    return "-" not in period


def parse_period(text: str) -> str:
    """`text` if it is "YYYY-MM" or "YYYY"; raises ValueError otherwise."""
    first_day(text)
    return text


@functools.lru_cache(maxsize=1024)  # asked of a few dozen periods, for each of many units
def first_day(period: str) -> dt.date:
    """The period's first day; raises ValueError for what is no period."""
    if not _PERIOD.fullmatch(period):
        raise ValueError(f"{period!r} is neither a month (YYYY-MM) nor a year (YYYY)")
    return dt.date.fromisoformat(f"{period}-01" if len(period) == 7 else f"{period}-01-01")


@functools.lru_cache(maxsize=1024)
def last_day(period: str) -> dt.date:
    """The period's last day."""
    start = first_day(period)
    return dt.date(start.year, 12, 31) if is_year(period) else start.replace(day=monthrange(start.year, start.month)[1])


def days_in(period: str) -> int:
    """How many days the period has."""
    return (last_day(period) - first_day(period)).days + 1


def closing_stocks(content: Content) -> dict[str, Decimal]:
    """What lay in store at the period's end, by item: the opening stock of the period that follows."""
    stocks = ((row.item, row.number("closing")) for row in content.table("fuel"))
    return {item: stock for item, stock in stocks if stock is not None}
