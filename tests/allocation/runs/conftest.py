"""What tests of quota determined again share.

At BP 0.85 a line with E 1,000,000 and I 0.90 gets 1,000,000 × (1 − 0.15 × 0.05/0.85) = 991,176.47… → 991,176;
with E 900,000 and main 810,000 (I 0.90 again, output 900,000) 900,000 × (1 − 0.0088235…) = 892,058.82… → 892,058;
with E 1,100,000 and main 990,000 (output 1,100,000) 1,090,294.11… → 1,090,294.
"""

import pytest

from allocation import letters
from allocation.letters import issuance
from allocation.models import Run, Settlement
from registry.models import Line
from tests.cast import at

CHANGED = at("2026-10-12 09:00")


AGAIN = at("2026-10-19 09:00")


SURRENDERED = at("2026-11-02 09:00")


AFTER_DEADLINE = at("2027-01-11 09:00")


Kind, State, Ground = Run.Kind, Run.State, Run.Ground


LOWER, HIGHER, SAME = (900_000, "810000", "900000"), (1_100_000, "990000", "1100000"), (1_000_000, "900000", "1000000")


@pytest.fixture
def change(verify, unit):
    """`change(LOWER)`: 甲's result of 2025 has another version."""

    def act(result, when=CHANGED):
        emissions, main, output = result
        return verify(Line.objects.get(unit=unit), 2025, emissions, main, output, when=when)

    return act


@pytest.fixture
def again(determined_again):
    """`again(when)`: re-determined, and approved."""

    def act(when=AGAIN, ground=Ground.CHANGED_RESULT, *, approve=True):
        return determined_again(when, ground, approved=approve)

    return act


@pytest.fixture
def settle(officer, registrar_operator, registrar_approver, hebei):
    """`settle(when)`: the letter over what was re-determined is written, sent and executed."""

    def act(when=AGAIN):
        number = f"更正{when:%Y%m%d%H}号"
        letter = letters.write(hebei, 2025, Kind.DETERMINATION, number=number, by=officer, at=when)
        letter = issuance.prepare(letters.send(letter, by=officer, at=when), by=registrar_operator, at=when)
        return issuance.execute(letter, by=registrar_approver, at=when)

    return act


def of(run, unit) -> Settlement:
    return Settlement.objects.get(run=run, unit=unit)
