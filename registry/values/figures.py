"""How figures, days and instants are written, one way on every page, paper and export.

Display only: nothing computed may start from these texts. What is missing is written DASH. A float is refused: it has
already lost what these functions promise to show.
"""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from django.utils import timezone
from django.utils.translation import gettext

from registry.law.calendar import LatestDay
from registry.values.bilingual import in_language
from registry.values.exact import half_up

Number = int | Decimal | Fraction

DASH = "—"
MINUS = "\N{MINUS SIGN}"


def tonnes(value: int | Decimal | None) -> str:
    """Tonnes with thousands separators; a Decimal keeps its own decimals, so nothing that decides is hidden."""
    return DASH if value is None else _grouped(_exact(value))


def change(value: int | None) -> str:
    """Whole tonnes that something changes by, with their sign; no change is a plain 0."""
    return f"+{tonnes(value)}" if value is not None and value > 0 else tonnes(value)


def quantity(value: Number | None, places: int | None = None) -> str:
    """A quantity rounded half-up to `places`; without them every decimal it has, which a Fraction can't (TypeError)."""
    if value is None:
        return DASH
    number = _exact(value)
    if places is not None:
        return _grouped(half_up(number, places))
    if isinstance(number, Fraction):
        raise TypeError("a fraction has no decimals of its own: say how many places")
    return _grouped(number)


def percent(fraction: Number | None, places: int = 2) -> str:
    """A fraction (0.0625) as a percentage (6.25%), rounded half-up."""
    return DASH if fraction is None else f"{_grouped(half_up(_exact(fraction) * 100, places))}%"


def coefficient(value: Number | None) -> str:
    """A quota coefficient with its sign and six decimals: what it adds to or takes from the verified emissions."""
    if value is None:
        return DASH
    rounded = half_up(_exact(value), 6)
    return f"+{rounded:f}" if rounded > 0 else _grouped(rounded)


def intensity(value: Number | None) -> str:
    """Tonnes per tonne, half-up to the four decimals of the guidelines; allocation itself uses the unrounded ratio."""
    return quantity(value, 4)


def day(value: dt.date | None) -> str:
    """2026-12-31; an instant is written as its day in Shanghai."""
    if isinstance(value, dt.datetime):
        value = timezone.localdate(value)
    if value is None:
        return DASH
    return at_the_latest(value) if isinstance(value, LatestDay) else value.isoformat()


def day_in_full(value: dt.date | None) -> str:
    """2026年12月31日 or 31 December 2026, as an official paper writes a day; otherwise like `day`."""
    if isinstance(value, dt.datetime):
        value = timezone.localdate(value)
    if value is None:
        return DASH
    said = in_language(f"{value.year}年{value.month}月{value.day}日", f"{value.day} {value:%B} {value.year}")
    return _at_the_latest(value, said) if isinstance(value, LatestDay) else said


def at_the_latest(value: dt.date) -> str:
    """The latest day on which a term can end, and why it isn't known more exactly."""
    return _at_the_latest(value, value.isoformat())


def _at_the_latest(value: dt.date, said: str) -> str:
    facts = {"day": said, "year": value.year}
    return gettext("%(day)s at the latest (the holidays of %(year)s have not been announced yet)") % facts


def stored_day(value: dt.date | None) -> str:
    """A day in a fact that is stored and read in either language; ≤ stands before the latest day that a term can end on."""
    if value is None:
        return DASH
    return f"≤ {value.isoformat()}" if isinstance(value, LatestDay) else value.isoformat()


def instant(value: dt.datetime | None) -> str:
    """2026-12-31 23:59 in Shanghai; naive datetimes are refused (ValueError)."""
    return DASH if value is None else timezone.localtime(value).strftime("%Y-%m-%d %H:%M")


def month(value: str | dt.date | None) -> str:
    """2025-07, from a date or from text that already says so; ValueError for any other text."""
    if value is None:
        return DASH
    if isinstance(value, str):
        value = dt.date.fromisoformat(f"{value}-01")
    return f"{value:%Y-%m}"


def _exact(value: Number) -> Number:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
        raise TypeError(f"{value!r} is not an exact number")
    return value


def _grouped(value: Number) -> str:
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    digits = text.removeprefix("-")
    # A rounded loss of nothing is nothing: no "−0.00".
    return digits if digits == text or not digits.strip("0.,") else MINUS + digits
