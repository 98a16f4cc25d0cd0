"""The list of balance values."""

from collections.abc import Collection
from typing import Any

import django_tables2 as tables
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from allocation import labels
from allocation.models import (
    BalanceValue,
)
from registry.templatetags.components import badge
from registry.web.columns import Column, DayColumn, InstantColumn, PageColumn, QuantityColumn, YearColumn


class BalanceValueTable(tables.Table):
    sector = PageColumn("allocation:balance_value", verbose_name=_("Sector"))
    year = YearColumn()
    value = QuantityColumn(places=4)
    state = Column()
    computed_by = Column(verbose_name=_("Requested by"), orderable=False)
    requested_at = InstantColumn(verbose_name=_("Computed"))
    published_at = DayColumn(verbose_name=_("Published"))

    class Meta:
        model = BalanceValue
        fields = ("sector", "year", "value", "state", "computed_by", "requested_at", "published_at")
        order_by = ("-year", "sector", "-pk")
        empty_text = _("No balance value has been computed yet.")

    def __init__(self, *args: Any, stale: Collection[int] = (), **kwargs: Any) -> None:
        self._stale = stale
        super().__init__(*args, **kwargs)

    def render_state(self, record: BalanceValue) -> SafeString:
        if record.pk in self._stale:
            return badge(_("stale: recompute"), "danger")
        return badge(record.get_state_display(), labels.BALANCE_VALUE_TONES[BalanceValue.State(record.state)])
