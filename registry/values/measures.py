"""Units of measure: the one list of how pages, findings and exports write them, whatever files, forms and stored rows call them.

The workbook and the official tables keep the words that the law gives them.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from registry.values import figures

__all__ = ["MEASURES", "in_tonnes", "measure"]

MEASURES: Mapping[str, str | Promise] = {
    "t": pgettext_lazy("unit of measure", "t"),
    "t of verified emissions": _("t of verified emissions"),
    "tCO2": "tCO₂",
    "tCO2e": "tCO₂e",
    "tCO2/t": "tCO₂/t",
    "tCO2e/t": "tCO₂e/t",
    "yuan/t": _("yuan/t"),
    "percent": "%",
    "working days": _("working days"),
    "months": _("months"),
    "lines": _("lines"),
    "points": _("points"),
    "decimals": _("decimals"),
    "fraction": _("fraction"),
    "emission year": _("emission year"),
    "year of the vintage": _("year of the vintage"),
    "of last year's verified emissions": _("of last year's verified emissions"),
    "of the tonnes due": _("of the tonnes due"),
    # What the value or the name beside it says already.
    "day": "",
    "robust z-score": "",
    "× interquartile range": "×",
}


def measure(code: str) -> str:
    """How a unit of measure is written in the page's language; signs that are the same everywhere stand for themselves."""
    return str(MEASURES.get(code, code))


def in_tonnes(value: int | None) -> str:
    """Whole tonnes with their unit, within a sentence or a list."""
    return figures.DASH if value is None else gettext("%(tonnes)s t") % {"tonnes": figures.tonnes(value)}
