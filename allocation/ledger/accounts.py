"""Accounts: find or open them, freeze and unfreeze them, and check what they hold against the entries."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import translation
from django.utils.translation import gettext as _

from allocation.ledger.soundness import Unsound, unsound
from allocation.models import Account, Entry, Holding, SurrenderItem, SurrenderRequest, WithheldItem
from registry import journal, two_people
from registry.access import acting
from registry.models import Authority, Person, Unit
from registry.permissions import Act
from registry.refusal import Refusal

__all__ = [
    "Disagreement",
    "disagreements",
    "freeze",
    "freeze_unsound",
    "of_authority",
    "of_unit",
    "of_units",
    "reconcile",
    "retired",
    "source",
    "unfreeze",
    "withheld",
    "withheld_of",
]

Kind = Account.Kind


def of_unit(unit: Unit, at: dt.datetime) -> Account:
    """The unit's account, opened at `at` if it has none."""
    defaults = {"authority_id": unit.authority_id, "opened_at": at}
    return Account.objects.get_or_create(kind=Kind.UNIT, unit=unit, defaults=defaults)[0]


def of_units(units: list[Unit], at: dt.datetime) -> dict[int, Account]:
    """The accounts of many units by the unit's id, the missing ones opened at `at`."""
    rows = Account.objects.filter(kind=Kind.UNIT, unit__in=units)
    found = {row.unit_id: row for row in rows if row.unit_id}
    missing = [
        Account(kind=Kind.UNIT, unit=unit, authority_id=unit.authority_id, opened_at=at)
        for unit in units
        if unit.pk not in found
    ]
    if missing:
        Account.objects.bulk_create(missing, batch_size=500, ignore_conflicts=True)
        found = {row.unit_id: row for row in rows.all() if row.unit_id}
    return found


def follow(unit: Unit, to: Authority) -> None:
    """The unit moves to another authority: so does its account. Refused while the old province holds quota apart for it."""
    withheld_for = Account.objects.filter(kind=Kind.WITHHELD, held_for=unit)
    if Holding.objects.filter(account__in=withheld_for, amount__gt=0).exists():
        raise Refusal(
            _("%(unit)s can't be transferred: its province withholds quota for it, which must be released first.")
            % {"unit": unit}
        )
    Account.objects.filter(kind=Kind.UNIT, unit=unit).update(authority=to)
    withheld_for.update(authority=to)


def of_authority(authority: Authority, at: dt.datetime) -> Account:
    """The province's account."""
    return Account.objects.get_or_create(kind=Kind.PROVINCE, authority=authority, defaults={"opened_at": at})[0]


def withheld(unit: Unit, at: dt.datetime) -> Account:
    """What the unit's province holds apart for it 差异化: the province's account, traceable to the unit."""
    return withheld_of([unit], at)[unit.pk]


def withheld_of(units: Collection[Unit], at: dt.datetime) -> dict[int, Account]:
    """The accounts held for many units by the unit's id, the missing ones opened at `at`."""
    rows = Account.objects.filter(kind=Kind.WITHHELD, held_for__in=units)
    known = set(rows.values_list("held_for", flat=True))
    missing = [
        Account(kind=Kind.WITHHELD, held_for=unit, authority_id=unit.authority_id, opened_at=at)
        for unit in units
        if unit.pk not in known
    ]
    Account.objects.bulk_create(missing, batch_size=500, ignore_conflicts=True)
    return {row.held_for_id: row for row in rows.select_related("held_for", "authority") if row.held_for_id}


def source(at: dt.datetime) -> Account:
    """Where vintages are created: it stands at minus what was ever created."""
    return Account.objects.get_or_create(kind=Kind.SOURCE, defaults={"opened_at": at})[0]


def retired(at: dt.datetime) -> Account:
    """Where surrendered quota lies for good."""
    return Account.objects.get_or_create(kind=Kind.RETIRED, defaults={"opened_at": at})[0]


@acting(Act.FREEZE_ACCOUNT)
@transaction.atomic
def freeze(account: Account, *, reason: str, by: Person | None, at: dt.datetime) -> Account:
    """Let nothing leave the account until it is unfrozen; what comes in still does."""
    account = Account.objects.select_for_update().get(pk=account.pk)
    reason = two_people.reason_of(reason)
    if account.kind not in Account.FREEZABLE:
        raise Refusal(_("Only the accounts of units and provinces can be frozen."))
    if account.frozen:
        raise Refusal(_("The account is already frozen."))
    return _set_frozen(account, True, reason, by, at)


@acting(Act.FREEZE_ACCOUNT)
@transaction.atomic
def unfreeze(account: Account, *, reason: str, by: Person, at: dt.datetime) -> Account:
    """Let quota leave the account again; refused while its holdings disagree with its entries."""
    account = Account.objects.select_for_update().get(pk=account.pk)
    reason = two_people.reason_of(reason)
    if not account.frozen:
        raise Refusal(_("The account is not frozen."))
    if disagreements([account.pk]):
        raise Refusal(_("The account's holdings still don't match its entries; this must be resolved first."))
    if unsound([account.pk]):
        raise Refusal(_("A transaction of the account differs from what was posted; this must be resolved first."))
    return _set_frozen(account, False, reason, by, at)


def _set_frozen(account: Account, frozen: bool, reason: str, by: Person | None, at: dt.datetime) -> Account:
    account.frozen, account.freeze_reason = frozen, reason if frozen else ""
    account.save(update_fields=["frozen", "freeze_reason"])
    journal.record("account.frozen" if frozen else "account.unfrozen", account, by=by, at=at, reason=reason)
    return account


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A holding that is not what the entries and the open requests make it, all in tonnes."""

    account: Account
    vintage: int
    held: int
    entered: int
    reserved: int
    requested: int


def disagreements(of: Collection[int] | None = None) -> list[Disagreement]:
    """Every holding recomputed from the entries, its reservation from the open surrender requests; those that differ.

    `of` limits the question to accounts by id.
    """
    entries, holdings = Entry.objects.all(), Holding.objects.all()
    items = SurrenderItem.objects.filter(
        request__state__in=SurrenderRequest.OPEN, request__unit__accounts__kind=Kind.UNIT
    )
    if of is not None:
        entries, holdings = entries.filter(account__in=of), holdings.filter(account__in=of)
        items = items.filter(request__unit__accounts__in=of)
    entered = _summed(entries.order_by().values_list("account_id", "vintage").annotate(Sum("amount")))
    requested = _requested(items, of)
    held = {(row.account_id, row.vintage): (row.amount, row.reserved) for row in holdings}
    wrong = [
        (key, held.get(key, (0, 0)))
        for key in sorted(entered.keys() | requested.keys() | held.keys())
        if held.get(key, (0, 0)) != (entered.get(key, 0), requested.get(key, 0))
    ]
    owners = Account.objects.select_related("unit", "authority").in_bulk([key[0] for key, _amounts in wrong])
    return [
        Disagreement(owners[key[0]], key[1], amounts[0], entered.get(key, 0), amounts[1], requested.get(key, 0))
        for key, amounts in wrong
    ]


def _requested(items: QuerySet[SurrenderItem], of: Collection[int] | None) -> dict[tuple[int, int], int]:
    """What open requests reserve, by account and vintage: of an item, what is withheld for the unit from there, the rest from its own."""
    own, held = "request__unit__accounts", "request__unit__withheld_accounts"
    total = _summed(items.order_by().values_list(own, "vintage").annotate(Sum("quantity")))
    parts = WithheldItem.objects.filter(
        request__state__in=SurrenderRequest.OPEN, request__unit__accounts__kind=Kind.UNIT
    )
    found: dict[tuple[int, int], int] = dict(total)
    for account, place, vintage, quantity in parts.values_list(own, held, "vintage", "quantity"):
        if of is None or account in of:
            found[account, vintage] -= quantity
        if of is None or place in of:
            found[place, vintage] = found.get((place, vintage), 0) + quantity
    return {key: quantity for key, quantity in found.items() if quantity}


def _summed(rows: Iterable[tuple[Any, ...]]) -> dict[tuple[int, int], int]:
    return {(account, vintage): amount for account, vintage, amount in rows}


@transaction.atomic
def reconcile(at: dt.datetime) -> list[Disagreement]:
    """Check all holdings, freeze the accounts that disagree, and record each disagreement in the journal."""
    suspected = sorted({each.account.pk for each in disagreements()})
    # Asked again with the accounts locked: a movement that ended between two of the questions is no disagreement.
    accounts = {row.pk: row for row in Account.objects.select_for_update().filter(pk__in=suspected).order_by("pk")}
    found = disagreements(accounts.keys()) if accounts else []
    for each in found:
        account = accounts[each.account.pk]
        frozen = _freeze_at_once(
            account, f"{each.vintage}: {each.held} ≠ {each.entered}, {each.reserved} ≠ {each.requested}"
        )
        journal.record(
            "account.disagrees",
            account,
            by=None,
            at=at,
            seals_subject=frozen,
            vintage=each.vintage,
            held=each.held,
            entered=each.entered,
            reserved=each.reserved,
            requested=each.requested,
            frozen=frozen,
        )
    return found


@transaction.atomic
def freeze_unsound(found: Iterable[Unsound], at: dt.datetime) -> None:
    """Freeze the accounts that unsound transactions name, and record each transaction in the journal."""
    rows = list(found)
    named = {account for each in rows for account in each.accounts}
    accounts = {row.pk: row for row in Account.objects.select_for_update().filter(pk__in=named).order_by("pk")}
    for each in rows:
        with translation.override(settings.LANGUAGE_CODE):  # stored, so it does not follow the terminal of whoever asks
            reason = f"{each.transaction.key}: {each.why}"
        frozen = [pk for pk in each.accounts if _freeze_at_once(accounts[pk], reason)]
        journal.record(
            "transaction.unsound",
            each.transaction,
            by=None,
            at=at,
            papers=[accounts[pk] for pk in frozen],
            seals_subject=False,
            key=each.transaction.key,
            frozen=frozen,
        )


def _freeze_at_once(account: Account, reason: str) -> bool:
    """Freeze a locked account that can be and is not frozen yet, without anybody's decision; whether that was so."""
    if account.kind not in Account.FREEZABLE or account.frozen:
        return False
    account.frozen, account.freeze_reason = True, reason[:300]
    account.save(update_fields=["frozen", "freeze_reason"])
    return True
