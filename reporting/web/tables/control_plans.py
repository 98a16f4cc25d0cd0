"""Who of a directory has a control plan, and how far it is."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.models import DirectoryEntry
from registry.templatetags.components import badge
from registry.values import figures
from registry.web.columns import NUMBER, TIGHT, Column, LateColumn, UnitColumn, YearColumn
from reporting.models import ControlPlan
from reporting.queries import plan_coverage


class ControlPlanTable(tables.Table):
    """The coverage of a year's directory (reporting.queries.plan_coverage.coverage)."""

    unit = UnitColumn(verbose_name=_("Unit"), order_by=("unit__pinyin", "unit__name"))
    sector = Column(verbose_name=_("Sector"))
    year = YearColumn(verbose_name=_("Year"))
    standing = Column(verbose_name=_("State"))
    in_force = Column(verbose_name=_("Version in force"), attrs=NUMBER)
    handed_in = LateColumn(verbose_name=pgettext_lazy("when", "Submitted"))
    due = Column(verbose_name=_("Deadline"), empty_values=(), orderable=False, attrs=TIGHT)

    class Meta:
        model = DirectoryEntry
        fields = ("unit", "sector", "year", "standing", "in_force", "handed_in", "due")
        order_by = ("-year", "unit", "pk")
        empty_text = _("No unit of a directory matches.")
        attrs = {"label": _("Control plans")}

    def __init__(self, *args: Any, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = own

    def render_year(self, record: Any) -> str | SafeString:
        """The way to the plan; of one that was never submitted only for its unit."""
        if record.plan and (self.own or record.standing != plan_coverage.NONE):
            return format_html(
                '<a href="{}">{}</a>', reverse("reporting:control_plan", args=[record.plan]), str(record.year)
            )
        return str(record.year)

    def render_standing(self, record: Any) -> SafeString:
        """What the province has; for its unit what it is writing, too."""
        drafting = self.own and record.draft_state in (ControlPlan.State.DRAFT, ControlPlan.State.PREPARED)
        own = badge(ControlPlan.State(record.draft_state).label, "info") if drafting else ""
        return format_html("{} {}", self._told(record), own) if own else self._told(record)

    def _told(self, record: Any) -> SafeString:
        if record.standing == plan_coverage.CHANGE_RETURNED:
            return self._change_returned(record)
        tones = {plan_coverage.SUBMITTED: "info", plan_coverage.ACCEPTED: "ok", plan_coverage.RETURNED: "danger"}
        return badge(dict(plan_coverage.STANDINGS)[record.standing], tones.get(record.standing, "warn"))

    @staticmethod
    def _change_returned(record: Any) -> SafeString:
        """Both: the version that holds, and the later one that came back."""
        holds = badge(_("version %(number)s in force") % {"number": record.in_force}, "ok")
        back = badge(_("version %(number)s sent back") % {"number": record.latest}, "danger")
        return format_html("{} {}", holds, back)

    def render_due(self, record: Any) -> str:
        return figures.day(plan_coverage.due(record.year, record.listed_on))
