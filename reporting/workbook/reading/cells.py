"""What a cell's value means: an exact number, a date or a text; and if it can't mean one, the finding that says why.

Why a float from the parser is exact: a spreadsheet keeps numbers as binary doubles and shows at most 15 significant digits. Every decimal
of at most 15 digits survives the way into a double and back, and `repr` gives the shortest decimal that the double stands for; so
what a clerk typed comes back digit by digit. What a formula came to may have a sixteenth and a seventeenth digit, which are the noise of
doubles and which no spreadsheet shows: 0.9 × 0.75 is stored as 0.67499999999999993 and shown, and rounded by the sheet, as 0.675. So 15
digits count (`exact`). Values end below 10¹², so that with two or three decimals they fit into 15 digits. Then they are rounded half-up
to the datum's decimals, as the guidelines say; digits that are lost by it are told (`beyond`).

A page has no numbers, only what was typed: `typed` takes a text for a number where every reader would read the same one, and leaves the
rest as it is, for the finding that says what is wrong with it.
"""

import datetime as dt
import math
import re
import unicodedata
from contextlib import suppress
from decimal import Decimal

from registry.values.exact import half_up
from reporting.findings import both

LARGEST = Decimal(10) ** 12
LONGEST_TEXT = 500
EARLIEST = dt.date(2000, 1, 1)  # before it lies what a spreadsheet makes of a small number
SHOWN = 40

_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_SEPARATED = re.compile(r"[+-]?\d{1,3}([,' \u00a0\u2009\u202f]\d{3})+(\.\d+)?")
# Typed: groups of three by one and the same separator. "0,123" is no such number, and may be meant for a decimal.
_TYPED_PLAIN = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_TYPED_SEPARATED = re.compile(r"[+-]?[1-9][0-9]{0,2}([,' ])[0-9]{3}(\1[0-9]{3})*(\.[0-9]+)?")
_DIGIT = re.compile(r"\d")
_NOT_FINITE = {"nan", "inf", "+inf", "-inf", "infinity", "-infinity"}

Fault = tuple[str, dict[str, str]]
"""A finding's code and params."""


def shown(value: object) -> str:
    """A value as a finding quotes it: a number as it is typed, and words for nothing."""
    text = "".join(sign for sign in _written(value) if sign.isprintable()).strip()
    if not text:
        return both("（空白）", "(empty)")
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _written(value: object) -> str:
    if isinstance(value, float | Decimal) and math.isfinite(value):
        number = exact(value)
        return _typed_so(number) if abs(number) < LARGEST * 1000 else str(value)
    return "" if value is None else str(value)


def exact(value: float | Decimal) -> Decimal:
    """The number as a spreadsheet shows it: of a double the 15 digits that it holds for certain."""
    return value if isinstance(value, Decimal) else Decimal(f"{value:.15g}")


def beyond(value: object, counted: object) -> Decimal | None:
    """A cell's number, if it has digits beyond those that count."""
    if isinstance(counted, Decimal) and isinstance(value, int | float | Decimal) and exact(value) != counted:
        return exact(value)
    return None


def _typed_so(exact: Decimal) -> str:
    """Without the zeros that a double brings along: -5, not -5.0."""
    return f"{exact.normalize():f}"


def is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def is_number(value: object) -> bool:
    """Whether a number stands there, not a text that spells one."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def spells_number(value: object) -> bool:
    """Whether a number stands there, or a text in which every reader would see one."""
    return is_number(value) or (
        isinstance(value, str) and _DIGIT.search(value) is not None and isinstance(typed(value), Decimal)
    )


def number(value: object, places: int, *, may_be_negative: bool = False) -> Decimal | Fault:
    """The exact number in a cell that isn't empty."""
    if isinstance(value, bool):
        return "number.boolean", {}
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return "number.date", {"found": shown(value)}
    if isinstance(value, int | float | Decimal):
        return _finite(value, places, may_be_negative=may_be_negative)
    return _why_text(str(value))


def typed(text: str) -> Decimal | str:
    """The number that a person typed (full-width digits, thousands separators and spaces do no harm), or the text if it is none."""
    narrow = unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace("\u2019", "'").strip()
    if _TYPED_PLAIN.fullmatch(narrow) or _TYPED_SEPARATED.fullmatch(narrow):
        return Decimal(re.sub("[,' ]", "", narrow))
    return text


def _finite(value: float | Decimal, places: int, *, may_be_negative: bool) -> Decimal | Fault:
    if not math.isfinite(value):
        return "number.not_finite", {}
    if value == 0:
        return ("number.negative_zero", {}) if math.copysign(1, value) < 0 else half_up(0, places)
    stated = exact(value)
    if abs(stated) >= LARGEST:
        return "number.too_large", {"found": shown(value), "limit": f"{LARGEST:,f}"}
    if stated < 0 and not may_be_negative:
        return "number.negative", {"found": _typed_so(stated)}
    return half_up(stated, places) or half_up(0, places)


def _why_text(text: str) -> Fault:
    """Text is never taken for a number, since two readers may read it differently; but what is wrong with it can be told."""
    bare, narrow = text.strip(), unicodedata.normalize("NFKC", text).strip()
    quoted = {"found": shown(bare)}
    if narrow.casefold() in _NOT_FINITE:
        return "number.not_finite", {}
    if _PLAIN.fullmatch(bare) and bare.isascii():
        return "number.as_text", quoted
    if _SEPARATED.fullmatch(bare) and narrow.isascii():
        return "number.separators", quoted
    if _PLAIN.fullmatch(narrow) or _SEPARATED.fullmatch(narrow):
        return "number.full_width", quoted
    return "number.text", quoted


def date(value: object) -> dt.date | Fault:
    """The day in a cell that isn't empty: a date cell, or text like 2025-07-31."""
    day = value.date() if isinstance(value, dt.datetime) else value
    if isinstance(value, str):
        with suppress(ValueError):
            day = dt.date.fromisoformat(value.strip().replace("/", "-"))
    if isinstance(day, dt.date) and day >= EARLIEST:
        return day
    return "date.invalid", {"found": shown(value)}


def text(value: object) -> str:
    """A text cell's words; numbers and dates that were typed into it are taken as they are written."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return "" if value is None else str(value).strip()
