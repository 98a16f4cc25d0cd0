"""The market's accounts with what moved between them."""

import itertools
from collections import defaultdict
from typing import Any

from allocation.models import Account, Entry, Holding, Transaction
from tests.benchmarks.nation.people import Cast
from tests.benchmarks.nation.rows import fill, instant
from tests.cast import at

__all__ = ["Ledger"]


class Ledger:
    """What accounts hold by vintage, from the entries that are written."""

    def __init__(self, cast: Cast) -> None:
        keys = itertools.count(1)
        self.source, self.retired = next(keys), next(keys)
        self.provinces = {authority: next(keys) for authority in cast.officers}
        self.units = {unit.pk: next(keys) for unit in cast.units}
        self.held: dict[tuple[int, int], int] = defaultdict(int)
        self.reserved: dict[tuple[int, int], int] = defaultdict(int)
        self.transactions: list[tuple[Any, ...]] = []
        self.entries: list[tuple[int, int, int, int]] = []

    def post(
        self,
        kind: str,
        day: str,
        moves: list[tuple[int, int]],
        vintage: int,
        *,
        letter: int | None = None,
        request: int | None = None,
    ) -> int:
        key = len(self.transactions) + 1
        self.transactions.append((key, kind, f"{kind}:{key}", instant(day), letter, request))
        for account, amount in moves:
            self.held[account, vintage] += amount
            self.entries.append((key, account, vintage, amount))
        return key

    def write(self, cast: Cast) -> None:
        kinds, opened = Account.Kind, {"opened_at": at("2025-01-01")}
        authority_of = {unit.pk: unit.authority_id for unit in cast.units}
        fill(Account, ["id", "kind"], [(self.source, kinds.SOURCE), (self.retired, kinds.RETIRED)], **opened)
        provinces = ((pk, authority) for authority, pk in self.provinces.items())
        fill(Account, ["id", "authority"], provinces, kind=kinds.PROVINCE, **opened)
        units = ((pk, unit, authority_of[unit]) for unit, pk in self.units.items())
        fill(Account, ["id", "unit", "authority"], units, kind=kinds.UNIT, **opened)
        fill(Transaction, ["id", "kind", "key", "at", "letter", "request"], self.transactions, digest="0" * 64)
        fill(Entry, ["transaction", "account", "vintage", "amount"], self.entries)
        fill(
            Holding,
            ["account", "vintage", "amount", "reserved", "is_source"],
            ((*key, amount, self.reserved[key], int(key[0] == self.source)) for key, amount in self.held.items()),
        )
