"""The harness itself: what other tests rely on without saying so."""

import pytest
from django.db import IntegrityError, connection, transaction

from registry import journal
from registry.models import Authority, Job, JournalEntry, JournalHead
from tests.cast import at


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", [1, 2])
def test_a_flush_leaves_what_the_migrations_wrote_and_the_protection(round_, unit, officer):
    """The second round runs on the database that the first one's flush left behind."""
    assert Authority.objects.count() == 32  # 31 provinces and the Corps
    assert JournalHead.objects.get(pk=1).sequence == 0
    assert not Job.objects.exists()
    journal.record("test.act", unit, by=officer, at=at("2026-03-01 09:00"))
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        JournalEntry.objects.all().delete()


def test_the_clerk_of_the_cast_can_sign_in(client_for, clerk, db):
    response = client_for(clerk).get("/health/")
    assert response.json() == {"status": "ok"}


def test_the_database_is_the_one_that_was_asked_for(db):
    assert connection.vendor in ("sqlite", "postgresql")
