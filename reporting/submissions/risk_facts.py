"""Packages weighed for the officers' queue: the facts gathered for many at once, the score kept on each package's row.

A package is weighed when it is submitted, and every night as long as it waits: weights change, and so do its peers.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q

from registry import jobs, parameters
from registry.jobs import nightly
from registry.law import Law, calendar
from registry.parameters.values import Value
from reporting.content import first_day
from reporting.models import FindingAnswer, FindingRow, LineTotalRow, Package, PackageEvent
from reporting.submissions import peers, risk_points
from reporting.submissions.risk_points import Facts, Part, Warned

__all__ = ["BOOK", "effect_of", "parts_of", "weigh", "weights"]

BOOK = "risk"
CHUNK = 500
HANDED_IN = Exists(PackageEvent.objects.filter(package=OuterRef("pk"), kind=PackageEvent.Kind.SUBMITTED))


def weights(at: dt.datetime) -> Law:
    """The weights as they were known at the instant. One query."""
    return parameters.law(BOOK, at)


def weigh(packages: Sequence[Package], at: dt.datetime) -> None:
    """Keep the packages' scores, by the weights of the instant's day. Five queries, three more for each month and sector among them."""
    law, day = weights(at), calendar.local_day(at)
    facts = _facts(packages, int(law["history.months"].number(day)), at)
    for package in packages:
        parts = risk_points.score(facts[package.pk], law, day)
        package.risk = sum(part.points for part in parts)
        package.risk_parts = [part.as_json() for part in parts]
    if len(packages) == 1:
        _keep(packages[0])
    else:
        Package.objects.bulk_update(packages, ["risk", "risk_parts"], batch_size=100)


def _keep(package: Package) -> None:
    """One package's score, unless another version stands there meanwhile: that one is weighed by whoever submits it."""
    same = Package.objects.filter(pk=package.pk, submission=package.submission_id)
    same.update(risk=package.risk, risk_parts=package.risk_parts)


def effect_of(parameter: str, law: Law, value: Value, day: dt.date) -> None:
    """A weight makes no finding: there is no effect to be tried."""


def parts_of(package: Package) -> list[Part]:
    """Why the package stands where it does in the queue."""
    return [Part.from_json(stored) for stored in package.risk_parts]


@nightly.every_night("reporting.weigh_nightly")
def weigh_nightly(lease: jobs.Lease) -> None:
    """Weigh whatever waits for an officer."""
    waiting = list(Package.objects.filter(state=Package.State.SUBMITTED).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(waiting), CHUNK):
        lease.progress(start, len(waiting))
        with transaction.atomic():
            rows = Package.objects.select_for_update().filter(pk__in=waiting[start : start + CHUNK]).order_by("pk")
            # Those decided on meanwhile don't wait any more.
            weigh(list(rows.filter(state=Package.State.SUBMITTED)), lease.job.asked_at)
    with lease.finishing({"packages": len(waiting)}):
        pass


def _facts(packages: Sequence[Package], months: int, at: dt.datetime) -> dict[int, Facts]:
    histories = _histories(packages, months)
    warnings, scores = _warnings(packages), _scores(packages, at)
    return {
        package.pk: Facts(
            *histories[package.pk][:3],
            warnings=tuple(warnings[package.submission_id]),
            z=scores.get(package.submission_id or 0),
            tonnes=histories[package.pk][3],
        )
        for package in packages
    }


def _histories(packages: Sequence[Package], months: int) -> dict[int, tuple[int, int, int, int]]:
    """Blocked versions, returns, late months of each package's unit and sector up to its period; the package's own tonnes. One query.

    Only of packages that were submitted: what is on the enterprise's own desk says nothing to an officer.
    """
    own = Package.objects.filter(HANDED_IN, unit__in={package.unit_id for package in packages})
    returned = Q(events__kind=PackageEvent.Kind.RETURNED)
    # Versions times events, were they not counted apart.
    rows = own.annotate(
        blocked=Count("submissions", filter=Q(submissions__errors__gt=0), distinct=True),
        returned=Count("events", filter=returned, distinct=True),
    ).values("pk", "unit", "sector", "period", "late", "blocked", "returned", "submission__emissions")
    tonnes = {}
    past = defaultdict(list)
    for row in rows:
        past[row["unit"], row["sector"]].append(row)
        tonnes[row["pk"]] = row["submission__emissions"] or 0
    found = {}
    for package in packages:
        first = _months_before(package.period, months)
        near = [row for row in past[package.unit_id, package.sector] if first <= row["period"] <= package.period]
        found[package.pk] = (
            sum(row["blocked"] for row in near),
            sum(row["returned"] for row in near),
            sum(row["late"] for row in near),
            tonnes.get(package.pk, 0),
        )
    return found


def _months_before(period: str, months: int) -> str:
    """The first of so many months up to the period's own; of a year, that many years count as none."""
    day = first_day(period)
    number = day.year * 12 + day.month - months
    return f"{number // 12}-{number % 12 + 1:02}"


def _warnings(packages: Sequence[Package]) -> dict[int | None, list[Warned]]:
    given = FindingAnswer.objects.filter(finding=OuterRef("pk"), refusal__isnull=True)
    rows = FindingRow.objects.filter(submission__in=[package.submission_id for package in packages], blocks=False)
    found: dict[int | None, list[Warned]] = defaultdict(list)
    for submission, code, answered in (
        rows.annotate(answered=Exists(given))
        .order_by("submission", "number")
        .values_list("submission", "code", "answered")
    ):
        found[submission].append(Warned(code, answered))
    return found


def _scores(packages: Sequence[Package], at: dt.datetime) -> dict[int, Decimal]:
    """The farthest distance of a line from its peers, by version."""
    rows = LineTotalRow.objects.filter(submission__in=[package.submission_id for package in packages])
    by_month = defaultdict(list)
    for row in rows.select_related("line").annotate(
        sector=F("submission__package__sector"), period=F("submission__package__period")
    ):
        by_month[row.sector, row.period].append(row)
    found: dict[int, Decimal] = {}
    for (sector, period), lines in by_month.items():
        if "-" not in period:
            continue
        standings = peers.standings_of(lines, sector, period, at)
        for row in lines:
            standing = standings.get(row.line_id)
            if standing is not None and standing.z is not None:
                found[row.submission_id] = max(found.get(row.submission_id, Decimal(0)), abs(standing.z))
    return found
