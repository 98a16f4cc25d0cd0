"""How the duties of a year stand on a day, within somebody's reach: in sums for a home, and unit by unit for the board's page.

A country has thousands of duties. Their sums are made from figures alone; what they are of is read of the few that a page shows.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Sum, TextField, Value, When
from django.db.models.functions import Cast, Greatest

from allocation.compliance import owed as duties
from allocation.method.compliance_status import COMPLETE, Rate, Status, shares, status_of
from allocation.models import AdjustmentNotice, LeftOut, Notice, Run, Settlement
from allocation.scope import runs_in_force
from registry import access
from registry.law.calendar import end_of
from registry.models import Authority, Person, Unit
from registry.permissions import Act
from registry.values.sectors import with_quota

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

__all__ = ["Behind", "Board", "Duty", "Row", "Totals", "behind", "board", "totals"]


class Duty(NamedTuple):
    """A duty as figures: its notice and authority by their keys, the sector that it is counted under."""

    notice: int
    authority: int
    sector: str
    due: int
    surrendered: int
    status: Status

    @property
    def over(self) -> int:
        return max(self.surrendered - self.due, 0)


class Row(duties.Met):
    """What the board's page shows of a notice."""

    missing: int
    over: int
    status: str


@dataclass(frozen=True, slots=True)
class Totals:
    """How all duties of a year stand on a day, and of units in an approved determination (left out for want of a result or not) those
    without a notice by that day: how many, and what it says they owe."""

    rate: Rate
    by_authority: list[tuple[Authority, Rate]]
    unnoticed: int
    unnoticed_due: int


@dataclass(frozen=True, slots=True)
class Board(Totals):
    """The same with every unit."""

    rows: "QuerySet[WithAnnotations[Notice, Row]]"
    by_sector: list[tuple[str, Rate]]
    by_status: list[tuple[Status, int]]
    sums: dict[str, int]  # of the rows' columns
    over_units: int


@dataclass(frozen=True, slots=True)
class Behind:
    """What of a year is still missing after its deadline, within somebody's reach."""

    year: int
    deadline: dt.date
    units: int
    tonnes: int


def behind(person: Person, year: int, day: dt.date) -> Behind | None:
    """None where every duty of the year is met, or not due yet. Two queries."""
    notices = access.scoped(person, Act.VIEW_COMPLIANCE, Notice.objects.filter(year=year, deadline__lt=day))
    met = duties.met(notices, day, duties.deadlines(notices))
    figures = met.order_by().values_list("deadline", "due_then", "surrendered")
    late = [(deadline, due - surrendered) for deadline, due, surrendered in figures if due > surrendered]
    return Behind(year, min(late)[0], len(late), sum(tonnes for _deadline, tonnes in late)) if late else None


def totals(person: Person, year: int, day: dt.date) -> Totals:
    """The sums of a year at the end of a day. Six queries."""
    notices = _sent(person, year, day)
    met = duties.met(notices, day, duties.deadlines(notices))
    found = _duties(met, day)
    unnoticed, due = _unnoticed(person, notices, year, day)
    return Totals(_rate(found), _by_authority(found), unnoticed, due)


def board(person: Person, year: int, day: dt.date) -> Board:
    """The board of a year at the end of a day. Nine queries at most; its rows are asked for as they are shown."""
    notices = _sent(person, year, day)
    met = duties.met(notices, day, duties.deadlines(notices))
    found = _duties(met, day)
    unnoticed, unnoticed_due = _unnoticed(person, notices, year, day)
    due, surrendered = sum(one.due for one in found), sum(one.surrendered for one in found)
    over = sum(one.over for one in found)
    states = Counter(one.status for one in found)
    return Board(
        rate=_rate(found),
        by_authority=_by_authority(found),
        unnoticed=unnoticed,
        unnoticed_due=unnoticed_due,
        rows=_rows(met, day),
        by_sector=_by_sector(found, duties.by_sector(_in_parts(notices), end_of(day))),
        by_status=[(one, states[one]) for one in Status],
        sums={"due": due, "surrendered": surrendered, "missing": due - surrendered + over, "over": over},
        over_units=sum(one.over > 0 for one in found),
    )


def _sent(person: Person, year: int, day: dt.date) -> QuerySet[Notice]:
    return access.scoped(person, Act.VIEW_COMPLIANCE, Notice.objects.filter(year=year, sent_at__lte=end_of(day)))


def _duties(met: "QuerySet[WithAnnotations[Notice, duties.Met]]", day: dt.date) -> list[Duty]:
    names = ("pk", "unit__authority", "sector", "due_then", "surrendered", "punctual", "deadline")
    return [
        Duty(pk, authority, sector, due, surrendered, status_of(due, surrendered, punctual, deadline, day))
        for pk, authority, sector, due, surrendered, punctual, deadline in met.order_by().values_list(*names)
    ]


def _rows(
    met: "QuerySet[WithAnnotations[Notice, duties.Met]]", day: dt.date
) -> "QuerySet[WithAnnotations[Notice, Row]]":
    """The notices with all that can be sorted by; `status` as `status_of` has it."""
    rows = met.annotate(
        missing=Greatest(F("due_then") - F("surrendered"), 0),
        over=Greatest(F("surrendered") - F("due_then"), 0),
        status=Case(
            When(punctual__gte=F("due_then"), then=Value(Status.COMPLETE_ON_TIME.value)),
            When(surrendered__gte=F("due_then"), then=Value(Status.COMPLETE_LATE.value)),
            When(deadline__lt=day, then=Value(Status.OVERDUE.value)),
            When(surrendered__gt=0, then=Value(Status.PARTLY.value)),
            default=Value(Status.OPEN.value),
            output_field=CharField(),
        ),
    )
    return rows.select_related("unit__authority").order_by("unit__authority__code", "unit__credit_code")


def _unnoticed(person: Person, notices: QuerySet[Notice], year: int, day: dt.date) -> tuple[int, int]:
    """How many units have no notice, and the tonnes that they owe. Three queries."""
    in_force = runs_in_force.runs(end_of(day)).filter(year=year, kind=Run.Kind.DETERMINATION)
    runs = list(in_force.order_by().values_list("pk", flat=True))
    determined = Settlement.objects.filter(run__in=runs, due__gt=0).order_by().values("unit")
    silent = LeftOut.objects.filter(run__in=runs, reason=LeftOut.Reason.NO_VERIFIED_RESULT).order_by().values("unit")
    obliged = access.scoped(person, Act.VIEW_COMPLIANCE, Unit.objects.filter(Q(pk__in=determined) | Q(pk__in=silent)))
    unnoticed = list(obliged.exclude(pk__in=notices.order_by().values("unit")).order_by().values_list("pk", flat=True))
    owed = Settlement.objects.filter(run__in=runs, unit__in=unnoticed)
    return len(unnoticed), owed.aggregate(due=Sum("due", default=0))["due"]


def _rate(found: Iterable[Duty]) -> Rate:
    """The rate both ways; what is surrendered beyond one's own duty can't make up for another's."""
    counts: Counter[str] = Counter()
    for one in found:
        counts["units"] += 1
        counts["complete"] += one.status in COMPLETE
        counts["due"] += one.due
        counts["surrendered"] += min(one.surrendered, one.due)
    return Rate(counts["units"], counts["complete"], counts["due"], counts["surrendered"])


def _by_authority(found: Iterable[Duty]) -> list[tuple[Authority, Rate]]:
    """The rate of each authority, in the order of their codes. One query."""
    groups = _grouped(found, lambda one: one.authority)
    return [(each, _rate(groups[each.pk])) for each in Authority.objects.filter(pk__in=groups).order_by("code")]


def _grouped(found: Iterable[Duty], key: Callable[[Duty], int]) -> dict[int, list[Duty]]:
    groups: dict[int, list[Duty]] = defaultdict(list)
    for one in found:
        groups[key(one)].append(one)
    return groups


def _in_parts(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Those over several sectors, or adjusted since; of the others all is due in the sector that the notice is counted under."""
    adjusted = AdjustmentNotice.objects.filter(unit=OuterRef("unit"), year=OuterRef("year"))
    written = notices.alias(written=Cast("by_sector", TextField()))
    return written.filter(Q(written__contains=",") | Exists(adjusted))


def _by_sector(found: Iterable[Duty], due: Mapping[int, Mapping[str, int]]) -> list[tuple[str, Rate]]:
    """The rate of each sector that owes something, in the order of sectors; `due` by sector is that of the notices in parts.

    Tonnes due are each sector's own. A unit in several sectors is counted once, where most of its duty lay when it was noticed;
    any sector's quota serves, so what it surrendered in part counts for that sector first, then for the others.
    """
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for one in found:
        own = sums[one.sector]
        own["units"] += 1
        own["complete"] += one.status in COMPLETE
        if one.notice not in due:
            own["due"] += one.due
            own["surrendered"] += min(one.surrendered, one.due)
            continue
        for sector, part in shares(one.sector, due[one.notice], one.surrendered).items():
            sums[sector]["due"] += part.due
            sums[sector]["surrendered"] += part.surrendered
    return [
        (sector, Rate(of["units"], of["complete"], of["due"], of["surrendered"]))
        for sector in with_quota()
        if (of := sums.get(sector))
    ]
