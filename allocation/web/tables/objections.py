"""The list of objections to quota."""

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from allocation import labels
from allocation.models import Objection
from registry.templatetags.components import badge
from registry.web.columns import TIGHT, Column, DayColumn, TermColumn, UnitColumn


class ObjectionTable(tables.Table):
    unit = UnitColumn(verbose_name=_("Unit"), order_by=("unit__pinyin", "unit__name"))
    year = Column(page="allocation:objection", accessor="settlement__run__year", verbose_name=_("Year"), attrs=TIGHT)
    sector = Column(accessor="settlement__run__sector", verbose_name=_("Sector"))
    against = Column(accessor="award", verbose_name=_("Against"), empty_values=(), orderable=False)
    state = Column()
    filed_at = DayColumn(verbose_name=_("Filed with the province"))
    decide_by = TermColumn()
    decided_at = DayColumn()

    class Meta:
        model = Objection
        fields = ("unit", "year", "sector", "against", "state", "filed_at", "decide_by", "decided_at")
        order_by = ("-pk",)
        empty_text = _("No objection matches.")
        attrs = {"class": "cards"}

    def render_against(self, record: Objection) -> str:
        kind = record.settlement.run.get_kind_display()
        return f"{kind} · {record.award.line.code}" if record.award else kind

    def render_state(self, record: Objection) -> SafeString:
        shown = badge(record.get_state_display(), labels.OBJECTION_TONES[Objection.State(record.state)])
        return format_html("{} {}", shown, badge(_("filed late"), "warn")) if record.is_late else shown
