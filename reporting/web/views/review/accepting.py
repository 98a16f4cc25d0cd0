"""Acceptance in bulk: ticks that are kept over pages and filters, everything clean chosen in one explicit act, one job for all.

Nothing is ticked before an officer ticks it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext

from registry import access
from registry.access import SignedInRequest
from registry.law import calendar, clock
from registry.models import Authority
from registry.permissions import Act
from registry.web import confirming
from registry.web.acting import done
from registry.web.paging import page_of
from reporting.models import Package
from reporting.review import bulk_accept
from reporting.review import queue as desk
from reporting.submissions import risk_facts, risk_points
from reporting.web.accepting_many import ACCEPTANCE, numbers, versions_of
from reporting.web.filters import QueueFilter, queue_query

KEY = "accept_chosen"


@dataclass
class Chosen:
    """The versions ticked so far, and those that were listed to them; both kept in the session."""

    ticked: set[int] = field(default_factory=set)
    listed: set[int] = field(default_factory=set)

    @classmethod
    def kept(cls, request: HttpRequest) -> "Chosen":
        stored = request.session.get(KEY, {})
        return cls(set(stored.get("ticked", ())), set(stored.get("listed", ())))

    def keep(self, request: HttpRequest) -> None:
        request.session[KEY] = {"ticked": sorted(self.ticked), "listed": sorted(self.listed)}

    def take_over(self, listed: Iterable[int], ticked: Iterable[int]) -> None:
        """What a page listed, and what is ticked on it now."""
        listed = set(listed)
        self.ticked = self.ticked - listed | set(ticked)
        self.listed |= listed


@access.page(Act.REVIEW_PACKAGE)
def accept_bulk(request: SignedInRequest) -> HttpResponse:
    """Tick clean packages; every button keeps the ticks of the page that it stands on, and the last leads to the page before the act."""
    if request.method == "POST":
        return _posted(request)
    now = clock.now()
    fit = desk.clean(request.user, now)
    chosen = QueueFilter(request.GET, queryset=fit, request=request)
    page, kept = page_of(request, chosen.qs), Chosen.kept(request)
    here = {package.submission_id for package in page.object_list}
    elsewhere = sorted(fit.filter(submission__in=kept.ticked - here).values_list("submission", flat=True))
    context = {
        "page": page,
        "filter": chosen,
        "rows": [(each, each.submission_id in kept.ticked) for each in page.object_list],
        "elsewhere": elsewhere,
        "queue": queue_query(request.GET),
        **_totals(fit, kept),
        "matching": chosen.qs.filter(warnings=0).count(),
        "most": bulk_accept.MOST,
        "limit": risk_points.bulk_limit(risk_facts.weights(now), calendar.local_day(now)),
    }
    return render(request, "reporting/accept_bulk.html", context)


def _posted(request: SignedInRequest) -> HttpResponse:
    kept = Chosen.kept(request)
    listed, ticked = numbers(request.POST.getlist("listed")), numbers(request.POST.getlist("version"))
    kept.take_over(listed, ticked)
    if "keep" in request.POST:  # a tick that changed, told at once
        kept.keep(request)
        fit = desk.clean(request.user, clock.now())
        return render(request, "reporting/parts/ticked.html", _totals(fit, kept))
    if "go" in request.POST:
        kept.keep(request)
        return redirect(_address(request, page=request.POST["go"]))
    if "none" in request.POST:
        kept.take_over(kept.ticked | set(listed), ())
        kept.keep(request)
        return redirect(_address(request))
    if "all" in request.POST:
        return _all(request, kept)
    kept.keep(request)
    return redirect(_address(request))


@confirming.shown_first(ACCEPTANCE)
@access.page(Act.REVIEW_PACKAGE)
def accept_ticked(request: SignedInRequest) -> HttpResponse:
    """Have all that is ticked accepted, once the page before it was seen."""
    authority = request.user.authority
    if authority is None:
        raise PermissionDenied

    def ask(_authority: Authority) -> HttpResponse:
        kept, versions = Chosen.kept(request), versions_of(request)
        unseen = len(versions - kept.listed - set(numbers(request.POST.getlist("listed"))))
        came_from = queue_query(QueryDict(request.POST.get("queue", "")))
        job = bulk_accept.ask(versions, unseen=unseen, queue=came_from, by=request.user, at=clock.now())
        request.session.pop(KEY, None)
        return redirect("registry:job", pk=job.pk)

    return confirming.confirm(
        request,
        ACCEPTANCE,
        find=lambda: authority,
        do=ask,
        done=lambda said: done(request, said, "reporting:package_queue"),
    )


def _totals(fit: QuerySet[Package], kept: Chosen) -> dict[str, int]:
    """How many are ticked, on whichever page, and what they emit."""
    found = fit.filter(submission__in=kept.ticked).order_by().aggregate(count=Count("pk"), tonnes=Sum("emissions"))
    return {"ticked_count": found["count"], "ticked_tonnes": found["tonnes"] or 0}


def _all(request: SignedInRequest, kept: Chosen) -> HttpResponse:
    """Choose whatever the filter finds and in which nothing was found, as far as one job goes."""
    fit = QueueFilter(request.GET, queryset=desk.clean(request.user, clock.now()), request=request).qs
    room = max(bulk_accept.MOST - len(kept.ticked), 0)
    found = fit.filter(warnings=0).exclude(submission__in=kept.ticked).values_list("submission", flat=True)[:room]
    kept.ticked |= set(found)
    kept.keep(request)
    count = len(kept.ticked)
    said = ngettext(
        "%(count)s package is chosen now. Nothing is accepted yet.",
        "%(count)s packages are chosen now. Nothing is accepted yet.",
        count,
    )
    messages.info(request, said % {"count": count})
    return redirect(_address(request))


def _address(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = value
    return f"{reverse('reporting:packages_accept')}?{query.urlencode()}"
