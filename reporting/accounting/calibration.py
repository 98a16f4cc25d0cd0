"""Meters without a valid calibration: what they measured is taken at its worst.

    rate(meter, period, guideline) -> Penalty      one meter's, over the period
    penalty(content, row, name) -> Penalty         of a row's quantity, NONE where every meter was in order
    required(meter, guideline) -> Decimal          the accuracy that the law requires of it, %, whatever is typed beside it

Day by day: no certificate covers it → the required accuracy, or the known error if that is more; a certificate covers it whose found
error is above the required accuracy → what it exceeds it by; else nothing. p is the mean over the period's days.

What can't be yet is not believed: a certificate dated after the period says nothing of the period, neither by itself nor about the one
before it; and that one lasted no longer than a certificate may.

What emits is multiplied by (1 + p); what is deducted, leaves a process, or counts as output by (1 − p): either way the works gains
nothing from an uncertain meter. A negative amount (own gas sold net) is deducted, so its size is multiplied by (1 − p).
"""

import datetime as dt
from calendar import monthrange
from decimal import Decimal
from fractions import Fraction

from registry.values.exact import half_up
from reporting.accounting.equations import NONE, Amount, Penalty, quantity, size_of
from reporting.content import Content, Row, first_day, last_day
from reporting.guidelines import GAS, LIQUID, Guideline, for_period

WEIGHING = "weighing"

UNCOVERED = {"larger": max}
"""What a day without a certificate costs, by the law's method: of the required accuracy and the known error."""

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


def required(meter: Row, guideline: Guideline) -> Decimal:
    """The accuracy that the law requires of the meter, %: by what is metered, not by what the unit states."""
    return guideline.number(f"accuracy.{class_of(meter.item, guideline)}")


def class_of(item: str, guideline: Guideline) -> str:
    """The law's class of the meters of a fuel or material: gases and liquids have their own, all else is weighed."""
    fuel = guideline.fuels.get(item)
    return fuel.state if fuel is not None and fuel.state in (GAS, LIQUID) else WEIGHING


def rate(meter: Row, period: str, guideline: Guideline) -> Penalty:
    """What one meter costs in the period."""
    accuracy, error = Fraction(required(meter, guideline)), Fraction(meter.amount("error"))
    without = UNCOVERED[guideline.method("calibration.known_error")](accuracy, error)
    covered, uncovered, days = covered_days(meter, period, guideline)
    parts = [(without, uncovered), (max(Fraction(0), error - accuracy), covered)]
    charged = [(percent, count) for percent, count in parts if percent and count]
    share = sum((percent / 100 * Fraction(count, days) for percent, count in charged), Fraction(0))
    return Penalty(share, " + ".join(_words(percent, count, days) for percent, count in charged))


def covered_days(meter: Row, period: str, guideline: Guideline) -> tuple[int, int, int]:
    """Days of the period that the latest certificate covers, days that none covers, and all days."""
    first, last = first_day(period), last_day(period)
    days = (last - first).days + 1
    if is_premature(meter, period):
        return 0, days, days
    calibrated, until = meter.day("calibrated"), valid_until(meter, guideline)
    covered = _days(max(first, calibrated), min(last, until)) if calibrated and until else 0
    earlier = _earlier_days(meter, first, last, guideline)
    return covered, days - covered - earlier, days


def is_premature(meter: Row, period: str) -> bool:
    """Whether a certificate is dated after the period: then it can't say what the meter was like in it. One that is still valid after
    the period is the latest, and without the day on which it began not known to have begun at all."""
    calibrated, before = meter.day("calibrated"), meter.day("before")
    if calibrated is None:
        return before is not None and before > last_day(period)
    return calibrated > last_day(period)


def _earlier_days(meter: Row, first: dt.date, last: dt.date, guideline: Guideline) -> int:
    """Days of the period that the certificate before the latest covered: none before it can have begun, none of the latest's."""
    calibrated, before = meter.day("calibrated"), meter.day("before")
    if before is None:
        return 0
    began = months_later(before, -int(guideline.number("calibration.months"))) + dt.timedelta(days=1)
    ended = min(last, before) if calibrated is None else min(last, before, _day_before(calibrated))
    return _days(max(first, began), ended)


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
    year = max(dt.MINYEAR, min(year, dt.MAXYEAR))  # whatever a cell says, nothing here raises
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _day_before(day: dt.date) -> dt.date:
    return day if day == dt.date.min else day - dt.timedelta(days=1)


def _days(first: dt.date, last: dt.date) -> int:
    return max(0, (last - first).days + 1)


def _words(percent: Fraction, count: int, days: int) -> str:
    plain = f"{half_up(percent, 2).normalize():f}%"  # accuracies and errors have two decimals, so nothing is lost
    return plain if count == days else f"{plain} × {count}/{days}"
