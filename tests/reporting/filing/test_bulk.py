"""Bulk upload: a zip is kept, each workbook in it finds its package, one that fails stops no other."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry import files, jobs
from registry.models import Job, JournalEntry
from registry.refusal import Refusal
from reporting.filing import bulk, intake
from reporting.models import BulkItem, BulkUpload, Package, Upload
from tests.cast import at
from tests.reporting import story
from tests.reporting.zips import *  # noqa: F403 (its fixtures)
from tests.reporting.zips import NOW, Killed, State, months, outcomes, zipped

pytestmark = pytest.mark.usefixtures("now")


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


def test_a_workbook_that_was_a_version_already_is_told(send, unit, do_jobs, client_for, clerk):
    for anode in ("8000", "8100", "8000"):
        sent = send(("a.xlsx", story.book(unit, "2025-09", anode=anode)))
        do_jobs()
    assert outcomes(sent) == {"a.xlsx": "taken"}
    url = reverse("reporting:bulk_upload", args=[sent.pk])
    # In the reader's language, whatever the zip was sent in.
    for language, words in (("zh-hans", "版本1"), ("en", "received before, as version 1")):
        assert words in client_for(clerk, language).get(url).text


def test_the_same_workbook_twice_is_taken_once(send, unit, do_jobs):
    sent = send(("a.xlsx", story.book(unit, "2025-09")), ("b.xlsx", story.book(unit, "2025-09")))
    do_jobs()
    assert outcomes(sent) == {"a.xlsx": "taken", "b.xlsx": "refused"}
    assert "a.xlsx" in sent.items.get(name="b.xlsx").message
    assert Upload.objects.get().name == "a.xlsx"


def three_of_one_month(unit) -> tuple[tuple[str, bytes], ...]:
    return (
        ("修改.xlsx", story.book(unit, "2025-09", anode="8001")),
        ("终稿.xlsx", story.book(unit, "2025-09", anode="8002")),
        ("八月.xlsx", story.book(unit, "2025-08")),
        ("9月.xlsx", story.book(unit, "2025-09")),
    )


def test_of_several_workbooks_for_one_month_none_is_read(send, unit, do_jobs):
    sent = send(*three_of_one_month(unit))
    do_jobs()
    assert outcomes(sent) == {
        "修改.xlsx": "refused",
        "终稿.xlsx": "refused",
        "八月.xlsx": "taken",
        "9月.xlsx": "refused",
    }
    for item in sent.items.filter(period="2025-09"):
        assert all(name in item.message for name in ("修改.xlsx", "终稿.xlsx", "9月.xlsx"))
    assert Upload.objects.get().name == "八月.xlsx"


def test_the_right_one_is_chosen(send, unit, do_jobs, client_for, clerk, rival_clerk):
    sent = send(*three_of_one_month(unit))
    do_jobs()
    browser = client_for(clerk, "en")
    page = browser.get(reverse("reporting:bulk_upload", args=[sent.pk])).text
    addresses = {item.name: reverse("reporting:bulk_choose", args=[sent.pk, item.number]) for item in sent.items.all()}
    assert {name for name, address in addresses.items() if address in page} == {"修改.xlsx", "终稿.xlsx", "9月.xlsx"}
    assert client_for(rival_clerk).post(addresses["9月.xlsx"]).status_code == 404
    browser.post(addresses["八月.xlsx"])  # nothing is to be chosen there
    assert Upload.objects.count() == 1
    browser.post(addresses["9月.xlsx"])
    do_jobs()
    package = Package.objects.get(period="2025-09")
    assert (package.submission.upload.name, package.state) == ("9月.xlsx", State.READ)
    # A wrong choice is no end.
    browser.post(addresses["终稿.xlsx"])
    do_jobs()
    package.refresh_from_db()
    assert package.submission.upload.name == "终稿.xlsx"


@pytest.mark.parametrize("name", ["9月.xlsx", "9月.zip", "9月"])
def test_a_single_workbook_is_taken_as_what_it_is(clerk, process, unit, do_jobs, name):
    """A workbook is a zip of sixteen parts, none of which is a workbook."""
    sent = bulk.receive(story.book(unit, "2025-09"), name, by=clerk, at=NOW)
    do_jobs()
    assert outcomes(sent) == {"9月.xlsx": "taken"}
    assert Upload.objects.get().name == "9月.xlsx"
    assert Package.objects.get().state == State.READ


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


def test_whoever_lost_their_seat_takes_nothing_in(send, unit, clerk, do_jobs):
    sent = send(*months(unit, 9))
    clerk.is_active = False
    clerk.save()
    do_jobs()
    assert outcomes(sent) == {"9月.xlsx": "refused"}


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
    assert most == few + 495 * each + 10  # the lease is kept every 50 files while it is looked for rivals
    assert each <= 2


def test_questions_of_workbooks_grow_linearly(send, unit, monkeypatch):
    def questions(*numbers: int) -> int:
        sent = send(*months(unit, *numbers))
        with CaptureQueriesContext(connection) as captured:
            jobs.run(bulk.job_of(sent).pk, worker="test")
        return len(captured)

    one, two, three = questions(1), questions(2, 3), questions(4, 5, 6)
    assert two - one == three - two
