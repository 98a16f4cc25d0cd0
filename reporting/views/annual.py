"""Annual reports: list, page, prepare, file, give to a verifier."""

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registry import access, clock
from registry.access import Act, SignedInRequest
from registry.models import Unit
from registry.paging import paged
from registry.sectors import Sector
from reporting import annual, items, report_differences, report_spans, selectors, verification
from reporting.filters import AnnualReportFilter
from reporting.forms import AssignAgainForm, AssignForm
from reporting.models import AnnualReport
from reporting.tables import AnnualReportTable
from reporting.views.packages import shown_term

State = AnnualReport.State


@access.page(Act.VIEW_ANNUAL_REPORT)
def annual_reports(request: SignedInRequest) -> HttpResponse:
    """The reports in force within the person's reach."""
    rows = access.scoped(request.user, Act.VIEW_ANNUAL_REPORT, selectors.annual_reports())
    chosen = AnnualReportFilter(request.GET, queryset=rows, request=request)
    table = AnnualReportTable(chosen.qs)
    paged(request, table)
    return render(request, "reporting/annual_reports.html", {"table": table, "filter": chosen})


@access.page(Act.VIEW_ANNUAL_REPORT)
def annual_report(request: SignedInRequest, pk: int) -> HttpResponse:
    """One report: its data, what it was made from, its terms."""
    rows = AnnualReport.objects.select_related("unit__authority", "prepared_by", "filed_by", "stated")
    return _show(request, access.get(request.user, Act.VIEW_ANNUAL_REPORT, rows, pk=pk))


def _show(request: SignedInRequest, report: AnnualReport, form: AssignForm | None = None) -> HttpResponse:
    """The report's page; `form` is an assignment that was sent with faults."""
    own = AnnualReport.objects.filter(pk=report.pk)
    verifications = list(report.verifications.select_related("body").order_by("version"))
    open_verification = any(given.state != "approved" for given in verifications)
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
        "may_file": report.state == State.PREPARED
        and report.prepared_by_id != request.user.pk
        and access.scoped(request.user, Act.FILE_ANNUAL_REPORT, own).exists(),
        "assign_form": (form or _assign_form(report))
        if report.state == State.FILED
        and not open_verification
        and access.scoped(request.user, Act.ASSIGN_VERIFICATION, own).exists()
        else None,
        "again": verification.standing(report),
    }
    return render(request, "reporting/annual_report.html", context, status=422 if form else 200)


def _assign_form(report: AnnualReport, data: QueryDict | None = None) -> AssignForm:
    """With ground and reason where a result stands."""
    return AssignAgainForm(data) if verification.standing(report) else AssignForm(data)


@access.page(Act.PREPARE_ANNUAL_REPORT)
@require_POST
def prepare(request: SignedInRequest, pk: int, sector: str, year: int) -> HttpResponse:
    """Make the report of a unit's year."""
    unit = access.get(request.user, Act.PREPARE_ANNUAL_REPORT, Unit.objects.all(), pk=pk)
    if sector not in Sector.values:
        raise Http404
    report = annual.prepare(unit, sector, year, by=request.user, at=clock.now())
    messages.success(request, _("Prepared. The enterprise's approver checks and files it."))
    return redirect("reporting:annual_report", pk=report.pk)


@access.page(Act.FILE_ANNUAL_REPORT)
@require_POST
def file(request: SignedInRequest, pk: int) -> HttpResponse:
    """Approve and file a report."""
    report = access.get(request.user, Act.FILE_ANNUAL_REPORT, AnnualReport.objects.all(), pk=pk)
    filed = annual.file(report, by=request.user, at=clock.now())
    if filed.late:
        messages.warning(request, _("Filed, after the deadline: it is marked late."))
    else:
        messages.success(request, _("Filed. The province has it verified now."))
    return redirect("reporting:annual_report", pk=report.pk)


@access.page(Act.ASSIGN_VERIFICATION)
@require_POST
def assign(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give a filed report to a technical service body."""
    rows = AnnualReport.objects.select_related("unit__authority", "prepared_by", "filed_by", "stated")
    report = access.get(request.user, Act.ASSIGN_VERIFICATION, rows, pk=pk)
    form = _assign_form(report, request.POST)
    if not form.is_valid():
        return _show(request, report, form)
    act = verification.assign_again if isinstance(form, AssignAgainForm) else verification.assign
    given = act(report, **form.cleaned_data, by=request.user, at=clock.now())
    messages.success(request, _("Assigned. The body sees the report and its evidence now."))
    return redirect("reporting:verification", pk=given.pk)
