"""What is verified of many units, beside their proposals."""

from registry.directory import figures
from tests.cast import at

WHEN = at("2026-12-01")


def test_the_figures_beside_many_are_those_beside_one(unit, rival_unit, make_line, verify):
    for number, own in enumerate((unit, rival_unit), 1):
        verify(make_line(own), 2025, 40_000 * number)
    found = figures.verified_of_many([unit.pk, rival_unit.pk], WHEN)
    assert found == {own.pk: figures.verified(own, WHEN) for own in (unit, rival_unit)}
    assert found[rival_unit.pk] == {2025: 80_000}
