"""Emissions, computed exactly from what a unit states.

    account(content) -> Accounts(terms: tuple[Term, ...], totals: Totals)      a month and a year alike
    year_content(months: Sequence[Content]) -> Content                         the year's own values: summed, NCV weighted
    rounding(year: Totals, months: Sequence[Totals]) -> dict[str, Decimal]     year minus the sum of months, "" is the enterprise

    Term(level, line, source, formula, inputs: dict[str, str], emissions: Decimal, article)
    Totals(enterprise, ironmaking, sintering, lines: {code: LineTotal}, processes)   whole tonnes; None where a sector has no such
    LineTotal(emissions, output, main_emissions, carbide_slag_rate, details; .intensity, .exact_intensity)

Nothing here raises on odd content: what was not stated counts as nothing, and the checks say that it is missing.
The guideline is the one in force for the content's period (reporting.guidelines).
"""
