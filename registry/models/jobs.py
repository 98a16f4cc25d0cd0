"""Jobs: work that takes time. The row is the truth; the broker only carries task messages."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.models.people import Person
from registry.models.units import Unit
from registry.permissions import Act, Paths


class Job(models.Model):
    """A piece of work, its lease (who works on it, until when), progress and outcome.

    `asked_at` is the domain's instant (what the act counts as); the lease lives in the machine's real time. `stage` is what is being
    done with the items (registry.labels.journal.stage), "" where there is nothing to tell apart.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120, unique=True)
    payload = models.JSONField(default=dict)
    asked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True)
    messaged_at = models.DateTimeField(null=True)
    done_items = models.PositiveIntegerField(default=0)
    total_items = models.PositiveIntegerField(default=0)
    stage = models.CharField(max_length=30, blank=True)
    outcome = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    finished_at = models.DateTimeField(null=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")

    WHOSE = Paths(view=Act.VIEW_JOB, unit="unit", person="asked_by")

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["state", "lease_until"], condition=Q(state__in=["waiting", "running"]), name="job_open"
            )
        ]
        constraints = [
            models.CheckConstraint(name="job_progress_within", condition=Q(done_items__lte=F("total_items"))),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED, self.State.CANCELLED)


class JobItem(models.Model):
    """What became of one item of a job."""

    job = models.ForeignKey(Job, models.PROTECT, related_name="items")
    key = models.CharField(max_length=120)
    succeeded = models.BooleanField()
    message = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["job", "key"], name="job_item_once")]
