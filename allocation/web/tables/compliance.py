"""The lists of notices and surrender requests, and how the units of a year stand."""

import django_tables2 as tables
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from allocation import labels
from allocation.models import Notice, SurrenderRequest
from allocation.queries import Row
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
    unit = UnitColumn(
        accessor="notice__unit",
        verbose_name=_("Unit"),
        order_by=("notice__unit__pinyin", "notice__unit__name"),
    )
    authority = Column(accessor="notice__unit__authority", verbose_name=_("Authority"), orderable=False)
    due = TonnesColumn(
        page="allocation:quota_of", key="notice__unit_id", summed=True, accessor="standing__due", verbose_name=_("Due")
    )
    surrendered = TonnesColumn(summed=True, accessor="standing__surrendered", verbose_name=_("Surrendered"))
    missing = TonnesColumn(summed=True, accessor="standing__missing", verbose_name=_("Outstanding"))
    over = TonnesColumn(summed=True, accessor="standing__over", verbose_name=_("Surplus surrendered"))
    state = Column(accessor="standing__status", verbose_name=_("Status"))

    class Meta:
        empty_text = _("No unit had a notice for this year on that day.")

    def render_state(self, record: Row) -> SafeString:
        return badge(record.standing.label, record.standing.tone)
