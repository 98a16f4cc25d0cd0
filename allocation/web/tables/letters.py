"""The list of official letters."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from allocation import labels
from allocation.models import Letter
from registry.web.columns import Column, DayColumn, PageColumn, StateColumn, TonnesColumn, YearColumn


def _in_words(record: Letter) -> tuple[str, str]:
    return record.state_label, labels.LETTER_TONES[Letter.State(record.state)]


class LetterTable(tables.Table):
    number = PageColumn("allocation:letter", verbose_name=_("Document number"))
    authority = Column(order_by="authority__code")
    year = YearColumn()
    kind = Column()
    state = StateColumn(labels.LETTER_TONES, instead=_in_words)
    total = TonnesColumn(
        summed=True,
    )
    to_return = TonnesColumn(
        summed=True,
    )
    sent_at = DayColumn(verbose_name=_("Sent"))
    executed_at = DayColumn(verbose_name=_("Issued"))

    class Meta:
        model = Letter
        fields = ("number", "authority", "year", "kind", "state", "total", "to_return", "sent_at", "executed_at")
        order_by = ("-pk",)
        empty_text = _("No letter matches.")
        attrs = {"class": "cards"}
