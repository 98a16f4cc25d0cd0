"""Deadlines that a province has set anew for one unit's period; append-only, the latest counts."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.models import Person
from registry.permissions import Act, Paths
from reporting.models.packages import Package
from reporting.models.verified_by import verified_by


class DeadlineExtension(models.Model):
    """That a package is due on another day than before: extended, or reopened and to be submitted anew."""

    class Kind(models.TextChoices):
        EXTENDED = "extended", _("deadline extended")
        REOPENED = "reopened", _("reopened")
        LISTED = "listed", _("listed late")  # its term begins with the approval of the unit's entry

    package = models.ForeignKey(Package, models.PROTECT, related_name="extensions")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    before = models.DateField()
    due = models.DateField()
    reason = models.TextField()
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
        constraints = [
            models.CheckConstraint(
                name="deadline_extension_known", condition=Q(kind__in=["extended", "reopened", "listed"])
            ),
            models.CheckConstraint(name="deadline_extension_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="deadline_extension_later", condition=~Q(kind="extended") | Q(due__gt=F("before"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.package} → {self.due}"
