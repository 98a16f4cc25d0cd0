"""Every way of misusing the API: bad tokens, other units, sizes, types, names, floods; one shape of answer."""

import pytest
from django.test import Client

from registry.law import clock
from registry.models import Job
from registry.people import tokens
from reporting.filing import intake
from reporting.models import Package, Upload
from reporting.web.api import bodies, problems
from reporting.web.api.bodies import XLSX
from tests.cast import at
from tests.reporting import story
from tests.reporting.api import *  # noqa: F403 (its fixtures)
from tests.reporting.api import NOW, PACKAGES, SUBMIT, WORKBOOK, Caller, problem

pytestmark = pytest.mark.usefixtures("now")


def every_url(caller: Caller):
    yield caller.get(PACKAGES)
    yield caller.get("/api/v1/uploads/1")
    yield caller.send(b"x")
    yield caller.submit(version=1)


def test_every_bad_token_gets_the_same_answer(grant, clerk, unit_approver, monkeypatch):
    good = grant("read")
    expired = tokens.grant(clerk, "old", ["read"], expires_at=at("2025-11-20 09:01"), by=unit_approver, at=NOW)[1]
    revoked_token, revoked = tokens.grant(
        clerk, "gone", ["read"], expires_at=at("2026-06-30"), by=unit_approver, at=NOW
    )
    tokens.revoke(revoked_token, by=clerk, at=NOW)
    monkeypatch.setattr(clock, "now", lambda: at("2025-11-20 09:02"))
    answers = set()
    for wrong in ("", "x", good[:-1], good.upper(), expired, revoked, f"{good}\x00", "令牌"):
        for response in every_url(Caller(wrong)):
            assert problem(response, 401) == "token_invalid"
            assert response["WWW-Authenticate"] == "Bearer"
            answers.add(response.content)
    assert len(answers) == 1
    clerk.is_active = False
    clerk.save()
    answers.update(response.content for response in every_url(Caller(good)))
    assert len(answers) == 1


@pytest.mark.parametrize("header", ["", "Basic eDp5", "Bearer", "Token {token}", "bearer{token}"])
def test_another_kind_of_authorization_opens_nothing(token, header):
    response = Client().get(PACKAGES, headers={"Authorization": header.format(token=token), "Accept-Language": "en"})
    assert problem(response, 401) == "token_invalid"


def test_a_session_opens_nothing(client_for, clerk, process):
    client = client_for(clerk)
    assert problem_without_cookies(client.get(PACKAGES)) == "token_invalid"
    assert problem_without_cookies(client.post(WORKBOOK, b"x", content_type=XLSX)) == "token_invalid"


def problem_without_cookies(response) -> str:
    assert response.status_code == 401
    assert not response.cookies
    return response.json()["code"]


@pytest.mark.parametrize(
    ("scope", "expected"),
    [("read", [200, 404, 403, 403]), ("upload", [403, 403, 202, 403]), ("submit", [403, 403, 403, 404])],
)
def test_a_scope_opens_its_own_urls_only(grant, scope, expected):
    assert [response.status_code for response in every_url(Caller(grant(scope)))] == expected


def test_another_units_things_are_not_there(caller, rival_unit, rival_clerk, make_line, unit):
    story.electrolysis(rival_unit, make_line)
    theirs = story.read(rival_unit, "2025-09", rival_clerk)
    assert problem(caller.get(f"/api/v1/uploads/{theirs.upload_id}"), 404) == "not_found"
    code = rival_unit.credit_code
    assert problem(caller.get(f"{PACKAGES}?unit={code}"), 404) == "not_found"
    assert problem(caller.send(b"x", f"{WORKBOOK}?unit={code}"), 404) == "not_found"
    assert problem(caller.submit(f"{SUBMIT}?unit={code}", version=1), 404) == "not_found"
    assert caller.get(f"/api/v1/uploads/{theirs.upload_id}").content == caller.get("/api/v1/uploads/999999").content


class Endless:
    """A body that tells when more of it is read than anybody should."""

    def __init__(self, most: int) -> None:
        self.read_so_far, self.most = 0, most

    def read(self, size: int = -1) -> bytes:
        assert size >= 0, "the whole body was asked for"
        self.read_so_far += size
        assert self.read_so_far <= self.most
        return b"x" * size

    readline = read


def test_too_large_a_body_is_refused_before_it_is_read(caller, settings):
    settings.UPLOAD_LIMIT_BYTES = 1000
    body = Endless(0)
    environ = {"wsgi.input": body, "CONTENT_LENGTH": "1001", "CONTENT_TYPE": XLSX}
    response = caller.client.generic("POST", WORKBOOK, headers=caller.headers, **environ)
    assert problem(response, 413) == "too_large"
    assert body.read_so_far == 0
    assert problem(caller.send(b"x" * 1001), 413) == "too_large"
    assert not Upload.objects.exists()


def test_a_body_is_read_no_further_than_the_limit(rf, settings):
    settings.UPLOAD_LIMIT_BYTES = 1000
    body = Endless(1001)
    request = rf.generic("POST", WORKBOOK, CONTENT_TYPE=XLSX)
    request._stream = body
    with pytest.raises(problems.Problem) as caught:
        bodies.body(request, [XLSX], 1000)
    assert caught.value.status == 413
    assert body.read_so_far == 1001


@pytest.mark.parametrize(
    "kind", ["application/zip", "text/plain", "application/json", "multipart/form-data; boundary=x", ""]
)
def test_another_content_type_is_refused(caller, kind):
    assert problem(caller.send(b"PK", kind=kind), 415) == "wrong_type"
    assert not Package.objects.exists()


def test_an_empty_body_is_refused(caller):
    assert problem(caller.send(b"", **{"Content-Type": XLSX}), 422) == "empty"


def test_what_is_no_workbook_is_kept_and_found_out_as_on_the_page(caller, do_jobs):
    where = caller.send(b"this is no zip")["Location"]
    do_jobs()
    said = caller.get(where).json()
    assert said["state"] == "read"
    assert [(finding["code"], finding["blocks"]) for finding in said["outcome"]["findings"]] == [
        ("file.not_workbook", True)
    ]
    assert problem(caller.submit(version=1), 409) == "refused"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/packages/forestry/2025-09/workbook", 422),
        ("/api/v1/packages/aluminium/2025-13/workbook", 422),
        ("/api/v1/packages/aluminium/2025-9/workbook", 422),
        ("/api/v1/packages/aluminium/..%2F..%2Fetc/workbook", 404),
        ("/api/v1/packages/aluminium/2024-09/workbook", 409),  # no months in 2024
        ("/api/v1/uploads/x", 404),
        ("/api/v1/nothing", 404),
        ("/api/v1/", 404),
    ],
)
def test_addresses_that_lead_nowhere(caller, path, status):
    problem(caller.send(b"x", path), status)
    assert not Upload.objects.exists()


def test_another_method_is_refused(caller):
    response = caller.get(WORKBOOK)
    assert problem(response, 405) == "method_not_allowed"
    assert response["Allow"] == "POST"


@pytest.mark.parametrize(
    "given",
    [{}, {"version": "x"}, {"version": 1, "answers": [{"finding": 1, "reason": " "}]}, {"version": 1, "answers": 5}],
)
def test_a_submission_not_as_described_is_refused(caller, book, do_jobs, given):
    caller.send(book)
    do_jobs()
    assert problem(caller.submit(**given), 422) == "invalid"


def test_a_null_character_is_refused_before_the_database_sees_it(caller, book, do_jobs):
    """PostgreSQL keeps none, and asking it for one is an error there."""
    assert problem(caller.get(f"{PACKAGES}?unit=%00"), 404) == "not_found"
    assert problem(caller.send(book, f"{WORKBOOK}?unit=%00"), 404) == "not_found"
    caller.send(book)
    do_jobs()
    answers = [{"finding": 1, "reason": "a\x00b"}]
    assert problem(caller.submit(version=1, answers=answers), 422) == "invalid"


def test_json_that_is_none_is_refused(caller):
    response = caller.client.post(SUBMIT, b"{nope", content_type="application/json", headers=caller.headers)
    assert problem(response, 400) == "unreadable"


def test_an_old_version_cannot_be_submitted(caller, unit, book, do_jobs):
    caller.send(book)
    do_jobs()
    caller.send(story.book(unit, "2025-09", anode="8001"))
    do_jobs()
    assert problem(caller.submit(version=1), 409) == "refused"
    assert problem(caller.submit(version=3), 404) == "not_found"


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("attachment; filename*=UTF-8''a%0D%0AX-Evil:%201.xlsx", "aX-Evil: 1.xlsx"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ("attachment; filename*=UTF-8''..%5C..%5C9%E6%9C%88.xlsx", "9月.xlsx"),
        ("attachment; filename*=UTF-8''%E2%80%AEgpj.xlsx", "gpj.xlsx"),  # a right-to-left override
        ("attachment", "workbook.xlsx"),
        ("", "workbook.xlsx"),
        ("attachment; filename*=raw_unicode_escape''%5Cud800.xlsx", ".xlsx"),  # half a character
        ("attachment; filename=" + "a" * 300 + ".xlsx", "a" * 195 + ".xlsx"),
        ("attachment; filename*=bogus''%41.xlsx", "workbook.xlsx"),  # no such encoding
        ("attachment; filename*=idna''%2e%2ea", "workbook.xlsx"),  # one that can't say it
    ],
)
def test_a_file_name_carries_nothing_in(caller, book, client_for, clerk, disposition, name):
    response = caller.send(book, **{"Content-Disposition": disposition})
    assert response.json()["name"] == name
    original = client_for(clerk).get(f"/reporting/uploads/{response.json()['id']}/")
    assert original.status_code == 200
    assert "X-Evil" not in original.headers
    assert "\n" not in original["Content-Disposition"]


def test_too_many_requests_are_turned_away(token, settings):
    settings.API_REQUESTS_PER_MINUTE = 5
    caller = Caller(token)
    statuses = [caller.get(PACKAGES).status_code for _ in range(8)]
    assert statuses == [200] * 5 + [429] * 3
    response = caller.get(PACKAGES)
    assert problem(response, 429) == "too_many"
    assert response["Retry-After"] == "60"


def test_no_answer_sets_a_cookie_or_may_be_kept(caller, book):
    for response in (caller.get(PACKAGES), caller.send(book), caller.get("/api/v1/openapi.json")):
        assert response.status_code in (200, 202)
        assert not response.cookies
        assert response["Cache-Control"] == "no-store"


def test_messages_come_in_the_language_that_is_accepted(token):
    said = {language: Caller(token, language).get("/api/v1/uploads/9").json()["message"] for language in ("en", "de")}
    assert said["en"] == "Not found, or not accessible to you."


def test_a_fault_of_ours_is_told_as_failed(caller, book, do_jobs, monkeypatch):
    where = caller.send(book)["Location"]
    Job.objects.update(state=Job.State.FAILED)
    assert caller.get(where).json()["state"] == "failed"
    assert caller.send(book).status_code == 200
    do_jobs()
    assert caller.get(where).json()["state"] == "read"


def test_the_same_refusals_as_on_the_page(caller, book, do_jobs, unit):
    caller.send(book)
    do_jobs()
    other = caller.send(book, WORKBOOK.replace("2025-09", "2025-08"))
    assert problem(other, 409) == "refused"
    assert "2025-09" in other.json()["message"]
    assert intake.package_of(unit, "aluminium", "2025-08").state == Package.State.OPEN
