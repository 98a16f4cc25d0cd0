"""What a year that turns out as forecast would bring in quota: the plan's own method, fed with an estimate. Nothing is stored."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from allocation import plans
from allocation.deductions import balances
from allocation.method.determination import Determination, determine_line
from allocation.method.line_facts import LineInput, UnusableLineError, with_unit_totals
from allocation.method.plan_rules import Rules, rules_of
from allocation.models import BalanceValue
from allocation.scope import rate_of
from registry.law import calendar
from registry.models import Unit
from registry.values.exact import half_up
from reporting.models import Package
from reporting.queries.unit_year import Course, LineCourse, course

__all__ = ["Prospect", "prospect"]

State = BalanceValue.State


@dataclass(frozen=True, slots=True)
class Prospect:
    """The forecast year of a unit's lines determined; `balance_value` is the latest published, maybe of an earlier year."""

    course: Course
    plan: plans.Plan | None
    balance_value: BalanceValue | None
    lines: tuple[Determination, ...] = ()
    faults: tuple[tuple[str, str], ...] = ()
    decided: int = 0  # tonnes that earlier decisions deduct from the year's quota in the sector, those that its runs took among them

    @property
    def quota(self) -> int:
        return sum(line.quota for line in self.lines)

    @property
    def due(self) -> int:
        return sum(line.due for line in self.lines)

    @property
    def deducted(self) -> int:
        """What of it would not be issued: no more than there is."""
        return min(self.decided, self.quota)

    @property
    def surplus(self) -> int:
        """Of what would be issued: less what earlier decisions deduct."""
        return self.quota - self.deducted - self.due


def prospect(unit: Unit, sector: str, year: int, day: dt.date) -> Prospect:
    """The unit's year in a sector as it looked at the end of `day`. Two queries more than the course."""
    found = course(Package.objects.all(), unit, sector, year, day)
    plan = _plan(sector, year)
    published = BalanceValue.objects.filter(sector=sector, state=State.PUBLISHED, year__lte=year)
    value = published.filter(published_at__lte=calendar.end_of(day)).order_by("-year").first()
    if plan is None:
        return Prospect(found, None, value)
    rules = rules_of(plan, sector, year)
    if rules.needs_balance_value:
        if value is None or value.value is None:
            return Prospect(found, plan, None)
        rules = rules.at(value.value)
    decided = balances.of_year(unit, sector, year, calendar.end_of(day))
    return Prospect(found, plan, value, *_determined(unit, found.lines, rules), decided)


def _plan(sector: str, year: int) -> plans.Plan | None:
    """The plan in force, else the latest draft: a draft can be looked at, nothing is issued from it."""
    try:
        return plans.in_force(sector, year)
    except plans.NoPlanInForceError:
        return next(reversed(plans.drafts(sector, year)), None)


def _determined(
    unit: Unit, lines: Iterable[LineCourse], rules: Rules
) -> tuple[tuple[Determination, ...], tuple[tuple[str, str], ...]]:
    inputs = [given for line in lines if (given := _input(unit, line)) is not None]
    determined, faults = [], []
    for given in with_unit_totals(inputs):
        try:
            determined.append(determine_line(given, rules))
        except UnusableLineError as error:
            faults.append((given.line, error.message))
    return tuple(determined), tuple(faults)


def _input(unit: Unit, line: LineCourse) -> LineInput | None:
    """The line's year as forecast; None for a line of which nothing is submitted this year."""
    if line.emissions is None or line.main_emissions is None or line.output is None:
        return None
    replaced, whole = line.slag.get("replaced"), line.slag.get("whole")
    return LineInput(
        line=line.line.code,
        emissions=line.emissions.tonnes,
        main_emissions=half_up(line.main_emissions.expected, 2),
        output=half_up(line.output.expected, 2),
        kind=line.line.kind,
        carbide_slag_rate=rate_of(replaced / whole) if replaced is not None and whole else None,
        commissioned=line.line.commissioned,
        closed=line.line.closed,
        unit=unit.credit_code,
    )
