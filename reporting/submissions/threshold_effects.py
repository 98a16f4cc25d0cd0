"""What a changed threshold would have found in the latest month submitted, from the figures that stand in tables.

Each threshold that can be tried so has a function that gives the numbers it is compared with; a band is left by a number outside it,
any other threshold by a number above it. The others are compared with what stands in the workbooks only, and are not tried.
"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from registry.law import Law, NotInForceError, calendar
from registry.parameters import Effect
from registry.parameters.values import Value
from registry.values.sectors import Sector
from reporting.checks.context import PeerFacts
from reporting.checks.plausibility import by_capacity, change_of, score_of
from reporting.content import first_day
from reporting.models import LineTotalRow, Package
from reporting.submissions import peers

__all__ = ["effect_of"]

Measured = Callable[[str, Law, dt.date], list[Fraction]]


def effect_of(parameter: str, law: Law, value: Value, day: dt.date) -> Effect | None:
    """The findings of the latest month as they are and as they would be with the value; at most a few queries in all."""
    measure = MEASURES.get(parameter)
    period = _latest_month(day)
    if measure is None or period is None:
        return None
    try:
        present = law[parameter].at(first_day(period)).value
        numbers = measure(period, law, day)
    except NotInForceError:
        return None
    pairs = [(_is_found(number, present), _is_found(number, value)) for number in numbers]
    return Effect(
        period=period,
        checked=len(pairs),
        before=sum(was for was, _would in pairs),
        appear=sum(would and not was for was, would in pairs),
        disappear=sum(was and not would for was, would in pairs),
    )


def _latest_month(day: dt.date) -> str | None:
    months = Package.objects.filter(state__in=peers.COUNTED, period__contains="-", period__lte=f"{day:%Y-%m}")
    return months.order_by("-period").values_list("period", flat=True).first()


def _is_found(number: Fraction, threshold: Value) -> bool:
    if isinstance(threshold, tuple):
        low, high = (Fraction(str(end)) for end in threshold)
        return not low <= number <= high
    return number > Fraction(str(threshold))


def _rows(sector: str, period: str) -> list[LineTotalRow]:
    return list(peers.handed_in(sector, period).select_related("line"))


def _intensity(row: LineTotalRow) -> Fraction | None:
    return Fraction(row.main_emissions) / Fraction(row.output) if row.output > 0 else None


def _uses_of_capacity(period: str, _law: Law, _day: dt.date) -> list[Fraction]:
    return [
        Fraction(row.output) / by_capacity(sector, row.line.capacity, period)
        for sector in Sector.values
        for row in _rows(sector, period)
    ]


def _intensities(sector: str, period: str) -> list[Fraction]:
    """Those of ordinary lines; a special kind has no band."""
    ordinary = (row for row in _rows(sector, period) if not row.line.kind)
    return [exact for row in ordinary if (exact := _intensity(row)) is not None]


def _changes(period: str, _law: Law, _day: dt.date) -> list[Fraction]:
    """Per cent, whichever way, of emissions, output and intensity against the month before."""
    before = (first_day(period) - dt.timedelta(days=1)).strftime("%Y-%m")
    found = []
    for sector in Sector.values:
        then = {row.line_id: row for row in _rows(sector, before)}
        pairs = ((row, then[row.line_id]) for row in _rows(sector, period) if row.line_id in then)
        for now, last in pairs:
            figures: list[tuple[Decimal | Fraction | None, Decimal | Fraction | None]] = [
                (Decimal(now.emissions), Decimal(last.emissions)),
                (now.output, last.output),
                (_intensity(now), _intensity(last)),
            ]
            found += [abs(change) for pair in figures if (change := change_of(*pair)) is not None]
    return found


def _scores(period: str, law: Law, day: dt.date) -> list[Fraction]:
    """Robust z-scores against the peers' month, of lines that have peers enough."""
    least = _least(law, period)
    found = []
    for sector in Sector.values:
        months = {
            kind: month
            for kind, month in peers.facts(sector, period, calendar.end_of(day)).items()
            if month.count >= least
        }
        for row in _rows(sector, period):
            month, own = months.get(row.line.kind), _intensity(row)
            score = score_of(own, Fraction(month.median), Fraction(month.mad)) if month and own is not None else None
            found += [] if score is None else [abs(score)]
    return found


def _band(sector: str) -> Measured:
    """The intensities that a band is about, or how far they lie outside the cohort's middle half where it is taken from there."""

    def measured(period: str, law: Law, day: dt.date) -> list[Fraction]:
        own = _intensities(sector, period)
        if isinstance(law[f"band.{sector}.intensity"].at(first_day(period)).value, tuple):
            return own
        return _distances(own, peers.facts(sector, period, calendar.end_of(day)).get(""), _least(law, period))

    return measured


def _least(law: Law, period: str) -> Decimal:
    return law["outlier.peers.least"].number(first_day(period))


def _distances(own: list[Fraction], month: PeerFacts | None, least: Decimal) -> list[Fraction]:
    """How far outside the middle half of the cohort, in interquartile ranges; 0 within."""
    if month is None or month.count < least:
        return []
    lower, upper = Fraction(month.lower), Fraction(month.upper)
    return [max(lower - each, each - upper, Fraction(0)) / (upper - lower) for each in own] if upper > lower else []


MEASURES: dict[str, Measured] = {
    "capacity.factor": _uses_of_capacity,
    **{f"band.{sector}.intensity": _band(sector) for sector in Sector.values},
    "change.month": _changes,
    "outlier.peers.score": _scores,
}
