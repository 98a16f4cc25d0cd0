"""The days that authorities set themselves for the review."""

import django_tables2 as tables
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.values import figures
from registry.web.columns import Column, DayColumn, FigureColumn, InstantColumn
from reporting.models import OwnReviewDay


class OwnDayTable(tables.Table):
    since = DayColumn(verbose_name=_("Counts from"))
    days = FigureColumn(verbose_name=_("Reviewed by day"), face=figures.tonnes, empty_values=())
    authority = Column(verbose_name=_("Authority"), order_by="authority__code")
    by = Column(verbose_name=_("Set by"), order_by=("by__pinyin", "by__name"))
    at = InstantColumn(verbose_name=_("Set on"))

    class Meta:
        model = OwnReviewDay
        fields = ("since", "days", "authority", "by", "at")
        order_by = ("-since", "-pk")
        empty_text = _("No own day has been set: the law's day alone is shown.")
        attrs = {"label": _("Own day")}

    def render_days(self, value: int | None) -> str:
        return gettext("no own day") if value is None else figures.tonnes(value)

    def value_days(self, value: int | None) -> int | None:
        return value
