"""The API for enterprises' systems: the same intake as the page, from the workbook to its submission."""

import json

import pytest
from django.core.management import call_command

from registry.models import Job, JournalEntry
from reporting import review
from reporting.models import FindingAnswer, Package
from tests.reporting import story
from tests.reporting.api import *  # noqa: F403 (its fixtures)
from tests.reporting.api import NOW, PACKAGES, Caller, problem

pytestmark = pytest.mark.usefixtures("now")


def test_a_month_from_the_workbook_to_its_submission(caller, book, clerk, do_jobs):
    taken = caller.send(book, **{"Content-Disposition": "attachment; filename*=UTF-8''9%E6%9C%88.xlsx"})
    assert taken.status_code == 202
    said = taken.json()
    assert taken["Location"] == f"/api/v1/uploads/{said['id']}"
    assert (said["state"], said["name"], said["size"], said["outcome"]) == ("waiting", "9月.xlsx", len(book), None)
    do_jobs()
    read = caller.get(taken["Location"]).json()
    assert read["state"] == "read"
    assert read["outcome"]["totals"]["enterprise"] == str(story.MONTH_TONNES)
    assert read["package"] | {"warnings": 0} == {
        "unit": clerk.unit.credit_code,
        "sector": "aluminium",
        "period": "2025-09",
        "state": "read",
        "handed_over": False,
        "due": "2025-11-09",  # 40 days after 30 September
        "late": False,
        "version": 1,
        "errors": 0,
        "warnings": 0,
    }
    story.support(Package.objects.get(period="2025-09"), clerk, NOW)
    done = caller.submit(version=1)
    assert done.status_code == 200
    assert (done.json()["state"], done.json()["late"]) == ("submitted", True)
    entry = JournalEntry.objects.get(act="package.submitted")
    assert entry.actor == clerk


def test_the_outcome_has_the_shape_of_the_command(caller, book, do_jobs, tmp_path, capsys):
    path = tmp_path / "book.xlsx"
    path.write_bytes(book)
    call_command("read_workbook", str(path), "--json")
    command = json.loads(capsys.readouterr().out)
    where = caller.send(book)["Location"]
    do_jobs()
    outcome = caller.get(where).json()["outcome"]
    assert outcome.pop("version") == 1
    assert set(outcome) == set(command)
    assert outcome["totals"] == command["totals"]
    assert outcome["terms"] == command["terms"]


def test_findings_are_said_in_the_language_of_the_request(token, unit, do_jobs):
    where = Caller(token).send(story.book(unit, "2025-08"))["Location"]  # another month's workbook
    do_jobs()
    english, chinese = (Caller(token, language).get(where) for language in ("en", "zh-CN"))
    assert english["Content-Language"] == "en"
    assert chinese["Content-Language"] == "zh-hans"
    first = [response.json()["outcome"]["findings"][0] for response in (english, chinese)]
    assert {finding["code"] for finding in first} == {"form.other_period"}
    assert first[0]["message"] != first[1]["message"]


def test_the_list_has_what_is_asked_for_and_what_was_begun(caller, unit, officer, clerk):
    story.list_unit(unit, 2025, officer)
    story.read(unit, "2025-09", clerk)
    rows = caller.get(f"{PACKAGES}?year=2025").json()
    assert [row["period"] for row in rows] == list(reversed(story.MONTHS))
    assert {row["period"]: (row["state"], row["version"]) for row in rows}["2025-09"] == ("read", 1)
    assert {row["period"]: (row["state"], row["version"]) for row in rows}["2025-10"] == ("open", None)
    assert caller.get(f"{PACKAGES}?year=2024").json() == []


def test_warnings_are_answered_with_the_submission(caller, unit, clerk, do_jobs):
    story.submitted(unit, "2025-08", clerk)
    caller.send(story.book(unit, "2025-09", anode="12000"))  # half as much again as last month: change.large
    do_jobs()
    warnings = Package.objects.get(period="2025-09").submission.findings.filter(blocks=False)
    numbers = [row.number for row in warnings]
    assert numbers
    story.support(Package.objects.get(period="2025-09"), clerk, NOW)
    response = caller.submit(version=1, answers=[{"finding": number, "reason": "大修后复产"} for number in numbers])
    assert response.status_code == 200
    assert FindingAnswer.objects.count() == len(numbers)


def test_a_submission_that_is_refused_keeps_no_answers(caller, unit, clerk, do_jobs):
    story.submitted(unit, "2025-08", clerk)
    caller.send(story.book(unit, "2025-09", anode="12000"))
    do_jobs()
    number = Package.objects.get(period="2025-09").submission.findings.filter(blocks=False).first().number
    answers = [{"finding": number, "reason": "大修"}, {"finding": 999, "reason": "大修"}]
    assert caller.submit(version=1, answers=answers).status_code == 404
    assert not FindingAnswer.objects.exists()
    assert Package.objects.get(period="2025-09").state == Package.State.READ


# --- sent again ----------------------------------------------------------------------------------------------------------


def test_the_same_bytes_again_are_the_same_upload(caller, book, do_jobs):
    first = caller.send(book)
    again = caller.send(book)
    do_jobs()
    later = caller.send(book)
    assert [response.status_code for response in (first, again, later)] == [202, 200, 200]
    assert {response.json()["id"] for response in (first, again, later)} == {first.json()["id"]}
    assert Job.objects.filter(kind="reporting.read").count() == 1
    assert JournalEntry.objects.filter(act="package.uploaded").count() == 1


def test_the_bytes_of_an_earlier_version_say_which_it_was(caller, unit, book, do_jobs):
    first = caller.send(book)
    do_jobs()
    caller.send(story.book(unit, "2025-09", anode="8100"))
    do_jobs()
    again = caller.send(book)
    assert (again.status_code, again.json()["known_as"], again.json()["id"]) == (200, 1, first.json()["id"])
    assert first.json()["known_as"] is None
    do_jobs()
    assert caller.get(again["Location"]).json()["package"]["version"] == 1


def test_replayed_after_the_submission_it_changes_nothing(caller, book, clerk, do_jobs):
    caller.send(book)
    do_jobs()
    story.support(Package.objects.get(period="2025-09"), clerk, NOW)
    caller.submit(version=1)
    replay = caller.send(book)
    assert (replay.status_code, replay.json()["package"]["state"]) == (200, "submitted")
    assert caller.submit(version=1).status_code == 409


def test_bytes_that_were_sent_back_are_refused(caller, book, do_jobs, clerk, officer):
    caller.send(book)
    do_jobs()
    story.support(Package.objects.get(period="2025-09"), clerk, NOW)
    caller.submit(version=1)
    review.send_back(Package.objects.get().submission, reason="产量不符", by=officer, at=NOW)
    assert problem(caller.send(book), 409) == "refused"


def test_without_its_supporting_files_a_month_is_refused(caller, book, do_jobs):
    caller.send(book)
    do_jobs()
    response = caller.submit(version=1)
    assert problem(response, 409) == "refused"
    assert "anode consumption: ledger" in response.text


def test_an_earlier_workbook_sent_again_is_read_again(caller, unit, book, do_jobs):
    caller.send(book)
    caller.send(story.book(unit, "2025-09", anode="8001"))
    do_jobs()
    response = caller.send(book)
    assert response.status_code == 200
    do_jobs()
    assert Package.objects.get().submission.upload_id == response.json()["id"]
