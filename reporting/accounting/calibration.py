"""Meters without a valid calibration: what they measured is taken at its worst.

    rate(meter, period, guideline) -> Penalty      one meter's, over the period
    penalty(content, row, name) -> Penalty         of a row's quantity, NONE where every meter was in order

Day by day: no certificate covers it → the required accuracy (or what the found error exceeds it by, if that is more); a certificate
covers it whose found error is above the required accuracy → what it exceeds it by; else nothing. p is the mean over the period's days.

What emits is multiplied by (1 + p); what is deducted, leaves a process, or counts as output by (1 − p): either way the works gains
nothing from an uncertain meter. A negative amount (own gas sold net) is deducted, so its size is multiplied by (1 − p).
"""

import datetime as dt
from calendar import monthrange
from decimal import Decimal
from fractions import Fraction

from registry.exact import half_up
from reporting.accounting.equations import NONE, Amount, Penalty, quantity, size_of
from reporting.content import Content, Row, first_day, last_day
from reporting.guidelines import Guideline, for_period

PENALTY = "_penalty"
"""In a year's row: the quantity that the months' penalties came to, beside the quantity."""


def measures(row: Row, name: str) -> str:
    """What a meter of this quantity says that it measures: table/process/name."""
    return f"{row.table}/{row.process}/{name}"


def penalty(content: Content, row: Row, name: str) -> Penalty:
    """The penalty on a row's quantity; of several meters of one quantity the highest counts, for all of it."""
    if (summed := row.number(name + PENALTY)) is not None:
        size = size_of(row, name)
        return Penalty(Fraction(summed) / Fraction(size), f"{summed:f}/{size:f}") if size else NONE
    guideline = for_period(content.sector, content.period)
    meters = (
        meter
        for meter in content.table("meter", line=row.line)
        if meter.item == row.item and meter.words("measures") == measures(row, name)
    )
    return max(
        (rate(meter, content.period, guideline) for meter in meters), key=lambda found: found.share, default=NONE
    )


def output_of(content: Content, row: Row | None, guideline: Guideline, name: str = "amount") -> Decimal:
    """A row's output as it counts: rounded as quantities are, less what its meters cost."""
    if row is None:
        return quantity(Decimal(0), guideline)
    stated = quantity(row.amount(name), guideline)
    exact = Amount.of("Q", stated, penalty(content, row, name), emits=False).exact
    return quantity(exact, guideline)


def rate(meter: Row, period: str, guideline: Guideline) -> Penalty:
    """What one meter costs in the period."""
    accuracy, error = Fraction(meter.amount("accuracy")), Fraction(meter.amount("error"))
    excess = max(Fraction(0), error - accuracy)
    covered, uncovered, days = covered_days(meter, period, guideline)
    parts = [(max(accuracy, excess), uncovered), (excess, covered)]
    charged = [(percent, count) for percent, count in parts if percent and count]
    share = sum((percent / 100 * Fraction(count, days) for percent, count in charged), Fraction(0))
    return Penalty(share, " + ".join(_words(percent, count, days) for percent, count in charged))


def covered_days(meter: Row, period: str, guideline: Guideline) -> tuple[int, int, int]:
    """Days of the period that the latest certificate covers, days that none covers, and all days."""
    first, last = first_day(period), last_day(period)
    days = (last - first).days + 1
    calibrated, until = meter.day("calibrated"), valid_until(meter, guideline)
    before = meter.day("before")
    if calibrated is None or until is None:
        earlier = _days(first, min(last, before)) if before else 0
        return 0, days - earlier, days
    covered = _days(max(first, calibrated), min(last, until))
    earlier = _days(first, min(last, before, calibrated - dt.timedelta(days=1))) if before else 0
    return covered, days - covered - earlier, days


def valid_until(meter: Row, guideline: Guideline) -> dt.date | None:
    """The last day that the latest certificate covers: what it says itself, at most the guideline's months."""
    calibrated, stated = meter.day("calibrated"), meter.day("valid_until")
    if calibrated is None:
        return None
    longest = months_later(calibrated, int(guideline.number("calibration.months"))) - dt.timedelta(days=1)
    return longest if stated is None else min(stated, longest)


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day so many months on, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    year = min(year, dt.MAXYEAR)  # whatever a cell says, nothing here raises
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _days(first: dt.date, last: dt.date) -> int:
    return max(0, (last - first).days + 1)


def _words(percent: Fraction, count: int, days: int) -> str:
    plain = f"{half_up(percent, 2).normalize():f}%"  # accuracies and errors have two decimals, so nothing is lost
    return plain if count == days else f"{plain} × {count}/{days}"
