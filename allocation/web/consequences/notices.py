"""Sending a year's compliance notices: who is told what they owe."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from allocation import objections
from allocation.compliance import notices
from allocation.models import Notice, Objection, Run
from allocation.scope import runs_in_force
from allocation.web.forms.years import YearForm
from registry.access import SignedInRequest
from registry.law import calendar, clock
from registry.models import Authority
from registry.refusal import Refusal
from registry.values.figures import day as day_of
from registry.values.figures import tonnes
from registry.web.confirming import Change, Consequence, Consequential

__all__ = ["SENDING", "year_of"]


def year_of(request: SignedInRequest) -> int:
    """The year whose notices are to be sent; raises where none was chosen."""
    form = YearForm(request.POST or request.GET)
    if not form.is_valid():
        raise Refusal(_("Choose the year whose notices are to be sent."))
    return int(form.cleaned_data["year"])


def _sending(request: SignedInRequest, authority: Authority) -> Consequence:
    year = year_of(request)
    found = notices.outstanding(authority, year, clock.today())
    ready = [each for each in found if each.is_ready]
    if not ready:
        raise Refusal(
            _("No unit is ready for a notice: all its determinations must be approved, and no notice sent yet.")
        )
    sent = Notice.objects.filter(unit__authority=authority, year=year).count()
    due, waiting = sum(each.due for each in ready), len(found) - len(ready)
    title = ngettext(
        "You are about to send %(count)s compliance notice for %(year)s",
        "You are about to send %(count)s compliance notices for %(year)s",
        len(ready),
    )
    deadline = calendar.yearly_deadline("surrender", year)
    return Consequence(
        title % {"count": len(ready), "year": year},
        _("Send the notices"),
        facts=[
            (_("Authority"), authority),
            (_("Tonnes due"), _("%(tonnes)s t") % {"tonnes": tonnes(due)}),
        ],
        changes=[Change(_("Notices sent"), sent, sent + len(ready))],
        touches=[f"{each.unit}: {_('%(tonnes)s t') % {'tonnes': tonnes(each.due)}}" for each in ready],
        warnings=_warnings(authority, year, waiting, deadline),
        final=_("A notice is never changed; what changes later is told by an adjustment notice."),
        by=deadline,
        fields={"year": str(year)},
    )


def _warnings(authority: Authority, year: int, waiting: int, deadline: dt.date | None) -> list[str]:
    """What may still change the tonnes due, and a deadline that has passed; `waiting` units get their notices later."""
    later = ngettext(
        "%(count)s unit still waits for a determination and gets its notice later.",
        "%(count)s units still wait for a determination and get their notices later.",
        waiting,
    )
    contested = _contested(authority, year)
    in_dispute = ngettext(
        "%(count)s objection to this quota is open: what it changes is told by an adjustment notice.",
        "%(count)s objections to this quota are open: what they change is told by adjustment notices.",
        len(contested),
    )
    past = _("The deadline, %(day)s, has passed: the units are overdue as soon as they have their notices.")
    return [
        *([later % {"count": waiting}] if waiting else []),
        *([in_dispute % {"count": len(contested)}] if contested else []),
        *_still_open(authority, year),
        *([past % {"day": day_of(deadline)}] if deadline is not None and deadline < clock.today() else []),
    ]


def _contested(authority: Authority, year: int) -> list[Objection]:
    """The objections before the province that contest a determination of the year, and the granted ones that nothing has followed."""
    of = {"settlement__run__year": year, "settlement__run__kind": Run.Kind.DETERMINATION}
    before = Objection.objects.filter(state__in=Objection.BEFORE_PROVINCE, settlement__run__authority=authority, **of)
    return [*before, *objections.to_be_followed(authority.pk).filter(**of)]


def _still_open(authority: Authority, year: int) -> list[str]:
    """Until when units may still object to what the notices rest on, where that day has not gone by."""
    approved = runs_in_force.runs().filter(authority=authority, year=year, kind=Run.Kind.DETERMINATION)
    days = [day for run in approved.defer("manifest") if (day := objections.last_day(run)) is not None]
    last = max(days, default=None)
    if last is None or last < clock.today():
        return []
    return [_("Units may object to this quota until %(day)s.") % {"day": day_of(last)}]


SENDING = Consequential(
    _sending,
    ["notices.sent"],
    page=lambda _row: reverse("allocation:notices"),
    then=gettext_lazy("The units find the notices and surrender what is due."),
)
