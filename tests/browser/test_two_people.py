"""Two people act on the same thing, each in a browser of their own: the first wins, the second is told, and nothing happens twice."""

import pytest
from django.urls import reverse

from allocation.models import Run
from registry.models import JournalEntry
from registry.permissions.roles import Role
from reporting.models import Package
from tests.browser.desk import Desk
from tests.cast import at
from tests.reporting import story

# Its fixtures lead up to a prepared run.
from tests.allocation.conftest import author, list_in_directory, prepared, verify  # noqa: F401 isort: skip

TAKEN = "Somebody else has dealt with this in the meantime; look at it again."


@pytest.fixture
def submission(unit, make_line, clerk):
    """A month under review."""
    story.electrolysis(unit, make_line)
    return story.submitted(unit, "2025-10", clerk, at("2025-11-20"))


@pytest.fixture
def run(unit, make_line, list_in_directory, verify, prepared):  # noqa: F811
    """The determination of 2024, awaiting approval."""
    list_in_directory(unit, 2024)
    verify(make_line(unit), 2024, 1_000_001, when=at("2025-08-20"))
    return prepared(Run.Kind.DETERMINATION, 2024, when=at("2025-11-20"))


@pytest.fixture
def second_approver(make_person, hebei):
    return make_person(Role.PROVINCIAL_APPROVER, "河北第二审批", username="second-approver", authority=hebei)


def both_look(first: Desk, second: Desk, name: str, pk: int) -> None:
    for desk in (first, second):
        desk.page.goto(reverse(name, args=[pk]))


def acts(of: str) -> int:
    return JournalEntry.objects.filter(act=of).count()


def test_one_officer_accepts_while_another_sends_back(submission, officer, second_officer, at_desk):
    first, second = at_desk(officer), at_desk(second_officer, "en")
    both_look(first, second, "reporting:package", submission.package_id)
    first.presses("Accept").sees("Accepted.")
    second.types("What is wrong and what to correct", "The ledger is not signed.")
    second.presses("Send back with this reason")
    second.is_refused(TAKEN)
    assert Package.objects.get(pk=submission.package_id).state == Package.State.ACCEPTED
    assert (acts("package.accepted"), acts("package.returned")) == (1, 0)


WRONG = "What is wrong and what to correct"


def test_what_was_typed_outlives_the_refusal(submission, officer, second_officer, at_desk):
    first, second = at_desk(officer), at_desk(second_officer, "en")
    both_look(first, second, "reporting:package", submission.package_id)
    first.presses("Accept").sees("Accepted.")
    second.types(WRONG, "The ledger is not signed.").presses("Send back with this reason").is_refused(TAKEN)
    second.still_holds(WRONG, "The ledger is not signed.")
    second.reloads().still_holds(WRONG, "The ledger is not signed.")
    second.goes_back().still_holds(WRONG, "The ledger is not signed.")
    second.goes_home().goes_back().still_holds(WRONG, "The ledger is not signed.")


def test_where_the_form_is_gone_the_text_is_there_to_be_copied(submission, officer, second_officer, at_desk):
    first, second = at_desk(officer), at_desk(second_officer, "en")
    both_look(first, second, "reporting:package", submission.package_id)
    first.types(WRONG, "台账未盖章。").presses("Send back with this reason")
    second.types(WRONG, "The ledger is not signed.").presses("Send back with this reason").is_refused(TAKEN)
    second.still_holds("What you had typed was not saved", "The ledger is not signed.")


def test_one_officer_sends_back_while_another_accepts(submission, officer, second_officer, at_desk):
    first, second = at_desk(officer), at_desk(second_officer)
    both_look(first, second, "reporting:package", submission.package_id)
    first.types("What is wrong and what to correct", "台账未盖章。").presses("Send back with this reason")
    first.sees("Sent back. The unit sees your reason.")
    second.presses("Accept").is_refused(TAKEN).sees("台账未盖章。")
    assert Package.objects.get(pk=submission.package_id).state == Package.State.RETURNED
    assert (acts("package.returned"), acts("package.accepted")) == (1, 0)


def test_two_approve_the_same_run(run, approver, second_approver, at_desk):
    first, second = at_desk(approver), at_desk(second_approver)
    both_look(first, second, "allocation:run", run.pk)
    first.confirms("Approve").sees(
        "An officer writes the letter to the registrar, who issues the quota. Units can object from now on."
    )
    second.presses("Approve").sees("This can't be done any more")
    run.refresh_from_db()
    assert (run.state, run.approved_by) == (Run.State.APPROVED, approver)
    assert acts("run.approved") == 1


def test_one_refuses_the_run_that_another_approves(run, approver, second_approver, at_desk):
    first, second = at_desk(approver), at_desk(second_approver)
    both_look(first, second, "allocation:run", run.pk)
    first.types("Reason", "数据有误。").presses("Refuse")
    second.presses("Approve").sees("This can't be done any more")
    run.refresh_from_db()
    assert run.state == Run.State.REFUSED
