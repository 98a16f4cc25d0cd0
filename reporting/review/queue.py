"""What the officer's desk asks: their queue, what stands next to a package in it, what was asked for and what became of it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from registry import access
from registry.law import calendar
from registry.models import Person, Unit
from registry.permissions import Act
from registry.values import figures
from reporting.content import Content, Datum, Key
from reporting.content.places import stated, text_of
from reporting.models import FindingAnswer, FindingRow, Package, PackageEvent, Question, Remark, Submission
from reporting.periods.review_term import Term, term
from reporting.review.questions import open_questions
from reporting.submissions import risk_facts, risk_points

__all__ = [
    "BY_DAY",
    "MOST_COUNTED",
    "Asked",
    "answered",
    "checklist",
    "clean",
    "nearest_end",
    "neighbours",
    "next_of",
    "of_units",
    "place",
    "questions_of",
    "queue",
    "remarks_of",
    "term_of",
    "waiting",
    "whole",
]

ORDER = ("-risk", "submitted_at", "pk")
BY_DAY = ("due", "pk")  # the law's day, and so within an authority its own, which lies so many days before
FEW_UNITS = 20
MOST_COUNTED = 999
QUESTIONS = Prefetch("questions", Question.objects.select_related("by", "reply__by").order_by("pk"))


@dataclass(frozen=True, slots=True)
class Asked:
    """A datum that a package was sent back for: what it said then, and what it says in the version looked at."""

    remark: Remark
    now: str

    @property
    def is_row(self) -> bool:
        return not self.remark.name

    @property
    def changed(self) -> bool:
        return self.now != self.remark.value


def waiting() -> QuerySet[Package]:
    """What waits for review anywhere, the most pressing first, the older before the newer; to be narrowed, and then given to `queue`."""
    return Package.objects.filter(state=Package.State.SUBMITTED).order_by(*ORDER)


def queue(person: Person, narrowed: QuerySet[Package] | None = None) -> QuerySet[Package]:
    """What waits for review within the person's reach, or what is left of that when narrowed; to be asked for its keys.

    The reach is asked for last: a database looks at conditions in their order, and whether a row is late costs it less.
    """
    rows = waiting() if narrowed is None else narrowed
    return _along(rows, access.scoped(person, Act.VIEW_QUEUE, Unit.objects.all()).values("pk"))


def whole(keys: Iterable[int]) -> list[Package]:
    """The packages with these keys, in their order, with all that a page of the queue shows. Two queries.

    Only so does the queue stay quick: joined with all this, the database would fetch it for every row that it looks at.
    """
    rows = Package.objects.select_related("unit", "reviewer").prefetch_related(QUESTIONS).in_bulk(keys := list(keys))
    return [rows[key] for key in keys if key in rows]


def of_units(rows: QuerySet[Package], units: QuerySet[Unit]) -> QuerySet[Package]:
    """Those of a queue that are the units'. One query, at once: no database guesses how many units a search finds."""
    keys = list(units.order_by().values_list("pk", flat=True))
    return rows.filter(unit__in=keys) if len(keys) <= FEW_UNITS else _along(rows, keys)


def _along(rows: QuerySet[Package], units: Iterable[int] | QuerySet[Unit, Any]) -> QuerySet[Package]:
    """Those of a queue that are the units', looked for along the queue: of many units a page is soon full.

    Nothing is added to the key, but an expression enters no index: by unit the database would find, and sort, all that waits.
    """
    return rows.alias(whose=F("unit_id") + 0).filter(whose__in=units)


def answered() -> QuerySet[Question, Any]:
    """The keys of the packages under review about which there were questions, and every one is answered."""
    asked = Question.objects.filter(submission=F("package__submission"))
    return asked.exclude(package__in=open_questions().values("package")).order_by().values("package")


def neighbours(rows: QuerySet[Package], package: Package) -> tuple[int | None, int | None]:
    """The keys of the packages before and after this one in a queue, whether or not it waits there itself. Two queries."""
    before = _before(rows, package)
    before = before.order_by("-due", "-pk") if _is_by_day(rows) else before.order_by("risk", "-submitted_at", "-pk")
    return before.values_list("pk", flat=True).first(), next_of(rows, package)


def _is_by_day(rows: QuerySet[Package]) -> bool:
    return tuple(rows.query.order_by) == BY_DAY


def next_of(rows: QuerySet[Package], package: Package) -> int | None:
    """The key of the package after this one in a queue, whether or not it waits there itself. One query."""
    if _is_by_day(rows):
        same_day = Q(due=package.due, pk__gt=package.pk)
        ahead = rows.filter(due__gte=package.due).filter(Q(due__gt=package.due) | same_day)
        return ahead.values_list("pk", flat=True).first()
    same = Q(risk=package.risk)
    later = same & (Q(submitted_at__gt=package.submitted_at) | Q(submitted_at=package.submitted_at, pk__gt=package.pk))
    # The first bound is what the index is entered by.
    after = rows.filter(risk__lte=package.risk).filter(Q(risk__lt=package.risk) | later)
    return after.order_by(*ORDER).values_list("pk", flat=True).first()


def _before(rows: QuerySet[Package], package: Package) -> QuerySet[Package]:
    if _is_by_day(rows):
        same_day = Q(due=package.due, pk__lt=package.pk)
        return rows.filter(due__lte=package.due).filter(Q(due__lt=package.due) | same_day)
    same = Q(risk=package.risk)
    earlier = same & (
        Q(submitted_at__lt=package.submitted_at) | Q(submitted_at=package.submitted_at, pk__lt=package.pk)
    )
    return rows.filter(risk__gte=package.risk).filter(Q(risk__gt=package.risk) | earlier)


def place(rows: QuerySet[Package], package: Package) -> tuple[int, int] | None:
    """The how manieth of how many this is in a queue; None where it doesn't wait there, or the queue is too long to be counted.

    At most three queries.
    """
    total = rows.order_by().values("pk")[: MOST_COUNTED + 1].count()
    if total > MOST_COUNTED or not rows.filter(pk=package.pk).exists():
        return None
    return _before(rows, package).order_by().count() + 1, total


def questions_of(package: Package) -> list[Question]:
    """The questions asked about a package with their answers and these' files, the oldest first. Two queries."""
    asked = package.questions.select_related("by", "reply__by", "submission").prefetch_related("reply__files")
    return list(asked.order_by("pk"))


def term_of(package: Package, questions: Iterable[Question]) -> Term | None:
    """The term in which a package under review is to be decided on; None where it isn't under review."""
    if package.state != Package.State.SUBMITTED or package.submitted_at is None:
        return None
    # Of this round only: what was asked before the last sending back is over.
    mine = [each for each in questions if each.submission_id == package.submission_id]
    return term(package.submitted_at, [(each.at, _answered(each)) for each in mine])


def nearest_end(rows: QuerySet[Package]) -> dt.date | None:
    """The first last day of review among packages under review; None where every term stands still or there is none.

    Without a question the oldest ends first, so only packages with questions are looked at one by one. Three queries.
    """
    asked = Question.objects.filter(submission=OuterRef("submission"))
    oldest = rows.filter(~Exists(asked), submitted_at__isnull=False).order_by("submitted_at", "pk").first()
    others = rows.filter(Exists(asked), ~Exists(asked.filter(reply__isnull=True))).prefetch_related(QUESTIONS)
    found = [term_of(package, package.questions.all()) for package in others]
    if oldest:
        found.append(term_of(oldest, ()))
    return min((each.due for each in found if each and each.due), default=None)


def _answered(question: Question) -> dt.datetime | None:
    return question.reply.at if hasattr(question, "reply") else None


def remarks_of(event: PackageEvent | None) -> list[Remark]:
    """The data that a sending back names, in the workbook's order of its version."""
    return [] if event is None else list(event.remarks.order_by("pk"))


def checklist(submission: Submission) -> list[Asked]:
    """What the package was last sent back for before this version, and what this version says there. Two queries."""
    returned = PackageEvent.objects.filter(
        package=submission.package_id, kind=PackageEvent.Kind.RETURNED, submission__version__lt=submission.version
    )
    remarks = remarks_of(returned.order_by("-pk").first())
    if not remarks or not submission.is_readable:
        return []
    content = Content.from_json(submission.stored_content())
    rows, data = {row.key for row in content.rows}, stated(content)
    return [_asked(remark, rows, data) for remark in remarks]


def _asked(remark: Remark, rows: Set[Key], data: Mapping[tuple[Key, str], Datum]) -> Asked:
    key = (remark.table, remark.line, remark.process, remark.item, remark.part)
    if remark.name:
        return Asked(remark, text_of(data.get((key, remark.name))))
    return Asked(remark, "" if key in rows else figures.DASH)


def clean(person: Person, at: dt.datetime) -> QuerySet[Package]:
    """What the person may accept in bulk: low risk, nothing found or every warning answered, no question open, not their own."""
    limit = risk_points.bulk_limit(risk_facts.weights(at), calendar.local_day(at))
    given = FindingAnswer.objects.filter(finding=OuterRef("pk"))
    unanswered = FindingRow.objects.filter(~Exists(given), submission=OuterRef("submission"))
    asked = open_questions().filter(package=OuterRef("pk"))
    rows = access.scoped(person, Act.REVIEW_PACKAGE, Package.objects.filter(state=Package.State.SUBMITTED))
    fit = rows.filter(~Exists(unanswered), ~Exists(asked), risk__lte=limit, submission__errors=0)
    return fit.exclude(submitted_by=person.pk).select_related("unit", "submission").order_by(*ORDER)
