"""How pages write a parameter of the law: its name, a value with its unit, and where it is written."""

from decimal import Decimal

from django import template
from django.utils.text import capfirst
from django.utils.translation import ngettext

from registry.law import DatedValue, Parameter
from registry.parameters.values import Value, read
from registry.values import figures
from registry.values.bilingual import in_language, name_of
from registry.values.measures import measure

register = template.Library()


@register.filter
def law_name(parameter: Parameter) -> str:
    """The parameter's name, as a heading or a row begins with it."""
    return capfirst(name_of(parameter))


@register.filter
def law_source(value: DatedValue) -> str:
    """Where the value is written."""
    return in_language(value.cite_zh, value.cite)


@register.filter
def threshold(value: Value, parameter: Parameter | None = None) -> str:
    """A number or band with the parameter's unit; a band by an en dash."""
    if isinstance(value, str):
        value = read(value)
    ends = value if isinstance(value, tuple) else (value,)
    text = "–".join(figures.quantity(end) if isinstance(end, int | Decimal) else str(end) for end in ends)
    unit = "" if parameter is None else unit_of(parameter, value)
    return f"{text} {unit}".strip()


def unit_of(parameter: Parameter, value: Value) -> str:
    """What the parameter's value is measured in, as it is said behind that value."""
    if parameter.unit == "calendar days":
        return ngettext("calendar day", "calendar days", int(value) if isinstance(value, int | Decimal) else 2)
    return measure(parameter.unit)
