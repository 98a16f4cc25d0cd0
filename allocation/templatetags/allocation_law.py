"""How allocation writes a value of the law, a cell of an official table, and a rate as a bar."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allocation.method import shown
from registry import figures

register = template.Library()

# The plan's own words, as people say them.
WORDS = {
    "equal_to_verified": gettext_lazy("quota equals verified emissions"),
    "intensity_coefficient": gettext_lazy("by the intensity coefficient"),
    "equal": gettext_lazy("quota equals emissions"),
    "equal_above_rate": gettext_lazy("quota equals emissions above the rate"),
    "outside": gettext_lazy("outside the year's allocation"),
    "floor": gettext_lazy("rounded down"),
    "half_up": gettext_lazy("rounded half-up"),
    "none": gettext_lazy("not rounded"),
    "exact": gettext_lazy("not rounded"),
    "middle": gettext_lazy("its middle"),
    "oldest_first": gettext_lazy("the oldest decision first"),
    "latest_first": gettext_lazy("the latest decision first"),
    "sum": gettext_lazy("sum over the sectors"),
    "once": gettext_lazy("one base"),
    "judicial_freeze": gettext_lazy("judicial freeze"),
    "clear_risk": gettext_lazy("clear risk of not complying"),
}


@register.filter
def law_value(value: Any) -> str:
    """Numbers as written in the plan, days as days, yes and no, lists with commas; the plan's own words as people say them."""
    if isinstance(value, tuple):
        return ", ".join(law_value(item) for item in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.date):
        return figures.day(value)
    if isinstance(value, str):
        return str(WORDS.get(value, value))
    return shown.exact(value)


@register.filter
def is_number(value: Any) -> bool:
    """Whether a cell of an official table holds a figure."""
    return isinstance(value, int | Decimal)


@register.simple_tag
def share_bar(part: int, whole: int) -> SafeString:
    """A part of a whole drawn as a bar; the numbers stand beside it."""
    width = round(Fraction(part, whole) * 1000) if whole else 0
    return format_html(
        '<svg class="meter" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="fill tone-{}" width="{}" height="10" /></svg>',
        "ok" if part >= whole else "info",
        width,
    )
