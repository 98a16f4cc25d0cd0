"""Questions: an officer asks about a version under review without sending it back; the unit's clerk answers, once."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from registry import journal
from registry.access import acting
from registry.database.locking import OvertakenError
from registry.models import Person
from registry.people import mandates
from registry.permissions import Act
from registry.refusal import Refusal
from reporting import notifications
from reporting.content.places import Spot
from reporting.evidence import fit
from reporting.evidence.fit import Given
from reporting.models import Package, Question, Reply, ReplyFile, Submission
from reporting.review import acts as review
from reporting.submissions import upload_limits

__all__ = ["MOST_FILES", "ask", "open_questions", "reply"]

MOST_FILES = 10
PLACELESS = dict.fromkeys(("table", "line", "process", "item", "part", "name"), "")


def open_questions() -> QuerySet[Question]:
    """The questions that a unit still owes an answer to: those of versions that are under review."""
    under_review = Question.objects.filter(package__state=Package.State.SUBMITTED, reply__isnull=True)
    return under_review.filter(submission=F("package__submission"))


@acting(Act.REVIEW_PACKAGE)
@transaction.atomic
def ask(submission: Submission, *, text: str, by: Person, at: dt.datetime, spot: Spot | None = None) -> Question:
    """Ask about a datum of the version, or in general."""
    if not text.strip():
        raise Refusal(_("The question is empty: write what you want to know."))
    package = review.locked(submission, Package.State.SUBMITTED)
    review.refuse_own(package, by)
    place = spot.columns() if spot else {}
    if submission.questions.filter(text=text.strip(), **PLACELESS | place, reply__isnull=True).exists():
        raise Refusal(_("This question has been asked already and waits for its answer."))
    asked = Question.objects.create(package=package, submission=submission, text=text.strip(), by=by, at=at, **place)
    notifications.of_package(package, notifications.clerks_of(package), "question.asked", asked.pk, at)
    facts: dict[str, Any] = {"version": submission.version, "question": asked.pk, "text": asked.text}
    journal.record("package.question_asked", package, by=by, at=at, papers=[asked], **facts)
    return asked


@acting(Act.REPLY_QUESTION)
def reply(question: Question, *, text: str, by: Person, at: dt.datetime, files: Sequence["File[bytes]"] = ()) -> Reply:
    """Answer a question for the unit, with files that prove it; the officer's term runs again."""
    if not text.strip():
        raise Refusal(_("The answer is empty: write what the officer asked for."))
    if len(files) > MOST_FILES:
        raise Refusal(
            _("An answer accepts at most %(limit)s files: combine related documents into one.") % {"limit": MOST_FILES}
        )
    given = fit.fit(files)
    if given:
        upload_limits.refuse_too_much(question.package, sum(each.size for each in given), at)
    fit.keep(given)
    return _reply(question, text.strip(), given, by, at)


@transaction.atomic
def _reply(question: Question, text: str, given: Sequence[Given], by: Person, at: dt.datetime) -> Reply:
    package = review.locked(question.submission, Package.State.SUBMITTED)
    if Reply.objects.filter(question=question).exists():
        raise OvertakenError
    digests = [each.sha256 for each in given]
    strange = fit.answered_by_others(package.unit_id, digests)
    strange |= {row.sha256 for row in fit.elsewhere(package, digests) if row.package.unit_id != package.unit_id}
    fit.refuse_faults(fit.others(each.name) for each in given if each.sha256 in strange)
    said = Reply.objects.create(question=question, text=text, by=by, at=at)
    rows = ReplyFile.objects.bulk_create(
        ReplyFile(reply=said, sha256=each.sha256, size=each.size, name=each.name, media_type=each.media_type)
        for each in given
    )
    under = mandates.facts(by, package.unit, at)
    if rows:
        under["files"] = [{"sha256": row.sha256, "size": row.size} for row in rows]
    notifications.of_package(package, Q(pk=question.by_id), "question.answered", said.pk, at, unit=package.unit.name)
    under |= {"question": question.pk, "text": text}
    journal.record("package.question_answered", package, by=by, at=at, papers=[said], **under)
    return said
