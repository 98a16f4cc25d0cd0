"""Seats: given and ended by two people within their reach; the first password by a link that works once."""

import re
from pathlib import Path

import pandas as pd
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from registry import todo
from registry.models import JournalEntry, Person, SeatChange
from registry.people import seats
from registry.people.seats import Seat
from registry.permissions.roles import Role
from registry.refusal import Refusal
from tests.cast import at

WHEN = at("2026-03-02 09:00")
PASSWORD = "a long first password"  # noqa: S105 (nobody else's)


@pytest.fixture
def proposed(unit, officer) -> SeatChange:
    (change,) = seats.propose([Seat("newcomer", "新人", Role.UNIT_CLERK, unit=unit)], by=officer, at=WHEN)
    return change


def test_a_seat_is_given_once_a_second_person_approved(proposed, unit, officer, approver, reseated):
    assert not Person.objects.filter(username="newcomer").exists()
    with pytest.raises(Refusal):
        seats.approve([proposed], by=reseated(officer, approver), at=WHEN)
    (person,) = seats.approve([proposed], by=approver, at=WHEN)
    assert (person.unit, person.role, person.has_usable_password()) == (unit, Role.UNIT_CLERK, False)
    assert JournalEntry.objects.get(act="person.added").actor == approver
    with pytest.raises(Refusal):
        seats.approve([proposed], by=approver, at=WHEN)


def test_a_province_proposes_its_own_and_the_ministry_everybody(
    far_unit, shandong, officer, analyst, ministry_approver
):
    for seat in (
        Seat("far", "远", Role.UNIT_CLERK, unit=far_unit),
        Seat("far", "远", Role.PROVINCIAL_APPROVER, authority=shandong),
        Seat("far", "远", Role.MINISTRY_APPROVER),
    ):
        with pytest.raises(Refusal):
            seats.propose([seat], by=officer, at=WHEN)
    made = seats.propose([Seat("far", "远", Role.MINISTRY_APPROVER)], by=analyst, at=WHEN)
    (person,) = seats.approve(made, by=ministry_approver, at=WHEN)
    assert person.role == Role.MINISTRY_APPROVER


def test_another_provinces_proposal_is_not_decided(proposed, stranger_approver):
    with pytest.raises(PermissionDenied):
        seats.approve([proposed], by=stranger_approver, at=WHEN)


def test_each_cause_has_its_sentence(unit, hebei, clerk, in_english):
    told = {
        seats.against(Seat("x", "某", Role.UNIT_CLERK)),
        seats.against(Seat("x", "某", Role.PROVINCIAL_OFFICER)),
        seats.against(Seat("x", "某", Role.VERIFIER)),
        seats.against(Seat("x", "某", Role.AUDITOR, authority=hebei)),
        seats.against(Seat("clerk", "某", Role.UNIT_CLERK, unit=unit)),
    }
    assert len(told) == 5
    assert "The user name “clerk” is taken: choose another." in told
    assert seats.against(Seat("x", "某", Role.UNIT_CLERK, unit=unit)) == ""


def test_the_command_says_which_cause_it_was(db, unit, clerk, in_english):
    with pytest.raises(CommandError, match="needs a unit"):
        call_command("add_person", "x", "--name", "某", "--role", "unit_clerk")
    with pytest.raises(CommandError, match="is taken"):
        call_command("add_person", "clerk", "--name", "某", "--role", "unit_clerk", "--unit", unit.credit_code)


def test_an_access_ends_by_two_people_and_never_by_oneself(clerk, officer, approver, make_person, hebei):
    change = seats.propose_end(clerk, reason="调离", by=officer, at=WHEN)
    with pytest.raises(Refusal):
        seats.propose_end(clerk, reason="调离", by=officer, at=WHEN)
    seats.approve([change], by=approver, at=WHEN)
    clerk.refresh_from_db()
    assert not clerk.is_active
    assert JournalEntry.objects.get(act="person.retired").actor == approver
    own = seats.propose_end(approver, reason="调离", by=officer, at=WHEN)
    with pytest.raises(Refusal):
        seats.approve([own], by=approver, at=WHEN)


def test_refusing_and_withdrawing_want_a_reason_and_their_person(proposed, officer, second_officer, approver):
    with pytest.raises(Refusal):
        seats.refuse([proposed], reason=" ", by=approver, at=WHEN)
    with pytest.raises(Refusal):
        seats.withdraw([proposed], reason="误填", by=second_officer, at=WHEN)
    seats.withdraw([proposed], reason="误填", by=officer, at=WHEN)
    with pytest.raises(Refusal):
        seats.refuse([proposed], reason="误填", by=approver, at=WHEN)


def test_the_link_sets_the_first_password_once_and_none_after(proposed, approver, client_for):
    page = client_for(approver).post(reverse("registry:people_approve"), {"change": proposed.pk})
    path = re.search(r"http://testserver(/password/first/[^<]+)", page.text)[1]
    browser = Client()
    form = browser.get(path, follow=True)
    given = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    browser.post(form.redirect_chain[-1][0], given)
    person = Person.objects.get(username="newcomer")
    assert person.check_password(PASSWORD)
    assert JournalEntry.objects.get(act="person.password_changed").actor == person
    assert not Client().get(path, follow=True).context["validlink"]
    with pytest.raises(Refusal):
        seats.invite(person, by=approver, at=WHEN)


def test_a_link_is_worth_nothing_once_the_access_ended(proposed, approver):
    (person,) = seats.approve([proposed], by=approver, at=WHEN)
    path = seats.invite(person, by=approver, at=WHEN)
    assert Client().get(path, follow=True).context["validlink"]
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert not Client().get(path, follow=True).context["validlink"]


def test_a_person_with_a_password_gets_no_link(clerk):
    clerk.set_password(PASSWORD)
    clerk.save()
    assert not Client().get(seats.link_of(clerk), follow=True).context["validlink"]


def test_what_waits_is_on_the_approvers_home(proposed, approver, officer):
    titles = [each.url for each in todo.todos(approver, WHEN)]
    assert reverse("registry:people") in titles
    assert reverse("registry:people") not in [each.url for each in todo.todos(officer, WHEN) if each.count]


def table(*rows: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("people.csv", "\n".join(["登录名,姓名,角色,所属单位", *rows, ""]).encode())


def test_a_table_of_people_is_proposed_whole_or_not_at_all(unit, officer, client_for):
    client, page = client_for(officer, "en"), reverse("registry:people_table")
    rows = [f"a,甲,企业经办人,{unit.credit_code}", "b,乙,省级审批人,河北省", "a,丙,boss,", "d,丁,verifier,V9"]
    answer = client.post(page, {"table": table(*rows)})
    assert [(fault.row, fault.column) for fault in answer.context["faults"]] == [
        (4, "Role"),
        (5, "Unit, authority or body"),
    ]
    assert not SeatChange.objects.exists()
    client.post(page, {"table": table(*rows[:2])})
    assert set(SeatChange.objects.values_list("username", flat=True)) == {"a", "b"}


def test_the_command_adds_a_table_and_prints_each_link(unit, tmp_path: Path, capsys):
    path = tmp_path / "people.csv"
    path.write_bytes(table(f"a,甲,unit_clerk,{unit.credit_code}", "b,乙,auditor,").read())
    call_command("import_people", str(path))
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(",")[0] for line in lines] == ["a", "b"]
    assert Client().get(lines[0].split(",")[2], follow=True).context["validlink"]
    call_command("import_people", "--template", str(tmp_path / "empty.xlsx"))
    assert len(pd.read_excel(tmp_path / "empty.xlsx", engine="calamine").columns) == 5


def test_the_page_warns_where_nobody_would_be_left(clerk, make_person, unit, officer, client_for):
    page = reverse("registry:person_end", args=[clerk.pk])
    assert client_for(officer).get(page).context["left_empty"]
    make_person(Role.UNIT_CLERK, "第二经办人", unit=unit)
    assert not client_for(officer).get(page).context["left_empty"]
