"""A unit's quota and duty: quota page, notices, certificates, and the compliance board."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allocation import labels, objections, queries
from allocation.compliance import notices, owed, penalties, prices, surrender
from allocation.method.compliance_status import LABELS, TONES, Rate
from allocation.models import AdjustmentNotice, Certificate, Notice
from allocation.queries import Board, quota_years
from allocation.web.consequences import notices as sending
from allocation.web.filters import ComplianceFilter, NoticeFilter
from allocation.web.forms.years import YearForm
from allocation.web.tables.compliance import ComplianceTable, NoticeTable
from allocation.web.views.papers import paper
from allocation.withholding import designations, releases
from registry import access
from registry.access import SignedInRequest
from registry.law import calendar, clock, papers
from registry.models import Authority, Unit
from registry.permissions import Act
from registry.values.bilingual import in_language
from registry.values.sectors import Sector
from registry.web import confirming
from registry.web.acting import done, may
from registry.web.as_of import FIRST_YEAR, as_of, redirect_kept, year_asked
from registry.web.listing import list_page, listed, narrows


@access.page(Act.VIEW_AWARD)
def own_quota(request: SignedInRequest) -> HttpResponse:
    """A unit's people go to their quota; everybody else chooses a unit first."""
    if request.user.unit_id is None:
        return redirect_kept(request, "registry:units")
    return redirect_kept(request, "allocation:quota_of", pk=request.user.unit_id)


@access.page(Act.VIEW_AWARD)
def quota(request: SignedInRequest, pk: int) -> HttpResponse:
    """A unit's quota year by year: where every tonne comes from and where it went."""
    unit = access.get(request.user, Act.VIEW_AWARD, Unit.objects.select_related("authority"), pk=pk)
    day = as_of(request)
    past = day < clock.today()
    years = quota_years.of_unit(unit, day)
    under_way = {} if past else surrender.open_requests(unit)
    contested = {row.settlement_id: row for row in queries.objections(request.user).filter(unit=unit).order_by("pk")}
    for year in years if not past else ():
        year.requests = under_way.get(year.year, [])
        year.contests = objections.contests(year.settlements, contested, year.in_force)
    marks = queries.differentiations(request.user).filter(unit=unit, state="approved")
    may_object = request.user.unit_id == unit.pk and access.may(request.user, Act.DRAFT_OBJECTION)
    context = {
        "unit": unit,
        "as_of": day,
        "years": years,
        "may_object": may_object,
        "past": past,
        # How these stood on a day gone by isn't kept: the page says so instead.
        "withheld": [] if past else releases.withheld([unit]),
        "marks": [] if past else [mark for mark in marks if not designations.is_used(mark)],
        "balances": [] if past else queries.deductions(request.user).filter(unit=unit, state="approved", left__gt=0),
        "cases": labels.CASES,
        "account": unit.accounts.first(),
        "may_request": not past and request.user.unit_id == unit.pk and access.may(request.user, Act.REQUEST_SURRENDER),
    }
    return render(request, "allocation/quota.html", context)


@access.page(Act.VIEW_PLAN)
def consequences(request: SignedInRequest) -> HttpResponse:
    """What the law provides for breaches, article by article, on a day (`?as_of=`)."""
    day = as_of(request)
    return render(
        request,
        "allocation/consequences.html",
        {"as_of": day, "articles": penalties.articles(day), "prices": prices.known(day)},
    )


@list_page(Act.VIEW_NOTICE)
def notices_list(request: SignedInRequest) -> HttpResponseBase:
    """The notices within the person's reach; for an officer also who has none yet, and the button that sends them."""
    rows = access.scoped(request.user, Act.VIEW_NOTICE, Notice.objects.select_related("unit__authority"))
    chosen = NoticeFilter(request.GET, queryset=rows, request=request)
    year = year_asked(request, clock.today().year - 1)
    authority = request.user.authority if access.may(request.user, Act.SEND_NOTICE) else None
    outstanding = notices.outstanding(authority, year, clock.today()) if authority else []
    context = {
        "year": year,
        "sends": authority is not None,
        "ready": [each for each in outstanding if each.is_ready],
        "waiting": [
            (each, [str(Sector(sector).label) for sector in each.waits_for]) for each in outstanding if each.waits_for
        ],
        "form": YearForm(initial={"year": year}),
    }
    return listed(
        request,
        NoticeTable(chosen.qs),
        chosen,
        title=_("Compliance notices"),
        lead=_("Each unit's notice states the tonnes due for a year and the last day to surrender them."),
        template="allocation/notices.html",
        context=context,
    )


@confirming.shown_first(sending.SENDING)
@access.page(Act.SEND_NOTICE)
def send_notices(request: SignedInRequest) -> HttpResponse:
    """Send the year's notices to all units that are ready for one."""
    authority = request.user.authority
    if authority is None:
        raise PermissionDenied

    def send(_authority: Authority) -> str:
        sent = notices.send(authority, sending.year_of(request), by=request.user, at=clock.now())
        said = ngettext("%(count)s notice was sent.", "%(count)s notices were sent.", len(sent))
        return said % {"count": len(sent)}

    return confirming.confirm(
        request,
        sending.SENDING,
        find=lambda: authority,
        do=send,
        done=lambda said: done(request, said, "allocation:notices"),
    )


@access.page(Act.VIEW_NOTICE)
def notice(request: SignedInRequest, pk: int) -> HttpResponse:
    """A compliance notice, as it is printed."""
    rows = Notice.objects.select_related("unit__authority", "sent_by")
    found = access.get(request.user, Act.VIEW_NOTICE, rows, pk=pk)
    by_sector = [(Sector(sector).label, due) for sector, due in sorted(found.by_sector.items())]
    context = {
        "notice": found,
        "by_sector": by_sector,
        **_ccer(found),
        "standing": queries.standing(found, clock.today()),
        "adjustments": AdjustmentNotice.objects.filter(
            unit=found.unit_id, year=found.year, sent_at__gt=found.sent_at
        ).order_by("pk"),
        "may_request": may(request.user, Act.REQUEST_SURRENDER, found)
        and found in queries.to_request(found.unit, clock.now()),
    }
    return paper(
        request,
        "allocation/notice.html",
        context,
        name=f"notice-{found.year}-{found.unit.credit_code}",
        at=found.sent_at,
        author=found.unit.authority.department,
        rests_on=papers.SURRENDER,
    )


def _ccer(found: Notice) -> dict[str, Any]:
    """The conditions of voluntary reductions as the paper says them; nothing in one that names none."""
    if (said := found.ccer_conditions) is None:
        return {}
    return {
        "ccer": said,
        "ccer_share": Decimal(said["share"]),
        "ccer_after": dt.date.fromisoformat(said["registered_after"]),
        "ccer_cite": in_language(said["cite_zh"], said["cite"]),
    }


@access.page(Act.VIEW_NOTICE)
def adjustment(request: SignedInRequest, pk: int) -> HttpResponse:
    """An adjustment notice, as it is printed."""
    rows = AdjustmentNotice.objects.select_related("unit__authority", "settlement__run").defer(
        "settlement__run__manifest"
    )
    found = access.get(request.user, Act.VIEW_NOTICE, rows, pk=pk)
    change = {"quota": found.quota_after - found.quota_before, "due": found.due_change}
    context = {"adjustment": found, "run": found.settlement.run, "change": change}
    return paper(
        request,
        "allocation/adjustment.html",
        context,
        name=f"adjustment-{found.year}-{found.unit.credit_code}-{found.pk}",
        at=found.sent_at,
        author=found.unit.authority.department,
        rests_on=papers.ALLOCATION,
    )


@access.page(Act.VIEW_CERTIFICATE)
def certificate(request: SignedInRequest, pk: int) -> HttpResponse:
    """A certificate, as it is printed; with all that its code is made of."""
    found = access.get(request.user, Act.VIEW_CERTIFICATE, Certificate.objects.select_related("unit", "notice"), pk=pk)
    due = owed.due(found.notice, clock.now())
    context = {
        "certificate": found,
        "says": found.says,
        "completed_at": dt.datetime.fromisoformat(found.says["completed_at"]),
        "deadline": dt.date.fromisoformat(found.says["deadline"]),
        "due_now": due,
        "outgrown": due > found.due,
    }
    return paper(
        request,
        "allocation/certificate.html",
        context,
        name=f"certificate-{found.notice.year}-{found.unit.credit_code}",
        at=found.issued_at,
        author=_("National registry institution of the carbon market"),
        rests_on=papers.SURRENDER,
    )


@list_page(Act.VIEW_COMPLIANCE)
def compliance(request: SignedInRequest) -> HttpResponseBase:
    """How the year's duties stand on a day: rates both ways, by province and sector, and every unit."""
    day, year = as_of(request), year_asked(request, clock.today().year - 1)
    board = queries.board(request.user, year, day)
    years = range(FIRST_YEAR, max(clock.today().year, FIRST_YEAR + 1))
    context = {
        "as_of": day,
        "year": year,
        "years": [{"label": str(one), "url": f"?year={one}&as_of={day}", "current": one == year} for one in years],
        "board": board,
        "over": board.sums["over"],
        "over_units": board.over_units,
        "units_percent": _percent(board.rate.complete, board.rate.units),
        "tonnes_percent": _percent(board.rate.surrendered, board.rate.due),
        "parts": [(_leads(request, LABELS[one], state=one), n, TONES[one]) for one, n in board.by_status if n],
        "groups": _groups(request, board),
        "consequences": penalties.of_missing(calendar.yearly_deadline("surrender", year) or day),
    }
    chosen = ComplianceFilter(request.GET, queryset=board.rows, request=request)
    return listed(
        request,
        ComplianceTable(chosen.qs, sums=None if narrows(chosen) else board.sums),
        chosen,
        title=_("Compliance of the units"),
        template="allocation/compliance.html",
        said=[year],
        as_of=day,
        context=context,
    )


def _leads(request: SignedInRequest, name: object, **by: object) -> SafeString:
    """The name as a link to the units of the list below that are so; what it is narrowed by already stays."""
    query = request.GET.copy()
    query.pop("page", None)
    for field, value in by.items():
        query[field] = str(value)
    return format_html('<a href="?{}#units">{}</a>', query.urlencode(), name)


def _groups(request: SignedInRequest, board: Board) -> list[tuple[object, list[tuple[object, Rate, object, object]]]]:
    """(title, rows of (group, rate, share of units, share of tonnes)) by sector and by province."""
    sectors = [(_leads(request, Sector(sector).label, sector=sector), rate) for sector, rate in board.by_sector]
    provinces = [(_leads(request, each, authority=each.pk), rate) for each, rate in board.by_authority]
    return [
        (
            title,
            [
                (name, rate, _percent(rate.complete, rate.units), _percent(rate.surrendered, rate.due))
                for name, rate in rows
            ],
        )
        for title, rows in ((_("By sector"), sectors), (_("By province"), provinces))
    ]


def _percent(part: int, whole: int) -> Fraction | None:
    """The share as an exact fraction; None where there is no whole."""
    return Fraction(part, whole) if whole else None
