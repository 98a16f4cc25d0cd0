"""Reporting's lists."""

import datetime as dt
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.models import DirectoryEntry
from registry.templatetags.components import badge
from registry.values import figures
from reporting.models import AnnualReport, BulkUpload, ControlPlan, Package, Verification
from reporting.queries import TONES, plan_coverage

NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}
TIGHT = {"th": {"class": "tight"}, "td": {"class": "tight"}}

REPORT_TONES = {
    AnnualReport.State.PREPARED: "info",
    AnnualReport.State.FILED: "ok",
    AnnualReport.State.RETURNED: "danger",
}
VERIFICATION_TONES = {
    Verification.State.ASSIGNED: "info",
    Verification.State.CONCLUDED: "warn",
    Verification.State.RETURNED: "danger",
    Verification.State.APPROVED: "ok",
    Verification.State.WITHDRAWN: "neutral",
}


class PackageTable(tables.Table):
    unit = tables.Column(
        linkify=("reporting:package", {"pk": tables.A("pk")}), verbose_name=_("Unit"), order_by="unit__name"
    )
    credit_code = tables.Column(
        accessor="unit__credit_code", verbose_name=_("Credit code"), attrs={"td": {"class": "code"}}
    )
    sector = tables.Column(verbose_name=_("Sector"))
    period = tables.Column(verbose_name=_("Period"), attrs=TIGHT)
    state = tables.Column(verbose_name=_("State"))
    emissions = tables.Column(
        accessor="submission__emissions", verbose_name=_("Emissions (tCO₂e)"), attrs=NUMBER, orderable=False
    )
    warnings = tables.Column(accessor="submission__warnings", verbose_name=_("Warnings"), attrs=NUMBER, orderable=False)
    due = tables.Column(verbose_name=_("Deadline"), attrs=TIGHT)
    submitted_at = tables.Column(verbose_name=pgettext_lazy("when", "Submitted"), attrs=TIGHT)

    class Meta:
        model = Package
        fields = ("unit", "credit_code", "sector", "period", "state", "emissions", "warnings", "due", "submitted_at")
        order_by = ("-period", "unit", "pk")
        empty_text = _("No package matches.")

    def render_state(self, record: Package) -> SafeString:
        return badge(record.get_state_display(), TONES[Package.State(record.state)])

    def __init__(self, *args: Any, drafts: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drafts = drafts

    def render_emissions(self, record: Package, value: int) -> str:
        return figures.DASH if self._hides(record) else figures.tonnes(value)

    def render_warnings(self, record: Package, value: int) -> str:
        return figures.DASH if self._hides(record) else figures.tonnes(value)

    def _hides(self, record: Package) -> bool:
        """A version that is read and not submitted is shown to nobody but its unit."""
        return record.state == Package.State.READ and not self.drafts

    def render_due(self, record: Package) -> str:
        return figures.day(record.due)

    def render_submitted_at(self, record: Package) -> str | SafeString:
        submitted = figures.instant(record.submitted_at)
        return badge(_("%(instant)s, late") % {"instant": submitted}, "warn") if record.late else submitted


class AnnualReportTable(tables.Table):
    unit = tables.Column(
        linkify=("reporting:annual_report", {"pk": tables.A("pk")}), verbose_name=_("Unit"), order_by="unit__name"
    )
    authority = tables.Column(accessor="unit__authority", verbose_name=_("Authority"), order_by="unit__authority__code")
    sector = tables.Column(verbose_name=_("Sector"))
    year = tables.Column(verbose_name=_("Year"), attrs=TIGHT, localize=False)
    emissions = tables.Column(verbose_name=_("Emissions (tCO₂e)"), attrs=NUMBER)
    state = tables.Column(verbose_name=_("State"))
    filed_at = tables.Column(verbose_name=_("Filed"), attrs=TIGHT)
    verification = tables.Column(verbose_name=_("Verification"), empty_values=(), orderable=False)

    class Meta:
        model = AnnualReport
        fields = ("unit", "authority", "sector", "year", "emissions", "state", "filed_at", "verification")
        order_by = ("-year", "unit", "pk")
        empty_text = _("No annual report matches.")

    def render_year(self, value: int) -> str:
        return str(value)

    def render_emissions(self, value: int) -> str:
        return figures.tonnes(value)

    def render_state(self, record: AnnualReport) -> SafeString:
        return badge(record.get_state_display(), REPORT_TONES.get(AnnualReport.State(record.state), "neutral"))

    def render_filed_at(self, record: AnnualReport) -> str | SafeString:
        filed = figures.instant(record.filed_at)
        return badge(_("%(instant)s, late") % {"instant": filed}, "warn") if record.late else filed

    def render_verification(self, record: AnnualReport) -> str | SafeString | Promise:
        given = [each for each in record.verifications.all() if each.state != Verification.State.WITHDRAWN]
        if not given:
            return _("not assigned") if record.state == AnnualReport.State.FILED else figures.DASH
        latest = given[-1]
        return badge(latest.get_state_display(), VERIFICATION_TONES[Verification.State(latest.state)])


class VerificationTable(tables.Table):
    unit = tables.Column(
        linkify=("reporting:verification", {"pk": tables.A("pk")}), verbose_name=_("Unit"), order_by="unit__name"
    )
    authority = tables.Column(accessor="unit__authority", verbose_name=_("Authority"), order_by="unit__authority__code")
    sector = tables.Column(verbose_name=_("Sector"))
    year = tables.Column(verbose_name=_("Year"), attrs=TIGHT, localize=False)
    body = tables.Column(verbose_name=_("Technical service body"))
    state = tables.Column(verbose_name=_("State"))
    settled = tables.Column(verbose_name=_("Data settled"), accessor="settled_count", attrs=NUMBER, orderable=False)
    assigned_at = tables.Column(verbose_name=_("Assigned"), attrs=TIGHT)

    class Meta:
        model = Verification
        fields = ("unit", "authority", "sector", "year", "body", "state", "settled", "assigned_at")
        order_by = ("-year", "unit", "pk")
        empty_text = _("No verification matches.")

    def render_year(self, value: int) -> str:
        return str(value)

    def render_state(self, record: Verification) -> SafeString:
        return badge(record.get_state_display(), VERIFICATION_TONES[Verification.State(record.state)])

    def render_settled(self, record: Verification) -> str:
        return f"{record.settled_count} / {record.data_count}"  # type: ignore[attr-defined]  # annotated by the selector

    def render_assigned_at(self, record: Verification) -> str:
        return figures.instant(record.assigned_at)


class BulkTable(tables.Table):
    name = tables.Column(linkify=("reporting:bulk_upload", {"pk": tables.A("pk")}), verbose_name=_("Archive"))
    by = tables.Column(verbose_name=_("Sent by"))
    at = tables.Column(verbose_name=_("Received"))
    size = tables.Column(verbose_name=_("Bytes"), attrs=NUMBER)

    class Meta:
        model = BulkUpload
        fields = ("name", "by", "at", "size")
        orderable = False
        empty_text = _("No zip has been sent yet.")

    def render_at(self, value: dt.datetime) -> str:
        return figures.instant(value)

    def render_size(self, value: int) -> str:
        return figures.tonnes(value)


class BulkItemTable(tables.Table):
    """The files of a zip (reporting.web.views.bulk.Row)."""

    name = tables.Column(verbose_name=_("File"), attrs={"td": {"class": "wrap"}})
    unit = tables.Column(verbose_name=_("Unit"))
    sector = tables.Column(verbose_name=_("Sector"))
    period = tables.Column(verbose_name=_("Period"), attrs=TIGHT)
    outcome = tables.Column(verbose_name=_("Outcome"))
    findings = tables.Column(verbose_name=_("Errors / warnings"), attrs=NUMBER)
    why = tables.Column(verbose_name=_("Remarks"), attrs={"td": {"class": "wrap"}})

    class Meta:
        orderable = False
        empty_text = _("No file matches.")
        attrs = {"label": _("Files of the archive")}

    def render_period(self, value: str, record: Any) -> str | SafeString:
        if record.package is None:
            return value
        return format_html('<a href="{}">{}</a>', reverse("reporting:package", args=[record.package]), value)

    def render_outcome(self, record: Any) -> SafeString:
        return badge(record.words, record.tone)


class ControlPlanTable(tables.Table):
    """The coverage of a year's directory (reporting.queries.plan_coverage.coverage)."""

    unit = tables.Column(verbose_name=_("Unit"), order_by="unit__name")
    sector = tables.Column(verbose_name=_("Sector"))
    year = tables.Column(verbose_name=_("Year"), attrs=TIGHT, localize=False)
    standing = tables.Column(verbose_name=_("State"))
    in_force = tables.Column(verbose_name=_("Version in force"), attrs=NUMBER)
    handed_in = tables.Column(verbose_name=pgettext_lazy("when", "Submitted"), attrs=TIGHT)
    due = tables.Column(verbose_name=_("Deadline"), empty_values=(), orderable=False, attrs=TIGHT)

    class Meta:
        model = DirectoryEntry
        fields = ("unit", "sector", "year", "standing", "in_force", "handed_in", "due")
        order_by = ("-year", "unit", "pk")
        empty_text = _("No unit of a directory matches.")
        attrs = {"label": _("Control plans")}

    def __init__(self, *args: Any, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = own

    def render_unit(self, record: Any) -> str | SafeString:
        """The way to the plan; of one that was never submitted only for its unit."""
        if record.plan and (self.own or record.standing != plan_coverage.NONE):
            return format_html(
                '<a href="{}">{}</a>', reverse("reporting:control_plan", args=[record.plan]), record.unit
            )
        return str(record.unit)

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

    def render_year(self, value: int) -> str:
        return str(value)

    def render_handed_in(self, record: Any) -> str | SafeString:
        handed_in = figures.instant(record.handed_in)
        return badge(_("%(instant)s, late") % {"instant": handed_in}, "warn") if record.late else handed_in

    def render_due(self, record: Any) -> str:
        return figures.day(plan_coverage.due(record.year))
