"""How far a year's runs are, authority by sector: a few queries, however many runs, lines and results there are."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from allocation import scope
from allocation.models import Award, LeftOut, Run
from registry.law.calendar import local_day
from registry.models import Authority
from registry.values.sectors import Sector, with_quota
from reporting.models import VerifiedResult
from reporting.verification import current as verified_results

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    CountedRun = WithAnnotations[Run, "Counted"]

__all__ = ["BEGUN", "NOT_BEGUN", "Cell", "RunBoard", "board"]

NOT_BEGUN = "none"
BEGUN = (Run.State.PREPARING, Run.State.PREPARED, Run.State.APPROVED)

Key = tuple[int, str]


class Counted(TypedDict):
    """A run's sums."""

    quota: int
    lines: int
    without: int
    later: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A scope: its lines in the year's directory, how many of them lack their verified result, and the run that counts, if any.

    The run knows its `quota` in tonnes, the `lines` that have it and those `without`; `later` verified results of the scope were
    approved after it was asked for, so it, or the quota, may have to be determined again.
    """

    authority: Authority
    sector: str
    lines: int
    missing: int
    run: "CountedRun | None"

    @property
    def state(self) -> str:
        return self.run.state if self.run else NOT_BEGUN


@dataclass(frozen=True, slots=True)
class RunBoard:
    """The scopes of a year and kind within somebody's reach."""

    cells: list[Cell]

    def of_state(self, state: str) -> "RunBoard":
        return RunBoard([cell for cell in self.cells if not state or cell.state == state])

    @property
    def counts(self) -> dict[str, int]:
        """How many scopes are in each state; those in which nothing has begun under NOT_BEGUN."""
        states = [*Run.State.values, NOT_BEGUN]
        return {state: sum(cell.state == state for cell in self.cells) for state in states}

    @property
    def quota(self) -> int:
        return sum(cell.run.quota for cell in self.cells if cell.run)

    @property
    def missing(self) -> int:
        return sum(cell.missing for cell in self.cells)

    @property
    def later(self) -> int:
        """Scopes overtaken by later results."""
        return sum(cell.run.later > 0 for cell in self.cells if cell.run)

    @property
    def rows(self) -> list[tuple[Authority, list[Cell | None]]]:
        """By authority, a cell for each sector; None where it has no unit of it, or the cell is not looked for."""
        of = {(cell.authority, cell.sector): cell for cell in self.cells}
        authorities = dict.fromkeys(cell.authority for cell in self.cells)
        return [(each, [of.get((each, sector)) for sector in with_quota()]) for each in authorities]


def board(authorities: QuerySet[Authority], year: int, kind: str, at: dt.datetime) -> RunBoard:
    """The scopes with lines in the year's directory, or with a run, at the instant."""
    known = authorities.in_bulk()
    lines, counting = _lines(authorities, year, kind, at), _counting(authorities, year, kind, at)
    cells = []
    for authority, sector in sorted(lines.keys() | counting.keys(), key=lambda key: _place(key, known)):
        listed, missing = lines.get((authority, sector), (0, 0))
        cells.append(Cell(known[authority], sector, listed, missing, counting.get((authority, sector))))
    return RunBoard(cells)


def _lines(authorities: QuerySet[Authority], year: int, kind: str, at: dt.datetime) -> dict[Key, tuple[int, int]]:
    """By scope, the lines of the year's directory and how many of them lack the verified result that a run needs."""
    found: dict[Key, tuple[int, int]] = {}
    for sector in with_quota():
        verified = verified_results.current(sector, _verified_year(year, kind), at).order_by().values("line")
        listed = scope.listed_lines(sector, year, local_day(at)).filter(unit__authority__in=authorities).order_by()
        counts = listed.values_list("unit__authority").annotate(
            Count("pk"), missing=Count("pk", filter=~Q(pk__in=verified))
        )
        found |= {(authority, sector): (lines, missing) for authority, lines, missing in counts}
    return found


def _counting(authorities: QuerySet[Authority], year: int, kind: str, at: dt.datetime) -> "dict[Key, CountedRun]":
    """The run of each scope that counts: the latest that is open or approved, else the latest; with its sums."""
    rows = Run.objects.filter(authority__in=authorities, year=year, kind=kind, requested_at__lte=at).order_by("pk")
    chosen: dict[Key, tuple[bool, int]] = {}
    for pk, authority, sector, state in rows.values_list("pk", "authority", "sector", "state"):
        chosen[authority, sector] = max(chosen.get((authority, sector), (False, 0)), (state in BEGUN, pk))
    awards = Award.objects.filter(run=OuterRef("pk")).order_by().values("run")
    left_out = LeftOut.objects.filter(run=OuterRef("pk")).order_by().values("run")
    later = VerifiedResult.objects.filter(
        sector=OuterRef("sector"),
        year=_verified_year(year, kind),
        unit__authority=OuterRef("authority"),
        approved_at__gt=OuterRef("requested_at"),
        approved_at__lte=at,
    )
    found = Run.objects.filter(pk__in=[pk for _begun, pk in chosen.values()]).defer("manifest", "faults")
    found = found.select_related("job").annotate(
        quota=Coalesce(Subquery(awards.annotate(of=Sum("quota")).values("of")), 0),
        lines=Coalesce(Subquery(awards.annotate(of=Count("pk")).values("of")), 0),
        without=Coalesce(Subquery(left_out.annotate(of=Count("pk")).values("of")), 0),
        later=Coalesce(Subquery(later.order_by().values("sector").annotate(of=Count("pk")).values("of")), 0),
    )
    return {(run.authority_id, run.sector): run for run in found}


def _verified_year(year: int, kind: str) -> int:
    return year - (kind == Run.Kind.PRE_ALLOCATION)


def _place(key: Key, known: Mapping[int, Authority]) -> tuple[str, int]:
    authority, sector = key
    return known[authority].code, Sector.values.index(sector)
