"""The getter that every view uses: the object, or 404 to a stranger, or 403 to one who may look but not act."""

import dataclasses
import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.http import Http404

from registry.access import asking as access
from registry.models import FilingMandate, Job, JournalEntry, Line, Person, Unit
from registry.permissions import MATRIX, Act, Paths, Whose, matrix
from registry.permissions.roles import NATIONAL_ROLES, PROVINCIAL_ROLES, UNIT_ROLES, Role
from reporting.models import AnnualReport, Verification
from tests.cast import at


def test_every_act_is_somebodys():
    assert set(MATRIX) == set(Act)
    assert all(MATRIX.values())


def test_reach_fits_the_seat():
    for roles in MATRIX.values():
        for role, whose in roles.items():
            assert whose is not Whose.OWN_UNIT or role in UNIT_ROLES
            assert whose is not Whose.OWN_AUTHORITY or role in PROVINCIAL_ROLES
            assert whose is not Whose.ASSIGNED or role == Role.VERIFIER


def test_the_auditor_reads_everything_and_changes_nothing():
    acts = {act for act, roles in MATRIX.items() if Role.AUDITOR in roles}
    of_their_own = {Act.KEEP_VIEW, Act.TAKE_LIST}  # how they like a list, and the file that they had written
    assert acts == {act for act in Act if act.value.startswith("view ")} | of_their_own
    assert {MATRIX[act][Role.AUDITOR] for act in of_their_own} == {Whose.OWN_PERSON}


def test_nobody_both_prepares_and_approves():
    pairs = [
        (Act.PROPOSE_DIRECTORY, Act.APPROVE_DIRECTORY),
        (Act.PREPARE_ANNUAL_REPORT, Act.FILE_ANNUAL_REPORT),
        (Act.ASSIGN_VERIFICATION, Act.APPROVE_VERIFICATION),
        (Act.COMPUTE_BALANCE_VALUE, Act.PUBLISH_BALANCE_VALUE),
        (Act.PREPARE_RUN, Act.APPROVE_RUN),
        (Act.PREPARE_ISSUE, Act.EXECUTE_ISSUE),
        (Act.REQUEST_SURRENDER, Act.CONFIRM_SURRENDER),
    ]
    for prepare, approve in pairs:
        assert not set(MATRIX[prepare]) & set(MATRIX[approve])


def test_a_unit_is_seen_by_its_own_and_by_no_stranger(
    unit, clerk, rival_clerk, officer, stranger_officer, verifier, auditor
):
    for person in (clerk, officer, auditor):
        assert access.get(person, Act.VIEW_UNIT, Unit.objects.all(), pk=unit.pk) == unit
    for person in (rival_clerk, stranger_officer, verifier):
        with pytest.raises(Http404):
            access.get(person, Act.VIEW_UNIT, Unit.objects.all(), pk=unit.pk)


def test_one_who_may_look_but_not_act_is_forbidden(unit, officer, auditor):
    with pytest.raises(PermissionDenied):
        access.get(auditor, Act.PROPOSE_DIRECTORY, Unit.objects.all(), pk=unit.pk)


def test_a_job_is_seen_by_whoever_asked_for_it(clerk, rival_clerk, auditor):
    job = Job.objects.create(kind="x", key="x", asked_by=clerk, asked_at=at("2026-01-01"))
    assert access.scoped(clerk, Act.VIEW_JOB, Job.objects.all()).get() == job
    assert access.scoped(auditor, Act.VIEW_JOB, Job.objects.all()).get() == job
    assert not access.scoped(rival_clerk, Act.VIEW_JOB, Job.objects.all()).exists()


def test_a_seat_that_names_nobody_reaches_no_row_that_names_nobody(db):
    """A job that the system asked for is not that of somebody without a key."""
    Job.objects.create(kind="x", key="x", asked_at=at("2026-01-01"))
    nobody = SimpleNamespace(role=Role.UNIT_CLERK, pk=None, unit_id=None, authority_id=None, body_id=None)
    assert not access.scoped(nobody, Act.VIEW_JOB, Job.objects.all()).exists()


def test_a_unit_that_a_body_verified_twice_is_one_row(unit, verifier, verifier_body, officer, clerk):
    for year in (2024, 2025):
        scope = {"unit": unit, "sector": "steel", "year": year, "version": 1}
        by = {"prepared_by": clerk, "prepared_at": at(f"{year + 1}-02-01")}
        report = AnnualReport.objects.create(**scope, **by, due=dt.date(year + 1, 3, 31), emissions=1)
        Verification.objects.create(
            **scope, report=report, body=verifier_body, assigned_by=officer, assigned_at=at(f"{year + 1}-04-01")
        )
    assert list(access.scoped(verifier, Act.VIEW_UNIT, Unit.objects.all())) == [unit]


def test_no_path_joins_what_there_can_be_several_of():
    """Otherwise a row would come as often as there are ways to it, and be counted so."""
    paths = [
        (model, path)
        for model in apps.get_models()
        for path in dataclasses.astuple(getattr(model, "WHOSE", Paths(Act.VIEW_UNIT)))[1:]
        if path is not None
    ]
    assert len(paths) > 50
    for model, path in paths:
        query = model._default_manager.filter(**{path: 1} if isinstance(path, str) else {}).query
        if not isinstance(path, str):
            query.add_q(path(1))
        joins: list[Any] = [getattr(join, "join_field", None) for join in query.alias_map.values()]
        assert not any(join.one_to_many or join.many_to_many for join in joins if join), (model, path)


def test_a_role_without_the_act_sees_no_rows(clerk):
    assert not access.scoped(clerk, Act.VIEW_JOURNAL, JournalEntry.objects.all()).exists()


def test_national_roles_have_no_home_reach():
    at_home = (Whose.OWN_UNIT, Whose.OWN_AUTHORITY)
    local = {role for roles in MATRIX.values() for role, whose in roles.items() if whose in at_home}
    assert not set(NATIONAL_ROLES) & local


def test_a_mark_lets_through_whoever_may_and_keeps_the_rest_out():
    def view(request, *args, **kwargs):
        return request, args, kwargs

    guarded: Any = access.page(Act.REVIEW_PACKAGE)(view)
    assert guarded.act is Act.REVIEW_PACKAGE
    officer, clerk = (
        SimpleNamespace(user=SimpleNamespace(role=each)) for each in (Role.PROVINCIAL_OFFICER, Role.UNIT_CLERK)
    )
    assert guarded(officer, 1, version=2) == (officer, (1,), {"version": 2})
    with pytest.raises(PermissionDenied):
        guarded(clerk, 1, version=2)


def test_each_group_of_roles_reaches_as_far_as_it_says():
    assert matrix._reach(
        own_unit=[Role.UNIT_CLERK, Role.UNIT_APPROVER],
        own_authority=[Role.PROVINCIAL_OFFICER],
        assigned=[Role.VERIFIER],
        own_person=[Role.REGISTRAR_OPERATOR],
        everything=[Role.AUDITOR],
    ) == {
        Role.UNIT_CLERK: Whose.OWN_UNIT,
        Role.UNIT_APPROVER: Whose.OWN_UNIT,
        Role.PROVINCIAL_OFFICER: Whose.OWN_AUTHORITY,
        Role.VERIFIER: Whose.ASSIGNED,
        Role.REGISTRAR_OPERATOR: Whose.OWN_PERSON,
        Role.AUDITOR: Whose.ALL,
    }


# --- The second lock, at the services themselves


def test_a_service_is_done_by_whoever_may_and_by_nobody_else(unit, far_unit, officer, stranger_officer, clerk):
    done = []

    @access.acting(Act.ENTER_DEDUCTION)
    def enter(row: Any, number: int = 1, *, by: Person, at: Any = None) -> int:
        """What it does."""
        done.append(row)
        return number

    assert enter(unit, 3, by=officer) == 3
    assert enter(row=unit, by=officer, at=at("2025-10-01")) == 1
    assert (enter.__name__, enter.__doc__, vars(enter)["acts"]) == ("enter", "What it does.", (Act.ENTER_DEDUCTION,))
    for row, person in ((unit, clerk), (unit, stranger_officer), (far_unit, officer)):
        with pytest.raises(PermissionDenied):
            enter(row, by=person)
        with pytest.raises(PermissionDenied):
            enter(row=row, by=person)
    assert done == [unit, unit]


def test_one_of_several_acts_is_enough(unit, officer, approver, clerk):
    @access.acting(Act.ENTER_DEDUCTION, Act.APPROVE_DEDUCTION)
    def change(row: Any, *, by: Person) -> bool:
        return True

    assert change(unit, by=officer)
    assert change(unit, by=approver)
    with pytest.raises(PermissionDenied):
        change(unit, by=clerk)


def test_what_a_service_is_about_is_said_where_it_is_not_its_first_argument(
    unit, far_unit, officer, stranger_officer, clerk
):
    @access.acting(Act.ENTER_DEDUCTION, about=lambda named: named.unit)
    def of_its_unit(named: Any, *, by: Person) -> bool:
        return True

    @access.acting(Act.ENTER_DEDUCTION, about=None)
    def by_role_alone(row: Any, *, by: Person) -> bool:
        return True

    assert of_its_unit(SimpleNamespace(unit=unit), by=officer)
    with pytest.raises(PermissionDenied):
        of_its_unit(SimpleNamespace(unit=unit), by=stranger_officer)
    assert by_role_alone(far_unit, by=officer)
    with pytest.raises(PermissionDenied):
        by_role_alone(far_unit, by=clerk)


def test_nobody_is_let_in_only_where_the_system_does_it_too(unit, clerk):
    @access.acting(Act.ENTER_DEDUCTION)
    def by_people(row: Any, *, by: Person) -> bool:
        return True

    @access.acting(Act.ENTER_DEDUCTION)
    def by_anything(row: Any, *, by: Person | None) -> bool:
        return True

    with pytest.raises(PermissionDenied):
        by_people(unit, by=None)
    assert by_anything(unit, by=None)
    with pytest.raises(PermissionDenied):
        by_anything(unit, by=clerk)


def test_a_service_asks_for_the_mandate_of_its_own_instant(unit, unit_approver, rival_unit, rival_clerk):
    days = {"since": dt.date(2025, 10, 1), "until": dt.date(2025, 12, 31)}
    FilingMandate.objects.create(
        unit=unit,
        holder_unit=rival_unit,
        may_submit=True,
        state=FilingMandate.State.ACCEPTED,
        offered_by=unit_approver,
        offered_at=at("2025-09-01"),
        accepted_by=unit_approver,
        accepted_at=at("2025-09-02"),
        **days,
    )

    @access.acting(Act.UPLOAD_PACKAGE)
    def upload(row: Any, *, by: Person, at: Any) -> bool:
        return True

    assert upload(unit, by=rival_clerk, at=at("2025-12-31"))
    with pytest.raises(PermissionDenied):
        upload(unit, by=rival_clerk, at=at("2026-01-01"))


# --- Rows at hand


def rows_of(*units: Unit) -> list[Unit]:
    """The units as a page's query has fetched them."""
    return list(Unit.objects.select_related("authority").filter(pk__in=[unit.pk for unit in units]).order_by("pk"))


def test_what_the_rows_at_hand_say_is_not_asked_again(
    unit, rival_unit, officer, clerk, auditor, django_assert_num_queries
):
    rows = rows_of(unit, rival_unit)
    with django_assert_num_queries(0):
        assert access.reaches(officer, Act.PROPOSE_DIRECTORY, rows)
        assert access.reaches(officer, Act.PROPOSE_DIRECTORY, tuple(rows))
        assert access.reaches(clerk, Act.UPLOAD_PACKAGE, rows[0])
        assert access.reaches(auditor, Act.VIEW_UNIT, rows)
        assert not access.reaches(clerk, Act.PROPOSE_DIRECTORY, rows)
    with django_assert_num_queries(1):
        assert not access.reaches(clerk, Act.UPLOAD_PACKAGE, rows)


def test_of_what_does_not_say_whose_it_is_the_role_alone_is_asked(officer, clerk):
    for subject in (None, 2025, "steel", [], [2025]):
        assert access.reaches(officer, Act.PROPOSE_DIRECTORY, subject)
        assert not access.reaches(clerk, Act.PROPOSE_DIRECTORY, subject)


@pytest.fixture
def verified(unit, verifier_body, officer, clerk):
    """A year of 甲 that the body verifies."""
    scope = {"unit": unit, "sector": "aluminium", "year": 2025, "version": 1}
    by = {"prepared_by": clerk, "prepared_at": at("2026-02-01")}
    report = AnnualReport.objects.create(**scope, **by, due=dt.date(2026, 3, 31), emissions=1)
    assigned = {"assigned_by": officer, "assigned_at": at("2026-04-01")}
    return Verification.objects.create(**scope, **assigned, report=report, body=verifier_body)


def test_all_rows_are_reached_or_none(unit, rival_unit, far_unit, officer, verifier, verified):
    assert access.reaches(officer, Act.PROPOSE_DIRECTORY, rows_of(unit, rival_unit))
    assert not access.reaches(officer, Act.PROPOSE_DIRECTORY, rows_of(unit, far_unit))
    assert access.reaches(verifier, Act.VIEW_UNIT, rows_of(unit))
    assert not access.reaches(verifier, Act.VIEW_UNIT, rows_of(unit, rival_unit))


def test_a_row_that_is_not_stored_is_nobodys(hebei, officer):
    assert not access.reaches(officer, Act.PROPOSE_DIRECTORY, Unit(authority=hebei))


def test_the_same_row_named_twice_is_reached_like_once(unit, verifier, verified):
    assert access.reaches(verifier, Act.VIEW_UNIT, rows_of(unit) * 2)


def test_a_row_says_whose_it_is_by_what_was_fetched_with_it(
    unit, far_unit, officer, make_line, django_assert_num_queries
):
    own, strange = make_line(unit), make_line(far_unit)
    lines = Line.objects.select_related("unit")
    with django_assert_num_queries(0):
        assert access.reaches(officer, Act.REVIEW_PACKAGE, own)
    for line, reached in ((lines.get(pk=own.pk), True), (lines.get(pk=strange.pk), False)):
        with django_assert_num_queries(0 if reached else 1):
            assert access.reaches(officer, Act.REVIEW_PACKAGE, line) is reached
    alone = Line.objects.get(pk=own.pk)  # its unit was not fetched
    with django_assert_num_queries(1):
        assert access.reaches(officer, Act.REVIEW_PACKAGE, alone)


def test_row_after_row_is_answered_by_one_question_at_most(
    unit, far_unit, rival_unit, clerk, officer, verifier, auditor, verified, django_assert_num_queries
):
    rows = rows_of(unit, rival_unit, far_unit)

    def reached(person: Person, act: Act = Act.VIEW_UNIT) -> list[Unit]:
        return list(filter(access.reach(person, act, Unit), rows))

    with django_assert_num_queries(0):
        assert reached(clerk) == [unit]
        assert reached(officer) == [unit, rival_unit]
        assert reached(auditor) == rows
        assert reached(clerk, Act.PROPOSE_DIRECTORY) == []
    with django_assert_num_queries(1):
        assert reached(verifier) == [unit]
