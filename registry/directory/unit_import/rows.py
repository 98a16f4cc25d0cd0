"""The table's rows, each read by itself."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry.directory.unit_import.columns import BY_CODE, KIND_WORDS, Change
from registry.files import tables
from registry.files.tables import Judge, TableText, UnreadableTableError, cells, choice
from registry.models import Authority, Line, LineKind, Unit
from registry.terminal import why_unopened
from registry.values import sectors
from registry.values.credit_code import validate_credit_code
from registry.values.sectors import Sector

_BETWEEN = re.compile(r"[,，;；、/\s]+")


class UnusableTableError(ValueError):
    """The table can't be taken in; `faults` are all of them, each with its row and column."""

    def __init__(self, faults: Iterable[tables.Fault | str]) -> None:
        listed = list(faults)
        self.by_row = [fault for fault in listed if isinstance(fault, tables.Fault)]
        self.faults = [str(fault) for fault in listed]
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True, slots=True)
class Row:
    """One good row; `number` is its row in the file, `changes` what it says that it changes."""

    number: int
    authority: str
    credit_code: str
    name: str
    city: str
    sector: str
    line: str
    line_name: str
    kind: str
    variety: str
    capacity: Decimal
    commissioned: dt.date
    closed: dt.date | None
    changes: frozenset[str]

    @property
    def key(self) -> tuple[str, str, str]:
        return self.credit_code, self.sector, self.line


def read_table(path: Path) -> TableText:
    """The file's table as text; raises UnusableTableError where it is none."""
    try:
        return read_bytes(path.read_bytes())
    except OSError as error:
        raise UnusableTableError([f"{path}: {why_unopened(error)}"]) from error


def read_bytes(data: bytes) -> TableText:
    """A file's bytes as `read_table` reads a file."""
    try:
        return tables.read(data, tuple(BY_CODE.values()))
    except UnreadableTableError as error:
        raise UnusableTableError([error.said]) from error


def good_rows(table: TableText) -> tuple[list[Row], list[tables.Fault]]:
    """The rows that can be read, and the faults of the others."""
    reader = _Reader(Authority.objects.all())
    rows, faults = [], []
    for line in table.lines:
        judge = Judge(line, BY_CODE)
        row = reader.row(judge)
        if row is not None:
            rows.append(row)
        faults += judge.faults
    return rows, faults


class _Reader:
    def __init__(self, authorities: Iterable[Authority]) -> None:
        self._authorities = [(each.code, str(each)) for each in authorities]
        names = {name: each.code for each in authorities for name in (each.name_zh, each.name_en)}
        self._names = names | {f"{name}生态环境厅": code for name, code in names.items()}

    def row(self, judge: Judge) -> Row | None:
        """The row, or None and its faults with the judge."""
        authority = judge.read("authority", lambda text: choice(text, self._authorities, self._names))
        code = judge.read("credit_code", _credit_code)
        name = judge.read("name", _room(Unit, "name"))
        city = judge.read("city", _room(Unit, "city"), needed=False)
        sector = judge.read("sector", lambda text: choice(text, Sector.choices, sectors.words()))
        line = judge.read("line", _line_code)
        line_name = judge.read("line_name", _room(Line, "name"), needed=False)
        kind = judge.read("kind", _kind, needed=False)
        variety = judge.read("variety", _room(Line, "variety"), needed=False)
        capacity = judge.read("capacity", _capacity)
        commissioned = judge.read("commissioned", cells.day)
        closed = judge.read("closed", cells.day, needed=False)
        changes = judge.read("change", _changes, needed=False)
        if closed and commissioned and closed <= commissioned:
            judge.fault("closed", _("the line closed before it was commissioned"))
        if not (authority and code and name and sector and line and capacity and commissioned) or judge.faults:
            return None
        said = (authority, code, name, city or "", sector, line, line_name or "", kind or "", variety or "")
        return Row(judge.line.number, *said, capacity, commissioned, closed, changes or frozenset())


def _credit_code(text: str) -> str:
    code = unicodedata.normalize("NFKC", text).upper()
    try:
        validate_credit_code(code)
    except ValidationError as error:
        raise cells.CellError(" ".join(error.messages)) from error
    return code


def _room(model: type[Unit | Line], field: str) -> cells.Parse[str]:
    """A text for which the database has room."""
    longest = _longest(model, field)
    return lambda text: cells.words(text, longest)


def _longest(model: type[Unit | Line], field: str) -> int:
    return int(getattr(model._meta.get_field(field), "max_length", 0))


def _line_code(text: str) -> str:
    return cells.words(cells.code(unicodedata.normalize("NFKC", text)), _longest(Line, "code"))


def _kind(text: str) -> str:
    """Any kind; which of them a sector has is asked with the rest that a row says (differences)."""
    return choice(text, LineKind.choices, KIND_WORDS)


def _capacity(text: str) -> Decimal:
    field = Line._meta.get_field("capacity")
    largest = 10 ** (field.max_digits - field.decimal_places)
    value = cells.amount(text)
    if not 0 < value < largest:
        said = {"text": text, "limit": largest}
        raise cells.CellError(_("“%(text)s” does not lie between zero and %(limit)d") % said)
    if value != round(value, field.decimal_places):
        raise cells.CellError(
            _("“%(text)s” has more than %(places)d decimals") % {"text": text, "places": field.decimal_places}
        )
    return value


def _changes(text: str) -> frozenset[str]:
    return frozenset(choice(part, Change.choices) for part in _BETWEEN.split(text) if part)
