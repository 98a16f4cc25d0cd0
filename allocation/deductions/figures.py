"""What is known beside a decision that deducts 核减: the quota that it would be cut from, and the duty that it says was not met.

Some of it makes a decision impossible (a certificate says that the duty was met), some only doubtful (more than the unit is given in a
year): what is doubtful is confirmed singly, by both persons, with the figures before them.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from allocation.compliance import owed as duties
from allocation.deductions import balances
from allocation.models import Certificate, Deduction, Notice, Run, Settlement
from allocation.scope import runs_in_force
from registry import directory
from registry.law import calendar
from registry.law.calendar import end_of
from registry.values.canonical import digest
from registry.values.figures import tonnes as grouped

__all__ = ["Asked", "Beside", "beside", "doubts", "impossible", "of_rows", "seal"]

Ground = Deduction.Ground


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a decision is held against the figures; `unit` is its key, `pk` the decision's own where it is entered already."""

    unit: int
    sector: str
    year: int
    tonnes: int
    ground: str
    decided_on: dt.date
    pk: int | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """In tonnes; None where nothing is known. `quota` is the latest in force in the sector, `others` what else is still cut there."""

    quota_year: int | None
    quota: int | None
    others: int
    due: int | None
    surrendered: int | None  # by the end of the day of the decision
    deadline: dt.date | None
    certificate: str
    left_on: dt.date | None = None  # where it left the sector's latest directory that names it

    @property
    def missing(self) -> int | None:
        return None if self.due is None else max(0, self.due - (self.surrendered or 0))


def of_rows(rows: Iterable[Deduction], at: dt.datetime) -> list[tuple[Asked, Beside]]:
    """Decisions that are entered, each as what is held against its figures, in the order given."""
    asked = [Asked(row.unit_id, row.sector, row.year, row.tonnes, row.ground, row.decided_on, row.pk) for row in rows]
    return list(zip(asked, beside(asked, at), strict=True))


def beside(asked: Collection[Asked], at: dt.datetime) -> list[Beside]:
    """The figures of each at the instant, in the order given. A handful of queries, and two for each day of a decision."""
    units = {each.unit for each in asked}
    quotas, cut = _quotas(units), _still_cut(units)
    certificates, gone = _certificates(units, at), _gone(units)
    owed = {day: _owed(units, day, at) for day in {each.decided_on for each in asked}}
    found = []
    for each in asked:
        year, quota = quotas.get((each.unit, each.sector), (None, None))
        due, surrendered = owed[each.decided_on].get((each.unit, each.year), (None, None))
        found.append(
            Beside(
                quota_year=year,
                quota=quota,
                others=sum(left for pk, left in cut.get((each.unit, each.sector), ()) if pk != each.pk),
                due=due,
                surrendered=surrendered,
                deadline=calendar.yearly_deadline("surrender", each.year),
                certificate=certificates.get((each.unit, each.year), ""),
                left_on=gone.get((each.unit, each.sector)),
            )
        )
    return found


def impossible(asked: Asked, known: Beside) -> Iterator[str]:
    """Why the decision can't be: each a whole sentence with the figures."""
    if asked.ground != Ground.NOT_SURRENDERED:
        return
    if known.deadline and asked.decided_on <= known.deadline:
        said = {"year": asked.year, "deadline": known.deadline.isoformat(), "day": asked.decided_on.isoformat()}
        yield _("Quota for %(year)s is due by %(deadline)s: on %(day)s none could be outstanding.") % said
    elif known.certificate:
        said = {"year": asked.year, "number": known.certificate}
        yield _("The unit has met its compliance obligation for %(year)s in full: certificate %(number)s.") % said
    elif known.missing is not None and asked.tonnes > known.missing:
        yield _(
            "For %(year)s, %(due)s t are due and %(surrendered)s t had been surrendered by %(day)s: %(missing)s t "
            "are outstanding, not %(tonnes)s t."
        ) % {
            "year": asked.year,
            "due": grouped(known.due or 0),
            "surrendered": grouped(known.surrendered or 0),
            "day": asked.decided_on.isoformat(),
            "missing": grouped(known.missing),
            "tonnes": grouped(asked.tonnes),
        }


def doubts(asked: Asked, known: Beside) -> list[str]:
    """What speaks against the decision and doesn't make it impossible."""
    found = []
    if known.quota is not None and asked.tonnes + known.others > known.quota:
        said = {
            "tonnes": grouped(asked.tonnes),
            "others": grouped(known.others),
            "year": known.quota_year,
            "quota": grouped(known.quota),
        }
        found.append(
            _(
                "It deducts %(tonnes)s t and other decisions deduct %(others)s t; the unit's quota for %(year)s is "
                "%(quota)s t."
            )
            % said
        )
    if asked.decided_on.year <= asked.year:
        said = {"year": asked.year, "day": asked.decided_on.isoformat()}
        found.append(_("On %(day)s the year %(year)s had not ended.") % said)
    if known.left_on is not None:
        said = {"day": known.left_on.isoformat()}
        found.append(
            _(
                "The unit left the sector's directory on %(day)s, and no later one names it: no quota is to come from "
                "which it could be deducted."
            )
            % said
        )
    return found


def seal(known: Beside) -> str:
    """The figures that a page showed, as a hash: whoever confirms names it."""
    left = known.left_on.isoformat() if known.left_on else ""
    return digest([known.quota_year, known.quota, known.others, known.due, known.surrendered, known.certificate, left])


def _quotas(units: Collection[int]) -> dict[tuple[int, str], tuple[int, int]]:
    """By unit and sector the latest year with quota in force, and that quota: what was determined, else what was allocated in advance."""
    rows = Settlement.objects.filter(unit__in=units, run__in=runs_in_force.runs()).select_related("run")
    rows = rows.defer("run__manifest").order_by("run__year", "-run__kind")  # the determination of a year comes last
    return {(row.unit_id, row.run.sector): (row.run.year, _given(row)) for row in rows}


def _given(row: Settlement) -> int:
    return row.determined if row.run.kind == Run.Kind.DETERMINATION else row.pre_allocated


def _still_cut(units: Collection[int]) -> dict[tuple[int, str], list[tuple[int, int]]]:
    """By unit and sector each decision with what it still cuts: what is left of it, all of it while it waits."""
    found: dict[tuple[int, str], list[tuple[int, int]]] = {}
    rows = balances.with_left(Deduction.objects.filter(unit__in=units)).exclude(state=Deduction.State.REFUSED)
    for row in rows:
        found.setdefault((row.unit_id, row.sector), []).append((row.pk, row.left))
    return found


def _gone(units: Collection[int]) -> dict[tuple[int, str], dt.date | None]:
    """By unit and sector the day of leaving, where the latest directory that names the unit says that it left; else None. One query."""
    rows = directory.ever_listed().filter(unit__in=units).order_by("year")
    return {(unit, sector): left for unit, sector, left in rows.values_list("unit", "sector", "left_on")}


def _certificates(units: Collection[int], at: dt.datetime) -> dict[tuple[int, int], str]:
    """By unit and year the certificate of the duty as it is now; a year that was opened again has none."""
    now = {row.pk: row.due_then for row in duties.stated(Notice.objects.filter(unit__in=units), at)}
    rows = Certificate.objects.filter(unit__in=units, issued_at__lte=at).order_by("pk")
    certified = rows.values_list("unit", "year", "number", "due", "notice")
    return {(unit, year): number for unit, year, number, due, notice in certified if due >= now.get(notice, due)}


def _owed(units: Collection[int], day: dt.date, at: dt.datetime) -> dict[tuple[int, int], tuple[int, int]]:
    """By unit and year what is due, and what of it was surrendered by the end of the day."""
    notices = Notice.objects.filter(unit__in=units)
    surrendered = duties.surrenders(notices, end_of(day))
    return {
        (row.unit_id, row.year): (row.due_then, sum(tonnes for _at, tonnes in surrendered.get(row.pk, ())))
        for row in duties.stated(notices, at)
    }
