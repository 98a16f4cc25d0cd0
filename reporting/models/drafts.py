"""Drafts: what a person has typed into a month's page and not saved yet."""

from django.db import models

from registry.models import Person
from registry.permissions import Act, Paths
from reporting.models.packages import Package
from reporting.models.submissions import Submission


class CorrectionDraft(models.Model):
    """One person's unsaved typing for one package; it goes when it is saved as a version, or discarded.

    `cells` are the texts that differ from those of `base` (None: from the blank), by name (reporting.workbook.reading.typed), empty ones
    included; `lines` are the codes of the lines that the names' numbers stand for.
    `revision` counts the keepings, so that a window knows of another.
    """

    package = models.ForeignKey(Package, models.PROTECT, related_name="drafts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="drafts")
    base = models.ForeignKey(Submission, models.PROTECT, null=True, blank=True, related_name="+")
    lines = models.JSONField(default=list)
    cells = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    WHOSE = Paths(view=Act.VIEW_DRAFT, unit="package__unit")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["package", "person"], name="correction_draft_once")]

    def __str__(self) -> str:
        return f"{self.package} · {self.person}"
