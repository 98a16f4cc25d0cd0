"""Many units proposed for a year's directory at once, and many proposals approved."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry import access
from registry.access import SignedInRequest
from registry.directory import figures, many
from registry.law import clock
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values.sectors import with_quota
from registry.web import confirming, decisions
from registry.web.acting import done, form_here
from registry.web.decisions import MOST
from registry.web.forms.directory import EntriesProposalForm


@access.page(Act.PROPOSE_DIRECTORY)
def propose(request: SignedInRequest) -> HttpResponse:
    """Every unit of the authority that isn't in the year's directory, ticked, with one day, ground and reason for all."""
    year = _year(request)
    open_places = access.scoped(request.user, Act.PROPOSE_DIRECTORY, many.to_be_listed(year))
    places = list(open_places[: MOST + 1])
    form = form_here(EntriesProposalForm, request, {"on": clock.today()})
    ticked = {int(key) for key in request.POST.getlist("place") if key.isdecimal()}
    if request.method == "POST" and form.is_valid():
        chosen = [place for place in places if place.pk in ticked]
        if not chosen:
            raise Refusal(_("Choose at least one unit."))
        made = many.propose_entries(chosen, year, **form.cleaned_data, by=request.user, at=clock.now())
        said = ngettext(
            "%(count)d entry proposed. A second person of your authority decides on it.",
            "%(count)d entries proposed. A second person of your authority decides on them.",
            len(made),
        )
        return done(request, said % {"count": len(made)}, "registry:directory")
    quota = with_quota(year)
    context = {
        "form": form,
        "year": year,
        "years": _years(),
        "rows": [(place, place.sector in quota, not request.POST or place.pk in ticked) for place in places[:MOST]],
        "more": len(places) > MOST,
    }
    return render(request, "registry/directory_propose_many.html", context, status=422 if form.is_bound else 200)


@confirming.shown_first(decisions.ENTRIES)
@access.page(Act.APPROVE_DIRECTORY)
def approve(request: SignedInRequest) -> HttpResponse:
    """Every proposed entry that the person may decide on, with what is known of the unit's emissions; those ticked are shown,
    then approved."""
    if request.method == "POST":
        return confirming.confirm(
            request,
            decisions.ENTRIES,
            find=lambda: None,
            do=lambda _row: _approved(request),
            done=lambda said: done(request, said, "registry:directory"),
        )
    now, waiting = clock.now(), decisions.waiting_entries(request)
    known = figures.verified_of_many({entry.unit_id for entry in waiting}, now)
    context = {
        "rows": [(entry, known.get(entry.unit_id, {})) for entry in waiting],
        "all": "all" in request.GET,
        "shown": many.seal_of(waiting),
    }
    return render(request, "registry/directory_approve_many.html", context)


def _approved(request: SignedInRequest) -> str:
    chosen = decisions.chosen_entries(request)
    many.approve_entries(chosen, shown=many.seal_of(chosen), by=request.user, at=clock.now())
    said = ngettext("%(count)d entry approved.", "%(count)d entries approved.", len(chosen))
    return said % {"count": len(chosen)}


def _years() -> list[int]:
    """The directories that are made about now."""
    running = clock.today().year
    return [running - 1, running, running + 1]


def _year(request: SignedInRequest) -> int:
    """The directory's year that the address names, else the running one."""
    return next((year for year in _years() if str(year) == request.GET.get("year")), clock.today().year)
