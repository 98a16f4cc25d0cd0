"""What allocation tells units."""

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from allocation.models import Letter, SurrenderRequest
from registry import figures, notifications
from registry.models import Person
from registry.roles import UNIT_ROLES

__all__ = ["KINDS", "notices_sent", "quota_issued", "surrender_decided"]

KINDS = {
    "quota.issued": _("Quota of %(year)s was issued or adjusted on the province's letter %(number)s."),
    "notice.sent": _("The compliance notice of %(year)s has come. What it says is to be surrendered by %(due)s."),
    "surrender.approved": _("The province has approved the surrender of %(tonnes)s t for %(year)s."),
    "surrender.executed": _("The surrender of %(tonnes)s t for %(year)s was executed."),
    "surrender.refused": _("The surrender of %(tonnes)s t for %(year)s was refused. The reason is on its page."),
    "remind.surrender": _("Quota of %(year)s is still to be requested for surrender by %(due)s: %(tonnes)s t."),
    "remind.surrender_missed": _(
        "The last day for surrendering quota of %(year)s was %(due)s: %(tonnes)s t are not requested yet."
    ),
    "remind.confirm": _(
        "A surrender of %(tonnes)s t for %(year)s waits for your confirmation; the last day is %(due)s."
    ),
    "remind.confirm_missed": _(
        "A surrender of %(tonnes)s t for %(year)s still waits for your confirmation; the last day was %(due)s."
    ),
}


def _people(units: Iterable[int]) -> Iterable[Person]:
    return Person.objects.filter(unit__in=units, role__in=UNIT_ROLES)


def quota_issued(letter: Letter, units: Iterable[int], at: dt.datetime) -> None:
    said = {"year": str(letter.year), "number": letter.number}
    notifications.notify(
        _people(units), "quota.issued", f"quota.issued:{letter.pk}", said, reverse("allocation:quota"), at
    )


def notices_sent(units: Iterable[int], year: int, due: dt.date, at: dt.datetime) -> None:
    """A unit has one notice a year, so the year names it."""
    said = {"year": str(year), "due": due.isoformat()}
    notifications.notify(_people(units), "notice.sent", f"notice.sent:{year}", said, reverse("allocation:quota"), at)


def surrender_decided(request: SurrenderRequest, at: dt.datetime) -> None:
    """Approved, executed or refused, as its state says."""
    kind = f"surrender.{request.state}"
    link = reverse("allocation:surrender", args=[request.pk])
    said = {"year": str(request.year), "tonnes": figures.tonnes(request.total)}
    notifications.notify(_people([request.unit_id]), kind, f"{kind}:{request.pk}", said, link, at)
