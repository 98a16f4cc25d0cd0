"""Writing the result: the columns that came in, then what was determined."""

import csv
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Protocol

from allocation.method import shown
from allocation.method.determination import Determination
from allocation.method.plan_rules import Case
from allocation.method.report import totals
from allocation.method.table.read import COLUMNS, RESULT_COLUMNS, UNIT
from allocation.method.table.run import Result
from registry.files.tables import cells
from registry.values.exact import floor

# An interval's ends are fractions of the lines' own numbers: shown in full where they end, else to at least so many decimals.
_INTERVAL_PLACES = 10


class Stream(Protocol):
    def write(self, text: str, /) -> Any: ...


def write_csv(stream: Stream, result: Result) -> None:
    """Write the header and a row per line; a ratio that the line has not got is an empty cell."""
    table = result.table
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*map(cells.inert, table.header), *RESULT_COLUMNS])
    foreign = [place for place, name in enumerate(table.header) if name not in (*COLUMNS, UNIT)]
    for row, found in zip(table.cells, _found(result.determinations), strict=True):
        for place in foreign:
            row[place] = cells.inert(row[place])
        writer.writerow([*row, *found])


def as_json(result: Result) -> dict[str, Any]:
    """The result as one object: whole tonnes are integers, other numbers are text, what is not there is null."""
    table, rules = result.table, result.rules
    sums = totals(result.determinations)
    return {
        "plan": rules.plan_year.plan.id,
        "sector": rules.sector,
        "year": rules.year,
        "balance_value": None if result.balance_value is None else format(result.balance_value, "f"),
        "interval": _inside(*result.interval) if result.interval else None,
        "total_emissions": sums.total_emissions,
        "total_quota": sums.total_quota,
        "residue": sums.residue,
        "clipped_above": sums.clipped_above,
        "clipped_below": sums.clipped_below,
        "equal_lines": sums.equal_lines,
        "outside_lines": sums.outside_lines,
        "lines": [
            dict(zip((*table.header, *RESULT_COLUMNS), (*row, *found), strict=True))
            for row, found in zip(table.cells, _found(result.determinations, absent=None), strict=True)
        ],
    }


def _inside(low: Fraction, high: Fraction) -> list[str]:
    """Both ends rounded inward, so that each of them balances as every value between them does."""
    places = _INTERVAL_PLACES
    while -floor(-low * 10**places) > floor(high * 10**places):
        places += _INTERVAL_PLACES
    unit = Fraction(1, 10**places)
    return [
        _in_full(low) or shown.rounded(-floor(-low / unit) * unit, places),
        _in_full(high) or shown.rounded(floor(high / unit) * unit, places),
    ]


def _in_full(end: Fraction) -> str:
    """The number where its decimals have an end, else ""."""
    in_full = shown.exact(end)
    return "" if "/" in in_full else in_full


def _found(determinations: Sequence[Determination], absent: str | None = "") -> Iterator[tuple[Any, ...]]:
    """The values of RESULT_COLUMNS, line by line."""
    articles: dict[Case, str] = {}
    for one in determinations:
        if one.case not in articles:
            articles[one.case] = one.article
        intensity, deviation, coefficient = one.ratios
        yield (
            shown.intensity(intensity) or absent,
            shown.deviation(deviation) or absent,
            shown.coefficient(coefficient),
            one.quota,
            one.due,
            str(one.case),
            articles[one.case],
        )
