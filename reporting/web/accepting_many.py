"""What an acceptance in bulk is about to do, and what became of it: the pages before and after it (registry.web.confirming)."""

from collections.abc import Iterable

from django.db.models import Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.access import SignedInRequest
from registry.law import clock
from registry.models import Authority, Job, JournalEntry
from registry.values import figures
from registry.web.buttons import link
from registry.web.confirming import After, Consequence, Consequential
from reporting.review import bulk_accept
from reporting.review import queue as desk

__all__ = ["ACCEPTANCE", "numbers", "versions_of"]

MOST_NAMED = 20


def numbers(texts: Iterable[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 19]


def versions_of(request: HttpRequest) -> set[int]:
    """What the page that led here said is ticked, on it and on others; not what the session says by now."""
    elsewhere = numbers(request.POST.get("elsewhere", "").split(","))
    return {*numbers(request.POST.getlist("version")), *elsewhere}


def _accepting(request: SignedInRequest, _authority: Authority) -> Consequence:
    rows = bulk_accept.fit(versions_of(request), by=request.user, at=clock.now())
    count, tonnes = rows.count(), rows.order_by().aggregate(tonnes=Sum("emissions"))["tonnes"] or 0
    named = [f"{each.unit} · {each.get_sector_display()} · {each.period}" for each in rows[:MOST_NAMED]]
    if count > len(named):
        named.append(_("and %(count)s more") % {"count": count - len(named)})
    title = ngettext("You are about to accept %(count)s package", "You are about to accept %(count)s packages", count)
    return Consequence(
        title % {"count": count},
        _("Accept them"),
        facts=[
            (_("Packages"), str(count)),
            (_("Units"), str(rows.order_by().values("unit").distinct().count())),
            (_("Emissions (tCO₂e)"), figures.tonnes(tonnes)),
            (_("With warnings, each answered"), str(rows.filter(warnings__gt=0).count())),
        ],
        touches=[*named, _("The clerks of these units are told; each month gets a receipt.")],
        final=_("An accepted month can be reopened, with a reason, only until its annual report is filed."),
        then=_("They are accepted one by one; one that a colleague decides on meanwhile is left out, and said so."),
    )


def _asked_for(request: SignedInRequest, entry: JournalEntry, _authority: Authority) -> After:
    job = Job.objects.filter(kind=bulk_accept.KIND, asked_by=entry.actor_id, asked_at=entry.at).first()
    came_from = job.payload.get("queue", "") if job else ""
    left = desk.queue(request.user).order_by()[: desk.MOST_COUNTED + 1].count()
    counted = str(left) if left <= desk.MOST_COUNTED else _("more than %(count)s") % {"count": desk.MOST_COUNTED}
    return After(
        _("Acceptance in bulk requested"),
        facts=[
            (_("Packages"), str(len(job.payload["submissions"]) if job else figures.DASH)),
            (_("State"), job.get_state_display() if job else figures.DASH),
            (_("In the queue now"), counted),
        ],
        then=_("They are accepted one by one. Look at what became of each, then go on with what remains in the queue."),
        links=[
            link(_("What became of each"), "registry:job", job.pk, tone="outline-primary") if job else None,
            link(_("Back to the queue"), "reporting:package_queue", query=came_from, tone="primary"),
        ],
    )


ACCEPTANCE = Consequential(
    _accepting,
    ["package.bulk_acceptance_asked"],
    after=_asked_for,
    page=lambda _authority: reverse("reporting:packages_accept"),
)
