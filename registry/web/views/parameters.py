"""Thresholds: all of them as they stand on a day, one with its history, a change with what it would do."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from registry import access, parameters
from registry.access import SignedInRequest
from registry.law import DatedValue, NotInForceError, Parameter, calendar, clock
from registry.models import ParameterChange
from registry.parameters.values import is_editable, read
from registry.permissions import Act
from registry.templatetags.law import law_name, law_source, threshold, unit_of
from registry.web import as_of as asof
from registry.web import confirming, decisions, kept_input
from registry.web.acting import act_on, done, form_here
from registry.web.buttons import press
from registry.web.export import Cell
from registry.web.forms.parameters import ParameterForm
from registry.web.listing import list_page, rows_taken
from registry.web.reasons import DecisionForm

_CHANGES = ParameterChange.objects.select_related("proposed_by", "decision__by", "withdrawal__by")


@dataclass(frozen=True, slots=True)
class Shown:
    """A parameter with the value in force on the day asked about, None where there is none."""

    book: parameters.Book
    parameter: Parameter
    value: DatedValue | None
    editable: bool


@list_page(Act.VIEW_PARAMETERS)
def all_of_them(request: SignedInRequest) -> HttpResponseBase:
    """Every threshold that there is, book by book."""
    day = asof.as_of(request)
    at = calendar.end_of(day)
    sections = []
    for book in parameters.books():
        law = parameters.law(book.name, at)
        sections.append((book.title, [_shown(book, parameter, day) for parameter in law.values()]))
    head = [
        pgettext("of thresholds", "Group"),
        _("Threshold"),
        _("Value"),
        _("Unit"),
        _("In force from"),
        _("Legal basis"),
        _("Standing"),
    ]
    cells = ([str(title), *_cells(shown)] for title, rows in sections for shown in rows)
    if taken := rows_taken(request, "thresholds", _("Thresholds"), head, cells, as_of=day):
        return taken
    waiting = parameters.open_changes().select_related("proposed_by").order_by("proposed_at", "pk")
    context = {"sections": sections, "waiting": _named(waiting), "as_of": day}
    return render(request, "registry/parameters.html", context)


@access.page(Act.VIEW_PARAMETERS)
def one(request: SignedInRequest, book: str, parameter: str) -> HttpResponse:
    """One threshold: every value that it has had or will have, and every change that was proposed."""
    day = asof.as_of(request)
    shown = _find(request, book, parameter)
    changes = ParameterChange.objects.filter(book=book, parameter=parameter)
    context = {
        "shown": shown,
        "values": sorted(shown.parameter.values, key=lambda value: value.since, reverse=True),
        "changes": changes.select_related("proposed_by", "decision__by", "withdrawal__by"),
        "may_propose": shown.editable and access.may(request.user, Act.PROPOSE_PARAMETER),
        "as_of": day,
    }
    return render(request, "registry/parameter.html", context)


@access.page(Act.PROPOSE_PARAMETER)
def propose(request: SignedInRequest, book: str, parameter: str) -> HttpResponse:
    """Propose a change; "try it" shows what it would do without proposing it."""
    shown = _find(request, book, parameter)
    if not shown.editable:
        raise Http404
    form = form_here(ParameterForm, request, parameter=shown.parameter)
    context = {"shown": shown, "form": form, "tried": False}
    if request.method == "POST" and form.is_valid():
        if "try" in request.POST:
            effect = parameters.effect_of(book, parameter, form.value, clock.now())
            return render(request, "registry/parameter_propose.html", {**context, "tried": True, "effect": effect})
        change = parameters.propose(
            book,
            parameter,
            value=form.cleaned_data["text"],
            since=form.cleaned_data["since"],
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=clock.now(),
        )
        said = _("Proposed. A second person of the ministry decides on it.")
        return done(request, said, "registry:parameter_change", pk=change.pk)
    return render(request, "registry/parameter_propose.html", context)


@access.page(Act.VIEW_PARAMETERS)
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    """One change: what, from when, why, by whom; what it would do; the decision."""
    found = access.get(request.user, Act.VIEW_PARAMETERS, _CHANGES, pk=pk)
    url = reverse("registry:parameter_decide", args=[pk])
    return _show(request, found, DecisionForm(initial=kept_input.given(request, clock.now(), url)))


@confirming.shown_first(decisions.THRESHOLD)
@access.page(Act.APPROVE_PARAMETER)
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """Decide on a change."""
    found = access.get(request.user, Act.APPROVE_PARAMETER, _CHANGES, pk=pk)
    form = form_here(DecisionForm, request)
    if request.method == "POST" and form.is_valid():
        return decisions.decided(
            request,
            decisions.THRESHOLD,
            found,
            form,
            lambda: parameters.decide(found, **form.given(), by=request.user, at=clock.now()),
            "registry:parameter_change",
        )
    return _show(request, found, form)


@act_on(Act.PROPOSE_PARAMETER, _CHANGES, to="registry:parameter_change")
def withdraw(request: SignedInRequest, found: ParameterChange) -> str:
    """Take back a change that one has proposed."""
    parameters.withdraw(found, by=request.user, at=clock.now())
    return _("Withdrawn.")


def _show(request: SignedInRequest, found: ParameterChange, form: DecisionForm) -> HttpResponse:
    waits = not hasattr(found, "decision") and not hasattr(found, "withdrawal")
    sees = waits and access.may(request.user, Act.VIEW_PARAMETER_EFFECT)
    own = found.proposed_by_id == request.user.pk
    context = {
        "change": found,
        "shown": _find(request, found.book, found.parameter),
        "decision": getattr(found, "decision", None),
        "buttons": [
            press(_("Withdraw the change"), "registry:parameter_withdraw", found.pk, tone="outline-danger")
            if waits and own and access.may(request.user, Act.PROPOSE_PARAMETER)
            else None
        ],
        "form": form if waits and not own and access.may(request.user, Act.APPROVE_PARAMETER) else None,
        "tried": sees,
        "effect": parameters.effect_of(found.book, found.parameter, read(found.value), clock.now()) if sees else None,
    }
    return render(request, "registry/parameter_change.html", context)


def _cells(shown: Shown) -> list[Cell]:
    """A threshold for programs: a number by itself, a band by both ends, the unit beside it."""
    parameter, value = shown.parameter, shown.value
    if value is None:
        return [law_name(parameter), None, None, None, _("nothing in force on that day"), None]
    number = value.value if isinstance(value.value, int | Decimal) else threshold(value.value)
    standing = _("assumed") if value.assumed else _("decided") if value.change else None
    unit = unit_of(parameter, value.value)
    return [law_name(parameter), number, unit, value.since.isoformat(), law_source(value), standing]


def _find(request: SignedInRequest, book: str, parameter: str) -> Shown:
    """The parameter as it stands on the day asked about; 404 where there is none of that name."""
    day = asof.as_of(request)
    try:
        offered = parameters.book(book)
        found = parameters.law(book, calendar.end_of(day))[parameter]
    except KeyError as error:
        raise Http404 from error
    return _shown(offered, found, day)


def _shown(book: parameters.Book, parameter: Parameter, day: dt.date) -> Shown:
    try:
        return Shown(book, parameter, parameter.at(day), is_editable(parameter))
    except NotInForceError:
        return Shown(book, parameter, None, is_editable(parameter))


def _named(changes: Iterable[ParameterChange]) -> list[tuple[ParameterChange, Parameter | None]]:
    """Changes with the parameter that each is of, for its name."""
    return [(change, parameters.book(change.book).file().get(change.parameter)) for change in changes]
