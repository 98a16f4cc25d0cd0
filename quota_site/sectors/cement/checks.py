"""What is usual of a clinker line."""

from collections.abc import Iterator
from fractions import Fraction

from reporting.checks.context import Checked
from reporting.checks.plausibility import is_ordinary, outside
from reporting.checks.sector import Checks
from reporting.findings import Finding
from reporting.guidelines import SOLID


def heat_is_usual(checked: Checked) -> Iterator[Finding]:
    """Coal heat per tonne of clinker."""
    if (band := checked.band("band.cement.heat")) is None:
        return
    low, high = band
    for line, total in checked.sound_lines.items():
        heat = _coal_heat(checked, line)
        if is_ordinary(checked, line) and total.output > 0 and heat:
            ratio = heat / Fraction(total.output)
            if not low <= ratio <= high:
                yield outside(checked.stated_at(line, "line_fuel"), "heat.out_of_band", line, ratio, low, high)


def _coal_heat(checked: Checked, line: str) -> Fraction:
    """GJ of solid fuel into the line."""
    heat = Fraction(0)
    for row in checked.settled.table("line_fuel", line=line):
        fuel = checked.guideline.fuels.get(row.item)
        if fuel is not None and fuel.state == SOLID:
            stated = row.number("ncv")
            heat += Fraction(row.amount()) * Fraction(fuel.ncv if stated is None else stated)
    return heat


CHECKS = Checks(usual=(heat_is_usual,))
