"""The sheets of a letter's tables: one per sector, a row per line, and one per unit; with their totals."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from allocation.letters.official_tables.columns import (
    DETERMINATION_UNITS,
    Cell,
    Column,
    differentiation_of,
    pre_allocation_units,
)
from allocation.letters.official_tables.sector import of
from allocation.models import Award, DeductionMovement, LeftOut, Letter, Run, Settlement
from registry.models import Authority

_KIND_ZH = {Run.Kind.PRE_ALLOCATION: "预分配", Run.Kind.DETERMINATION: "核定"}
_KIND_EN = {Run.Kind.PRE_ALLOCATION: "pre-allocation", Run.Kind.DETERMINATION: "determination"}
TOTAL_ZH, TOTAL_EN = "全省（区、市）合计", "Total of the province"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One official table, read out: `rows` hold the cells of `columns`; the running number is added by who writes it."""

    name: str  # "1-2"
    zh: str
    en: str
    columns: tuple[Column, ...]
    rows: list[list[Cell]]

    @property
    def totals(self) -> list[Cell]:
        """The foot: sums of the columns that have one, exact; None elsewhere."""
        return [
            _sum(row[place] for row in self.rows) if column.total else None for place, column in enumerate(self.columns)
        ]


def sheets_of(authority: Authority, year: int, kind: str, runs: Sequence[Run]) -> list[Sheet]:
    """The tables over the runs of one authority, year and kind, in the order of their numbers."""
    runs = _in_order(runs)
    return [*(_of_lines(authority, run) for run in runs), _of_units(authority, year, kind, runs)]


def sheets_of_letter(letter: Letter) -> list[Sheet]:
    """The tables over the runs that a letter speaks of; none of one that was discarded."""
    runs = list(letter.runs.select_related("authority", "balance_value"))
    return sheets_of(letter.authority, letter.year, letter.kind, runs) if runs else []


def marks_of(number: str, runs: Sequence[Run]) -> tuple[str, str]:
    """What the foot of every printed page of a letter's tables says: its number, and the beginnings of its results' hashes."""
    return number, " ".join(run.result_sha256[:12] for run in _in_order(runs))


def _in_order(runs: Sequence[Run]) -> list[Run]:
    return sorted(runs, key=lambda run: of(run.sector).number)


def _of_lines(authority: Authority, run: Run) -> Sheet:
    official = of(run.sector)
    pre = run.kind == Run.Kind.PRE_ALLOCATION
    columns = official.pre_allocation if pre else official.determination
    # Sorted here and not by the database: SQLite would go through all units and read the run's awards for each.
    # The run itself isn't joined: its manifest would come along with every row.
    awards = run.awards.order_by().select_related("unit", "line", "result")
    left_out = run.left_out.order_by().select_related("unit", "line")
    considered: list[Award | LeftOut] = [*awards, *left_out]
    listed = sorted(considered, key=lambda row: (row.unit.credit_code, row.line.code))
    # A line that gets nothing in advance gets 0; one that is not determined has no quota yet, which is not 0.
    nothing = 0 if pre else None
    rows = [_empty(columns, row, nothing) if isinstance(row, LeftOut) else _cells(columns, row) for row in listed]
    what = _KIND_ZH[Run.Kind(run.kind)]
    return Sheet(
        name=f"{1 if pre else 2}-{official.number}",
        zh=f"{authority.name_zh}{run.year}年度{official.lines_zh}配额{what}明细表",
        en=f"{authority.name_en}, {run.year}: {_KIND_EN[Run.Kind(run.kind)]}, {run.sector}",
        columns=columns,
        rows=rows,
    )


def _of_units(authority: Authority, year: int, kind: str, runs: Sequence[Run]) -> Sheet:
    pre = kind == Run.Kind.PRE_ALLOCATION
    found = [
        row for run in runs for row in run.settlements.order_by().select_related("unit", "withholding__differentiation")
    ]
    columns = pre_allocation_units(_deducted_for(found)) if pre else DETERMINATION_UNITS
    rows = sorted(found, key=lambda row: (row.unit.credit_code, row.run.sector))
    return Sheet(
        name="1-5" if pre else "2-5",
        zh=f"{authority.name_zh}{year}年度重点排放单位配额{_KIND_ZH[Run.Kind(kind)]}明细表",
        en=f"{authority.name_en}, {year}: {_KIND_EN[Run.Kind(kind)]} by unit",
        columns=columns,
        rows=[_cells(columns, row) for row in (_by_unit(rows) if pre else rows)],
    )


def _deducted_for(rows: Sequence[Settlement]) -> list[int]:
    """Note on each settlement what is deducted for which year (`deducted_for`); the years, in their order."""
    by_settlement: dict[int, dict[int, int]] = defaultdict(dict)
    moved = DeductionMovement.objects.filter(settlement__run__in={row.run_id for row in rows}, taken__gt=0).order_by()
    sums = moved.values_list("settlement", "deduction__year").annotate(Sum("taken"))
    for settlement, year, taken in sums:
        by_settlement[settlement][year] = taken
    for row in rows:
        row.deducted_for = by_settlement.get(row.pk, {})  # type: ignore[attr-defined]
    return sorted({year for each in by_settlement.values() for year in each})


def _by_unit(rows: Iterable[Settlement]) -> list[Settlement]:
    """Table 1-5 has one row per unit: the settlements of its sectors added up (never saved)."""
    by_unit: dict[int, Settlement] = {}
    for row in rows:
        if row.unit_id not in by_unit:
            by_unit[row.unit_id] = Settlement(run=row.run, unit=row.unit)
            by_unit[row.unit_id].deducted_for = {}  # type: ignore[attr-defined]
        whole = by_unit[row.unit_id]
        whole.deducted_for = dict(Counter(whole.deducted_for) + Counter(row.deducted_for))  # type: ignore[attr-defined]
        if mark := differentiation_of(row):
            whole.withheld_by = mark  # type: ignore[attr-defined]
        for field in ("pre_allocated", "deducted", "issued_now", "outstanding"):
            setattr(whole, field, getattr(whole, field) + getattr(row, field))
    return list(by_unit.values())


def _cells(columns: Iterable[Column], row: Award | Settlement) -> list[Cell]:
    return [column.read(row) for column in columns]


def _empty(columns: Sequence[Column], left: LeftOut, nothing: Cell) -> list[Cell]:
    """A line that was left out: named, with the reason as its remark, and `nothing` where its result would stand."""
    return [column.read(left) if column.of_line else nothing for column in columns]


def _sum(cells: Iterable[Cell]) -> Cell:
    numbers = [cell for cell in cells if isinstance(cell, int | Decimal)]
    return sum(numbers[1:], numbers[0]) if numbers else 0
