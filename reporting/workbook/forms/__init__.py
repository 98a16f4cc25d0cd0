"""Which form a period's workbook has."""

from functools import cache

from reporting.guidelines import Guideline, for_period
from reporting.workbook.definition import UNMARKED, VERSION, Form
from reporting.workbook.sector import of


def form_for(sector: str, period: str, version: str = VERSION) -> Form:
    """The form of a month or year, as it is now or was in an earlier version; NotInForceError when no guideline is in force for it."""
    return _form(for_period(sector, period), version if version in UNMARKED else VERSION)


@cache
def _form(guideline: Guideline, version: str) -> Form:
    if version != VERSION:
        return of(guideline.sector).earlier(_form(guideline, VERSION))
    return of(guideline.sector).form(guideline)
