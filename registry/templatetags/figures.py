"""What registry.values.figures and .measures offer, as template filters of the same names: `{{ award.quota|tonnes }}`."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import template

from registry.law import calendar
from registry.values import figures, measures

register = template.Library()


def _filter(function: Callable[..., str]) -> None:
    """Register `function`; what a template hands over for a name it doesn't know ("") is written as missing."""

    @wraps(function)
    def filtered(value: Any, *arguments: Any) -> str:
        return function(None if value == "" else value, *arguments)

    register.filter(function.__name__, filtered)


for _function in (
    figures.tonnes,
    figures.change,
    figures.quantity,
    figures.percent,
    figures.coefficient,
    figures.intensity,
    figures.day,
    figures.day_in_full,
    figures.instant,
    figures.month,
    measures.in_tonnes,
):
    _filter(_function)

register.filter("measure", measures.measure)
register.filter("as_term", calendar.as_term)
