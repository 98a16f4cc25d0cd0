"""Differentiated units: marking and lifting by two people of the province, what is withheld and where it went, and its release."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from allocation import labels, plans, queries
from allocation.models import Account, Differentiation, Release
from allocation.web.consequences import decisions as consequences
from allocation.web.filters import DifferentiationFilter
from allocation.web.forms.withholding import MarkForm, ReleaseForm
from allocation.web.tables.accounts import EntryTable
from allocation.web.tables.withholding import DifferentiationTable
from allocation.withholding import designations, releases
from registry import access
from registry.access import SignedInRequest
from registry.law import calendar, clock
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values.bilingual import in_language
from registry.web import kept_input
from registry.web.acting import act_on, beside, done, form_here, may, signed
from registry.web.buttons import begin, link, press, with_reason
from registry.web.listing import list_page, listed, part_taken
from registry.web.paging import paged
from registry.web.reasons import reason_of

State = Differentiation.State
_RELEASES = Release.objects.select_related("unit__authority", "proposed_by", "approved_by", "executed_by", "refused_by")


@list_page(Act.VIEW_DIFFERENTIATION)
def marks_list(request: SignedInRequest) -> HttpResponseBase:
    """The differentiated units within the person's reach."""
    chosen = DifferentiationFilter(request.GET, queryset=queries.differentiations(request.user), request=request)
    return listed(
        request,
        DifferentiationTable(chosen.qs),
        chosen,
        title=_("Differentiated issuance"),
        lead=_(
            "Quota determined for them goes to the province's account and is used first for their surrender; only the remainder is released"
            " to them."
        ),
        context={
            "buttons": [
                begin(request.user, Act.MARK_DIFFERENTIATION, _("Designate a unit"), "allocation:differentiation_mark")
            ]
        },
    )


@access.page(Act.MARK_DIFFERENTIATION)
def mark(request: SignedInRequest) -> HttpResponse:
    """Propose that a unit's quota be withheld."""
    usual = {"year": calendar.compliance_year(clock.today()), **request.GET.dict()}
    form = form_here(MarkForm, request, usual, person=request.user)
    if request.method == "POST" and form.is_valid():
        with beside(form):
            made = designations.propose(**form.cleaned_data, by=request.user, at=clock.now())
            said = _("Proposed. A second person of your authority approves it.")
            return done(request, said, "allocation:differentiation", pk=made.pk)
    context = {"form": form}
    return render(request, "allocation/differentiation_mark.html", context, status=422 if form.is_bound else 200)


@list_page(Act.VIEW_DIFFERENTIATION)
def one(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """One mark: its ground and article, what it withheld, every movement of that, and what is to be done."""
    rows = queries.differentiations(request.user).select_related(
        "proposed_by", "approved_by", "refused_by", "lift_asked_by", "lifted_by"
    )
    found = access.get(request.user, Act.VIEW_DIFFERENTIATION, rows, pk=pk)
    place = Account.objects.filter(held_for=found.unit_id).first()
    moved = EntryTable(queries.entries(place).filter(vintage=found.year), prefix="movements-") if place else None
    if taken := part_taken(request, f"differentiated-{pk}", [found.unit, found.year], (_("Movements"), moved)):
        return taken
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
        "table": paged(request, moved) if moved else None,
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
    lifts = lifting and decides and found.lift_asked_by_id != request.user.pk
    asks = stands and not lifting and may(request.user, Act.MARK_DIFFERENTIATION, found)
    withdraws = _withdraws(request, found, lifting)
    shown = designations.seen(found) if approves else ""
    refusal = _("Refuse the designation"), _("Refuse"), "allocation:differentiation_refuse"
    lift = (
        _("Request lifting of the designation"),
        pgettext("that a mark be lifted", "Ask"),
        "allocation:differentiation_ask_lift",
    )
    withdrawal = _("Withdraw the proposal"), _("Withdraw"), "allocation:differentiation_withdraw"
    return {
        "shown": shown,
        "buttons": [
            press(_("Approve"), "allocation:differentiation_approve", found.pk, shown=shown) if approves else None,
            link(_("Lift the designation"), "allocation:differentiation_lift", found.pk, tone="primary")
            if lifts
            else None,
        ],
        "asked": [
            with_reason(request, *refusal, found.pk) if approves else None,
            with_reason(request, *lift, found.pk, tone="outline-secondary") if asks else None,
            with_reason(request, *withdrawal, found.pk) if withdraws else None,
        ],
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


@act_on(
    Act.APPROVE_DIFFERENTIATION,
    queries.differentiations,
    to="allocation:differentiation",
    asks=consequences.DESIGNATION,
)
def approve(request: SignedInRequest, found: Differentiation) -> str:
    """Approve the mark that the page showed."""
    designations.approve(found, shown=request.POST.get("shown", ""), by=request.user, at=clock.now())
    return _("Approved. Quota determined for the unit will be withheld.")


@act_on(Act.APPROVE_DIFFERENTIATION, queries.differentiations, to="allocation:differentiation")
def refuse(request: SignedInRequest, found: Differentiation) -> str:
    """Refuse the designation, with the reason."""
    designations.refuse(found, reason=reason_of(request), by=request.user, at=clock.now())
    return _("Refused; nothing is withheld.")


@act_on(Act.MARK_DIFFERENTIATION, queries.differentiations, to="allocation:differentiation")
def withdraw(request: SignedInRequest, found: Differentiation) -> str:
    """Take back a mark that one proposed, or one's request that a mark be lifted."""
    designations.withdraw(found, reason=reason_of(request), by=request.user, at=clock.now())
    return _("Withdrawn.")


@act_on(Act.PROPOSE_RELEASE, _RELEASES, to="allocation:release")
def withdraw_release(request: SignedInRequest, found: Release) -> str:
    """Take back a release that one proposed."""
    releases.withdraw(found, reason=reason_of(request), by=request.user, at=clock.now())
    return _("Withdrawn.")


@act_on(Act.MARK_DIFFERENTIATION, queries.differentiations, to="allocation:differentiation")
def ask_lift(request: SignedInRequest, found: Differentiation) -> str:
    """Request that the designation be lifted, with the reason."""
    designations.ask_lift(found, reason=reason_of(request), by=request.user, at=clock.now())
    return _("Requested. An approver of your authority lifts the designation.")


@act_on(
    Act.APPROVE_DIFFERENTIATION, queries.differentiations, to="allocation:differentiation", asks=consequences.LIFTING
)
def lift(request: SignedInRequest, found: Differentiation) -> str:
    """Lift the designation."""
    designations.lift(found, by=request.user, at=clock.now())
    return _("Lifted; nothing is withheld under it.")


@act_on(Act.PROPOSE_RELEASE, queries.differentiations)
def propose_release(request: SignedInRequest, found: Differentiation) -> HttpResponse:
    """Propose to release what remains for the unit and year of the mark."""
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("A release needs the number of its document."))
    made = releases.propose(found.unit, found.year, **form.cleaned_data, by=request.user, at=clock.now())
    said = _("Proposed. Your approver approves it, then the registrar executes it.")
    return done(request, said, "allocation:release", pk=made.pk)


@access.page(Act.VIEW_DIFFERENTIATION)
def release(request: SignedInRequest, pk: int) -> HttpResponse:
    """One release: what goes where, who has signed, and the person's own step."""
    found = access.get(request.user, Act.VIEW_DIFFERENTIATION, _RELEASES, pk=pk)
    step = {Release.State.PROPOSED: Act.APPROVE_RELEASE, Release.State.APPROVED: Act.EXECUTE_RELEASE}.get(
        Release.State(found.state)
    )
    acted = request.user.pk in (found.proposed_by_id, found.approved_by_id)
    has_step = step is not None and not acted and may(request.user, step, found)
    ended = _("Withdrawn") if found.is_withdrawn else _("Refused")
    steps = [
        (found.proposed_at, _("Proposed by the province"), found.proposed_by, "", ""),
        (found.approved_at, _("Approved by the province"), found.approved_by, "", ""),
        (found.executed_at, _("Executed by the registrar"), found.executed_by, "ok", ""),
        (found.refused_at, ended, found.refused_by, "danger", ""),
    ]
    context = {
        "release": found,
        "tone": labels.RELEASE_TONES[Release.State(found.state)],
        "account": Account.objects.filter(held_for=found.unit_id).first(),
        "mark": Differentiation.objects.filter(unit=found.unit_id, year=found.year, approved_at__isnull=False).first(),
        "signatures": signed(steps),
        **_released(request, found, step if has_step else None),
    }
    return render(request, "allocation/release.html", context)


def _released(request: SignedInRequest, found: Release, step: Act | None) -> dict[str, Any]:
    """What the person can do with a release now."""
    buttons = {
        Act.APPROVE_RELEASE: (_("Approve"), "allocation:release_approve", "allocation:release_refuse"),
        Act.EXECUTE_RELEASE: (_("Execute"), "allocation:release_execute", "allocation:release_refuse_execution"),
    }
    own = found.state == Release.State.PROPOSED and found.proposed_by_id == request.user.pk
    if step:
        label, does, refuses = buttons[step]
        refusal = with_reason(request, _("Refuse the release"), _("Refuse"), refuses, found.pk)
        return {"buttons": [link(label, does, found.pk, tone="primary")], "asked": [refusal]}
    if own and may(request.user, Act.PROPOSE_RELEASE, found):
        withdrawal = _("Withdraw the proposal"), _("Withdraw"), "allocation:release_withdraw"
        return {"asked": [with_reason(request, *withdrawal, found.pk)]}
    return {}


@act_on(Act.APPROVE_RELEASE, _RELEASES, to="allocation:release", asks=consequences.RELEASE_APPROVAL)
def approve_release(request: SignedInRequest, found: Release) -> str:
    """The province's second signature."""
    releases.approve(found, by=request.user, at=clock.now())
    return _("Approved. The registrar executes it next.")


@act_on(Act.EXECUTE_RELEASE, _RELEASES, to="allocation:release", asks=consequences.RELEASE_EXECUTION)
def execute_release(request: SignedInRequest, found: Release) -> str:
    """The registrar moves the tonnes."""
    releases.execute(found, by=request.user, at=clock.now())
    return _("Executed: the tonnes are in the unit's account.")


def _refuse(request: SignedInRequest, found: Release) -> str:
    releases.refuse(found, reason=reason_of(request), by=request.user, at=clock.now())
    return _("Refused; the quota stays withheld.")


refuse_release = act_on(Act.APPROVE_RELEASE, _RELEASES, to="allocation:release")(_refuse)
refuse_execution = act_on(Act.EXECUTE_RELEASE, _RELEASES, to="allocation:release")(_refuse)
