"""Fuel burnt in a line: Σ FC·NCV·CC·OF·44/12."""

from collections.abc import Iterator

from reporting.accounting import equations
from reporting.accounting.calibration import penalty
from reporting.accounting.equations import Amount, burnt_fuel_term, named
from reporting.accounting.terms import LINE, Term
from reporting.content import Content
from reporting.guidelines import Guideline


def terms(content: Content, line: str, guideline: Guideline) -> Iterator[Term]:
    """A term for each fuel of the line's table."""
    make = named(LINE, line, "fuel", guideline)
    for row in content.table("line_fuel", line=line):
        fuel, amount = guideline.fuels.get(row.item), equations.quantity(row.amount(), guideline)
        if fuel and amount:
            fc = Amount.of("FC", amount, penalty(content, row, "amount"))
            yield burnt_fuel_term(make, f"fuel.{fuel.code}", fc, equations.ncv_of(row, fuel, guideline), fuel)
