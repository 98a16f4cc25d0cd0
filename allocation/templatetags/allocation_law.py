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
from allocation.plans import vintage_labels
from registry.law import DatedValue, Parameter
from registry.values import figures
from registry.values.bilingual import listed
from registry.values.measures import measure

register = template.Library()
register.filter("vintage", vintage_labels.label)

# The plan's own words, as people say them.
WORDS = {
    "equal_to_verified": gettext_lazy("quota equals verified emissions"),
    "intensity_coefficient": gettext_lazy("by the intensity coefficient"),
    "equal": gettext_lazy("quota equals emissions"),
    "equal_above_rate": gettext_lazy("quota equals emissions above the rate"),
    "any_line_above_rate": gettext_lazy("quota equals emissions above the rate, whatever the kind"),
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
    "clear_risk": gettext_lazy("clear risk of non-compliance"),
    "closed_before_determination": gettext_lazy("closed before determination"),
    "pre_allocation": gettext_lazy("pre-allocation"),
    "determination": gettext_lazy("determination"),
    "under_surrender": gettext_lazy("shortfall in last year's surrender"),
    "no quota, nothing due, no part in the balance value": gettext_lazy(
        "no quota, nothing due, no part in the balance value"
    ),
    "the day of determination, that day included": gettext_lazy("the day of determination, that day included"),
    "the unit's lines of the sector": gettext_lazy("the unit's lines of the sector"),
    "final, November 2025": gettext_lazy("final, November 2025"),
    "draft, September 2025": gettext_lazy("draft, September 2025"),
    "draft, July 2026": gettext_lazy("draft, July 2026"),
    "draft of September 2025 (征求意见稿)": gettext_lazy("draft of September 2025"),
    "draft of July 2026 (征求意见稿)": gettext_lazy("draft of July 2026"),
}
# Shares that people say in percent; a plan writes them as fractions.
IN_PERCENT = {
    "determination.cap",
    "determination.limit",
    "determination.carbide_slag_rate",
    "pre_allocation.rate",
    "surrender.ccer.share",
}
TONNES = {"t", "t of verified emissions"}


@register.simple_tag
def as_read(parameter: Parameter, value: DatedValue) -> str:
    """The value as people say it: a share in percent, tonnes with their separators, the rest as `law_value`."""
    if parameter.id in IN_PERCENT and isinstance(value.value, Decimal):
        return figures.percent(value.value, 0 if value.value * 100 % 1 == 0 else 2)
    if parameter.unit in TONNES and type(value.value) is int:
        return figures.tonnes(value.value)
    return law_value(value.value)


@register.filter
def unit_as_read(parameter: Parameter) -> str:
    """The unit of measure beside `as_read`; a percentage says for itself that it is a fraction."""
    return "" if parameter.unit == "fraction" and parameter.id in IN_PERCENT else measure(parameter.unit)


@register.filter
def law_value(value: Any) -> str:
    """Numbers as written in the plan, days as days, yes and no, lists with commas; the plan's own words as people say them."""
    if isinstance(value, tuple):
        return listed(law_value(item) for item in value)
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
