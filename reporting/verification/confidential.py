"""What a verifier has found, until the unit is told: whose it is, and what others read instead."""

from django.db.models import CharField, Q
from django.db.models.functions import Cast

from registry import access
from registry.models import Person
from registry.permissions import Act
from reporting.models import Verification

__all__ = ["hides_findings", "kept_back"]

# What they say of values and reasons is nobody else's before the result is told.
ACTS = ("verification.settled", "verification.returned", "verification.taken_back")


def hides_findings(person: Person, verification: Verification) -> bool:
    """Whether the person sees neither values nor notes of the verification yet."""
    own = Verification.objects.filter(pk=verification.pk)
    return verification.told_at is None and not access.scoped(person, Act.VIEW_FINDINGS_BEFORE_TOLD, own).exists()


def kept_back(person: Person) -> Q | None:
    """The journal's entries that the person may not read yet (registry.access.journal_entries)."""
    if access.may(person, Act.VIEW_FINDINGS_BEFORE_TOLD):
        return None
    untold = Verification.objects.filter(told_at__isnull=True).annotate(key=Cast("pk", CharField()))
    subject = Q(subject_type=Verification._meta.label_lower, subject_id__in=untold.values("key"))
    return Q(act__in=ACTS) & subject
