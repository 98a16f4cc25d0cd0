"""Workbooks coming in: kept whole, read once, submitted by a person."""

import io
import json
import zipfile
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from registry import files, jobs, journal
from registry.models import Job, JournalEntry
from registry.refusal import Refusal
from registry.values.canonical import sha256
from reporting import checks, review, workbook
from reporting.filing import blanks, intake
from reporting.findings import Finding
from reporting.models import FindingRow, Package, Submission, TermRow, Upload
from reporting.periods import month_before
from reporting.submissions import reading
from tests.cast import at
from tests.reporting import story

State = Package.State


@pytest.fixture
def package(unit, process) -> Package:
    return intake.package_of(unit, story.ALUMINIUM, "2025-07")


# --- opening -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "due"),
    [
        ("2025-07", "2025-09-09"),  # 40 days after 31 July
        ("2025-12", "2026-02-09"),
        ("2025-03", "2025-10-31"),  # January to June 2025 are back-filled
        ("2024", "2025-06-30"),  # no months in 2024: the year workbook is due with the annual report
    ],
)
def test_a_package_is_due_when_the_calendar_says(unit, period, due):
    package = intake.package_of(unit, story.ALUMINIUM, period)
    assert package.due.isoformat() == due
    assert package.state == State.OPEN


@pytest.mark.parametrize(
    "period", ["2025", "2024-07", "2025-13", "2025-7", "July", "", "2023", "9999-12", "0001-01", "２０２５-07"]
)
def test_a_period_that_nothing_is_asked_for_is_refused(unit, period):
    with pytest.raises(Refusal):
        intake.package_of(unit, story.ALUMINIUM, period)


def test_opening_twice_gives_the_same_package(unit):
    first = intake.package_of(unit, story.ALUMINIUM, "2025-07")
    assert intake.package_of(unit, story.ALUMINIUM, "2025-07") == first


def test_only_who_files_for_the_unit_opens_its_package(unit, clerk, rival_clerk, officer):
    when = at("2025-09-01")
    made = intake.open_package(unit, story.ALUMINIUM, "2025-07", by=clerk, at=when)
    assert made == intake.package_of(unit, story.ALUMINIUM, "2025-07")
    for other in (rival_clerk, officer):
        with pytest.raises(PermissionDenied):
            intake.open_package(unit, story.ALUMINIUM, "2025-08", by=other, at=when)
    assert not Package.objects.filter(period="2025-08").exists()


def test_a_unit_without_the_sector_is_refused(make_unit):
    with pytest.raises(Refusal):
        intake.package_of(make_unit("steel"), story.ALUMINIUM, "2025-07")


# --- the blank -----------------------------------------------------------------------------------------------------------


def test_the_blank_reads_as_the_packages_own(package):
    expected = workbook.Expected(story.ALUMINIUM, "2025-07", package.unit.credit_code)
    reading = workbook.read(blanks.blank_for(package, story.READ_AT), "blank.xlsx", expected)
    assert (reading.sector, reading.period, reading.unit) == (story.ALUMINIUM, "2025-07", package.unit.credit_code)
    assert reading.content.lines == ("P1",)
    assert not [finding for finding in reading.findings if finding.code.startswith(("form.", "file."))]


def test_last_months_closing_stock_is_this_months_opening_stock(unit, process, clerk, package):
    assert blanks.known_before(package).opening_stocks == {}
    story.read(unit, "2025-06", clerk)
    assert blanks.known_before(package).opening_stocks == {"anode": Decimal(500)}
    reading = workbook.read(blanks.blank_for(package, story.READ_AT), "blank.xlsx")
    assert reading.content.find("fuel", item="anode").number("opening") == Decimal(500)


def test_january_looks_back_to_december():
    assert month_before("2026-01") == "2025-12"
    assert month_before("2025-10") == "2025-09"


# --- receiving -----------------------------------------------------------------------------------------------------------


def test_a_workbook_is_kept_whole_and_read_into_a_version(package, clerk):
    data = story.book(package.unit, "2025-07")
    upload = intake.receive(package, data, "七月.xlsx", by=clerk, at=story.READ_AT)
    assert (upload.sha256, upload.size, upload.name) == (sha256(data), len(data), "七月.xlsx")
    assert files.read(upload.sha256) == data

    story.do_jobs()
    submission = story.current(package)
    assert package.state == State.READ
    assert submission.version == 1
    assert submission.errors == 0
    # 24,283.40 + 2,461.77 = 26,745.17
    assert submission.emissions == 26_745
    assert list(submission.terms.values_list("source", "emissions")) == [
        ("anode", Decimal("24283.40")),
        ("effect", Decimal("2461.77")),
    ]
    total = submission.line_totals.get()
    assert (total.line.code, total.emissions, total.output) == ("P1", 26_745, Decimal("17000.00"))
    assert submission.read_at == story.READ_AT


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("C:\\台账\\七月.xlsx", "七月.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\u202e.xlsx", "ab.xlsx"),
        ("", "workbook.xlsx"),
    ],
)
def test_a_file_name_is_made_fit_to_be_downloaded(package, clerk, name, kept):
    data = story.book(package.unit, "2025-07")
    assert intake.receive(package, data, name, by=clerk, at=story.READ_AT).name == kept


def test_an_empty_or_oversized_file_leaves_nothing_behind(package, clerk, settings):
    settings.UPLOAD_LIMIT_BYTES = 10
    for data in (b"", b"12345678901"):
        with pytest.raises(Refusal):
            intake.receive(package, data, "x.xlsx", by=clerk, at=story.READ_AT)
    assert not Upload.objects.exists()
    assert not Job.objects.exists()
    assert not list(settings.MEDIA_ROOT.rglob("*")) if settings.MEDIA_ROOT.exists() else True


def _zip_of_nothing() -> bytes:
    buffer = io.BytesIO()
    zipfile.ZipFile(buffer, "w").close()
    return buffer.getvalue()


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04 cut short", b"%PDF-1.7", b"\xd0\xcf\x11\xe0" + b"\0" * 600, _zip_of_nothing(), b"\0" * 5000]
)
def test_a_file_that_is_no_workbook_is_a_finding_and_never_ends_the_worker(package, clerk, data):
    intake.receive(package, data, "七月.xlsx", by=clerk, at=story.READ_AT)
    story.do_jobs()
    submission = story.current(package)
    assert not submission.is_readable
    assert submission.errors >= 1
    with pytest.raises(Refusal):
        intake.submit(submission, by=clerk, at=story.READ_AT)


def test_another_months_workbook_says_nothing_about_this_one(package, unit, clerk):
    intake.receive(package, story.book(unit, "2025-08"), "八月.xlsx", by=clerk, at=story.READ_AT)
    story.do_jobs()
    submission = story.current(package)
    assert "form.other_period" in submission.findings.values_list("code", flat=True)
    assert not submission.is_readable
    assert submission.emissions is None


def test_the_same_bytes_again_are_the_same_upload_and_version(package, unit, clerk):
    data = story.book(unit, "2025-07")
    first = intake.receive(package, data, "a.xlsx", by=clerk, at=story.READ_AT)
    story.do_jobs()
    again = intake.receive(package, data, "b.xlsx", by=clerk, at=at("2025-10-02"))
    story.do_jobs()
    assert again == first
    assert package.submissions.count() == 1


def test_a_double_click_asks_for_one_reading(package, unit, clerk):
    data = story.book(unit, "2025-07")
    for when in ("2025-10-01 09:00:00", "2025-10-01 09:00:01"):
        intake.receive(package, data, "a.xlsx", by=clerk, at=at(when))
    assert Job.objects.count() == 1


def test_going_back_to_earlier_bytes_makes_that_version_current_again(package, unit, clerk):
    first = story.read(unit, "2025-07", clerk)
    second = story.read(unit, "2025-07", clerk, anode="8100")
    assert (second.version, story.current(package)) == (2, second)
    again = story.read(unit, "2025-07", clerk, at("2025-10-03"))
    assert again == first


def journalled(unit, *acts: str) -> list[tuple[str, dict]]:
    entries = JournalEntry.objects.filter(unit=unit, act__in=acts).order_by("sequence")
    said = [(entry.act, json.loads(entry.facts)) for entry in entries]
    return [(act, {name: value for name, value in facts.items() if name != "seals"}) for act, facts in said]


def test_that_an_earlier_version_is_current_again_is_in_the_journal(package, unit, clerk):
    first = story.read(unit, "2025-07", clerk)
    story.read(unit, "2025-07", clerk, anode="8100")
    again = intake.receive(package, story.book(unit, "2025-07"), "again.xlsx", by=clerk, at=at("2025-10-03"))
    assert again.known_as == 1
    story.do_jobs()
    came, current = journalled(unit, "package.uploaded_again", "package.made_current")
    assert came == (
        "package.uploaded_again",
        {"sha256": again.sha256, "size": again.size, "name": "again.xlsx", "way": "file", "version": 1},
    )
    assert current == (
        "package.made_current",
        {"version": 1, "sha256": again.sha256, "outcome": first.outcome},
    )
    assert not list(journal.verify())


def test_the_current_bytes_again_came_in_again_and_change_nothing(package, unit, clerk):
    data = story.book(unit, "2025-07")
    for when in ("2025-10-01", "2025-10-02"):
        intake.receive(package, data, "a.xlsx", by=clerk, at=at(when))
        story.do_jobs()
    acts = [act for act, _facts in journalled(unit, "package.uploaded_again", "package.made_current")]
    assert acts == ["package.uploaded_again"]


def test_a_double_click_is_no_second_coming(package, unit, clerk):
    data = story.book(unit, "2025-07")
    uploads = [intake.receive(package, data, "a.xlsx", by=clerk, at=story.READ_AT) for _ in range(2)]
    assert [intake.again(upload) for upload in uploads] == ["", ""]
    assert not journalled(unit, "package.uploaded_again")


def test_a_version_that_checking_again_brings_back_is_in_the_journal(package, unit, clerk, monkeypatch):
    story.read(unit, "2025-07", clerk)
    with monkeypatch.context() as changed:
        changed.setattr(checks, "run", lambda *arguments: [Finding("value.missing", "表", "C3", {"item": "x"})])
        intake.read_again(package, by=clerk, at=at("2025-10-02"))
        story.do_jobs()
    intake.read_again(package, by=clerk, at=at("2025-10-03"))
    story.do_jobs()
    [(_act, facts)] = journalled(unit, "package.made_current")
    assert facts["version"] == story.current(package).version == 1


def test_the_same_bytes_serve_once(unit, process, clerk, package, monkeypatch):
    story.read(unit, "2025-07", clerk)
    other = intake.package_of(unit, story.ALUMINIUM, "2025-08")
    with pytest.raises(Refusal, match="2025-07"):
        intake.receive(other, story.book(unit, "2025-07"), "八月.xlsx", by=clerk, at=story.READ_AT)
    assert other.uploads.count() == 0


def test_a_workbook_put_into_the_wrong_month_may_still_go_into_the_right_one(unit, process, clerk, package):
    wrong = intake.package_of(unit, story.ALUMINIUM, "2025-08")
    intake.receive(wrong, story.book(unit, "2025-07"), "七月.xlsx", by=clerk, at=story.READ_AT)
    story.do_jobs()
    assert story.read(unit, "2025-07", clerk).errors == 0


def test_an_upload_overtaken_by_a_later_one_is_not_current(package, unit, clerk):
    intake.receive(package, story.book(unit, "2025-07"), "a.xlsx", by=clerk, at=story.READ_AT)
    first = Job.objects.get()
    intake.receive(package, story.book(unit, "2025-07", anode="8100"), "b.xlsx", by=clerk, at=at("2025-10-01 09:01"))
    second = Job.objects.exclude(pk=first.pk).get()
    jobs.run(second.pk)
    jobs.run(first.pk)
    # The later upload stays current although its reading ended first: 8,100 t anode.
    assert story.current(package).upload.name == "b.xlsx"
    assert package.submissions.count() == 2


# --- the worker dies -----------------------------------------------------------------------------------------------------


class _KilledError(BaseException):
    """The process is gone; nothing of ours can catch it."""


def test_a_worker_killed_in_the_middle_leaves_nothing_and_another_finishes_once(package, unit, clerk, monkeypatch):
    intake.receive(package, story.book(unit, "2025-07"), "a.xlsx", by=clerk, at=story.READ_AT)
    job = Job.objects.get()
    store = reading.store

    def die(*arguments):
        store(*arguments)
        raise _KilledError

    monkeypatch.setattr(reading, "store", die)
    with pytest.raises(_KilledError):
        jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.RUNNING
    assert not Submission.objects.exists()
    assert not FindingRow.objects.exists()

    monkeypatch.setattr(reading, "store", store)
    jobs.run(job.pk)  # the lease still runs: nobody may touch it
    assert not Submission.objects.exists()
    Job.objects.update(lease_until=at("2020-01-01"))
    jobs.run(job.pk)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert Submission.objects.count() == 1
    assert TermRow.objects.count() == 2


def test_a_stored_file_that_was_tampered_with_is_not_read(package, unit, clerk, settings):
    upload = intake.receive(package, story.book(unit, "2025-07"), "a.xlsx", by=clerk, at=story.READ_AT)
    next(path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()).write_bytes(b"other")
    with pytest.raises(files.DamagedFileError):
        files.read(upload.sha256)


def test_keeping_the_same_bytes_twice_never_overwrites(settings):
    digest = files.keep(b"bytes")
    path = next(path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())
    before = path.stat().st_mtime_ns
    assert files.keep(b"bytes") == digest
    assert path.stat().st_mtime_ns == before
    assert [file for file in settings.MEDIA_ROOT.rglob("*") if file.is_file()] == [path]


# --- submitting ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "late"),
    [("2025-09-09 23:59:59", False), ("2025-09-10 00:00:00", True), ("2026-05-01 08:00", True)],
)
def test_what_comes_after_the_deadline_is_marked_late_and_never_refused(unit, process, clerk, when, late):
    submission = story.submitted(unit, "2025-07", clerk, at(when))
    submission.package.refresh_from_db()
    assert submission.package.state == State.SUBMITTED
    assert submission.package.late is late


def test_a_month_may_be_uploaded_before_it_is_over_and_submitted_the_day_after(unit, process, clerk):
    submission = story.read(unit, "2025-07", clerk, at("2025-07-20"))
    story.support(submission.package, clerk, at("2025-07-20"))
    with pytest.raises(Refusal, match="2025-08-01"):
        intake.submit(submission, by=clerk, at=at("2025-07-31 23:59:59"))
    package = intake.submit(submission, by=clerk, at=at("2025-08-01 00:00:00"))
    assert (package.state, package.late) == (State.SUBMITTED, False)


def test_a_correction_after_the_deadline_does_not_make_a_timely_package_late(unit, process, clerk, officer):
    first = story.submitted(unit, "2025-07", clerk, at("2025-09-01"))
    review.send_back(first, reason="炭阳极台账缺页", by=officer, at=at("2025-09-15"))
    second = story.submitted(unit, "2025-07", clerk, at("2025-09-20"), anode="8100")
    second.package.refresh_from_db()
    assert second.package.late is False
    assert [event.late for event in second.package.events.filter(kind="submitted")] == [False, True]


def test_findings_that_block_refuse_it(package, unit, clerk):
    faulty = story.content(unit, "2025-07")
    rows = tuple(row for row in faulty.rows if row.table == "fuel")
    ledger = {**rows[0].data, "closing": story.datum("-1")}
    broken = type(faulty)(
        faulty.sector, faulty.period, faulty.unit, faulty.lines, (type(rows[0])("fuel", item="anode", data=ledger),)
    )
    intake.receive(package, workbook.filled(story.spec(unit, "2025-07"), broken), "a.xlsx", by=clerk, at=story.READ_AT)
    story.do_jobs()
    submission = story.current(package)
    assert submission.errors
    with pytest.raises(Refusal):
        intake.submit(submission, by=clerk, at=story.READ_AT)


def test_amounts_that_fit_their_cells_and_no_column_are_a_finding(unit, process, clerk):
    # 900,000,000,000 t anode is below the cell's limit of 10¹²; its emissions are not below the limit of 10⁹ t
    submission = story.read(unit, "2025-07", clerk, anode="900000000000", metal="900000000000")
    found = submission.findings.filter(code="total.too_large", blocks=True)
    assert "P1 anode" in [row.params["item"] for row in found]
    assert (submission.emissions, submission.terms.count()) == (None, 0)
    with pytest.raises(Refusal):
        intake.submit(submission, by=clerk, at=story.READ_AT)


def test_an_old_version_cannot_be_submitted(unit, process, clerk):
    first = story.read(unit, "2025-07", clerk)
    story.read(unit, "2025-07", clerk, anode="8100")
    with pytest.raises(Refusal):
        intake.submit(first, by=clerk, at=story.READ_AT)


def test_nothing_is_submitted_while_a_later_workbook_is_being_read(unit, process, clerk, package):
    first = story.read(unit, "2025-07", clerk)
    intake.receive(package, story.book(unit, "2025-07", anode="8100"), "b.xlsx", by=clerk, at=at("2025-10-02"))
    with pytest.raises(Refusal):
        intake.submit(first, by=clerk, at=at("2025-10-02"))


def test_the_very_file_that_was_sent_back_is_refused(unit, process, clerk, officer):
    first = story.submitted(unit, "2025-07", clerk)
    review.send_back(first, reason="计量器具检定证书过期", by=officer, at=story.READ_AT)
    with pytest.raises(Refusal):
        intake.receive(first.package, story.book(unit, "2025-07"), "a.xlsx", by=clerk, at=at("2025-10-05"))


def test_a_warning_is_answered_and_an_error_is_not(unit, process, clerk, package):
    submission = story.read(unit, "2025-07", clerk)
    warning = FindingRow.objects.create(
        submission=submission, number=900, code="change.large", severity="warning", blocks=False, params={}
    )
    error = FindingRow.objects.create(
        submission=submission, number=901, code="value.missing", severity="error", blocks=True, params={}
    )
    assert intake.answer(warning, reason=" 大修 ", by=clerk, at=story.READ_AT).reason == "大修"
    facts = {entry.act: str(entry.facts) for entry in JournalEntry.objects.filter(unit=unit)}
    # What a draft says stays the unit's own: provinces read the journal too.
    assert "大修" not in facts["package.warning_answered"]
    assert "warnings" not in facts["package.read"]
    for finding, reason in ((warning, "  "), (error, "大修")):
        with pytest.raises(Refusal):
            intake.answer(finding, reason=reason, by=clerk, at=story.READ_AT)
    story.submit(submission, by=clerk, at=story.READ_AT)
    with pytest.raises(Refusal):
        intake.answer(warning, reason="更正", by=clerk, at=story.READ_AT)


def test_checking_again_sees_what_changed_before_and_makes_a_version_only_then(
    unit, process, clerk, package, monkeypatch
):
    story.read(unit, "2025-07", clerk)
    intake.read_again(package, by=clerk, at=at("2025-10-02"))
    story.do_jobs()
    assert package.submissions.count() == 1

    found = [Finding("value.missing", "表", "C3", {"item": "x"})]
    monkeypatch.setattr(checks, "run", lambda *arguments: found)
    intake.read_again(package, by=clerk, at=at("2025-10-03"))
    story.do_jobs()
    assert story.current(package).version == 2
    assert story.current(package).errors == 1


def test_every_act_is_in_the_journal(unit, process, clerk, officer):
    story.accepted(unit, "2025-07", clerk, officer)
    acts = JournalEntry.objects.filter(unit=unit).order_by("sequence").values_list("act", flat=True)
    assert list(acts) == [
        "package.uploaded",
        "package.read",
        "package.evidence_attached",
        "package.submitted",
        "package.accepted",
    ]
