"""What holds of every act of two people: who is overtaken is told, the second is another one, a reason is no blank."""

import pytest

from registry import two_people
from registry.database import locking
from registry.models import DirectoryEntry
from registry.refusal import Refusal
from tests.registry.test_directory import proposed  # noqa: F401

pytestmark = pytest.mark.django_db


def test_overtaken(proposed, in_english):  # noqa: F811
    with pytest.raises(locking.OvertakenError, match="Somebody else has dealt with this"):
        locking.in_state(DirectoryEntry.objects.all(), proposed, "listed", "left")


def test_fetched_anew_with_what_is_asked_for(proposed, django_assert_num_queries):  # noqa: F811
    stale = DirectoryEntry.objects.get(pk=proposed.pk)
    DirectoryEntry.objects.filter(pk=proposed.pk).update(state="listed")
    with django_assert_num_queries(1):
        found = locking.in_state(DirectoryEntry.objects.select_related("unit"), stale, "listed")
        assert (found.state, found.unit.pk) == ("listed", proposed.unit_id)


def test_a_second_person(clerk, approver, in_english):
    two_people.refuse_same(approver, clerk.pk, None)
    with pytest.raises(Refusal, match="second person"):
        two_people.refuse_same(clerk, None, clerk.pk)


def test_a_proposal_is_its_proposers(clerk, approver, in_english):
    two_people.refuse_other(clerk, clerk.pk)
    for proposer in (approver.pk, None):
        with pytest.raises(Refusal, match="Only the person who proposed"):
            two_people.refuse_other(clerk, proposer)


def test_a_reason_is_no_blank(in_english):
    assert two_people.reason_of(" 数据有误 \n") == "数据有误"
    with pytest.raises(Refusal, match="A reason is required"):
        two_people.reason_of(" \n")


def test_what_is_there_once_is_refused_to_the_second(proposed, in_english):  # noqa: F811
    with pytest.raises(Refusal, match="listed already"), locking.only_once("listed already"):
        DirectoryEntry.objects.get(pk=proposed.pk).save(force_insert=True)
    assert DirectoryEntry.objects.count() == 1  # the transaction around it goes on
