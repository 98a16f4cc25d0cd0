"""Differentiated units: marking and lifting by two people of the province, what is withheld and where it went, and its release."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from allocation import labels, plans, queries
from allocation.models import Account, Differentiation, Release
from allocation.web.filters import DifferentiationFilter
from allocation.web.forms.withholding import MarkForm, ReleaseForm
from allocation.web.tables.common import EntryTable
from allocation.web.tables.withholding import DifferentiationTable
from allocation.web.views.pages import may, reason_form, reason_of
from allocation.withholding import designations, releases
from registry import access
from registry.access import SignedInRequest
from registry.law import calendar, clock
from registry.permissions import Act
from registry.values.bilingual import in_language
from registry.web import kept_input
from registry.web.paging import paged

State = Differentiation.State


@access.page(Act.VIEW_DIFFERENTIATION)
def marks_list(request: SignedInRequest) -> HttpResponse:
    """The differentiated units within the person's reach."""
    chosen = DifferentiationFilter(request.GET, queryset=queries.differentiations(request.user))
    context = {
        "table": paged(request, DifferentiationTable(chosen.qs)),
        "filter": chosen,
        "may_mark": access.may(request.user, Act.MARK_DIFFERENTIATION),
    }
    return render(request, "allocation/differentiations.html", context)


@access.page(Act.MARK_DIFFERENTIATION)
def mark(request: SignedInRequest) -> HttpResponse:
    """Propose that a unit's quota be withheld."""
    usual = {"year": calendar.compliance_year(clock.today()), **request.GET.dict()}
    start = {**usual, **kept_input.given(request, clock.now(), request.path)}
    form = MarkForm(request.POST or None, person=request.user, initial=start)
    if request.method == "POST" and form.is_valid():
        made = designations.propose(**form.cleaned_data, by=request.user, at=clock.now())
        messages.success(request, _("Proposed. A second person of your authority approves it."))
        return redirect("allocation:differentiation", pk=made.pk)
    return render(request, "allocation/differentiation_mark.html", {"form": form})


@access.page(Act.VIEW_DIFFERENTIATION)
def one(request: SignedInRequest, pk: int) -> HttpResponse:
    """One mark: its ground and article, what it withheld, every movement of that, and what is to be done."""
    rows = queries.differentiations(request.user).select_related(
        "proposed_by", "approved_by", "refused_by", "lift_asked_by", "lifted_by"
    )
    found = access.get(request.user, Act.VIEW_DIFFERENTIATION, rows, pk=pk)
    place = Account.objects.filter(held_for=found.unit_id).first()
    held = [row for row in releases.withheld([found.unit]) if row.vintage == found.year]
    used = designations.is_used(found)
    value = plans.load_plan(found.plan_id).value("issue.differentiated", found.year)
    context = {
        "mark": found,
        "tone": labels.DIFFERENTIATION_TONES[State(found.state)],
        "article": in_language(value.cite_zh, value.cite),
        "account": place,
        "held": sum(row.amount for row in held),
        "reserved": sum(row.reserved for row in held),
        "missing": releases.missing(found.unit, found.year, clock.now()) if used else None,
        "used": used,
        "still_withheld": used and sum(row.amount for row in held) > 0,
        "withholdings": found.withholdings.filter(settlement__run__state="approved").select_related("settlement__run"),
        "table": paged(request, EntryTable(queries.entries(place).filter(vintage=found.year))) if place else None,
        "releases": Release.objects.filter(unit=found.unit_id, year=found.year).select_related("proposed_by"),
        **_steps(request, found, used),
        "release_form": _release_form(request, found, sum(row.free for row in held)),
    }
    return render(request, "allocation/differentiation.html", context)


def _steps(request: SignedInRequest, found: Differentiation, used: bool) -> dict[str, Any]:
    """The forms of whoever has a step to take."""
    waits, stands = found.state == State.PROPOSED, found.state == State.APPROVED and not used
    decides = may(request.user, Act.APPROVE_DIFFERENTIATION, found)
    approves = waits and decides and found.proposed_by_id != request.user.pk
    lifting = stands and found.lift_asked_by_id is not None
    return {
        "shown": designations.seen(found) if approves else "",
        "refusal": reason_form(request, found.pk, "differentiation_refuse") if approves else None,
        "ask_lift": reason_form(request, found.pk, "differentiation_ask_lift")
        if stands and not lifting and may(request.user, Act.MARK_DIFFERENTIATION, found)
        else None,
        "withdrawal": reason_form(request, found.pk, "differentiation_withdraw")
        if _withdraws(request, found, lifting)
        else None,
        "may_lift": lifting and decides and found.lift_asked_by_id != request.user.pk,
        "lifting": lifting,
    }


def _withdraws(request: SignedInRequest, found: Differentiation, lifting: bool) -> bool:
    """Whether the person has proposed, or asked to lift, what nobody has decided on yet."""
    own = found.state == State.PROPOSED and found.proposed_by_id == request.user.pk
    own = own or (lifting and found.lift_asked_by_id == request.user.pk)
    return own and may(request.user, Act.MARK_DIFFERENTIATION, found)


def _release_form(request: SignedInRequest, found: Differentiation, free: int) -> ReleaseForm | None:
    if not free or not may(request.user, Act.PROPOSE_RELEASE, found):
        return None
    under_way = Release.objects.filter(unit=found.unit_id, year=found.year, state__in=Release.OPEN).exists()
    if under_way or releases.missing(found.unit, found.year, clock.now()):
        return None
    return ReleaseForm(
        initial=kept_input.given(request, clock.now(), reverse("allocation:release_propose", args=[found.pk]))
    )


@access.page(Act.APPROVE_DIFFERENTIATION)
@require_POST
def approve(request: SignedInRequest, pk: int) -> HttpResponse:
    """Approve the mark that the page showed."""
    found = _mark(request, Act.APPROVE_DIFFERENTIATION, pk)
    designations.approve(found, shown=request.POST.get("shown", ""), by=request.user, at=clock.now())
    messages.success(request, _("Approved. What is determined for the unit is withheld."))
    return redirect("allocation:differentiation", pk=pk)


@access.page(Act.APPROVE_DIFFERENTIATION)
@require_POST
def refuse(request: SignedInRequest, pk: int) -> HttpResponse:
    """Refuse the designation, with the reason."""
    found = _mark(request, Act.APPROVE_DIFFERENTIATION, pk)
    designations.refuse(found, reason=reason_of(request), by=request.user, at=clock.now())
    messages.success(request, _("Refused; nothing is withheld."))
    return redirect("allocation:differentiation", pk=pk)


@access.page(Act.MARK_DIFFERENTIATION)
@require_POST
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take back a mark that one proposed, or one's request that a mark be lifted."""
    found = _mark(request, Act.MARK_DIFFERENTIATION, pk)
    designations.withdraw(found, reason=reason_of(request), by=request.user, at=clock.now())
    messages.success(request, _("Withdrawn."))
    return redirect("allocation:differentiation", pk=pk)


@access.page(Act.PROPOSE_RELEASE)
@require_POST
def withdraw_release(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take back a release that one proposed."""
    found = _release(request, Act.PROPOSE_RELEASE, pk)
    releases.withdraw(found, reason=reason_of(request), by=request.user, at=clock.now())
    messages.success(request, _("Withdrawn."))
    return redirect("allocation:release", pk=pk)


@access.page(Act.MARK_DIFFERENTIATION)
@require_POST
def ask_lift(request: SignedInRequest, pk: int) -> HttpResponse:
    """Request that the designation be lifted, with the reason."""
    found = _mark(request, Act.MARK_DIFFERENTIATION, pk)
    designations.ask_lift(found, reason=reason_of(request), by=request.user, at=clock.now())
    messages.success(request, _("Requested. An approver of your authority lifts the designation."))
    return redirect("allocation:differentiation", pk=pk)


@access.page(Act.APPROVE_DIFFERENTIATION)
@require_POST
def lift(request: SignedInRequest, pk: int) -> HttpResponse:
    """Lift the designation."""
    designations.lift(_mark(request, Act.APPROVE_DIFFERENTIATION, pk), by=request.user, at=clock.now())
    messages.success(request, _("Lifted; nothing is withheld by it."))
    return redirect("allocation:differentiation", pk=pk)


@access.page(Act.PROPOSE_RELEASE)
@require_POST
def propose_release(request: SignedInRequest, pk: int) -> HttpResponse:
    """Propose to release what remains for the unit and year of the mark."""
    found = _mark(request, Act.PROPOSE_RELEASE, pk)
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A release needs the number of its document."))
        return redirect("allocation:differentiation", pk=pk)
    made = releases.propose(found.unit, found.year, **form.cleaned_data, by=request.user, at=clock.now())
    messages.success(request, _("Proposed. Your approver approves it, then the registrar executes it."))
    return redirect("allocation:release", pk=made.pk)


@access.page(Act.VIEW_DIFFERENTIATION)
def release(request: SignedInRequest, pk: int) -> HttpResponse:
    """One release: what goes where, who has signed, and the person's own step."""
    found = _release(request, Act.VIEW_DIFFERENTIATION, pk)
    step = {Release.State.PROPOSED: Act.APPROVE_RELEASE, Release.State.APPROVED: Act.EXECUTE_RELEASE}.get(
        Release.State(found.state)
    )
    signed = request.user.pk in (found.proposed_by_id, found.approved_by_id)
    has_step = step is not None and not signed and may(request.user, step, found)
    known = [
        (found.proposed_at, _("Proposed by the province"), found.proposed_by, ""),
        (found.approved_at, _("Approved by the province"), found.approved_by, ""),
        (found.executed_at, _("Executed by the registrar"), found.executed_by, "ok"),
        (found.refused_at, _("Withdrawn") if found.is_withdrawn else _("Refused"), found.refused_by, "danger"),
    ]
    context = {
        "release": found,
        "tone": labels.RELEASE_TONES[Release.State(found.state)],
        "account": Account.objects.filter(held_for=found.unit_id).first(),
        "mark": Differentiation.objects.filter(unit=found.unit_id, year=found.year, approved_at__isnull=False).first(),
        "step": step.name if step and has_step else "",
        "refusal": reason_form(request, found.pk, "release_refuse", "release_refuse_execution") if has_step else None,
        "withdrawal": reason_form(request, found.pk, "release_withdraw")
        if found.state == Release.State.PROPOSED
        and found.proposed_by_id == request.user.pk
        and may(request.user, Act.PROPOSE_RELEASE, found)
        else None,
        "signatures": [{"at": at, "what": what, "who": who, "tone": tone} for at, what, who, tone in known if at],
    }
    return render(request, "allocation/release.html", context)


@access.page(Act.APPROVE_RELEASE)
@require_POST
def approve_release(request: SignedInRequest, pk: int) -> HttpResponse:
    """The province's second signature."""
    return _act(request, pk, Act.APPROVE_RELEASE, releases.approve, _("Approved. The registrar executes it next."))


@access.page(Act.EXECUTE_RELEASE)
@require_POST
def execute_release(request: SignedInRequest, pk: int) -> HttpResponse:
    """The registrar moves the tonnes."""
    return _act(
        request, pk, Act.EXECUTE_RELEASE, releases.execute, _("Executed: the tonnes are in the unit's account.")
    )


@access.page(Act.APPROVE_RELEASE)
@require_POST
def refuse_release(request: SignedInRequest, pk: int) -> HttpResponse:
    """The province's approver refuses it."""
    return _refuse(request, pk, Act.APPROVE_RELEASE)


@access.page(Act.EXECUTE_RELEASE)
@require_POST
def refuse_execution(request: SignedInRequest, pk: int) -> HttpResponse:
    """The registrar refuses it."""
    return _refuse(request, pk, Act.EXECUTE_RELEASE)


def _refuse(request: SignedInRequest, pk: int, act: Act) -> HttpResponse:
    found = _release(request, act, pk)
    releases.refuse(found, reason=reason_of(request), by=request.user, at=clock.now())
    messages.success(request, _("Refused; the quota stays withheld."))
    return redirect("allocation:release", pk=pk)


def _act(request: SignedInRequest, pk: int, act: Act, service: Callable[..., Release], done: str) -> HttpResponse:
    service(_release(request, act, pk), by=request.user, at=clock.now())
    messages.success(request, done)
    return redirect("allocation:release", pk=pk)


def _mark(request: SignedInRequest, act: Act, pk: int) -> Differentiation:
    return access.get(request.user, act, queries.differentiations(request.user), pk=pk)


def _release(request: SignedInRequest, act: Act, pk: int) -> Release:
    rows = Release.objects.select_related("unit__authority", "proposed_by", "approved_by", "executed_by", "refused_by")
    return access.get(request.user, act, rows, pk=pk)
