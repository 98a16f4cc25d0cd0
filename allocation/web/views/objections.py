"""Objections to quota: the unit drafts and files, the province proposes and decides; each finds its step on the objection's page."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from allocation import labels, objections, queries
from allocation.models import Award, Objection, Run, Settlement
from allocation.scope import after_objection
from allocation.web.filters import ObjectionFilter
from allocation.web.forms.objections import WHOLE, DecisionProposalForm, ObjectionForm
from allocation.web.tables.objections import ObjectionTable
from allocation.web.views.pages import may, reason_form, reason_of
from registry import access
from registry.access import SignedInRequest
from registry.law import clock
from registry.permissions import Act
from registry.web import kept_input
from registry.web.paging import paged

State = Objection.State


@access.page(Act.VIEW_OBJECTION)
def objections_list(request: SignedInRequest) -> HttpResponse:
    """The objections within the person's reach; for a clerk also the quota that can be objected to."""
    chosen = ObjectionFilter(request.GET, queryset=queries.objections(request.user))
    context = {
        "table": paged(request, ObjectionTable(chosen.qs)),
        "filter": chosen,
        "may_draft": access.may(request.user, Act.DRAFT_OBJECTION),
    }
    return render(request, "allocation/objections.html", context)


@access.page(Act.DRAFT_OBJECTION)
def draft(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write an objection against what a run gave the clerk's unit, or one line of it."""
    rows = Settlement.objects.filter(run__state=Run.State.APPROVED).select_related("run", "unit")
    found = access.get(request.user, Act.DRAFT_OBJECTION, rows.defer("run__manifest"), pk=pk)
    start = {"award": request.GET.get("award", WHOLE), **kept_input.given(request, clock.now(), request.path)}
    form = ObjectionForm(request.POST or None, awards=_awards(found), initial=start)
    if request.method == "POST" and form.is_valid():
        made = objections.draft(found, **form.cleaned_data, by=request.user, at=clock.now())
        messages.success(request, _("Written. Your approver files it next."))
        return redirect("allocation:objection", pk=made.pk)
    return render(request, "allocation/objection_draft.html", _draft_context(form, found))


@access.page(Act.DRAFT_OBJECTION)
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write an objection anew that isn't filed yet."""
    found = _get(request, Act.DRAFT_OBJECTION, pk)
    start = {
        "award": found.award_id or WHOLE,
        "grounds": found.grounds,
        **kept_input.given(request, clock.now(), request.path),
    }
    form = ObjectionForm(request.POST or None, awards=_awards(found.settlement), initial=start)
    if request.method == "POST" and form.is_valid():
        objections.redraft(found, **form.cleaned_data, by=request.user, at=clock.now())
        messages.success(request, _("Written. Your approver files it next."))
        return redirect("allocation:objection", pk=pk)
    return render(
        request, "allocation/objection_draft.html", {**_draft_context(form, found.settlement), "found": found}
    )


@access.page(Act.VIEW_OBJECTION)
def objection(request: SignedInRequest, pk: int) -> HttpResponse:
    """What is contested and why, how far it is, and the person's own step."""
    found = _get(request, Act.VIEW_OBJECTION, pk)
    run = found.settlement.run
    decides = found.state == State.PROPOSED and may(request.user, Act.DECIDE_OBJECTION, found)
    obstacle = objections.obstacle(found, request.user) if decides else ""
    proposes = found.state in Objection.BEFORE_PROVINCE and may(request.user, Act.ANSWER_OBJECTION, found)
    files = _may_file(request, found)
    before = run.state == Run.State.APPROVED and found.state == State.GRANTED
    at_hand = {"outcome": found.outcome, "reasons": found.reasons}
    given = (
        kept_input.given(request, clock.now(), reverse("allocation:objection_propose", args=[pk])) if proposes else {}
    )
    context = {
        "objection": found,
        "run": run,
        "tone": labels.OBJECTION_TONES[State(found.state)],
        "seen": objections.seen(found),
        "may_edit": found.state in Objection.BEFORE_UNIT and may(request.user, Act.DRAFT_OBJECTION, found),
        "may_file": files,
        "hand_back_form": reason_form(request, found.pk, "objection_hand_back") if files else None,
        "may_withdraw": found.state in Objection.OPEN and may(request.user, Act.WITHDRAW_OBJECTION, found),
        "proposal": DecisionProposalForm(initial={**at_hand, **given}) if proposes else None,
        "obstacle": obstacle,
        "return_form": reason_form(request, found.pk, "objection_send_back") if decides and not obstacle else None,
        "shows_proposal": _shows_proposal(request, found),
        "outcome": after_objection.outcome(found),
        "to_follow": before and objections.to_be_followed(run.authority_id).filter(pk=pk).exists(),
        "proposes_run": may(request.user, Act.PREPARE_RUN, run) and run.kind == Run.Kind.DETERMINATION,
        "may_view_run": may(request.user, Act.VIEW_RUN, run),
        "signatures": _signatures(found, _shows_proposal(request, found)),
    }
    return render(request, "allocation/objection.html", context)


def _may_file(request: SignedInRequest, found: Objection) -> bool:
    """Whether it is the person's turn to file the draft, or to hand it back."""
    theirs = found.state == State.DRAFTED and found.drafted_by_id != request.user.pk
    return theirs and may(request.user, Act.FILE_OBJECTION, found)


@access.page(Act.FILE_OBJECTION)
@require_POST
def hand_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """The unit's approver hands the draft back to whoever wrote it, with the reason."""
    found = _get(request, Act.FILE_OBJECTION, pk)
    objections.hand_back(found, reason=reason_of(request), by=request.user, at=clock.now())
    messages.success(request, _("Sent back to the clerk."))
    return redirect("allocation:objection", pk=pk)


@access.page(Act.FILE_OBJECTION)
@require_POST
def file(request: SignedInRequest, pk: int) -> HttpResponse:
    """The unit's approver files it with the province."""
    found = _get(request, Act.FILE_OBJECTION, pk)
    filed = objections.file(found, seen=request.POST.get("seen", ""), by=request.user, at=clock.now())
    late = _("It was filed after the term and is marked so.") if filed.is_late else ""
    messages.success(request, " ".join(filter(None, [_("Filed. The province decides."), late])))
    return redirect("allocation:objection", pk=pk)


@access.page(Act.WITHDRAW_OBJECTION)
@require_POST
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """The unit takes it back."""
    objections.withdraw(_get(request, Act.WITHDRAW_OBJECTION, pk), by=request.user, at=clock.now())
    messages.success(request, _("Withdrawn."))
    return redirect("allocation:objection", pk=pk)


@access.page(Act.ANSWER_OBJECTION)
@require_POST
def propose(request: SignedInRequest, pk: int) -> HttpResponse:
    """An officer proposes what is to be decided, with reasons."""
    found = _get(request, Act.ANSWER_OBJECTION, pk)
    form = DecisionProposalForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say whether it is to be granted or refused, and why."))
        return redirect("allocation:objection", pk=pk)
    objections.propose(found, **form.cleaned_data, by=request.user, at=clock.now())
    messages.success(request, _("Proposed. An approver of your authority decides."))
    return redirect("allocation:objection", pk=pk)


@access.page(Act.DECIDE_OBJECTION)
@require_POST
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """The approver wants another proposal."""
    found = _get(request, Act.DECIDE_OBJECTION, pk)
    objections.send_back(found, reason=reason_of(request), by=request.user, at=clock.now())
    messages.success(request, _("Sent back to the officer."))
    return redirect("allocation:objection", pk=pk)


@access.page(Act.DECIDE_OBJECTION)
@require_POST
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """The approver decides as proposed."""
    found = _get(request, Act.DECIDE_OBJECTION, pk)
    objections.decide(found, seen=request.POST.get("seen", ""), by=request.user, at=clock.now())
    messages.success(request, _("Decided; the unit is told, with the reasons."))
    return redirect("allocation:objection", pk=pk)


def _get(request: SignedInRequest, act: Act, pk: int) -> Objection:
    """The objection, if the person may see it (what was never filed isn't there for others) and do the act."""
    people = ("drafted_by", "filed_by", "proposed_by", "decided_by", "withdrawn_by", "award__run")
    rows = (
        queries.objections(request.user)
        .select_related(*people)
        .defer("settlement__run__manifest", "award__run__manifest")
    )
    return access.get(request.user, act, rows, pk=pk)


def _awards(settlement: Settlement) -> list[Award]:
    rows = Award.objects.filter(run=settlement.run_id, unit=settlement.unit_id).select_related("line")
    return list(rows.order_by("line__code"))


def _draft_context(form: ObjectionForm, settlement: Settlement) -> dict[str, Any]:
    return {"form": form, "settlement": settlement, "run": settlement.run, "due": objections.last_day(settlement.run)}


def _shows_proposal(request: SignedInRequest, found: Objection) -> bool:
    """What is merely proposed is the province's own; the decision is everybody's who sees the objection. Of one withdrawn none is left."""
    decided = found.state in (State.GRANTED, State.REFUSED)
    proposed = found.state in Objection.BEFORE_PROVINCE and request.user.unit_id is None
    return bool(found.outcome) and (decided or proposed)


def _signatures(found: Objection, shows_proposal: bool) -> list[dict[str, object]]:
    """Who did what when, for the timeline."""
    known = [
        (found.drafted_at, _("Drafted"), found.drafted_by, ""),
        (found.filed_at, _("Filed by the unit"), found.filed_by, ""),
        (found.proposed_at if shows_proposal else None, _("Decision proposed"), found.proposed_by, ""),
        (
            found.decided_at,
            capfirst(found.get_state_display()),
            found.decided_by,
            labels.OBJECTION_TONES[State(found.state)],
        ),
        (found.withdrawn_at, _("Withdrawn"), found.withdrawn_by, ""),
    ]
    return [{"at": when, "what": what, "who": who, "tone": tone} for when, what, who, tone in known if when]
