"""Which of the calendar's deadlines stand on whose home."""

import datetime as dt

import pytest

from quota_site.home import deadlines
from registry.law import calendar

# The people are asked for by name, which doesn't say that a database is wanted.
pytestmark = pytest.mark.django_db

MARCH, AUTUMN = (dt.date(2026, 3, 15), dt.date(2026, 7, 31)), (dt.date(2026, 9, 1), dt.date(2026, 12, 31))

# Ahead in each time, of the year 2025: annual report 03-31, pre-allocation 04-10, verification 07-31; determined 09-20, issued 09-30,
# surrender 12-31. Beside them months' evidence.
EXPECTED = {
    "verifier": (["verification"], []),
    "registrar_operator": (["pre_allocation"], ["issue", "surrender"]),
    "registrar_approver": (["pre_allocation"], ["issue", "surrender"]),
    "analyst": (["pre_allocation", "verification"], ["determination", "surrender"]),
    "ministry_approver": (["pre_allocation", "verification"], ["determination", "surrender"]),
}


def steps(person, days):
    return [each.parameter.id.removeprefix("deadline.") for each in deadlines.upcoming(person, *days)]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_role_reads_the_steps_that_it_has_a_part_in(name, request):
    person = request.getfixturevalue(name)
    assert (steps(person, MARCH), steps(person, AUTUMN)) == EXPECTED[name]


@pytest.mark.parametrize("name", ["clerk", "unit_approver", "officer", "approver", "auditor"])
def test_units_provinces_and_the_auditor_read_all(name, request):
    person = request.getfixturevalue(name)
    for days in (MARCH, AUTUMN):
        assert deadlines.upcoming(person, *days) == calendar.upcoming(*days)


def test_every_step_is_one_of_the_calendar():
    assert frozenset().union(*deadlines.STEPS.values()) <= set(calendar.rules())
