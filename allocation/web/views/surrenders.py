"""Surrender: the unit asks and confirms, the province approves, the registrar executes; each finds its step on the request's page."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from allocation import labels, queries
from allocation.compliance import owed, penalties, surrender
from allocation.ledger import accounts
from allocation.models import Certificate, Notice, SurrenderRequest, WithheldItem
from allocation.plans import usable_vintages
from allocation.web.consequences import surrenders as consequences
from allocation.web.filters import SurrenderFilter
from allocation.web.forms.surrenders import SurrenderForm
from allocation.web.tables.compliance import SurrenderTable
from registry import access
from registry.access import SignedInRequest
from registry.law import clock
from registry.models import Person
from registry.permissions import Act
from registry.web.acting import act_on, done, may, signed
from registry.web.buttons import link, press, with_reason
from registry.web.confirming import declared
from registry.web.listing import list_page, listed
from registry.web.reasons import reason_of

State = SurrenderRequest.State

# Who acts on a request in which state.
STEP: dict[str, Act] = {
    State.REQUESTED: Act.CONFIRM_SURRENDER,
    State.CONFIRMED: Act.APPROVE_SURRENDER,
    State.APPROVED: Act.EXECUTE_SURRENDER,
}


def _rows(_person: Person | None = None) -> QuerySet[SurrenderRequest]:
    return SurrenderRequest.objects.select_related(
        "unit__authority", "notice", "requested_by", "confirmed_by", "approved_by", "executed_by", "ended_by"
    )


@list_page(Act.VIEW_SURRENDER)
def surrenders(request: SignedInRequest) -> HttpResponseBase:
    """The requests within the person's reach."""
    rows = access.scoped(request.user, Act.VIEW_SURRENDER, SurrenderRequest.objects.select_related("unit", "notice"))
    chosen = SurrenderFilter(request.GET, queryset=rows, request=request)
    asks = access.may(request.user, Act.REQUEST_SURRENDER)
    due = queries.to_request(request.user.unit, clock.now()) if asks and request.user.unit else []
    label = _("Request surrender for %(year)s")
    return listed(
        request,
        SurrenderTable(chosen.qs),
        chosen,
        title=_("Surrender"),
        lead=_("The unit asks and confirms, the province approves, the registrar executes."),
        context={
            "buttons": [
                link(label % {"year": one.year}, "allocation:surrender_ask", one.year, tone="primary") for one in due
            ]
        },
    )


@access.page(Act.REQUEST_SURRENDER)
def ask(request: SignedInRequest, year: int) -> HttpResponse:
    """Ask to surrender for a year."""
    notice = Notice.objects.select_related("unit").filter(unit=request.user.unit_id, year=year).first()
    if notice is None:
        raise Http404
    today = clock.today()
    due = owed.due(notice, clock.now())
    missing = due - surrender.surrendered(notice) - surrender.open_tonnes(notice)
    held = queries.holdings(accounts.of_unit(notice.unit, clock.now()), today, today)
    withheld = [held for place in notice.unit.withheld_accounts.all() for held in queries.holdings(place, today, today)]
    held = [*withheld, *held]
    vintages = surrender.vintages(notice, today)
    form = SurrenderForm(request.POST or None, vintages=vintages, held=held, missing=missing)
    if request.method == "POST" and form.is_valid():
        made = surrender.request(notice.unit, year, form.quantities(), by=request.user, at=clock.now())
        said = _("Requested; the tonnes are reserved. Your approver confirms it next.")
        return done(request, said, "allocation:surrender", pk=made.pk)
    context = {
        "form": form,
        "notice": notice,
        "due": due,
        "missing": missing,
        "lacking": max(0, missing - surrender.free(notice, today)),
        "open": surrender.open_tonnes(notice),
        "vintages": vintages,
        "consequences": penalties.of_missing(notice.deadline) if missing > 0 else [],
        "law": usable_vintages.in_force(year, today),
        "withheld": sum(row.free or 0 for row in withheld if row.vintage in vintages),
        "standing": queries.standing(notice, today),
    }
    return render(request, "allocation/surrender_request.html", context)


@access.page(Act.VIEW_SURRENDER)
def one(request: SignedInRequest, pk: int) -> HttpResponse:
    """A request: what is given for what, who has signed, and the person's own step."""
    found = access.get(request.user, Act.VIEW_SURRENDER, _rows(), pk=pk)
    step = STEP.get(found.state)
    may_step = step is not None and may(request.user, step, found) and not _signed(found, request.user.pk)
    is_open = found.state in SurrenderRequest.OPEN
    acts_here = step is not None and may(request.user, step, found)
    context = {
        "request_": found,
        "tone": labels.SURRENDER_TONES[State(found.state)],
        "items": surrender.left_after(found) if is_open else found.items.all(),
        "is_open": is_open,
        "certificate": _certificate(request, found),
        "withheld": WithheldItem.objects.filter(request=found),
        "standing": queries.standing(found.notice, clock.today()),
        "signatures": _signatures(found),
        **_offered(request, found, step if may_step else None, refuses=is_open and acts_here),
        "transactions": found.transactions.all(),
    }
    return render(request, "allocation/surrender.html", context)


def _offered(request: SignedInRequest, found: SurrenderRequest, step: Act | None, *, refuses: bool) -> dict[str, Any]:
    """What the person can do with it now."""
    steps = {
        Act.CONFIRM_SURRENDER: (_("Confirm"), "allocation:surrender_confirm"),
        Act.APPROVE_SURRENDER: (_("Approve"), "allocation:surrender_approve"),
        Act.EXECUTE_SURRENDER: (_("Execute"), "allocation:surrender_execute"),
    }
    pk, seen = found.pk, found.state
    withdraws = found.state in SurrenderRequest.OPEN and may(request.user, Act.REQUEST_SURRENDER, found)
    back = _("Withdraw"), "allocation:surrender_withdraw"
    refusal = _("Refuse the request"), _("Refuse"), "allocation:surrender_refuse"
    return {
        "buttons": [
            press(*back, pk, tone="outline-secondary", seen=seen) if withdraws else None,
            link(*steps[step], pk, tone="primary") if step else None,
        ],
        "asked": [with_reason(request, *refusal, pk, seen=seen)] if refuses else [],
    }


@act_on(Act.CONFIRM_SURRENDER, _rows, to="allocation:surrender", asks=consequences.CONFIRMATION)
def confirm(request: SignedInRequest, found: SurrenderRequest) -> str:
    """The unit's approver confirms."""
    surrender.confirm(found, declared=declared(request), by=request.user, at=clock.now())
    return _("Confirmed. The province approves it next.")


@act_on(Act.APPROVE_SURRENDER, _rows, to="allocation:surrender", asks=consequences.APPROVAL)
def approve(request: SignedInRequest, found: SurrenderRequest) -> str:
    """The province approves."""
    surrender.approve(found, by=request.user, at=clock.now())
    return _("Approved. The registrar executes it next.")


@act_on(Act.EXECUTE_SURRENDER, _rows, to="allocation:surrender", asks=consequences.EXECUTION)
def execute(request: SignedInRequest, found: SurrenderRequest) -> str:
    """The registrar executes."""
    surrender.execute(found, by=request.user, at=clock.now())
    return _("Executed: the tonnes are surrendered.")


@act_on(Act.VIEW_SURRENDER, SurrenderRequest, to="allocation:surrender")
def refuse(request: SignedInRequest, found: SurrenderRequest) -> str:
    """Whoever's step it is refuses the request, with the reason; nobody else can (403)."""
    seen = request.POST.get("seen", "")
    step = STEP.get(seen) or STEP.get(found.state) or Act.EXECUTE_SURRENDER
    found = access.get(request.user, step, SurrenderRequest.objects.all(), pk=found.pk)
    surrender.refuse(found, seen=seen, reason=reason_of(request), by=request.user, at=clock.now())
    return _("Refused; the tonnes are available again.")


@act_on(Act.REQUEST_SURRENDER, SurrenderRequest, to="allocation:surrender")
def withdraw(request: SignedInRequest, found: SurrenderRequest) -> str:
    """The unit takes its request back."""
    surrender.withdraw(found, seen=request.POST.get("seen", ""), by=request.user, at=clock.now())
    return _("Withdrawn; the tonnes are available again.")


def _certificate(request: SignedInRequest, found: SurrenderRequest) -> Certificate | None:
    """The paper that the year's duty is met, once it is."""
    rows = access.scoped(request.user, Act.VIEW_CERTIFICATE, Certificate.objects.filter(notice=found.notice_id))
    return rows.order_by("-pk").first() if found.executed_at else None


def _signed(found: SurrenderRequest, person: int) -> bool:
    """Whether the person stands behind an earlier step of the request."""
    return person in (found.requested_by_id, found.confirmed_by_id, found.approved_by_id)


def _signatures(found: SurrenderRequest) -> list[dict[str, object]]:
    return signed(
        [
            (found.requested_at, _("Requested"), found.requested_by, "", ""),
            (found.confirmed_at, _("Confirmed by the unit"), found.confirmed_by, "", ""),
            (found.approved_at, _("Approved by the province"), found.approved_by, "", ""),
            (found.executed_at, _("Executed by the registrar"), found.executed_by, "ok", ""),
            (found.ended_at, found.get_state_display(), found.ended_by, "danger", found.reason),
        ]
    )
