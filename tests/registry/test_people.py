"""Exactly one seat each, by the database's own rules."""

import io
import itertools

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from registry.models import Person
from registry.permissions.roles import NATIONAL_ROLES, PROVINCIAL_ROLES, UNIT_ROLES, Role

SEATS = ("unit", "authority", "body")
RIGHT_SEAT = {
    **dict.fromkeys(UNIT_ROLES, frozenset({"unit"})),
    **dict.fromkeys(PROVINCIAL_ROLES, frozenset({"authority"})),
    Role.VERIFIER: frozenset({"body"}),
    **dict.fromkeys(NATIONAL_ROLES, frozenset()),
}
COMBINATIONS = [set(seats) for count in range(4) for seats in itertools.combinations(SEATS, count)]


@pytest.mark.parametrize("role", Role)
def test_only_the_role_s_own_seat_fits(role, unit, hebei, verifier_body):
    whom = {"unit": unit, "authority": hebei, "body": verifier_body}
    for seats in COMBINATIONS:
        person = Person(
            username=f"{role}-{'-'.join(sorted(seats))}", name="x", role=role, **{seat: whom[seat] for seat in seats}
        )
        if seats == RIGHT_SEAT[role]:
            person.save()
        else:
            with pytest.raises(IntegrityError), transaction.atomic():
                person.save()


def test_an_unknown_role_is_refused(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(username="x", name="x", role="emperor")


@pytest.fixture
def add(monkeypatch):
    """`manage.py add_person …` with a password on standard input."""

    def run(*arguments, password="correct horse battery"):  # noqa: S107
        monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
        call_command("add_person", *arguments)

    return run


def test_add_person_makes_somebody_who_can_sign_in(add, db, client):
    add("ou", "--name", "部分析", "--role", "ministry_analyst")
    assert client.login(username="ou", password="correct horse battery")


@pytest.mark.parametrize(
    ("arguments", "password"),
    [
        (["--role", "unit_clerk", "--unit", "911300000000000000"], "correct horse battery"),
        (["--role", "unit_clerk"], "correct horse battery"),
        (["--role", "auditor", "--authority", "130000"], "correct horse battery"),
        (["--role", "auditor"], "short"),
        (["--role", "auditor", "--name", "x" * 61], "correct horse battery"),
    ],
    ids=["no such unit", "no seat", "seat that does not fit", "weak password", "a name too long"],
)
def test_add_person_refuses(add, db, arguments, password):
    with pytest.raises(CommandError):
        add("ou", "--name", "x", *arguments, password=password)
    assert not Person.objects.exists()
