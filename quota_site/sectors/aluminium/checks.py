"""What is usual of an electrolysis process."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from reporting.checks.context import Checked
from reporting.checks.plausibility import outside
from reporting.checks.sector import Checks
from reporting.findings import Finding


def anode_is_usual(checked: Checked) -> Iterator[Finding]:
    """Gross anode per tonne of liquid aluminium."""
    if (band := checked.band("band.aluminium.anode")) is None:
        return
    low, high = band
    for line, total in checked.sound_lines.items():
        row = checked.content.find("electrolysis", line)
        anode = row.amount("anode") if row else Decimal(0)
        if total.output > 0 and anode:
            ratio = Fraction(anode) / Fraction(total.output)
            if not low <= ratio <= high:
                place = checked.stated_at(line, "electrolysis", name="anode")
                yield outside(place, "anode.out_of_band", line, ratio, low, high)


CHECKS = Checks(usual=(anode_is_usual,))
