"""The year: its values are made from the months' values, and its emissions are computed from them, rounded once."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from registry.exact import half_up
from reporting.accounting.calibration import PENALTY, penalty
from reporting.accounting.calorific import settled
from reporting.accounting.equations import product, quantity, size_of
from reporting.accounting.terms import Totals
from reporting.content import CALCULATED, MEASURED, Content, Datum, Key, Row
from reporting.guidelines import Guideline, for_period

METERED = ("consumed", "amount", "anode")
WEIGHTED = {"ncv": ("consumed", "amount"), "moisture": ("consumed",)}


def year_content(months: Sequence[Content]) -> Content:
    """The year that the months make: amounts summed, stocks from its two ends, ncv and moisture weighted by consumption.

    ValueError unless the months are of one unit, sector and year, each once.
    """
    months = sorted(months, key=lambda content: content.period)
    _demand_one_year(months)
    months = [_as_accounted(content) for content in months]
    keys = dict.fromkeys(row.key for content in months for row in content.rows)
    lines = dict.fromkeys(line for content in months for line in content.lines)
    first = months[0]
    rows = tuple(_row(key, months) for key in keys)
    return Content(first.sector, first.period[:4], first.unit, tuple(lines), rows)


def rounding(year: Totals, months: Sequence[Totals]) -> dict[str, Decimal]:
    """What rounding makes of it: the year's whole tonnes less the sum of the months', by line; "" is the enterprise."""

    def month(totals: Totals, line: str) -> Decimal:
        return totals.lines[line].emissions if line in totals.lines else Decimal(0)

    differences = {"": year.enterprise - sum((totals.enterprise for totals in months), Decimal(0))}
    for line, own in year.lines.items():
        differences[line] = own.emissions - sum((month(totals, line) for totals in months), Decimal(0))
    return differences


def _demand_one_year(months: Sequence[Content]) -> None:
    if not months:
        raise ValueError("a year needs at least one month")
    if len({(content.sector, content.unit, content.period[:4]) for content in months}) > 1:
        raise ValueError("the months are not of one sector, unit and year")
    periods = [content.period for content in months]
    if len(set(periods)) < len(periods) or any(content.is_year for content in months):
        raise ValueError("every month can stand in the year only once, and a year in none")


Part = tuple[Guideline, Row, Decimal | None]
"""A month's row, its guideline, and the net calorific value that holds for it where it states none."""
Value = Decimal | dt.date | str


def _as_accounted(content: Content) -> Content:
    """A month as its emissions were computed: tests and meters are gone, what they came to stands beside the quantities."""
    guideline = for_period(content.sector, content.period)
    own = (row for row in settled(content, guideline).rows if row.table not in ("batch", "meter"))
    return replace(content, rows=tuple(_with_penalties(content, row, guideline) for row in own))


def _with_penalties(content: Content, row: Row, guideline: Guideline) -> Row:
    found = {name: penalty(content, row, name) for name in METERED if name in row.data}
    charged = {
        name + PENALTY: Datum(quantity(product(size_of(row, name), each.share), guideline), CALCULATED)
        for name, each in found.items()
        if each.share
    }
    return replace(row, data={**row.data, **charged}) if charged else row


def _row(key: Key, months: Sequence[Content]) -> Row:
    parts = [_part(content, row) for content in months if (row := content.find(*key))]
    names = dict.fromkeys(name for _, row, _ in parts for name in row.data)
    data = {name: datum for name in names if (datum := _datum(name, parts))}
    return Row(*key[:4], data, key[4])


def _part(content: Content, row: Row) -> Part:
    """As the month was accounted: the ledger's net calorific value before the default, and where only that is lawful the default."""
    guideline = for_period(content.sector, content.period)
    fuel, ledger = guideline.fuels.get(row.item), content.find("fuel", item=row.item)
    if fuel is None:
        return guideline, row, None
    stated = ledger.number("ncv") if ledger and not fuel.default_only else None
    return guideline, row, fuel.ncv if stated is None else stated


def _datum(name: str, parts: Sequence[Part]) -> Datum | None:
    stated = [row.data[name] for _, row, _ in parts if name in row.data]
    how = MEASURED if any(datum.how == MEASURED for datum in stated) else stated[0].how
    value = _weighted(name, parts) if name in WEIGHTED else _value(name, [datum.value for datum in stated])
    return None if value is None else Datum(value, how)


def _value(name: str, values: Sequence[Value]) -> Value:
    if name in ("opening", "stopped"):
        return values[0]
    if name in ("closing", "restarted"):
        return values[-1]
    return sum((value for value in values if isinstance(value, Decimal)), Decimal(0))


def _weighted(name: str, parts: Sequence[Part]) -> Decimal | None:
    """The mean weighted by consumption, where a month that states none counts as it was accounted; None when no month states one.

    Of own gas that is sold net the consumption is negative: its size is the weight, so that the mean stays between the months.
    """
    if all(row.number(name) is None for _, row, _ in parts):
        return None
    weighed = [(abs(_consumption(row, WEIGHTED[name])), _stated(name, row, otherwise)) for _, row, otherwise in parts]
    known = [(Fraction(weight), Fraction(value)) for weight, value in weighed if value is not None]
    whole = sum((weight for weight, _ in known), Fraction(0))
    # With nothing consumed the value decides nothing: the last one stands.
    mean = sum((weight * value for weight, value in known), Fraction(0)) / whole if whole else known[-1][1]
    return half_up(mean, parts[0][0].places("ncv" if name == "ncv" else "quantity"))


def _consumption(row: Row, names: Sequence[str]) -> Decimal:
    return next((value for name in names if (value := row.number(name)) is not None), Decimal(0))


def _stated(name: str, row: Row, ncv: Decimal | None) -> Decimal | None:
    value = row.number(name)
    return ncv if value is None and name == "ncv" else value
