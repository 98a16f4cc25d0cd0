"""Bulk uploads: a zip of workbooks as it came in, and what became of each file in it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.models import Person, Unit
from registry.permissions import Act, Paths
from reporting.models.packages import Upload


class BulkUpload(models.Model):
    """A zip, append-only; its bytes lie under their sha256 (registry.files). `unit` is that of the clerk who sent it."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="bulk_uploads")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    name = models.CharField(max_length=200)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    WHOSE = Paths(view=Act.VIEW_BULK_UPLOAD, unit="unit")

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(name="bulk_upload_not_empty", condition=Q(size__gt=0))]

    def __str__(self) -> str:
        return self.name


class BulkItem(models.Model):
    """What became of one file of a zip, append-only; a file that has its row is never dealt with again.

    `unit`, `sector` and `period` are what the workbook itself says, where it could be told; `finding` says why a file was not read
    (reporting.findings), `message` why it was refused, or which version its bytes were already.
    """

    class Kind(models.TextChoices):
        TAKEN = "taken", _("file read")
        REFUSED = "refused", pgettext_lazy("a file", "refused")
        SKIPPED = "skipped", _("skipped: no workbook")

    bulk = models.ForeignKey(BulkUpload, models.PROTECT, related_name="items")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    sector = models.CharField(max_length=12, blank=True)
    period = models.CharField(max_length=7, blank=True)
    upload = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="bulk_items")
    finding = models.JSONField(null=True)
    message = models.TextField(blank=True)

    class Meta:
        ordering = ["bulk", "number"]
        constraints = [
            models.UniqueConstraint(fields=["bulk", "number"], name="bulk_item_once"),
            models.UniqueConstraint(
                fields=["bulk", "unit", "sector", "period"], condition=Q(kind="taken"), name="bulk_item_one_a_period"
            ),
            models.CheckConstraint(name="bulk_item_known", condition=Q(kind__in=["taken", "refused", "skipped"])),
            models.CheckConstraint(
                name="bulk_item_taken_complete",
                condition=Q(kind="taken", upload__isnull=False, unit__isnull=False)
                | (~Q(kind="taken") & Q(upload__isnull=True)),
            ),
        ]
