"""One cell of text: the exact number, day or code in it, or why there is none. Nothing is guessed."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from django.utils.translation import gettext as _

from registry.values.printed import plain

V = TypeVar("V")
# Reads a cell; raises CellError.
Parse = Callable[[str], V]

_NUMBER = re.compile(r"\d{1,18}(\.\d{1,18})?", re.ASCII)
# A day as ISO has it, or as Chinese spreadsheets write it: 2015/3/1, 2015年3月1日, with the midnight that some add.
_DAY = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?(?: 0?0:00(?::00)?)?", re.ASCII)
_SEPARATED = re.compile(r"[+-]?\d{1,3}([,，' ]\d{3})+(\.\d+)?", re.ASCII)
_EXPONENT = re.compile(r"[+-]?\d+(\.\d*)?e[+-]?\d+", re.ASCII | re.IGNORECASE)

# A cell that begins so is run as a formula by a spreadsheet; by some also if the mark is written in full width.
FORMULA_MARKS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
# Letters and symbols that are drawn as nothing, beside the blanks, controls and joining signs that their category tells.
_UNSEEN = "\u115f\u1160\u2800\u3164\uffa0"


def clean(text: str) -> str:
    """A cell without what no reader sees: blanks round it, zero-width signs anywhere, line breaks within."""
    seen = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    return " ".join(seen.split()) if "\n" in seen or "\r" in seen else seen.strip()


class CellError(ValueError):
    """What is wrong with a cell, in words that follow the column's name."""


def number(text: str) -> Decimal:
    """A plain number not below zero: digits, at most 18 before and 18 after a point."""
    if not _NUMBER.fullmatch(text):
        raise CellError(_not_a_number(text))
    return Decimal(text)


def amount(text: str) -> Decimal:
    """A number as a page prints it or a person types it: thousands separators and full-width digits are taken, too."""
    return number(plain(text))


def whole(text: str, digits: int = 15) -> int:
    """A whole number, typed or printed, of at most so many digits."""
    try:
        value = amount(text)
    except CellError:
        value = Decimal("0.5")
    if value != value.to_integral_value() or value >= 10**digits:
        raise CellError(_("“%(text)s” is not a whole number") % {"text": text})
    return int(value)


def words(text: str, longest: int) -> str:
    """A text that the database has room for, without signs that can't be printed."""
    if len(text) > longest:
        said = {"limit": longest, "count": len(text)}
        raise CellError(_("has %(count)d characters; at most %(limit)d are allowed") % said)
    if not text.isprintable():
        raise CellError(_("holds characters that can't be printed"))
    return text


def fraction(text: str) -> Decimal:
    """A number from 0 to 1."""
    value = number(text)
    if value > 1:
        raise CellError(_("“%(text)s” is above 1; a rate is a fraction: 15 %% is written 0.15") % {"text": text})
    return value


def day(text: str) -> dt.date:
    """A day written 2025-07-31, 2025/7/31 or 2025年7月31日."""
    if parts := _DAY.fullmatch(unicodedata.normalize("NFKC", text)):
        try:
            return dt.date(*map(int, parts.groups()))
        except ValueError:
            pass
    raise CellError(_("“%(text)s” is not a day; write it as 2025-07-31") % {"text": text})


def code(text: str) -> str:
    """A line's or unit's code; one that a spreadsheet would run as a formula is refused.

    It will stand in the output, and there it must be what came in, or nobody finds the line again: so it can't be made harmless there.
    """
    if not text:
        raise CellError(_("is missing"))
    if text.startswith(FORMULA_MARKS):
        raise CellError(_("“%(text)s” begins like a formula") % {"text": text})
    if not text.isprintable():
        raise CellError(_("holds characters that can't be printed"))
    return text


def inert(text: str) -> str:
    """Text passed through, such that no spreadsheet runs it: a formula's mark is preceded by an apostrophe."""
    seen = next((sign for sign in text if not _is_unseen(sign)), "")
    runs = text.startswith(FORMULA_MARKS) or unicodedata.normalize("NFKC", seen).startswith(FORMULA_MARKS)
    harmless = not runs or _NUMBER.fullmatch(text.removeprefix("-"))
    return text if harmless else "'" + text


def _is_unseen(sign: str) -> bool:
    """Whether a reader, and a spreadsheet that looks for a formula's mark, may pass over the sign."""
    return sign in _UNSEEN or unicodedata.category(sign)[0] in "ZC" or unicodedata.category(sign) == "Mn"


def _not_a_number(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    if plain != text and _NUMBER.fullmatch(plain):
        message = _("“%(text)s” is written in full-width characters; write %(plain)s")
    elif _SEPARATED.fullmatch(text):
        message = _("“%(text)s” has thousands separators; write the digits alone")
    elif _EXPONENT.fullmatch(text):
        message = _("“%(text)s” has an exponent, and so may have lost digits; write the number in full")
    elif text[:1] in ("-", "−", "－"):
        message = _("“%(text)s” is below zero or not a number")
    elif text.replace(".", "", 1).isdecimal() and text.isascii():
        message = _("“%(text)s” has too many digits, or none on one side of its point")
    else:
        message = _("“%(text)s” is not a number")
    return message % {"text": text, "plain": plain}
