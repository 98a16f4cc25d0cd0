"""How a line's month stands among its peers: all lines of its sector and kind, of whichever unit.

Only what was submitted counts, and of an instant only what was done before it: so it makes no difference which of two acts of the same
instant is written first. What leaves this module about the peers is their number, middle and quartiles, and only where there
are enough of them (threshold `outlier.peers.least`) that none can be made out.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from registry import jobs, parameters
from registry.jobs import nightly
from registry.law import Law, NotInForceError, calendar
from registry.models import Job, Line
from registry.values.exact import half_up
from reporting.checks.context import PeerFacts
from reporting.checks.peers import PLACES, month_of
from reporting.checks.plausibility import score_of
from reporting.content import first_day
from reporting.models import LineTotalRow, Package, PackageEvent, PeerMonth, Submission

__all__ = [
    "PLACES",
    "Standing",
    "ask",
    "bands",
    "compute",
    "facts",
    "handed_in",
    "standing",
    "standings",
    "standings_of",
    "standings_of_versions",
]

COUNTED = (Package.State.SUBMITTED, Package.State.ACCEPTED)
FIGURES = ("median", "mad", "lower", "upper")
_NONE = {"count": 0} | dict.fromkeys(FIGURES, Decimal(0))
# The night looks at the months of which something was submitted, accepted or sent back in so many days: nights may have been missed.
DAYS_LOOKED_BACK = 31


@dataclass(frozen=True, slots=True)
class Standing:
    """A line's own intensity and its peers' month; `z` is None where the peers don't differ at all."""

    median: Decimal
    quartiles: tuple[Decimal, Decimal]
    count: int
    own: Decimal
    z: Decimal | None
    far: bool  # further off than the threshold of its month


def handed_in(sector: str, period: str) -> QuerySet[LineTotalRow]:
    """Of every package of the period that is submitted or accepted, the lines of the version that counts."""
    return LineTotalRow.objects.filter(
        submission__package__sector=sector,
        submission__package__period=period,
        submission__package__state__in=COUNTED,
        submission__package__submission=F("submission"),
        line__sector=sector,
    )


def _handed_in_before(sector: str, period: str, at: dt.datetime) -> QuerySet[LineTotalRow]:
    """The lines of the versions that were submitted or accepted when the instant began."""
    before = PackageEvent.objects.filter(package=OuterRef("package"), at__lt=at).order_by("-at", "-pk")
    last = PackageEvent.objects.filter(pk=Subquery(before.values("pk")[:1]), package__sector=sector)
    counted = last.filter(package__period=period).exclude(kind=PackageEvent.Kind.RETURNED)
    return LineTotalRow.objects.filter(submission__in=counted.values("submission"), line__sector=sector)


def compute(sector: str, period: str, at: dt.datetime) -> list[PeerMonth]:
    """Work the peers' month out, without writing it. One query."""
    by_kind: dict[str, list[Decimal]] = defaultdict(list)
    rows = _handed_in_before(sector, period, at).filter(output__gt=0)
    for kind, emissions, output in rows.values_list("line__kind", "main_emissions", "output"):
        by_kind[kind].append(half_up(Fraction(emissions) / Fraction(output), PLACES))
    months = {kind: month_of(intensities) for kind, intensities in by_kind.items()}
    return [
        PeerMonth(
            sector=sector,
            kind=kind,
            period=period,
            count=month.count,
            computed_at=at,
            **{name: getattr(month, name) for name in FIGURES},
        )
        for kind, month in months.items()
    ]


def ask(package: Package, at: dt.datetime) -> Job | None:
    """Have the peers' month worked out after a submission: once a day for a month and sector, the night does the rest."""
    if package.is_year:
        return None
    key = f"reporting.peers:{package.period}:{package.sector}:{calendar.local_day(at).isoformat()}"
    payload = {"months": [[package.sector, package.period]]}
    return jobs.enqueue("reporting.peers", key=key, by=None, at=at, payload=payload)


@jobs.handler("reporting.peers")
def compute_asked(lease: jobs.Lease) -> None:
    """The peers' months that the job names."""
    _compute_all(lease, [(sector, period) for sector, period in lease.job.payload["months"]])


@nightly.every_night("reporting.peers_nightly")
def compute_nightly(lease: jobs.Lease) -> None:
    """The peers' months in which something has changed."""
    since = lease.job.asked_at - dt.timedelta(days=DAYS_LOOKED_BACK)
    changed = PackageEvent.objects.filter(at__gte=since, at__lte=lease.job.asked_at, package__period__contains="-")
    _compute_all(lease, sorted(set(changed.values_list("package__sector", "package__period"))))


def _compute_all(lease: jobs.Lease, months: list[tuple[str, str]]) -> None:
    computed = []
    for done, (sector, period) in enumerate(months):
        lease.progress(done, len(months))
        computed += compute(sector, period, lease.job.asked_at)
    with lease.finishing({"months": len(months), "rows": len(computed)}):
        _write(months, computed, lease.job.asked_at)


def _write(months: list[tuple[str, str]], computed: list[PeerMonth], at: dt.datetime) -> None:
    """Keep what differs from what was known; of a kind of line of which nothing counts any more, that there is none."""
    new = {(row.sector, row.period, row.kind): row for row in computed}
    for sector, period in months:
        for kind, known in facts(sector, period, at).items():
            row = new.setdefault(
                (sector, period, kind), PeerMonth(sector=sector, period=period, kind=kind, computed_at=at, **_NONE)
            )
            if _facts(row) == known:
                del new[sector, period, kind]
    PeerMonth.objects.bulk_create(new.values(), ignore_conflicts=True)


def facts(sector: str, period: str, at: dt.datetime) -> dict[str, PeerFacts]:
    """The peers' months of a period by kind of line, as they were known before the instant. One query."""
    known = PeerMonth.objects.filter(sector=sector, period=period, computed_at__lt=at).order_by("computed_at")
    # Few rows: at most one a day and kind, and only as long as something changes. Of each kind the last stays.
    return {row.kind: _facts(row) for row in known}


def _known(sector: str, at: dt.datetime) -> QuerySet[PeerMonth]:
    """Of every kind and period what was known last before the instant."""
    key = {name: OuterRef(name) for name in ("sector", "kind", "period")}
    newer = PeerMonth.objects.filter(**key, computed_at__gt=OuterRef("computed_at"), computed_at__lt=at)
    return PeerMonth.objects.filter(~Exists(newer), sector=sector, computed_at__lt=at)


def _facts(row: PeerMonth) -> PeerFacts:
    return PeerFacts(row.count, row.median, row.mad, row.lower, row.upper)


def standing(line: Line, month: str, at: dt.datetime) -> Standing | None:
    """How the line stands in a month; None before it has submitted, or as long as its peers are too few. Three queries."""
    row = handed_in(line.sector, month).filter(line=line).select_related("line").first()
    return standings_of([row], line.sector, month, at).get(line.pk) if row else None


def standings(submission: Submission, at: dt.datetime) -> dict[int, Standing]:
    """How the lines of a version stand, by line, those left out that have too few peers. Three queries."""
    rows = list(submission.line_totals.select_related("line"))
    return standings_of(rows, submission.package.sector, submission.package.period, at)


def bands(sector: str, months: Collection[str], at: dt.datetime) -> dict[tuple[str, str], PeerFacts]:
    """The peers' months by kind of line and month, those left out that have too few lines. Two queries."""
    law = parameters.law("checks", at)
    least = {month: value for month in months if (value := _least(law, month)) is not None}
    rows = _known(sector, at).filter(period__in=least)
    return {(row.kind, row.period): _facts(row) for row in rows if row.count >= least[row.period]}


def _least(law: Law, month: str) -> Decimal | None:
    """How many lines a peers' month must have; None before that was asked for."""
    try:
        return law["outlier.peers.least"].number(first_day(month))
    except NotInForceError:
        return None


def standings_of(rows: Sequence[LineTotalRow], sector: str, period: str, at: dt.datetime) -> dict[int, Standing]:
    """How these lines stand in their month, by line. Two queries."""
    law, day = parameters.law("checks", at), first_day(period)
    least, limit = law["outlier.peers.least"].number(day), law["outlier.peers.score"].number(day)
    months = {kind: month for kind, month in facts(sector, period, at).items() if month.count >= least}
    return {
        row.line_id: _standing(Fraction(row.main_emissions) / Fraction(row.output), months[row.line.kind], limit)
        for row in rows
        if row.output > 0 and row.line.kind in months
    }


def standings_of_versions(versions: Collection[int], at: dt.datetime) -> dict[int, list[Standing]]:
    """How the lines of many versions stand, by version, those left out that have too few peers. Three queries."""
    rows = LineTotalRow.objects.filter(submission__in=versions, output__gt=0, submission__package__period__contains="-")
    found = [
        ((package.sector, package.period, row.line.kind), row)
        for row in rows.select_related("line", "submission__package").defer("submission__content")
        for package in [row.submission.package]
    ]
    known = PeerMonth.objects.filter(
        sector__in={key[0] for key, _row in found}, period__in={key[1] for key, _row in found}, computed_at__lt=at
    )
    months = {(row.sector, row.period, row.kind): _facts(row) for row in known.order_by("computed_at")}
    law = parameters.law("checks", at)
    standings: dict[int, list[Standing]] = defaultdict(list)
    for key, row in found:
        least, month = _least(law, key[1]), months.get(key)
        if least is not None and month is not None and month.count >= least:
            own, limit = Fraction(row.main_emissions) / Fraction(row.output), law["outlier.peers.score"]
            standings[row.submission_id].append(_standing(own, month, limit.number(first_day(key[1]))))
    return dict(standings)


def _standing(own: Fraction, month: PeerFacts, limit: Decimal) -> Standing:
    z = score_of(own, Fraction(month.median), Fraction(month.mad))
    return Standing(
        median=month.median,
        quartiles=(month.lower, month.upper),
        count=month.count,
        own=half_up(own, PLACES),
        z=None if z is None else half_up(z, 2),
        far=z is not None and abs(z) > limit,
    )
