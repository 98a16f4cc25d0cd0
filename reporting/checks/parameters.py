"""Checks of parameters: what must be the default, what was measured, and whether the choice holds."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import takewhile

from registry.exact import half_up
from reporting.checks.context import Checked, at
from reporting.content import DEFAULT, MEASURED, Content, Datum, Row
from reporting.findings import Finding, both
from reporting.guidelines import SOLID

COKE_OVEN_GAS = "coke_oven_gas"

# The tables in which the choice between measuring and default is made; steel's processes take it from the works' ledger.
CHOICE = {"steel": ("fuel",), "cement": ("line_fuel",)}


def default_stands(checked: Checked) -> Iterator[Finding]:
    """Where only the default is lawful (net calorific value of coke), or the default is announced, the default stands."""
    for row, datum in checked.calorific_values():
        fuel = checked.guideline.fuels[row.item]
        must = fuel.default_only or datum.how == DEFAULT
        if must and (datum.value != fuel.ncv or datum.how == MEASURED):
            params = {"item": checked.name(row), "found": str(datum.value), "default": str(fuel.ncv)}
            yield at(datum, "default.overwritten", **params)


def feedstock_is_coke_oven_gas(checked: Checked) -> Iterator[Finding]:
    """Only coke-oven gas used as chemical feedstock leaves the enterprise's fuel."""
    for row in checked.content.table("fuel"):
        if row.item != COKE_OVEN_GAS and row.amount("feedstock"):
            yield at(row.data["feedstock"], "feedstock.not_allowed", item=checked.name(row))


def measured_value_has_report(checked: Checked) -> Iterator[Finding]:
    """A measured value rests on a stamped test report."""
    for row, datum in checked.calorific_values():
        if datum.how == MEASURED and not datum.evidence:
            yield at(datum, "report.missing", item=checked.name(row))


def choice_holds(checked: Checked) -> Iterator[Finding]:
    """Measuring or default: the choice is for the year, and a unit that once measured may not go back.

    It is the choice between testing every batch of a solid and its default; a liquid or gas is tested monthly, else the default stands.
    """
    for row in checked.content.table(*CHOICE.get(checked.content.sector, ())):
        fuel = checked.guideline.fuels.get(row.item)
        if fuel is None or fuel.state != SOLID or fuel.default_only or not _is_used(row):
            continue
        now = _choice(row)
        for earlier in checked.context.earlier:
            before = earlier.find(*row.key)
            if before is None or not _is_used(before) or _choice(before) == now:
                continue
            params = {"item": checked.name(row), "period": earlier.period}
            if earlier.period[:4] == checked.content.period[:4]:
                yield at(_any(row), "ncv.choice_changed", now=_words(now), before=_words(_choice(before)), **params)
                break
            if now == DEFAULT:
                yield at(_any(row), "ncv.went_back", **params)
                break


def measured_value_is_near_default(checked: Checked) -> Iterator[Finding]:
    """A measured value far from its default is worth a second look."""
    limit = checked.threshold("ncv.off_default")
    for row, datum in checked.calorific_values():
        default = checked.guideline.fuels[row.item].ncv
        if datum.how == MEASURED and isinstance(datum.value, Decimal):
            change = (Fraction(datum.value) / Fraction(default) - 1) * 100
            if abs(change) > limit:
                params = {"item": checked.name(row), "found": str(datum.value), "default": str(default)}
                yield at(datum, "ncv.far_from_default", change=f"{half_up(change, 1):+f}", **params)


def measured_value_varies(checked: Checked) -> Iterator[Finding]:
    """Coal is never the same for months."""
    many = int(checked.threshold("ncv.same_months"))
    for row, datum in checked.calorific_values(*CHOICE.get(checked.content.sector, ("none",))):
        if datum.how != MEASURED:
            continue

        def same(month: Content, row: Row = row) -> bool:
            before = month.find(*row.key)
            return before is not None and _choice(before) == MEASURED and before.number("ncv") == row.number("ncv")

        months = 1 + sum(1 for _ in takewhile(same, checked.context.earlier))
        if months >= many:
            params = {"item": checked.name(row), "found": str(datum.value), "months": str(months)}
            yield at(datum, "ncv.repeated", **params)


def _choice(row: Row) -> str:
    datum = row.data.get("ncv")
    return MEASURED if datum is not None and datum.how == MEASURED else DEFAULT


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
    choice_holds,
    measured_value_is_near_default,
    measured_value_varies,
)
