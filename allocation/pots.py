"""Pots: what approved decisions 核减 still take from a unit's quota, and what runs took from them so far.

A run that is approved counts, issued or not: approval is what nobody can take back, and two runs approved one after the other must not
take the same tonnes.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from allocation.models import Deduction, PotMovement, Run
from registry.models import Authority

__all__ = ["Course", "course", "lock", "of_run", "with_left"]

_APPROVED = Q(movements__settlement__run__state=Run.State.APPROVED)


def of_run(authority: Authority, sector: str, year: int) -> dict[str, list[dict[str, Any]]]:
    """By credit code, in the order in which they are taken from: each decision with what it holds now, what the year's pre-allocation
    took for it, and what the year's determinations took so far. Those that hold and took nothing are left out. One query."""
    of_year = _APPROVED & Q(movements__settlement__run__year=year)
    in_advance = of_year & Q(movements__settlement__run__kind=Run.Kind.PRE_ALLOCATION)
    determined = of_year & Q(movements__settlement__run__kind=Run.Kind.DETERMINATION)
    rows = _approved(with_left(Deduction.objects.all()), authority, sector).annotate(
        in_advance=Sum("movements__taken", filter=in_advance, default=0),
        determined_taken=Sum("movements__taken", filter=determined, default=0),
        determined_back=Sum("movements__given_back", filter=determined, default=0),
        determined=F("determined_taken") - F("determined_back"),
    )
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.select_related("unit").order_by("decided_on", "number", "pk"):
        if row.left or row.in_advance or row.determined:
            found[row.unit.credit_code].append(
                {
                    "decision": str(row.pk),
                    "number": row.number,
                    "decided_on": row.decided_on.isoformat(),
                    "left": row.left,
                    "in_advance": row.in_advance,
                    "determined": row.determined,
                }
            )
    return dict(sorted(found.items()))


def lock(authority: Authority, sector: str) -> None:
    """Keep other runs of the authority and sector from being approved over the same pots meanwhile."""
    list(
        _approved(Deduction.objects.select_for_update(of=("self",)), authority, sector).order_by("pk").values_list("pk")
    )


def with_left(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The decisions, each with `taken`, `given_back` and what is `left` of it; one that isn't in force holds nothing yet."""
    rows = rows.annotate(
        taken=Sum("movements__taken", filter=_APPROVED, default=0),
        given_back=Sum("movements__given_back", filter=_APPROVED, default=0),
    )
    return rows.annotate(left=F("tonnes") - F("taken") + F("given_back"))


@dataclass(frozen=True, slots=True)
class Course:
    """One step of a decision's course; `counts` once its run is approved."""

    movement: PotMovement
    run: Run
    counts: bool


def course(deduction: Deduction) -> list[Course]:
    """What each living run takes from the decision, in the order of the runs: decision → each deduction → left."""
    alive = deduction.movements.filter(settlement__run__state__in=[Run.State.PREPARED, Run.State.APPROVED])
    rows = (
        alive.select_related("settlement__run__letter")
        .defer("settlement__run__manifest")
        .order_by("settlement__run__pk")
    )
    return [Course(row, row.settlement.run, row.settlement.run.state == Run.State.APPROVED) for row in rows]


def _approved(rows: QuerySet[Any], authority: Authority, sector: str) -> QuerySet[Any]:
    return rows.filter(state=Deduction.State.APPROVED, unit__authority=authority, sector=sector)
