"""Packages: the list, one package with everything in it."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from registry import access
from registry.access import SignedInRequest
from registry.law import clock
from registry.models import Person
from registry.permissions import Act
from registry.permissions.roles import UNIT_ROLES
from registry.values import figures
from registry.web import as_of as asof
from registry.web import kept_input
from registry.web.buttons import Button, link, press
from registry.web.listing import list_page, listed
from registry.web.reasons import ToCorrectForm
from reporting import evidence, queries, review
from reporting.correction import drafts
from reporting.evidence.forms import EvidenceForm
from reporting.filing import blanks, carrying
from reporting.findings import grouped
from reporting.labels import terms_in_words
from reporting.models import FindingAnswer, FindingRow, Package, PackageEvent, Submission
from reporting.models.submissions import TermColumns
from reporting.periods import ended, opens_on, year_at_hand
from reporting.periods.expected import is_asked
from reporting.review import queue as desk
from reporting.submissions import peers, reading
from reporting.web import handed
from reporting.web.filters import PackageFilter
from reporting.web.forms.answers import AnswersForm
from reporting.web.forms.uploads import UploadForm
from reporting.web.tables.packages import PackageTable
from reporting.web.views import working
from reporting.web.views.review.desk import of_package

State = Package.State


@list_page(Act.VIEW_PACKAGE)
def packages(request: SignedInRequest) -> HttpResponseBase:
    """The packages within the person's reach; an enterprise sees its own year."""
    if request.user.role in UNIT_ROLES and request.user.unit is not None:
        year = year_at_hand(queries.years_of(request.user.unit), asof.as_of(request))
        return asof.redirect_kept(request, "reporting:unit_year", pk=request.user.unit.pk, year=year)
    rows = access.scoped(request.user, Act.VIEW_PACKAGE, queries.packages_listed())
    chosen = PackageFilter(request.GET, queryset=rows, request=request)
    return listed(
        request,
        PackageTable(chosen.qs, drafts=access.may(request.user, Act.VIEW_DRAFT)),
        chosen,
        title=_("Monthly packages"),
        lead=_("Monthly evidence of all units within your remit."),
        context={"buttons": [link(_("Board of the year"), "reporting:package_board", tone="outline-primary")]},
    )


@access.page(Act.VIEW_PACKAGE)
def package(request: SignedInRequest, pk: int) -> HttpResponse:
    """One package with its current version."""
    found = access.get(request.user, Act.VIEW_PACKAGE, queries.packages(), pk=pk)
    return show(request, found, _latest(request.user, found))


@access.page(Act.VIEW_PACKAGE)
def version(request: SignedInRequest, pk: int, version: int) -> HttpResponse:
    """One package with the version asked for."""
    found = access.get(request.user, Act.VIEW_PACKAGE, queries.packages(), pk=pk)
    submission = get_object_or_404(queries.submissions(request.user), package=found, version=version)
    return show(request, found, submission)


def _latest(person: Person, package: Package) -> Submission | None:
    """The current version, or, for whoever may not see a draft, the one submitted last."""
    visible = queries.submissions(person).filter(package=package)
    current = visible.filter(pk=package.submission_id).first() if package.submission_id else None
    return current or visible.order_by("-version").first()


def show(
    request: SignedInRequest,
    package: Package,
    submission: Submission | None,
    *,
    upload_form: UploadForm | None = None,
    reason_form: ToCorrectForm | None = None,
    answers_form: AnswersForm | None = None,
    evidence_form: EvidenceForm | None = None,
    handing_form: ToCorrectForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The package's page; a form that was sent with faults comes back with what was typed."""
    own = Package.objects.filter(pk=package.pk)
    may_upload = package.takes_uploads and access.scoped(request.user, Act.UPLOAD_PACKAGE, own).exists()
    current = submission is not None and submission.pk == package.submission_id
    answerable = may_upload and current and package.state == State.READ
    supporting = supporting_files(request, package, submission)
    context: dict[str, Any] = {
        "package": package,
        "evidence": supporting,
        "submission": submission,
        "is_current": current or not access.may(request.user, Act.VIEW_DRAFT),
        "reading": package.job if package.job is not None and not package.job.is_over else None,
        "failed": package.job if package.job is not None and package.job.state == "failed" else None,
        "opens_on": None if ended(package.period, clock.today()) else opens_on(package.period),
        "may_check_again": answerable and bool(submission and submission.content),
        "may_upload": may_upload,
        **_sent_back(package),
        "is_asked": not package.is_with_unit or is_asked(package.unit_id, package.sector, package.period),
        "receipts": queries.receipts_of(package),
        "history": queries.history_of(package, request.user),
        "versions": queries.submissions(request.user).filter(package=package).order_by("-version"),
        **of_package(request, package, submission),
        **_what_it_says(request, package, submission, answers_form, answerable=answerable),
        **_to_review(request, package, submission if current else None, reason_form),
        **handed.context(request, package, submission, handing_form),
    }
    if may_upload and (submission is None or current):
        context |= _uploading(request, package)
        context["upload_form"] = upload_form or UploadForm()
        context["evidence_form"] = evidence_form.beside(supporting) if evidence_form else EvidenceForm(supporting)
        context["work"] = working.work(package, submission, context)
    context["buttons"] = [*_buttons(package, submission, context), *context.get("handing_buttons", [])]
    return render(request, "reporting/package.html", context, status=status)


def _uploading(request: SignedInRequest, package: Package) -> dict[str, Any]:
    """What whoever may upload is told beside the forms."""
    return {
        "has_line": bool(reading.lines_of(package)),
        "evidence_limit": settings.EVIDENCE_LIMIT_BYTES,
        "upload_limit": settings.UPLOAD_LIMIT_BYTES,
        "draft": drafts.has_typed(package, request.user),
        "others": drafts.others(package, request.user),
    }


def _buttons(package: Package, submission: Submission | None, context: dict[str, Any]) -> list[Button | None]:
    """What stands beside the heading; what the clerk does next stands in the bar."""
    extends = context["may_extend"] and context["is_asked"]
    if submission is None:
        return [_extending(package) if extends else None]
    desk_query = context.get("desk_query", "")
    accepting = context["may_accept"] and not context["open_question"]
    version = f"version={submission.version}" + (f"&{desk_query}" if desk_query else "")
    return [
        link(_("Compare"), "reporting:package_compare", package.pk, query=version) if submission.content else None,
        link(_("Cell by cell"), "reporting:version_cells", package.pk, submission.version)
        if submission.content
        else None,
        _extending(package) if extends else None,
        press(
            pgettext("a month", "Accept"), "reporting:submission_accept", submission.pk, query=desk_query, accesskey="a"
        )
        if accepting
        else None,
    ]


def _extending(package: Package) -> Button:
    return link(_("Extend the deadline"), "reporting:deadline_extend", package.unit_id, package.sector, package.period)


def _to_review(
    request: SignedInRequest, package: Package, submission: Submission | None, reason_form: ToCorrectForm | None
) -> dict[str, Any]:
    """What an officer may do with the package; `submission` is its current version, if that is what is shown."""
    own = Package.objects.filter(pk=package.pk)
    reviews = (
        submission is not None
        and package.state in (State.SUBMITTED, State.ACCEPTED)
        and package.submitted_by_id != request.user.pk
        and access.scoped(request.user, Act.REVIEW_PACKAGE, own).exists()
    )
    to_decide = reviews and package.state == State.SUBMITTED
    # Reopening what a filed report was made from is always refused: its data are corrected elsewhere.
    closed = reviews and not to_decide and review.stands_in_filed_report(submission)
    contradictions = review.contradictions(submission) if submission is not None and to_decide else []
    return {
        "reason_form": (reason_form or _reason_form(request, submission)) if reviews and not closed else None,
        "closed_by_report": closed,
        "to_decide": to_decide,
        "contradictions": contradictions,
        "may_accept": to_decide and not contradictions,
        "may_extend": package.is_with_unit and access.scoped(request.user, Act.EXTEND_DEADLINE, own).exists(),
    }


def supporting_files(request: SignedInRequest, package: Package, submission: Submission | None) -> evidence.Checklist:
    """The files as they stand now for whoever works on the package, else those that the version was submitted with."""
    live = _is_live(package, submission) and access.may(request.user, Act.VIEW_DRAFT)
    return evidence.checklist(package, submission, queries.supporting_files_of(package, submission, live=live))


def _is_live(package: Package, submission: Submission | None) -> bool:
    """Whether this is where files are attached: the package takes them, and no earlier version is looked at."""
    return package.is_with_unit and (submission is None or submission.pk == package.submission_id)


def _sent_back(package: Package) -> dict[str, Any]:
    """The sending back that the unit has to answer, if any, and the data that it names."""
    if not package.takes_uploads:
        return {}
    events = package.events.filter(kind=PackageEvent.Kind.RETURNED).select_related("by")
    returned = events.order_by("-pk").first()
    return {"returned": returned, "remarks": desk.remarks_of(returned)}


def _earlier_sent_back(package: Package, findings: list[FindingRow]) -> list[Package]:
    """The earlier months that a finding compares with and that were sent back: they are to be corrected first."""
    periods = {row.params.get("period", "") for row in findings if row.code == "ledger.discontinuous"}
    if not periods:
        return []
    mine = Package.objects.filter(unit=package.unit_id, sector=package.sector, state=State.RETURNED)
    return list(mine.filter(period__in=periods).order_by("period"))


def _reason_form(request: SignedInRequest, submission: Submission | None) -> ToCorrectForm:
    """With the reason of a sending back that was refused: whether a version is reopened or sent back, it is said in the same words."""
    if submission is None:
        return ToCorrectForm()
    names = ("reporting:submission_send_back", "reporting:submission_reopen")
    urls = [reverse(url, args=[submission.pk]) for url in names]
    return ToCorrectForm(initial=kept_input.given(request, clock.now(), *urls))


def _answers(request: SignedInRequest, submission: Submission, findings: list[FindingRow]) -> dict[str, Any]:
    """The form for the reasons, with those that were typed and refused; above it those whose finding this version has no more."""
    url = reverse("reporting:package_answers", args=[submission.package_id])
    initial, unplaced = AnswersForm.placed(findings, kept_input.given(request, clock.now(), url))
    form = AnswersForm(findings, remembered=queries.reasons_before(submission), initial=initial)
    return {"answers_form": form, **({"typed_left": unplaced} if unplaced else {})}


def _what_it_says(
    request: SignedInRequest,
    package: Package,
    submission: Submission | None,
    answers: AnswersForm | None,
    *,
    answerable: bool,
) -> dict[str, Any]:
    """Findings, terms and totals of a version."""
    if submission is None:
        return {}
    findings = queries.findings_of(submission)
    form: dict[str, Any] = {"answers_form": answers}
    if answers is None and answerable and any(not row.blocks for row in findings):
        form = _answers(request, submission, findings)
        answers = form["answers_form"]
    shown = [
        (
            findings[cause],
            answers[AnswersForm.name_of(findings[cause])] if answers and not findings[cause].blocks else None,
            _given(submission, list(findings[cause].answers.all())),
            [findings[each] for each in following],
        )
        for cause, following in grouped([row.finding for row in findings])
    ]
    standings = peers.standings(submission, clock.now())
    return {
        "errors": [entry for entry in shown if entry[0].blocks],
        "warnings": [entry for entry in shown if not entry[0].blocks],
        "earlier_sent_back": _earlier_sent_back(package, findings),
        **form,
        "explain_in_workbook": answerable and blanks.wants_reasons(submission),
        "terms": [shown_term(package.sector, package.period, term) for term in submission.terms.order_by("number")],
        "line_totals": [(row, standings.get(row.line_id)) for row in submission.line_totals.select_related("line")],
        "has_peers": bool(standings),
        "processes": [
            (terms_in_words.process_name(package.sector, name), figures.tonnes(Decimal(value)))
            for name, value in submission.totals.get("processes", {}).items()
        ],
    }


def _given(submission: Submission, answers: list[FindingAnswer]) -> list[tuple[FindingAnswer, int | None]]:
    """Each reason with the version that it was carried over from, if it was."""
    if all(answer.at >= submission.read_at for answer in answers):
        return [(answer, None) for answer in answers]
    versions = list(Submission.objects.filter(package=submission.package_id).only("version", "read_at"))
    return [(answer, carrying.carried_from(submission, answer, versions)) for answer in answers]


def shown_term(sector: str, period: str, term: TermColumns) -> dict[str, Any]:
    """A term as its table shows it."""
    return {
        "level": terms_in_words.LEVELS.get(term.level, term.level),
        "line": term.line,
        "source": terms_in_words.source_name(sector, period, term.source),
        "code": term.source,
        "formula": term.formula,
        "in_place": terms_in_words.in_place(term.formula, term.inputs),
        "emissions": term.emissions,
        "article": terms_in_words.article(sector, period, term.article),
    }
