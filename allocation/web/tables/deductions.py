"""The list of decisions on deductions."""

from typing import Any

import django_tables2 as tables
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from allocation import labels
from allocation.models import Deduction
from allocation.web.tables.common import TIGHT, DayColumn, TonnesColumn
from registry.templatetags.components import badge


class DeductionTable(tables.Table):
    number = tables.Column(linkify=("allocation:deduction", {"pk": tables.A("pk")}))
    unit = tables.Column(order_by="unit__name")
    sector = tables.Column()
    decided_on = DayColumn()
    year = tables.Column(attrs=TIGHT)
    tonnes = TonnesColumn()
    left = TonnesColumn(verbose_name=_("Still to be deducted"), orderable=False)
    state = tables.Column()

    class Meta:
        model = Deduction
        fields = ("number", "unit", "sector", "decided_on", "year", "tonnes", "left", "state")
        order_by = ("decided_on", "number", "pk")
        empty_text = _("No decision matches.")
        attrs = {"class": "cards"}

    def render_left(self, record: Deduction, value: int) -> str:
        return self.columns["tonnes"].column.render(value) if record.state == Deduction.State.APPROVED else "—"

    def render_state(self, record: Any) -> SafeString:
        if record.revoked:
            return badge(_("revoked"), "neutral")
        if record.is_withdrawn:
            return badge(_("withdrawn"), "neutral")
        return badge(record.get_state_display(), labels.DEDUCTION_TONES[Deduction.State(record.state)])
