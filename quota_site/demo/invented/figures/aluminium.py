"""What a smelter's electrolysis processes consume and make."""

from collections.abc import Iterator
from decimal import Decimal

from quota_site.demo.invented.country import LinePlan
from quota_site.demo.invented.figures.rows import Period, Writer, of, rounded
from quota_site.demo.invented.random_values import Chance
from reporting.content import Row

ANODE = "anode"


def rows(lines: tuple[LinePlan, ...], period: Period, chance: Chance) -> Iterator[Row]:
    """The anode ledger, then each process: anodes, liquid aluminium, power."""
    writer = Writer(period, chance)
    made = {line.code: _line(line, period, chance.of(line.code)) for line in lines}
    usual = sum((of(line.capacity / 12, _anode(chance.of(line.code))) for line in lines), Decimal(0))
    yield writer.ledger(ANODE, sum((anode for anode, _metal in made.values()), Decimal(0)), usual)
    for line in lines:
        anode, metal = made[line.code]
        power = of(metal, chance.between("13.20", "13.70", line.code, "power", period.text))
        yield writer.at(line.code).row("electrolysis", anode=anode, amount=metal, power=power)


def _line(line: LinePlan, period: Period, chance: Chance) -> tuple[Decimal, Decimal]:
    """Anodes and liquid aluminium of a process in the period, tonnes."""
    load = chance.between("0.91", "0.98", "load") + chance.between("-0.015", "0.015", "load", period.text)
    days = period.days_from(line.commissioned, line.closed)
    metal = of(line.capacity * load / period.days_of_year, days)
    per_tonne = _anode(chance) * (1 + chance.between("-0.010", "0.010", "anode", period.text))
    progress = 1 - Decimal("0.004") * (period.year - 2024)
    return rounded(metal * per_tonne * progress), metal


def _anode(chance: Chance) -> Decimal:
    """Gross anode consumption for a tonne of liquid aluminium, t; it makes for 1.45 to 1.68 tCO2e/t."""
    return chance.between("0.438", "0.508", "anode")
