"""Annual reports: list, page, prepare, file, send back, give to a verifier."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from registry import access
from registry.access import SignedInRequest
from registry.law import clock
from registry.models import Unit
from registry.permissions import Act
from registry.values.sectors import Sector
from registry.web.acting import act_on, done, may
from registry.web.buttons import Asked, Button, link, press, to_correct
from registry.web.confirming import declared
from registry.web.listing import list_page, listed
from registry.web.reasons import ToCorrectForm
from reporting import queries, verification
from reporting.accounting import items
from reporting.filing import annual, report_spans, report_years
from reporting.models import AnnualReport, Verification
from reporting.models.verification import OPEN
from reporting.queries import report_differences
from reporting.web import assigning
from reporting.web.consequences import reports as consequences
from reporting.web.filters import AnnualReportFilter
from reporting.web.forms.assigning import AssignAgainForm, AssignForm
from reporting.web.tables.annual_reports import AnnualReportTable
from reporting.web.views.packages import shown_term

State = AnnualReport.State
_ROWS = AnnualReport.objects.select_related("unit__authority", "prepared_by", "filed_by", "stated", "sent_back__by")


@list_page(Act.VIEW_ANNUAL_REPORT)
def annual_reports(request: SignedInRequest) -> HttpResponseBase:
    """The reports in force within the person's reach."""
    rows = access.scoped(request.user, Act.VIEW_ANNUAL_REPORT, queries.annual_reports())
    chosen = AnnualReportFilter(request.GET, queryset=rows, request=request)
    return listed(
        request,
        AnnualReportTable(chosen.qs),
        chosen,
        title=_("Annual reports"),
        lead=_("Made from accepted evidence, filed by a second person, then verified."),
        template="reporting/annual_reports.html",
        context={"ready": _ready(request) if access.may(request.user, Act.PREPARE_ANNUAL_REPORT) else []},
    )


def _ready(request: SignedInRequest) -> list[tuple[str, Any, int, AnnualReport | None]]:
    """The own unit's years whose report can be prepared, each with the report that was sent back, if any."""
    unit = request.user.unit
    if unit is None:
        return []
    back = {
        (report.sector, report.year): report for report in AnnualReport.objects.filter(unit=unit, state=State.RETURNED)
    }
    return [(sector, Sector(sector).label, year, back.get((sector, year))) for sector, year in report_years.ready(unit)]


@access.page(Act.VIEW_ANNUAL_REPORT)
def annual_report(request: SignedInRequest, pk: int) -> HttpResponse:
    """One report: its data, what it was made from, its terms."""
    return _show(request, access.get(request.user, Act.VIEW_ANNUAL_REPORT, _ROWS, pk=pk))


def _show(
    request: SignedInRequest,
    report: AnnualReport,
    form: AssignForm | None = None,
    return_form: ToCorrectForm | None = None,
) -> HttpResponse:
    """The report's page; a form is given where it was sent with faults."""
    verifications = list(report.verifications.select_related("body").order_by("version"))
    open_verification = any(given.state in OPEN for given in verifications)
    sources = list(report.sources.select_related("submission__package"))
    months = [source.submission.emissions or 0 for source in sources]
    parts = report_spans.parts_of(report)
    context = {
        "report": report,
        "data": [
            (datum, items.item(report.sector, datum.item))
            for datum in report.data.select_related("line").order_by("pk")
        ],
        "sources": sources,
        "sum_of_sources": sum(months),
        "difference": report.emissions - sum(months),
        "compared": report_differences.shown(report.sector, report.stated.differences) if len(sources) > 1 else None,
        "parts": [(part.span, [shown_term(report.sector, part.period, term) for term in part.terms]) for part in parts],
        "changed": report_spans.changed_factors(report, parts),
        "verifications": verifications,
        "sent_back": getattr(report, "sent_back", None),
        "asked": [_sending_back(request, report, verifications, return_form)],
        "buttons": _offered(request, report),
        "assign_form": (form or assigning.form_of(request, report))
        if report.state == State.FILED and not open_verification and may(request.user, Act.ASSIGN_VERIFICATION, report)
        else None,
        "again": verification.standing(report),
    }
    return render(request, "reporting/annual_report.html", context, status=422 if form or return_form else 200)


def _offered(request: SignedInRequest, report: AnnualReport) -> list[Button | None]:
    prepares = report.state in annual.NOT_FILED and may(request.user, Act.PREPARE_ANNUAL_REPORT, report.unit)
    theirs = report.state == State.PREPARED and report.prepared_by_id != request.user.pk
    files = theirs and may(request.user, Act.FILE_ANNUAL_REPORT, report)
    again = _("Prepare it again"), "reporting:annual_report_prepare", report.unit_id, report.sector, report.year
    first = "primary" if report.state == State.RETURNED else "outline-secondary"
    return [
        press(*again, tone=first) if prepares else None,
        link(_("Approve and file"), "reporting:annual_report_file", report.pk, tone="primary") if files else None,
    ]


def _sending_back(
    request: SignedInRequest, report: AnnualReport, verifications: list[Verification], form: ToCorrectForm | None
) -> Asked | None:
    """For the unit's approver before it is filed, for the province's officer from then until its verification is concluded."""
    concluded = any(given.state in ("concluded", "approved") for given in verifications)
    act, to, note = Act.FILE_ANNUAL_REPORT, "reporting:annual_report_send_back_to_clerk", ""
    if report.state == State.FILED and not concluded and not verification.standing(report):
        act, to = Act.RETURN_ANNUAL_REPORT, "reporting:annual_report_send_back"
        if any(given.state in OPEN for given in verifications):
            note = _("Its verification has been assigned: it will end without a result, and the body will be informed.")
    elif report.state != State.PREPARED or report.prepared_by_id == request.user.pk:
        return None
    if not may(request.user, act, report):
        return None
    return to_correct(request, _("Send the report back to the clerk"), to, report.pk, form=form, note=note)


@act_on(Act.PREPARE_ANNUAL_REPORT, Unit)
def prepare(request: SignedInRequest, unit: Unit, sector: str, year: int) -> HttpResponse:
    """Make the report of a unit's year."""
    if sector not in Sector.values:
        raise Http404
    report = annual.prepare(unit, sector, year, by=request.user, at=clock.now())
    said = _("Prepared. The enterprise's approver checks and files it.")
    return done(request, said, "reporting:annual_report", pk=report.pk)


@act_on(Act.FILE_ANNUAL_REPORT, _ROWS, to="reporting:annual_report", asks=consequences.FILING)
def file(request: SignedInRequest, report: AnnualReport) -> str:
    """Approve and file a report."""
    filed = annual.file(report, declared=declared(request), by=request.user, at=clock.now())
    if filed.late:
        messages.warning(request, _("Filed, after the deadline: it is marked late."))
    return ""


@act_on(Act.FILE_ANNUAL_REPORT, _ROWS, to="reporting:annual_report")
def return_to_clerk(request: SignedInRequest, report: AnnualReport) -> str | HttpResponse:
    """The unit's approver gives a prepared report back to the clerk."""
    said = _("Sent back. The clerk sees the reason and prepares the report again.")
    return _give_back(request, report, annual.return_to_clerk, said)


@act_on(Act.RETURN_ANNUAL_REPORT, _ROWS, to="reporting:annual_report")
def send_back(request: SignedInRequest, report: AnnualReport) -> str | HttpResponse:
    """The province gives a filed report back to the unit."""
    said = _("Sent back. The unit sees the reason; its months can be reopened.")
    return _give_back(request, report, annual.send_back, said)


def _give_back(
    request: SignedInRequest, report: AnnualReport, act: Callable[..., AnnualReport], said: str
) -> str | HttpResponse:
    """Do the act with the reason given; without one the page comes back."""
    form = ToCorrectForm(request.POST)
    if not form.is_valid():
        return _show(request, report, return_form=form)
    act(report, **form.cleaned_data, by=request.user, at=clock.now())
    return said


@act_on(Act.ASSIGN_VERIFICATION, _ROWS, asks=assigning.ASSIGNMENT)
def assign(request: SignedInRequest, report: AnnualReport) -> HttpResponse:
    """Give a filed report to a technical service body."""
    form = assigning.form_of(request, report)
    if not form.is_valid():
        return _show(request, report, form)
    act = verification.assign_again if isinstance(form, AssignAgainForm) else verification.assign
    given = act(report, **form.cleaned_data, by=request.user, at=clock.now())
    said = _("Assigned. The body sees the report and its evidence now.")
    return done(request, said, "reporting:verification", pk=given.pk)
