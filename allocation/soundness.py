"""Whether every transaction still is what was posted: its entries balance, and its digest covers just them."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from allocation import ledger
from allocation.models import Account, Entry, Transaction
from registry import journal

__all__ = ["Unsound", "examine", "unsound"]

STEP = 2000


@dataclass(frozen=True, slots=True)
class Unsound:
    """A transaction that is not what was posted, and the accounts that its entries name."""

    transaction: Transaction
    accounts: tuple[int, ...]
    why: str


def unsound(of: Collection[int] | None = None) -> list[Unsound]:
    """Every transaction that has no entries, doesn't sum to zero for a vintage, or has other entries than it was posted with.

    `of` limits the question to transactions with entries of these accounts (by id).
    """
    rows = Transaction.objects.order_by("pk")
    if of is not None:
        rows = rows.filter(pk__in=Entry.objects.filter(account__in=of).values("transaction"))
    return [found for chunk in _chunks(rows) for found in _examined(chunk)]


@transaction.atomic
def examine(at: dt.datetime) -> list[Unsound]:
    """Find what is unsound, freeze the accounts that it names, and record each in the journal."""
    found = unsound()
    named = {account for each in found for account in each.accounts}
    locked = Account.objects.select_for_update().filter(pk__in=named).order_by("pk")
    accounts = {account.pk: account for account in locked}
    for each in found:
        frozen = [pk for pk in each.accounts if _freeze(accounts[pk], f"{each.transaction.key}: {each.why}")]
        journal.record("transaction.unsound", each.transaction, by=None, at=at, key=each.transaction.key, frozen=frozen)
    return found


def _freeze(account: Account, reason: str) -> bool:
    """Freeze it if it can be and is not frozen yet; whether that was so."""
    if account.kind not in Account.FREEZABLE or account.frozen:
        return False
    account.frozen, account.freeze_reason = True, reason[:300]
    account.save(update_fields=["frozen", "freeze_reason"])
    return True


def _chunks(rows: QuerySet[Transaction]) -> Iterator[list[Transaction]]:
    """By the chunk: SQLite lets nobody write while he has an open cursor on an older state."""
    last = 0
    while chunk := list(rows.filter(pk__gt=last)[:STEP]):
        yield chunk
        last = chunk[-1].pk


def _examined(chunk: list[Transaction]) -> Iterator[Unsound]:
    rows = Entry.objects.filter(transaction__in=chunk).order_by("transaction", "pk")
    values = rows.values_list("transaction", "account", "vintage", "amount")
    entries = {key: [row[1:] for row in of] for key, of in groupby(values, key=lambda row: row[0])}
    for posted in chunk:
        postings = entries.get(posted.pk, [])
        if why := _fault(posted, postings):
            yield Unsound(posted, tuple(sorted({account for account, _vintage, _amount in postings})), why)


def _fault(posted: Transaction, postings: Collection[tuple[int, int, int]]) -> str:
    """Why the transaction is unsound; "" where it is sound."""
    if not postings:
        return _("it has no entries")
    if vintages := _unbalanced(postings):
        said = ", ".join(str(vintage) for vintage in vintages)
        return _("its entries of vintage %(vintages)s don't sum to zero") % {"vintages": said}
    if ledger.digest_of(posted.kind, postings) != posted.digest:
        return _("its entries are not those that were posted")
    return ""


def _unbalanced(postings: Iterable[tuple[int, int, int]]) -> list[int]:
    sums: dict[int, int] = {}
    for _account, vintage, amount in postings:
        sums[vintage] = sums.get(vintage, 0) + amount
    return sorted(vintage for vintage, amount in sums.items() if amount)
