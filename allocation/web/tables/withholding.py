"""The list of differentiated units."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from allocation import labels
from allocation.models import Differentiation
from allocation.templatetags.allocation_law import law_value
from allocation.web.tables.common import TIGHT, DayColumn
from registry.templatetags.components import badge


class DifferentiationTable(tables.Table):
    unit = tables.Column(order_by="unit__name")
    sector = tables.Column()
    year = tables.Column(attrs=TIGHT)
    ground = tables.Column()
    facts = tables.Column(attrs={"td": {"class": "wrap"}}, orderable=False)
    state = tables.Column()
    approved_at = DayColumn()

    class Meta:
        model = Differentiation
        fields = ("unit", "sector", "year", "ground", "facts", "state", "approved_at")
        order_by = ("-year", "-pk")
        empty_text = _("No unit under differentiated issuance matches.")
        attrs = {"class": "cards"}

    def render_unit(self, record: Differentiation) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("allocation:differentiation", args=[record.pk]), record.unit)

    def render_ground(self, value: str) -> str:
        return law_value(value)

    def render_state(self, record: Differentiation) -> SafeString:
        if record.is_withdrawn:
            return badge(_("withdrawn"), "neutral")
        return badge(record.get_state_display(), labels.DIFFERENTIATION_TONES[Differentiation.State(record.state)])
