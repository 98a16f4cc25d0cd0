"""A report's year by the guidelines in force in it: each span's terms and total, and the factors that changed between them."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.law import DatedValue
from registry.values.bilingual import name_of
from reporting.accounting import cited
from reporting.guidelines import Guideline, for_period
from reporting.models import AnnualReport, ReportSpan, ReportTerm

__all__ = ["Changed", "Part", "changed_factors", "parts_of"]


@dataclass(frozen=True, slots=True)
class Part:
    """A span of the year and its terms; `span` is None for a report that was prepared before spans were written down."""

    span: ReportSpan | None
    period: str  # its first, by which its guideline is found
    terms: list[ReportTerm]


@dataclass(frozen=True, slots=True)
class Changed:
    """A factor that some term rests on and that changed within the year; its value in each span, in their order."""

    name: str
    unit: str
    values: list[DatedValue]


def parts_of(report: AnnualReport) -> list[Part]:
    """The report's spans in order, two queries whatever their number."""
    spans, terms = list(report.spans.order_by("first")), list(report.terms.order_by("number"))
    if not spans:
        return [Part(None, str(report.year), terms)]
    starts = [0, *(span.last_term for span in spans)]
    return [
        Part(span, span.first, [term for term in terms if start < term.number <= span.last_term])
        for span, start in zip(spans, starts, strict=False)
    ]


def changed_factors(report: AnnualReport, parts: Sequence[Part]) -> list[Changed]:
    """What makes equal amounts emit otherwise before and after; nothing for a year with one guideline."""
    if len(parts) < 2:
        return []
    guidelines = [for_period(report.sector, part.period) for part in parts]
    used = dict.fromkeys(
        each.parameter
        for part, guideline in zip(parts, guidelines, strict=True)
        for term in part.terms
        for each in cited(term, guideline).values()
    )
    found = (_factor(parameter, guidelines) for parameter in used)
    return [each for each in found if each and len({dated.value for dated in each.values}) > 1]


def _factor(parameter: str, guidelines: Sequence[Guideline]) -> Changed | None:
    """None for one that not every guideline knows: it has nothing to be compared with."""
    known = [(guideline.law[parameter], guideline.day) for guideline in guidelines if parameter in guideline.law]
    if len(known) < len(guidelines):
        return None
    return Changed(name_of(known[0][0]), known[0][0].unit, [each.at(day) for each, day in known])
