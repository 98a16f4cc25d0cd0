"""What the registry tells: units of their place in the directory, and whoever proposed something of what became of it."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from registry.models import DirectoryEntry, FilingMandate, Person
from registry.notifications import acts as notifications
from registry.permissions.roles import UNIT_ROLES, Role
from registry.values import figures

__all__ = [
    "KINDS",
    "directory_changed",
    "mandate_accepted",
    "mandate_ended",
    "mandate_offered",
    "proposal_decided",
    "proposal_withdrawn",
]

KINDS = {
    "directory.listed": _("Your unit is in the directory for %(year)s, %(sector)s, from %(day)s."),
    "directory.left": _(
        "Your unit leaves the directory for %(year)s, %(sector)s, on %(day)s. The ground is on its page."
    ),
    "mandate.offered": _("%(unit)s offers your unit a mandate to file for it: accept or decline it."),
    "mandate.accepted": _("%(holder)s has accepted the mandate to file for your unit."),
    "mandate.ended": _("The mandate of %(holder)s to file for %(unit)s was ended or declined by %(by)s."),
    "proposal.approved": _("Your proposal was approved: %(act)s, %(what)s."),
    "proposal.withdrawn": _(
        "%(by)s has withdrawn what you had prepared: %(act)s, %(what)s. Its page shows it; another can be prepared."
    ),
    "proposal.refused": _("Your proposal was refused: %(act)s, %(what)s. The reason is on its page."),
}


def directory_changed(entry: DirectoryEntry, at: dt.datetime) -> None:
    """Both seats of a unit that was entered or left, as the entry's state says."""
    left = entry.state == DirectoryEntry.State.LEFT
    kind, day = ("directory.left", entry.left_on) if left else ("directory.listed", entry.entered_on)
    said = {"year": str(entry.year), "sector": entry.sector, "day": figures.day(day)}
    people = Person.objects.filter(unit=entry.unit_id, role__in=UNIT_ROLES)
    link = reverse("registry:directory_entry", args=[entry.pk])
    notifications.notify(people, kind, f"{kind}:{entry.pk}:{at.isoformat()}", said, link, at)


def mandate_offered(mandate: FilingMandate, at: dt.datetime) -> None:
    """The approvers of the unit that is to hold it: one of them accepts or declines."""
    people = Person.objects.filter(unit=mandate.holder_unit_id, role=Role.UNIT_APPROVER)
    _mandate(mandate, "mandate.offered", people, at)


def mandate_accepted(mandate: FilingMandate, at: dt.datetime) -> None:
    """The approvers of the unit that offered it."""
    _mandate(mandate, "mandate.accepted", Person.objects.filter(unit=mandate.unit_id, role=Role.UNIT_APPROVER), at)


def mandate_ended(mandate: FilingMandate, at: dt.datetime, *, by: Person) -> None:
    """The people of the other unit; of the holder's its clerks, too, who file under it no more."""
    other = mandate.holder_unit_id if by.unit_id == mandate.unit_id else mandate.unit_id
    people = Person.objects.filter(unit=other, role__in=UNIT_ROLES)
    _mandate(mandate, "mandate.ended", people, at, by=str(by.unit))


def _mandate(mandate: FilingMandate, kind: str, people: Iterable[Person], at: dt.datetime, **more: str) -> None:
    said = {"unit": str(mandate.unit), "holder": str(mandate.holder_unit), **more}
    notifications.notify(people, kind, f"{kind}:{mandate.pk}", said, reverse("registry:mandates"), at)


def proposal_decided(
    proposed_by: Person | None,
    subject: Model,
    act: str,
    what: str | dict[str, Any],
    link: str,
    at: dt.datetime,
    *,
    approved: bool,
) -> None:
    """Whoever proposed it learns what became of it; `act` is the journal's code of what was decided, `what` names the thing: as it is
    called in either language, or {sort: value} as registry.notifications puts into words."""
    kind = "proposal.approved" if approved else "proposal.refused"
    key = f"{kind}:{subject._meta.label_lower}:{subject.pk}:{at.isoformat()}"
    people = [proposed_by] if proposed_by else []
    notifications.notify(people, kind, key, {"act": act, "what": what}, link, at)


def proposal_withdrawn(
    proposed_by: Person | None,
    subject: Model,
    act: str,
    what: str | dict[str, Any],
    link: str,
    at: dt.datetime,
    *,
    by: Person,
) -> None:
    """Whoever prepared it learns that somebody else took it back; nobody is told of what they did themselves. Params as of a decision."""
    if proposed_by is None or proposed_by.pk == by.pk:
        return
    kind = "proposal.withdrawn"
    key = f"{kind}:{subject._meta.label_lower}:{subject.pk}:{at.isoformat()}"
    notifications.notify([proposed_by], kind, key, {"by": str(by), "act": act, "what": what}, link, at)
