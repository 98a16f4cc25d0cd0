"""What pages ask: a unit's year, a province's months, a package with all that belongs to it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from registry import access, directory
from registry.law import calendar
from registry.models import Person, Unit
from registry.permissions import Act
from registry.values.sectors import Sector
from reporting import evidence
from reporting.filing import outside_lives
from reporting.filing.deadlines import dues
from reporting.models import (
    AnnualReport,
    Evidence,
    FindingAnswer,
    FindingRow,
    Package,
    PackageEvent,
    Receipt,
    ReportedDatum,
    Submission,
    SubmittedEvidence,
    Upload,
    Verification,
    VerificationEvent,
    VerifiedDatum,
)
from reporting.periods import ended, periods_of
from reporting.periods.expected import asked_of, year_of_unit
from reporting.queries.as_of import UNASKED, Standing, standings

__all__ = [
    "Card",
    "SectorYear",
    "annual_reports",
    "months_of",
    "packages",
    "packages_listed",
    "sector_year",
    "verifications",
    "years_of",
]

State = Package.State

TONES = {
    State.OPEN: "neutral",
    State.READ: "info",
    State.SUBMITTED: "info",
    State.ACCEPTED: "ok",
    State.RETURNED: "danger",
}


STEPS = {State.OPEN: "upload", State.SUBMITTED: "review", State.ACCEPTED: "done", State.RETURNED: "redo"}


@dataclass(frozen=True, slots=True)
class Card:
    """One period of a unit's year, as it stood at the end of a day; `package` is None until then.

    `asked` is False for a period after the unit has left the directory: nobody waits for it. `named` is False where the year's directory
    doesn't name the unit at all: nobody waits for its months either, though a report can be made of them.
    """

    period: str
    due: dt.date
    package: Standing | None
    day: dt.date
    asked: bool = True
    named: bool = True

    @property
    def has_ended(self) -> bool:
        return ended(self.period, self.day)

    @property
    def settled(self) -> bool:
        """Whether the deadline no longer counts: it was submitted and did not come back."""
        return self.package is not None and not self.package.is_with_unit

    @property
    def is_waited_for(self) -> bool:
        """Whether its deadline runs: the directory asks for it, and it isn't submitted."""
        return self.asked and self.named and not self.settled

    @property
    def overdue(self) -> bool:
        return self.is_waited_for and self.day > self.due

    @property
    def step(self) -> str:
        """What comes next, and so whose turn it is: wait, upload, correct, submit, review, redo, or done."""
        if self.package is None:
            return "upload" if self.has_ended else "wait"
        if self.package.state == State.READ:
            said = self.package.submission
            if said is None or said.emissions is None or said.errors:
                return "correct"
            return "submit" if self.has_ended else "wait"
        return STEPS[self.package.state]

    @property
    def tone(self) -> str:
        if self.overdue:
            return "danger"
        return "neutral" if self.package is None else TONES[self.package.state]


@dataclass(frozen=True, slots=True)
class SectorYear:
    """A unit's year in one sector: its periods, its report, its verification."""

    sector: Sector
    year: int
    cards: tuple[Card, ...]
    report: AnnualReport | None
    report_due: dt.date | None
    verification: Verification | None
    outside: tuple[outside_lives.Outside, ...] = ()
    """Of a year that is accepted and not filed: the months that speak of a line outside its life, for which the report is refused."""
    named: bool = True
    """Whether the year's directory names the unit in the sector: else nothing of it is due."""

    @property
    def asked(self) -> list[Card]:
        """The periods that the report is made from."""
        return [card for card in self.cards if card.asked]

    @property
    def accepted(self) -> int:
        return sum(card.package is not None and card.package.state == State.ACCEPTED for card in self.asked)

    @property
    def late(self) -> int:
        """How many periods were first submitted after their deadline."""
        return sum(card.package is not None and card.package.late for card in self.cards)

    @property
    def complete(self) -> bool:
        """Whether every period is accepted and no report is filed yet."""
        filed = self.report is not None and self.report.state == AnnualReport.State.FILED
        return bool(self.asked) and self.accepted == len(self.asked) and not filed

    @property
    def ready_for_report(self) -> bool:
        """Whether the report can be prepared."""
        return self.complete and not self.outside


def packages() -> QuerySet[Package]:
    """Packages as their pages show them."""
    return Package.objects.select_related("unit__authority", "submission", "job", "reviewer")


def packages_listed() -> QuerySet[Package]:
    """Packages as lists show them: without what their workbooks hold."""
    return Package.objects.select_related("unit__authority", "submission").defer(*UNASKED)


def submissions(person: Person) -> QuerySet[Submission]:
    """The versions that the person may see: whoever may not see drafts, those that were submitted."""
    rows = access.scoped(person, Act.VIEW_PACKAGE, Submission.objects.all())
    submitted = PackageEvent.objects.filter(submission=OuterRef("pk"), kind=PackageEvent.Kind.SUBMITTED)
    return rows if access.may(person, Act.VIEW_DRAFT) else rows.filter(Exists(submitted))


def uploads(person: Person) -> QuerySet[Upload]:
    """The files that the person may have: whoever may not see drafts, those of versions that were submitted."""
    rows = access.scoped(person, Act.VIEW_PACKAGE, Upload.objects.all())
    submitted = PackageEvent.objects.filter(submission__upload=OuterRef("pk"), kind=PackageEvent.Kind.SUBMITTED)
    return rows if access.may(person, Act.VIEW_DRAFT) else rows.filter(Exists(submitted))


def supporting_files(person: Person) -> QuerySet[Evidence]:
    """The supporting files that the person may have: whoever may not see drafts, those that were submitted."""
    rows = access.scoped(person, Act.VIEW_PACKAGE, Evidence.objects.all())
    submitted = SubmittedEvidence.objects.filter(evidence=OuterRef("pk"))
    return rows if access.may(person, Act.VIEW_DRAFT) else rows.filter(Exists(submitted))


def supporting_files_of(package: Package, submission: Submission | None, *, live: bool) -> list[Evidence]:
    """The files beside a version: those that it was submitted with, or, `live`, those that stand now. One query."""
    if live:
        rows = evidence.present(package)
    elif submission is not None:
        rows = evidence.of_submission(submission)
    else:
        return []
    return list(rows.select_related("by"))


def annual_reports() -> QuerySet[AnnualReport]:
    """Reports in force as lists show them, with the verification that was assigned last."""
    latest = Verification.objects.order_by("version").select_related("body")
    return (
        AnnualReport.objects.exclude(state=AnnualReport.State.SUPERSEDED)
        .select_related("unit__authority")
        .prefetch_related(Prefetch("verifications", latest))
    )


def verifications() -> QuerySet[Verification]:
    """Verifications as lists show them, with how many data there are and how many are settled."""
    # Joined, each datum would stand beside each finding of all of them before they are counted.
    data = ReportedDatum.objects.filter(report=OuterRef("report")).order_by().values("report")
    settled = VerifiedDatum.objects.filter(verification=OuterRef("pk")).order_by().values("verification")
    return Verification.objects.select_related("unit__authority", "body", "report").annotate(
        data_count=Coalesce(Subquery(data.annotate(of=Count("pk")).values("of")), 0),
        settled_count=Coalesce(Subquery(settled.annotate(of=Count("datum", distinct=True)).values("of")), 0),
    )


def years_of(unit: Unit) -> list[int]:
    """The years that the unit reports or has reported for, the latest first."""
    listed = directory.ever_listed().filter(unit=unit).values_list("year", flat=True)
    reported = Package.objects.filter(unit=unit).values_list("year", flat=True)
    return sorted({*listed, *reported}, reverse=True)


def sectors_of(person: Person, unit: Unit, year: int) -> list[str]:
    """The unit's sectors as far as the person sees its year: a body only those that it verifies."""
    sectors = unit.memberships.order_by("sector")
    if person.body_id is not None:
        mine = _held(person).filter(unit=unit, year=year)
        sectors = sectors.filter(sector__in=mine.values("sector"))
    return list(sectors.values_list("sector", flat=True))


def _held(person: Person) -> QuerySet[Verification]:
    """The verifications of the person's body, without those that were withdrawn from it."""
    return Verification.objects.filter(body=person.body_id).exclude(state=Verification.State.WITHDRAWN)


def units_of_year(person: Person, sector: str, year: int) -> QuerySet[Unit]:
    """The units of a year's directory, those that left in the year among them, whose months the person may see."""
    listed = directory.ever_listed().filter(year=year, sector=sector)
    units = access.scoped(person, Act.VIEW_PACKAGE, Unit.objects.filter(pk__in=listed.values("unit")))
    if person.body_id is not None:
        mine = _held(person).filter(sector=sector, year=year)
        units = units.filter(pk__in=mine.values("unit"))
    return units.select_related("authority").order_by("authority__code", "name", "pk")


def sector_year(unit: Unit, sector: str, year: int, day: dt.date) -> SectorYear:
    """The board of a unit's year in one sector, as it stood at the end of `day`. Seven queries; three more for a day that is past, two
    for a year whose report can be prepared."""
    rows = Package.objects.filter(unit=unit, sector=sector, year=year)
    found = {standing.period: standing for standing in standings(rows, day)}
    asked, named = year_of_unit(unit.pk, sector, year)
    known = dues([unit.pk], day)
    cards = [
        Card(period, known.of(unit.pk, sector, period), found.get(period), day, period in asked, named)
        for period in periods_of(year)
        if period in asked or period in found
    ]
    end, due = calendar.end_of(day), calendar.yearly_deadline("annual_report", year)
    if due is not None:
        due = calendar.due_once_listed(due, directory.listed_on(unit.pk, sector, year))
    report, verification = _report_then(unit, sector, year, end), _verification_then(unit, sector, year, end)
    board = SectorYear(Sector(sector), year, tuple(cards), report, due, verification, named=named)
    return replace(board, outside=tuple(outside_lives.found(unit, sector, year))) if board.complete else board


def _report_then(unit: Unit, sector: str, year: int, end: dt.datetime) -> AnnualReport | None:
    """The report that counted at an instant; what became of it later is not shown (the row is not saved)."""
    prepared = AnnualReport.objects.filter(unit=unit, sector=sector, year=year, prepared_at__lte=end)
    report = prepared.select_related("sent_back").order_by("-version").first()
    if report is not None:
        filed = report.filed_at is not None and report.filed_at <= end
        report.state = AnnualReport.State.FILED if filed else AnnualReport.State.PREPARED
        if (back := getattr(report, "sent_back", None)) is not None and back.at <= end:
            report.state = AnnualReport.State.RETURNED
        report.late = report.late and filed
    return report


def _verification_then(unit: Unit, sector: str, year: int, end: dt.datetime) -> Verification | None:
    """The verification assigned last before an instant, in the state of then (the row is not saved)."""
    last = VerificationEvent.objects.filter(verification=OuterRef("pk"), at__lte=end).order_by("-pk")
    assigned = Verification.objects.filter(unit=unit, sector=sector, year=year, assigned_at__lte=end)
    kept = assigned.annotate(last=Subquery(last.values("kind")[:1])).exclude(last=VerificationEvent.Kind.WITHDRAWN)
    then = kept.select_related("body").order_by("-version").first()
    if then is not None and then.last:
        taken_back = then.last == VerificationEvent.Kind.TAKEN_BACK
        then.state = Verification.State.ASSIGNED if taken_back else Verification.State(then.last)
    return then


def months_of(units: Iterable[Unit], sector: str, year: int, day: dt.date) -> list[tuple[Unit, list[Card]]]:
    """The year of many units side by side, as it stood at the end of `day`. Four queries; three more for a day that is past."""
    units = list(units)
    asked = asked_of([unit.pk for unit in units], sector, year)
    rows = Package.objects.filter(unit__in=units, sector=sector, year=year)
    found = {(standing.unit_id, standing.period): standing for standing in standings(rows, day)}
    periods, known = periods_of(year), dues([unit.pk for unit in units], day)
    return [
        (
            unit,
            [
                Card(
                    period,
                    known.of(unit.pk, sector, period),
                    found.get((unit.pk, period)),
                    day,
                    period in asked.get(unit.pk, periods),
                    unit.pk in asked,
                )
                for period in periods
            ],
        )
        for unit in units
    ]


def findings_of(submission: Submission) -> list[FindingRow]:
    """All findings of a version with the reasons given for them. Two queries."""
    answers = Prefetch("answers", FindingAnswer.objects.select_related("by", "refusal").order_by("pk"))
    return list(submission.findings.prefetch_related(answers).order_by("number"))


def reasons_before(submission: Submission) -> dict[tuple[str, str, str], tuple[str, int]]:
    """The latest reasons given for warnings of the package's earlier versions and their version, by code, sheet and cell. One query."""
    earlier = FindingAnswer.objects.filter(
        finding__submission__package=submission.package_id, finding__submission__version__lt=submission.version
    )
    answers = earlier.order_by("finding__submission__version", "pk").select_related("finding__submission")
    return {
        (row.finding.code, row.finding.sheet, row.finding.cell): (row.reason, row.finding.submission.version)
        for row in answers
    }


def receipts_of(package: Package) -> QuerySet[Receipt]:
    """The package's receipts, the latest first; whoever may see the package may have them, for drafts have none."""
    return Receipt.objects.filter(package=package).select_related("event__submission").order_by("-pk")


def late_of(person: Person, sector: str, year: int, day: dt.date) -> dict[str, int]:
    """Of the year's packages within the person's reach those first submitted late by the end of `day`, and of how many units. One query."""
    rows = access.scoped(person, Act.VIEW_PACKAGE, Package.objects.filter(sector=sector, year=year, late=True))
    submitted = PackageEvent.objects.filter(package=OuterRef("pk"), at__lte=calendar.end_of(day))
    late = Package.objects.filter(pk__in=rows.filter(Exists(submitted)).order_by().values("pk"))
    return late.aggregate(packages=Count("pk"), units=Count("unit", distinct=True))
