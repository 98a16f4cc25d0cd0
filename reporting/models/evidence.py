"""Supporting files 支撑材料 of packages: attached, withdrawn, and which of them went with what was submitted. All append-only."""

from django.db import models
from django.db.models import Q

from registry.models import Person
from registry.permissions import Act, Paths
from reporting.models.packages import Package, PackageEvent
from reporting.models.verified_by import verified_by


class Evidence(models.Model):
    """A supporting file as it came in; its bytes lie under their sha256 (registry.files).

    `covers` are codes of the guideline's kinds of evidence; `reuse_reason` says why a file that the unit used for another package
    serves for this one, too, and is empty where it was not used before.
    """

    package = models.ForeignKey(Package, models.PROTECT, related_name="evidence")
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=80)
    covers = models.JSONField(default=list)
    reuse_reason = models.TextField(blank=True)
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
        constraints = [models.CheckConstraint(name="evidence_not_empty", condition=Q(size__gt=0))]

    def __str__(self) -> str:
        return self.name


class EvidenceWithdrawal(models.Model):
    """That a file no longer stands for the package; what was submitted with it keeps it."""

    evidence = models.OneToOneField(Evidence, models.PROTECT, related_name="withdrawal")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()


class SubmittedEvidence(models.Model):
    """That a file was among those with which a version was submitted."""

    event = models.ForeignKey(PackageEvent, models.PROTECT, related_name="evidence")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="submitted")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["event", "evidence"], name="submitted_evidence_once")]
