"""What allocation tells units."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.urls import reverse

from allocation.models import (
    AdjustmentNotice,
    BalanceValue,
    Deduction,
    Differentiation,
    Letter,
    Objection,
    Release,
    Revocation,
    Run,
    SurrenderRequest,
    TradeImport,
)
from allocation.scope import after_objection
from allocation.scope.movements import Moved
from allocation.scope.trade_totals import UnitTotal
from registry import notifications
from registry.law.calendar import as_term
from registry.models import Person
from registry.notifications.events import proposal_decided, proposal_withdrawn
from registry.permissions.roles import UNIT_ROLES, Role
from registry.values import figures
from registry.values.bilingual import in_language
from registry.values.sectors import Sector

__all__ = [
    "balance_value_published",
    "decided",
    "decisions_approved",
    "deduction_revoked",
    "deductions_approved",
    "differentiation_changed",
    "letter_executed",
    "notices_sent",
    "objection_decided",
    "objection_filed",
    "objection_returned",
    "objection_sent_back",
    "objection_withdrawn",
    "objections_followed",
    "quota_adjusted",
    "quota_approved",
    "quota_issued",
    "quota_released",
    "say_balance_value",
    "say_run",
    "surrender_decided",
    "surrender_withdrawn",
    "trades_booked",
]

Message = tuple[str, str, str, dict[str, Any]]  # kind, key, link, params
_PAGES = {
    Deduction: "deduction",
    Differentiation: "differentiation",
    Release: "release",
    Run: "run",
    TradeImport: "trade_import",
}


def decided(
    row: Deduction | Differentiation | Release | Revocation | Run | TradeImport,
    proposed_by: Person | None,
    act: str,
    at: dt.datetime,
    *,
    approved: bool,
) -> None:
    """Whoever proposed it learns what became of it; `act` is the journal's code of proposing."""
    shown = row.deduction if isinstance(row, Revocation) else row
    link = reverse(f"allocation:{_PAGES[type(shown)]}", args=[shown.pk])
    what = _what(row) if isinstance(row, Run) else str(row)
    proposal_decided(proposed_by, row, act, what, link, at, approved=approved)


def cancelled(run: Run, at: dt.datetime, *, by: Person) -> None:
    """Whoever prepared a run learns that a colleague cancelled it."""
    link = reverse("allocation:run", args=[run.pk])
    proposal_withdrawn(run.prepared_by, run, "run.prepared", _what(run), link, at, by=by)


def balance_value_published(bv: BalanceValue, at: dt.datetime) -> None:
    """Whoever had it computed learns that it is published."""
    what = {"balance_value": [bv.sector, bv.year, f"{bv.value:f}"]}
    link = reverse("allocation:balance_value", args=[bv.pk])
    proposal_decided(bv.computed_by, bv, "balance_value.computed", what, link, at, approved=True)


def _what(run: Run) -> dict[str, Any]:
    authority = run.authority
    return {"run": [run.kind, run.year, run.sector, authority.name_zh, authority.name_en]}


def say_run(named: Sequence[Any]) -> str:
    """A run as `_what` names it."""
    kind, year, sector, zh, en = named
    return f"{Run.Kind(kind).label} {year} · {Sector(sector).label} · {in_language(zh, en)}"


def say_balance_value(named: Sequence[Any]) -> str:
    """A balance value: of which sector and year, and how much."""
    sector, year, value = named
    return f"{Sector(sector).label} {year} · {value}"


def decisions_approved(rows: Iterable[Deduction], act: str, at: dt.datetime) -> None:
    """Whoever entered decisions learns that they are in force: all at once, however many."""
    told = [
        notifications.Told(
            row.proposed_by_id,
            "proposal.approved",
            f"proposal.approved:{row._meta.label_lower}:{row.pk}",
            reverse("allocation:deduction", args=[row.pk]),
            {"act": act, "what": row.number},
        )
        for row in rows
        if row.proposed_by.is_active
    ]
    notifications.notify_all(told, at)


def _people(units: Iterable[int]) -> Iterable[Person]:
    """Both seats of the units; of each person only what telling asks for."""
    return Person.objects.filter(unit__in=units, role__in=UNIT_ROLES).only("unit", "is_active")


def _each_unit(units: Iterable[int], told: Callable[[int], Iterable[Message]], at: dt.datetime) -> None:
    """The people of each unit learn what is `told` of it alone."""
    people = [(person.pk, person.unit_id) for person in _people(units) if person.is_active]
    every = (notifications.Told(pk, *one) for pk, unit in people if unit is not None for one in told(unit))
    notifications.notify_all(every, at)


def quota_issued(letter: Letter, units: Mapping[int, Moved], at: dt.datetime) -> None:
    """Each unit's people learn where its own tonnes went: each of what was credited, withheld and taken back is a message of its own."""
    of, link = {"year": str(letter.year), "number": letter.number}, reverse("allocation:quota")
    _each_unit(
        units,
        lambda unit: (
            (kind, f"{kind}:{letter.pk}:{at.isoformat()}", link, of | said) for kind, said in _moves(units[unit])
        ),
        at,
    )


def _moves(one: Moved) -> Iterator[tuple[str, dict[str, str]]]:
    """The kinds of message that tell what moved for a unit, with their figures."""
    if one.credited:
        yield "quota.credited", {"tonnes": figures.tonnes(one.credited)}
    if one.withheld:
        yield "quota.withheld", {"tonnes": figures.tonnes(one.withheld)}
    if one.owed:
        yield "quota.owed_back", {"tonnes": figures.tonnes(one.taken_back), "owed": figures.tonnes(one.owed)}
    elif one.taken_back:
        yield "quota.taken_back", {"tonnes": figures.tonnes(one.taken_back)}
    if not (one.credited or one.withheld or one.taken_back or one.owed):
        yield "quota.unchanged", {}


def quota_adjusted(sent: Sequence[AdjustmentNotice], run: Run, at: dt.datetime) -> None:
    """Each unit's people learn of its own notice."""
    notices = {row.unit_id: row for row in sent}

    def told(unit: int) -> Iterator[Message]:
        notice = notices[unit]
        said = {"year": str(run.year), "sector": run.sector, "number": notice.number}
        link = reverse("allocation:adjustment", args=[notice.pk])
        yield "quota.adjusted", f"quota.adjusted:{notice.pk}", link, said

    _each_unit(notices, told, at)


def letter_executed(letter: Letter, at: dt.datetime) -> None:
    """Whoever sent it, and whoever prepared its issue."""
    people = [person for person in (letter.sent_by, letter.prepared_by) if person is not None]
    link = reverse("allocation:letter", args=[letter.pk])
    notifications.notify(people, "letter.executed", f"letter.executed:{letter.pk}", {"number": letter.number}, link, at)


def quota_approved(run: Run, units: Iterable[int], due: dt.date | None, at: dt.datetime) -> None:
    """The day from which the term for objections counts."""
    said = {"year": str(run.year), "sector": run.sector, "due": figures.stored_day(due)}
    notifications.notify(
        _people(units), "quota.approved", f"quota.approved:{run.pk}", said, reverse("allocation:quota"), at
    )


def objection_filed(objection: Objection, at: dt.datetime) -> None:
    """The province's officers: one of them proposes the decision."""
    run = objection.settlement.run
    officers = Person.objects.filter(authority=run.authority_id, role=Role.PROVINCIAL_OFFICER)
    _objection(objection, "objection.filed", officers, at)


def objection_returned(objection: Objection, at: dt.datetime) -> None:
    """Whoever wrote it; each time."""
    _objection(objection, "objection.returned", [objection.drafted_by], at)


def objection_withdrawn(objection: Objection, at: dt.datetime) -> None:
    """Those of the province who had it before them, and whoever wrote it where somebody else took it back."""
    if objection.withdrawn_by is not None:
        link = reverse("allocation:objection", args=[objection.pk])
        of, by = str(objection.unit), objection.withdrawn_by
        proposal_withdrawn(objection.drafted_by, objection, "objection.drafted", of, link, at, by=by)
    if objection.filed_at is None:
        return
    seats = (Role.PROVINCIAL_OFFICER, Role.PROVINCIAL_APPROVER)
    people = Person.objects.filter(authority=objection.settlement.run.authority_id, role__in=seats)
    _objection(objection, "objection.withdrawn", people, at)


def objection_sent_back(objection: Objection, at: dt.datetime) -> None:
    """Whoever proposed the decision; each time."""
    people = [objection.proposed_by] if objection.proposed_by else []
    _objection(objection, "objection.sent_back", people, at)


def objection_decided(objection: Objection, at: dt.datetime) -> None:
    """The unit, granted or refused as its state says; and whoever proposed it, that it was decided so."""
    _objection(objection, f"objection.{objection.state}", _people([objection.unit_id]), at)
    link, of = reverse("allocation:objection", args=[objection.pk]), str(objection.unit)
    proposal_decided(objection.proposed_by, objection, "objection.proposed", of, link, at, approved=True)


def objections_followed(run: Run, objections: Iterable[Objection], at: dt.datetime) -> None:
    """Each unit whose granted objection a run has followed, with the figures; those for which it changed nothing aren't told."""
    for objection in objections:
        if found := after_objection.of_run(objection, run):
            said = {
                "year": str(run.year),
                "sector": run.sector,
                "before": figures.tonnes(found.quota_before),
                "after": figures.tonnes(found.quota_after),
                "due_before": figures.tonnes(found.due_before),
                "due_after": figures.tonnes(found.due_after),
            }
            link = reverse("allocation:objection", args=[objection.pk])
            people, key = _people([objection.unit_id]), f"objection.followed:{objection.pk}"
            notifications.notify(people, "objection.followed", key, said, link, at)


def deduction_revoked(row: Revocation, tonnes: int, at: dt.datetime) -> None:
    """Both seats of the unit; `tonnes` are still to be returned."""
    deduction = row.deduction
    said = {"decision": deduction.number, "number": row.number, "tonnes": figures.tonnes(tonnes)}
    url = reverse("allocation:deduction", args=[deduction.pk])
    people = _people([deduction.unit_id])
    notifications.notify(people, "deduction.revoked", f"deduction.revoked:{row.pk}", said, url, at)


def deductions_approved(rows: Iterable[Deduction], at: dt.datetime) -> None:
    """Both seats of every unit from whose quota something is to be cut."""
    by_unit: dict[int, list[Deduction]] = {}
    for row in rows:
        by_unit.setdefault(row.unit_id, []).append(row)

    def told(unit: int) -> Iterator[Message]:
        for row in by_unit[unit]:
            said = {"number": row.number, "tonnes": figures.tonnes(row.tonnes), "sector": row.sector}
            link = reverse("allocation:deduction", args=[row.pk])
            yield "deduction.approved", f"deduction.approved:{row.pk}", link, said

    _each_unit(by_unit, told, at)


def differentiation_changed(mark: Differentiation, at: dt.datetime) -> None:
    """Marked or lifted, as its state says."""
    kind = f"differentiation.{mark.state}"
    said = {"year": str(mark.year), "sector": mark.sector}
    link = reverse("allocation:differentiation", args=[mark.pk])
    notifications.notify(_people([mark.unit_id]), kind, f"{kind}:{mark.pk}", said, link, at)


def quota_released(release: Release, at: dt.datetime) -> None:
    said = {"year": str(release.year), "tonnes": figures.tonnes(release.tonnes), "number": release.number}
    link = reverse("allocation:quota")
    notifications.notify(_people([release.unit_id]), "quota.released", f"quota.released:{release.pk}", said, link, at)


def _objection(objection: Objection, kind: str, people: Iterable[Person], at: dt.datetime) -> None:
    run = objection.settlement.run
    said = {
        "unit": str(objection.unit),
        "year": str(run.year),
        "sector": run.sector,
        "due": figures.stored_day(as_term(objection.deadline())),
    }
    link = reverse("allocation:objection", args=[objection.pk])
    notifications.notify(people, kind, f"{kind}:{objection.pk}:{at.isoformat()}", said, link, at)


def trades_booked(totals: Iterable[UnitTotal], imported: TradeImport, at: dt.datetime) -> None:
    """Buyers and sellers learn what a table of trades has moved in their account."""
    by_unit = {row.account.unit_id: row for row in totals if row.account.unit_id is not None}

    def told(unit: int) -> Iterator[Message]:
        row = by_unit[unit]
        said = {"bought": figures.tonnes(row.bought), "sold": figures.tonnes(row.sold)}
        link = reverse("allocation:account", args=[row.account.pk])
        yield "trades.booked", f"trades.booked:{imported.pk}", link, said

    _each_unit(by_unit, told, at)


def notices_sent(units: Iterable[int], year: int, due: dt.date, at: dt.datetime) -> None:
    """A unit has one notice a year, so the year names it."""
    said = {"year": str(year), "due": due.isoformat()}
    notifications.notify(_people(units), "notice.sent", f"notice.sent:{year}", said, reverse("allocation:quota"), at)


def surrender_decided(request: SurrenderRequest, at: dt.datetime) -> None:
    """Approved, executed or refused, as its state says; refused by the registrar, the province's approver is told as well."""
    kind = f"surrender.{request.state}"
    link = reverse("allocation:surrender", args=[request.pk])
    said = {"year": str(request.year), "tonnes": figures.tonnes(request.total)}
    notifications.notify(_people([request.unit_id]), kind, f"{kind}:{request.pk}", said, link, at)
    if request.state == SurrenderRequest.State.REFUSED and (approver := request.approved_by) is not None:
        kind, said = "surrender.refused_after", {**said, "unit": str(request.unit)}
        notifications.notify([approver], kind, f"{kind}:{request.pk}", said, link, at)


def surrender_withdrawn(request: SurrenderRequest, at: dt.datetime) -> None:
    """Those who had signed it: the unit's approver and the province's; and whoever requested it where somebody else took it back."""
    people = [person for person in (request.confirmed_by, request.approved_by) if person is not None]
    said = {"unit": str(request.unit), "year": str(request.year), "tonnes": figures.tonnes(request.total)}
    link = reverse("allocation:surrender", args=[request.pk])
    if request.ended_by is not None:
        by, of = request.ended_by, f"{request.unit} {request.year}"
        proposal_withdrawn(request.requested_by, request, "surrender.requested", of, link, at, by=by)
    notifications.notify(people, "surrender.withdrawn", f"surrender.withdrawn:{request.pk}", said, link, at)
