"""A unit's months in a row: tonnes, each line's intensity beside its own past and its peers, and what the year may come to.

Only what is submitted counts, as it stood at the end of a day; so everybody who may see the unit sees the same.
"""

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import QuerySet

from registry.law import calendar
from registry.models import Line, Unit
from registry.values.exact import half_up
from reporting.accounting import items
from reporting.accounting.sector import of as accounting_of
from reporting.checks.context import PeerFacts
from reporting.content import days_in, first_day, last_day
from reporting.models import LineTotalRow, Package
from reporting.periods import has_months, periods_of
from reporting.periods.expected import asked_of_unit
from reporting.queries.as_of import standings
from reporting.queries.forecast import Forecast, forecast, together
from reporting.submissions import peers

__all__ = ["Course", "LineCourse", "Month", "Point", "course"]

YEARS_BACK = 2  # whose same months a forecast looks at
DRAWN = 12  # months that lead up to a card's month


@dataclass(frozen=True, slots=True)
class Point:
    """A line's month beside its peers': `own` is None where nothing is submitted or nothing was made."""

    period: str
    own: Decimal | None = None
    before: Decimal | None = None  # the same month a year earlier
    band: PeerFacts | None = None

    @property
    def ends(self) -> tuple[Decimal, Decimal] | None:
        return None if self.band is None else (self.band.lower, self.band.upper)

    @property
    def place(self) -> str:
        """Where the line stands: below, within or above its peers' middle half; "" where that can't be said."""
        if self.own is None or self.band is None:
            return ""
        if self.own < self.band.lower:
            return "below"
        return "above" if self.own > self.band.upper else "within"


@dataclass(frozen=True, slots=True)
class LineCourse:
    """A line's months of the year and the one before, and its year as it may come to."""

    line: Line
    points: tuple[Point, ...]
    emissions: Forecast | None
    main_emissions: Forecast | None
    output: Forecast | None
    slag: Mapping[str, Fraction]  # cement: what the carbide-slag rate of the months so far is made from

    def up_to(self, period: str) -> tuple[Point, ...]:
        """The months that lead up to this one."""
        before = [point for point in self.points if point.period <= period]
        return tuple(before[-DRAWN:])

    @property
    def year_end(self) -> str:
        """The last month that is drawn."""
        return self.points[-1].period

    @property
    def told(self) -> list[Point]:
        """The months of which there is something to tell."""
        return [point for point in self.points if point.own is not None]


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the unit: its tonnes, those of the year up to it, and those of the same month a year earlier."""

    period: str
    tonnes: int | None
    running: int
    before: int | None


@dataclass(frozen=True, slots=True)
class Course:
    """A unit's year in one sector."""

    months: tuple[Month, ...]
    forecast: Forecast | None
    lines: tuple[LineCourse, ...]

    @property
    def total(self) -> int:
        """The tonnes of the months that are submitted."""
        return sum(month.tonnes or 0 for month in self.months)

    def of_month(self, period: str) -> list[tuple[Line, Point, tuple[Point, ...]]]:
        """Of each line that states an intensity for the month: that month, and those that lead up to it."""
        return [
            (line.line, run[-1], run)
            for line in self.lines
            if (run := line.up_to(period)) and run[-1].period == period and run[-1].own is not None
        ]

    @property
    def handed_in(self) -> int:
        return sum(month.tonnes is not None for month in self.months)


def course(packages: QuerySet[Package], unit: Unit, sector: str, year: int, day: dt.date) -> Course:
    """The year as it stood at the end of `day`, from those of the packages that are the unit's. Six queries; three more for a past day.

    Who asks sees no more than the packages given: a verifier's hold no other year than the one that is verified.
    """
    at = calendar.end_of(day)
    years = range(year - YEARS_BACK, year + 1)
    rows = packages.filter(unit=unit, sector=sector, year__in=years)
    counted = {
        then.submission.pk: (then.period, then.submission.emissions)
        for then in standings(rows, day)
        if then.submission is not None and then.state in peers.COUNTED
    }
    tonnes = {period: emissions for period, emissions in counted.values() if emissions is not None}
    asked = asked_of_unit(unit.pk, sector, year)
    by_line = _by_line({pk: period for pk, (period, _emissions) in counted.items()})
    drawn = [period for each in (year - 1, year) if has_months(each) for period in periods_of(each)]
    bands = peers.bands(sector, drawn, at) if by_line else {}
    lines = tuple(_line(totals, drawn, asked, tonnes, bands) for totals in by_line.values())
    known = [line.emissions for line in lines if line.emissions is not None]
    return Course(months=_months(asked, tonnes), forecast=together(asked, tonnes, known), lines=lines)


def _months(asked: list[str], tonnes: Mapping[str, int]) -> tuple[Month, ...]:
    months, running = [], 0
    for period in asked:
        running += tonnes.get(period, 0)
        months.append(Month(period, tonnes.get(period), running, tonnes.get(_year_before(period))))
    return tuple(months)


def _by_line(periods: Mapping[int, str]) -> dict[int, dict[str, LineTotalRow]]:
    """The totals of those versions, by line and period, in the order of the lines' codes. One query."""
    found: dict[int, dict[str, LineTotalRow]] = {}
    rows = LineTotalRow.objects.filter(submission__in=periods).select_related("line").order_by("line__code")
    for row in rows:
        found.setdefault(row.line_id, {})[periods[row.submission_id]] = row
    return found


def _line(
    totals: Mapping[str, LineTotalRow],
    drawn: list[str],
    asked: list[str],
    submitted: Mapping[str, int],
    bands: Mapping[tuple[str, str], PeerFacts],
) -> LineCourse:
    line = next(iter(totals.values())).line
    own = {period: _intensity(row) for period, row in totals.items()}
    points = (
        # Whoever has not submitted sees no peers: nobody shall fit a month to what the others said.
        Point(period, mine, own.get(_year_before(period)), bands.get((line.kind, period)) if mine is not None else None)
        for period in drawn
        for mine in [own.get(period)]
    )
    emissions, main, output = (
        {period: getattr(row, name) for period, row in totals.items()}
        for name in ("emissions", "main_emissions", "output")
    )
    # What was submitted without the line has nothing of it.
    months = [period for period in asked if period in totals or period not in submitted]
    shares = {period: _share(line, period) for period in {*months, *totals}}
    return LineCourse(
        line=line,
        points=tuple(points),
        emissions=forecast(months, emissions, emissions, shares),
        main_emissions=forecast(months, main, main, shares),
        output=forecast(months, output, output, shares),
        slag=_slag(line.sector, [row for period, row in totals.items() if period in asked]),
    )


def _share(line: Line, period: str) -> Fraction:
    """The part of the period's days on which the line exists."""
    first, last = max(first_day(period), line.commissioned), min(last_day(period), line.closed or last_day(period))
    return Fraction(max(0, (last - first).days + 1), days_in(period))


def _intensity(row: LineTotalRow) -> Decimal | None:
    """As a peers' month has it, so that the two can be compared digit by digit."""
    return half_up(Fraction(row.main_emissions) / Fraction(row.output), peers.PLACES) if row.output > 0 else None


def _slag(sector: str, rows: list[LineTotalRow]) -> dict[str, Fraction]:
    """What a rate of replacement is made from in the months so far; empty where a month has no such."""
    parts = [
        accounting_of(sector).replaced(functools.partial(_detail, sector, row), Fraction(row.output)) for row in rows
    ]
    found = [part for part in parts if part is not None]
    if not rows or len(found) < len(rows):
        return {}
    return {
        "replaced": sum((part[0] for part in found), Fraction(0)),
        "whole": sum((part[1] for part in found), Fraction(0)),
    }


def _detail(sector: str, row: LineTotalRow, code: str) -> Fraction | None:
    """What the accounts of a month say of an item, in full where its decimals say less."""
    name = items.item(sector, code).detail or code
    text = row.details.get(name + items.EXACT) or row.details.get(name)
    return None if text is None else Fraction(text)


def _year_before(period: str) -> str:
    return f"{int(period[:4]) - 1}{period[4:]}"
