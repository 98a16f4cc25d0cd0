"""What a cement unit's clinker lines burn and make."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from quota_site.demo.invented.country import LinePlan
from quota_site.demo.invented.figures.rows import Period, Writer, of, rounded
from quota_site.demo.invented.random_values import Chance
from reporting.content import Row
from reporting.guidelines import Guideline

COAL, DIESEL = "bituminous", "diesel"


def rows(own_lines: tuple[LinePlan, ...], period: Period, chance: Chance, guideline: Guideline) -> Iterator[Row]:
    """The unit's ledger, then the fuels, clinker and alternative materials of each of its lines that exists in the period."""
    writer, lines = (
        Writer(period, chance),
        tuple(line for line in own_lines if period.days_from(line.commissioned, line.closed)),
    )
    measures = chance.happens(60, "measures ncv")
    ncv = _ncv(period, chance, guideline) if measures else guideline.fuels[COAL].ncv
    made = {line.code: _line(line, period, chance.of(line.code), ncv) for line in lines}
    # The stock keeps its measure when a line comes or goes, else it would not go on from month to month.
    usual = sum((_usual_coal(line, chance.of(line.code)) for line in own_lines), Decimal(0))
    coal = sum((figures[1] for figures in made.values()), Decimal(0))
    yield writer.ledger(COAL, coal, usual)
    yield writer.ledger(DIESEL, Decimal(8 * period.months * len(lines)), Decimal(8 * len(own_lines)))
    stated: dict[str, Decimal] = {"ncv": ncv} if measures else {}
    for line in lines:
        own, (clinker, burnt) = writer.at(line.code), made[line.code]
        if stopped := _stop_days(line, period, chance.of(line.code)):
            yield own.stop(stopped, _stopped_on(line, period))
        yield own.row("line_fuel", COAL, amount=burnt, **stated)
        yield own.row("line_fuel", DIESEL, amount=Decimal(8 * period.months))
        yield own.row("clinker", "white" if line.kind == "white" else "portland", amount=clinker)
        yield from _alternatives(own, line, clinker, chance.of(line.code), guideline)


def _line(line: LinePlan, period: Period, chance: Chance, ncv: Decimal) -> tuple[Decimal, Decimal]:
    """Clinker and coal of a line in the period, tonnes."""
    days = period.days_from(line.commissioned, line.closed) - _stop_days(line, period, chance)
    load = chance.between("0.82", "0.96", "load") + chance.between("-0.03", "0.03", "load", period.text)
    clinker = of(line.capacity * load, days)
    heat = _heat(line, chance) * (1 + chance.between("-0.010", "0.010", "heat", period.text)) * _progress(period)
    return clinker, rounded(clinker * heat / ncv)


def _heat(line: LinePlan, chance: Chance) -> Decimal:
    """Coal heat for a tonne of clinker, GJ; white and by-product clinker take more."""
    if line.kind in ("white", "gypsum_acid"):
        return chance.between("3.70", "3.82", "heat")
    return chance.between("2.98", "3.62", "heat")


def _progress(period: Period) -> Decimal:
    """Every year takes a little less heat than the one before."""
    return 1 - Decimal("0.006") * (period.year - 2024)


def _ncv(period: Period, chance: Chance, guideline: Guideline) -> Decimal:
    default = guideline.fuels[COAL].ncv
    return rounded(default * (1 + chance.between("-0.050", "0.030", "ncv", period.text)), 3)


def _usual_coal(line: LinePlan, chance: Chance) -> Decimal:
    """About a month's coal of the line."""
    return of(line.capacity * 27, _heat(line, chance) / 23)


def _stop_days(line: LinePlan, period: Period, chance: Chance) -> int:
    """A week's overhaul once a year, four weeks where a whole year is told."""
    if period.months == 12:
        return chance.whole(14, 28, "stops", period.text)
    overhaul = f"{period.year}-{chance.whole(2, 12, 'overhaul', period.year):02}"
    runs_all_month = period.days_from(line.commissioned, line.closed) == period.days
    return chance.whole(4, 8, "stops", period.text) if period.text == overhaul and runs_all_month else 0


def _stopped_on(line: LinePlan, period: Period) -> dt.date:
    return max(period.first, line.commissioned) + dt.timedelta(days=9)


def _alternatives(own: Writer, line: LinePlan, clinker: Decimal, chance: Chance, guideline: Guideline) -> Iterator[Row]:
    """Carbide slag at the line's rate, phosphogypsum of an acid line, a little steel slag elsewhere."""
    factor, deducted = guideline.factors("clinker")["portland"].value, guideline.factors("alternative")
    if line.slag_rate:
        rate = (line.slag_rate + chance.between("-2.0", "2.0", "rate", own.period.text)) / 100
        slag = clinker * rate * factor / deducted["carbide_slag"].value
        yield own.row("alternative", "carbide_slag", amount=rounded(slag))
    elif line.kind == "gypsum_acid":
        share = chance.between("0.80", "0.95", "gypsum", own.period.text)
        yield own.row("alternative", "phosphogypsum", amount=of(clinker, share))
    elif line.kind == "" and chance.happens(30, "takes slag"):
        share = chance.between("0.010", "0.030", "slag", own.period.text)
        yield own.row("alternative", "steel_slag", amount=of(clinker, share))
