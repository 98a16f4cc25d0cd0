"""The directory as a list."""

import datetime as dt
from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from registry.models import DirectoryEntry
from registry.values import figures
from registry.web.columns import CODE, Column, DayColumn, StateColumn, UnitColumn, YearColumn

State = DirectoryEntry.State
TONES = {State.PROPOSED: "warn", State.EXIT_PROPOSED: "warn", State.REFUSED: "danger"}


def _otherwise(entry: Any) -> tuple[str, str] | None:
    """What the state's own word doesn't say: what it is on the day that is shown, and since when it is over."""
    if entry.shown_state == State.LISTED:
        return gettext("listed"), "ok"
    if entry.is_withdrawn:
        return gettext("withdrawn"), "neutral"
    if entry.state == State.LEFT:
        return gettext("out of it from %(day)s on") % {"day": figures.day(entry.left_on)}, "neutral"
    return None


class DirectoryTable(tables.Table):
    unit = UnitColumn(verbose_name=_("Unit"), order_by=("unit__pinyin", "unit__name"))
    credit_code = Column(accessor="unit__credit_code", verbose_name=_("Credit code"), attrs=CODE)
    authority = Column(accessor="unit__authority", verbose_name=_("Authority"), order_by="unit__authority__code")
    year = YearColumn(page="registry:directory_entry", verbose_name=_("Year"))
    sector = Column(verbose_name=_("Sector"))
    state = StateColumn(TONES, instead=_otherwise, verbose_name=_("State"))
    entered_on = DayColumn(verbose_name=_("Entered"))
    left_on = DayColumn(verbose_name=_("Left"), accessor="shown_exit")

    class Meta:
        model = DirectoryEntry
        fields = ("unit", "credit_code", "authority", "year", "sector", "state", "entered_on", "left_on")
        order_by = ("-year", "authority", "unit", "pk")
        empty_text = _("No entry matches.")

    def value_left_on(self, value: dt.date) -> str:
        return value.isoformat()

    def render_left_on(self, value: dt.date, record: DirectoryEntry) -> str:
        """A day that is only proposed is none on which the unit left."""
        proposed = record.state == DirectoryEntry.State.EXIT_PROPOSED
        return f"{figures.day(value)} {pgettext('a day of leaving', '(proposed)')}" if proposed else figures.day(value)
