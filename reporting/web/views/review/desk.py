"""The officer's desk: the queue, a sending back with reasons at single data, questions, acceptance in bulk."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from registry import access, files
from registry.access import SignedInRequest
from registry.law import clock
from registry.models import Person
from registry.permissions import Act
from registry.refusal import Refusal
from registry.web import kept_input
from registry.web.acting import act_on, done
from registry.web.buttons import begin
from registry.web.downloads import attachment
from registry.web.listing import list_page, listed
from reporting import queries, review
from reporting.labels import terms_in_words
from reporting.models import Package, Question, ReplyFile, Submission
from reporting.review import questions
from reporting.review import queue as desk
from reporting.submissions import risk_facts
from reporting.web.filters import QueueFilter, queue_query
from reporting.web.forms.review import QuestionForm, ReplyForm, ReturnForm
from reporting.web.tables.review import QueueTable
from reporting.web.views.review import in_queue, inside

State = Package.State
_BY_RISK = gettext_lazy("Submitted packages awaiting review, highest risk first, then the oldest.")
_BY_DAY = gettext_lazy("Submitted packages awaiting review, the earliest day first.")


@list_page(Act.VIEW_QUEUE)
@require_GET
def queue(request: SignedInRequest) -> HttpResponseBase:
    """What waits for review, the most pressing first."""
    chosen = QueueFilter(request.GET, queryset=desk.waiting(), request=request)
    rows = desk.queue(request.user, chosen.qs)
    table = QueueTable(rows, query=request.GET, day=clock.today(), margins=chosen.margins)
    here = queue_query(request.GET)
    accept = _("Accept clean packages"), "reporting:packages_accept"
    return listed(
        request,
        table,
        chosen,
        title=_("Queue"),
        lead=str(_BY_DAY if request.GET.get("order") == "day" else _BY_RISK),
        template="reporting/queue.html",
        context={
            "buttons": [
                begin(request.user, Act.VIEW_OWN_DAY, _("Own day"), "reporting:own_days", tone="outline-secondary"),
                begin(request.user, Act.REVIEW_PACKAGE, *accept, query=here, tone="outline-primary"),
            ]
        },
        counted=False,
    )


def of_package(request: SignedInRequest, package: Package, submission: Submission | None) -> dict[str, Any]:
    """What the package's page shows of the desk, to whom it concerns."""
    asked = desk.questions_of(package)
    under_review = (
        submission is not None and package.state == State.SUBMITTED and submission.pk == package.submission_id
    )
    own = Package.objects.filter(pk=package.pk)
    may_reply = under_review and access.scoped(request.user, Act.REPLY_QUESTION, own).exists()
    found: dict[str, Any] = {
        "questions": [(each, _reply_form(request, each) if may_reply else None) for each in asked],
        "open_question": under_review
        and any(each.submission_id == package.submission_id and not hasattr(each, "reply") for each in asked),
        "reply_limits": (settings.EVIDENCE_LIMIT_BYTES, questions.MOST_FILES),
        "checklist": desk.checklist(submission) if submission else [],
        "term": desk.term_of(package, asked),
    }
    if access.may(request.user, Act.VIEW_QUEUE):
        found |= _for_officers(request, package, submission, under_review=under_review)
    return found


def _reply_form(request: SignedInRequest, question: Question) -> ReplyForm | None:
    if hasattr(question, "reply") or question.submission_id != question.package.submission_id:
        return None
    url = reverse("reporting:question_reply", args=[question.pk])
    return ReplyForm(initial=kept_input.given(request, clock.now(), url), auto_id=f"reply-{question.pk}-%s")


def _for_officers(
    request: SignedInRequest, package: Package, submission: Submission | None, *, under_review: bool
) -> dict[str, Any]:
    parts = risk_facts.parts_of(package)
    found: dict[str, Any] = {"risk_parts": [(terms_in_words.risk_words(part), part.points) for part in parts]}
    found |= in_queue.standing(request, package) | inside.of_package(request, package)
    if submission is not None and under_review and _may_decide(request.user, package):
        url = reverse("reporting:question_ask", args=[submission.pk])
        found["question_form"] = QuestionForm(submission, initial=kept_input.given(request, clock.now(), url))
    return found


def _may_decide(person: Person, package: Package) -> bool:
    mine = access.scoped(person, Act.REVIEW_PACKAGE, Package.objects.filter(pk=package.pk))
    return package.submitted_by_id != person.pk and mine.exists()


def _versions(person: Person) -> QuerySet[Submission]:
    """The versions that an officer may see: of a draft they learn nothing."""
    return queries.submissions(person).select_related("package__unit")


@access.page(Act.REVIEW_PACKAGE)
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send a version back: a reason for the whole, others at single data, rows, and answers to warnings."""
    submission = access.get(request.user, Act.REVIEW_PACKAGE, _versions(request.user), pk=pk)
    package = submission.package
    posted = request.method == "POST"
    form = ReturnForm(
        submission, request.POST if posted else None, initial=kept_input.given(request, clock.now(), request.path)
    )
    if posted and form.is_valid():
        review.send_back(
            submission,
            reason=form.cleaned_data["reason"],
            notes=form.notes(),
            refused=form.refused(),
            by=request.user,
            at=clock.now(),
        )
        said = _("Sent back. The unit sees your reasons at the data.")
        return in_queue.go_on(request, package, said, reverse("reporting:package", args=[package.pk]))
    context = {
        "form": form,
        "package": package,
        "submission": submission,
        "desk_query": request.GET.urlencode(),
        "decidable": package.state == State.SUBMITTED and package.submission_id == submission.pk,
    }
    return render(request, "reporting/send_back.html", context, status=422 if posted else 200)


@act_on(Act.REVIEW_PACKAGE, _versions)
def ask(request: SignedInRequest, submission: Submission) -> HttpResponse:
    """Ask about a version without sending it back."""
    form = QuestionForm(submission, request.POST)
    if not form.is_valid():
        raise Refusal(_("No question was sent: write your question."))
    questions.ask(submission, text=form.cleaned_data["text"], spot=form.spot(), by=request.user, at=clock.now())
    said = _("Question sent. The review period is suspended until the unit answers.")
    return in_queue.go_on(request, submission.package, said, _place(submission.package_id))


@act_on(Act.REPLY_QUESTION, Question.objects.select_related("submission", "package__unit"))
def reply(request: SignedInRequest, question: Question) -> HttpResponse:
    """Answer a question for the unit."""
    form = ReplyForm(request.POST, request.FILES)
    if not form.is_valid():
        raise Refusal(_("No answer was sent: write your answer."))
    questions.reply(question, text=form.cleaned_data["text"], files=form.given(), by=request.user, at=clock.now())
    return done(request, _("Answered. The officer has been informed."), _place(question.package_id))


def _place(package: int) -> str:
    return f"{reverse('reporting:package', args=[package])}#questions"


@access.page(Act.VIEW_PACKAGE)
@require_GET
def reply_file(request: SignedInRequest, pk: int) -> HttpResponse:
    """A file of an answer, byte for byte, for whoever may see the question."""
    found = access.get(request.user, Act.VIEW_PACKAGE, ReplyFile.objects.all(), pk=pk)
    return attachment(files.read(found.sha256), found.name, found.media_type)
