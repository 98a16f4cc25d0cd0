"""What the checks may know beside the month itself; everything may be missing, and then the checks that need it stay silent."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from string import ascii_uppercase

from registry.law import Law
from reporting.accounting.calorific_tests import settled
from reporting.accounting.terms import Accounts, LineTotal
from reporting.content import Content, Datum, Row, Unstated, days_in, first_day, last_day, tables
from reporting.content import Place as DataPlace
from reporting.control_plan import Place, Plan, Standing, group_of, standing
from reporting.findings import Finding, both
from reporting.guidelines import Guideline, for_period, kind_of, thresholds
from reporting.workbook.definition import IDENTITY, IDENTITY_SHEET, Form, Group, Words
from reporting.workbook.forms import form_for
from reporting.workbook.reading.survey import column_letters
from reporting.workbook.sector import of as workbook_of
from reporting.workbook.writing.pages import IDENTITY_FIRST_ROW, IDENTITY_VALUE

Spot = tuple[str, str]
"""Sheet and cell of a finding."""

NOWHERE: Spot = ("", "")


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line as the registry knows it; `capacity` in the sector's own measure (sectors)."""

    code: str
    kind: str = ""
    capacity: Decimal | None = None
    commissioned: dt.date | None = None
    closed: dt.date | None = None

    def runs_in(self, period: str) -> bool:
        """Whether it exists at any time of the period."""
        began = self.commissioned is None or self.commissioned <= last_day(period)
        return began and (self.closed is None or self.closed >= first_day(period))


@dataclass(frozen=True, slots=True)
class PeerFacts:
    """One month's intensities of the lines of one sector and kind: how many, median, median distance from it, quartiles."""

    count: int
    median: Decimal
    mad: Decimal
    lower: Decimal
    upper: Decimal


@dataclass(frozen=True, slots=True)
class CheckContext:
    """`earlier` are the unit's months before this one, newest first, at most twelve; `intensities` by line those months' own
    intensities, newest first; `lines` None means that the unit's lines aren't known; `today` is the day of submission; `peers` by kind
    of line the month of the whole sector; `law` the thresholds with the ministry's changes, without which the file's own count;
    `plans` the control plans in force on the period's days, () where none is, None where that isn't known;
    `measured` by fuel an earlier period, of any year, in which it was measured: asked only for fuels that have the default now."""

    lines: Mapping[str, LineFacts] | None = None
    earlier: tuple[Content, ...] = ()
    last_accounts: Accounts | None = None
    intensities: Mapping[str, tuple[Decimal, ...]] = field(default_factory=dict)
    today: dt.date | None = None
    peers: Mapping[str, PeerFacts] = field(default_factory=dict)
    law: Law | None = None
    plans: tuple[Plan, ...] | None = None
    measured: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """What one check looks at: a month or year with its accounts, and what is known beside it."""

    content: Content
    accounts: Accounts
    context: CheckContext

    @cached_property
    def guideline(self) -> Guideline:
        return for_period(self.content.sector, self.content.period)

    @cached_property
    def form(self) -> Form:
        return form_for(self.content.sector, self.content.period)

    @cached_property
    def _groups(self) -> dict[tuple[str, str, str], Group | None]:
        return {}

    def group(self, row: Row) -> Group | None:
        """The workbook's group that a row belongs to."""
        known = (row.table, row.process, row.item)
        if known not in self._groups:
            self._groups[known] = group_of(self.form, row)
        return self._groups[known]

    def estimate(self, row: Row, name: str) -> Standing:
        """What the plans in force fixed for the row's datum where it is missing."""
        group = self.group(row)
        if group is None:
            return Standing()
        return standing(self.context.plans or (), Place(group.key, row.line, row.item, name), self.content.period)

    @cached_property
    def law(self) -> Law:
        return self.context.law or thresholds()

    @cached_property
    def settled(self) -> Content:
        """The content with the means of its tests in place, as it is accounted."""
        return settled(self.content, self.guideline)

    @cached_property
    def days(self) -> int:
        return days_in(self.content.period)

    @cached_property
    def last(self) -> Content | None:
        """The month directly before, if it is known; a year has none."""
        if self.content.is_year or not self.context.earlier:
            return None
        before = self.context.earlier[0]
        follows = not before.is_year and last_day(before.period) + dt.timedelta(days=1) == first_day(
            self.content.period
        )
        return before if follows else None

    def threshold(self, name: str) -> Decimal:
        """A threshold as it stood when the period began."""
        return self.law[name].number(first_day(self.content.period))

    def band(self, name: str) -> tuple[Decimal, Decimal] | None:
        """A band's two ends; None where there is none, or it is taken from the cohort."""
        ends = self.law[name].at(first_day(self.content.period)).value if name in self.law else None
        return (Decimal(str(ends[0])), Decimal(str(ends[1]))) if isinstance(ends, tuple) else None

    def widening(self, name: str) -> Decimal | None:
        """By how much a band goes beyond the middle half of the cohort; None where it isn't taken from there."""
        value = self.law[name].at(first_day(self.content.period)).value if name in self.law else None
        return None if value is None or isinstance(value, tuple) else Decimal(str(value))

    @cached_property
    def faulty(self) -> frozenset[DataPlace]:
        """Where something stands that can't be read, and has its finding: of what rests on it nothing more is said."""
        return frozenset(place for place, cell in self.content.unstated.items() if cell.is_faulty)

    def is_faulty(self, row: Row, *names: str) -> bool:
        """Whether any of a row's data is such."""
        return any((row.table, row.line, row.process, row.item, name) in self.faulty for name in names)

    def is_doubtful(self, *tables: str, kind: str = "", line: str = "") -> bool:
        """Whether any datum of the tables is such, of a fuel whatever its origin, and of one line, where they are asked for."""
        return any(
            table in tables and line in ("", of) and (not kind or kind_of(item) in ("", kind))
            for table, of, _process, item, _name in self.faulty
        )

    @cached_property
    def sound_lines(self) -> Mapping[str, LineTotal]:
        """The totals of the lines whose figures rest on nothing that can't be read; a unit's one line's on the whole workbook."""
        totals = self.accounts.totals.lines
        doubtful = {line for _table, line, *_rest in self.faulty if line}
        whole = tables.of(self.content.sector).one_line and bool(self.faulty)
        return {line: total for line, total in totals.items() if line not in doubtful and not whole}

    def sound(self, table: str) -> Iterator[Row]:
        """The records of a register all of whose cells can be read."""
        return (row for row in self.content.table(table) if not row.garbled)

    def heading(self, line: str) -> Spot:
        """The cell that names a line; of a content that knows no headings the line's first datum."""
        own = (datum for row in self.content.rows if row.line == line for datum in row.data.values())
        first = next(((datum.sheet, datum.cell) for datum in own), NOWHERE)
        return self.content.headings.get(line, first)

    def stated_at(self, line: str, table: str, process: str = "", name: str = "amount") -> Spot:
        """The largest of a line's data of one kind, else the empty cell for it, else the line's heading."""
        rows = [row for row in self.content.table(table, line=line, process=process) if name in row.data]
        if rows:
            datum = max(rows, key=lambda row: row.amount(name)).data[name]
            return datum.sheet, datum.cell
        for (*kind, _item, datum_name), cell in self.content.unstated.items():
            if (*kind, datum_name) == (table, line, process, name):
                return cell.sheet, cell.cell
        return self.heading(line)

    def output_at(self, line: str) -> Spot:
        """What decides most of a figure of a line: what its output is counted from."""
        return self.stated_at(line, *tables.of(self.content.sector).output)

    def ledger_at(self, item: str, name: str) -> Spot:
        """The cell of a ledger, stated or empty; of an item that has none the ledgers' first cell."""
        row = self.content.find("fuel", item=item) or Row("fuel", item=item)
        empty = self.content.unstated.get(("fuel", "", "", item, name))
        stated = [datum for each in self.content.table("fuel") for datum in each.data.values()]
        others = [cell for (table, *_rest), cell in self.content.unstated.items() if table == "fuel"]
        anywhere: list[Datum | Unstated] = [*row.data.values(), *stated, *others]
        found = row.data.get(name) or empty or next(iter(anywhere), None)
        return (found.sheet, found.cell) if found else NOWHERE

    def largest(self, line: str = "") -> Spot:
        """The largest number of a line, or of the whole file."""
        rows = [row for row in self.content.rows if line in ("", row.line)]
        data = [datum for row in rows for datum in row.data.values() if isinstance(datum.value, Decimal)]
        place = max(data, key=lambda datum: datum.value, default=None)
        return (place.sheet, place.cell) if place else self.heading(line)

    def next_line(self) -> Spot:
        """Where a line that isn't there should stand: below all lines, where their headings are."""
        sheet = next((sheet for sheet, _cell in self.content.headings.values()), "")
        data = [datum for row in self.content.rows for datum in row.data.values()]
        known: list[Datum | Unstated] = [*data, *self.content.unstated.values()]
        rows = [int(each.cell.lstrip(ascii_uppercase)) for each in known if each.sheet == sheet and each.cell]
        return (sheet, f"B{max(rows) + 1}") if sheet and rows else NOWHERE

    @property
    def period_at(self) -> Spot:
        """The cell that says for when the file is."""
        row = IDENTITY_FIRST_ROW + list(IDENTITY).index("period")
        return IDENTITY_SHEET, f"{column_letters(IDENTITY_VALUE)}{row + 1}"

    def days_stopped(self, line: str) -> Decimal:
        row = self.content.find("stop", line)
        return row.amount("days") if row else Decimal(0)

    def name(self, row: Row) -> str:
        """The row's fuel or material, with its line and process, in words for either reader."""
        known = self._words(row)
        process = workbook_of(self.content.sector).processes.get(row.process)
        parts = (
            row.line,
            both(process.zh, process.en) if process else row.process,
            both(known.zh, known.en) if known else row.item,
        )
        return " · ".join(part for part in parts if part)

    def _words(self, row: Row) -> Words | None:
        """What the form calls the row's fuel or material: where it stands, else anywhere."""
        group = self.group(row)
        found = {item.code: item.words for item in group.items} if group else {}
        return found.get(row.item) or self._all_words.get(row.item)

    @cached_property
    def _all_words(self) -> Mapping[str, Words]:
        items = [item for group, _each_line in self.form.groups.values() for item in group.items]
        return {item.code: item.words for item in reversed(items)}

    def calorific_values(self, *tables: str, tested: bool = False) -> Iterator[tuple[Row, Datum]]:
        """Every net calorific value that is stated; `tested`: also those that are left to the tests."""
        content = self.settled if tested else self.content
        for row in content.table(*(tables or ("fuel", "process_in", "process_out", "power", "line_fuel"))):
            if "ncv" in row.data and row.item in self.guideline.fuels:
                yield row, row.data["ncv"]


def at(datum: Datum | None, code: str, **params: str) -> Finding:
    """A finding at the cell that a datum was read from."""
    return Finding(code, datum.sheet if datum else "", datum.cell if datum else "", params)
