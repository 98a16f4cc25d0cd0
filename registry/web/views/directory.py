"""The directory: list, propose, decide."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from registry import access, directory
from registry.access import SignedInRequest
from registry.directory import figures, standing
from registry.law import clock
from registry.models import DirectoryEntry, Unit
from registry.permissions import Act
from registry.web import confirming, decisions, kept_input
from registry.web.acting import act_on, beside, done, form_here
from registry.web.buttons import begin
from registry.web.filters import DirectoryFilter
from registry.web.forms.directory import EntryProposalForm, ExitProposalForm
from registry.web.listing import list_page, listed
from registry.web.reasons import DecisionForm, WithdrawalForm, reason_of
from registry.web.tables.directory import DirectoryTable

State = DirectoryEntry.State


@list_page(Act.VIEW_DIRECTORY)
def entries(request: SignedInRequest) -> HttpResponseBase:
    """The directory, of every year and sector."""
    chosen = DirectoryFilter(request.GET, queryset=directory.visible(request.user), request=request)
    one = _("Propose an entry"), "registry:directory_propose"
    buttons = [
        begin(request.user, Act.PROPOSE_DIRECTORY, *one, tone="outline-secondary"),
        begin(request.user, Act.PROPOSE_DIRECTORY, _("Propose several"), "registry:directory_propose_many"),
        begin(request.user, Act.APPROVE_DIRECTORY, _("Approve several"), "registry:directory_approve_many"),
    ]
    return listed(
        request,
        DirectoryTable(chosen.qs),
        chosen,
        title=_("Directory of key emission units"),
        lead=_("One directory a year and sector. Every entry and exit has a day, a ground and two people."),
        context={"buttons": buttons},
    )


@access.page(Act.VIEW_DIRECTORY)
def entry(request: SignedInRequest, pk: int) -> HttpResponse:
    """One entry, with what the person can do about it now."""
    found = access.get(request.user, Act.VIEW_DIRECTORY, directory.visible(request.user), pk=pk)
    proposed = found.state in (State.PROPOSED, State.EXIT_PROPOSED)
    own = DirectoryEntry.objects.filter(pk=found.pk)
    can_decide = proposed and access.scoped(request.user, Act.APPROVE_DIRECTORY, own).exists()
    can_withdraw = proposed and access.scoped(request.user, Act.PROPOSE_DIRECTORY, own).exists()
    can_propose_exit = found.state == State.LISTED and access.scoped(request.user, Act.PROPOSE_DIRECTORY, own).exists()
    return render(
        request,
        "registry/directory_entry.html",
        {
            "entry": found,
            "entered_by": directory.entered_by(found),
            "decision": DecisionForm(initial=_typed(request, "decide", found)) if can_decide else None,
            "withdrawal": WithdrawalForm(initial=_typed(request, "withdraw", found)) if can_withdraw else None,
            "verified": _verified(request, found),
            "exit": ExitProposalForm(initial=_typed(request, "exit", found)) if can_propose_exit else None,
            **_resting(found),
        },
    )


def _verified(request: SignedInRequest, found: DirectoryEntry) -> dict[int, int]:
    """What was verified of the unit, for those who see more of it than that it is listed."""
    rows = access.scoped(request.user, Act.VIEW_UNIT, Unit.objects.filter(pk=found.unit_id))
    return figures.verified(found.unit, clock.now()) if rows.exists() else {}


def _resting(found: DirectoryEntry) -> dict[str, Any]:
    """What already rests on the unit's being listed, for those who propose, decide and oversee; and what is open once it left."""
    if not getattr(found, "is_told", False) or found.state in (State.PROPOSED, State.REFUSED):
        return {}
    known = standing.figures(found, clock.now())
    return {"resting": known, "seal": standing.seal(known), "open_ends": standing.open_ends([found])}


def _typed(request: SignedInRequest, act: str, entry: DirectoryEntry) -> dict[str, str]:
    return kept_input.given(request, clock.now(), reverse(f"registry:directory_{act}", args=[entry.pk]))


@access.page(Act.PROPOSE_DIRECTORY)
def propose(request: SignedInRequest) -> HttpResponse:
    """Propose an entry."""
    form = form_here(EntryProposalForm, request, {"on": clock.today()}, person=request.user)
    if request.method == "POST" and form.is_valid():
        with beside(form):
            made = directory.propose_entry(**form.cleaned_data, by=request.user, at=clock.now())
            said = _("Proposed. A second person of your authority decides on it.")
            return done(request, said, "registry:directory_entry", pk=made.pk)
    return render(request, "registry/directory_propose.html", {"form": form}, status=422 if form.is_bound else 200)


@access.page(Act.PROPOSE_DIRECTORY)
def propose_exit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Propose that a unit leaves."""
    found = access.get(request.user, Act.PROPOSE_DIRECTORY, directory.visible(request.user), pk=pk)
    if request.method == "GET":  # its form stands on the entry's page
        return redirect("registry:directory_entry", pk=pk)
    form = form_here(ExitProposalForm, request)
    if request.method == "POST" and form.is_valid():
        with beside(form):
            seen = request.POST.get("seen", "")
            directory.propose_exit(found, **form.cleaned_data, by=request.user, at=clock.now(), seen=seen)
            said = _("Proposed. A second person of your authority decides on it.")
            return done(request, said, "registry:directory_entry", pk=found.pk)
    return render(
        request,
        "registry/directory_entry.html",
        {
            "entry": found,
            "entered_by": directory.entered_by(found),
            "exit": form,
            "verified": _verified(request, found),
            **_resting(found),
        },
        status=422,
    )


@act_on(Act.PROPOSE_DIRECTORY, directory.visible, to="registry:directory_entry")
def withdraw(request: SignedInRequest, found: DirectoryEntry) -> str:
    """Take a proposal back."""
    directory.withdraw(found, reason=reason_of(request, WithdrawalForm), by=request.user, at=clock.now())
    return _("Withdrawn.")


@confirming.shown_first(decisions.ENTRY)
@access.page(Act.APPROVE_DIRECTORY)
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """Decide on a proposal."""
    found = access.get(request.user, Act.APPROVE_DIRECTORY, directory.visible(request.user), pk=pk)
    if request.method == "GET":  # its form stands on the entry's page
        return redirect("registry:directory_entry", pk=pk)
    form = form_here(DecisionForm, request)
    if form.is_valid():
        seen = request.POST.get("seen", "")
        return decisions.decided(
            request,
            decisions.ENTRY,
            found,
            form,
            lambda: directory.decide(found, **form.given(), by=request.user, at=clock.now(), seen=seen),
            "registry:directory_entry",
        )
    return render(
        request,
        "registry/directory_entry.html",
        {
            "entry": found,
            "entered_by": directory.entered_by(found),
            "decision": form,
            "verified": _verified(request, found),
            **_resting(found),
        },
    )
