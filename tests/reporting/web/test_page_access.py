"""Whom reporting's pages answer, and how they turn others away."""

from decimal import Decimal

import pytest
from django.urls import reverse

from reporting import verification
from reporting.filing import intake
from reporting.models import Package, VerifiedResult
from tests.cast import at
from tests.reporting import story


@pytest.fixture
def result(report, verifier, officer, approver) -> VerifiedResult:
    story.approve_all(report, verifier, officer, approver, at("2026-04-10 10:00"))
    return VerifiedResult.objects.get()


def addresses(result: VerifiedResult) -> dict[str, str]:
    """Every page of reporting that shows something of the unit."""
    report = result.verification.report
    package = Package.objects.filter(unit=result.unit).order_by("period").first()
    names = {
        "reporting:package": [package.pk],
        "reporting:package_version": [package.pk, 1],
        "reporting:package_blank": [package.pk],
        "reporting:package_reading": [package.pk],
        "reporting:upload": [package.uploads.get().pk],
        "reporting:unit_year": [result.unit_id, 2025],
        "reporting:annual_report": [report.pk],
        "reporting:verification": [result.verification_id],
        "reporting:verification_notice": [result.verification_id],
        "reporting:verified_result": [result.pk],
    }
    return {name: reverse(name, args=arguments) for name, arguments in names.items()}


def test_everyone_who_may_sees_every_page(
    result,
    client_for,
    clerk,
    unit_approver,
    officer,
    approver,
    verifier,
    analyst,
    auditor,
    registrar_operator,
):
    """In English; tests/test_access_matrix.py opens them in Chinese."""
    for person in (clerk, unit_approver, officer, approver, verifier, analyst, auditor, registrar_operator):
        client = client_for(person, "en")
        for name, address in addresses(result).items():
            own = name != "reporting:package_blank" or person in (clerk, unit_approver, auditor)
            assert client.get(address).status_code == (200 if own else 403), (person.role, name)
        for name in ("packages", "package_board", "annual_reports", "verifications"):
            assert client.get(reverse(f"reporting:{name}"), follow=True).status_code == 200, (person.role, name)


def test_a_stranger_learns_of_nothing(result, client_for, rival_clerk, stranger_officer, stranger_verifier):
    for person in (rival_clerk, stranger_officer, stranger_verifier):
        client = client_for(person)
        for name, address in addresses(result).items():
            blank = name == "reporting:package_blank" and person != rival_clerk
            assert client.get(address).status_code == (403 if blank else 404), (person.role, name)


def test_a_body_sees_the_evidence_of_the_year_that_it_verifies_and_no_other(
    result, client_for, verifier, unit, clerk, officer
):
    other = intake.package_of(unit, "cement", "2025-07")
    later = intake.package_of(unit, story.ALUMINIUM, "2026-01")
    client = client_for(verifier)
    for package in (other, later):
        assert client.get(reverse("reporting:package", args=[package.pk])).status_code == 404


def test_a_body_sees_no_board_of_what_it_does_not_verify(result, unit, officer, client_for, verifier):
    story.list_unit(unit, 2025, officer)
    story.list_unit(unit, 2025, officer, sector="cement")
    client = client_for(verifier, "en")
    year = client.get(reverse("reporting:unit_year", args=[unit.pk, 2025])).text
    assert ("Aluminium smelting" in year, "Cement" in year) == (True, False)
    board = reverse("reporting:package_board")
    assert unit.name in client.get(board, {"year": 2025, "sector": "aluminium"}).text
    assert unit.name not in client.get(board, {"year": 2025, "sector": "cement"}).text


def test_a_visitor_is_sent_to_the_url(result, client):
    for address in addresses(result).values():
        response = client.get(address)
        assert response.status_code == 302
        assert response.url.startswith(reverse("login"))


def test_acts_are_refused_to_readers(result, client_for, officer, clerk, unit_approver, approver, auditor, verifier):
    """One who may look but not act gets 403, whatever the state."""
    package = Package.objects.filter(unit=result.unit).first()
    submission, given = package.submission, result.verification
    acts = {
        ("reporting:package_upload", package.pk): (officer, unit_approver, auditor, verifier),
        ("reporting:package_standing_still", package.pk): (officer, unit_approver, auditor, verifier),
        ("reporting:package_check_again", package.pk): (officer, unit_approver, auditor, verifier),
        ("reporting:package_answers", package.pk): (officer, auditor),
        ("reporting:submission_submit", submission.pk): (officer, unit_approver, auditor),
        ("reporting:submission_accept", submission.pk): (clerk, approver, auditor),
        ("reporting:submission_send_back", submission.pk): (clerk, approver, auditor),
        ("reporting:annual_report_file", given.report_id): (clerk, officer, auditor),
        ("reporting:verification_assign", given.report_id): (clerk, approver, auditor),
        ("reporting:verification_settle", given.pk): (clerk, officer, approver, auditor),
        ("reporting:verification_confirm_all", given.pk): (clerk, officer, approver),
        ("reporting:verification_conclude", given.pk): (clerk, officer, approver),
        ("reporting:verification_approve", given.pk): (clerk, officer, verifier, auditor),
        ("reporting:verification_send_back", given.pk): (clerk, officer, verifier, auditor),
    }
    for (name, key), people in acts.items():
        for person in people:
            response = client_for(person).post(reverse(name, args=[key]))
            assert response.status_code == 403, (name, person.role)
        assert client_for(people[0]).get(reverse(name, args=[key])).status_code in (403, 405)


def test_a_rival_cannot_act_on_what_is_not_theirs(result, client_for, rival_clerk, stranger_officer):
    package = Package.objects.filter(unit=result.unit).first()
    for person, name, key in (
        (rival_clerk, "reporting:package_upload", package.pk),
        (rival_clerk, "reporting:submission_submit", package.submission_id),
        (stranger_officer, "reporting:submission_accept", package.submission_id),
    ):
        assert client_for(person).post(reverse(name, args=[key])).status_code == 404
    address = reverse("reporting:package_open", args=[result.unit_id, story.ALUMINIUM, "2026-01"])
    assert client_for(rival_clerk).post(address).status_code == 404


def test_a_draft_is_its_units_own_until_it_is_submitted(
    unit, process, clerk, unit_approver, officer, auditor, client_for
):
    draft = story.read(unit, "2025-07", clerk)
    shown = {
        "package": reverse("reporting:package", args=[draft.package_id]),
        "version": reverse("reporting:package_version", args=[draft.package_id, 1]),
        "original": reverse("reporting:upload", args=[draft.upload_id]),
    }
    for act in ("accept", "send_back", "reopen"):
        answer = client_for(officer).post(reverse(f"reporting:submission_{act}", args=[draft.pk]), {"reason": ""})
        assert answer.status_code == 404, act
    seen = {
        person.username: [client_for(person).get(address).status_code for address in shown.values()]
        for person in (clerk, unit_approver, auditor, officer)
    }
    assert seen == {
        "clerk": [200, 200, 200],
        "unit-approver": [200, 200, 200],
        "auditor": [200, 200, 200],
        "officer": [200, 404, 404],
    }
    month = "26,745"
    for address in (
        shown["package"],
        reverse("reporting:packages"),
        reverse("reporting:unit_year", args=[unit.pk, 2025]),
    ):
        assert month not in client_for(officer).get(address).content.decode()
        assert month in client_for(auditor).get(address).content.decode()
    story.submit(draft, by=clerk, at=at("2025-10-02"))
    assert [client_for(officer).get(address).status_code for address in shown.values()] == [200, 200, 200]


def test_what_a_verifier_finds_is_nobody_elses_before_the_unit_is_told(
    report, verifier, officer, approver, clerk, unit_approver, registrar_operator, client_for
):
    given = verification.assign(report, verifier.body, by=officer, at=at("2026-04-01"))
    datum = report.data.get(item="output")
    when = at("2026-04-02")
    verification.settle(given, datum, value=Decimal(203_777), reason="地磅记录不符", by=verifier, at=when)
    page, journal = reverse("reporting:verification", args=[given.pk]), reverse("registry:journal")

    def read(person) -> str:
        return "".join(client_for(person).get(address).text for address in (page, journal))

    for person in (clerk, unit_approver, registrar_operator):
        assert "地磅记录不符" not in read(person)
        assert "203,777" not in read(person)
    assert "地磅记录不符" in read(verifier)
    assert "203,777" in read(approver)
