"""Balances: what approved decisions 核减 still take from a unit's quota, and what runs took from them so far.

A run that is approved counts, issued or not: approval is what nobody can take back, and two runs approved one after the other must not
take the same tonnes.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Sum, When

from allocation import kept_shapes
from allocation.models import Deduction, DeductionMovement, Revocation, Run, Settlement
from registry.models import Authority, Unit

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

__all__ = ["Course", "course", "courses", "exist", "lock", "of_run", "of_year", "with_left"]

Rows = TypeVar("Rows", bound=QuerySet[Any])
_APPROVED = Q(movements__settlement__run__state=Run.State.APPROVED)


class Left(TypedDict):
    """A decision's balance, in tonnes; `to_return` is what of a revoked one's is not returned yet."""

    taken: int
    given_back: int
    revoked: bool
    left: int
    to_return: int


def exist(authority: Authority, sector: str) -> bool:
    """Whether there is any decision in force, revoked or not: without one `of_run` and `courses` have nothing to say."""
    return _approved(Deduction.objects.all(), authority, sector).exists()


def of_run(authority: Authority, sector: str, year: int) -> dict[str, list[kept_shapes.OutstandingRow]]:
    """By credit code, in the order in which they are taken from: each decision with what it holds now, what the year's pre-allocation
    took for it, and what the year's determinations took so far. Those that hold and took nothing are left out, and the revoked ones.
    One query."""
    of_year = _APPROVED & Q(movements__settlement__run__year=year)
    in_advance = of_year & Q(movements__settlement__run__kind=Run.Kind.PRE_ALLOCATION)
    determined = of_year & Q(movements__settlement__run__kind=Run.Kind.DETERMINATION)
    rows = _approved(with_left(Deduction.objects.all()), authority, sector).filter(revoked=False)
    rows = rows.annotate(
        in_advance=Sum("movements__taken", filter=in_advance, default=0),
        determined_taken=Sum("movements__taken", filter=determined, default=0),
        determined_back=Sum("movements__given_back", filter=determined, default=0),
        determined=F("determined_taken") - F("determined_back"),
    )
    found: dict[str, list[kept_shapes.OutstandingRow]] = defaultdict(list)
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


def of_year(unit: Unit, sector: str, year: int, at: dt.datetime) -> int:
    """Tonnes that decisions in force at the instant deduct from the unit's quota of the year in the sector: what its runs took of them by
    then, and what no other year's took. One query."""
    decided = Deduction.objects.filter(state=Deduction.State.APPROVED, approved_at__lte=at, unit=unit, sector=sector)
    revoked = Revocation.objects.filter(deduction=OuterRef("pk"), state=Revocation.State.APPROVED, approved_at__lte=at)
    elsewhere = (
        _APPROVED & Q(movements__settlement__run__approved_at__lte=at) & ~Q(movements__settlement__run__year=year)
    )
    rows = decided.filter(~Exists(revoked)).annotate(
        of_others=Sum(F("movements__taken") - F("movements__given_back"), filter=elsewhere, default=0)
    )
    return sum(tonnes - taken for tonnes, taken in rows.order_by().values_list("tonnes", "of_others"))


def lock(authority: Authority, sector: str) -> None:
    """Keep other runs of the authority and sector from being approved over the same balances meanwhile."""
    list(
        _approved(Deduction.objects.select_for_update(of=("self",)), authority, sector).order_by("pk").values_list("pk")
    )


def with_left(rows: QuerySet[Deduction]) -> "QuerySet[WithAnnotations[Deduction, Left]]":
    """The decisions, each with `taken`, `given_back` and what is `left` of it; one that isn't in force holds nothing yet.

    A `revoked` one has nothing left, and `to_return` of what was taken is not returned yet.
    """
    approved = Revocation.objects.filter(deduction=OuterRef("pk"), state=Revocation.State.APPROVED)
    rows = rows.annotate(
        taken=Sum("movements__taken", filter=_APPROVED, default=0),
        given_back=Sum("movements__given_back", filter=_APPROVED, default=0),
    )
    return rows.annotate(
        revoked=Exists(approved),
        left=Case(When(revoked=True, then=0), default=F("tonnes") - F("taken") + F("given_back")),
        to_return=Case(When(revoked=True, then=F("taken") - F("given_back")), default=0),
    )


def courses(authority: Authority, sector: str, year: int) -> dict[str, kept_shapes.Course]:
    """By credit code, for units of which a revoked decision took something that a determination of the year has to do with: all their
    decisions, and the approved runs over them but the year's own determinations (of a year only the last one). `revoked.py` goes through
    them again. One query where there is no such unit, else three."""
    of_year = _APPROVED & Q(movements__settlement__run__year=year)
    determined = of_year & Q(movements__settlement__run__kind=Run.Kind.DETERMINATION)
    rows = with_left(_approved(Deduction.objects.all(), authority, sector)).annotate(
        by_then=Sum("movements__taken", filter=_APPROVED & Q(movements__settlement__run__year__lte=year), default=0),
        this_year=Sum("movements__taken", filter=of_year, default=0),
        determined_taken=Sum("movements__taken", filter=determined, default=0),
        determined_back=Sum("movements__given_back", filter=determined, default=0),
    )
    returns = ~Q(to_return=0) & Q(by_then__gt=0)  # what only later years took comes back as their quota
    concerned = rows.filter(Q(revoked=True) & (returns | Q(this_year__gt=0) | Q(determined_back__gt=0)))
    units = set(concerned.order_by().values_list("unit", flat=True))
    if not units:
        return {}
    of_unit: dict[str, list[Any]] = defaultdict(list)
    for row in rows.filter(unit__in=units).select_related("unit").order_by("decided_on", "number", "pk"):
        of_unit[row.unit.credit_code].append(row)
    stages = _stages(authority, sector, year, units)
    return {
        code: {
            "decisions": [
                {
                    "decision": str(row.pk),
                    "number": row.number,
                    "decided_on": row.decided_on.isoformat(),
                    "tonnes": row.tonnes,
                    "taken": row.taken - row.given_back,
                    "determined": row.determined_taken - row.determined_back,
                    "revoked": row.revoked,
                }
                for row in found
            ],
            "stages": [_stage(each, found) for each in stages.get(code, ())],
        }
        for code, found in sorted(of_unit.items())
    }


def _stages(authority: Authority, sector: str, year: int, units: set[int]) -> dict[str, list[Settlement]]:
    """The units' rows in approved runs, in the order of approval; of determinations of a year only the last, and not of this one."""
    rows = Settlement.objects.filter(
        run__authority=authority, run__sector=sector, run__state=Run.State.APPROVED, unit__in=units
    )
    rows = rows.exclude(run__year=year, run__kind=Run.Kind.DETERMINATION)
    found: dict[str, dict[tuple[int, str], Settlement]] = defaultdict(dict)
    ordered = rows.select_related("run", "unit").defer("run__manifest").order_by("run__approved_at", "run")
    for row in ordered:
        of = found[row.unit.credit_code]
        key = row.run.year, str(row.run.kind)
        of.pop(key, None)  # re-determined: it is settled as the last in its order
        of[key] = row
    return {code: list(each.values()) for code, each in found.items()}


def _stage(row: Settlement, decisions: Iterable[Deduction]) -> kept_shapes.CourseStage:
    at = row.run.approved_at
    in_force = [
        each for each in decisions if at is not None and each.approved_at is not None and each.approved_at <= at
    ]
    return {
        "year": row.run.year,
        "pre_allocated": row.pre_allocated,
        "determined": row.determined if row.run.kind == Run.Kind.DETERMINATION else None,
        "decisions": [str(each.pk) for each in in_force],
    }


@dataclass(frozen=True, slots=True)
class Course:
    """One step of a decision's course; `counts` once its run is approved."""

    movement: DeductionMovement
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


def _approved(rows: Rows, authority: Authority, sector: str) -> Rows:
    return rows.filter(state=Deduction.State.APPROVED, unit__authority=authority, sector=sector)
