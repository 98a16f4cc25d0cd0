"""Whether every transaction still is what was posted: its entries balance, and its digest covers just them."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from allocation.ledger import posting as ledger
from allocation.models import Entry, Transaction
from registry.values.bilingual import listed

__all__ = ["Unsound", "unsound"]

STEP = 2000
_WHY: dict[str, Promise] = {
    "empty": gettext_lazy("it has no entries"),
    "unbalanced": gettext_lazy("its entries of vintage %(vintages)s don't sum to zero"),
    "altered": gettext_lazy("its entries differ from those that were posted"),
}


@dataclass(frozen=True, slots=True)
class Unsound:
    """A transaction that is not what was posted, and the accounts that its entries name."""

    transaction: Transaction
    accounts: tuple[int, ...]
    fault: str
    vintages: tuple[int, ...] = ()

    @property
    def why(self) -> str:
        """What is wrong with it, in the active language."""
        return str(_WHY[self.fault]) % {"vintages": listed(self.vintages)}


def unsound(of: Collection[int] | None = None, progress: Callable[[int, int], None] | None = None) -> list[Unsound]:
    """Every transaction that has no entries, doesn't sum to zero for a vintage, or has other entries than it was posted with.

    `of` limits the question to transactions with entries of these accounts (by id). Takes no lock, for neither transactions nor entries
    ever change; `progress` is told now and then how many transactions of how many were seen.
    """
    rows = Transaction.objects.order_by("pk")
    if of is not None:
        rows = rows.filter(pk__in=Entry.objects.filter(account__in=of).values("transaction"))
    total, seen, found = rows.count() if progress else 0, 0, list[Unsound]()
    for chunk in _chunks(rows):
        found += _examined(chunk)
        seen += len(chunk)
        if progress:
            progress(seen, max(seen, total))
    return found


def _chunks(rows: QuerySet[Transaction]) -> Iterator[list[Transaction]]:
    """By the chunk: SQLite lets nobody write while it has an open cursor on an older state."""
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
        accounts = tuple(sorted({account for account, _vintage, _amount in postings}))
        if not postings:
            yield Unsound(posted, accounts, "empty")
        elif vintages := _unbalanced(postings):
            yield Unsound(posted, accounts, "unbalanced", tuple(vintages))
        elif ledger.digest_of(posted.kind, postings) != posted.digest:
            yield Unsound(posted, accounts, "altered")


def _unbalanced(postings: Iterable[tuple[int, int, int]]) -> list[int]:
    sums: dict[int, int] = {}
    for _account, vintage, amount in postings:
        sums[vintage] = sums.get(vintage, 0) + amount
    return sorted(vintage for vintage, amount in sums.items() if amount)
