"""Which officer of an authority reviews a package: one takes it, or is given it by a colleague; anybody there can change that."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from registry import journal
from registry.access import acting
from registry.models import Authority, Person
from registry.permissions import Act
from registry.permissions.roles import Role
from registry.refusal import Refusal
from reporting import notifications
from reporting.models import Package, ReviewerChoice

__all__ = ["give", "officers_of"]


def officers_of(authority: Authority | int) -> QuerySet[Person]:
    """Those who can review for the authority, by name."""
    return Person.objects.filter(authority=authority, role=Role.PROVINCIAL_OFFICER, is_active=True).order_by(
        "pinyin", "pk"
    )


@acting(Act.ASSIGN_REVIEW)
@transaction.atomic
def give(package: Package, *, to: Person | None, seen: int | None, by: Person, at: dt.datetime) -> Package:
    """Have an officer review a package that waits, None: nobody in particular. Others may still decide on it.

    `seen` is the key of whoever reviewed it when `by` chose: who takes what a colleague has just taken is told instead.
    """
    unit = package.unit
    package = Package.objects.select_for_update().get(pk=package.pk)
    package.unit = unit
    before = package.reviewer
    if package.state != Package.State.SUBMITTED:
        raise Refusal(_("It is not under review any more: look at the package again."))
    if package.reviewer_id != seen:
        now = before.name if before else _("nobody in particular")
        raise Refusal(_("The reviewer has changed in the meantime: %(person)s. Nothing was changed.") % {"person": now})
    if to is not None and not officers_of(unit.authority_id).filter(pk=to.pk).exists():
        raise Refusal(_("Only an officer of your own authority can review it."))
    if to == before:
        raise Refusal(_("The person chosen reviews it already."))
    package.reviewer = to
    package.save(update_fields=["reviewer"])
    chosen = ReviewerChoice.objects.create(package=package, reviewer=to, by=by, at=at)
    said = {"by": by.name, "unit": unit.name}
    for kind, person in (("review.given", to), ("review.taken", before)):
        if person is not None and person != by:
            notifications.of_package(package, Q(pk=person.pk), kind, chosen.pk, at, **said)
    facts: dict[str, Any] = {"person": to.pk} if to else {}
    journal.record("package.reviewer_chosen", package, by=by, at=at, papers=[chosen], **facts)
    return package
