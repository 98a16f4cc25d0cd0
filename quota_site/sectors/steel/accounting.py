"""Steel: the works' carbon balance, and beside it the processes; the two levels overlap and are never summed.

enterprise  E   = Σ FC·NCV·CC·44/12 + Σ carbonate·EF + electrode·EF + Σ carbon material·EF − Σ product·EF
process     E_j = Σ in FC·NCV·CC·44/12 − Σ out FC·NCV·CC·44/12          six main processes
power unit  E_x = Σ FC·NCV·CC·OF·44/12                                   those burning the works' own coke or gas
other       E − Σ E_j − Σ E_x                                            either sign
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from reporting.accounting import equations
from reporting.accounting.calibration import output_of, penalty
from reporting.accounting.equations import Amount, burnt_fuel_term, fuel_term, named, net_consumption, product, text
from reporting.accounting.sector import CO2, EMISSIONS, MAIN_EMISSIONS, OUTPUT, TONNES, Accounting, Item
from reporting.accounting.terms import ENTERPRISE, PROCESS, LineTotal, Span, Term, Totals, lines_of
from reporting.content import MAIN_PROCESSES, Content
from reporting.guidelines import Guideline

POWER, OTHER = "power", "other"

PRODUCTS = ("product", "processed")
"""Crude steel made and by-products sold; by-products that are processed further on site count as sold."""


def terms(content: Content, guideline: Guideline) -> Iterator[Term]:
    """The works' terms, then those of its processes and the rest between both."""
    enterprise = [*_fuels(content, guideline), *_materials(content, guideline)]
    processes = [*_processes(content, guideline), *_power(content, guideline)]
    yield from (*enterprise, *processes, _other(enterprise, processes, content, guideline))


def totals(spans: Sequence[Span]) -> Totals:
    """The works' totals, rounded once over all spans; E, ironmaking, sintering and the iron output are what allocation needs."""
    every, guideline = [term for span in spans for term in span.terms], spans[-1].guideline

    def process(name: str) -> Decimal:
        own = (term for term in every if term.level == PROCESS and term.source.partition(".")[0] == name)
        return equations.total((term.emissions for term in own), guideline)

    by_process = {name: process(name) for name in (*MAIN_PROCESSES, POWER, OTHER)}
    whole = equations.total((term.emissions for term in every if term.level == ENTERPRISE), guideline)
    lines = {line: _works(line, whole, by_process, spans) for line in lines_of(spans)[:1]}
    return Totals(whole, by_process["ironmaking"], by_process["sintering"], lines, by_process)


def _fuels(content: Content, guideline: Guideline) -> Iterator[Term]:
    make = named(ENTERPRISE, "", "enterprise", guideline)
    for row in content.table("fuel"):
        fuel, amount = guideline.fuels.get(row.item), equations.quantity(net_consumption(row), guideline)
        if fuel and amount:
            fc = Amount.of("FC", amount, penalty(content, row, "consumed"))
            yield fuel_term(make, f"fuel.{fuel.code}", fc, equations.ncv_of(row, fuel, guideline), fuel)


def _materials(content: Content, guideline: Guideline) -> Iterator[Term]:
    make = named(ENTERPRISE, "", "enterprise", guideline)
    for row in content.table("carbonate", "electrode", "material", *PRODUCTS):
        factor = guideline.factors("product" if row.table in PRODUCTS else row.table).get(row.item)
        amount = equations.quantity(row.amount(), guideline)
        if factor and amount:
            deducted = row.table in PRODUCTS
            ad = Amount.of("AD", amount, penalty(content, row, "amount"), emits=not deducted)
            exact, formula = product(ad.exact, factor.value), f"{ad.formula} × EF"
            if deducted:
                exact, formula = -exact, f"−{formula}"
            yield make(f"{row.table}.{factor.code}", exact, formula, {**ad.inputs, "EF": text(factor.value)})


def _processes(content: Content, guideline: Guideline) -> Iterator[Term]:
    stated = _stated_ncv(content)
    for row in content.table("process_in", "process_out"):
        fuel, amount = guideline.fuels.get(row.item), equations.quantity(row.amount(), guideline)
        if fuel and amount:
            make = named(PROCESS, row.line, "process", guideline)
            way, sign = ("in", 1) if row.table == "process_in" else ("out", -1)
            ncv = equations.ncv_of(row, fuel, guideline, stated.get(fuel.code))
            fc = Amount.of("FC", amount, penalty(content, row, "amount"), emits=sign > 0)
            yield fuel_term(make, f"{row.process}.{way}.{fuel.code}", fc, ncv, fuel, sign)


def _power(content: Content, guideline: Guideline) -> Iterator[Term]:
    stated = _stated_ncv(content)
    for row in content.table("power"):
        fuel, amount = guideline.fuels.get(row.item), equations.quantity(row.amount(), guideline)
        if fuel and amount:
            make = named(PROCESS, row.line, "power", guideline)
            ncv = equations.ncv_of(row, fuel, guideline, stated.get(fuel.code))
            fc = Amount.of("FC", amount, penalty(content, row, "amount"))
            yield burnt_fuel_term(make, f"{POWER}.{fuel.code}", fc, ncv, fuel)


def _stated_ncv(content: Content) -> dict[str, Decimal]:
    """The net calorific values of the works' ledger, which hold for the processes too unless they state their own."""
    stated = ((row.item, row.number("ncv")) for row in content.table("fuel"))
    return {item: ncv for item, ncv in stated if ncv is not None}


def _other(enterprise: list[Term], processes: list[Term], content: Content, guideline: Guideline) -> Term:
    whole, parts = _sum(enterprise), _sum(processes)
    line = content.lines[0] if content.lines else ""
    inputs = {"E": text(whole), "ΣE_j + ΣE_x": text(parts)}
    return Term(PROCESS, line, OTHER, "E − ΣE_j − ΣE_x", inputs, whole - parts, guideline.article("other"))


def _sum(terms: list[Term]) -> Decimal:
    return sum((term.emissions for term in terms), Decimal(0))


def _works(line: str, whole: Decimal, by_process: dict[str, Decimal], spans: Sequence[Span]) -> LineTotal:
    def made(table: str, line: str, process: str, *items: str) -> Decimal:
        found = ((span, row) for span in spans for row in span.content.table(table, line=line, process=process))
        counted = (
            output_of(each.content, row, each.guideline) for each, row in found if not items or row.item in items
        )
        return sum(counted, Decimal(0))

    return LineTotal(
        emissions=whole,
        output=made("process_output", line, "ironmaking"),
        main_emissions=by_process["ironmaking"] + by_process["sintering"],
        details={
            "ironmaking": by_process["ironmaking"],
            "sintering": by_process["sintering"],
            "crude_steel": made("product", "", "", "crude_steel"),
        },
    )


ACCOUNTING = Accounting(
    terms,
    totals,
    items=(
        Item(EMISSIONS, _("Emissions of the steel works"), CO2),
        Item("ironmaking", _("Emissions of ironmaking"), CO2, whole=MAIN_EMISSIONS),
        Item("sintering", _("Emissions of sintering"), CO2, whole=MAIN_EMISSIONS),
        Item(MAIN_EMISSIONS, _("Emissions of the main processes"), CO2),
        Item(OUTPUT, _("Output of ironmaking"), TONNES),
        Item("crude_steel", _("Output of crude steel"), TONNES),
    ),
    choice="fuel",  # the processes take the value from the works' ledger
    names={
        "coking": _("Coking"),
        "sintering": _("Sintering"),
        "pelletising": _("Pelletising"),
        "ironmaking": _("Ironmaking"),
        "converter": _("Converter steelmaking"),
        "electric_arc": _("Electric-arc steelmaking"),
        POWER: _("Power units burning own fuel"),
        OTHER: _("Other (balance, either sign)"),
    },
)
