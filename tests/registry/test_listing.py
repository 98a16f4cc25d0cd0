"""The one list page: what is taken away, columns to choose, kept views, counts beside choices, long lists by a job, one snapshot."""

import datetime as dt
import os
import threading
import time

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.urls import reverse

from registry.database.snapshot import snapshot
from registry.files.tables.cells import inert
from registry.models import Job, JournalEntry, SavedView, Unit
from registry.people import saved_views
from registry.refusal import Refusal
from registry.web.listing import by_job
from tests.exports import csv_of, xlsx_of

UNITS = reverse("registry:units")
HEADS = ["Unit", "Credit code", "Authority", "Sectors", "Lines"]


@pytest.fixture
def browser(client_for, officer):
    return client_for(officer, "en")


@pytest.mark.parametrize(("kind", "read"), [("csv", csv_of), ("xlsx", xlsx_of)])
def test_the_whole_selection_is_taken_not_the_page(browser, make_unit, officer, kind, read):
    for _number in range(30):
        make_unit("steel")
    cement = make_unit("cement")
    taken = read(browser.get(UNITS, {"_export": kind, "page": "2"}))
    assert taken.head == HEADS
    assert len(taken.rows) == Unit.objects.filter(authority=officer.authority).count() > 25
    few = read(browser.get(UNITS, {"_export": kind, "sector": "cement"}))
    assert [row[0] for row in few.rows] == [cement.name]
    what, narrowed, when, who, rows = few.title.split(" · ")
    assert (what, narrowed, rows) == ("Key emission units", "Sector: Cement", "1 row")
    assert when.startswith("as of 2")
    assert who == f"taken by {officer}"


def test_it_comes_as_a_download_named_by_the_list(browser):
    answer = browser.get(UNITS, {"_export": "csv"})
    assert answer["Content-Disposition"].startswith('attachment; filename="units-')
    assert answer["Cache-Control"] == "private, no-store"
    assert "X-Content-Type-Options" in answer
    assert browser.get(UNITS, {"_export": "pdf"}).context["list"].count is not None


SEEN_AS = [
    "=1+1",
    "＝1+1",
    "\u200b=1+1",
    " =1+1",
    "\u3000@a",
    "\xa0+a",
    "\t-a",
    "\x01=1",
    "\u2800=1",
    "\u3164=1",
    "\ufe0f=1",
    "﹦1",
    "﹢1",
]


@pytest.mark.parametrize("name", SEEN_AS)
def test_no_spreadsheet_runs_what_is_taken(name):
    assert inert(name) == f"'{name}"


@pytest.mark.parametrize("name", ["甲钢铁", "-5", "-5.25", "a=b", "", " "])
def test_what_no_spreadsheet_runs_stays(name):
    assert inert(name) == name


def test_a_formula_for_a_name_is_text_in_both(browser, make_unit):
    unit = make_unit("steel")
    Unit.objects.filter(pk=unit.pk).update(name="\u200b=HYPERLINK(1)")
    names = [row[0] for row in csv_of(browser.get(UNITS, {"_export": "csv"})).rows]
    assert "'\u200b=HYPERLINK(1)" in names
    assert "\u200b=HYPERLINK(1)" in [row[0] for row in xlsx_of(browser.get(UNITS, {"_export": "xlsx"})).rows]


@pytest.mark.parametrize("asked", [{"columns": ["name", "lines"]}, {"columns": "name,lines"}])
def test_columns_are_chosen_in_the_address(browser, unit, asked):
    page = browser.get(UNITS, asked)
    assert [column.name for column in page.context["table"].columns] == ["name", "lines"]
    assert csv_of(browser.get(UNITS, {**asked, "_export": "csv"})).head == ["Unit", "Lines"]


def test_a_column_that_is_gone_is_passed_over_and_told(browser, unit):
    page = browser.get(UNITS, {"columns": "name,vanished"})
    assert page.context["list"].columns.unknown == ["vanished"]
    assert "no such column any more: vanished" in page.text
    assert [column.name for column in page.context["table"].columns] == ["name"]
    all_gone = browser.get(UNITS, {"columns": "vanished"})
    assert len(list(all_gone.context["table"].columns)) == len(HEADS)


def test_choices_say_how_many_they_find(browser, make_unit):
    make_unit("steel")
    make_unit("steel", "cement")
    page = browser.get(UNITS).text
    assert "Steel (2)" in page
    assert "Cement (1)" in page
    assert "Steel (1)" in browser.get(UNITS, {"sector": "cement", "q": Unit.objects.last().name}).text


def test_a_wrong_filter_is_told_beside_it_and_left_out(browser, unit):
    page = browser.get(UNITS, {"sector": "gold"})
    assert page.context["list"].count >= 1
    assert "errorlist" in page.text


def keep(browser, query="?sector=steel", name="Steel only"):
    return browser.post(reverse("registry:view_save"), {"name": name, "address": UNITS + query})


def test_a_view_is_kept_for_oneself(browser, client_for, officer, approver, unit):
    assert keep(browser, "?sector=steel&page=3&as_of=2025-01-01&_export=csv&q=")["Location"].startswith(UNITS)
    (view,) = SavedView.objects.all()
    assert (view.person, view.page, view.query) == (officer, "registry:units", "sector=steel")
    assert "Steel only" in browser.get(UNITS).text
    shown = browser.get(UNITS, {"sector": "steel"})
    assert [one.current for one in shown.context["list"].views] == [True]
    assert "Steel only" not in browser.get(reverse("registry:directory")).text
    other = client_for(approver, "en")
    assert "Steel only" not in other.get(UNITS).text
    for act in ("rename", "delete"):
        said = {"name": "x", "address": UNITS}
        assert other.post(reverse(f"registry:view_{act}", args=[view.pk]), said).status_code == 404


def test_of_a_name_there_is_one_and_it_is_renamed_and_deleted(browser, unit):
    keep(browser)
    keep(browser, "?sector=cement")
    (view,) = SavedView.objects.all()
    assert view.query == "sector=cement"
    keep(browser, name="Other")
    browser.post(reverse("registry:view_rename", args=[view.pk]), {"name": "Other", "address": UNITS}, follow=True)
    assert sorted(SavedView.objects.values_list("name", flat=True)) == ["Other", "Steel only"]
    browser.post(reverse("registry:view_rename", args=[view.pk]), {"name": "Cement", "address": UNITS})
    browser.post(reverse("registry:view_delete", args=[SavedView.objects.get(name="Other").pk]), {"address": UNITS})
    assert list(SavedView.objects.values_list("name", flat=True)) == ["Cement"]


@pytest.mark.parametrize(
    "address", ["https://example.com/", "//example.com/registry/units/", "/registry/units/1/", "/nowhere/", ""]
)
def test_nobody_is_led_anywhere_but_to_a_list(browser, address):
    answer = browser.post(reverse("registry:view_save"), {"name": "x", "address": address})
    assert answer.status_code in (302, 400)
    assert "example" not in answer.get("Location", "")
    assert not SavedView.objects.exists()


def test_a_person_keeps_so_many_and_no_others(officer, approver, monkeypatch, in_english):
    monkeypatch.setattr(saved_views, "MOST", 2)
    for name in ("a", "b", "a"):
        saved_views.save("registry:units", name, "", by=officer)
    with pytest.raises(Refusal, match="delete one"):
        saved_views.save("registry:units", "c", "", by=officer)
    with pytest.raises(PermissionDenied):
        saved_views.delete(SavedView.objects.first(), by=approver)


def test_who_took_a_list_of_others_is_in_the_journal(browser, client_for, clerk, unit, officer):
    browser.get(UNITS, {"_export": "csv", "sector": "steel"}).getvalue()
    (entry,) = JournalEntry.objects.filter(act="list.taken")
    assert (entry.actor, '"list":"registry:units"' in entry.facts) == (officer, True)
    assert "sector=steel" in entry.facts
    client_for(clerk).get(reverse("registry:jobs"), {"_export": "csv"}).getvalue()
    client_for(clerk).get(UNITS, {"_export": "csv"}).getvalue()
    browser.get(reverse("registry:jobs"), {"_export": "csv"}).getvalue()
    browser.get(UNITS)
    assert JournalEntry.objects.filter(act="list.taken").count() == 1


@pytest.fixture
def long_list(make_unit, monkeypatch):
    monkeypatch.setattr(by_job, "MOST_AT_ONCE", 2)
    for _number in range(4):
        make_unit("steel")


def test_a_long_list_is_written_by_a_job_for_whoever_asked(
    long_list, browser, client_for, officer, approver, auditor, do_jobs
):
    asked = browser.get(UNITS, {"_export": "csv", "sector": "steel"})
    again = browser.get(UNITS, {"_export": "csv", "sector": "steel"})
    (job,) = Job.objects.filter(kind=by_job.KIND)
    assert asked["Location"] == again["Location"] == reverse("registry:job", args=[job.pk])
    do_jobs()
    assert "Download the list" in browser.get(asked["Location"]).text
    file = reverse("registry:job_file", args=[job.pk])
    taken = csv_of(browser.get(file))
    assert (taken.head, len(taken.rows)) == (HEADS, 4)
    assert "Sector: Steel" in taken.title
    assert client_for(approver).get(file).status_code == 404
    assert client_for(auditor).get(file).status_code in (403, 404)
    assert "Download the list" not in client_for(auditor, "en").get(asked["Location"]).text
    assert JournalEntry.objects.filter(act="list.taken", actor=officer).count() == 1


def test_its_file_is_gone_after_a_day(long_list, browser, do_jobs, settings):
    browser.get(UNITS, {"_export": "xlsx"})
    do_jobs()
    job = Job.objects.get(kind=by_job.KIND)
    Job.objects.filter(pk=job.pk).update(finished_at=job.finished_at - by_job.KEPT_FOR)
    with pytest.raises(Refusal):
        by_job.file_of(Job.objects.get(pk=job.pk))
    (file,) = (settings.MEDIA_ROOT / "lists").iterdir()
    drop(do_jobs)
    assert file.exists()
    os.utime(file, (time.time() - 90_000, time.time() - 90_000))
    drop(do_jobs)
    assert not file.exists()


def drop(do_jobs):
    Job.objects.create(kind="registry.drop_lists", key=f"x{Job.objects.count()}", asked_at=dt.datetime.now(dt.UTC))
    do_jobs()


def test_a_job_gives_no_more_than_its_person_may_see_when_it_is_done(long_list, browser, officer, do_jobs):
    browser.get(UNITS, {"_export": "csv"})
    officer.is_active = False
    officer.save(update_fields=["is_active"])
    (job,) = do_jobs(may_fail=True)
    assert job.state == Job.State.FAILED


def test_nobody_has_many_lists_written_at_once(long_list, browser, monkeypatch):
    monkeypatch.setattr(by_job, "MOST_OPEN", 1)
    browser.get(UNITS, {"_export": "csv"})
    told = browser.get(UNITS, {"_export": "xlsx"}, headers={"referer": "http://testserver" + UNITS}, follow=True)
    assert "still being written" in told.text
    assert Job.objects.filter(kind=by_job.KIND).count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_written_meanwhile_is_not_seen(make_unit):
    make_unit()
    before = Unit.objects.count()
    with snapshot():
        assert Unit.objects.count() == before
        other = threading.Thread(target=_one_more)
        other.start()
        other.join()
        assert Unit.objects.count() == before
        with pytest.raises(OperationalError if connection.vendor == "sqlite" else Exception):
            Unit.objects.update(name="x")
    assert Unit.objects.count() == before + 1


def _one_more():
    row = Unit.objects.first()
    Unit.objects.create(credit_code="91130000000000002Y", name="新", authority=row.authority)
    connection.close()


def test_jobs_are_narrowed_by_what_they_do_their_state_and_their_day(client_for, auditor):
    for number, (kind, state) in enumerate((("registry.remind", "done"), ("registry.take_list", "failed"))):
        asked_at = dt.datetime(2026, 3, 1 + number, 4, tzinfo=dt.UTC)
        Job.objects.create(kind=kind, key=kind, state=state, asked_at=asked_at)
    client = client_for(auditor, "en")

    def found(**asked):
        return [row.record.kind for row in client.get(reverse("registry:jobs"), asked).context["table"].rows]

    assert found() == ["registry.take_list", "registry.remind"]
    assert found(kind="registry.remind") == found(state="done") == ["registry.remind"]
    assert found(since="2026-03-02") == ["registry.take_list"]
    page = client.get(reverse("registry:jobs"), {"kind": "registry.remind"})
    offered = dict(page.context["filter"].form.fields["state"].widget.choices)
    assert (offered["done"], offered["failed"]) == ("done (1)", "failed (0)")
