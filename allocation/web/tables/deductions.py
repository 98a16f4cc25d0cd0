"""The list of decisions on deductions."""

from typing import Any

import django_tables2 as tables
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from allocation import labels
from allocation.models import Deduction
from registry.web.columns import Column, DayColumn, PageColumn, StateColumn, TonnesColumn, UnitColumn, YearColumn


def _ended(decision: Any) -> tuple[Promise, str] | None:
    if decision.revoked:
        return _("revoked"), "neutral"
    return (_("withdrawn"), "neutral") if decision.is_withdrawn else None


class DeductionTable(tables.Table):
    number = PageColumn("allocation:deduction")
    unit = UnitColumn(order_by=("unit__pinyin", "unit__name"))
    sector = Column()
    decided_on = DayColumn()
    year = YearColumn()
    tonnes = TonnesColumn(
        summed=True,
    )
    left = TonnesColumn(verbose_name=_("Still to be deducted"), orderable=False)
    state = StateColumn(labels.DEDUCTION_TONES, instead=_ended)

    class Meta:
        model = Deduction
        fields = ("number", "unit", "sector", "decided_on", "year", "tonnes", "left", "state")
        order_by = ("decided_on", "number", "pk")
        empty_text = _("No decision matches.")
        attrs = {"class": "cards"}

    def value_left(self, record: Deduction, value: int) -> int | None:
        return value if record.state == Deduction.State.APPROVED else None

    def render_left(self, record: Deduction, value: int) -> str:
        return self.columns["tonnes"].column.render(value) if record.state == Deduction.State.APPROVED else "—"
