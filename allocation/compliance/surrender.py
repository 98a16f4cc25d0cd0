"""Surrender 清缴: requested by the unit's clerk, confirmed by its approver, approved by the province, executed by the registrar.

The tonnes of an open request are reserved, so they can't be sold or promised twice. What the province withholds for the unit is drawn on
first, its own account for the rest. Executing moves them to the retired account; what completes the year's duty brings the certificate.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _

from allocation import ledger, notifications
from allocation.compliance import certificates, owed
from allocation.ledger import Posting, Share, accounts
from allocation.models import (
    Account,
    Holding,
    Letter,
    Notice,
    Settlement,
    SurrenderItem,
    SurrenderRequest,
    Transaction,
    WithheldItem,
)
from allocation.plans import usable_vintages
from allocation.scope import runs_in_force
from registry import journal, two_people
from registry.access import acting
from registry.database import locking
from registry.law.calendar import local_day
from registry.models import Person, Unit
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values.bilingual import listed
from registry.values.figures import tonnes

__all__ = [
    "Left",
    "approve",
    "confirm",
    "execute",
    "free",
    "left_after",
    "on_the_way",
    "open_requests",
    "open_tonnes",
    "refuse",
    "request",
    "surrendered",
    "vintages",
    "withdraw",
]

State = SurrenderRequest.State


def vintages(notice: Notice, day: dt.date) -> tuple[int, ...]:
    """The vintages that may settle the notice's year on `day`, by the plans (allocation.md §5)."""
    return usable_vintages.vintages(notice.sector, notice.year, day)


def free(notice: Notice, day: dt.date) -> int:
    """Tonnes that could be requested for the notice now: the unit's own and those withheld for it, of what settles it on `day`."""
    own = Q(account__unit=notice.unit_id) | Q(account__held_for=notice.unit_id)
    rows = Holding.objects.filter(own, vintage__in=vintages(notice, day))
    return int(rows.aggregate(free=Sum(F("amount") - F("reserved"), default=0))["free"])


def on_the_way(notice: Notice, day: dt.date) -> int:
    """Tonnes of what settles it that are approved for the unit and not issued yet."""
    rows = Settlement.objects.filter(
        unit=notice.unit_id, run__in=runs_in_force.runs(), run__year__in=vintages(notice, day)
    )
    waiting = rows.filter(issued_now__gt=0).exclude(run__letter__state=Letter.State.EXECUTED)
    return int(waiting.aggregate(tonnes=Sum("issued_now", default=0))["tonnes"])


def surrendered(notice: Notice) -> int:
    """Tonnes surrendered for the notice so far."""
    return _total(notice, [State.EXECUTED])


@dataclass(frozen=True, slots=True)
class Left:
    """A vintage of a request under way: what the unit holds of it, also withheld, and what is left once all that is reserved is gone."""

    vintage: int
    quantity: int
    held: int
    left: int


def left_after(request: SurrenderRequest) -> list[Left]:
    """By vintage of the request. Two queries."""
    own = Q(account__unit=request.unit_id) | Q(account__held_for=request.unit_id)
    rows = Holding.objects.filter(own).order_by().values_list("vintage")
    held = {
        vintage: (amount, amount - reserved)
        for vintage, amount, reserved in rows.annotate(Sum("amount"), Sum("reserved"))
    }
    return [Left(item.vintage, item.quantity, *held.get(item.vintage, (0, 0))) for item in request.items.all()]


def open_tonnes(notice: Notice) -> int:
    """Tonnes in open requests for the notice."""
    return _total(notice, list(SurrenderRequest.OPEN))


def open_requests(unit: Unit) -> dict[int, list[SurrenderRequest]]:
    """The unit's requests that are under way, by the year that they are for. One query."""
    found: dict[int, list[SurrenderRequest]] = {}
    for row in SurrenderRequest.objects.filter(unit=unit, state__in=SurrenderRequest.OPEN).order_by("pk"):
        found.setdefault(row.year, []).append(row)
    return found


def _total(notice: Notice, states: list[SurrenderRequest.State]) -> int:
    return sum(notice.requests.filter(state__in=states).values_list("total", flat=True))


@acting(Act.REQUEST_SURRENDER)
@transaction.atomic
def request(unit: Unit, year: int, quantities: dict[int, int], *, by: Person, at: dt.datetime) -> SurrenderRequest:
    """Ask to surrender tonnes by vintage for a year; reserves them. Also taken after the deadline, while tonnes are missing."""
    notice = Notice.objects.filter(unit=unit, year=year).order_by("pk").first()
    if notice is None:
        raise Refusal(_("No compliance notice for %(year)s has been sent yet, so nothing is due.") % {"year": year})
    wanted = {vintage: quantity for vintage, quantity in quantities.items() if quantity}
    if not wanted or any(quantity < 0 for quantity in wanted.values()):
        raise Refusal(_("Enter how many whole tonnes of which vintage are to be surrendered."))
    if foreign := sorted(set(wanted) - set(vintages(notice, local_day(at)))):
        message = _("Vintage %(vintages)s can't be used for %(year)s compliance.")
        raise Refusal(message % {"vintages": listed(foreign), "year": year})
    shares = _shares(unit, wanted, at)
    ledger.reserve_all(shares)  # locks the accounts: two requests of the unit can't both see the same tonnes due
    left = owed.due(notice, at) - _total(notice, [State.EXECUTED, *SurrenderRequest.OPEN])
    if sum(wanted.values()) > left:
        message = _("Only %(left)s t are still to be requested for %(year)s (open requests count).")
        raise Refusal(message % {"left": tonnes(max(left, 0)), "year": year})
    made = SurrenderRequest.objects.create(
        unit=unit, notice=notice, year=year, total=sum(wanted.values()), requested_by=by, requested_at=at
    )
    SurrenderItem.objects.bulk_create(
        [SurrenderItem(request=made, vintage=vintage, quantity=wanted[vintage]) for vintage in sorted(wanted)]
    )
    WithheldItem.objects.bulk_create(
        WithheldItem(request=made, vintage=vintage, quantity=quantity)
        for account, vintage, quantity in shares
        if account.kind == Account.Kind.WITHHELD
    )
    journal.record("surrender.requested", made, by=by, at=at, year=year, quantities=_written(wanted))
    return made


@acting(Act.CONFIRM_SURRENDER)
@transaction.atomic
def confirm(request: SurrenderRequest, *, declared: str = "", by: Person, at: dt.datetime) -> SurrenderRequest:
    """The unit's approver stands for the request; it goes to the province. `declared`: the wording under which they did."""
    request = _locked(request, State.REQUESTED)
    two_people.refuse_same(by, request.requested_by_id)
    _refuse_beyond(request, owed.due(request.notice, at))
    request.state, request.confirmed_by, request.confirmed_at = State.CONFIRMED, by, at
    request.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    facts: dict[str, Any] = {"year": request.year, "total": request.total, "declared": declared}
    journal.record("surrender.confirmed", request, by=by, at=at, **facts)
    return request


@acting(Act.APPROVE_SURRENDER)
@transaction.atomic
def approve(request: SurrenderRequest, *, by: Person, at: dt.datetime) -> SurrenderRequest:
    """The province approves; it goes to the registrar."""
    request = _locked(request, State.CONFIRMED)
    two_people.refuse_same(by, request.requested_by_id, request.confirmed_by_id)
    _refuse_beyond(request, owed.due(request.notice, at))
    request.state, request.approved_by, request.approved_at = State.APPROVED, by, at
    request.save(update_fields=["state", "approved_by", "approved_at"])
    notifications.surrender_decided(request, at)
    journal.record("surrender.approved", request, by=by, at=at, year=request.year, total=request.total)
    return request


@acting(Act.EXECUTE_SURRENDER)
@transaction.atomic
def execute(request: SurrenderRequest, *, by: Person, at: dt.datetime) -> SurrenderRequest:
    """The registrar moves the reserved tonnes to the retired account; in full, the unit gets its certificate."""
    request = _locked(request, State.APPROVED)
    two_people.refuse_same(by, request.requested_by_id, request.confirmed_by_id, request.approved_by_id)
    due = owed.due(request.notice, at)
    _refuse_beyond(request, due)
    retired, shares = accounts.retired(at), _reserved(request, at)
    entries = [
        Posting(place, vintage, sign * quantity)
        for account, vintage, quantity in shares
        for place, sign in ((account, -1), (retired, 1))
    ]
    kind = Transaction.Kind.SURRENDER
    key = f"surrender:{request.pk}"
    posted = ledger.post(kind, key, entries, at=at, by=by, request=request, reserved=shares)
    request.state, request.executed_by, request.executed_at = State.EXECUTED, by, at
    request.save(update_fields=["state", "executed_by", "executed_at"])
    request.notice.unit = request.unit  # the same one: the certificate names it
    certificates.issue_if_met(request.notice, due, by=by, at=at)
    late = request.is_late
    notifications.surrender_decided(request, at)
    facts: dict[str, Any] = {"year": request.year, "total": request.total, "late": late}
    journal.record("surrender.executed", request, by=by, at=at, papers=[posted], **facts)
    return request


@acting(Act.CONFIRM_SURRENDER, Act.APPROVE_SURRENDER, Act.EXECUTE_SURRENDER)
@transaction.atomic
def refuse(request: SurrenderRequest, *, seen: str, reason: str, by: Person, at: dt.datetime) -> SurrenderRequest:
    """The unit's approver, the province or the registrar refuse what waits for them; the tonnes are free again.

    `seen` is the state they refuse it in; refused itself where the request has moved on.
    """
    return _end(request, State.REFUSED, seen, reason, by, at)


@acting(Act.REQUEST_SURRENDER, Act.CONFIRM_SURRENDER)
@transaction.atomic
def withdraw(
    request: SurrenderRequest, *, seen: str, reason: str = "", by: Person, at: dt.datetime
) -> SurrenderRequest:
    """The unit takes an open request back in the state in which it was `seen`; the tonnes are free again."""
    if by.unit_id != request.unit_id:
        raise Refusal(_("Only the unit can withdraw its request."))
    return _end(request, State.WITHDRAWN, seen, reason, by, at)


def _end(
    request: SurrenderRequest, state: SurrenderRequest.State, seen: str, reason: str, by: Person, at: dt.datetime
) -> SurrenderRequest:
    request = _locked(request, *(each for each in SurrenderRequest.OPEN if each == seen))
    reason = two_people.reason_of(reason) if state == State.REFUSED else reason.strip()
    ledger.release_all(_reserved(request, at))
    request.state, request.reason, request.ended_by, request.ended_at = state, reason, by, at
    request.save(update_fields=["state", "reason", "ended_by", "ended_at"])
    if state == State.REFUSED:
        notifications.surrender_decided(request, at)
    else:
        notifications.surrender_withdrawn(request, at)
    journal.record(f"surrender.{state}", request, by=by, at=at, year=request.year, total=request.total, reason=reason)
    return request


def _refuse_beyond(request: SurrenderRequest, due: int) -> None:
    """The duty may have fallen since it was requested, and what is surrendered doesn't come back."""
    left = max(0, due - surrendered(request.notice))
    if request.total > left:
        message = _(
            "Only %(left)s t are now due for %(year)s: the compliance obligation has since been reduced. Refuse the "
            "request; the unit can request what is due."
        )
        raise Refusal(message % {"left": tonnes(left), "year": request.year})


def _shares(unit: Unit, wanted: dict[int, int], at: dt.datetime) -> list[Share]:
    """From which account how much of each vintage comes: what is withheld for the unit first, then its own."""
    account, place = accounts.of_unit(unit, at), Account.objects.filter(held_for=unit).first()
    held = {row.vintage: row.free for row in Holding.objects.filter(account=place)} if place else {}
    shares: list[Share] = []
    for vintage, quantity in sorted(wanted.items()):
        first = min(quantity, held.get(vintage, 0))
        shares += [(place, vintage, first)] if place and first else []
        shares += [(account, vintage, quantity - first)] if quantity > first else []
    return shares


def _reserved(request: SurrenderRequest, at: dt.datetime) -> list[Share]:
    """What the open request keeps reserved, by account and vintage."""
    own = accounts.of_unit(request.unit, at)
    held = dict(WithheldItem.objects.filter(request=request).values_list("vintage", "quantity"))
    items = request.items.values_list("vintage", "quantity")
    shares = [(own, vintage, quantity - held.get(vintage, 0)) for vintage, quantity in items]
    if held:
        apart = Account.objects.get(held_for=request.unit)
        shares += [(apart, vintage, quantity) for vintage, quantity in held.items()]
    return [share for share in shares if share[2]]


def _written(quantities: dict[int, int]) -> dict[str, int]:
    return {str(vintage): quantity for vintage, quantity in quantities.items()}


def _locked(request: SurrenderRequest, *states: SurrenderRequest.State) -> SurrenderRequest:
    """The request, locked, if it is in one of the states; else somebody was faster."""
    return locking.in_state(SurrenderRequest.objects.select_related("unit__authority", "notice"), request, *states)
