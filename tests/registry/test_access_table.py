"""The matrix against the other copy of it, which was written by hand."""

import pytest

from registry import access
from registry.permissions import MATRIX, Act, Whose
from registry.permissions.roles import Role
from tests.access_table import FOUR_EYES, SEATS, table

LETTERS = {
    Whose.OWN_UNIT: "u",
    Whose.OWN_AUTHORITY: "p",
    Whose.ASSIGNED: "b",
    Whose.OWN_PERSON: "s",
    Whose.ALL: "a",
}
# Permissions that were widened, or narrowed, and no test of the pages noticed it.
WRONG = {
    "whoever proposes trades freezes an account": (Act.FREEZE_ACCOUNT, Role.REGISTRAR_OPERATOR, Whose.ALL),
    "whoever proposes trades executes them": (Act.EXECUTE_TRADES, Role.REGISTRAR_OPERATOR, Whose.ALL),
    "an officer approves a deduction": (Act.APPROVE_DEDUCTION, Role.PROVINCIAL_OFFICER, Whose.OWN_AUTHORITY),
    "an officer approves a mark": (Act.APPROVE_DIFFERENTIATION, Role.PROVINCIAL_OFFICER, Whose.OWN_AUTHORITY),
    "an officer decides an objection": (Act.DECIDE_OBJECTION, Role.PROVINCIAL_OFFICER, Whose.OWN_AUTHORITY),
    "a clerk submits a control plan": (Act.SUBMIT_CONTROL_PLAN, Role.UNIT_CLERK, Whose.OWN_UNIT),
    "the operator executes no surrender": (Act.EXECUTE_SURRENDER, Role.REGISTRAR_OPERATOR, None),
}


def as_table() -> dict[str, dict[str, str]]:
    return {act.name: {str(role): LETTERS[whose] for role, whose in of.items()} for act, of in MATRIX.items()}


def test_every_act_and_every_role_is_in_both():
    assert set(table()) == {act.name for act in Act} == set(as_table())
    assert set(SEATS) == set(Role.values)


@pytest.mark.parametrize("act", sorted(table()))
def test_the_matrix_says_what_was_decided(act):
    assert as_table()[act] == table()[act]


@pytest.mark.parametrize("why", WRONG)
def test_a_permission_that_is_widened_or_narrowed_is_noticed(why, monkeypatch):
    act, role, whose = WRONG[why]
    others = {each: reach for each, reach in MATRIX[act].items() if each != role}
    monkeypatch.setitem(access.MATRIX, act, others if whose is None else {**others, role: whose})
    assert as_table()[act.name] != table()[act.name]


@pytest.mark.parametrize(("prepares", "approves"), FOUR_EYES)
def test_no_role_prepares_and_stands_for_it(prepares, approves):
    assert not set(table()[prepares]) & set(table()[approves])
    assert not MATRIX[Act[prepares]].keys() & MATRIX[Act[approves]].keys()


def test_every_act_of_a_second_person_is_in_a_pair():
    second = {
        act.name
        for act in Act
        if act.name.startswith(("APPROVE_", "EXECUTE_", "PUBLISH_", "DECIDE_", "CONFIRM_", "FILE_"))
    }
    assert second <= {approves for _prepares, approves in FOUR_EYES}
