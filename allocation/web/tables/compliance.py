"""The lists of notices and surrender requests, and how the units of a year stand."""

from collections.abc import Mapping
from typing import Any

import django_tables2 as tables
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from allocation import labels
from allocation.method.compliance_status import LABELS, TONES, Status
from allocation.models import Notice, SurrenderRequest
from registry.templatetags.components import badge
from registry.web.columns import Column, DayColumn, PageColumn, StateColumn, TonnesColumn, UnitColumn, YearColumn


class NoticeTable(tables.Table):
    number = PageColumn("allocation:notice")
    unit = UnitColumn(order_by=("unit__pinyin", "unit__name"), verbose_name=_("Unit"))
    year = YearColumn()
    due = TonnesColumn(summed=True)
    deadline = DayColumn()
    sent_at = DayColumn()

    class Meta:
        model = Notice
        fields = ("number", "unit", "year", "due", "deadline", "sent_at")
        order_by = ("-year", "number", "pk")
        empty_text = _("No notice has been sent.")


def _late(request: SurrenderRequest) -> tuple[Promise, str] | None:
    return (_("executed late"), "warn") if request.is_late else None


class SurrenderTable(tables.Table):
    unit = UnitColumn(order_by=("unit__pinyin", "unit__name"), verbose_name=_("Unit"))
    year = YearColumn(page="allocation:surrender")
    total = TonnesColumn(
        summed=True,
    )
    state = StateColumn(labels.SURRENDER_TONES, instead=_late)
    deadline = DayColumn(accessor="notice__deadline", verbose_name=_("Deadline"))
    requested_at = DayColumn()
    executed_at = DayColumn()

    class Meta:
        model = SurrenderRequest
        fields = ("unit", "year", "total", "state", "deadline", "requested_at", "executed_at")
        order_by = ("-requested_at", "-pk")
        empty_text = _("No surrender request matches.")


class ComplianceTable(tables.Table):
    """`sums` are those of its columns, where whoever asks for the rows has them at hand."""

    unit = UnitColumn(verbose_name=_("Unit"), order_by=("unit__pinyin", "unit__name"))
    authority = Column(accessor="unit__authority", verbose_name=_("Authority"), orderable=False)
    due = TonnesColumn(
        page="allocation:quota_of", key="unit_id", summed=True, accessor="due_then", verbose_name=_("Due")
    )
    surrendered = TonnesColumn(summed=True, verbose_name=_("Surrendered"))
    missing = TonnesColumn(summed=True, verbose_name=_("Outstanding"))
    over = TonnesColumn(summed=True, verbose_name=_("Surplus surrendered"))
    state = Column(accessor="status", verbose_name=_("Status"))

    class Meta:
        empty_text = _("No unit had a notice for this year on that day.")

    def __init__(self, *args: Any, sums: Mapping[str, int] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sums = sums

    def render_state(self, value: str) -> SafeString:
        status = Status(value)
        return badge(LABELS[status], TONES[status])
