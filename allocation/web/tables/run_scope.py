"""The roll of a run as a list and as a table to take away."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allocation.queries.run_scope import Part, RollRow
from allocation.web.export import Cell
from allocation.web.tables.common import CODE, NUMBER, DayColumn, TonnesColumn
from registry.models import LineKind
from registry.templatetags.components import badge
from registry.values import figures
from registry.values.exact import half_up

PART_TONES = {Part.IN: "ok", Part.EQUAL: "ok", Part.OUTSIDE: "neutral", Part.LEFT_OUT: "warn"}


class RollTable(tables.Table):
    line = tables.Column(accessor="line__code", verbose_name=_("Line"), attrs=CODE)
    unit = tables.Column(accessor="line__unit", verbose_name=_("Unit"), attrs={"td": {"class": "wrap"}})
    part = tables.Column(verbose_name=_("In or out"))
    because = tables.Column(verbose_name=_("Why so"), attrs={"td": {"class": "wrap"}})
    kind = tables.Column(empty_values=(), accessor="line", verbose_name=_("Kind of line"))
    commissioned = DayColumn(accessor="line__commissioned", verbose_name=_("Commissioned"))
    closed = DayColumn(accessor="line__closed", verbose_name=_("Closed"))
    emissions = TonnesColumn(verbose_name=_("Verified emissions"))
    output = tables.Column(verbose_name=_("Output (t)"), attrs=NUMBER)
    slag_rate = tables.Column(verbose_name=_("Carbide-slag rate"), attrs=NUMBER)
    quota = TonnesColumn(verbose_name=_("Quota"))

    class Meta:
        orderable = False
        empty_text = _("No line matches.")
        attrs = {"class": "hold", "label": _("Lines in and outside the run")}

    def render_line(self, record: RollRow, value: str) -> str | SafeString:
        if record.award is None:
            return value
        return format_html('<a href="{}">{}</a>', reverse("allocation:award", args=[record.award]), value)

    def render_part(self, record: RollRow) -> SafeString:
        return badge(Part(record.part).label, PART_TONES[Part(record.part)])

    def render_because(self, record: RollRow, value: str) -> str | SafeString:
        marks = [badge(gettext("under objection"), "warn")] if record.contested else []
        if record.mislabelled:
            marks.append(badge(gettext("worth a look: label and carbide-slag rate differ"), "info"))
        return format_html_join(" ", "{}", [(value,), *((mark,) for mark in marks)]) if marks else value

    def render_kind(self, record: RollRow) -> str:
        return _kind(record)

    def render_output(self, value: Any) -> str:
        return figures.quantity(value)

    def render_slag_rate(self, value: Any) -> str:
        return figures.percent(value)


def _kind(row: RollRow) -> str:
    """The verified kind, else the registered one."""
    return str(LineKind(row.result.kind if row.result else row.line.kind).label)


def head() -> list[str]:
    return [
        gettext("Unified social credit code"),
        gettext("Unit"),
        gettext("Line"),
        gettext("In or out"),
        gettext("Why so"),
        gettext("under objection"),
        gettext("Kind of line"),
        gettext("Commissioned"),
        gettext("Closed"),
        gettext("Verified emissions (tCO₂e)"),
        gettext("Output (t)"),
        gettext("Carbide-slag rate (%)"),
        gettext("Quota (t)"),
    ]


def cells(row: RollRow) -> list[Cell]:
    line, rate = row.line, row.slag_rate
    return [
        line.unit.credit_code,
        line.unit.name,
        line.code,
        str(Part(row.part).label),
        row.because,
        gettext("yes") if row.contested else gettext("no"),
        _kind(row),
        line.commissioned.isoformat() if line.commissioned else None,
        line.closed.isoformat() if line.closed else None,
        row.emissions,
        row.output,
        None if rate is None else half_up(rate * 100, 2),
        row.quota,
    ]
