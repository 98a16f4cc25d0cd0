"""What a letter moves, and between whom: into the units' accounts, into the province's account for a unit whose quota is withheld, and
back from units that had been given too much. Planned by its settlements, done by its entries."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from allocation.models import Entry, Letter, Settlement, Transaction

__all__ = ["Moved", "by_sector", "moved", "of_units", "planned"]

Kind = Transaction.Kind


@dataclass(frozen=True, slots=True)
class Moved:
    """Tonnes, and how many units they concern; `owed` is what is still to be taken back."""

    credited: int = 0
    credited_units: int = 0
    withheld: int = 0
    withheld_units: int = 0
    taken_back: int = 0
    taken_back_units: int = 0
    owed: int = 0

    @property
    def only_takes_back(self) -> bool:
        return not self.credited and not self.withheld and bool(self.taken_back or self.owed)


def planned(letter: Letter) -> Moved:
    """What executing the letter moves. One query."""
    more, less = Q(issued_now__gt=0), Q(issued_now__lt=0)
    apart = Q(withholding__isnull=False)
    sums = Settlement.objects.filter(run__letter=letter).aggregate(
        credited=Sum("issued_now", filter=more & ~apart, default=0),
        credited_units=Count("unit", filter=more & ~apart, distinct=True),
        withheld=Sum("issued_now", filter=more & apart, default=0),
        withheld_units=Count("unit", filter=more & apart, distinct=True),
        taken_back=-Sum("issued_now", filter=less, default=0),
        taken_back_units=Count("unit", filter=less, distinct=True),
    )
    return Moved(**sums)


def moved(letter: Letter) -> Moved:
    """What has moved on the letter so far. Two queries."""
    rows = Entry.objects.filter(transaction__letter=letter).annotate(whose=_whose()).filter(whose__isnull=False)
    given, back = Q(amount__gt=0, transaction__kind=Kind.ISSUE), Q(amount__lt=0, transaction__kind=Kind.RETURN)
    apart = Q(amount__gt=0, transaction__kind=Kind.WITHHOLDING)
    sums = rows.order_by().aggregate(
        credited=Sum("amount", filter=given, default=0),
        credited_units=Count("whose", filter=given, distinct=True),
        withheld=Sum("amount", filter=apart, default=0),
        withheld_units=Count("whose", filter=apart, distinct=True),
        taken_back=-Sum("amount", filter=back, default=0),
        taken_back_units=Count("whose", filter=back, distinct=True),
    )
    return Moved(**sums, owed=planned(letter).taken_back - sums["taken_back"])


def of_units(letter: Letter) -> dict[int, Moved]:
    """What has moved on the letter for each unit of its runs, by the unit's key; also those for which nothing has. Two queries."""
    found: dict[int, dict[str, int]] = {}
    names = {Kind.ISSUE: "credited", Kind.WITHHOLDING: "withheld", Kind.RETURN: "taken_back"}
    rows = Entry.objects.filter(transaction__letter=letter, transaction__kind__in=names).annotate(whose=_whose())
    sums = rows.filter(whose__isnull=False).order_by().values_list("whose", "transaction__kind").annotate(Sum("amount"))
    for unit, kind, tonnes in sums:
        found.setdefault(unit, {})[names[Kind(kind)]] = abs(tonnes)
    owing: dict[int, int] = {}
    for unit, tonnes in Settlement.objects.filter(run__letter=letter).values_list("unit", "issued_now"):
        owing[unit] = owing.get(unit, 0) + max(0, -tonnes)
    return {
        unit: Moved(**found.get(unit, {}), owed=owed - found.get(unit, {}).get("taken_back", 0))
        for unit, owed in owing.items()
    }


def by_sector(runs: Iterable[int]) -> list[dict[str, Any]]:
    """The sums of a letter's runs, sector by sector: quota, what had been issued before, what decisions keep of it, what is issued on the
    letter and what is returned. quota − issued before − kept = issued − returned."""
    rows = Settlement.objects.filter(run__in=runs).order_by().values("run__sector", "run__kind")
    sums = rows.annotate(
        units=Count("pk"),
        determined=Sum("determined"),
        in_advance=Sum("pre_allocated"),
        before=Sum("issued_before"),
        total=Sum("issued_total"),
        issue=Sum("issued_now", filter=Q(issued_now__gt=0), default=0),
        back=-Sum("issued_now", filter=Q(issued_now__lt=0), default=0),
    )
    found = []
    for row in sums.order_by("run__sector"):
        quota = row["determined"] if row["run__kind"] == "determination" else row["in_advance"]
        found.append({**row, "quota": quota, "kept": quota - row["total"]})
    return found


def _whose() -> Coalesce:
    """The unit of an account, or for which the province holds it apart; None for the province's own and the source."""
    return Coalesce(F("account__unit"), F("account__held_for"))
