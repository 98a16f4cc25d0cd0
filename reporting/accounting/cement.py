"""Cement, line by line:

E = Σ FC·NCV·CC·OF·44/12 + max(0, Σ clinker·EF − Σ alternative material·D)        intensity = E / clinker
carbide-slag rate R = (carbide slag · D) / (clinker · EF)
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from reporting.accounting import equations
from reporting.accounting.calibration import output_of, penalty
from reporting.accounting.equations import Amount, burnt_fuel_term, named, product, text
from reporting.accounting.terms import LINE, Accounts, LineTotal, Term, Totals
from reporting.content import Content, Row
from reporting.guidelines import Factor, Guideline

CARBIDE_SLAG = "carbide_slag"


def account(content: Content, guideline: Guideline) -> Accounts:
    """The terms and totals of every clinker line; the unit's emissions are the sum of its lines."""
    terms: list[Term] = []
    lines: dict[str, LineTotal] = {}
    for line in content.lines:
        fuels, process = list(_fuels(content, line, guideline)), list(_process(content, line, guideline))
        terms += [*fuels, *process]
        lines[line] = _total(content, line, fuels, process, guideline)
    enterprise = sum((total.emissions for total in lines.values()), Decimal(0))
    return Accounts(tuple(terms), Totals(enterprise, None, None, lines))


def _fuels(content: Content, line: str, guideline: Guideline) -> Iterator[Term]:
    make = named(LINE, line, "fuel", guideline)
    for row in content.table("line_fuel", line=line):
        fuel, amount = guideline.fuels.get(row.item), equations.quantity(row.amount(), guideline)
        if fuel and amount:
            fc = Amount.of("FC", amount, penalty(content, row, "amount"))
            yield burnt_fuel_term(make, f"fuel.{fuel.code}", fc, equations.ncv_of(row, fuel, guideline), fuel)


def _process(content: Content, line: str, guideline: Guideline) -> Iterator[Term]:
    make = named(LINE, line, "process", guideline)
    terms = []
    for factor, amount, row in _amounts(content, "clinker", line, guideline):
        made = Amount.of("Q", amount, penalty(content, row, "amount"))
        inputs = {**made.inputs, "EF": text(factor.value)}
        exact = product(made.exact, factor.value)
        terms.append(make(f"clinker.{factor.code}", exact, f"{made.formula} × EF", inputs))
    for factor, amount, row in _amounts(content, "alternative", line, guideline):
        used = Amount.of("M", amount, penalty(content, row, "amount"), emits=False)
        inputs = {**used.inputs, "D": text(factor.value)}
        exact = -product(used.exact, factor.value)
        terms.append(make(f"alternative.{factor.code}", exact, f"−{used.formula} × D", inputs))
    yield from terms
    left = sum((term.emissions for term in terms), Decimal(0))
    if left < 0:
        # Its own term, so that a line's emissions stay the sum of its terms.
        yield make("process_floor", Fraction(-left), "max(0, P) − P", {"P": text(left)})


def _amounts(content: Content, table: str, line: str, guideline: Guideline) -> Iterator[tuple[Factor, Decimal, Row]]:
    factors = guideline.factors(table)
    for row in content.table(table, line=line):
        amount = equations.quantity(row.amount(), guideline)
        if row.item in factors and amount:
            yield factors[row.item], amount, row


def _counted(content: Content, table: str, line: str, guideline: Guideline) -> Iterator[tuple[Factor, Decimal]]:
    """Clinker made or material taken in as it counts as output or deduction: less what its meters cost."""
    for factor, _, row in _amounts(content, table, line, guideline):
        yield factor, output_of(content, row, guideline)


def _total(content: Content, line: str, fuels: list[Term], process: list[Term], guideline: Guideline) -> LineTotal:
    clinker = list(_counted(content, "clinker", line, guideline))
    fuel_part = sum((term.emissions for term in fuels), Decimal(0))
    process_part = sum((term.emissions for term in process), Decimal(0))
    emissions = equations.total([fuel_part, process_part], guideline)
    output = sum((amount for _, amount in clinker), Decimal(0))
    slag = sum((amount for factor, amount in _slag(content, line, guideline)), Decimal(0))
    details = {
        "fuel": fuel_part,
        "process": process_part,
        "carbide_slag": slag,
        "carbide_slag_factor": guideline.factors("alternative")[CARBIDE_SLAG].value,
    }
    if len(clinker) == 1:  # a line that made two kinds has no one factor
        details["clinker_factor"] = clinker[0][0].value
    return LineTotal(emissions, output, emissions, carbide_slag_rate(content, line, guideline), details)


def carbide_slag_rate(content: Content, line: str, guideline: Guideline) -> Fraction | None:
    """R, exact; None for a line without clinker."""
    replaced = sum((product(amount, factor.value) for factor, amount in _slag(content, line, guideline)), Fraction(0))
    whole = sum(
        (product(amount, factor.value) for factor, amount in _counted(content, "clinker", line, guideline)), Fraction(0)
    )
    return replaced / whole if whole else None


def _slag(content: Content, line: str, guideline: Guideline) -> Iterator[tuple[Factor, Decimal]]:
    return (pair for pair in _counted(content, "alternative", line, guideline) if pair[0].code == CARBIDE_SLAG)
