"""People and their seats: the list, what waits for a second person, adding one or a table of them, ending a seat."""

import io
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from registry import access
from registry.access import SignedInRequest
from registry.law import clock
from registry.models import Person, SeatChange
from registry.people import seat_table, seats
from registry.permissions import Act
from registry.refusal import Refusal
from registry.web.acting import act_on, done, form_here
from registry.web.buttons import begin
from registry.web.downloads import attachment
from registry.web.filters import PersonFilter
from registry.web.forms.people import SeatForm, SeatTableForm
from registry.web.listing import list_page, listed
from registry.web.reasons import ReasonForm
from registry.web.tables.people import PersonTable


@list_page(Act.VIEW_PERSON)
def people(request: SignedInRequest) -> HttpResponseBase:
    """The people within reach, above them what waits for a second person."""
    rows = Person.objects.select_related("unit", "authority", "body")
    chosen = PersonFilter(request.GET, queryset=access.scoped(request.user, Act.VIEW_PERSON, rows))
    ends, invites = (access.may(request.user, act) for act in (Act.PROPOSE_PERSON, Act.APPROVE_PERSON))
    table = PersonTable(chosen.qs, ends=ends, invites=invites)
    waiting = _waiting(request, Act.VIEW_PERSON)
    context = {
        "waiting": waiting,
        "approves": any(_open_to(request, change) for change in waiting),
        "withdraws": any(change.proposed_by_id == request.user.pk for change in waiting),
        "reason": ReasonForm(auto_id="waiting-%s"),
        "buttons": [
            begin(
                request.user, Act.PROPOSE_PERSON, _("From a table"), "registry:people_table", tone="outline-secondary"
            ),
            begin(request.user, Act.PROPOSE_PERSON, _("Add a person"), "registry:person_add"),
        ],
    }
    return listed(
        request,
        table,
        chosen,
        title=_("People"),
        lead=_("Who can sign in, with which role. A seat is given and ended by two people."),
        template="registry/people.html",
        context=context,
    )


def _waiting(request: SignedInRequest, act: Act) -> list[SeatChange]:
    rows: QuerySet[SeatChange] = SeatChange.objects.filter(state=SeatChange.State.PROPOSED)
    rows = rows.select_related("unit", "authority", "body", "proposed_by", "person")
    return list(access.scoped(request.user, act, rows))


def _open_to(request: SignedInRequest, change: SeatChange) -> bool:
    return access.may(request.user, Act.APPROVE_PERSON) and change.proposed_by_id != request.user.pk


@access.page(Act.PROPOSE_PERSON)
def add(request: SignedInRequest) -> HttpResponse:
    """Propose one person."""
    form = form_here(SeatForm, request, person=request.user)
    if request.method == "POST" and form.is_valid():
        seats.propose([form.seat()], by=request.user, at=clock.now())
        return done(request, _said(1), "registry:people")
    return render(request, "registry/person_add.html", {"form": form}, status=422 if form.is_bound else 200)


@access.page(Act.PROPOSE_PERSON)
def table(request: SignedInRequest) -> HttpResponse:
    """Propose a table of people; every fault of one that can't be taken is listed."""
    form = SeatTableForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "places": seat_table.places()}
    if request.method == "POST" and form.is_valid():
        try:
            wanted = seat_table.read(form.cleaned_data["table"].read())
            made = seats.propose(wanted, by=request.user, at=clock.now())
        except seat_table.SeatFaultsError as error:
            context["faults"] = error.faults
        else:
            return done(request, _said(len(made)), "registry:people")
    return render(request, "registry/people_table.html", context, status=422 if form.is_bound else 200)


def _said(count: int) -> str:
    said = ngettext(
        "%(count)d person proposed. A second person approves the seat.",
        "%(count)d people proposed. A second person approves the seats.",
        count,
    )
    return said % {"count": count}


@require_GET
@access.page(Act.PROPOSE_PERSON)
def template(_request: SignedInRequest) -> HttpResponse:
    """A workbook to fill in, in the language of the page."""
    book = io.BytesIO()
    seat_table.write_template(book)
    return attachment(book.getvalue(), _("people.xlsx"))


@access.page(Act.APPROVE_PERSON)
@require_POST
@never_cache
def approve(request: SignedInRequest) -> HttpResponse:
    """Approve those ticked; the answer shows each new person's link once."""
    made = seats.approve(_ticked(request, Act.APPROVE_PERSON), by=request.user, at=clock.now())
    new = [person for person in made if person.is_active and not person.has_usable_password()]
    if not new:
        return done(request, _("Approved and recorded."), "registry:people")
    links = [(person, _absolute(request, seats.link_of(person))) for person in new]
    return render(request, "registry/person_links.html", {"links": links, "days": seats.link_days()})


@access.page(Act.APPROVE_PERSON)
@require_POST
def refuse(request: SignedInRequest) -> HttpResponse:
    """Refuse those ticked."""
    ticked = _ticked(request, Act.APPROVE_PERSON)
    seats.refuse(ticked, reason=request.POST.get("reason", ""), by=request.user, at=clock.now())
    return done(request, _("Refused and recorded."), "registry:people")


@access.page(Act.PROPOSE_PERSON)
@require_POST
def withdraw(request: SignedInRequest) -> HttpResponse:
    """Take back those ticked."""
    ticked = _ticked(request, Act.PROPOSE_PERSON)
    seats.withdraw(ticked, reason=request.POST.get("reason", ""), by=request.user, at=clock.now())
    return done(request, _("Withdrawn."), "registry:people")


def _ticked(request: SignedInRequest, act: Act) -> Sequence[SeatChange]:
    """The proposals that were ticked; raises Refusal where there is none, or one is decided by now."""
    keys = {int(key) for key in request.POST.getlist("change") if key.isdecimal()}
    found = [change for change in _waiting(request, act) if change.pk in keys]
    if not keys or len(found) != len(keys):
        raise Refusal(_("Choose at least one proposal that is still waiting."))
    return found


@access.page(Act.PROPOSE_PERSON)
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    """Propose that a person's access ends; says where that leaves nobody of the role."""
    found = access.get(request.user, Act.PROPOSE_PERSON, Person.objects.all(), pk=pk)
    form = form_here(ReasonForm, request)
    if request.method == "POST" and form.is_valid():
        seats.propose_end(found, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())
        return done(request, _("Proposed. A second person decides on it."), "registry:people")
    context = {"person": found, "form": form, "left_empty": seats.left_empty(found)}
    return render(request, "registry/person_end.html", context, status=422 if form.is_bound else 200)


@act_on(Act.APPROVE_PERSON, Person)
def link(request: SignedInRequest, person: Person) -> HttpResponse:
    """A new link for somebody who has not chosen a password yet."""
    path = seats.invite(person, by=request.user, at=clock.now())
    context = {"links": [(person, _absolute(request, path))], "days": seats.link_days()}
    return render(request, "registry/person_links.html", context)


def _absolute(request: SignedInRequest, path: str) -> str:
    return request.build_absolute_uri(path)
