"""Flat glass, melting line by melting line:

E = Σ FC·NCV·CC·OF·44/12 + Σ carbonate·EF + Σ carbon powder·CC·44/12        intensity = E / glass
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from reporting.accounting import equations, line_fuels
from reporting.accounting.calibration import output_of, penalty
from reporting.accounting.equations import Amount, named, product, text
from reporting.accounting.sector import CO2, EMISSIONS, OUTPUT, TONNES, Accounting, Item
from reporting.accounting.terms import CO2_PER_CARBON, LINE, LineTotal, Span, Term, Totals, lines_of
from reporting.content import Content
from reporting.guidelines import Guideline

# Tables of raw materials: the symbol of their factor, and what one of it gives off.
MATERIALS = {"carbonate": ("EF", " × EF", Fraction(1)), "carbon": ("CC", " × CC × 44/12", CO2_PER_CARBON)}
PARTS = ("fuel", *MATERIALS)


def terms(content: Content, guideline: Guideline) -> Iterator[Term]:
    """The terms of every melting line."""
    for line in content.lines:
        yield from line_fuels.terms(content, line, guideline)
        for table in MATERIALS:
            yield from _materials(content, table, line, guideline)


def totals(spans: Sequence[Span]) -> Totals:
    """Every line, rounded once over all spans; the unit's emissions are the sum of its lines."""
    return Totals.of_lines({line: _total(line, spans) for line in lines_of(spans)})


def _materials(content: Content, table: str, line: str, guideline: Guideline) -> Iterator[Term]:
    make = named(LINE, line, table, guideline)
    symbol, formula, each = MATERIALS[table]
    for row in content.table(table, line=line):
        factor, amount = guideline.factors(table).get(row.item), equations.quantity(row.amount(), guideline)
        if factor and amount:
            used = Amount.of("M", amount, penalty(content, row, "amount"))
            exact = product(used.exact, factor.value, each)
            inputs = {**used.inputs, symbol: text(factor.value)}
            yield make(f"{table}.{factor.code}", exact, f"{used.formula}{formula}", inputs)


def _total(line: str, spans: Sequence[Span]) -> LineTotal:
    details = dict.fromkeys(PARTS, Decimal("0.00"))
    for term in (term for span in spans for term in span.terms if term.line == line):
        details[term.source.partition(".")[0]] += term.emissions
    emissions = equations.total(details.values(), spans[-1].guideline)
    made = ((span, row) for span in spans for row in span.content.table("glass", line=line))
    output = sum((output_of(span.content, row, span.guideline) for span, row in made), Decimal(0))
    return LineTotal(emissions, output, emissions, details=details)


ACCOUNTING = Accounting(
    terms,
    totals,
    items=(
        Item("fuel", _("Emissions of fossil fuel combustion"), CO2, whole=EMISSIONS),
        Item("carbonate", _("Emissions of carbonates decomposed"), CO2, whole=EMISSIONS),
        Item("carbon", _("Emissions of carbon powder oxidised"), CO2, whole=EMISSIONS),
        Item(EMISSIONS, _("Emissions of the melting line"), CO2),
        Item(OUTPUT, _("Output of flat glass"), TONNES),
    ),
    choice="line_fuel",
    cited={"carbon.carbon_powder": {"CC": "carbon.carbon_powder"}},
)
