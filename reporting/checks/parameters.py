"""Checks of parameters: what must be the default, what was measured, and whether the choice holds."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import takewhile

from registry.law import NotInForceError
from registry.values.exact import half_up
from reporting.accounting.calorific_tests import settled
from reporting.accounting.sector import of
from reporting.checks.context import Checked, at
from reporting.content import DEFAULT, MEASURED, Content, Datum, Row
from reporting.findings import Finding, both
from reporting.guidelines import SOLID, Fuel, Guideline, for_period, kind_of

COKE_OVEN_GAS = "coke_oven_gas"

# Tables that take the choice between measuring and default from where it is made (accounting.sector), unless they state their own.
TAKES_CHOICE = ("process_in", "power")


def default_stands(checked: Checked) -> Iterator[Finding]:
    """Where only the default is lawful (net calorific value of coke), or the default is announced, the default stands.

    For a value that was to be measured and is missing, the estimate of the control plan stands instead.
    """
    for row, datum in checked.calorific_values():
        fuel = checked.guideline.fuels[row.item]
        must = fuel.default_only or (datum.how == DEFAULT and datum.value not in checked.estimate(row, "ncv").values)
        if must and (datum.value != fuel.ncv or datum.how == MEASURED):
            params = {"item": checked.name(row), "found": str(datum.value), "default": str(fuel.ncv)}
            yield at(datum, "default.overwritten", **params)


def feedstock_is_coke_oven_gas(checked: Checked) -> Iterator[Finding]:
    """Only coke-oven gas used as chemical feedstock leaves the enterprise's fuel."""
    for row in checked.content.table("fuel"):
        if kind_of(row.item) != COKE_OVEN_GAS and row.amount("feedstock"):
            yield at(row.data["feedstock"], "feedstock.not_allowed", item=checked.name(row))


def measured_value_has_report(checked: Checked) -> Iterator[Finding]:
    """A measured value rests on a stamped test report."""
    for row, datum in checked.calorific_values():
        if datum.how == MEASURED and not datum.evidence:
            yield at(datum, "report.missing", item=checked.name(row))


def choice_is_one(checked: Checked) -> Iterator[Finding]:
    """The choice between testing and default is made for a fuel, not for one line or process of the unit."""
    for item, made in choices(checked.settled, checked.guideline).items():
        if len(made) > 1:
            yield at(_any(made[DEFAULT]), "ncv.choice_mixed", item=checked.name(Row("fuel", item=item)))


def choice_holds(checked: Checked) -> Iterator[Finding]:
    """Measuring or default: the choice is for the year, and a unit that once measured may not go back.

    It is the choice between testing every batch of a solid and its default; a liquid or gas is tested monthly, else the default stands.
    """
    earlier = [(month.period, _choices_of(month, checked.guideline)) for month in checked.context.earlier]
    for item, made in choices(checked.settled, checked.guideline).items():
        if len(made) > 1:
            continue
        now, row = next(iter(made.items()))
        code, period, before = _broken(now, item, checked, earlier)
        words = {"now": _words(now), "before": _words(before)} if code == "ncv.choice_changed" else {}
        if code:
            yield at(_any(row), code, item=checked.name(row), period=period, **words)


def _broken(
    now: str, item: str, checked: Checked, earlier: Sequence[tuple[str, dict[str, dict[str, Row]]]]
) -> tuple[str, str, str]:
    """Which rule the choice breaks beside the latest month that says so: code, period and choice then; "" for none."""
    for period, choices_then in earlier:
        other = next((choice for choice in choices_then.get(item, ()) if choice != now), "")
        if other and period[:4] == checked.content.period[:4]:
            return "ncv.choice_changed", period, other
        if other and now == DEFAULT:
            return "ncv.went_back", period, other
    if now == DEFAULT and item in checked.context.measured:
        return "ncv.went_back", checked.context.measured[item], MEASURED
    return "", "", ""


def choices(content: Content, guideline: Guideline) -> dict[str, dict[str, Row]]:
    """How the net calorific value of each solid that was used was obtained, with a row that says so; the content is settled."""
    found: dict[str, dict[str, Row]] = {}
    for row in content.table(of(content.sector).choice, *TAKES_CHOICE):
        fuel = guideline.fuels.get(row.item)
        says = row.table not in TAKES_CHOICE or "ncv" in row.data
        is_solid = fuel is not None and fuel.state == SOLID and not fuel.default_only
        if fuel is not None and says and is_solid and _is_used(row) and not _is_garbled(content, row):
            found.setdefault(row.item, {}).setdefault(_choice(row, fuel), row)
    return found


def at_default(content: Content) -> list[str]:
    """The solids that were used with their default net calorific value."""
    return [item for item, made in _choices_of(content).items() if DEFAULT in made]


def measured_fuels(content: Content) -> list[str]:
    """The solids that were used with a measured net calorific value."""
    return [item for item, made in _choices_of(content).items() if MEASURED in made]


def _choices_of(content: Content, otherwise: Guideline | None = None) -> dict[str, dict[str, Row]]:
    """By the month's own guideline: what was its default then is no measured value because a later guideline has another."""
    guideline = _guideline_of(content, otherwise)
    return choices(settled(content, guideline), guideline)


def _guideline_of(content: Content, otherwise: Guideline | None) -> Guideline:
    """`otherwise` for a month before the first guideline; without it NotInForceError."""
    try:
        return for_period(content.sector, content.period)
    except NotInForceError:
        if otherwise is None:
            raise
        return otherwise


def measured_value_is_near_default(checked: Checked) -> Iterator[Finding]:
    """A measured value far from its default is worth a second look."""
    limit = checked.threshold("ncv.off_default")
    for row, datum in checked.calorific_values(tested=True):
        default = checked.guideline.fuels[row.item].ncv
        if datum.how == MEASURED and isinstance(datum.value, Decimal):
            change = (Fraction(datum.value) / Fraction(default) - 1) * 100
            if abs(change) > limit:
                params = {"item": checked.name(row), "found": str(datum.value), "default": str(default)}
                yield at(datum, "ncv.far_from_default", change=f"{half_up(change, 1):+f}", **params)


def measured_value_varies(checked: Checked) -> Iterator[Finding]:
    """Coal is never the same for months."""
    many = int(checked.threshold("ncv.same_months"))
    for row, datum in checked.calorific_values(of(checked.content.sector).choice or "none", tested=True):
        if datum.how != MEASURED:
            continue

        def same(month: Content, row: Row = row) -> bool:
            before = settled(month, _guideline_of(month, checked.guideline)).find(*row.key)
            value = before.data.get("ncv") if before is not None else None
            return value is not None and value.how == MEASURED and value.value == row.number("ncv")

        months = 1 + sum(1 for _ in takewhile(same, checked.context.earlier))
        if months >= many:
            params = {"item": checked.name(row), "found": str(datum.value), "months": str(months)}
            yield at(datum, "ncv.repeated", **params)


def _choice(row: Row, fuel: Fuel) -> str:
    """A value that is announced as a default and isn't the guideline's is the control plan's estimate for a test that is missing."""
    datum = row.data.get("ncv")
    is_own = datum is not None and (datum.how == MEASURED or (datum.how == DEFAULT and datum.value != fuel.ncv))
    return MEASURED if is_own else DEFAULT


def _is_garbled(content: Content, row: Row) -> bool:
    """Whether the value itself can't be read, or a test of it: then nobody knows how it was obtained."""
    cell = content.unstated.get((row.table, row.line, row.process, row.item, "ncv"))
    is_tested = any(test.garbled for test in content.table("batch") if test.item == row.item)
    return is_tested or (cell is not None and cell.is_faulty)


def _is_used(row: Row) -> bool:
    return bool(row.amount("consumed") or row.amount("amount"))


def _any(row: Row) -> Datum | None:
    return row.data.get("ncv") or row.data.get("consumed") or row.data.get("amount")


def _words(choice: str) -> str:
    return {MEASURED: both("实测值", "measured"), DEFAULT: both("缺省值", "default")}[choice]


CHECKS = (
    default_stands,
    feedstock_is_coke_oven_gas,
    measured_value_has_report,
    choice_is_one,
    choice_holds,
    measured_value_is_near_default,
    measured_value_varies,
)
