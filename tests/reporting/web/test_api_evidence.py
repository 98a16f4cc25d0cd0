"""Supporting files through the API: what a month needs, attached, withdrawn; and every way of misusing it."""

import datetime as dt
import json

import pytest

from quota_site.demo.invented.papers import paper
from registry import files
from registry.law import clock
from registry.models import JournalEntry
from reporting import review
from reporting.models import Evidence, EvidenceWithdrawal, Package
from reporting.web.api.bodies import XLSX
from tests.reporting import story
from tests.reporting.api import *  # noqa: F403 (its fixtures)
from tests.reporting.api import NOW, Caller, problem

pytestmark = pytest.mark.usefixtures("now")

EVIDENCE = "/api/v1/packages/aluminium/2025-09/evidence"
ALL = ["anode", "metal", "power"]  # what story's month needs
COVERS = "?" + "&".join(f"covers={code}" for code in ALL)
PDF, PNG = "application/pdf", "image/png"


def attach(caller: Caller, data: bytes = paper("a"), path: str = EVIDENCE, name: str = "a.pdf", kind: str = PDF):
    return caller.send(data, path, kind, **{"Content-Disposition": f"attachment; filename*=UTF-8''{name}"})


def delete(caller: Caller, path: str):
    return caller.client.delete(path, headers=caller.headers)


@pytest.fixture
def read(caller, book, do_jobs) -> Package:
    """The month uploaded by the API and read."""
    caller.send(book)
    do_jobs()
    return Package.objects.get()


def test_a_month_is_submitted_with_what_its_checklist_asks_for(caller, read, clerk):
    before = caller.get(EVIDENCE).json()
    asked = {row["code"]: row for row in before["requirements"]}
    assert [code for code, row in asked.items() if row["needed"]] == ALL
    assert not any(row["present"] for row in asked.values())
    assert asked["anode"]["name"] == "anode consumption: ledger"
    assert before["unattached"] == ["台账.pdf"]
    assert problem(caller.submit(version=1), 409) == "refused"
    made = attach(caller, path=EVIDENCE + COVERS, name="%E6%89%AB%E6%8F%8F.pdf")
    assert made.status_code == 201
    said = made.json()
    assert said == {
        "id": Evidence.objects.get().pk,
        "name": "扫描.pdf",
        "size": len(paper("a")),
        "sha256": Evidence.objects.get().sha256,
        "media_type": PDF,
        "covers": ALL,
        "attached_at": "2025-11-20 09:00",
    }
    assert files.read(said["sha256"]) == paper("a")
    after = caller.get(EVIDENCE).json()
    assert {row["code"]: row["files"] for row in after["requirements"] if row["present"]} == {
        code: [said["id"]] for code in ALL
    }
    assert after["files"] == [said]
    assert caller.submit(version=1).status_code == 200
    entry = JournalEntry.objects.get(act="package.evidence_attached")
    assert (entry.actor, json.loads(entry.facts)["files"][0]["sha256"]) == (clerk, said["sha256"])


def test_a_file_that_the_workbook_names_needs_no_code(caller, read):
    made = attach(caller, name="%E5%8F%B0%E8%B4%A6.pdf")  # 台账.pdf
    assert set(made.json()["covers"]) == set(ALL)
    assert caller.get(EVIDENCE).json()["unattached"] == []


def test_before_the_workbook_the_checklist_knows_the_kinds_only(caller, process):
    said = caller.get(EVIDENCE).json()
    assert {row["needed"] for row in said["requirements"]} == {None}
    assert set(ALL) < {row["code"] for row in said["requirements"]}
    assert said["package"]["state"] == "open"
    assert not Package.objects.exists()  # asking begins nothing
    assert attach(caller, path=EVIDENCE + COVERS).status_code == 201
    assert [row["id"] for row in caller.get(EVIDENCE).json()["files"]] == [Evidence.objects.get().pk]


def test_the_same_bytes_again_are_the_same_file(caller, read):
    first = attach(caller, path=EVIDENCE + COVERS)
    again = attach(caller, path=EVIDENCE + COVERS)
    fewer = attach(caller, path=EVIDENCE + "?covers=anode", name="b.pdf")
    assert [response.status_code for response in (first, again, fewer)] == [201, 200, 200]
    assert {response.content for response in (again, fewer)} == {first.content}
    assert Evidence.objects.count() == JournalEntry.objects.filter(act="package.evidence_attached").count() == 1
    caller.submit(version=1)
    replay = attach(caller, path=EVIDENCE + COVERS)
    assert (replay.status_code, replay.content) == (200, first.content)


def test_the_same_bytes_for_more_are_refused(caller, read):
    attach(caller, path=EVIDENCE + "?covers=anode")
    more = attach(caller, path=EVIDENCE + COVERS)
    assert problem(more, 409) == "refused"
    assert "withdraw it" in more.json()["message"]


def test_a_withdrawn_file_is_gone_from_the_checklist(caller, read):
    made = attach(caller, path=EVIDENCE + COVERS).json()
    gone = delete(caller, f"{EVIDENCE}/{made['id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert caller.get(EVIDENCE).json()["files"] == []
    assert problem(delete(caller, f"{EVIDENCE}/{made['id']}"), 409) == "refused"
    assert EvidenceWithdrawal.objects.count() == 1
    assert problem(caller.submit(version=1), 409) == "refused"
    again = attach(caller, path=EVIDENCE + COVERS)  # the bytes may come again, as another file
    assert (again.status_code, again.json()["id"] == made["id"]) == (201, False)


def test_once_submitted_the_files_stand(caller, read):
    made = attach(caller, path=EVIDENCE + COVERS).json()
    caller.submit(version=1)
    assert problem(delete(caller, f"{EVIDENCE}/{made['id']}"), 409) == "refused"
    assert problem(attach(caller, paper("b"), EVIDENCE + COVERS), 409) == "refused"
    assert [file["id"] for file in caller.get(EVIDENCE).json()["files"]] == [made["id"]]


def test_after_it_was_sent_back_they_may_change(caller, read, officer):
    made = attach(caller, path=EVIDENCE + COVERS).json()
    caller.submit(version=1)
    review.send_back(Package.objects.get().submission, reason="附件不清晰", by=officer, at=NOW)
    assert delete(caller, f"{EVIDENCE}/{made['id']}").status_code == 204
    assert attach(caller, paper("b"), EVIDENCE + COVERS).status_code == 201


def test_a_file_of_another_month_needs_a_reason(caller, read):
    attach(caller, path=EVIDENCE + COVERS)
    other = EVIDENCE.replace("2025-09", "2025-08") + COVERS
    without = attach(caller, path=other)
    assert problem(without, 409) == "refused"
    assert "2025-09" in without.json()["message"]
    made = attach(caller, path=other + "&reason=%E5%90%8C%E4%B8%80%E6%89%B9%E6%AC%A1")  # 同一批次
    assert made.status_code == 201
    assert Evidence.objects.get(pk=made.json()["id"]).reuse_reason == "同一批次"


@pytest.mark.parametrize(
    ("scope", "expected"), [("read", [200, 403, 403]), ("upload", [403, 201, 204]), ("submit", [403, 403, 403])]
)
def test_a_scope_opens_its_own_urls_only(grant, read, clerk, scope, expected):
    made = story.support(read, clerk, NOW)[0]
    caller = Caller(grant(scope))
    responses = [
        caller.get(EVIDENCE),
        attach(caller, paper("b"), EVIDENCE + COVERS),
        delete(caller, f"{EVIDENCE}/{made.pk}"),
    ]
    assert [response.status_code for response in responses] == expected


def test_without_a_token_nothing_is_opened(read):
    caller = Caller("wrong")
    for response in (caller.get(EVIDENCE), attach(caller), delete(caller, f"{EVIDENCE}/1")):
        assert problem(response, 401) == "token_invalid"
    assert not Evidence.objects.exists()


def test_another_units_files_are_not_there(caller, read, rival_unit, rival_clerk, make_line):
    story.electrolysis(rival_unit, make_line)
    theirs = story.support(story.read(rival_unit, "2025-09", rival_clerk).package, rival_clerk, NOW)[0]
    asked = f"?unit={rival_unit.credit_code}"
    assert problem(caller.get(EVIDENCE + asked), 404) == "not_found"
    assert problem(attach(caller, path=EVIDENCE + asked), 404) == "not_found"
    assert problem(delete(caller, f"{EVIDENCE}/{theirs.pk}{asked}"), 404) == "not_found"
    assert problem(delete(caller, f"{EVIDENCE}/{theirs.pk}"), 404) == "not_found"
    assert not EvidenceWithdrawal.objects.exists()
    theirs_again = attach(caller, files.read(theirs.sha256), EVIDENCE + COVERS)
    assert problem(theirs_again, 409) == "refused"
    assert rival_unit.name not in theirs_again.text


def test_a_file_is_withdrawn_from_its_own_package_only(caller, read):
    made = attach(caller, path=EVIDENCE + COVERS).json()
    assert problem(delete(caller, EVIDENCE.replace("2025-09", "2025-08") + f"/{made['id']}"), 404) == "not_found"
    assert problem(delete(caller, EVIDENCE.replace("aluminium", "steel") + f"/{made['id']}"), 404) == "not_found"
    assert not EvidenceWithdrawal.objects.exists()


@pytest.mark.parametrize("kind", ["text/html", "application/octet-stream", "multipart/form-data; boundary=x", ""])
def test_another_content_type_is_refused(caller, process, kind):
    assert problem(attach(caller, kind=kind), 415) == "wrong_type"
    assert not Package.objects.exists()


@pytest.mark.parametrize(
    ("data", "name", "kind", "why"),
    [
        (b"<html></html>", "a.pdf", PDF, "none of PDF"),
        (paper("a")[:-9], "a.pdf", PDF, "cut off"),
        (paper("a"), "a.png", PNG, "its content is PDF"),
        (paper("a"), "a.exe", PDF, "its content is PDF"),
        (b"PK\x03\x04", "a.xlsx", XLSX, "can't be accepted"),
    ],
)
def test_what_the_page_would_not_take_is_not_taken(caller, read, data, name, kind, why):
    response = attach(caller, data, EVIDENCE + COVERS, name, kind)
    assert problem(response, 409) == "refused"
    assert why in response.json()["message"]
    assert not Evidence.objects.exists()


def test_a_file_that_supports_nothing_is_refused(caller, read):
    response = attach(caller, name="b.pdf")
    assert problem(response, 409) == "refused"
    assert "tick what it supports" in response.json()["message"]


def test_a_reason_with_a_null_character_is_refused(caller, read):
    """PostgreSQL keeps none."""
    assert problem(attach(caller, path=f"{EVIDENCE}{COVERS}&reason=%00"), 422) == "invalid"
    assert not Evidence.objects.exists()


def test_a_code_that_is_none_is_named(caller, process):
    response = attach(caller, path=EVIDENCE + "?covers=anode&covers=anodes")
    assert problem(response, 422) == "invalid"
    assert "anodes" in response.json()["message"]
    assert not Package.objects.exists()


def test_sizes_are_bounded(caller, read, settings):
    assert problem(caller.send(b"", EVIDENCE, **{"Content-Type": PDF}), 422) == "empty"
    settings.EVIDENCE_LIMIT_BYTES = 100
    assert problem(attach(caller, path=EVIDENCE + COVERS), 413) == "too_large"
    assert not Evidence.objects.exists()


def test_a_package_takes_so_many_files(caller, read, settings):
    settings.EVIDENCE_LIMIT_FILES = 1
    assert attach(caller, path=EVIDENCE + COVERS).status_code == 201
    assert problem(attach(caller, paper("b"), EVIDENCE + COVERS), 409) == "refused"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (EVIDENCE.replace("aluminium", "forestry"), 422),
        (EVIDENCE.replace("2025-09", "2025-13"), 422),
        (EVIDENCE.replace("2025-09", "2024-09"), 409),  # no months in 2024
        (EVIDENCE + f"?reason={'a' * 2001}", 422),
    ],
)
def test_addresses_that_lead_nowhere(caller, process, path, status):
    problem(attach(caller, path=path), status)
    assert not Package.objects.exists()


def test_a_sector_of_others_has_no_checklist(caller, process, unit):
    unit.memberships.filter(sector="cement").delete()
    assert problem(caller.get(EVIDENCE.replace("aluminium", "cement")), 404) == "not_found"
    assert problem(caller.get(EVIDENCE.replace("2025-09", "2024-09")), 409) == "refused"


@pytest.mark.parametrize(
    ("name", "kept"), [("..%2F..%2Fpasswd.pdf", "passwd.pdf"), ("a%0D%0Ab.pdf", "ab.pdf"), ("", "supporting file.pdf")]
)
def test_a_file_name_carries_nothing_in(caller, read, name, kept):
    assert attach(caller, path=EVIDENCE + COVERS, name=name).json()["name"] == kept


def test_what_was_sent_back_comes_again_once_a_file_was_attached(caller, read, book, officer, monkeypatch):
    """The page's way of correcting the files alone, by the API."""
    attach(caller, path=EVIDENCE + COVERS)
    caller.submit(version=1)
    review.send_back(Package.objects.get().submission, reason="附件不清晰", by=officer, at=NOW)
    assert problem(caller.send(book), 409) == "refused"
    monkeypatch.setattr(clock, "now", lambda: NOW + dt.timedelta(minutes=1))
    assert attach(caller, paper("b"), EVIDENCE + COVERS).status_code == 201
    assert caller.send(book).status_code == 200
