"""Working days: the calendars that are known, and the entry of one from the State Council's notice by two people of the ministry."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from registry import access
from registry.access import SignedInRequest
from registry.law import DatedValue, Parameter, calendar, clock
from registry.models import WorkingYear
from registry.parameters import working_years
from registry.permissions import Act
from registry.templatetags.law import law_source
from registry.web import confirming, decisions, kept_input
from registry.web.acting import act_on, done, form_here
from registry.web.buttons import press
from registry.web.export import Cell
from registry.web.forms.working_years import WorkingYearForm
from registry.web.listing import list_page, rows_taken
from registry.web.reasons import DecisionForm


@list_page(Act.VIEW_PARAMETERS)
def all_of_them(request: SignedInRequest) -> HttpResponseBase:
    """Every year whose working days are known, and every entry."""
    filed = [
        (parameter, calendar.rules()[f"make_up_days.{year}"])
        for year, parameter in reversed(calendar.rules().under("holidays").items())
    ]
    head = [_("Year"), _("Holidays"), _("Make-up working days"), _("Notice"), _("Standing")]
    entries = list(_rows())
    cells = [*map(_entered_cells, entries), *(_filed_cells(off, worked) for off, worked in filed)]
    if taken := rows_taken(request, "working-days", _("Working days"), head, cells):
        return taken
    context = {
        "filed": [(off, off.values[0], _filed(off.values[0]), _filed(worked.values[0])) for off, worked in filed],
        "entries": [(entry, _spans(entry.off), _spans(entry.worked)) for entry in entries],
        "missing": working_years.missing(clock.today()),
        "may_propose": access.may(request.user, Act.PROPOSE_PARAMETER),
    }
    return render(request, "registry/working_years.html", context)


@access.page(Act.PROPOSE_PARAMETER)
def propose(request: SignedInRequest) -> HttpResponse:
    """Enter a year's calendar."""
    form = form_here(WorkingYearForm, request, {"year": working_years.missing(clock.today())})
    if request.method == "POST" and form.is_valid():
        made = working_years.propose(**form.cleaned_data, by=request.user, at=clock.now())
        said = _("Proposed. A second person of the ministry decides on it.")
        return done(request, said, "registry:working_year", pk=made.pk)
    return render(request, "registry/working_year_propose.html", {"form": form})


@access.page(Act.VIEW_PARAMETERS)
def one(request: SignedInRequest, pk: int) -> HttpResponse:
    """One entry: the days, the notice, who entered it and what was decided."""
    found = access.get(request.user, Act.VIEW_PARAMETERS, _rows(), pk=pk)
    url = reverse("registry:working_year_decide", args=[pk])
    return _show(request, found, DecisionForm(initial=kept_input.given(request, clock.now(), url)))


@confirming.shown_first(decisions.WORKING_DAYS)
@access.page(Act.APPROVE_PARAMETER)
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """Decide on an entry."""
    found = access.get(request.user, Act.APPROVE_PARAMETER, _rows(), pk=pk)
    form = form_here(DecisionForm, request)
    if request.method == "POST" and form.is_valid():
        return decisions.decided(
            request,
            decisions.WORKING_DAYS,
            found,
            form,
            lambda: working_years.decide(found, **form.given(), by=request.user, at=clock.now()),
            "registry:working_year",
        )
    return _show(request, found, form)


@act_on(Act.PROPOSE_PARAMETER, WorkingYear.objects.all(), to="registry:working_year")
def withdraw(request: SignedInRequest, found: WorkingYear) -> str:
    """Take back a calendar that one has entered."""
    working_years.withdraw(found, by=request.user, at=clock.now())
    return _("Withdrawn.")


def _rows() -> QuerySet[WorkingYear]:
    return WorkingYear.objects.select_related("proposed_by", "decision__by", "withdrawal__by")


def _entered_cells(entry: WorkingYear) -> list[Cell]:
    decision = getattr(entry, "decision", None)
    decided = _("approved") if decision and decision.approved else _("refused")
    waits = _("withdrawn") if hasattr(entry, "withdrawal") else _("awaiting a decision")
    said = decided if decision else waits
    return [entry.year, "; ".join(_spans(entry.off)), "; ".join(_spans(entry.worked)), entry.notice, said]


def _filed_cells(off: Parameter, worked: Parameter) -> list[Cell]:
    value, days = off.values[0], [_filed(each.values[0]) for each in (off, worked)]
    standing = _("assumed") if value.assumed else _("Already in the system")
    return [int(off.id.rpartition(".y")[2]), *map("; ".join, days), law_source(value), standing]


def _filed(value: DatedValue) -> list[str]:
    return _spans([str(day) for day in value.value] if isinstance(value.value, tuple) else [])


def _spans(days: list[str]) -> list[str]:
    """Days to be read: each span by itself, so that no line ends within a day."""
    return [span.replace("..", " – ") for span in working_years.written(days).split(", ") if span]


def _show(request: SignedInRequest, found: WorkingYear, form: DecisionForm) -> HttpResponse:
    waits = not hasattr(found, "decision") and not hasattr(found, "withdrawal")
    own = found.proposed_by_id == request.user.pk
    context = {
        "entry": found,
        "off": _spans(found.off),
        "worked": _spans(found.worked),
        "decision": getattr(found, "decision", None),
        "buttons": [
            press(_("Withdraw the calendar"), "registry:working_year_withdraw", found.pk, tone="outline-danger")
            if waits and own and access.may(request.user, Act.PROPOSE_PARAMETER)
            else None
        ],
        "form": form if waits and not own and access.may(request.user, Act.APPROVE_PARAMETER) else None,
    }
    return render(request, "registry/working_year.html", context)
