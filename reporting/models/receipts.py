"""Receipts as they were given."""

import json
from typing import Any

from django.db import models

from registry.models import JournalEntry
from registry.permissions import Act, Paths
from registry.values.canonical import sha256
from reporting.models.packages import Package, PackageEvent
from reporting.models.verified_by import verified_by


class Receipt(models.Model):
    """The receipt for a submission or its acceptance; append-only. `body` is the canonical JSON that was signed (reporting.receipts)."""

    event = models.OneToOneField(PackageEvent, models.PROTECT, related_name="receipt")
    package = models.ForeignKey(Package, models.PROTECT, related_name="receipts")
    entry = models.OneToOneField(JournalEntry, models.PROTECT, related_name="+")
    body = models.TextField()
    key_id = models.CharField(max_length=16)
    public_key = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=64)

    WHOSE = Paths(
        view=Act.VIEW_PACKAGE,
        unit="package__unit",
        authority="package__unit__authority",
        body=verified_by("package__"),
    )

    class Meta:
        ordering = ["pk"]

    @property
    def short(self) -> str:
        """The beginning of the body's sha256, which people can compare by eye."""
        return sha256(self.body.encode())[:16]

    def content(self) -> dict[str, Any]:
        """The body as plain data."""
        content: dict[str, Any] = json.loads(self.body)
        return content
