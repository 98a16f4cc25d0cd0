"""A workbook's formulas computed as a spreadsheet program would: only the functions that ours use, in doubles like theirs."""

import datetime as dt
import functools
import operator
import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl

from registry.values.exact import half_up

EPOCH = dt.date(1899, 12, 30)
TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)|"(?P<text>(?:[^"]|"")*)"|(?P<name>[A-Z]+)\(|"""
    r"""(?P<place>(?:'[^']+'!)?\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?)|(?P<word>TRUE|FALSE)|(?P<sign><>|<=|>=|[-+*/&=<>(),]))"""
)
# How closely a sign binds.
RANKS = dict.fromkeys(("=", "<>", "<", ">", "<=", ">="), 0) | {"&": 1, "+": 2, "-": 2, "*": 3, "/": 3}
COMPARED = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
CALCULATED = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


class Broken(Exception):
    """What a spreadsheet shows as #N/A, #VALUE! or #DIV/0!."""


class Column(list[Any]):
    """A range, as a list of its rows; what is computed with it is computed row by row."""


@functools.cache  # the same formulas stand in every workbook of a form
def _tokens(text: str) -> list[re.Match[str]]:
    return list(TOKEN.finditer(text))


class Book:
    """`Book(data)["sheet", row, column]` is what the cell shows; rows and columns count from 1 as in openpyxl."""

    def __init__(self, data: bytes) -> None:
        self.book = openpyxl.load_workbook(BytesIO(data))
        self.known: dict[tuple[str, int, int], Any] = {}

    def __getitem__(self, place: tuple[str, int, int]) -> Any:
        if place not in self.known:
            value = self.book[place[0]].cell(*place[1:]).value
            self.known[place] = Formula(self, place[0], value[1:]).value() if _is_formula(value) else _plain(value)
        return self.known[place]


class Formula:
    """One formula, computed while it is read; what a branch doesn't need is passed over."""

    def __init__(self, book: Book, sheet: str, text: str) -> None:
        self.book, self.sheet, self.tokens, self.at = book, sheet, _tokens(text), 0

    def value(self) -> Any:
        return self._binary()

    def _sign(self) -> str:
        return self.tokens[self.at]["sign"] or "" if self.at < len(self.tokens) else ""

    def _binary(self, rank: int = 0) -> Any:
        """What signs join that bind at least as closely."""
        left = self._single()
        while RANKS.get(sign := self._sign(), -1) >= rank:
            self.at += 1
            right = self._binary(RANKS[sign] + 1)
            left = _each(left, right, functools.partial(_computed, sign))
        return left

    def _single(self) -> Any:
        token = self.tokens[self.at]
        self.at += 1
        if token["sign"] == "-":
            return -_number(self._single())
        if token["sign"] == "(":
            inner = self._binary()
            self.at += 1
            return inner
        if token["name"]:
            return self._call(token["name"])
        if token["place"]:
            return self._place(token["place"])
        if token["text"] is not None:
            return token["text"].replace('""', '"')
        return token["word"] == "TRUE" if token["word"] else float(token["number"])

    def _place(self, text: str) -> Any:
        sheet, _, cells = text.rpartition("!")
        name = sheet.strip("'") or self.sheet
        ends = [re.fullmatch(r"\$?([A-Z]+)\$?(\d+)", end) for end in cells.split(":")]
        (first, top), (last, bottom) = [
            (openpyxl.utils.column_index_from_string(e[1]), int(e[2])) for e in (ends[0], ends[-1])
        ]
        if len(ends) == 1:
            return self.book[name, top, first]
        bottom = min(bottom, self.book.book[name].max_row)
        rows = [[self.book[name, row, column] for column in range(first, last + 1)] for row in range(top, bottom + 1)]
        return Column(row[0] for row in rows) if first == last else rows

    def _arguments(self, *, only: Callable[[int, list[Any]], bool] = lambda place, before: True) -> list[Any]:
        """What stands in the brackets; of those that aren't wanted None. What is broken is an argument, too."""
        found: list[Any] = []
        while True:
            start = self.at
            try:
                found.append(self._binary() if only(len(found), found) else self._passed_over())
            except (Broken, ZeroDivisionError) as broken:
                self.at = start
                self._passed_over()
                found.append(broken)
            self.at += 1
            if self.tokens[self.at - 1]["sign"] == ")":
                return found

    def _passed_over(self) -> None:
        """On to the comma or bracket that ends an argument."""
        depth = 0
        while depth or self._sign() not in {",", ")"}:
            depth += bool(self.tokens[self.at]["name"]) or {"(": 1, ")": -1}.get(self._sign(), 0)
            self.at += 1

    def _call(self, name: str) -> Any:
        if name == "IF":
            found = self._arguments(only=lambda place, before: place == 0 or bool(_sound(before[0])) == (place == 1))
            return _sound(found[1] if _sound(found[0]) else found[2])
        found = self._arguments()
        if name == "IFERROR":
            return _sound(found[1]) if isinstance(found[0], Exception) else found[0]
        return FUNCTIONS[name](*map(_sound, found))


def _sound(value: Any) -> Any:
    if isinstance(value, Exception):
        raise Broken from value
    return value


def _is_formula(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("=")


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return float((value.date() - EPOCH).days)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _each(left: Any, right: Any, act: Callable[[Any, Any], Any]) -> Any:
    if isinstance(left, Column) or isinstance(right, Column):
        count = len(left) if isinstance(left, Column) else len(right)
        ours, theirs = (each if isinstance(each, Column) else [each] * count for each in (left, right))
        return Column(act(a, b) for a, b in zip(ours, theirs, strict=True))
    return act(left, right)


def _computed(sign: str, left: Any, right: Any) -> Any:
    if sign == "&":
        return _text(left) + _text(right)
    if sign in COMPARED:
        if isinstance(left, str) or isinstance(right, str):  # asked is only whether they are the same
            same = _text(left).casefold() == _text(right).casefold()
            return {"=": same, "<>": not same}.get(sign, "=" in sign)
        return COMPARED[sign](_number(left), _number(right))
    return CALCULATED[sign](_number(left), _number(right))


def _text(value: Any) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _number(value: Any) -> float:
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            raise Broken from None
    return float(value or 0)


def _numbers(values: Sequence[Any]) -> list[float]:
    flat = [each for value in values for each in (value if isinstance(value, list) else [value])]
    return [float(each) for each in flat if isinstance(each, int | float)]


def _round(value: Any, places: float) -> Any:
    """As spreadsheets round: by the fifteen digits that they show; a range row by row."""
    if isinstance(value, Column):
        return Column(_round(each, places) for each in value)
    return float(half_up(Decimal(f"{_number(value):.15g}"), int(places)))


def _left(value: Any, count: int) -> Any:
    return Column(_left(each, count) for each in value) if isinstance(value, Column) else _text(value)[:count]


def _fits(value: Any, criterion: Any) -> bool:
    wanted = _text(criterion)
    return _text(value).startswith(wanted[:-1]) if wanted.endswith("*") else _text(value) == wanted


def _sumif(keys: Column, criterion: Any, values: Column) -> float:
    return sum(_numbers([value for key, value in zip(keys, values, strict=False) if _fits(key, criterion)]))


def _averageif(keys: Column, criterion: Any, values: Column) -> float:
    found = _numbers([value for key, value in zip(keys, values, strict=False) if _fits(key, criterion)])
    return sum(found) / len(found)


def _match(wanted: Any, column: Column, _exactly: float) -> float:
    try:
        return float([_text(each).casefold() for each in column].index(_text(wanted).casefold()) + 1)
    except ValueError:
        raise Broken from None


def _vlookup(wanted: Any, rows: list[list[Any]], column: float, _near: bool) -> Any:
    return rows[int(_match(wanted, Column(row[0] for row in rows), 0)) - 1][int(column) - 1]


def _date(year: Any, month: Any, day: Any) -> float:
    more, index = divmod(int(_number(month)) - 1, 12)
    return float((dt.date(int(_number(year)) + more, index + 1, 1) - EPOCH).days) + _number(day) - 1


def _edate(day: Any, months: float) -> float:
    start = EPOCH + dt.timedelta(days=int(_number(day)))
    year, month = divmod(start.year * 12 + start.month - 1 + int(months), 12)
    return float((dt.date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])) - EPOCH).days)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "OR": lambda *values: any(bool(value) for value in values),
    "AND": lambda *values: all(bool(value) for value in values),
    "AVERAGEIF": _averageif,
    "DATE": _date,
    "EDATE": _edate,
    "INDEX": lambda column, place: column[int(place) - 1],
    "ISNUMBER": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "LEFT": lambda text, count=1: _left(text, int(count)),
    "LEN": lambda text: float(len(_text(text))),
    "MATCH": _match,
    "MAX": lambda *values: max(_numbers(values), default=0.0),
    "MID": lambda text, start, count: _text(text)[int(start) - 1 : int(start) - 1 + int(count)],
    "MIN": lambda *values: min(_numbers(values), default=0.0),
    "N": lambda value: float(value) if isinstance(value, int | float) else 0.0,
    "ROUND": _round,
    "SUMIF": _sumif,
    "SUMPRODUCT": lambda value: sum(_numbers([value])),
    "VLOOKUP": _vlookup,
}
