"""Which officer reviews a package: taken, given, changed by anybody of the authority, and nothing to the unit."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from registry.models import JournalEntry, Notification
from registry.permissions.roles import Role
from registry.refusal import Refusal
from reporting import review
from reporting.models import Package, ReviewerChoice
from reporting.review import assigning
from tests import worlds
from tests.cast import at
from tests.reporting import story

WHEN = story.READ_AT


@pytest.fixture
@worlds.world
def submission(unit, process, clerk):
    return story.submitted(unit, "2025-07", clerk)


@pytest.fixture
def package(submission):
    return submission.package


@pytest.fixture
def colleague(make_person, unit):
    return make_person(Role.PROVINCIAL_OFFICER, "另一经办人", authority=unit.authority)


def reviewer_of(package) -> str:
    found = Package.objects.select_related("reviewer").get(pk=package.pk).reviewer
    return found.name if found else ""


def told() -> list[tuple[str, str]]:
    return list(
        Notification.objects.filter(kind__startswith="review.").order_by("pk").values_list("kind", "person__name")
    )


def test_an_officer_takes_it_and_a_colleague_is_told_when_it_is_given_to_them(package, officer, colleague, approver):
    assigning.give(package, to=officer, seen=None, by=officer, at=WHEN)
    assert (reviewer_of(package), told()) == (officer.name, [])
    assigning.give(package, to=colleague, seen=officer.pk, by=officer, at=WHEN)
    assert (reviewer_of(package), told()) == (colleague.name, [("review.given", colleague.name)])
    # The approver of the authority may change it, too.
    assigning.give(package, to=None, seen=colleague.pk, by=approver, at=WHEN)
    assert (reviewer_of(package), told()[1:]) == ("", [("review.taken", colleague.name)])
    entries = JournalEntry.objects.filter(act="package.reviewer_chosen").order_by("sequence")
    assert [f'"person":{officer.pk}' in entry.facts for entry in entries] == [True, False, False]
    assert list(ReviewerChoice.objects.order_by("pk").values_list("reviewer", flat=True)) == [
        officer.pk,
        colleague.pk,
        None,
    ]


def test_who_was_slower_is_told_instead_of_taking_it_away(package, officer, colleague):
    assigning.give(package, to=colleague, seen=None, by=colleague, at=WHEN)
    with pytest.raises(Refusal, match=colleague.name):
        assigning.give(package, to=officer, seen=None, by=officer, at=WHEN)
    assert reviewer_of(package) == colleague.name


def test_only_an_officer_of_the_own_authority_who_is_here(
    package, officer, colleague, approver, stranger_officer, clerk
):
    colleague.is_active = False
    colleague.save(update_fields=["is_active"])
    for person in (colleague, approver, stranger_officer, clerk):
        with pytest.raises(Refusal):
            assigning.give(package, to=person, seen=None, by=officer, at=WHEN)
    for person in (stranger_officer, clerk):
        with pytest.raises(PermissionDenied):
            assigning.give(package, to=officer, seen=None, by=person, at=WHEN)
    assert not ReviewerChoice.objects.exists()


def test_only_while_it_waits_and_it_stays_over_a_sending_back(package, submission, unit, clerk, officer, colleague):
    assigning.give(package, to=colleague, seen=None, by=officer, at=WHEN)
    review.send_back(submission, reason="x", by=officer, at=WHEN)
    with pytest.raises(Refusal):
        assigning.give(package, to=officer, seen=colleague.pk, by=officer, at=WHEN)
    story.submitted(unit, "2025-07", clerk, anode="8010")
    assert reviewer_of(package) == colleague.name


def test_to_choose_what_stands_changes_nothing(package, officer):
    assigning.give(package, to=officer, seen=None, by=officer, at=WHEN)
    with pytest.raises(Refusal):
        assigning.give(package, to=officer, seen=officer.pk, by=officer, at=WHEN)
    assert ReviewerChoice.objects.count() == 1


def test_by_page_with_the_queue_narrowed_to_ones_own(package, unit, clerk, officer, colleague, client_for):
    other = story.submitted(unit, "2025-08", clerk, at("2025-10-02")).package
    browser = client_for(officer)
    page = browser.get(reverse("reporting:package", args=[package.pk]))
    assert page.context["may_take"]
    address = reverse("reporting:package_reviewer", args=[package.pk]) + "?desk=1&period=2025"
    answer = browser.post(address, {"to": officer.pk, "seen": ""})
    assert answer["Location"] == reverse("reporting:package", args=[package.pk]) + "?desk=1&period=2025#inside"
    queue = reverse("reporting:package_queue")
    shown = [row.record.period for row in browser.get(queue + "?mine=on").context["table"].paginated_rows]
    assert shown == ["2025-07"]
    assert not client_for(colleague).get(queue + "?mine=on").context["table"].paginated_rows
    assert officer.name in client_for(colleague).get(queue).text
    assert len(browser.get(queue).context["table"].paginated_rows) == 2
    # A page that showed nobody is overtaken; whoever isn't an officer of the authority isn't taken.
    client_for(colleague).post(address, {"to": colleague.pk, "seen": ""})
    browser.post(reverse("reporting:package_reviewer", args=[other.pk]), {"to": clerk.pk, "seen": ""})
    assert (reviewer_of(package), reviewer_of(other)) == (officer.name, "")
    assert not client_for(officer).get(reverse("reporting:package", args=[package.pk])).context["may_take"]


def test_the_unit_and_the_verifier_read_nothing_of_it(
    package, officer, colleague, clerk, unit_approver, verifier, auditor, client_for
):
    assigning.give(package, to=colleague, seen=None, by=officer, at=WHEN)
    address = reverse("reporting:package", args=[package.pk])
    for person in (clerk, unit_approver):
        assert colleague.name not in client_for(person).get(address).text
    for person in (officer, auditor):
        assert colleague.name in client_for(person).get(address).text
