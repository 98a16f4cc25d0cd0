"""Objections to quota: the unit drafts and files, the province proposes and decides; each finds its step on the objection's page."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from allocation import labels, objections, queries
from allocation.models import Award, Objection, Run, Settlement
from allocation.scope import after_objection
from allocation.web.consequences import objections as consequences
from allocation.web.filters import ObjectionFilter
from allocation.web.forms.objections import WHOLE, DecisionProposalForm, ObjectionForm
from allocation.web.tables.objections import ObjectionTable
from registry import access
from registry.access import SignedInRequest
from registry.law import clock
from registry.models import Person
from registry.permissions import Act
from registry.refusal import Refusal
from registry.web import kept_input
from registry.web.acting import act_on, beside, done, form_here, may, signed
from registry.web.buttons import begin, link, press, with_reason
from registry.web.listing import list_page, listed
from registry.web.reasons import reason_of

State = Objection.State


def _reached(person: Person) -> QuerySet[Objection]:
    """The objections that the person may see: what was never filed isn't there for others."""
    people = ("drafted_by", "filed_by", "proposed_by", "decided_by", "withdrawn_by", "award__run")
    rows = queries.objections(person).select_related(*people)
    return rows.defer("settlement__run__manifest", "award__run__manifest")


@list_page(Act.VIEW_OBJECTION)
def objections_list(request: SignedInRequest) -> HttpResponseBase:
    """The objections within the person's reach; for a clerk also the quota that can be objected to."""
    chosen = ObjectionFilter(request.GET, queryset=queries.objections(request.user), request=request)
    draft = _("Quota that can be objected to"), "allocation:quota"
    return listed(
        request,
        ObjectionTable(chosen.qs),
        chosen,
        title=_("Objections to quota"),
        lead=_("The unit writes and files, an officer of the province proposes, an approver decides."),
        context={"buttons": [begin(request.user, Act.DRAFT_OBJECTION, *draft, tone="outline-secondary")]},
    )


@access.page(Act.DRAFT_OBJECTION)
def draft(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write an objection against what a run gave the clerk's unit, or one line of it."""
    rows = Settlement.objects.filter(run__state=Run.State.APPROVED).select_related("run", "unit")
    found = access.get(request.user, Act.DRAFT_OBJECTION, rows.defer("run__manifest"), pk=pk)
    form = form_here(ObjectionForm, request, {"award": request.GET.get("award", WHOLE)}, awards=_awards(found))
    if request.method == "POST" and form.is_valid():
        with beside(form):
            made = objections.draft(found, **form.cleaned_data, by=request.user, at=clock.now())
            return done(request, _("Saved. Your approver files it next."), "allocation:objection", pk=made.pk)
    context, status = _draft_context(form, found), 422 if form.is_bound else 200
    return render(request, "allocation/objection_draft.html", context, status=status)


@access.page(Act.DRAFT_OBJECTION)
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write an objection anew that isn't filed yet."""
    found = access.get(request.user, Act.DRAFT_OBJECTION, _reached(request.user), pk=pk)
    said = {"award": found.award_id or WHOLE, "grounds": found.grounds}
    form = form_here(ObjectionForm, request, said, awards=_awards(found.settlement))
    if request.method == "POST" and form.is_valid():
        with beside(form):
            objections.redraft(found, **form.cleaned_data, by=request.user, at=clock.now())
            return done(request, _("Saved. Your approver files it next."), "allocation:objection", pk=pk)
    context = {**_draft_context(form, found.settlement), "found": found}
    return render(request, "allocation/objection_draft.html", context, status=422 if form.is_bound else 200)


@access.page(Act.VIEW_OBJECTION)
def objection(request: SignedInRequest, pk: int) -> HttpResponse:
    """What is contested and why, how far it is, and the person's own step."""
    found = access.get(request.user, Act.VIEW_OBJECTION, _reached(request.user), pk=pk)
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
        "proposal": DecisionProposalForm(initial={**at_hand, **given}) if proposes else None,
        "obstacle": obstacle,
        **_offered(request, found, files=files, decides=decides and not obstacle),
        "shows_proposal": _shows_proposal(request, found),
        "outcome": after_objection.outcome(found),
        "to_follow": before and objections.to_be_followed(run.authority_id).filter(pk=pk).exists(),
        "proposes_run": may(request.user, Act.PREPARE_RUN, run) and run.kind == Run.Kind.DETERMINATION,
        "may_view_run": may(request.user, Act.VIEW_RUN, run),
        "signatures": _signatures(found, _shows_proposal(request, found)),
    }
    return render(request, "allocation/objection.html", context)


def _offered(request: SignedInRequest, found: Objection, *, files: bool, decides: bool) -> dict[str, Any]:
    """What the person can do with it now."""
    pk, seen = found.pk, objections.seen(found)
    withdraws = found.state in Objection.OPEN and may(request.user, Act.WITHDRAW_OBJECTION, found)
    edits = found.state in Objection.BEFORE_UNIT and may(request.user, Act.DRAFT_OBJECTION, found)
    first = "primary" if found.state == State.RETURNED else "outline-secondary"
    back, draft, proposal = _("Send back"), _("Send the draft back to the clerk"), _("Send the proposal back")
    return {
        "buttons": [
            press(_("Withdraw"), "allocation:objection_withdraw", pk, tone="outline-secondary") if withdraws else None,
            link(_("Rewrite"), "allocation:objection_edit", pk, tone=first) if edits else None,
            press(_("File the objection"), "allocation:objection_file", pk, seen=seen) if files else None,
            press(_("Decide as proposed"), "allocation:objection_decide", pk, seen=seen) if decides else None,
        ],
        "asked": [
            with_reason(request, draft, back, "allocation:objection_send_back_to_clerk", pk) if files else None,
            with_reason(request, proposal, back, "allocation:objection_send_back", pk) if decides else None,
        ],
    }


def _may_file(request: SignedInRequest, found: Objection) -> bool:
    """Whether it is the person's turn to file the draft, or to send it back."""
    theirs = found.state == State.DRAFTED and found.drafted_by_id != request.user.pk
    return theirs and may(request.user, Act.FILE_OBJECTION, found)


@act_on(Act.FILE_OBJECTION, _reached, to="allocation:objection")
def return_to_clerk(request: SignedInRequest, found: Objection) -> str:
    """The unit's approver hands the draft back to whoever wrote it, with the reason."""
    objections.return_to_clerk(found, reason=reason_of(request), by=request.user, at=clock.now())
    return _("Sent back to the clerk.")


@act_on(Act.FILE_OBJECTION, _reached, to="allocation:objection", asks=consequences.FILING)
def file(request: SignedInRequest, found: Objection) -> str:
    """The unit's approver files it with the province."""
    filed = objections.file(found, seen=request.POST.get("seen", ""), by=request.user, at=clock.now())
    late = _("It was filed after the deadline and is recorded as late.") if filed.is_late else ""
    return " ".join(filter(None, [_("Filed. The province decides."), late]))


@act_on(Act.WITHDRAW_OBJECTION, _reached, to="allocation:objection")
def withdraw(request: SignedInRequest, found: Objection) -> str:
    """The unit takes it back."""
    objections.withdraw(found, by=request.user, at=clock.now())
    return _("Withdrawn.")


@act_on(Act.ANSWER_OBJECTION, _reached, to="allocation:objection")
def propose(request: SignedInRequest, found: Objection) -> str:
    """An officer proposes what is to be decided, with reasons."""
    form = DecisionProposalForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("State whether it is to be granted or refused, and why."))
    objections.propose(found, **form.cleaned_data, by=request.user, at=clock.now())
    return _("Proposed. An approver of your authority decides.")


@act_on(Act.DECIDE_OBJECTION, _reached, to="allocation:objection")
def send_back(request: SignedInRequest, found: Objection) -> str:
    """The approver wants another proposal."""
    objections.send_back(found, reason=reason_of(request), by=request.user, at=clock.now())
    return _("Sent back to the officer.")


@act_on(Act.DECIDE_OBJECTION, _reached, to="allocation:objection", asks=consequences.DECISION)
def decide(request: SignedInRequest, found: Objection) -> str:
    """The approver decides as proposed."""
    objections.decide(found, seen=request.POST.get("seen", ""), by=request.user, at=clock.now())
    return _("Decided; the unit is informed of the reasons.")


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
    decided = capfirst(found.get_state_display()), found.decided_by, labels.OBJECTION_TONES[State(found.state)], ""
    return signed(
        [
            (found.drafted_at, _("Drafted"), found.drafted_by, "", ""),
            (found.filed_at, _("Filed by the unit"), found.filed_by, "", ""),
            (found.proposed_at if shows_proposal else None, _("Decision proposed"), found.proposed_by, "", ""),
            (found.decided_at, *decided),
            (found.withdrawn_at, _("Withdrawn"), found.withdrawn_by, "", ""),
        ]
    )
