"""More time for one unit's period: the form, with the days it moves between, and what was granted before. More time for many at once."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from registry import access
from registry.access import SignedInRequest
from registry.law import calendar, clock
from registry.models import Unit
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values import figures
from registry.values.sectors import Sector
from registry.web import confirming
from registry.web.acting import beside, done, form_here
from registry.web.paging import page_of
from reporting import queries
from reporting.filing import deadlines
from reporting.filing.extending_many import extend_many as grant_many
from reporting.models import DeadlineExtension
from reporting.periods import due_day
from reporting.web import extending
from reporting.web.forms.deadlines import ExtensionForm


@access.page(Act.EXTEND_DEADLINE)
def extend(request: SignedInRequest, pk: int, sector: str, period: str) -> HttpResponse:
    """Extend the deadline of a unit's period."""
    unit = access.get(request.user, Act.EXTEND_DEADLINE, Unit.objects.select_related("authority"), pk=pk)
    if sector not in Sector.values or not unit.memberships.filter(sector=sector).exists():
        raise Http404
    now = clock.now()
    lawful = due_day(period)  # refuses what is no period at all
    form = form_here(ExtensionForm, request)
    if request.method == "POST" and form.is_valid():
        with beside(form):
            made = deadlines.extend(unit, sector, period, **form.cleaned_data, by=request.user, at=now)
            said = _("Extended to %(day)s. The unit has been informed.") % {"day": figures.day(made.due)}
            return done(request, said, "reporting:package", pk=made.package_id)
    own = {"package__unit": unit, "package__sector": sector, "package__period": period}
    context = {
        "unit": unit,
        "sector": Sector(sector),
        "period": period,
        "lawful": lawful,
        "due": deadlines.dues([unit.pk], calendar.local_day(now)).of(unit.pk, sector, period),
        "latest": deadlines.latest_possible(period, now),
        "granted": DeadlineExtension.objects.filter(**own).select_related("by").order_by("-pk"),
        "form": form,
    }
    return render(request, "reporting/deadline_extend.html", context, status=422 if form.is_bound else 200)


@access.page(Act.EXTEND_DEADLINE)
@require_GET
def board(request: SignedInRequest) -> HttpResponse:
    """Tick outstanding months of the year, or take all of one period that the filter leaves."""
    day = clock.today()
    year, sector = extending.year_and_sector(request, day.year)
    filtered = extending.units_here(request, sector, year)
    page = page_of(request, filtered.qs)
    rows = queries.months_of(page.object_list, sector, year, day)
    context = {
        "filter": filtered,
        "page": page,
        "year": year,
        "sector": Sector(sector),
        "periods": [card.period for card in rows[0][1]] if rows else [],
        "rows": [(unit, [(card, extending.is_open(card, day)) for card in cards]) for unit, cards in rows],
        "form": form_here(ExtensionForm, request),
    }
    return render(request, "reporting/deadlines_extend.html", context)


@confirming.shown_first(extending.EXTENSIONS)
@access.page(Act.EXTEND_DEADLINE)
@require_POST
def extend_many(request: SignedInRequest) -> HttpResponse:
    """Extend the deadlines of all months that were chosen to one day."""

    def extend(_row: None) -> str:
        form = ExtensionForm(request.POST)
        if not form.is_valid():
            raise Refusal(_("Type the new last day and the reason."))
        made = grant_many(extending.chosen(request), **form.cleaned_data, by=request.user, at=clock.now())
        said = ngettext(
            "The deadline of %(count)s month was extended.",
            "The deadlines of %(count)s months were extended.",
            len(made),
        )
        return said % {"count": len(made)}

    return confirming.confirm(
        request,
        extending.EXTENSIONS,
        find=lambda: None,
        do=extend,
        done=lambda said: done(request, said, "reporting:package_board"),
    )
