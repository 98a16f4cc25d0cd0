"""Emissions, computed exactly from what a unit states.

    account(content) -> Accounts(terms: tuple[Term, ...], totals: Totals)      a month or a year workbook, by its one guideline
    spans(contents: Sequence[Content]) -> tuple[Span, ...]                     a year's months, parted where the guideline changes
    account_year(spans) -> Accounts                                            the year: terms span by span, rounded once
    year_content(months: Sequence[Content]) -> Content                         the year's own values: summed, NCV weighted
    cited(term, guideline) -> {input name: Cited(parameter, unit, dated)}      the article behind each factor of a term
    differences(contents, year?) -> tuple[Difference, ...]     the year beside the sum of its months, by place and cause (accounting.causes)

    Term(level, line, source, formula, inputs: dict[str, str], emissions: Decimal, article)
    Totals(enterprise, ironmaking, sintering, lines: {code: LineTotal}, processes)   whole tonnes; None where a sector has no such
    LineTotal(emissions, output, main_emissions, carbide_slag_rate, details; .intensity, .exact_intensity)

Nothing here raises on odd content: what was not stated counts as nothing, and the checks say that it is missing.
The guideline is the one in force for the content's period (reporting.guidelines).

Each `sector` has its own (sectors), from shared `equations`, and those of `line_fuels`, to `terms` with their `citations`;
`calorific_tests` values and `calibration` come before them, the `year_from_months` and the `causes` of its differences after; `items`
are the data that verification confirms.
"""

from collections.abc import Sequence

from reporting.accounting import sector
from reporting.accounting.calorific_tests import settled
from reporting.accounting.causes import CAUSES, Difference, Reckoned, compare
from reporting.accounting.citations import Cited, cited
from reporting.accounting.terms import Accounts, LineTotal, Span, Term, Totals
from reporting.accounting.year_from_months import year_content
from reporting.content import Content
from reporting.guidelines import Guideline, for_period
from reporting.guidelines import spans as guideline_spans


def account(content: Content) -> Accounts:
    """The accounts of a month or year workbook, by the guideline in force for its first day."""
    return account_year([_span((content.period,), content, for_period(content.sector, content.period))])


def spans(contents: Sequence[Content]) -> tuple[Span, ...]:
    """What the months of one year state, month by month under one guideline; each span's net calorific values are weighted over it."""
    by_period = {content.period: content for content in contents}
    parts = guideline_spans(contents[0].sector, by_period)
    return tuple(_span(tuple(periods), _together([by_period[each] for each in periods]), by) for by, periods in parts)


def account_year(parts: Sequence[Span]) -> Accounts:
    """The accounts of a year: the terms of all its spans, and totals that are rounded once."""
    terms = tuple(term for span in parts for term in span.terms)
    return Accounts(terms, sector.of(parts[0].content.sector).totals(parts))


def differences(contents: Sequence[Content], year: Accounts | None = None) -> tuple[Difference, ...]:
    """For the enterprise, every process and every line of a year: what it comes to beside the sum of its months, by cause.

    Whoever has accounted the year already gives it.
    """
    return compare(contents, _reckon(contents, year), _reckon)


def _reckon(contents: Sequence[Content], year: Accounts | None = None) -> Reckoned:
    return Reckoned(year or account_year(spans(contents)), [account(content) for content in contents])


def _together(contents: Sequence[Content]) -> Content:
    return contents[0] if contents[0].is_year else year_content(contents)


def _span(periods: tuple[str, ...], content: Content, guideline: Guideline) -> Span:
    content = settled(content, guideline)
    return Span(periods, guideline, content, tuple(sector.of(content.sector).terms(content, guideline)))


__all__ = [
    "CAUSES",
    "Accounts",
    "Cited",
    "Difference",
    "LineTotal",
    "Span",
    "Term",
    "Totals",
    "account",
    "account_year",
    "cited",
    "differences",
    "spans",
    "year_content",
]
