"""The status of a duty on any day (allocation.md §5), table by table."""

import datetime as dt

import pytest

from allocation.method.compliance_status import LABELS, TONES, Part, Rate, Standing, Status, shares, status
from registry.law.calendar import end_of
from tests.cast import at

DEADLINE = dt.date(2026, 12, 31)
SOME, REST = (at("2026-11-01 10:00"), 40), (at("2026-12-31 23:59"), 60)
LATE_REST = (at("2027-01-01 00:00"), 60)


@pytest.mark.parametrize(
    ("surrendered", "day", "expected", "tonnes"),
    [
        ([], "2026-10-01", Status.OPEN, 0),
        ([SOME], "2026-10-31", Status.OPEN, 0),  # the surrender lies ahead of the day asked about
        ([SOME], "2026-11-01", Status.PARTLY, 40),
        ([SOME], "2026-12-31", Status.PARTLY, 40),
        ([SOME], "2027-01-01", Status.OVERDUE, 40),
        ([], "2027-01-01", Status.OVERDUE, 0),
        ([REST, SOME], "2026-12-30", Status.PARTLY, 40),
        ([REST, SOME], "2026-12-31", Status.COMPLETE_ON_TIME, 100),
        ([REST, SOME], "2027-06-01", Status.COMPLETE_ON_TIME, 100),
        ([SOME, LATE_REST], "2026-12-31", Status.PARTLY, 40),
        ([SOME, LATE_REST], "2027-01-01", Status.COMPLETE_LATE, 100),
        ([(at("2026-11-01"), 99)], "2026-12-31", Status.PARTLY, 99),  # one tonne is missing
        ([(at("2026-11-01"), 101)], "2026-12-31", Status.COMPLETE_ON_TIME, 101),
    ],
)
def test_status_on_a_day(surrendered, day, expected, tonnes):
    found = status(100, surrendered, DEADLINE, dt.date.fromisoformat(day))
    assert (found.status, found.surrendered) == (expected, tonnes)


def test_without_notice_nothing_is_due():
    found = status(None, [], None, dt.date(2026, 12, 31))
    assert (found.status, found.due, found.missing) == (Status.NO_NOTICE, 0, 0)


def test_when_it_was_completed_stays_on_record():
    found = status(100, [SOME, LATE_REST], DEADLINE, dt.date(2027, 6, 1))
    assert found.completed_at == LATE_REST[0]


def test_the_rate_both_ways():
    day = dt.date(2026, 12, 31)
    standings = [
        status(100, [REST, SOME], DEADLINE, day),  # 100 of 100, complete
        status(300, [SOME], DEADLINE, day),  # 40 of 300
        status(50, [(at("2026-11-01"), 70)], DEADLINE, day),  # 50 count of 50, the 20 beyond are nobody else's
        status(None, [], None, day),  # not counted
    ]
    # units 2 of 3; tonnes 100 + 40 + 50 = 190 of 450
    assert Rate.of(standings) == Rate(units=3, complete=2, due=450, surrendered=190)


def test_every_status_has_a_name_and_a_tone():
    assert set(LABELS) == set(TONES) == set(Status)


def test_the_last_instant_of_a_day_belongs_to_it():
    """To the day asked about, and to the deadline."""
    last = (end_of(DEADLINE), 100)
    found = status(100, [last], DEADLINE, DEADLINE)
    assert found == Standing(Status.COMPLETE_ON_TIME, 100, 100, last[0])


def test_what_is_missing_and_what_is_over():
    day = dt.date(2027, 1, 1)
    found = status(100, [SOME], DEADLINE, day)
    assert found == Standing(Status.OVERDUE, 100, 40)
    assert (found.missing, found.over) == (60, 0)
    found = status(30, [SOME], DEADLINE, day)  # the duty fell after 40 t were surrendered
    assert (found.missing, found.over) == (0, 10)
    # Before a notice nothing is due, so nothing is beyond it, whichever of its two facts is missing.
    for due, deadline in ((None, None), (None, DEADLINE), (100, None)):
        found = status(due, [SOME], deadline, day)
        assert (found.status, found.missing, found.over, found.surrendered) == (Status.NO_NOTICE, 0, 0, 40)


def test_a_duty_of_nothing_is_met_in_time_and_one_of_a_tonne_is_not():
    day = dt.date(2027, 1, 1)
    assert status(0, [], DEADLINE, day) == Standing(Status.COMPLETE_ON_TIME, 0, 0)
    assert status(0, [SOME], DEADLINE, day).over == 40
    assert status(1, [], DEADLINE, day) == Standing(Status.OVERDUE, 1, 0)


def test_a_surrender_counts_for_one_sector_after_another():
    """130 t for 100 of cement, then by name 20 of aluminium and 50 of steel: 100, 20 and the 10 that are left."""
    due = {"steel": 50, "cement": 100, "aluminium": 20}
    found = shares("cement", due, 130)
    assert list(found.items()) == [("cement", Part(100, 100)), ("aluminium", Part(20, 20)), ("steel", Part(50, 10))]
    assert [part.missing for part in found.values()] == [0, 0, 40]
    assert Part(100, 110).missing == 0
