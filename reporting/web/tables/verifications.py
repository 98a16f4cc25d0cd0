"""The list of verifications."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from registry.web.columns import NUMBER, Column, InstantColumn, StateColumn, UnitColumn, YearColumn
from reporting.models import Verification

VERIFICATION_TONES = {
    Verification.State.ASSIGNED: "info",
    Verification.State.CONCLUDED: "warn",
    Verification.State.RETURNED: "danger",
    Verification.State.APPROVED: "ok",
    Verification.State.WITHDRAWN: "neutral",
}


class VerificationTable(tables.Table):
    unit = UnitColumn(verbose_name=_("Unit"), order_by=("unit__pinyin", "unit__name"))
    authority = Column(accessor="unit__authority", verbose_name=_("Authority"), order_by="unit__authority__code")
    sector = Column(verbose_name=_("Sector"))
    year = YearColumn(page="reporting:verification", verbose_name=_("Year"))
    body = Column(verbose_name=_("Technical service body"))
    state = StateColumn(VERIFICATION_TONES, verbose_name=_("State"))
    settled = Column(verbose_name=_("Data settled"), accessor="settled_count", attrs=NUMBER, orderable=False)
    assigned_at = InstantColumn(verbose_name=_("Assigned"))

    class Meta:
        model = Verification
        fields = ("unit", "authority", "sector", "year", "body", "state", "settled", "assigned_at")
        order_by = ("-year", "unit", "pk")
        empty_text = _("No verification matches.")

    def render_settled(self, record: Verification) -> str:
        return f"{record.settled_count} / {record.data_count}"  # type: ignore[attr-defined]  # annotated by the selector
