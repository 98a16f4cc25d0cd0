"""The lines of a hypothetical recomputation whose results are not those of the published value."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import django_tables2 as tables
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from allocation import kept_shapes
from allocation.models import Recomputation
from registry.models import Unit
from registry.values import figures
from registry.web.columns import CODE, NUMBER, WRAP, ChangeColumn, Column
from registry.web.export import Cell

__all__ = ["Change", "ChangedLine", "ChangedLineTable", "changed_lines"]

Side = kept_shapes.LineSide | None
Figure = Literal["emissions", "intensity", "quota"]


class Change(TextChoices):
    """In what the line differs between the two."""

    OTHER_FIGURES = "other_figures", _("other figures")
    NEW = "new", pgettext_lazy("a line", "new")
    GONE = "gone", pgettext_lazy("a line", "gone")


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line with its figures as published and as recomputed; None where one of the two has no such line. `province` is its code."""

    code: str
    unit: str
    line: str
    before: Side
    after: Side
    province: str

    @property
    def change(self) -> Change:
        if self.before and self.after:
            return Change.OTHER_FIGURES
        return Change.NEW if self.after else Change.GONE

    @property
    def difference(self) -> int:
        return (self.after["quota"] if self.after else 0) - (self.before["quota"] if self.before else 0)


def changed_lines(row: Recomputation) -> list[ChangedLine]:
    """In the order of credit code and line. One query."""
    changes = row.compared["lines"]
    codes = {one["line"].partition("/")[0] for one in changes}
    rows = Unit.objects.filter(credit_code__in=codes).values_list("credit_code", "name", "authority__code")
    units = {code: (name, province) for code, name, province in rows}
    found = []
    for one in changes:
        code, _slash, line = one["line"].partition("/")
        name, province = units.get(code, (code, ""))
        found.append(ChangedLine(code, name, line, one["before"], one["after"], province))
    return found


class SideColumn(tables.Column):
    """A figure of one side; a dash where the side has no such line."""

    def __init__(self, side: str, name: Figure, **kwargs: Any) -> None:
        super().__init__(accessor=side, empty_values=(), attrs=NUMBER, orderable=False, **kwargs)
        self._name = name
        self.summed = name != "intensity"

    def stand_at_foot(self, value: int) -> None:
        self._footer = figures.tonnes(value)

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
    difference = ChangeColumn(summed=True, verbose_name=_("Difference in quota (t)"), exclude_from_export=True)

    class Meta:
        orderable = False
        empty_text = _("No line's result has changed.")
        attrs = {"class": "hold", "label": _("Lines with changed results")}

    def __init__(self, lines: Sequence[ChangedLine], **kwargs: Any) -> None:
        super().__init__(lines, **kwargs)
        self.sums = {"difference": sum(one.difference for one in lines)}
        for name in ("emissions", "quota"):
            self.sums[f"{name}_before"] = sum(one.before[name] for one in lines if one.before)
            self.sums[f"{name}_after"] = sum(one.after[name] for one in lines if one.after)
