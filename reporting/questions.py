"""Questions: an officer asks about a version under review without sending it back; the unit's clerk answers, once."""

import datetime as dt

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from registry import journal, mandates
from registry.models import Person
from registry.refusal import Refusal
from reporting import review, telling
from reporting.models import Package, Question, Reply, Submission
from reporting.places import Spot

__all__ = ["ask", "open_questions", "reply"]


def open_questions() -> QuerySet[Question]:
    """The questions that a unit still owes an answer to: those of versions that are under review."""
    under_review = Question.objects.filter(package__state=Package.State.SUBMITTED, reply__isnull=True)
    return under_review.filter(submission=F("package__submission"))


@transaction.atomic
def ask(submission: Submission, *, text: str, by: Person, at: dt.datetime, spot: Spot | None = None) -> Question:
    """Ask about a datum of the version, or in general."""
    if not text.strip():
        raise Refusal(_("The question is empty: write what you want to know."))
    package = review.locked(submission, Package.State.SUBMITTED)
    review.refuse_own(package, by)
    place = spot.columns() if spot else {}
    asked = Question.objects.create(package=package, submission=submission, text=text.strip(), by=by, at=at, **place)
    telling.of_package(package, telling.clerks_of(package), "question.asked", asked.pk, at)
    journal.record(
        "package.question_asked", package, by=by, at=at, version=submission.version, question=asked.pk, text=asked.text
    )
    return asked


@transaction.atomic
def reply(question: Question, *, text: str, by: Person, at: dt.datetime) -> Reply:
    """Answer a question for the unit; the officer's term runs again."""
    if not text.strip():
        raise Refusal(_("The answer is empty: write what the officer asked for."))
    package = review.locked(question.submission, Package.State.SUBMITTED)
    if Reply.objects.filter(question=question).exists():
        raise Refusal(_("Somebody else has answered this question in the meantime; look at the package again."))
    given = Reply.objects.create(question=question, text=text.strip(), by=by, at=at)
    under = mandates.facts(by, package.unit, at)
    asker = Q(pk=question.by_id)
    telling.of_package(package, asker, "question.answered", given.pk, at, unit=package.unit.name)
    journal.record("package.question_answered", package, by=by, at=at, question=question.pk, text=given.text, **under)
    return given
