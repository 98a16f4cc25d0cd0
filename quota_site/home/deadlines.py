"""Which steps of the yearly calendar a role has a part in (market.md §1); the others are not on its home."""

import datetime as dt

from allocation.compliance import owed
from allocation.models import Notice
from registry import directory
from registry.law import calendar
from registry.models import Person
from registry.permissions.roles import MINISTRY_ROLES, REGISTRAR_ROLES, Role
from reporting.filing import deadlines as filing_deadlines
from reporting.models import AnnualReport

__all__ = ["upcoming"]

# Who isn't here sees every step: units and provinces have a part in each, the auditor looks at all.
STEPS: dict[str, frozenset[str]] = {
    Role.VERIFIER: frozenset({"deadline.verification"}),
    # Credits quota when it is issued, in advance and as determined, and executes surrender.
    **dict.fromkeys(REGISTRAR_ROLES, frozenset({"deadline.pre_allocation", "deadline.issue", "deadline.surrender"})),
    # The balance value rests on what is verified and comes before quota is determined; the plan gives both allocations.
    **dict.fromkeys(
        MINISTRY_ROLES,
        frozenset({"deadline.verification", "deadline.pre_allocation", "deadline.determination", "deadline.surrender"}),
    ),
}


def upcoming(person: Person, day: dt.date, until: dt.date) -> list[calendar.Deadline]:
    """The coming deadlines in which the person has a part; a unit's people see the days set for it, too."""
    if person.unit_id is not None:
        return _still_binding(filing_deadlines.upcoming(person.unit_id, day, until), person.unit_id, day)
    steps = STEPS.get(person.role)
    found = calendar.upcoming(day, until)
    return found if steps is None else [each for each in found if each.parameter.id in steps]


def _still_binding(found: list[calendar.Deadline], unit: int, day: dt.date) -> list[calendar.Deadline]:
    """Without the deadlines that the unit has met: a year surrendered in full, a year reported in all its sectors. Four queries."""
    done = {("deadline.surrender", year) for year in _surrendered(unit, day)}
    done |= {("deadline.annual_report", year) for year in _reported(unit)}
    return [each for each in found if (each.parameter.id, each.year) not in done]


def _surrendered(unit: int, day: dt.date) -> set[int]:
    notices = Notice.objects.filter(unit=unit)
    given = owed.surrenders(notices, calendar.end_of(day))
    stated = owed.stated(notices, calendar.end_of(day))
    return {one.year for one in stated if sum(tonnes for _at, tonnes in given.get(one.pk, ())) >= one.due_then}


def _reported(unit: int) -> set[int]:
    filed = AnnualReport.objects.filter(unit=unit, state=AnnualReport.State.FILED).values_list("year", "sector")
    asked = set(directory.ever_listed().filter(unit=unit).values_list("year", "sector"))
    missing = {year for year, _sector in asked - set(filed)}
    return {year for year, _sector in filed} - missing
