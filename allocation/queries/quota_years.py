"""A unit's quota and duty year by year, as they stood at the end of a day: each figure from its own papers, in a handful of queries."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, Sum

from allocation.compliance import owed, penalties
from allocation.method.compliance_status import Part, Standing, shares, status
from allocation.models import (
    AdjustmentNotice,
    Award,
    Certificate,
    Entry,
    Letter,
    Notice,
    Run,
    Settlement,
    SurrenderRequest,
    Transaction,
)
from allocation.objections import Contest
from allocation.plans.clause import Clause
from allocation.scope import runs_in_force
from registry.law.calendar import end_of
from registry.models import Unit

__all__ = ["QuotaYear", "of_unit"]

Kind = Transaction.Kind


@dataclass
class QuotaYear:
    """A unit's quota and duty of one year, in tonnes, each figure from its own papers."""

    year: int
    settlements: list[Settlement] = field(default_factory=list)  # of every approved run, also of those replaced since
    in_force: set[int] = field(default_factory=set)  # the runs that are not replaced
    adjustments: list[AdjustmentNotice] = field(default_factory=list)
    awards: list[Award] = field(default_factory=list)
    created: int = 0  # credited to the unit's account by issue
    returned: int = 0
    returned_withheld: int = 0  # from what the province withholds for the unit
    bought: int = 0
    sold: int = 0
    surrendered_of_vintage: int = 0  # of this year's vintage from the unit's account, for whatever year
    surrendered_withheld: int = 0  # of this year's vintage from what the province withholds for the unit
    credited_withheld: int = 0  # to what the province withholds for the unit
    released: int = 0  # from there to the unit's account
    notice: Notice | None = None
    standing: Standing | None = None
    certificate: Certificate | None = None
    parts: dict[str, Part] = field(default_factory=dict)  # the duty by sector
    requests: list[SurrenderRequest] = field(default_factory=list)  # under way; filled in by who asks about them
    consequences: list[Clause] = field(default_factory=list)  # of what is still missing, by the law of the deadline
    contests: list[Contest] = field(default_factory=list)  # filled in by who asks about objections

    @property
    def pre_allocated(self) -> int:
        return sum(row.pre_allocated for row in self.settlements if row.run.kind == Run.Kind.PRE_ALLOCATION)

    @property
    def deducted(self) -> int:
        """Cut by earlier decisions, less what was given back."""
        return sum(row.deducted - row.deduction_returned for row in self.settlements)

    @property
    def withheld(self) -> int:
        """Of what was determined, what went to the province's account for the unit."""
        return sum(row.withholding.tonnes for row in self.settlements if hasattr(row, "withholding"))

    @property
    def withheld_left(self) -> int:
        """What is left there of the year's vintage."""
        return self.credited_withheld - self.returned_withheld - self.surrendered_withheld - self.released

    @property
    def _determinations(self) -> list[Settlement]:
        return [row for row in self.standing_settlements if row.run.kind == Run.Kind.DETERMINATION]

    @property
    def standing_settlements(self) -> list[Settlement]:
        """Those of the runs in force: what a replaced run said counts no more."""
        return [row for row in self.settlements if row.run_id in self.in_force]

    @property
    def sectors(self) -> set[str]:
        """In which the unit owes something of the year: as its notice said, and as was determined since."""
        return {*(self.notice.by_sector if self.notice else ()), *(row.run.sector for row in self._determinations)}

    @property
    def requested(self) -> int:
        """Tonnes in requests for surrender that are under way."""
        return sum(row.total for row in self.requests)

    @property
    def to_request(self) -> int:
        """Tonnes due that are neither surrendered nor asked for."""
        return max(0, self.standing.missing - self.requested) if self.standing else 0

    @property
    def determined(self) -> int | None:
        rows = self._determinations
        return sum(row.determined for row in rows) if rows else None

    @property
    def due(self) -> int | None:
        if self.standing and self.notice:
            return self.standing.due
        rows = self._determinations
        return sum(row.due for row in rows) if rows else None

    @property
    def over_surrendered(self) -> int:
        """Surrendered beyond what is due now: a re-determination lowered it. No rule says what becomes of them."""
        return self.standing.over if self.standing else 0

    @property
    def entitled(self) -> int | None:
        """What the determinations issue in all, ⑥ of table 2-5: determined, less what earlier decisions deduct."""
        rows = self._determinations
        return sum(row.issued_total for row in rows) if rows else None

    @property
    def issued(self) -> int:
        """Credited to the unit or withheld for it, and not returned."""
        return self.created + self.credited_withheld - self.returned - self.returned_withheld

    @property
    def surplus(self) -> int | None:
        """What is issued less tonnes due, once the year is determined: what is approved only is not there to be surrendered."""
        return None if self.entitled is None or self.due is None else self.issued - self.due

    @property
    def on_the_way(self) -> int:
        """Approved and not issued yet."""
        rows = self.standing_settlements
        waiting = [row for row in rows if row.run.letter is None or row.run.letter.state != Letter.State.EXECUTED]
        return sum(row.issued_now for row in waiting)

    @property
    def owed_back(self) -> int:
        """Issued too much and not returned yet."""
        done = [row for row in self.settlements if row.run.letter and row.run.letter.state == Letter.State.EXECUTED]
        return -sum(row.issued_now for row in done if row.issued_now < 0) - self.returned - self.returned_withheld

    @property
    def surrendered_in_all(self) -> int:
        """Of the year's vintage, from the unit's account and from what is withheld for it."""
        return self.surrendered_of_vintage + self.surrendered_withheld

    @property
    def held(self) -> int:
        """What is left of the year's vintage in the account."""
        return self.created + self.released - self.returned + self.bought - self.sold - self.surrendered_of_vintage


def of_unit(unit: Unit, day: dt.date) -> list[QuotaYear]:
    """The unit's years at the end of `day`, the latest first."""
    end = end_of(day)
    years: dict[int, QuotaYear] = {}

    def of(year: int) -> QuotaYear:
        return years.setdefault(year, QuotaYear(year))

    approved = Q(run__state=Run.State.APPROVED, run__approved_at__lte=end)
    for row in (
        unit.settlements.filter(approved)
        .select_related("run__letter", "withholding")
        .defer("run__manifest")
        .order_by("run__pk")
    ):
        of(row.run.year).settlements.append(row)
    stand = set(runs_in_force.runs(end).filter(settlements__unit=unit).values_list("pk", flat=True))
    for one in years.values():
        one.in_force = stand
    for award in (
        unit.awards.filter(approved, run__in=stand)
        .select_related("run", "line", "result")
        .defer("run__manifest", "explanation")
        .order_by("run__pk", "line__code")
    ):
        of(award.run.year).awards.append(award)
    for vintage, kind, apart, plus, minus in _movements(unit, end):
        if apart:
            _add_withheld(of(vintage), kind, plus or 0, minus or 0)
        else:
            _add(of(vintage), kind, plus or 0, minus or 0)
    executed = owed.surrenders(Notice.objects.filter(unit=unit), end)
    for notice in owed.stated(Notice.objects.filter(unit=unit), end):
        one = of(notice.year)
        one.notice = notice
        one.standing = status(notice.due_then, executed[notice.pk], notice.deadline, day)
        one.consequences = penalties.of_missing(notice.deadline) if one.standing.missing else []
        one.parts = {notice.sector: Part(one.standing.due, one.standing.surrendered)}
    _split(years.values(), unit, end)
    for adjustment in unit.adjustments.filter(sent_at__lte=end).select_related("settlement__run").order_by("pk"):
        of(adjustment.year).adjustments.append(adjustment)
    for certificate in unit.certificates.filter(issued_at__lte=end).order_by("pk"):
        of(certificate.year).certificate = certificate
    return sorted(years.values(), key=lambda one: -one.year)


def _movements(unit: Unit, end: dt.datetime) -> Iterable[tuple[int, str, int | None, int | None, int | None]]:
    """(vintage, kind, None, tonnes in, tonnes out) of the unit's account up to `end`; and of what is withheld for it, with the unit's key
    in the third place."""
    rows = Entry.objects.filter(Q(account__unit=unit) | Q(account__held_for=unit), transaction__at__lte=end).order_by()
    return rows.values_list("vintage", "transaction__kind", "account__held_for").annotate(
        plus=Sum("amount", filter=Q(amount__gt=0)), minus=Sum("amount", filter=Q(amount__lt=0))
    )


def _add(year: QuotaYear, kind: str, plus: int, minus: int) -> None:
    if kind == Kind.TRADE:
        year.bought, year.sold = plus, -minus
    elif kind == Kind.SURRENDER:
        year.surrendered_of_vintage = -minus
    elif kind == Kind.RETURN:
        year.returned = -minus
    elif kind == Kind.RELEASE:
        year.released = plus
    else:
        year.created += plus


def _add_withheld(year: QuotaYear, kind: str, plus: int, minus: int) -> None:
    year.credited_withheld += plus
    if kind == Kind.SURRENDER:
        year.surrendered_withheld = -minus
    elif kind == Kind.RETURN:
        year.returned_withheld = -minus


def _split(years: Iterable[QuotaYear], unit: Unit, end: dt.datetime) -> None:
    """Each sector's own part of a duty over several sectors; no query where there is none."""
    several = [one for one in years if len(one.sectors) > 1]
    if not several:
        return
    due = owed.by_sector(Notice.objects.filter(unit=unit), end)
    for one in several:
        if one.notice and one.standing:
            one.parts = shares(one.notice.sector, due[one.notice.pk], one.standing.surrendered)
