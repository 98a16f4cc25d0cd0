"""Release of withheld quota: once the unit's duty is met, two people of the province say so and the registrar moves what remains.

What is withheld settles the duty first (surrender.request draws on it before the unit's own tonnes); as long as anything is missing,
nothing is released, and what is missing the unit still owes.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from allocation import ledger, notifications
from allocation.compliance import owed, surrender
from allocation.ledger import Posting, accounts
from allocation.method import settlement
from allocation.models import Account, Certificate, Holding, Notice, Release, Run, Settlement, Transaction
from allocation.scope import runs_in_force
from registry import journal, two_people
from registry.access import acting
from registry.database import locking
from registry.models import Person, Unit
from registry.permissions import Act
from registry.refusal import Refusal

__all__ = ["approve", "execute", "missing", "propose", "refuse", "waiting", "withdraw", "withheld"]

State = Release.State


def withheld(units: Iterable[Unit]) -> list[Holding]:
    """What the province holds for the units, by vintage, with its account; what was used up is left out."""
    rows = Holding.objects.filter(account__kind=Account.Kind.WITHHELD, account__held_for__in=units, amount__gt=0)
    return list(rows.select_related("account__held_for", "account__authority").order_by("account", "vintage"))


def waiting(authority: int | None) -> list[Holding]:
    """What is withheld for units of the authority whose duty of that year has its certificate, and no word about it is under way."""
    of = {"account__kind": Account.Kind.WITHHELD, "account__authority": authority}
    rows = list(Holding.objects.filter(**of, amount__gt=0).select_related("account__held_for"))
    units = [row.account.held_for_id for row in rows]
    met = set(Certificate.objects.filter(unit__in=units).values_list("unit", "year"))
    under_way = set(Release.objects.filter(unit__in=units, state__in=Release.OPEN).values_list("unit", "year"))
    return [row for row in rows if (row.account.held_for_id, row.vintage) in met - under_way]


def missing(unit: Unit, year: int, at: dt.datetime) -> int:
    """Tonnes of the year that the unit has yet to surrender: by its notice, and before there is one by what was determined."""
    notice = Notice.objects.filter(unit=unit, year=year).first()
    if notice is not None:
        return max(0, owed.due(notice, at) - surrender.surrendered(notice))
    determined = Settlement.objects.filter(
        unit=unit, run__in=runs_in_force.runs().filter(year=year, kind=Run.Kind.DETERMINATION)
    )
    return int(determined.aggregate(due=Sum("due", default=0))["due"])


@acting(Act.PROPOSE_RELEASE)
@transaction.atomic
def propose(unit: Unit, year: int, *, number: str, by: Person, at: dt.datetime) -> Release:
    """An officer proposes to release all that remains of a year; refused while the unit owes anything of it."""
    if unit.authority_id != by.authority_id:
        raise Refusal(_("Only the unit's own authority releases its quota."))
    if not number.strip():
        raise Refusal(_("A release needs the number of its document."))
    tonnes = _releasable(unit, year, at)
    with locking.only_once(_("A release of this year's quota is already under way.")):
        made = Release.objects.create(
            unit=unit, year=year, number=number.strip(), tonnes=tonnes, proposed_by=by, proposed_at=at
        )
    journal.record("release.proposed", made, by=by, at=at, year=year, tonnes=tonnes, number=made.number)
    return made


@acting(Act.APPROVE_RELEASE)
@transaction.atomic
def approve(release: Release, *, by: Person, at: dt.datetime) -> Release:
    """The province's approver stands for it; it goes to the registrar."""
    release = _locked(release, State.PROPOSED)
    two_people.refuse_same(by, release.proposed_by_id)
    _refuse_changed(release, at)
    release.mark_approved(by, at)
    journal.record("release.approved", release, by=by, at=at, year=release.year, tonnes=release.tonnes)
    return release


@acting(Act.EXECUTE_RELEASE)
@transaction.atomic
def execute(release: Release, *, by: Person, at: dt.datetime) -> Release:
    """The registrar moves the tonnes from what the province holds for the unit to the unit's account."""
    release = _locked(release, State.APPROVED)
    two_people.refuse_same(by, release.proposed_by_id, release.approved_by_id)
    _refuse_changed(release, at)
    place, account = accounts.withheld(release.unit, at), accounts.of_unit(release.unit, at)
    entries = [Posting(place, release.year, -release.tonnes), Posting(account, release.year, release.tonnes)]
    kind, key = Transaction.Kind.RELEASE, f"release:{release.pk}"
    posted = ledger.post(kind, key, entries, at=at, by=by, note=release.number)
    release.state, release.executed_by, release.executed_at = State.EXECUTED, by, at
    release.save(update_fields=["state", "executed_by", "executed_at"])
    notifications.quota_released(release, at)
    notifications.decided(release, release.proposed_by, "release.proposed", at, approved=True)
    facts: dict[str, Any] = {"year": release.year, "tonnes": release.tonnes}
    journal.record("release.executed", release, by=by, at=at, papers=[posted], **facts)
    return release


@acting(Act.APPROVE_RELEASE, Act.EXECUTE_RELEASE)
@transaction.atomic
def refuse(release: Release, *, reason: str, by: Person, at: dt.datetime) -> Release:
    """The province's approver or the registrar refuse it, and why; it can be proposed again."""
    release = _locked(release, *Release.OPEN)
    release.mark_refused(two_people.reason_of(reason), by, at)
    notifications.decided(release, release.proposed_by, "release.proposed", at, approved=False)
    journal.record("release.refused", release, by=by, at=at, year=release.year, reason=release.refusal_reason)
    return release


@acting(Act.PROPOSE_RELEASE)
@transaction.atomic
def withdraw(release: Release, *, reason: str, by: Person, at: dt.datetime) -> Release:
    """Whoever proposed a release takes it back before it is approved."""
    release = _locked(release, State.PROPOSED)
    two_people.refuse_other(by, release.proposed_by_id)
    release.mark_refused(two_people.reason_of(reason), by, at)
    journal.record("release.withdrawn", release, by=by, at=at, year=release.year, reason=release.refusal_reason)
    return release


def _releasable(unit: Unit, year: int, at: dt.datetime) -> int:
    holding = Holding.objects.filter(account=accounts.withheld(unit, at), vintage=year).first()
    free = holding.free if holding else 0
    outcome = settlement.release(free, missing(unit, year, at))
    if outcome.used or outcome.still_due:
        raise Refusal(
            _(
                "The unit's compliance obligation for %(year)s has not been met yet: the withheld quota is used for "
                "it first."
            )
            % {"year": year}
        )
    if not outcome.released:
        raise Refusal(_("Nothing of %(year)s is withheld for the unit.") % {"year": year})
    return outcome.released


def _refuse_changed(release: Release, at: dt.datetime) -> None:
    if _releasable(release.unit, release.year, at) != release.tonnes:
        raise Refusal(_("What is withheld has changed since the release was proposed; refuse it and propose it again."))


def _locked(release: Release, *states: State) -> Release:
    """The release, locked, if it is in one of the states; else somebody was faster."""
    return locking.in_state(Release.objects.select_related("unit"), release, *states)
