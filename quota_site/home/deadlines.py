"""Which steps of the yearly calendar a role has a part in (market.md §1); the others are not on its home."""

import datetime as dt

import reporting.deadlines
from registry import calendar
from registry.models import Person
from registry.roles import MINISTRY_ROLES, REGISTRAR_ROLES, Role

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
        return reporting.deadlines.upcoming(person.unit_id, day, until)
    steps = STEPS.get(person.role)
    found = calendar.upcoming(day, until)
    return found if steps is None else [each for each in found if each.parameter.id in steps]
