"""The list of differentiated units."""

import django_tables2 as tables
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from allocation import labels
from allocation.models import Differentiation
from allocation.templatetags.allocation_law import law_value
from registry.web.columns import WRAP, Column, DayColumn, StateColumn, UnitColumn, YearColumn


def _withdrawn(mark: Differentiation) -> tuple[Promise, str] | None:
    return (_("withdrawn"), "neutral") if mark.is_withdrawn else None


class DifferentiationTable(tables.Table):
    unit = UnitColumn(order_by=("unit__pinyin", "unit__name"))
    sector = Column()
    year = YearColumn(page="allocation:differentiation")
    ground = Column()
    facts = Column(attrs=WRAP, orderable=False)
    state = StateColumn(labels.DIFFERENTIATION_TONES, instead=_withdrawn)
    approved_at = DayColumn()

    class Meta:
        model = Differentiation
        fields = ("unit", "sector", "year", "ground", "facts", "state", "approved_at")
        order_by = ("-year", "-pk")
        empty_text = _("No unit under differentiated issuance matches.")
        attrs = {"class": "cards"}

    def render_ground(self, value: str) -> str:
        return law_value(value)
