"""The mandates that a unit has given and holds."""

import datetime as dt
from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.models import FilingMandate
from registry.templatetags.components import badge
from registry.web.columns import Column, DayColumn, StateColumn, UnitColumn

MANDATE_TONES = {"offered": "info", "accepted": "ok", "ended": "neutral"}


class MandateTable(tables.Table):
    unit = UnitColumn(verbose_name=_("Files are of"))
    holder_unit = UnitColumn(verbose_name=_("Filed by"))
    extent = Column(accessor="may_submit", verbose_name=_("Allowed to"))
    since = DayColumn(verbose_name=_("From"))
    until = DayColumn(verbose_name=_("Valid until"))
    state = StateColumn(MANDATE_TONES, verbose_name=_("State"))
    acting = tables.TemplateColumn(
        template_name="registry/columns/mandate_acts.html",
        verbose_name=_("What you can do"),
        orderable=False,
        exclude_from_export=True,
        attrs={"td": {"class": "actions"}},
    )

    class Meta:
        model = FilingMandate
        fields = ("unit", "holder_unit", "extent", "since", "until", "state", "acting")
        orderable = False
        empty_text = _("No mandates given to or by your unit.")
        attrs = {"label": _("Mandates")}

    def __init__(self, *args: Any, unit: int | None, may_act: bool, day: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, exclude=() if may_act else ("acting",), **kwargs)
        self.own, self.day = unit, day

    def render_state(self, record: FilingMandate) -> str:
        return badge(self.value_state(record), "neutral" if self._has_run_out(record) else MANDATE_TONES[record.state])

    def value_state(self, record: FilingMandate) -> str:
        return gettext("expired") if self._has_run_out(record) else str(record.get_state_display())

    def _has_run_out(self, record: FilingMandate) -> bool:
        """Nobody ended it, and it opens nothing any more."""
        return record.state != FilingMandate.State.ENDED and record.until < self.day

    def render_extent(self, value: bool) -> str:
        return gettext("upload and submit") if value else gettext("upload")
