"""The year: its values are made from the months' values, and its emissions are computed from them, rounded once."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from registry.values.exact import half_up
from reporting.accounting.calibration import PENALTY, penalty
from reporting.accounting.calorific_tests import settled
from reporting.accounting.equations import ncv_of, net_consumption, product, quantity, size_of
from reporting.content import CALCULATED, DEFAULT, MEASURED, Content, Datum, Key, Row, tables
from reporting.guidelines import Guideline, for_period

WEIGHTED = ("ncv", "moisture")
STOCKS = ("opening", "closing")
OF_THE_LEDGER = ("process_in", "process_out", "power")  # take the works' net calorific value where they state none

NET_SOLD = "net_sold"
"""The part of a fuel's second row in a year in which it was bought in some months, net, and sold in others."""


def year_content(months: Sequence[Content]) -> Content:
    """The year that the months make: amounts summed, stocks from its two ends, ncv and moisture weighted by the row's own consumption.

    ValueError unless the months are of one unit, sector and year, each once.
    """
    months = sorted(months, key=lambda content: content.period)
    _demand_one_year(months)
    months = [_as_accounted(content) for content in months]
    keys = dict.fromkeys(row.key for content in months for row in content.rows)
    lines = dict.fromkeys(line for content in months for line in content.lines)
    first = months[0]
    rows = tuple(row for key in keys for row in _rows(key, months))
    return Content(first.sector, first.period[:4], first.unit, tuple(lines), rows)


def _demand_one_year(months: Sequence[Content]) -> None:
    if not months:
        raise ValueError("a year needs at least one month")
    if len({(content.sector, content.unit, content.period[:4]) for content in months}) > 1:
        raise ValueError("the months are not of one sector, unit and year")
    periods = [content.period for content in months]
    if len(set(periods)) < len(periods) or any(content.is_year for content in months):
        raise ValueError("every month can stand in the year only once, and a year in none")


Value = Decimal | dt.date | str


@dataclass(frozen=True, slots=True)
class Part:
    """A month's row, its guideline, and of a fuel the net calorific value by which it was accounted, with the datum that says it."""

    guideline: Guideline
    row: Row
    ncv: Decimal | None
    said: Datum | None

    @property
    def weight(self) -> Decimal:
        """The quantity of the month's own equation, by which its net calorific value counts in the year's."""
        amount = net_consumption(self.row) if self.row.table == "fuel" else self.row.amount()
        return quantity(amount, self.guideline)


def _as_accounted(content: Content) -> Content:
    """A month as its emissions were computed: tests and meters are gone, what they came to stands beside the quantities."""
    guideline = for_period(content.sector, content.period)
    own = (row for row in settled(content, guideline).rows if row.table not in ("batch", "meter"))
    return replace(content, rows=tuple(_with_penalties(content, row, guideline) for row in own))


def _with_penalties(content: Content, row: Row, guideline: Guideline) -> Row:
    metered = {"consumed": None, "amount": None, tables.of(content.sector).fed[2]: None}
    found = {name: penalty(content, row, name) for name in metered if name in row.data}
    charged = {
        name + PENALTY: Datum(quantity(product(size_of(row, name), each.share), guideline), CALCULATED)
        for name, each in found.items()
        if each.share
    }
    return replace(row, data={**row.data, **charged}) if charged else row


def _rows(key: Key, months: Sequence[Content]) -> Iterator[Row]:
    """The year's row; of a fuel that was bought in some months, net, and sold in others one for either.

    What was sold has its net calorific value and its penalties, what was bought has others: the mean of both, with one of them
    negative, would lie far outside what was ever tested.
    """
    parts = [_part(content, row) for content in months if (row := content.find(*key))]
    sold = [part for part in parts if key[0] == "fuel" and part.weight < 0]
    if not sold or all(part.weight <= 0 for part in parts):
        yield _row(key, parts, parts)
        return
    yield _row(key, [part for part in parts if part.weight >= 0], parts)
    yield _row((*key[:4], NET_SOLD), sold, [])


def _row(key: Key, parts: Sequence[Part], stocked: Sequence[Part]) -> Row:
    """A row that the parts make, its stocks taken from those of the whole year."""
    known = [(name, stocked if name in STOCKS else parts) for name in _names(stocked or parts)]
    data = {name: datum for name, own in known if (datum := _datum(name, own))}
    return Row(*key[:4], data, key[4])


def _names(parts: Sequence[Part]) -> list[str]:
    """What the parts state, and the net calorific value that another row states for them."""
    names = dict.fromkeys(name for part in parts for name in part.row.data)
    if any(part.said for part in parts):
        names["ncv"] = None
    return list(names)


def _part(content: Content, row: Row) -> Part:
    """As the month was accounted: its own net calorific value, else the ledger's, else the default; where only that is lawful, that."""
    guideline = for_period(content.sector, content.period)
    fuel, own = guideline.fuels.get(row.item), row.data.get("ncv")
    if fuel is None:
        return Part(guideline, row, row.number("ncv"), own)
    if row.table not in OF_THE_LEDGER:
        return Part(guideline, row, ncv_of(row, fuel, guideline), own)
    ledger = content.find("fuel", item=row.item)
    stated = ledger.data.get("ncv") if ledger else None
    value = ncv_of(row, fuel, guideline, ledger.number("ncv") if ledger else None)
    # Said in any case: left open, the year's row would take the mean of the ledger's months, which it didn't burn alike.
    return Part(guideline, row, value, own or stated or Datum(value, DEFAULT))


def _datum(name: str, parts: Sequence[Part]) -> Datum | None:
    if name == "ncv":
        stated = [part.said for part in parts if part.said]
    else:
        stated = [part.row.data[name] for part in parts if name in part.row.data]
    if not stated:
        return None
    how = MEASURED if any(datum.how == MEASURED for datum in stated) else stated[0].how
    value = _weighted(name, parts) if name in WEIGHTED else _value(name, [datum.value for datum in stated])
    return Datum(value, how)


def _value(name: str, values: Sequence[Value]) -> Value:
    if name in ("opening", "stopped"):
        return values[0]
    if name in ("closing", "restarted"):
        return values[-1]
    return sum((value for value in values if isinstance(value, Decimal)), Decimal(0))


def _weighted(name: str, parts: Sequence[Part]) -> Decimal:
    """The mean, weighted by each month's own quantity; some part states it."""
    weighed = [
        (part.weight, part.ncv) if name == "ncv" else (abs(part.row.amount("consumed")), part.row.number(name))
        for part in parts
    ]
    known = [(Fraction(weight), Fraction(value)) for weight, value in weighed if value is not None]
    whole = sum((weight for weight, _ in known), Fraction(0))
    # With nothing consumed the value decides nothing: the last one stands.
    mean = sum((weight * value for weight, value in known), Fraction(0)) / whole if whole else known[-1][1]
    return half_up(mean, parts[0].guideline.places("ncv" if name == "ncv" else "quantity"))
