"""What reporting tells people, and whom."""

import datetime as dt

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from registry import notifications
from registry.models import Person
from registry.roles import UNIT_ROLES, Role
from reporting.models import Package, Verification

__all__ = ["KINDS", "clerks_of", "of_package", "verification_approved", "verification_concluded"]

KINDS = {
    "package.accepted": _("%(period)s (%(sector)s) was accepted."),
    "package.returned": _(
        "%(period)s (%(sector)s) was sent back. The reason is on its page: correct it and submit it again."
    ),
    "package.reopened": _("%(period)s (%(sector)s) was reopened. Correct it and submit it again by %(due)s."),
    "deadline.extended": _("The deadline of %(period)s (%(sector)s) was extended to %(due)s."),
    "question.asked": _("The officer asks something about %(period)s (%(sector)s)."),
    "question.answered": _("%(unit)s has answered your question about %(period)s (%(sector)s)."),
    "verification.concluded": _(
        "The verification of %(unit)s for %(year)s (%(sector)s) is concluded and waits for your approval."
    ),
    "verification.approved": _("The verified result of %(year)s (%(sector)s) is there."),
    "remind.packages": _("%(unit)s: still to be submitted by %(due)s: %(periods)s."),
    "remind.packages_missed": _(
        "%(unit)s: not submitted by %(due)s, the last day: %(periods)s. Submit it now; it will be marked late."
    ),
    "remind.report": _("The annual report of %(year)s (%(sector)s) is to be filed by %(due)s."),
    "remind.report_missed": _(
        "The annual report of %(year)s (%(sector)s) was not filed by %(due)s, the last day. File it now; it will be marked late."
    ),
    "remind.reviews": _("Packages that were submitted by %(since)s and still wait for your review: %(count)s."),
}


def clerks_of(package: Package) -> Q:
    """The unit's clerks, and whoever submitted it under a mandate."""
    return Q(unit=package.unit_id, role=Role.UNIT_CLERK) | Q(pk=package.submitted_by_id)


def of_package(package: Package, people: Q, kind: str, about: int, at: dt.datetime, **params: str) -> None:
    """Tell people what became of a package; `about` is the key of the row, just written, that says so."""
    said = {"period": package.period, "sector": package.sector, **params}
    link = reverse("reporting:package", args=[package.pk])
    who = Person.objects.filter(people).only("is_active")
    notifications.notify(who, kind, f"{kind}:{about}", said, link, at, is_first=True)


def verification_concluded(verification: Verification, about: int, at: dt.datetime) -> None:
    approvers = Q(authority=verification.unit.authority_id, role=Role.PROVINCIAL_APPROVER)
    _of_verification(verification, approvers, "verification.concluded", about, at)


def verification_approved(verification: Verification, about: int, at: dt.datetime) -> None:
    _of_verification(
        verification, Q(unit=verification.unit_id, role__in=UNIT_ROLES), "verification.approved", about, at
    )


def _of_verification(verification: Verification, people: Q, kind: str, about: int, at: dt.datetime) -> None:
    said = {"unit": verification.unit.name, "year": str(verification.year), "sector": verification.sector}
    link = reverse("reporting:verification", args=[verification.pk])
    notifications.notify(Person.objects.filter(people), kind, f"{kind}:{about}", said, link, at)
