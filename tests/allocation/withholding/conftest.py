"""Units under differentiated issuance: marked, their quota withheld, the duty met from it.

甲 (`unit`) is determined 991,176 t and owes 1,000,000 t; 乙 (`rival_unit`) 1,008,823 t and owes 1,000,000 t (tests/allocation/conftest.py).
"""

import pytest

from allocation.compliance import notices, surrender
from allocation.models import Certificate, Differentiation, Holding, Release, Run
from allocation.withholding import designations
from registry.permissions.roles import Role
from tests import worlds
from tests.allocation.conftest import NOTICED
from tests.cast import at

MARKED = at("2026-08-20 09:00")


ASKED = at("2026-11-01 09:00")


RELEASED = at("2026-11-10 09:00")


PRE, DET = Run.Kind.PRE_ALLOCATION, Run.Kind.DETERMINATION


Mark, Freed = Differentiation.State, Release.State


@pytest.fixture(autouse=True)
def _listed(request, unit, list_in_directory):
    """The unit stands in the directories of both years, also where no results of theirs are needed."""
    if "steel" not in request.fixturenames:
        for year in (2024, 2025):
            list_in_directory(unit, year)


@pytest.fixture
def mark(officer, approver):
    """`mark(unit)`: the unit's steel quota of 2025 is withheld."""

    def act(of, sector="steel", year=2025, ground="clear_risk"):
        made = designations.propose(of, sector, year, ground=ground, facts="连续亏损", by=officer, at=MARKED)
        return designations.approve(made, shown=designations.seen(made), by=approver, at=MARKED)

    return act


@pytest.fixture
@worlds.part
def rival_approver(make_person, rival_unit):
    return make_person(Role.UNIT_APPROVER, "乙企业审批人", username="rival-approver", unit=rival_unit)


@pytest.fixture
def surrendered(approver, registrar_operator):
    """`surrendered(unit, 400_000, clerk, approver)`: requested and executed."""

    def act(of, tonnes, clerk, second):
        request = surrender.request(of, 2025, {2025: tonnes}, by=clerk, at=ASKED)
        surrender.confirm(request, by=second, at=ASKED)
        surrender.approve(request, by=approver, at=ASKED)
        return surrender.execute(request, by=registrar_operator, at=ASKED)

    return act


@pytest.fixture
def withheld_year(steel, publish, issued, mark, officer, hebei):
    """`withheld_year(unit)`: the unit is marked, its quota withheld, and it has its notice."""

    def act(of, *, in_advance=False):
        mark(of)
        if in_advance:
            issued(PRE)
        publish()
        letter = issued(DET)
        notices.send(hebei, 2025, by=officer, at=NOTICED)
        return letter

    return act


def own(of):
    row = Holding.objects.filter(account__unit=of, vintage=2025).first()
    return (row.amount, row.reserved) if row else (0, 0)


def apart(of):
    row = Holding.objects.filter(account__held_for=of, vintage=2025).first()
    return (row.amount, row.reserved) if row else (0, 0)


@pytest.fixture
@worlds.world
def complete(withheld_year, rival_unit, rival_clerk, rival_approver, surrendered):
    """乙's duty of 1,000,000 t is met from the 1,008,823 t withheld: 8,823 remain."""
    withheld_year(rival_unit)
    surrendered(rival_unit, 1_000_000, rival_clerk, rival_approver)
    assert Certificate.objects.filter(unit=rival_unit).exists()
    return rival_unit
