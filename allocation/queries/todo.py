"""What of allocation waits for a person: for each role a few set-based questions."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

from django.db.models import Q, QuerySet, Sum
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from allocation import balance_values, deductions, objections, runs
from allocation.compliance import notices, owed, surrender
from allocation.deductions import revocations
from allocation.models import (
    BalanceValue,
    Deduction,
    Differentiation,
    Letter,
    Notice,
    Objection,
    Release,
    Run,
    SurrenderRequest,
    TradeImport,
)
from allocation.queries import awaiting, gathered
from allocation.runs import deadlines, next_runs, redetermination
from allocation.scope import left_directory, runs_in_force
from allocation.withholding import releases
from registry.law.calendar import end_of, local_day
from registry.models import Authority, DirectoryEntry, Person
from registry.permissions.roles import Role
from registry.todo import Todo, by_urgency, pressing, url_of
from registry.values.figures import tonnes
from registry.values.sectors import Sector

__all__ = ["todos"]

Surrender = SurrenderRequest.State


def todos(person: Person, at: dt.datetime) -> list[Todo]:
    """What waits for the person at the instant, the most pressing first."""
    ask = _BY_ROLE.get(Role(person.role))
    return by_urgency(ask(person, local_day(at)) if ask else [])


def _clerk(person: Person, day: dt.date) -> Iterator[Todo]:
    """Duties with tonnes that are neither surrendered nor in an open request."""
    busy = Q(requests__state__in=[*SurrenderRequest.OPEN, Surrender.EXECUTED])
    own = owed.stated(Notice.objects.filter(unit=person.unit_id), end_of(day))
    returned = Objection.objects.filter(unit=person.unit_id, state=Objection.State.RETURNED)
    yield from gathered.objections(returned, _("Objections sent back: rewrite"), "due", day)
    yield from _own_requests(person)
    for notice in own.annotate(asked=Sum("requests__total", filter=busy, default=0)).order_by("deadline"):
        left = notice.due_then - notice.asked
        if left > 0:
            lacking = max(0, left - surrender.free(notice, day))
            coming = min(lacking, surrender.on_the_way(notice, day)) if lacking else 0
            yield Todo(
                _("Request surrender for %(year)s") % {"year": notice.year},
                1,
                reverse("allocation:surrender_ask", args=[notice.year]),
                notice.deadline,
                _left(left, lacking - coming, coming),
                pressing(notice.deadline, day),
            )


def _own_requests(person: Person) -> Iterator[Todo]:
    """The unit's requests that are under way: with whom each lies, and since when. Nothing to be done but to wait, or to press."""
    rows = SurrenderRequest.objects.filter(unit=person.unit_id, state__in=SurrenderRequest.OPEN)
    for row in rows.select_related("notice").order_by("notice__deadline", "pk"):
        said = {"tonnes": tonnes(row.total), "state": row.get_state_display(), "since": local_day(row.waits_since)}
        yield Todo(
            _("Surrender requested for %(year)s") % {"year": row.year},
            1,
            reverse("allocation:surrender", args=[row.pk]),
            row.notice.deadline,
            _("%(tonnes)s t: %(state)s, since %(since)s") % said,
            "info",
        )


def _left(left: int, lacking: int, coming: int) -> str:
    """What is still to be requested, and what of it the unit does not hold: because it isn't issued yet, or not at all."""
    said = {"left": tonnes(left), "lacking": tonnes(lacking), "coming": tonnes(coming)}
    if coming and lacking:
        return (
            _(
                "%(left)s t not yet requested, of which %(coming)s t are approved but not yet issued and %(lacking)s "
                "t must be bought first"
            )
            % said
        )
    if coming:
        return _("%(left)s t not yet requested, of which %(coming)s t are approved but not yet issued") % said
    if lacking >= left:
        return _("%(left)s t not yet requested, which must be bought first") % {"left": tonnes(left)}
    if lacking > 0:
        return _("%(left)s t not yet requested, of which %(lacking)s t must be bought first") % said
    return _("%(left)s t not yet requested") % {"left": tonnes(left)}


def _unit_approver(person: Person, day: dt.date) -> Iterator[Todo]:
    drafted = Objection.objects.filter(unit=person.unit_id, state=Objection.State.DRAFTED).exclude(drafted_by=person)
    yield from gathered.objections(drafted, _("Objections to file"), "due", day)
    own = SurrenderRequest.objects.filter(unit=person.unit_id).exclude(requested_by=person)
    yield from gathered.surrenders(own, Surrender.REQUESTED, _("Surrender requests to confirm"), day)


def _officer(person: Person, day: dt.date) -> Iterator[Todo]:
    own = list(Run.objects.filter(authority=person.authority_id).defer("manifest"))
    refused = [run for run in own if run.state == Run.State.REFUSED and run.prepared_by_id == person.pk]
    done = {(run.sector, run.year, run.kind) for run in own if run.state in (*Run.OPEN, Run.State.APPROVED)}
    again = [run for run in refused if (run.sector, run.year, run.kind) not in done]
    if again:
        yield Todo(_("Runs refused: prepare again"), len(again), gathered.run_url(again), tone="danger")
    yield from _ready(person, day, {(run.kind, run.sector, run.year) for run in again})
    yield from _again(person, day)
    standing, overtaken = _by_standing([run for run in own if run.state == Run.State.PREPARED], day)
    if overtaken:
        title = _("Stale runs: cancel and prepare again")
        yield Todo(title, len(overtaken), gathered.run_url(overtaken), tone="danger")
    yield from gathered.prepared_runs(standing, _("Runs awaiting your approver"), day, undated="info")
    yield from awaiting.of_officer(person.authority_id)
    letterless = list(
        runs_in_force.runs()
        .filter(authority=person.authority_id, letter__isnull=True)
        .defer("manifest")
        .order_by("year", "kind")
    )
    if letterless:
        first = letterless[0]
        page = f"{reverse('allocation:letter_write')}?kind={first.kind}&year={first.year}"
        due = deadlines.earliest_of((run.kind, run.year) for run in letterless if run.time == 1)
        yield Todo(_("Approved runs without a letter"), len(letterless), page, due, tone=pressing(due, day, "warn"))
    written = Letter.objects.filter(authority=person.authority_id)
    yield from gathered.letters(written, Letter.State.DRAFTED, _("Letters to send"), day)
    filed = Objection.objects.filter(unit__authority=person.authority_id, state=Objection.State.FILED)
    yield from gathered.objections(filed, _("Objections to answer"), "decide_by", day)
    if person.authority_id is not None:
        granted = objections.to_be_followed(person.authority_id)
        yield from gathered.objections(granted, _("Objections granted: re-determine the quota"), "", day)
    if free := releases.waiting(person.authority_id):
        mark = Differentiation.objects.filter(unit=free[0].account.held_for_id, year=free[0].vintage).first()
        page = reverse("allocation:differentiation", args=[mark.pk]) if mark else reverse("allocation:differentiations")
        yield Todo(_("Withheld quota to release"), len(free), page, tone="warn")
    determined = {run.year for run in own if (run.kind, run.state) == (Run.Kind.DETERMINATION, Run.State.APPROVED)}
    yield from _notices(person, determined, day)


def _ready(person: Person, day: dt.date, named: set[tuple[str, str, int]]) -> Iterator[Todo]:
    """The first run that can be prepared; the others follow it. `named` are those that the officer is told of already."""
    if person.authority is None:
        return
    found = next_runs.ready(person.authority, end_of(day))
    waiting = [each for each in found if (each.kind, each.sector, each.year) not in named]
    if waiting:
        first = waiting[0]
        page = f"{reverse('allocation:run_prepare')}?kind={first.kind}&sector={first.sector}&year={first.year}"
        names = {"kind": first.kind.label, "sector": Sector(first.sector).label, "year": first.year}
        yield Todo(
            _("Quota runs to prepare"),
            len(waiting),
            page,
            first.due,
            _("first %(kind)s %(year)s, %(sector)s") % names,
            pressing(first.due, day),
        )


def _again(person: Person, day: dt.date) -> Iterator[Todo]:
    """Quota that results have overtaken."""
    if person.authority is None:
        return
    if returning := revocations.to_be_returned(person.authority):
        page = reverse("allocation:deduction", args=[returning[0].pk])
        yield Todo(_("Revoked deductions to return with the next determination"), len(returning), page)
    yield from _left_directory(person.authority)
    found = redetermination.waiting(person.authority, end_of(day))
    if found:
        first = found[0]
        run = first.run
        of = {"kind": run.kind, "sector": run.sector, "year": str(run.year), "ground": str(first.ground)}
        names = {"sector": Sector(run.sector).label, "year": run.year}
        counts = {"changed": first.changed, "late": first.late}
        yield Todo(
            _("Quota to be re-determined"),
            len(found),
            f"{reverse('allocation:run_prepare')}?{urlencode(of)}",
            first.due,
            _("first %(sector)s %(year)s: %(changed)s changed, %(late)s late results") % {**names, **counts},
            pressing(first.due, day, "warn"),
        )


def _left_directory(authority: Authority) -> Iterator[Todo]:
    """Units that left the directory within its year after their quota was determined."""
    entries = left_directory.unfollowed(DirectoryEntry.objects.filter(unit__authority=authority)).order_by("year", "pk")
    found = list(entries.values_list("pk", "year", "unit__name"))
    if found:
        page = url_of([pk for pk, *_rest in found], "registry:directory_entry", "registry:directory", state="left")
        _pk, year, unit = found[0]
        detail = _("first %(unit)s, %(year)s") % {"unit": unit, "year": year}
        title = _("Units that left the directory after their quota was determined: re-determine or settle")
        yield Todo(title, len(found), page, detail=detail, tone="danger")


def _notices(person: Person, determined: Iterable[int], day: dt.date) -> Iterator[Todo]:
    """Those that can be sent for the years of which something is determined."""
    if person.authority is None:
        return
    for year in sorted(determined):
        ready = sum(each.is_ready for each in notices.outstanding(person.authority, year, day))
        if ready:
            page = f"{reverse('allocation:notices')}?{urlencode({'year': year})}"
            yield Todo(_("Compliance notices to send for %(year)s") % {"year": year}, ready, page, tone="warn")


def _approver(person: Person, day: dt.date) -> Iterator[Todo]:
    waiting = Run.objects.filter(authority=person.authority_id, state=Run.State.PREPARED).exclude(prepared_by=person)
    standing, _overtaken = _by_standing(waiting.defer("manifest"), day)
    yield from gathered.prepared_runs(standing, _("Runs to approve"), day)
    if entered := deductions.waiting(person.authority_id, person):
        keys, state = [row.pk for row in entered], Deduction.State.PROPOSED
        page = url_of(keys, "allocation:deduction", "allocation:deductions", state=state)
        yield Todo(_("Decisions on deductions to approve"), len(entered), page, tone="warn")
    if revoking := revocations.waiting(person.authority_id, person):
        page = reverse("allocation:deduction", args=[revoking[0].deduction_id])
        yield Todo(_("Revocations of deductions to approve"), len(revoking), page, tone="warn")
    marks = Differentiation.objects.filter(unit__authority=person.authority_id)
    open_ones = Q(state=Differentiation.State.PROPOSED) & ~Q(proposed_by=person)
    lifts = Q(state=Differentiation.State.APPROVED, lift_asked_by__isnull=False) & ~Q(lift_asked_by=person)
    yield from gathered.the_first(
        marks.filter(open_ones | lifts), _("Designations for differentiated issuance to decide on"), "differentiation"
    )
    asked = Release.objects.filter(unit__authority=person.authority_id, state=Release.State.PROPOSED)
    yield from gathered.the_first(
        asked.exclude(proposed_by=person), _("Releases of withheld quota to approve"), "release"
    )
    proposed = Objection.objects.filter(unit__authority=person.authority_id, state=Objection.State.PROPOSED)
    yield from gathered.objections(proposed.exclude(proposed_by=person), _("Objections to decide on"), "decide_by", day)
    own = SurrenderRequest.objects.filter(unit__authority=person.authority_id)
    yield from gathered.surrenders(own, Surrender.CONFIRMED, _("Surrender requests to approve"), day)


def _operator(person: Person, day: dt.date) -> Iterator[Todo]:
    yield from gathered.letters(
        Letter.objects.all(), Letter.State.SENT, _("Letters for which to prepare the issue"), day
    )
    own = TradeImport.objects.filter(proposed_by=person)
    # Whoever has proposed another table since has seen to it.
    last = own.order_by("-proposed_at").values("proposed_at")[:1]
    refused = own.filter(state=TradeImport.State.REFUSED, decided_at__gt=last)
    yield from gathered.tables_of_trades(refused, _("Tables of trades refused: propose again"), "danger")
    yield from awaiting.of_operator()
    yield from gathered.surrenders(
        SurrenderRequest.objects.all(), Surrender.APPROVED, _("Surrender requests to execute"), day
    )
    yield from _releases()


def _registrar_approver(person: Person, day: dt.date) -> Iterator[Todo]:
    others = Letter.objects.exclude(prepared_by=person)
    yield from gathered.letters(others, Letter.State.PREPARED, _("Issues to execute"), day)
    waiting = TradeImport.objects.filter(state=TradeImport.State.PROPOSED).exclude(proposed_by=person)
    yield from gathered.tables_of_trades(waiting, _("Tables of trades to execute"), "warn")
    yield from gathered.surrenders(
        SurrenderRequest.objects.all(), Surrender.APPROVED, _("Surrender requests to execute"), day
    )
    yield from _releases()


def _ministry_analyst(_person: Person, day: dt.date) -> Iterator[Todo]:
    """The first value that can be computed, pressing once every line of the country has its result."""
    yield from _computed(day)
    wanted = next_runs.wanted_values(end_of(day))
    if wanted:
        first = wanted[0]
        names = {"sector": Sector(first.sector).label, "year": first.year, "missing": first.missing}
        yield Todo(
            _("Balance values to compute"),
            len(wanted),
            f"{reverse('allocation:balance_values')}?sector={first.sector}&year={first.year}",
            None,
            _("first %(sector)s %(year)s; lines without a verified result: %(missing)s") % names,
            "info" if first.missing else "warn",
        )


def _computed(day: dt.date) -> Iterator[Todo]:
    """Computed values that wait to be published; and those that can't be any more: whoever computes them must do it again."""
    computed = list(_computed_values())
    overtaken = [value for value in computed if balance_values.stale(value, end_of(day))]
    yield from awaiting.of_analyst([value for value in computed if value not in overtaken])
    if overtaken:
        page = url_of([value.pk for value in overtaken], "allocation:balance_value", "allocation:balance_values")
        names = {"sector": Sector(overtaken[0].sector).label, "year": overtaken[0].year}
        detail = _("first %(sector)s %(year)s: results, directory or plan have changed since") % names
        yield Todo(_("Balance values to recompute"), len(overtaken), page, None, detail, "danger")


def _computed_values() -> QuerySet[BalanceValue]:
    return BalanceValue.objects.filter(state=BalanceValue.State.COMPUTED).order_by("-pk").defer("report")


def _ministry_approver(person: Person, day: dt.date) -> Iterator[Todo]:
    computed = _computed_values().exclude(computed_by=person)
    waiting = [value for value in computed if not balance_values.stale(value, end_of(day))]
    if waiting:
        # Of each sector and year the one computed last, of which a list has the first.
        keys = list({(value.sector, value.year): value.pk for value in reversed(waiting)}.values())
        page = url_of(keys, "allocation:balance_value", "allocation:balance_values")
        yield Todo(_("Balance values to publish"), len(keys), page, tone="warn")


def _by_standing(prepared: Iterable[Run], day: dt.date) -> tuple[list[Run], list[Run]]:
    """Prepared runs that can still be approved, and those that can't because they would be made from something else now."""
    standing: list[Run] = []
    overtaken: list[Run] = []
    for run in prepared:
        (overtaken if runs.standing_of(run, end_of(day)).stale else standing).append(run)
    return standing, overtaken


def _releases() -> Iterator[Todo]:
    approved = Release.objects.filter(state=Release.State.APPROVED)
    yield from gathered.the_first(approved, _("Releases of withheld quota to execute"), "release")


_BY_ROLE: dict[Role, Callable[[Person, dt.date], Iterator[Todo]]] = {
    Role.UNIT_CLERK: _clerk,
    Role.UNIT_APPROVER: _unit_approver,
    Role.PROVINCIAL_OFFICER: _officer,
    Role.PROVINCIAL_APPROVER: _approver,
    Role.REGISTRAR_OPERATOR: _operator,
    Role.REGISTRAR_APPROVER: _registrar_approver,
    Role.MINISTRY_ANALYST: _ministry_analyst,
    Role.MINISTRY_APPROVER: _ministry_approver,
}
