"""Aluminium smelting, electrolysis process by electrolysis process:

E_anode  = anode·(1 − loss)·(1 − S − ash)·44/12
E_effect = liquid aluminium·(EF_CF4·GWP_CF4 + EF_C2F6·GWP_C2F6)/1000              EF in kg/t
E = E_anode + E_effect ; intensity = E / liquid aluminium
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from reporting.accounting import equations
from reporting.accounting.calibration import output_of, penalty
from reporting.accounting.equations import NONE, Amount, named, percent, product, text
from reporting.accounting.sector import CO2, EMISSIONS, OUTPUT, TONNES, Accounting, Item
from reporting.accounting.terms import CO2_PER_CARBON, LINE, LineTotal, Span, Term, Totals, lines_of
from reporting.content import Content, Row
from reporting.guidelines import Guideline


def terms(content: Content, guideline: Guideline) -> Iterator[Term]:
    """The terms of every process; fuel and carbonates elsewhere in the works lie outside the boundary."""
    for line in content.lines:
        row = content.find("electrolysis", line)
        anode = _anode(line, _amount(content, row, "anode", guideline), guideline)
        effect = _effect(line, _amount(content, row, "amount", guideline), guideline)
        yield from (term for term in (anode, effect) if term.emissions)


def totals(spans: Sequence[Span]) -> Totals:
    """Every process, rounded once over all spans; the unit's emissions are the sum of its processes."""
    return Totals.of_lines({line: _total(line, spans) for line in lines_of(spans)})


def _total(line: str, spans: Sequence[Span]) -> LineTotal:
    details = {"anode": Decimal("0.00"), "effect": Decimal("0.00")}
    for term in (term for span in spans for term in span.terms if term.line == line):
        details[term.source] += term.emissions
    emissions = equations.total(details.values(), spans[-1].guideline)
    made = ((span, span.content.find("electrolysis", line)) for span in spans)
    output = sum((output_of(span.content, row, span.guideline) for span, row in made), Decimal(0))
    return LineTotal(emissions, output, emissions, details=details)


def _amount(content: Content, row: Row | None, name: str, guideline: Guideline) -> Amount:
    stated = equations.quantity(row.amount(name) if row else Decimal(0), guideline)
    return Amount.of("AD", stated, penalty(content, row, name) if row else NONE)


def _anode(line: str, amount: Amount, guideline: Guideline) -> Term:
    loss, sulphur, ash = (guideline.number(f"anode.{name}") for name in ("loss", "sulphur", "ash"))
    exact = product(amount.exact, 1 - percent(loss), 1 - percent(sulphur) - percent(ash), CO2_PER_CARBON)
    inputs = {**amount.inputs, "L": f"{text(loss)}%", "S": f"{text(sulphur)}%", "A": f"{text(ash)}%"}
    return named(LINE, line, "anode", guideline)(
        "anode", exact, f"{amount.formula} × (1 − L) × (1 − S − A) × 44/12", inputs
    )


def _effect(line: str, metal: Amount, guideline: Guideline) -> Term:
    cf4, c2f6, gwp_cf4, gwp_c2f6 = (
        guideline.number(f"effect.{name}") for name in ("cf4", "c2f6", "gwp_cf4", "gwp_c2f6")
    )
    exact = product(metal.exact, cf4 * gwp_cf4 + c2f6 * gwp_c2f6) / 1000
    inputs = {
        **metal.inputs,
        "EF_CF4": text(cf4),
        "GWP_CF4": text(gwp_cf4),
        "EF_C2F6": text(c2f6),
        "GWP_C2F6": text(gwp_c2f6),
    }
    formula = f"{metal.formula} × (EF_CF4 × GWP_CF4 + EF_C2F6 × GWP_C2F6) / 1000"
    return named(LINE, line, "effect", guideline)("effect", exact, formula, inputs)


ACCOUNTING = Accounting(
    terms,
    totals,
    items=(
        Item("anode", _("Emissions of energy used as raw material"), CO2, whole=EMISSIONS),
        Item("effect", _("Emissions of the anode effect"), CO2, whole=EMISSIONS),
        Item(EMISSIONS, _("Emissions of the electrolysis process"), CO2),
        Item(OUTPUT, _("Output of liquid aluminium"), TONNES),
    ),
    names={"anode": _("Anode consumption"), "effect": _("Anode effect")},
    cited={
        "anode": {"L": "anode.loss", "S": "anode.sulphur", "A": "anode.ash"},
        "effect": {
            "EF_CF4": "effect.cf4",
            "GWP_CF4": "effect.gwp_cf4",
            "EF_C2F6": "effect.c2f6",
            "GWP_C2F6": "effect.gwp_c2f6",
        },
    },
)
