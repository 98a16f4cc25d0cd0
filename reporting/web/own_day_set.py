"""What another day of an authority's own would do, and what it has done: the pages before and after it (registry.web.confirming)."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _

from registry.access import SignedInRequest
from registry.law import calendar, clock
from registry.models import Authority, JournalEntry
from registry.refusal import Refusal
from registry.values import figures
from registry.web.buttons import link
from registry.web.confirming import After, Change, Consequence, Consequential
from reporting.models import OwnReviewDay
from reporting.review import own_days
from reporting.web.forms.own_days import OwnDayForm

__all__ = ["OWN_DAY", "in_words"]


def in_words(days: int | None) -> str:
    return _("no own day") if days is None else _("by day %(days)s") % {"days": days}


def _setting(request: SignedInRequest, authority: Authority) -> Consequence:
    day = clock.today()
    form = OwnDayForm(request.POST, day=day)
    if not form.is_valid():
        raise Refusal(_("Type the number of days and the day from which it counts."))
    days, since = form.cleaned_data["days"], form.cleaned_data["since"]
    own_days.refuse(authority, days, since, day)
    before = own_days.in_force(authority, since)
    waits = [own_days.waiting_beyond(authority, each, day).count() for each in (before, days)]
    month = f"{day:%Y-%m}"
    return Consequence(
        _("You are about to set the day by which %(authority)s wants to have reviewed a month")
        % {"authority": authority},
        _("Set the day"),
        facts=[(_("Law's day"), _("by day %(days)s") % {"days": calendar.monthly_days(day)})],
        typed=[(_("Counts from"), figures.day(since))],
        changes=[
            Change(_("Own day"), in_words(before), in_words(days)),
            Change(_("Own day of %(month)s") % {"month": month}, _of(month, before, day), _of(month, days, day)),
            Change(_("Under review today, beyond the own day"), *waits),
        ],
        touches=[_("Your officers: the queue, its filter and the lists of what to do. The units see nothing of it.")],
        final=_("Nothing is accepted, sent back or late by it; every day that was set stays on record."),
        then=_("The queue shows it beside the law's day from the day on which it counts."),
    )


def _of(month: str, days: int | None, day: dt.date) -> str:
    """The authority's own day of a month that the law alone dates."""
    if days is None:
        return figures.DASH
    return figures.day(calendar.monthly_deadline(month) - dt.timedelta(own_days.ahead_of(days, day)))


def _was_set(_request: SignedInRequest, entry: JournalEntry, authority: Authority) -> After:
    made = OwnReviewDay.objects.filter(authority=authority, by=entry.actor_id, at=entry.at).first()
    facts = [(_("Own day"), in_words(made.days)), (_("Counts from"), figures.day(made.since))] if made else []
    return After(
        _("The authority's own day is set"),
        facts=facts,
        links=[
            link(_("Queue by day"), "reporting:package_queue", query="order=day", tone="primary"),
            link(_("All that were set"), "reporting:own_days"),
        ],
    )


OWN_DAY = Consequential(
    _setting,
    ["review.own_day_set"],
    after=_was_set,
    page=lambda _authority: reverse("reporting:own_days"),
)
