"""Bulk upload: a zip is kept, each workbook in it finds its package, one that fails stops no other."""

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry import clock, jobs, mandates
from registry.models import Job, JobItem, JournalEntry
from registry.refusal import Refusal
from registry.roles import Role
from reporting import bulk, files, intake, workbook
from reporting.models import BulkItem, BulkUpload, Package, Upload
from tests.cast import at
from tests.reporting import story

NOW = at("2025-11-20 09:00")
State = Package.State


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def zipped(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members:
            made.writestr(name, data)
    return buffer.getvalue()


def months(unit, *numbers: int) -> list[tuple[str, bytes]]:
    return [(f"{number}月.xlsx", story.book(unit, f"2025-{number:02}")) for number in numbers]


@pytest.fixture
def send(clerk, process):
    def make(*members: tuple[str, bytes]) -> BulkUpload:
        return bulk.receive(zipped(*members), "集团.zip", by=clerk, at=NOW)

    return make


@pytest.fixture
def holder(make_person, unit, clerk, rival_unit, make_line):
    """甲's clerk, for whose unit 乙 has given a mandate to upload and submit."""
    story.electrolysis(rival_unit, make_line)
    theirs = make_person(Role.UNIT_APPROVER, "乙企业审批人", unit=rival_unit)
    ours = make_person(Role.UNIT_APPROVER, "甲企业审批人", unit=unit)
    days = {"since": NOW.date(), "until": NOW.date()}
    mandate = mandates.offer(unit, may_submit=True, **days, by=theirs, at=NOW)
    mandates.accept(mandate, by=ours, at=NOW)
    return mandate


def outcomes(sent: BulkUpload) -> dict[str, str]:
    return {item.name: item.kind for item in sent.items.all()}


# --- taking in -----------------------------------------------------------------------------------------------------------


def test_every_workbook_finds_its_own_package(send, unit, do_jobs, clerk):
    sent = send(*months(unit, 7, 8, 9))
    do_jobs()
    assert outcomes(sent) == {"7月.xlsx": "taken", "8月.xlsx": "taken", "9月.xlsx": "taken"}
    assert {(package.period, package.state) for package in Package.objects.all()} == {
        ("2025-07", State.READ),
        ("2025-08", State.READ),
        ("2025-09", State.READ),
    }
    assert {upload.by for upload in Upload.objects.all()} == {clerk}
    assert [upload.name for upload in Upload.objects.order_by("pk")] == ["7月.xlsx", "8月.xlsx", "9月.xlsx"]


def test_the_zip_is_kept_whole(clerk, process, unit):
    data = zipped(*months(unit, 7))
    sent = bulk.receive(data, "../集团.zip", by=clerk, at=NOW)
    assert files.read(sent.sha256) == data
    assert sent.name == "集团.zip"
    entry = JournalEntry.objects.get(act="bulk.uploaded")
    assert json.loads(entry.facts)["sha256"] == sent.sha256


def test_mandating_units_months_are_taken_and_strangers_are_not(send, unit, rival_unit, far_unit, holder, do_jobs):
    sent = send(
        ("甲.xlsx", story.book(unit, "2025-09")),
        ("乙.xlsx", story.book(rival_unit, "2025-09")),
        ("丙.xlsx", story.book(far_unit, "2025-09")),
    )
    do_jobs()
    assert outcomes(sent) == {"甲.xlsx": "taken", "乙.xlsx": "taken", "丙.xlsx": "refused"}
    refused = sent.items.get(name="丙.xlsx")
    assert far_unit.credit_code in refused.message
    assert (refused.unit, refused.upload) == (None, None)
    facts = [json.loads(entry.facts) for entry in JournalEntry.objects.filter(act="package.uploaded").order_by("pk")]
    assert [fact.get("mandate") for fact in facts] == [None, holder.pk]


def test_without_a_mandate_the_other_unit_is_a_stranger(send, rival_unit, do_jobs):
    sent = send(("乙.xlsx", story.book(rival_unit, "2025-09")))
    do_jobs()
    assert outcomes(sent) == {"乙.xlsx": "refused"}
    assert not Package.objects.exists()


def test_a_second_workbook_of_the_same_month_is_refused(send, unit, do_jobs):
    sent = send(("a.xlsx", story.book(unit, "2025-09")), ("b.xlsx", story.book(unit, "2025-09", anode="8001")))
    do_jobs()
    assert outcomes(sent) == {"a.xlsx": "taken", "b.xlsx": "refused"}
    assert "a.xlsx" in sent.items.get(name="b.xlsx").message
    assert Upload.objects.get().name == "a.xlsx"


def test_a_bad_file_stops_no_other(send, unit, do_jobs, clerk, officer):
    story.accepted(unit, "2025-07", clerk, officer, NOW)
    sent = send(
        ("readme.txt", b"hello"),
        ("inner.zip", zipped(*months(unit, 8))),
        ("__MACOSX/._9.xlsx", b"junk"),
        ("folder/", b""),
        ("7月.xlsx", story.book(unit, "2025-07", anode="8001")),  # accepted already
        ("9月.xlsx", story.book(unit, "2025-09")),
    )
    do_jobs()
    assert outcomes(sent) == {
        "readme.txt": "refused",
        "inner.zip": "refused",
        "__MACOSX/._9.xlsx": "skipped",
        "folder/": "skipped",
        "7月.xlsx": "refused",
        "9月.xlsx": "taken",
    }
    found = {item.name: (item.finding or {}).get("code") for item in sent.items.all()}
    assert (found["readme.txt"], found["inner.zip"]) == ("file.not_workbook", "file.not_workbook")
    assert sent.items.get(name="7月.xlsx").message
    assert not Package.objects.filter(period="2025-08").exists()


@pytest.mark.parametrize("data", [b"", b"no zip", zipped(), zipped((".DS_Store", b""))])
def test_what_is_no_archive_is_refused_as_a_whole(data, clerk, process):
    with pytest.raises(Refusal):
        bulk.receive(data, "x.zip", by=clerk, at=NOW)
    assert not BulkUpload.objects.exists()


def test_too_large_an_archive_is_refused(clerk, process, unit, settings):
    data = zipped(*months(unit, 7))
    settings.BULK_LIMIT_BYTES = len(data)
    bulk.receive(data, "x.zip", by=clerk, at=NOW)
    settings.BULK_LIMIT_BYTES = len(data) - 1
    with pytest.raises(Refusal):
        bulk.receive(data, "x.zip", by=clerk, at=NOW)


def test_whoever_lost_her_seat_takes_nothing_in(send, unit, clerk, do_jobs):
    sent = send(*months(unit, 9))
    clerk.is_active = False
    clerk.save()
    do_jobs()
    assert outcomes(sent) == {"9月.xlsx": "refused"}


class Killed(BaseException):
    """What a worker that is killed leaves behind: nothing is caught."""


@pytest.mark.parametrize("moment", ["receive", "save"])
def test_a_killed_worker_is_succeeded_where_it_stopped(send, unit, do_jobs, monkeypatch, moment):
    sent = send(*months(unit, 7, 8, 9))
    job = bulk.job_of(sent)
    with monkeypatch.context() as patch:
        kill_at(patch, moment, 2)
        with pytest.raises(Killed):
            jobs.run(job.pk, worker="first")
    assert sent.items.count() == 1
    Job.objects.filter(pk=job.pk).update(lease_until=at("2000-01-01"))  # its lease runs out
    jobs.run(job.pk, worker="second")
    do_jobs()
    assert list(sent.items.values_list("number", "kind")) == [(1, "taken"), (2, "taken"), (3, "taken")]
    assert Upload.objects.count() == 3
    assert JournalEntry.objects.filter(act="package.uploaded").count() == 3


def kill_at(patch, moment: str, time: int) -> None:
    calls = iter(range(1, 100))
    owner, name = (intake, "receive") if moment == "receive" else (BulkItem, "save")
    real = getattr(owner, name)

    def dying(*args, **kwargs):
        if next(calls) == time:
            raise Killed
        return real(*args, **kwargs)

    patch.setattr(owner, name, dying)


def test_questions_grow_linearly_with_files(clerk, process, unit):
    def questions(count: int) -> int:
        sent = bulk.receive(zipped(*((f"{n}.txt", b"x%d" % n) for n in range(count))), "x.zip", by=clerk, at=NOW)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            jobs.run(bulk.job_of(sent).pk, worker="test")
        assert sent.items.count() == count
        return len(captured)

    few, more, most = questions(5), questions(10), questions(500)
    each = (more - few) // 5
    assert (more - few) % 5 == 0
    assert most == few + 495 * each
    assert each <= 2


def test_questions_of_workbooks_grow_linearly(send, unit, monkeypatch):
    def questions(*numbers: int) -> int:
        sent = send(*months(unit, *numbers))
        with CaptureQueriesContext(connection) as captured:
            jobs.run(bulk.job_of(sent).pk, worker="test")
        return len(captured)

    one, two, three = questions(1), questions(2, 3), questions(4, 5, 6)
    assert two - one == three - two


# --- page ----------------------------------------------------------------------------------------------------------------


def test_from_the_zip_to_the_submissions_on_the_pages(client_for, clerk, unit, process, do_jobs):
    client = client_for(clerk)
    story.submitted(unit, "2025-06", clerk, NOW)
    unknown = workbook.filled(story.spec(unit, "2025-09", "P9"), story.content(unit, "2025-09", line="P9"))
    data = zipped(
        *months(unit, 7),
        ("8月.xlsx", story.book(unit, "2025-08", anode="12000")),  # half as much again: a warning
        ("9月.xlsx", unknown),  # an unknown line: an error
        ("说明.txt", b"x"),
    )
    response = client.post(reverse("reporting:bulk"), {"archive": SimpleUploadedFile("三季度.zip", data)})
    sent = BulkUpload.objects.get()
    page = reverse("reporting:bulk_upload", args=[sent.pk])
    assert response["Location"] == page
    do_jobs()
    response = client.get(page)
    table = {row.name: row.outcome for row in response.context["table"].data}
    assert table == {"7月.xlsx": "clean", "8月.xlsx": "warnings", "9月.xlsx": "errors", "说明.txt": "refused"}
    assert response.context["clean"] == 1
    only = client.get(page, {"outcome": "errors"}).context["table"].data
    assert [row.name for row in only] == ["9月.xlsx"]
    assert client.post(reverse("reporting:bulk_submit", args=[sent.pk])).status_code == 302
    do_jobs()
    assert Package.objects.get(period="2025-07").state == State.SUBMITTED
    assert Package.objects.get(period="2025-08").state == State.READ
    response = client.get(page)
    assert {row.name: row.outcome for row in response.context["table"].data}["7月.xlsx"] == "submitted"
    assert response.context["clean"] == 0
    assert JobItem.objects.get(job__kind="reporting.bulk_submit").succeeded
    assert client.get(reverse("reporting:bulk_original", args=[sent.pk])).content == data


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_open(client_for, clerk, unit, send, do_jobs, language):
    client = client_for(clerk, language)
    sent = send(*months(unit, 7))
    for name, arguments in (("bulk", []), ("bulk_upload", [sent.pk]), ("bulk_progress", [sent.pk])):
        assert client.get(reverse(f"reporting:{name}", args=arguments)).status_code == 200
    do_jobs()
    response = client.get(reverse("reporting:bulk_progress", args=[sent.pk]))
    assert response.headers["HX-Refresh"] == "true"


def test_a_form_without_a_file_says_so(client_for, clerk):
    assert client_for(clerk).post(reverse("reporting:bulk")).status_code == 422


def test_the_page_asks_as_much_for_many_files_as_for_few(client_for, clerk, send, unit, do_jobs):
    client = client_for(clerk)

    def questions(*numbers: int) -> int:
        sent = send(*months(unit, *numbers))
        do_jobs()
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("reporting:bulk_upload", args=[sent.pk]))
        return len(captured)

    questions(1)
    assert questions(2, 3) == questions(4, 5, 6, 7, 8)


# --- submitting ----------------------------------------------------------------------------------------------------------


def test_exactly_the_versions_of_that_moment_are_submitted(send, unit, clerk, do_jobs):
    sent = send(*months(unit, 8, 9))
    do_jobs()
    job = bulk.submit_clean(sent, by=clerk, at=NOW)
    later = story.book(unit, "2025-08", anode="8001")
    intake.receive(Package.objects.get(period="2025-08"), later, "8.xlsx", by=clerk, at=NOW)
    jobs.run(Job.objects.filter(kind="reporting.read").latest("pk").pk, worker="test")
    jobs.run(job.pk, worker="test")
    job.refresh_from_db()
    assert job.outcome == {"submitted": 1, "refused": 1}
    assert [item.succeeded for item in job.items.order_by("pk")] == [False, True]
    assert Package.objects.get(period="2025-08").state == State.READ
    assert Package.objects.get(period="2025-09").state == State.SUBMITTED


def test_a_killed_submission_is_gone_on_with(send, unit, clerk, do_jobs, monkeypatch):
    sent = send(*months(unit, 7, 8, 9))
    do_jobs()
    job = bulk.submit_clean(sent, by=clerk, at=NOW)
    real, calls = intake.submit, iter(range(1, 10))

    def dying(*args, **kwargs):
        if next(calls) == 3:
            raise Killed
        return real(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(intake, "submit", dying)
        with pytest.raises(Killed):
            jobs.run(job.pk, worker="first")
    Job.objects.filter(pk=job.pk).update(lease_until=at("2000-01-01"))
    jobs.run(job.pk, worker="second")
    job.refresh_from_db()
    assert job.outcome == {"submitted": 3, "refused": 0}
    assert JournalEntry.objects.filter(act="package.submitted").count() == 3


def test_asked_twice_it_is_one_job(send, unit, clerk, do_jobs):
    sent = send(*months(unit, 9))
    do_jobs()
    assert bulk.submit_clean(sent, by=clerk, at=NOW) == bulk.submit_clean(sent, by=clerk, at=NOW)
    do_jobs()
    with pytest.raises(Refusal):
        bulk.submit_clean(sent, by=clerk, at=NOW)


def test_a_mandate_to_upload_submits_nothing(send, rival_unit, holder, clerk, do_jobs):
    sent = send(("乙.xlsx", story.book(rival_unit, "2025-09")))
    do_jobs()
    type(holder).objects.update(may_submit=False)
    with pytest.raises(Refusal):
        bulk.submit_clean(sent, by=clerk, at=NOW)


def test_a_mandate_that_ended_in_between_submits_nothing(send, rival_unit, holder, clerk, do_jobs, client_for):
    sent = send(("乙.xlsx", story.book(rival_unit, "2025-09")))
    do_jobs()
    job = bulk.submit_clean(sent, by=clerk, at=NOW)
    mandates.end(holder, by=holder.offered_by, at=NOW)
    do_jobs()
    job.refresh_from_db()
    assert job.outcome == {"submitted": 0, "refused": 1}
    assert Package.objects.get().state == State.READ
    rows = client_for(clerk).get(reverse("reporting:bulk_upload", args=[sent.pk])).context["table"].data
    assert [(row.outcome, row.package, row.findings) for row in rows] == [("hidden", None, "")]
