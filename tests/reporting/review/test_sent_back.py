"""A report sent back to the clerk, a verification sent back to the body or taken from it: who may, when, and who is told."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import translation

from registry import access
from registry.models import JournalEntry, Notification, Person, Unit, VerifierBody
from registry.permissions import Act
from registry.permissions.roles import Role
from registry.refusal import Refusal
from reporting import queries, review, verification
from reporting.filing import annual
from reporting.models import AnnualReport, Package, Verification
from tests.cast import at
from tests.reporting import story

WHEN = at("2026-04-10 10:00")
REASON = "7月铝液产量与销售台账不符"
State = AnnualReport.State


@pytest.fixture
def prepared(unit, process, clerk, officer) -> AnnualReport:
    story.accepted_year(unit, clerk, officer)
    return annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-02-20"))


@pytest.fixture
def given(report, verifier, officer) -> Verification:
    return verification.assign(report, verifier.body, by=officer, at=WHEN)


@pytest.fixture
def other_body(make_person) -> VerifierBody:
    body = VerifierBody.objects.create(code="V009", name="另一技术服务机构")
    make_person(Role.VERIFIER, "另一核查员", username="theirs", body=body)
    return body


def told(kind: str) -> set[str]:
    return set(Notification.objects.filter(kind=kind).values_list("person__name", flat=True))


# --- The unit's approver


def test_the_approver_gives_a_prepared_report_back_and_the_clerk_prepares_the_next(
    prepared, unit, clerk, unit_approver
):
    back = annual.return_to_clerk(prepared, reason=f" {REASON} ", by=unit_approver, at=WHEN)
    assert (back.state, back.sent_back.reason, back.sent_back.was_filed) == (State.RETURNED, REASON, False)
    assert told("report.returned") == {clerk.name, unit_approver.name}
    with pytest.raises(Refusal):
        annual.file(prepared, by=unit_approver, at=WHEN)
    again = annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=WHEN)
    prepared.refresh_from_db()
    assert (again.version, again.state, prepared.state) == (2, State.PREPARED, State.SUPERSEDED)
    assert prepared.sent_back.reason == REASON


def test_it_needs_a_reason_and_a_second_person(prepared, clerk, unit_approver, reseated):
    for reason, person in (("  ", unit_approver), (REASON, reseated(clerk, unit_approver))):
        with pytest.raises(Refusal):
            annual.return_to_clerk(prepared, reason=reason, by=person, at=WHEN)
    prepared.refresh_from_db()
    assert prepared.state == State.PREPARED


# --- The province


def test_the_province_gives_a_filed_report_back_and_its_months_open_again(report, unit, clerk, unit_approver, officer):
    month = Package.objects.get(unit=unit, period="2025-07").submission
    with pytest.raises(Refusal):
        review.reopen(month, reason=REASON, by=officer, at=WHEN)
    back = annual.send_back(report, reason=REASON, by=officer, at=WHEN)
    assert (back.state, back.sent_back.was_filed, back.filed_at is not None) == (State.RETURNED, True, True)
    review.reopen(month, reason=REASON, by=officer, at=WHEN)
    story.accepted(unit, "2025-07", clerk, officer, WHEN, anode="8001")
    again = annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=WHEN)
    filed = annual.file(again, by=unit_approver, at=at("2026-05-20"))
    # Its first filing was in time.
    assert (filed.version, filed.late) == (2, False)
    # What was filed first stands as it was.
    assert [each.emissions for each in AnnualReport.objects.order_by("version")] == [320_942, 320_945]


def test_a_report_first_filed_late_stays_late(prepared, unit, clerk, unit_approver, officer):
    annual.file(prepared, by=unit_approver, at=at("2026-05-20"))
    annual.send_back(prepared, reason=REASON, by=officer, at=at("2026-05-21"))
    again = annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-05-22"))
    assert annual.file(again, by=unit_approver, at=at("2026-05-23")).late


def test_a_verification_under_way_ends_and_its_body_is_told(report, given, verifier, officer):
    verification.confirm_all(given, by=verifier, at=WHEN)
    annual.send_back(report, reason=REASON, by=officer, at=WHEN)
    given.refresh_from_db()
    assert given.state == Verification.State.WITHDRAWN
    assert told("verification.withdrawn") == {verifier.name}
    assert not access.scoped(verifier, Act.VIEW_ANNUAL_REPORT, AnnualReport.objects.all()).exists()
    assert not access.scoped(verifier, Act.VIEW_PACKAGE, Package.objects.all()).exists()
    assert not access.scoped(verifier, Act.VIEW_UNIT, Unit.objects.all()).exists()


def test_the_page_of_a_withdrawn_verification_leads_its_body_nowhere_closed(given, verifier, officer, client_for):
    page, report = (
        reverse(f"reporting:{name}", args=[pk])
        for name, pk in (("verification", given.pk), ("annual_report", given.report_id))
    )
    assert report in client_for(verifier).get(page).text
    verification.withdraw(given, reason=REASON, by=officer, at=WHEN)
    assert report not in client_for(verifier).get(page).text
    assert report in client_for(officer).get(page).text


def test_a_year_that_its_body_does_not_verify_is_not_said_to_have_no_sector(given, unit, verifier, client_for):
    shown = client_for(verifier, "en").get(reverse("reporting:unit_year", args=[unit.pk, 2024])).text
    assert "verify this year of the unit" in shown
    assert "no sector" not in shown


def test_the_list_of_reports_says_that_it_is_one_sent_back_that_can_be_prepared(
    report, unit, clerk, officer, client_for
):
    story.list_unit(unit, 2025, officer)
    annual.send_back(report, reason=REASON, by=officer, at=WHEN)
    shown = client_for(clerk, "en").get(reverse("reporting:annual_reports")).text
    assert "was sent back: read the reason" in shown
    assert "is accepted: the annual report can be prepared" not in shown


@pytest.mark.parametrize("approved", [False, True])
def test_not_once_the_verification_is_concluded(report, given, verifier, officer, approver, approved):
    verification.confirm_all(given, by=verifier, at=WHEN)
    verification.conclude(given, by=verifier, at=WHEN)
    if approved:
        verification.approve(given, by=approver, at=WHEN)
    with pytest.raises(Refusal):
        annual.send_back(report, reason=REASON, by=officer, at=WHEN)


def test_the_pages_offer_it_and_say_why_it_came_back(report, clerk, unit_approver, officer, client_for):
    page, send_back = (reverse(f"reporting:annual_report{name}", args=[report.pk]) for name in ("", "_send_back"))
    assert send_back in client_for(officer).get(page).text
    assert send_back not in client_for(unit_approver).get(page).text
    refused = client_for(officer).post(send_back, {"reason": ""})
    assert refused.status_code == 422
    client_for(officer).post(send_back, {"reason": REASON})
    shown = client_for(clerk, "en").get(page).text
    assert REASON in shown
    assert "Prepare it again" in shown
    assert "sent back to the clerk" in client_for(clerk, "en").get(reverse("reporting:annual_reports")).text


def test_a_report_sent_back_is_what_the_year_shows(report, unit, officer):
    annual.send_back(report, reason=REASON, by=officer, at=WHEN)

    def state(day: str) -> str:
        return queries.sector_year(unit, story.ALUMINIUM, 2025, at(day).date()).report.state

    assert [state("2026-04-09"), state("2026-04-10")] == [State.FILED, State.RETURNED]


# --- The body


def test_a_report_given_to_the_wrong_body_is_given_to_another(given, report, officer, verifier, other_body):
    theirs = Person.objects.get(username="theirs")
    new = verification.reassign(given, other_body, reason="派错机构", by=officer, at=WHEN)
    given.refresh_from_db()
    assert (given.state, new.state, new.version, new.body) == ("withdrawn", "assigned", 2, other_body)
    assert told("verification.withdrawn") == {verifier.name}
    assert told("verification.assigned") == {verifier.name, theirs.name}
    assert given.events.last().reason == "派错机构"
    assert not access.scoped(verifier, Act.VIEW_ANNUAL_REPORT, AnnualReport.objects.all()).exists()
    assert access.scoped(theirs, Act.VIEW_ANNUAL_REPORT, AnnualReport.objects.all()).get() == report


def test_the_ground_of_verifying_again_goes_along(report, verifier, officer, approver, other_body):
    story.approve_all(report, verifier, officer, approver, WHEN)
    again = verification.assign_again(report, verifier.body, ground="court", reason="判决", by=officer, at=WHEN)
    new = verification.reassign(again, other_body, reason="回避", by=officer, at=WHEN)
    assert (new.ground, new.reason) == ("court", "判决")


def test_not_once_the_body_has_begun(given, verifier, officer, other_body):
    datum = given.report.data.first()
    verification.settle(given, datum, value=datum.value, reason="", by=verifier, at=WHEN)
    for act in (
        lambda: verification.withdraw(given, reason="派错机构", by=officer, at=WHEN),
        lambda: verification.reassign(given, other_body, reason="派错机构", by=officer, at=WHEN),
    ):
        with pytest.raises(Refusal):
            act()


def test_the_same_body_and_no_reason_are_refused(given, officer, verifier, other_body):
    for body, reason in ((verifier.body, "派错机构"), (other_body, " ")):
        with pytest.raises(Refusal):
            verification.reassign(given, body, reason=reason, by=officer, at=WHEN)
    assert given.events.count() == 1


def test_the_page_withdraws_and_says_so(given, report, officer, verifier, client_for):
    page, act = (reverse(f"reporting:verification{name}", args=[given.pk]) for name in ("", "_reassign"))
    assert act in client_for(officer).get(page).text
    client_for(officer).post(act, {"reason": "派错机构", "body": ""})
    shown = client_for(verifier, "en").get(page).text
    assert "派错机构" in shown
    assert "withdrawn from the verifier" in shown
    assert "204,000" not in shown
    # The report can be assigned anew.
    assert verification.assign(report, verifier.body, by=officer, at=WHEN).version == 2


# --- A conclusion


@pytest.fixture
def concluded(given, verifier) -> Verification:
    verification.confirm_all(given, by=verifier, at=WHEN)
    return verification.conclude(given, by=verifier, at=WHEN)


def test_what_was_sent_back_says_so_first_and_is_not_concluded_untouched(concluded, verifier, approver, client_for):
    back = verification.send_back(concluded, reason=REASON, by=approver, at=at("2026-04-12"))
    assert back.state == Verification.State.RETURNED
    assert told("verification.returned") == {verifier.name}
    page = client_for(verifier, "en").get(reverse("reporting:verification", args=[back.pk])).text
    assert "sent back to the verifier" in page
    assert page.index(REASON) < page.index("Data settled")
    with translation.override("en"), pytest.raises(Refusal, match=REASON):
        verification.conclude(back, by=verifier, at=at("2026-04-13"))
    datum = back.report.data.get(item="output")
    verification.settle(back, datum, value=datum.value, reason="附销售台账", by=verifier, at=at("2026-04-14"))
    assert verification.conclude(back, by=verifier, at=at("2026-04-14")).state == Verification.State.CONCLUDED


def test_a_body_takes_its_conclusion_back_and_nobody_elses(
    concluded, verifier, stranger_verifier, approver, client_for
):
    with pytest.raises(PermissionDenied):
        verification.take_back(concluded, by=stranger_verifier, at=WHEN)
    client_for(verifier).post(reverse("reporting:verification_take_back", args=[concluded.pk]))
    concluded.refresh_from_db()
    assert (concluded.state, concluded.concluded_by) == (Verification.State.ASSIGNED, None)
    assert told("verification.taken_back") == {approver.name}
    assert JournalEntry.objects.filter(act="verification.taken_back").count() == 1


def test_the_unit_is_told_what_was_corrected_and_until_when_it_may_ask(given, verifier, approver, clerk):
    verification.confirm_all(given, story.corrected(given, "output", "203000", "盘点"), by=verifier, at=WHEN)
    verification.conclude(given, by=verifier, at=WHEN)
    verification.approve(given, by=approver, at=at("2026-04-20"))
    said = Notification.objects.get(person=clerk, kind="verification.told").params
    # Output, effect and their total; 291,400.81 + 29,396.43 = 320,797.24. Seven working days from 20 April 2026.
    assert (said["reported"], said["verified"], said["corrected"]) == ("320,942", "320,797", "3")
    assert said["until"] == "2026-04-29"
