"""What tests of deductions share: a decision that is entered or in force, and what is left of it."""

import datetime as dt

import pytest

from allocation import deductions
from allocation.deductions import Decision, balances
from allocation.models import Deduction, Settlement
from tests.cast import at

ENTERED = at("2026-03-02 09:00")


IN_FORCE = at("2026-03-03 09:00")


@pytest.fixture
def decide(unit, officer, approver):
    """`decide("核减1号", 100)`: a decision in force."""

    def act(number, tonnes, on="2026-01-05", *, of=None, sector="steel", year=2024, ground="not_surrendered"):
        decision = Decision((of or unit).credit_code, sector, number, dt.date.fromisoformat(on), year, tonnes, ground)
        made = deductions.enter(decision, by=officer, at=ENTERED)
        (made,) = deductions.approve([made], shown=deductions.seen([made]), by=approver, at=IN_FORCE)
        return made

    return act


def entered(of, officer, **changed):
    usual = {
        "unit": of.credit_code,
        "sector": "steel",
        "number": "核减1号",
        "decided_on": dt.date(2026, 1, 5),
        "year": 2024,
        "tonnes": 100,
        "ground": "not_surrendered",
    }
    return deductions.enter(Decision(**{**usual, **changed}), by=officer, at=at("2026-12-01"))


def left(*rows):
    found = {row.pk: row.left for row in balances.with_left(Deduction.objects.all())}
    return [found[row.pk] for row in rows]


def row_of(letter_or_run, unit):
    runs_of = letter_or_run.runs.all() if hasattr(letter_or_run, "runs") else [letter_or_run]
    return Settlement.objects.get(run__in=runs_of, unit=unit)
