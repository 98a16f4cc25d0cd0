"""Cement, line by line:

E = Σ FC·NCV·CC·OF·44/12 + max(0, Σ clinker·EF − Σ alternative material·D)        intensity = E / clinker
carbide-slag rate R = (carbide slag · D) / (clinker · EF)

EF is the line's one factor: of several kinds of clinker, or where it changed in the year, the mean weighted by what counts as output. It is
stated with four decimals; R, which decides a threshold, is computed from it unrounded.
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from registry.values.exact import half_up
from reporting.accounting import equations, line_fuels
from reporting.accounting.calibration import output_of, penalty
from reporting.accounting.equations import Amount, named, product, text
from reporting.accounting.sector import CO2, EMISSIONS, FACTOR, OUTPUT, TONNES, Accounting, Item
from reporting.accounting.terms import LINE, LineTotal, Span, Term, Totals, lines_of
from reporting.content import Content, Row
from reporting.guidelines import Factor, Guideline

CARBIDE_SLAG = "carbide_slag"
FACTOR_PLACES = 4  # of a factor that is a mean, as the annual report and the official table state it


def terms(content: Content, guideline: Guideline) -> Iterator[Term]:
    """The terms of every clinker line."""
    for line in content.lines:
        yield from line_fuels.terms(content, line, guideline)
        yield from _process(content, line, guideline)


def totals(spans: Sequence[Span]) -> Totals:
    """Every clinker line, rounded once over all spans; the unit's emissions are the sum of its lines."""
    return Totals.of_lines({line: _total(line, spans) for line in lines_of(spans)})


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


def _total(line: str, spans: Sequence[Span]) -> LineTotal:
    own = [term for span in spans for term in span.terms if term.line == line]
    fuel_part = sum((term.emissions for term in own if term.source.startswith("fuel.")), Decimal(0))
    process_part = sum((term.emissions for term in own if not term.source.startswith("fuel.")), Decimal(0))
    emissions = equations.total([fuel_part, process_part], spans[-1].guideline)
    clinker = _counted("clinker", line, spans)
    slag = [pair for pair in _counted("alternative", line, spans) if pair[0].code == CARBIDE_SLAG]
    details = {
        "fuel": fuel_part,
        "process": process_part,
        "carbide_slag": _amount(slag),
        "carbide_slag_factor": spans[-1].guideline.factors("alternative")[CARBIDE_SLAG].value,
    }
    counted = {"carbide_slag_factor": slag, "clinker_factor": clinker}
    factors = {name: factor for name, of in counted.items() if (factor := _factor(of)) is not None}
    details |= {name: half_up(factor, FACTOR_PLACES) for name, factor in factors.items()}
    means = {name: factor for name, factor in factors.items() if factor != Fraction(details[name])}
    return LineTotal(emissions, _amount(clinker), emissions, _rate(slag, clinker), details, means)


Counted = list[tuple[Factor, Decimal]]
"""Clinker made or material taken in as it counts as output or deduction, with its factor: less what its meters cost."""


def _counted(table: str, line: str, spans: Sequence[Span]) -> Counted:
    return [
        (factor, output_of(span.content, row, span.guideline))
        for span in spans
        for factor, _, row in _amounts(span.content, table, line, span.guideline)
    ]


def _amount(counted: Counted) -> Decimal:
    return sum((amount for _, amount in counted), Decimal(0))


def _product(counted: Counted) -> Fraction:
    return sum((product(amount, factor.value) for factor, amount in counted), Fraction(0))


def _factor(counted: Counted) -> Fraction | None:
    """The factor, weighted by amount where there were several; None of nothing."""
    if not counted:
        return None
    amount = Fraction(_amount(counted))
    return _product(counted) / amount if amount else Fraction(counted[-1][0].value)


def _rate(slag: Counted, clinker: Counted) -> Fraction | None:
    """R, exact; None for a line without clinker."""
    whole = _product(clinker)
    return _product(slag) / whole if whole else None


def _replaced(of: Callable[[str], Fraction | None], output: Fraction) -> tuple[Fraction, Fraction] | None:
    """R = (carbide slag · D) / (clinker · EF)"""
    slag, deduction, factor = of("carbide_slag"), of("carbide_slag_deduction"), of("clinker_ef")
    return None if slag is None or deduction is None or factor is None else (slag * deduction, output * factor)


ACCOUNTING = Accounting(
    terms,
    totals,
    items=(
        Item("fuel", _("Emissions of fossil fuel combustion"), CO2, whole=EMISSIONS),
        Item("process", _("Process emissions"), CO2, whole=EMISSIONS),
        Item(EMISSIONS, _("Emissions of the clinker line"), CO2),
        Item(OUTPUT, _("Output of clinker"), TONNES),
        Item("clinker_ef", _("Process emission factor of the clinker"), FACTOR, places=4, detail="clinker_factor"),
        Item("carbide_slag", _("Carbide slag consumed"), TONNES),
        Item(
            "carbide_slag_deduction",
            _("Deduction coefficient of carbide slag"),
            FACTOR,
            places=4,
            detail="carbide_slag_factor",
        ),
    ),
    choice="line_fuel",
    names={"process_floor": _("Process part not below zero")},
    replaced=_replaced,
)
