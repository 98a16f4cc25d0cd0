"""A unit's reporting, told with the real services: months submitted, a report filed, a verification approved.

The works is one electrolysis process. Each month, of 8,000 t anode and 17,000 t liquid aluminium:
    anode   8,000 × (1 − 15.18 %) × (1 − 2 % − 0.4 %) × 44/12 = 24,283.4005… → 24,283.40
    effect  17,000 × (0.02 × 6630 + 0.0011 × 11100) / 1000     =               2,461.77
    month   26,745.17 → 26,745 t
The year: anode 96,000 t → 291,400.81; 204,000 t metal → 29,541.24; together 320,942.05 → 320,942 t, 2 t more than 12 × 26,745.
"""

import datetime as dt
from decimal import Decimal

from django.core.files.base import ContentFile

from quota_site.demo.invented.papers import paper
from registry import jobs
from registry.models import DirectoryEntry, Job, Line, Person, Unit
from registry.values.sectors import Sector
from reporting import evidence, review, verification, workbook
from reporting.content import CALCULATED, Content, Datum, Row
from reporting.filing import annual, intake
from reporting.models import AnnualReport, Evidence, Package, Submission, Upload, Verification
from reporting.verification import Decision
from reporting.verification import table as settling
from tests.cast import at

ALUMINIUM = Sector.ALUMINIUM
MONTHS = [f"2025-{month:02}" for month in range(1, 13)]
MONTH_TONNES, YEAR_TONNES = 26_745, 320_942
READ_AT = at("2025-10-01 09:00")


def datum(value: str) -> Datum:
    return Datum(Decimal(value), how=CALCULATED, source="台账", evidence="台账.pdf")


def content(unit: Unit, period: str, anode: str = "8000", metal: str = "17000", line: str = "P1") -> Content:
    """A month of one electrolysis process; its anode stock stays at 500 t."""
    ledger = {"opening": "500", "purchased": anode, "sold": "0", "closing": "500", "consumed": anode}
    rows = (
        Row("fuel", item="anode", data={name: datum(value) for name, value in ledger.items()}),
        Row("electrolysis", line, data={"anode": datum(anode), "amount": datum(metal), "power": datum("230000")}),
    )
    return Content(ALUMINIUM, period, unit.credit_code, (line,), rows)


def spec(unit: Unit, period: str, *lines: str) -> workbook.BlankSpec:
    return workbook.BlankSpec(
        ALUMINIUM, period, unit.credit_code, unit.name, tuple(workbook.LineSpec(code) for code in lines or ("P1",))
    )


def book(unit: Unit, period: str, **amounts: str) -> bytes:
    """The workbook as the unit's clerk would have filled it in."""
    return workbook.filled(spec(unit, period), content(unit, period, **amounts))


def do_jobs() -> None:
    while waiting := Job.objects.filter(state=Job.State.WAITING).order_by("pk").first():
        jobs.run(waiting.pk, worker="test")
        waiting.refresh_from_db()
        assert waiting.state == Job.State.DONE, waiting.error


def list_unit(unit: Unit, year: int, by: Person, *, sector: str = ALUMINIUM) -> DirectoryEntry:
    """The unit's place in a directory, as it stands once approved."""
    return DirectoryEntry.objects.create(
        year=year,
        sector=sector,
        unit=unit,
        state=DirectoryEntry.State.LISTED,
        entered_on=dt.date(year, 1, 1),
        entry_ground=DirectoryEntry.EntryGround.OVER_THRESHOLD,
        entry_reason="上年度经核查排放量 300,000 t",
        proposed_by=by,
        proposed_at=at("2025-01-05"),
    )


def read(unit: Unit, period: str, clerk: Person, when: dt.datetime = READ_AT, **amounts: str) -> Submission:
    """A workbook uploaded and read: the current version of the period's package."""
    package = intake.package_of(unit, ALUMINIUM, period)
    intake.receive(package, book(unit, period, **amounts), f"{period}.xlsx", by=clerk, at=when)
    do_jobs()
    return current(package)


def current(package: Package) -> Submission:
    package.refresh_from_db()
    assert package.submission is not None
    return package.submission


def support(package: Package, by: Person, when: dt.datetime) -> list[Evidence]:
    """One file for everything that the current version lacks; nothing where it lacks nothing."""
    lacking = [each.code for each in evidence.missing(package, current(package))]
    if not lacking:
        return []
    bound = paper(f"{package.unit.credit_code} {package.sector} {package.period} {package.evidence.count()}")
    return evidence.attach(package, [ContentFile(bound, "台账.pdf")], covers=lacking, by=by, at=when)


def submit(submission: Submission, *, by: Person, at: dt.datetime) -> Package:
    """Submitted with all the supporting files that it needs."""
    support(submission.package, by, at)
    return intake.submit(submission, by=by, at=at)


def submitted(unit: Unit, period: str, clerk: Person, when: dt.datetime = READ_AT, **amounts: str) -> Submission:
    submission = read(unit, period, clerk, when, **amounts)
    submit(submission, by=clerk, at=when)
    return submission


def accepted(
    unit: Unit, period: str, clerk: Person, officer: Person, when: dt.datetime = READ_AT, **amounts: str
) -> Submission:
    submission = submitted(unit, period, clerk, when, **amounts)
    review.accept(submission, by=officer, at=when)
    return submission


def accepted_year(unit: Unit, clerk: Person, officer: Person) -> list[Submission]:
    return [accepted(unit, period, clerk, officer, at("2026-01-20 10:00")) for period in MONTHS]


def filed(unit: Unit, clerk: Person, unit_approver: Person, officer: Person) -> AnnualReport:
    accepted_year(unit, clerk, officer)
    report = annual.prepare(unit, ALUMINIUM, 2025, by=clerk, at=at("2026-02-20 10:00"))
    return annual.file(report, by=unit_approver, at=at("2026-03-01 10:00"))


def approve_all(
    report: AnnualReport, verifier: Person, officer: Person, approver: Person, when: dt.datetime
) -> Verification:
    """Assigned, everything confirmed that was not settled, concluded, approved; all at one instant."""
    given = verification.assign(report, verifier.body, by=officer, at=when)
    verification.confirm_all(given, by=verifier, at=when)
    verification.conclude(given, by=verifier, at=when)
    return verification.approve(given, by=approver, at=when)


def corrected(given: Verification, item: str, value: str, reason: str) -> list[Decision]:
    """One datum corrected, and with it what depends on it."""
    rows = settling.table(given)
    datum = next(row.datum for row in rows if row.item.code == item)
    new = settling.recomputed(given, rows, {datum.pk: Decimal(value)})
    others = [Decision(row.datum, new[row.datum.pk].value, reason) for row in rows if row.datum.pk in new]
    return [Decision(datum, Decimal(value), reason), *others]


def upload_of(package: Package) -> Upload:
    return package.uploads.get()


def electrolysis(unit: Unit, make_line, code: str = "P1") -> Line:
    return make_line(unit, ALUMINIUM, code, capacity=Decimal("250000.00"))
