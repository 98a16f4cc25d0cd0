"""Which form a period's workbook has."""

from collections.abc import Callable
from functools import cache

from reporting.guidelines import Guideline, for_period
from reporting.workbook.definition import Form
from reporting.workbook.forms import aluminium, cement, steel

_SECTORS: dict[str, Callable[[Guideline], Form]] = {
    "steel": steel.form,
    "cement": cement.form,
    "aluminium": aluminium.form,
}


def form_for(sector: str, period: str) -> Form:
    """The form of a month or year; NotInForceError when no guideline governs it."""
    return _form(for_period(sector, period))


@cache
def _form(guideline: Guideline) -> Form:
    return _SECTORS[guideline.sector](guideline)
