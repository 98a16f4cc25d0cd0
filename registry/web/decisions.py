"""What a second person's approval in the registry is about to do: an entry or exit of the directory, a threshold, a year's working days.

Refusing has no page before it: a reason is typed first, and what was refused can be proposed again.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registry import access, parameters, two_people
from registry.access import SignedInRequest
from registry.directory import figures, many, standing
from registry.law import NotInForceError, Parameter, clock
from registry.models import DirectoryEntry, ParameterChange, WorkingYear
from registry.parameters import working_years
from registry.parameters.values import read
from registry.permissions import Act
from registry.refusal import Refusal
from registry.templatetags.law import law_name, threshold
from registry.values.figures import DASH, day, tonnes
from registry.web import confirming
from registry.web.acting import done
from registry.web.confirming import Change, Consequence, Consequential
from registry.web.reasons import DecisionForm

__all__ = ["ENTRIES", "ENTRY", "MOST", "THRESHOLD", "WORKING_DAYS", "chosen_entries", "decided", "waiting_entries"]

State = DirectoryEntry.State

# So many entries are shown and approved at once; the others follow once these are done.
MOST = 300


def decided(
    request: SignedInRequest,
    asks: Consequential,
    row: Any,
    form: DecisionForm,
    do: Callable[[], object],
    to: str,
) -> HttpResponse:
    """The answer to a valid decision: a refusal is done at once, an approval shown first."""
    said = _("Decided and recorded.")

    def press(_row: Any) -> str:
        do()
        return said

    if not form.given()["approve"]:
        return done(request, press(row), to, pk=row.pk)
    return confirming.confirm(
        request, asks, find=lambda: row, do=press, done=lambda words: done(request, words, to, pk=row.pk)
    )


def waiting_entries(request: SignedInRequest) -> list[DirectoryEntry]:
    """The proposed entries that the person may decide on."""
    rows = access.scoped(request.user, Act.APPROVE_DIRECTORY, DirectoryEntry.objects.select_related("unit"))
    rows = rows.filter(state=State.PROPOSED).exclude(proposed_by=request.user.pk)
    return list(rows.select_related("unit", "proposed_by").order_by("-year", "unit__name", "sector", "pk")[:MOST])


def chosen_entries(request: SignedInRequest) -> list[DirectoryEntry]:
    """Those of them that were ticked; raises where they aren't what the page with the boxes showed."""
    waiting = waiting_entries(request)
    ticked = {int(key) for key in request.POST.getlist("entry") if key.isdecimal()}
    chosen = [entry for entry in waiting if entry.pk in ticked]
    if not chosen or len(chosen) != len(ticked):
        raise Refusal(_("Choose at least one entry that is still waiting."))
    if request.POST.get("shown") != many.seal_of(waiting):
        raise Refusal(_("What was proposed has changed since this page was opened. Look at it again."))
    return chosen


def _approving_entry(request: SignedInRequest, row: DirectoryEntry) -> Consequence:
    two_people.refuse_same(request.user, row.proposed_by_id)
    leaving = row.state == State.EXIT_PROPOSED
    said = {"unit": row.unit, "year": row.year}
    if leaving:
        standing.refuse_unseen(row, request.POST.get("seen", ""), clock.now())
    facts: list[tuple[str, object]] = [(_("Unit"), row.unit), (_("Sector"), row.get_sector_display())]
    if leaving:
        facts += [(_("Leaves on"), day(row.left_on)), (_("Ground"), row.get_exit_ground_display())]
    else:
        facts += [(_("Entered on"), day(row.entered_on)), (_("Ground"), row.get_entry_ground_display())]
    return Consequence(
        (
            _("You are about to approve that %(unit)s leaves the directory of %(year)s")
            if leaving
            else _("You are about to approve the entry of %(unit)s in the directory of %(year)s")
        )
        % said,
        _("Approve the exit") if leaving else _("Approve the entry"),
        facts=[*facts, *_known(row), (_("Proposed by"), row.proposed_by)],
        typed=_reason(request),
        changes=[
            Change(_("State"), str(row.get_state_display()), str((State.LEFT if leaving else State.LISTED).label))
        ],
        touches=[str(row.unit)],
        final=str(_LEAVES if leaving else _STAYS),
    )


def _known(row: DirectoryEntry) -> list[tuple[str, object]]:
    """What was verified of the unit year by year, and for an exit what rests on its being listed."""
    now = clock.now()
    label = _("Verified emissions %(year)s (t)")
    verified: list[tuple[str, object]] = [
        (label % {"year": year}, tonnes(amount)) for year, amount in figures.verified(row.unit, now).items()
    ]
    resting = standing.figures(row, now) if row.state == State.EXIT_PROPOSED else []
    return verified + [(one.label, one.value) for one in resting]


def _approving_entries(request: SignedInRequest, _row: None) -> Consequence:
    chosen = chosen_entries(request)
    title = ngettext(
        "You are about to approve %(count)s entry in the directory",
        "You are about to approve %(count)s entries in the directory",
        len(chosen),
    )
    years = sorted({entry.year for entry in chosen})
    listed = DirectoryEntry.objects.filter(unit__authority=request.user.authority_id, state=State.LISTED)
    label = _("Units and sectors listed in %(year)s")
    changes = []
    for year in years:
        now = listed.filter(year=year).count()
        changes.append(Change(label % {"year": year}, now, now + sum(entry.year == year for entry in chosen)))
    return Consequence(
        title % {"count": len(chosen)},
        _("Approve the entries"),
        changes=changes,
        touches=[
            f"{entry.unit} · {entry.year} · {entry.get_sector_display()} · {entry.get_entry_ground_display()}"
            for entry in chosen
        ],
        final=str(_STAYS),
    )


def _approving_threshold(request: SignedInRequest, row: ParameterChange) -> Consequence:
    if hasattr(row, "decision") or hasattr(row, "withdrawal"):
        raise Refusal(_("It is no longer waiting for a decision."))
    two_people.refuse_same(request.user, row.proposed_by_id)
    now = clock.now()
    parameter = parameters.law(row.book, now).get(row.parameter)
    if parameter is None:
        raise Refusal(_("There is no such threshold any more."))
    found = parameters.effect_of(row.book, row.parameter, read(row.value), now)
    effect = (
        [Change(_("Findings of %(period)s") % {"period": found.period}, found.before, found.after)] if found else []
    )
    return Consequence(
        _("You are about to approve a change of “%(name)s”") % {"name": law_name(parameter)},
        _("Approve the change"),
        facts=[
            (_("In force from"), day(row.since)),
            (_("Reason"), row.reason),
            (_("Proposed by"), row.proposed_by),
        ],
        typed=_reason(request),
        changes=[Change(law_name(parameter), _in_force(parameter), threshold(row.value, parameter)), *effect],
        final=_("A value in force is never changed; another one can be put in its place from a later day."),
    )


def _in_force(parameter: Parameter) -> str:
    try:
        return threshold(parameter.at(clock.today()).value, parameter)
    except NotInForceError:
        return DASH


def _approving_days(request: SignedInRequest, row: WorkingYear) -> Consequence:
    if hasattr(row, "decision"):
        raise Refusal(_("It is no longer waiting for a decision."))
    two_people.refuse_same(request.user, row.proposed_by_id)
    return Consequence(
        _("You are about to approve the working days of %(year)s") % {"year": row.year},
        _("Approve the working days"),
        facts=[
            (_("Holidays"), working_years.written(row.off)),
            (_("Make-up working days"), working_years.written(row.worked) or DASH),
            (_("Notice"), row.notice),
            (_("Proposed by"), row.proposed_by),
        ],
        typed=_reason(request),
        changes=[Change(_("Days of holidays in %(year)s") % {"year": row.year}, None, len(row.off))],
        touches=[_("Every term that is counted in working days of that year")],
        final=_("A year's working days are entered once; they can't be changed afterwards."),
    )


def _reason(request: SignedInRequest) -> list[tuple[str, object]]:
    """What the second person wrote beside the approval, if anything."""
    reason = request.POST.get("reason", "").strip()
    return [(_("Reason for the decision"), reason)] if reason else []


def _entry_page(row: DirectoryEntry | None) -> str:
    """The entry's page; of many the list."""
    return reverse("registry:directory_entry", args=[row.pk]) if row else reverse("registry:directory")


_STAYS = gettext_lazy(
    "A listed unit files months, control plan and annual report; it leaves only by an exit with a day and a ground."
)
_LEAVES = gettext_lazy("The unit is no longer in that directory; a later year lists it only by a new entry.")
_TOLD = gettext_lazy("The unit and the person who proposed it are told.")

ENTRY = Consequential(
    _approving_entry,
    ["directory.decided"],
    [State.PROPOSED, State.EXIT_PROPOSED],
    page=_entry_page,
    then=_TOLD,
)
ENTRIES = Consequential(
    _approving_entries,
    ["directory.decided"],
    page=_entry_page,
    then=_TOLD,
)
THRESHOLD = Consequential(
    _approving_threshold,
    ["parameter.approved"],
    page=lambda row: reverse("registry:parameter_change", args=[row.pk]),
    then=gettext_lazy("It counts for what is checked from the day on; what was checked before stays."),
)
WORKING_DAYS = Consequential(
    _approving_days,
    ["working_year.approved"],
    page=lambda row: reverse("registry:working_year", args=[row.pk]),
    then=gettext_lazy("Terms in working days of that year are counted by it."),
)
