"""Emissions, computed exactly from what a unit states.

    account(content) -> Accounts(terms: tuple[Term, ...], totals: Totals)      a month and a year alike
    year_content(months: Sequence[Content]) -> Content                         the year's own values: summed, NCV weighted
    cited(term, guideline) -> {input name: Cited(parameter, unit, dated)}      the article behind each factor of a term
    rounding(year: Totals, months: Sequence[Totals]) -> dict[str, Decimal]     year minus the sum of months, "" is the enterprise

    Term(level, line, source, formula, inputs: dict[str, str], emissions: Decimal, article)
    Totals(enterprise, ironmaking, sintering, lines: {code: LineTotal}, processes)   whole tonnes; None where a sector has no such
    LineTotal(emissions, output, main_emissions, carbide_slag_rate, details; .intensity, .exact_intensity)

Nothing here raises on odd content: what was not stated counts as nothing, and the checks say that it is missing.
The guideline is the one in force for the content's period (reporting.guidelines).
"""

from collections.abc import Callable

from reporting.accounting import aluminium, cement, steel
from reporting.accounting.calorific import settled
from reporting.accounting.citations import Cited, cited
from reporting.accounting.terms import Accounts, LineTotal, Term, Totals
from reporting.accounting.year import rounding, year_content
from reporting.content import Content
from reporting.guidelines import Guideline, for_period

_SECTORS: dict[str, Callable[[Content, Guideline], Accounts]] = {
    "steel": steel.account,
    "cement": cement.account,
    "aluminium": aluminium.account,
}


def account(content: Content) -> Accounts:
    """The accounts of a month or year, by the guideline that governs it."""
    guideline = for_period(content.sector, content.period)
    return _SECTORS[content.sector](settled(content, guideline), guideline)


__all__ = ["Accounts", "Cited", "LineTotal", "Term", "Totals", "account", "cited", "rounding", "year_content"]
