"""Mandates to file for another unit: what each of the two sides may do, and when it opens something."""

import datetime as dt
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from registry import access, todo
from registry.law import clock
from registry.models import FilingMandate, JournalEntry, Notification, Unit
from registry.people import mandates, tokens
from registry.permissions import MANDATED, MATRIX, Act, Whose
from registry.permissions.roles import Role
from registry.refusal import Refusal
from reporting.filing import intake
from reporting.models import Package
from reporting.web.api.bodies import XLSX
from tests.cast import at
from tests.confirming import confirm
from tests.reporting import story

NOW = at("2025-10-01 09:00")
SINCE, UNTIL = dt.date(2025, 10, 1), dt.date(2025, 12, 31)
State = FilingMandate.State


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def holder(make_person, rival_unit):
    return make_person(Role.UNIT_APPROVER, "乙企业审批人", username="rival-approver", unit=rival_unit)


@pytest.fixture
def offer(rival_unit, unit_approver):
    def make(**changed):
        given = {"may_submit": True, "since": SINCE, "until": UNTIL, "by": unit_approver, "at": NOW} | changed
        return mandates.offer(given.pop("holder", rival_unit), **given)

    return make


def units(person, act):
    return set(access.scoped(person, act, Unit.objects.all()))


def test_an_offer_opens_nothing_before_it_is_accepted(offer, rival_clerk, rival_unit, holder, unit):
    mandate = offer()
    assert units(rival_clerk, Act.UPLOAD_PACKAGE) == {rival_unit}
    mandates.accept(mandate, by=holder, at=NOW)
    assert units(rival_clerk, Act.UPLOAD_PACKAGE) == {rival_unit, unit}


def told(person):
    return list(Notification.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def test_each_side_is_told_what_the_other_did(offer, holder, rival_clerk, clerk, unit_approver):
    mandate = mandates.accept(offer(), by=holder, at=NOW)
    assert (told(holder), told(unit_approver)) == (["mandate.offered"], ["mandate.accepted"])
    mandates.end(mandate, by=unit_approver, at=NOW)
    assert told(holder) == ["mandate.offered", "mandate.ended"]
    assert told(rival_clerk) == ["mandate.ended"]
    mandates.end(offer(), by=holder, at=NOW)  # declined
    assert told(unit_approver) == ["mandate.accepted", "mandate.ended"]
    assert told(clerk) == ["mandate.ended"]


def test_an_offer_that_has_run_out_is_not_accepted(offer, holder):
    mandate = offer()
    with pytest.raises(Refusal, match="2025-12-31"):
        mandates.accept(mandate, by=holder, at=at("2026-01-01 00:00"))
    assert mandates.accept(mandate, by=holder, at=at("2025-12-31 23:59")).state == State.ACCEPTED


@pytest.mark.parametrize(
    ("now", "says", "waits"), [("2025-12-31 23:59", "待对方单位接受", 1), ("2026-01-01 00:00", "已过期", 0)]
)
def test_one_that_has_run_out_is_shown_as_such_and_waits_for_nobody(
    offer, holder, client_for, monkeypatch, now, says, waits
):
    mandate = offer()
    monkeypatch.setattr(clock, "now", lambda: at(now))
    page = client_for(holder).get(reverse("registry:mandates")).text
    assert says in page
    assert (reverse("registry:mandate_accept", args=[mandate.pk]) in page) == bool(waits)
    found = [each for each in todo.todos(holder, at(now)) if each.url == reverse("registry:mandates")]
    assert len(found) == waits


def test_it_opens_four_acts_to_the_clerk_and_none_to_anybody_else(offer, rival_clerk, rival_unit, holder, unit, clerk):
    mandates.accept(offer(), by=holder, at=NOW)
    for act, reach in MATRIX.items():
        for person in (rival_clerk, holder):
            if reach.get(person.role) is Whose.OWN_UNIT and act is not Act.VIEW_MANDATE:
                opened = {unit} if act in MANDATED and person is rival_clerk else set()
                assert units(person, act) == {rival_unit} | opened, (act, person)
    assert all(units(clerk, act) == {unit} for act in MANDATED)  # and nothing the other way


def test_one_without_submission_opens_no_submission(offer, rival_clerk, rival_unit, holder, unit):
    mandates.accept(offer(may_submit=False), by=holder, at=NOW)
    assert units(rival_clerk, Act.UPLOAD_PACKAGE) == {rival_unit, unit}
    assert units(rival_clerk, Act.SUBMIT_PACKAGE) == {rival_unit}


@pytest.mark.parametrize(
    ("moment", "opened"),
    [("2025-09-30 23:59", False), ("2025-10-01 00:00", True), ("2025-12-31 23:59", True), ("2026-01-01 00:00", False)],
)
def test_it_opens_from_its_first_to_its_last_day(offer, rival_clerk, holder, unit, moment, opened, monkeypatch):
    mandates.accept(offer(), by=holder, at=NOW)
    monkeypatch.setattr(clock, "now", lambda: at(moment))
    assert (unit in units(rival_clerk, Act.UPLOAD_PACKAGE)) is opened
    # Of an instant that is named the same is said on any day.
    monkeypatch.setattr(clock, "now", lambda: at("2025-10-15 12:00" if not opened else "2026-05-01 12:00"))
    then = access.scoped(rival_clerk, Act.UPLOAD_PACKAGE, Unit.objects.all(), at(moment))
    assert (unit in then) is opened


@pytest.mark.parametrize("ender", ["unit_approver", "holder"])
def test_either_side_ends_it_at_once(offer, rival_clerk, rival_unit, holder, unit_approver, ender, request):
    mandate = mandates.accept(offer(), by=holder, at=NOW)
    mandates.end(mandate, by=request.getfixturevalue(ender), at=NOW)
    assert units(rival_clerk, Act.VIEW_PACKAGE) == {rival_unit}
    with pytest.raises(Refusal):
        mandates.end(mandate, by=holder, at=NOW)
    with pytest.raises(Refusal):
        mandates.accept(mandate, by=holder, at=NOW)


def test_only_the_holder_accepts(offer, unit_approver, holder):
    mandate = offer()
    with pytest.raises(Refusal):
        mandates.accept(mandate, by=unit_approver, at=NOW)
    mandates.accept(mandate, by=holder, at=NOW)
    with pytest.raises(Refusal):
        mandates.accept(mandate, by=holder, at=NOW)


def test_nobody_else_ends_it(offer, make_person, far_unit):
    stranger = make_person(Role.UNIT_APPROVER, "丙企业审批人", unit=far_unit)
    with pytest.raises(PermissionDenied):
        mandates.end(offer(), by=stranger, at=NOW)


@pytest.mark.parametrize(
    "changed",
    [
        {"since": dt.date(2025, 12, 2), "until": dt.date(2025, 12, 1)},
        {"since": dt.date(2025, 1, 1), "until": dt.date(2025, 9, 30)},  # over already
    ],
)
def test_impossible_days_are_refused(offer, changed):
    with pytest.raises(Refusal):
        offer(**changed)


def test_nobody_mandates_themselves_or_twice(offer, unit, officer):
    with pytest.raises(Refusal):
        offer(holder=unit)
    with pytest.raises(PermissionDenied):
        offer(by=officer)
    offer()
    with pytest.raises(Refusal):
        offer()


def test_one_that_is_over_makes_place_for_the_next(offer, holder, unit_approver, rival_unit):
    first = mandates.accept(offer(), by=holder, at=NOW)
    second = mandates.offer(
        rival_unit,
        may_submit=False,
        since=dt.date(2026, 1, 1),
        until=dt.date(2026, 12, 31),
        by=unit_approver,
        at=at("2026-01-01"),
    )
    first.refresh_from_db()
    assert (first.state, second.state) == (State.ENDED, State.OFFERED)


def test_the_database_knows_only_whole_mandates(offer, unit, unit_approver):
    mandate = offer()
    for change in (
        {"state": "accepted"},
        {"state": "ended"},
        {"state": "x"},
        {"holder_unit": unit},
        {"until": "2025-09-01"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            FilingMandate.objects.filter(pk=mandate.pk).update(**change)


def test_the_journal_says_who_filed_for_whom(offer, holder, unit, rival_clerk, rival_unit, make_line):
    mandate = mandates.accept(offer(), by=holder, at=NOW)
    story.electrolysis(unit, make_line)
    submission = story.submitted(unit, "2025-08", rival_clerk, NOW)
    for act in ("package.uploaded", "package.submitted"):
        entry = JournalEntry.objects.get(act=act)
        said = json.loads(entry.facts)
        assert (entry.actor, entry.unit) == (rival_clerk, unit)
        assert (said["mandate"], said["acting_unit"]) == (mandate.pk, rival_unit.credit_code)
    assert submission.package.unit == unit


def test_filing_for_the_own_unit_names_no_mandate(unit, clerk, make_line):
    story.electrolysis(unit, make_line)
    story.read(unit, "2025-08", clerk, NOW)
    assert "mandate" not in JournalEntry.objects.get(act="package.uploaded").facts


# --- pages ---------------------------------------------------------------------------------------------------------------


def test_a_mandate_from_the_offer_to_the_filing(
    client_for, unit_approver, holder, rival_clerk, rival_unit, unit, make_line, clerk
):
    story.electrolysis(unit, make_line)
    story.list_unit(unit, 2025, clerk)
    given = {"holder": rival_unit.credit_code, "may_submit": "on", "since": "2025-10-01", "until": "2025-12-31"}
    assert client_for(unit_approver).post(reverse("registry:mandate_offer"), given).status_code == 302
    mandate = FilingMandate.objects.get()
    theirs = client_for(holder)
    accept = reverse("registry:mandate_accept", args=[mandate.pk])
    assert accept in theirs.get(reverse("registry:mandates")).content.decode()
    assert reverse("registry:mandates") in theirs.get("/").content.decode()
    confirm(theirs, accept)
    filing = client_for(rival_clerk)
    board = filing.get(reverse("reporting:package_board"), {"year": 2025, "sector": "aluminium"}).content.decode()
    opening = reverse("reporting:package_open", args=[unit.pk, "aluminium", "2025-09"])
    assert opening in board
    assert reverse("reporting:unit_year", args=[unit.pk, 2025]) not in board
    assert filing.post(opening).status_code == 302
    package = reverse("reporting:package", args=[Package.objects.get().pk])
    assert filing.get(package).status_code == 200
    confirm(client_for(unit_approver), reverse("registry:mandate_end", args=[mandate.pk]))
    assert filing.get(package).status_code == 404
    assert filing.post(opening).status_code == 404


def test_an_unknown_credit_code_is_said(client_for, unit_approver):
    given = {"holder": "9" * 18, "since": "2025-10-01", "until": "2025-12-31"}
    response = client_for(unit_approver, "en").post(reverse("registry:mandate_offer"), given)
    assert response.status_code == 422
    assert "There is no unit with this credit code." in response.content.decode()


def test_the_program_of_the_holder_files_too(offer, holder, unit, rival_unit, rival_clerk, make_line, client):
    mandates.accept(offer(), by=holder, at=NOW)
    story.electrolysis(unit, make_line)
    secret = tokens.grant(rival_clerk, "ERP", ["upload"], expires_at=at("2026-01-01"), by=holder, at=NOW)[1]
    path = f"/api/v1/packages/aluminium/2025-08/workbook?unit={unit.credit_code}"
    book = story.book(unit, "2025-08")
    response = client.post(path, book, content_type=XLSX, headers={"Authorization": f"Bearer {secret}"})
    assert response.status_code == 202
    assert response.json()["package"]["unit"] == unit.credit_code
    assert intake.package_of(unit, "aluminium", "2025-08").uploads.get().by == rival_clerk


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [
        ("until", "2025-09-30", "The last day is before the first, or in the past"),
        ("holder", None, "A mandate is given to another unit."),
    ],
)
def test_what_is_wrong_with_an_offer_is_told_beside_it_and_the_rest_stands(
    client_for, unit_approver, rival_unit, field, wrong, said
):
    given = {"holder": rival_unit.credit_code, "since": "2025-10-01", "until": "2025-12-31"}
    given |= {field: wrong or unit_approver.unit.credit_code}
    response = client_for(unit_approver, "en").post(reverse("registry:mandate_offer"), given)
    assert response.status_code == 422
    form = response.context["form"]
    assert [(name, said in errors[0]) for name, errors in form.errors.items()] == [(field, True)]
    assert {name: form[name].value() for name in given} == given
    assert not FilingMandate.objects.exists()
