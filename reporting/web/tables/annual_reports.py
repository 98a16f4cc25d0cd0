"""The list of annual reports."""

import django_tables2 as tables
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from registry.templatetags.components import badge
from registry.values import figures
from registry.web.columns import Column, LateColumn, StateColumn, TonnesColumn, UnitColumn, YearColumn
from reporting.models import AnnualReport, Verification
from reporting.web.tables.verifications import VERIFICATION_TONES

REPORT_TONES = {
    AnnualReport.State.PREPARED: "info",
    AnnualReport.State.FILED: "ok",
    AnnualReport.State.RETURNED: "danger",
}


class AnnualReportTable(tables.Table):
    unit = UnitColumn(verbose_name=_("Unit"), order_by=("unit__pinyin", "unit__name"))
    authority = Column(accessor="unit__authority", verbose_name=_("Authority"), order_by="unit__authority__code")
    sector = Column(verbose_name=_("Sector"))
    year = YearColumn(page="reporting:annual_report", verbose_name=_("Year"))
    emissions = TonnesColumn(summed=True, verbose_name=_("Emissions (tCO₂e)"))
    state = StateColumn(REPORT_TONES, verbose_name=_("State"))
    filed_at = LateColumn(verbose_name=_("Filed"))
    verification = Column(verbose_name=_("Verification"), empty_values=(), orderable=False)

    class Meta:
        model = AnnualReport
        fields = ("unit", "authority", "sector", "year", "emissions", "state", "filed_at", "verification")
        order_by = ("-year", "unit", "pk")
        empty_text = _("No annual report matches.")

    def render_verification(self, record: AnnualReport) -> str | SafeString | Promise:
        given = [each for each in record.verifications.all() if each.state != Verification.State.WITHDRAWN]
        if not given:
            return _("not assigned") if record.state == AnnualReport.State.FILED else figures.DASH
        latest = given[-1]
        return badge(latest.get_state_display(), VERIFICATION_TONES[Verification.State(latest.state)])
