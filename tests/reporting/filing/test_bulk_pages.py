"""Bulk upload on its pages, and the act that submits what has no findings."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry import jobs
from registry.models import Job, JobItem, JournalEntry
from registry.people import mandates
from registry.refusal import Refusal
from reporting import workbook
from reporting.filing import bulk, intake
from reporting.models import BulkUpload, Package
from tests.cast import at
from tests.confirming import confirm
from tests.reporting import plans, story
from tests.reporting.zips import *  # noqa: F403 (its fixtures)
from tests.reporting.zips import NOW, Killed, State, months, zipped

pytestmark = pytest.mark.usefixtures("now", "planned")


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
    for asked, names in (
        ({"q": unit.credit_code, "outcome": "clean"}, ["7月.xlsx"]),
        ({"q": "说明"}, ["说明.txt"]),
        ({"period": "2025-08"}, ["8月.xlsx"]),
        ({"sector": "steel"}, []),
        ({"outcome": "submitted"}, []),
    ):
        assert [row.name for row in client.get(page, asked).context["table"].data] == names, asked
    offered = dict(client.get(page, {"q": "说明"}).context["filter"].form.fields["outcome"].widget.choices)
    assert offered.keys() == {"", "clean", "warnings", "errors", "refused"}
    assert [str(offered[code])[-3:] for code in ("clean", "refused")] == ["(0)", "(1)"]
    archives = [len(client.get(reverse("reporting:bulk"), {"q": name}).context["table"].rows) for name in ("三", "四")]
    assert archives == [1, 0]
    support_all(clerk)
    assert confirm(client, reverse("reporting:bulk_submit", args=[sent.pk])).status_code == 302
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


def support_all(clerk) -> None:
    """The supporting files of every month that was read."""
    for package in Package.objects.filter(submission__errors=0):
        story.support(package, clerk, NOW)


def test_without_supporting_files_each_month_says_what_it_lacks(send, unit, clerk, do_jobs):
    sent = send(*months(unit, 8, 9))
    do_jobs()
    job = bulk.submit_clean(sent, by=clerk, at=NOW)
    do_jobs()
    job.refresh_from_db()
    assert job.outcome == {"submitted": 0, "refused": 2}
    assert all("anode" in item.message or "炭阳极消耗台账" in item.message for item in job.items.all())


def test_exactly_the_versions_of_that_moment_are_submitted(send, unit, clerk, do_jobs):
    sent = send(*months(unit, 8, 9))
    do_jobs()
    support_all(clerk)
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
    support_all(clerk)
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
    support_all(clerk)
    assert bulk.submit_clean(sent, by=clerk, at=NOW) == bulk.submit_clean(sent, by=clerk, at=NOW)
    do_jobs()
    with pytest.raises(Refusal):
        bulk.submit_clean(sent, by=clerk, at=NOW)


@pytest.fixture
def rival_plan(rival_unit, rival_clerk, holder, officer):
    """The other unit's months are as they should be, too."""
    plan = plans.plan_for(story.content(rival_unit, "2025-01"))
    return plans.accepted(rival_unit, plan, rival_clerk, holder.offered_by, officer, NOW)


def test_a_mandate_to_upload_submits_nothing(send, rival_unit, rival_plan, holder, clerk, do_jobs):
    sent = send(("乙.xlsx", story.book(rival_unit, "2025-09")))
    do_jobs()
    type(holder).objects.update(may_submit=False)
    with pytest.raises(Refusal):
        bulk.submit_clean(sent, by=clerk, at=NOW)


def test_a_mandate_that_ended_in_between_submits_nothing(
    send, rival_unit, rival_plan, holder, clerk, do_jobs, client_for
):
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


def test_the_earlier_month_goes_first_and_what_is_found_then_goes_nowhere(send, unit, clerk, do_jobs, monkeypatch):
    sent = send(*months(unit, 9, 7, 8))
    do_jobs()
    support_all(clerk)
    job = bulk.submit_clean(sent, by=clerk, at=NOW)
    real, asked = intake.submit, []

    def finding_in_august(submission, **acting):
        package = real(submission, **acting)
        asked.append(package.period)
        package.submission.warnings = int(package.period == "2025-08")
        return package

    monkeypatch.setattr(intake, "submit", finding_in_august)
    do_jobs()
    job.refresh_from_db()
    assert asked == ["2025-07", "2025-08", "2025-09"]
    assert job.outcome == {"submitted": 2, "refused": 1}
    assert Package.objects.get(period="2025-08").state == State.READ
