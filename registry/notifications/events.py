"""What the registry tells: units of their place in the directory, and whoever proposed something of what became of it."""

import datetime as dt
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from registry.models import DirectoryEntry, Person
from registry.notifications import acts as notifications
from registry.permissions.roles import UNIT_ROLES
from registry.values import figures

__all__ = ["KINDS", "directory_changed", "proposal_decided", "proposal_withdrawn"]

KINDS = {
    "directory.listed": _("Your unit is in the directory for %(year)s, %(sector)s, from %(day)s."),
    "directory.left": _(
        "Your unit leaves the directory for %(year)s, %(sector)s, on %(day)s. The ground is on its page."
    ),
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
