"""The scope of a run as a list and as a table to take away."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allocation.queries.run_scope import Part, ScopeRow
from registry.models import LineKind
from registry.templatetags.components import badge
from registry.web.columns import (
    CODE,
    WRAP,
    Column,
    DayColumn,
    LineColumn,
    PercentColumn,
    QuantityColumn,
    StateColumn,
    TonnesColumn,
    UnitColumn,
)

PART_TONES = {Part.IN: "ok", Part.EQUAL: "ok", Part.OUTSIDE: "neutral", Part.LEFT_OUT: "warn"}


def _included(row: ScopeRow) -> tuple[str, str]:
    """A row of the scope is no row of the database, which would know the word for its code."""
    part = Part(row.part)
    return str(part.label), PART_TONES[part]


def _explained(record: ScopeRow) -> str | None:
    """Where it says why the line gets its quota."""
    return None if record.award is None else reverse("allocation:award", args=[record.award])


class RollTable(tables.Table):
    credit_code = Column(
        accessor="line__unit__credit_code", verbose_name=_("Unified social credit code"), visible=False
    )
    whose = Column(accessor="line__unit", verbose_name=_("Unit"), visible=False)
    line = LineColumn(of="line", accessor="line__code", verbose_name=_("Line"), attrs=CODE)
    unit = UnitColumn(accessor="line__unit", verbose_name=_("Unit"), attrs=WRAP, exclude_from_export=True)
    part = StateColumn(PART_TONES, instead=_included, verbose_name=_("Included?"))
    because = Column(verbose_name=_("Reason"), attrs=WRAP)
    contested = Column(verbose_name=_("under objection"), visible=False)
    kind = Column(empty_values=(), accessor="line", verbose_name=_("Kind of line"))
    commissioned = DayColumn(accessor="line__commissioned", verbose_name=_("Commissioned"))
    closed = DayColumn(accessor="line__closed", verbose_name=_("Closed"))
    emissions = TonnesColumn(
        summed=True, verbose_name=_("Verified emissions"), exported_as=_("Verified emissions (tCO₂e)")
    )
    output = QuantityColumn(verbose_name=_("Output (t)"))
    slag_rate = PercentColumn(verbose_name=_("Carbide-slag rate"), exported_as=_("Carbide-slag rate (%)"))
    quota = TonnesColumn(summed=True, linkify=_explained, verbose_name=_("Quota"), exported_as=_("Quota (t)"))

    class Meta:
        orderable = False
        empty_text = _("No line matches.")
        attrs = {"class": "hold", "label": _("Lines in and outside the run")}

    def render_because(self, record: ScopeRow, value: str) -> str | SafeString:
        marks = [badge(gettext("under objection"), "warn")] if record.contested else []
        if record.mislabelled:
            marks.append(badge(gettext("to be reviewed: registration and carbide-slag rate differ"), "info"))
        return format_html_join(" ", "{}", [(value,), *((mark,) for mark in marks)]) if marks else value

    def value_line(self, value: str) -> str:
        return value

    def value_because(self, value: str) -> str:
        return value

    def value_contested(self, value: bool) -> str:
        return gettext("yes") if value else gettext("no")

    def render_kind(self, record: ScopeRow) -> str:
        """The verified kind, else the registered one."""
        return str(LineKind(record.result.kind if record.result else record.line.kind).label)
