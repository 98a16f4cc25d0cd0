"""The lines of a hypothetical recomputation whose results are not those of the published value."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from allocation import kept_shapes
from allocation.models import Recomputation
from registry.models import Unit
from registry.values import figures
from registry.web.columns import CODE, NUMBER, WRAP, ChangeColumn, Column
from registry.web.export import Cell

__all__ = ["ChangedLine", "ChangedLineTable", "changed_lines"]

Side = kept_shapes.LineSide | None
Figure = Literal["emissions", "intensity", "quota"]


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line with its figures as published and as recomputed; None where one of the two has no such line."""

    code: str
    unit: str
    line: str
    before: Side
    after: Side

    @property
    def difference(self) -> int:
        return (self.after["quota"] if self.after else 0) - (self.before["quota"] if self.before else 0)


def changed_lines(row: Recomputation) -> list[ChangedLine]:
    """In the order of credit code and line. One query."""
    changes = row.compared["lines"]
    codes = {one["line"].partition("/")[0] for one in changes}
    units = dict(Unit.objects.filter(credit_code__in=codes).values_list("credit_code", "name"))
    found = []
    for one in changes:
        code, _slash, line = one["line"].partition("/")
        found.append(ChangedLine(code, units.get(code, code), line, one["before"], one["after"]))
    return found


class SideColumn(tables.Column):
    """A figure of one side; a dash where the side has no such line."""

    def __init__(self, side: str, name: Figure, **kwargs: Any) -> None:
        super().__init__(accessor=side, empty_values=(), attrs=NUMBER, orderable=False, **kwargs)
        self._name = name

    def render(self, value: Side) -> str:
        figure = None if value is None else value[self._name]
        return str(figure or figures.DASH) if isinstance(figure, str) else figures.tonnes(figure)

    def value(self, value: Side) -> Cell:
        figure = None if value is None else value[self._name]
        return (Decimal(figure) if figure else None) if isinstance(figure, str) else figure


class ChangedLineTable(tables.Table):
    code = Column(verbose_name=_("Unified social credit code"), visible=False)
    unit = Column(verbose_name=_("Unit"), attrs=WRAP)
    line = Column(verbose_name=_("Line"), attrs=CODE)
    emissions_before = SideColumn("before", "emissions", verbose_name=_("Emissions at that time (tCO₂e)"))
    emissions_after = SideColumn("after", "emissions", verbose_name=_("Emissions now (tCO₂e)"))
    intensity_before = SideColumn("before", "intensity", verbose_name=_("Intensity at that time"))
    intensity_after = SideColumn("after", "intensity", verbose_name=_("Intensity now"))
    quota_before = SideColumn("before", "quota", verbose_name=_("Quota at that time (t)"))
    quota_after = SideColumn("after", "quota", verbose_name=_("Hypothetical quota (t)"))
    difference = ChangeColumn(verbose_name=_("Difference in quota (t)"), exclude_from_export=True)

    class Meta:
        orderable = False
        empty_text = _("No line's result has changed.")
        attrs = {"class": "hold", "label": _("Lines with changed results")}
