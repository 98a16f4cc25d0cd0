"""A table of decisions that deduct quota: from its bytes to decisions, with everything that can't be read of it. No database here."""

import datetime as dt
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allocation.models import Deduction
from registry.files.tables import Column, Judge, Line, TableText, cells, choice
from registry.files.tables import read as read_table
from registry.values import sectors
from registry.values.sectors import quota_choices

__all__ = ["BY_CODE", "COLUMNS", "Decision", "decision_of", "table_of"]

BY_CODE = {
    column.code: column
    for column in (
        Column("unit", gettext_lazy("unit's credit code"), ("统一社会信用代码", "信用代码", "重点排放单位")),
        Column("sector", gettext_lazy("Sector"), ("行业", "所属行业")),
        Column("number", gettext_lazy("Document number"), ("文号", "决定书文号", "文书编号")),
        Column("decided_on", gettext_lazy("Decision of"), ("决定日期", "作出决定日期")),
        Column("year", gettext_lazy("For the year"), ("违法行为所属年度", "所属年度", "年度")),
        Column("tonnes", gettext_lazy("Tonnes"), ("核减量", "核减吨数", "吨数")),
        Column("ground", gettext_lazy("Ground of the deduction"), ("核减事由", "事由", "依据")),
    )
}
COLUMNS = tuple(BY_CODE)


@dataclass(frozen=True, slots=True)
class Decision:
    """What is entered; `unit` is a credit code, `year` the emission year of the breach."""

    unit: str
    sector: str
    number: str
    decided_on: dt.date
    year: int
    tonnes: int
    ground: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.unit, self.sector, self.number


def table_of(data: bytes) -> TableText:
    """The table's rows, whatever is in them; raises UnreadableTableError."""
    return read_table(data, tuple(BY_CODE.values()))


def decision_of(line: Line, units: Collection[str]) -> tuple[Decision | None, list[str]]:
    """A row's decision, or None and everything that can't be read of it; `units` are the credit codes that may stand in it."""
    judge = Judge(line, BY_CODE)
    unit, number = judge.read("unit", _code), judge.read("number", str)
    if unit and unit not in units:
        judge.fault("unit", _("No unit of your authority has the credit code “%(code)s”.") % {"code": unit})
    sector = judge.read("sector", lambda text: choice(text, quota_choices(), sectors.words()))
    day = judge.read("decided_on", cells.day)
    year, tonnes = judge.read("year", cells.whole), judge.read("tonnes", cells.whole)
    ground = judge.read("ground", lambda text: choice(text, Deduction.Ground.choices))
    faults = [fault.said for fault in judge.faults]
    if not (unit and number and sector and day and ground) or year is None or tonnes is None or faults:
        return None, faults
    return Decision(unit, sector, number, day, year, tonnes, ground), []


def _code(text: str) -> str:
    return unicodedata.normalize("NFKC", text).upper()
