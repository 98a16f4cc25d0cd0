"""The journal: who did what to what, when; a hash chain that nobody can rewrite unnoticed."""

from django.db import models
from django.db.models import Q

from registry.models.people import Authority, Person
from registry.models.units import Unit
from registry.permissions import Act, Paths


class JournalEntry(models.Model):
    """One act. `hash` covers the row's content and the hash of the row before it (registry.journal)."""

    sequence = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # null: the system itself
    act = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    authority = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+")
    facts = models.TextField()  # canonical JSON
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    WHOSE = Paths(view=Act.VIEW_JOURNAL, unit="unit", authority="authority", person="actor")

    class Meta:
        ordering = ["-sequence"]
        verbose_name_plural = "journal entries"
        indexes = [models.Index(fields=["subject_type", "subject_id"]), models.Index(fields=["unit", "-sequence"])]


class JournalHead(models.Model):
    """The end of the chain: its one row is locked by whoever appends, so sequence and hash have no gap and no fork."""

    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = [models.CheckConstraint(name="journal_one_head", condition=Q(pk=1))]
