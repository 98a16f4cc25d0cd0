"""Net calorific values from tests: of a solid fuel every batch, weighted by mass; of a liquid or gas the mean of the month's tests.

A test that doesn't count is not left out, whatever the fuel: its batch, or itself, counts with the default.

mean(content, fuel, guideline) -> Decimal | None      None where nothing was tested
fault(test, period, guideline) -> str                 why a test doesn't count, "" if it does
settled(content, guideline) -> Content                with the means in the rows that leave their value to the tests
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from registry.values.exact import half_up
from reporting.accounting import sector
from reporting.content import MEASURED, NO, YES, Content, Datum, Row, last_day
from reporting.guidelines import SOLID, Fuel, Guideline

UNTESTED, NO_REPORT, NO_DATES, PREMATURE, LATE, NOT_ACCREDITED, UNSOUND = FAULTS = (
    "untested",
    "no_report",
    "no_dates",
    "premature",
    "late",
    "not_accredited",
    "unsound",
)


def mean(content: Content, fuel: Fuel, guideline: Guideline) -> Decimal | None:
    """The month's value by its tests; one that doesn't count weighs with the default. Never for a fuel that may only have its default."""
    tests = list(tests_of(content, fuel.code))
    if not tests or fuel.default_only:
        return None
    weighed = [(_weight(test, fuel), Fraction(used(test, fuel, content.period, guideline))) for test in tests]
    whole = sum((weight for weight, _ in weighed), Fraction(0))
    if not whole:
        return fuel.ncv
    return half_up(sum((weight * value for weight, value in weighed), Fraction(0)) / whole, guideline.places("ncv"))


def tests_of(content: Content, item: str) -> Iterator[Row]:
    """The tests of a fuel, in the workbook's order."""
    return (row for row in content.table("batch") if row.item == item)


def used(test: Row, fuel: Fuel, period: str, guideline: Guideline) -> Decimal:
    """What a test counts with: its own value, or the default."""
    return fuel.ncv if fault(test, period, guideline) else test.amount("ncv")


def _weight(test: Row, fuel: Fuel) -> Fraction:
    """A batch of a solid weighs by its mass; of liquids and gases each test is one."""
    return Fraction(test.amount("mass")) if fuel.state == SOLID else Fraction(1)


def fault(test: Row, period: str, guideline: Guideline) -> str:
    """A test counts with a report that is stamped by an accredited laboratory and dated in time, after sound sampling and testing;
    what was sampled after the period was not used in it."""
    sampled, reported = test.day("sampled"), test.day("reported")
    if not test.number("ncv"):
        return UNTESTED
    if not test.words("report"):
        return NO_REPORT
    if sampled is None or reported is None or reported < sampled:
        return NO_DATES
    if sampled > last_day(period):
        return PREMATURE
    if (reported - sampled).days > guideline.number("test.days"):
        return LATE
    if test.words("accredited") != YES:
        return NOT_ACCREDITED
    return UNSOUND if test.words("sound") == NO else ""


def settled(content: Content, guideline: Guideline) -> Content:
    """The content as it is accounted: a row that states no value, of a fuel that was tested, has the tests' mean."""
    if not any(True for _ in content.table("batch")):
        return content
    means = {fuel.code: value for fuel in guideline.fuels.values() if (value := mean(content, fuel, guideline))}
    rows = tuple(_with_mean(row, means, sector.of(content.sector).choice) for row in content.rows)
    return replace(content, rows=rows)


def _with_mean(row: Row, means: dict[str, Decimal], table: str) -> Row:
    if row.table != table or row.item not in means or "ncv" in row.data:
        return row
    return replace(row, data={**row.data, "ncv": Datum(means[row.item], MEASURED)})
