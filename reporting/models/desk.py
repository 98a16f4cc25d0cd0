"""The officer's desk: who reviews a package, what they ask about it without sending it back, and which data they send one back for."""

from django.db import models
from django.db.models import Q

from registry.models import Authority, Person
from registry.permissions import Act, Paths
from reporting.models.packages import Package, PackageEvent
from reporting.models.submissions import FindingAnswer, Submission
from reporting.models.verified_by import verified_by


class DatumPlace(models.Model):
    """A datum of a version, or a whole row (`name` is "") or nothing in particular (all are "").

    The first five are the row's key (content.Row.key); `sheet` and `cell` where it stands in the workbook, `value` what it says.
    """

    table = models.CharField(max_length=40, blank=True)
    line = models.CharField(max_length=40, blank=True)
    process = models.CharField(max_length=40, blank=True)
    item = models.CharField(max_length=200, blank=True)
    part = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=40, blank=True)
    sheet = models.CharField(max_length=80, blank=True)
    cell = models.CharField(max_length=20, blank=True)
    value = models.TextField(blank=True)

    class Meta:
        abstract = True


class ReviewerChoice(models.Model):
    """That an officer reviews a package from now on, or (None) nobody in particular; append-only, the latest counts."""

    package = models.ForeignKey(Package, models.PROTECT, related_name="reviewer_choices")
    reviewer = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]


class OwnReviewDay(models.Model):
    """By which day after a month's end an authority wants to have reviewed it, from a day on (None: it has no day of its own); append-only.

    The latest `since` that is reached counts, of equal ones the later row (reporting.review.own_days).
    """

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField(null=True)
    since = models.DateField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    WHOSE = Paths(view=Act.VIEW_OWN_DAY, authority="authority")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="own_review_day_is_a_day", condition=Q(days__isnull=True) | Q(days__gt=0))
        ]

    def __str__(self) -> str:
        return f"{self.authority} · {self.days}"


class Note(models.Model):
    """What an authority's people write to one another about a package; append-only, and never shown outside that authority."""

    package = models.ForeignKey(Package, models.PROTECT, related_name="notes")
    # Whose it is stays so, should the unit pass to another authority.
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    text = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    WHOSE = Paths(view=Act.VIEW_NOTE, authority="authority")

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="note_not_empty", condition=~Q(text=""))]

    def __str__(self) -> str:
        return f"{self.package} · {self.by}"


class Remark(DatumPlace):
    """Why a package was sent back, at one datum; append-only."""

    event = models.ForeignKey(PackageEvent, models.PROTECT, related_name="remarks")
    reason = models.TextField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "table", "line", "process", "item", "part", "name"], name="remark_once"
            ),
            models.CheckConstraint(name="remark_not_empty", condition=~Q(reason="")),
            models.CheckConstraint(name="remark_has_place", condition=~Q(table="")),
        ]


class RefusedAnswer(models.Model):
    """That an officer doesn't take a reason given for a warning; part of a sending back, append-only."""

    event = models.ForeignKey(PackageEvent, models.PROTECT, related_name="refused_answers")
    answer = models.OneToOneField(FindingAnswer, models.PROTECT, related_name="refusal")
    reason = models.TextField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="refused_answer_has_reason", condition=~Q(reason=""))]


class Question(DatumPlace):
    """What an officer wants to know of a version under review; append-only. While it is open their term of review stands still."""

    package = models.ForeignKey(Package, models.PROTECT, related_name="questions")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="questions")
    text = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    WHOSE = Paths(
        view=Act.VIEW_PACKAGE,
        unit="package__unit",
        authority="package__unit__authority",
        body=verified_by("package__"),
    )

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="question_not_empty", condition=~Q(text=""))]

    def __str__(self) -> str:
        return f"{self.package}: {self.text[:40]}"

    @property
    def is_owed(self) -> bool:
        """Whether the unit still owes an answer (questions.open_questions): not once the version was decided on."""
        under_review = (
            self.package.state == Package.State.SUBMITTED and self.package.submission_id == self.submission_id
        )
        return under_review and not hasattr(self, "reply")


class Reply(models.Model):
    """The unit's answer to a question, once; append-only."""

    question = models.OneToOneField(Question, models.PROTECT, related_name="reply")
    text = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="reply_not_empty", condition=~Q(text=""))]


class ReplyFile(models.Model):
    """A file that came with an answer; append-only. Its bytes lie under their sha256 (registry.files)."""

    reply = models.ForeignKey(Reply, models.PROTECT, related_name="files")
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=80)

    WHOSE = Paths(
        view=Act.VIEW_PACKAGE,
        unit="reply__question__package__unit",
        authority="reply__question__package__unit__authority",
        body=verified_by("reply__question__package__"),
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["reply", "sha256"], name="reply_file_once"),
            models.CheckConstraint(name="reply_file_not_empty", condition=Q(size__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name
